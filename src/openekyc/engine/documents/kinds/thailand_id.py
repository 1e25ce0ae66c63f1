"""Thai national identity card: every date twice, in Thai (Buddhist era) and in English; the two must name the same day."""

import re
from collections.abc import Mapping

from openekyc.engine.documents import checks, dates
from openekyc.engine.documents.fields import collect, derived, number, taken
from openekyc.engine.documents.layout import Sheet, sheets
from openekyc.engine.documents.values import Field, Kind, Line, Pages, Zone
from openekyc.engine.documents.words import tidy

_LABELS = (
    "บัตรประจำตัวประชาชน", "Thai National ID Card", "เลขประจำตัวประชาชน", "Identification Number", "ชื่อตัวและชื่อสกุล", "Name",
    "Last name",
    "เกิดวันที่", "Date of Birth", "ศาสนา", "ที่อยู่", "วันออกบัตร", "Date of Issue", "วันบัตรหมดอายุ", "Date of Expiry",
    "เจ้าพนักงานออกบัตร",
)  # fmt: skip
# A whole date, a month and a year, a year alone, or a card that is valid for life.
ENGLISH_DAY = r"(?:\d{1,2}\s?)?[A-Z][a-z]{2,8}\.?\s?\d{4}|^\W*(?:19|20)\d\d\W*$|LIFE\s?LONG"
THAI_DAY = r"(?:\d{1,2}\s?)?[\u0e00-\u0e7f][\u0e00-\u0e7f.\s]*?\s?2[3-6]\d{2}|^\W*2[3-6]\d\d\W*$|ตลอดชีพ"
_THAI = "[\u0e00-\u0e7f]"
THAI_NAME = r"^[\u0e00-\u0e4f\s.]{2,}$"
ENGLISH_NAME = r"^[A-Za-z][A-Za-z .'-]*$"


def _parse(pages: Pages) -> tuple[Field, ...]:
    sheet = sheets(pages, _LABELS)["front"]
    return collect(
        number("LicenseNumber", sheet, "9 9999 99999 99 9"),
        taken("FullName", sheet.rows_of("ชื่อตัวและชื่อสกุล", "ชื่อตัว", pattern=f"{_THAI}{{2}}.*{_THAI}{{2}}", going_on=THAI_NAME)),
        taken("LastName", sheet.rows_of("Last name", pattern="[A-Za-z]", going_on=ENGLISH_NAME), titled),
        taken("FirstName", sheet.rows_of("Name", pattern="[A-Za-z]", going_on=ENGLISH_NAME), titled),
        taken("Birthday", sheet.value("Date of Birth", pattern=ENGLISH_DAY), english),
        taken("FormattedAddress", _thai_block(sheet), thai_text),
        taken("ExpirationDate", around(sheet, "Date of Expiry", ENGLISH_DAY), english),
        taken("IssuedDate", around(sheet, "Date of Issue", ENGLISH_DAY), english),
        taken("RegistrationNumber", sheet.search(r"\d{4}-\d{2}-\d{6,8}")),
        taken("Religion", sheet.value("ศาสนา", pattern=_THAI), thai_text),
        taken("ThaiBirthday", sheet.value("เกิดวันที่", pattern=THAI_DAY), thai_day),
        taken("ThaiExpirationDate", around(sheet, "วันบัตรหมดอายุ", THAI_DAY), thai_day),
        taken("ThaiIssueDate", around(sheet, "วันออกบัตร", THAI_DAY), thai_day),
        derived("IssuedCountry", "THA"),
    )


def around(sheet: Sheet, label: str, pattern: str) -> Line | None:
    """A value that may stand beside, under or above its label."""
    return sheet.value(label, pattern=pattern) or sheet.above(label, pattern=pattern)


def english(text: str) -> str:
    """`3 Mar. 1985`, spaced as the card prints it; `Mar. 1985`, `1985` or `LIFELONG` where the card says no more."""
    if re.search(r"LIFE\s?LONG", text, re.I):
        return "LIFELONG"
    found = re.search(r"(?:(\d{1,2})\s?)?([A-Z][a-z]{2,8})(\.?)\s?(\d{4})", tidy(text))
    if found:
        return f"{found[1] or ''} {found[2]}{found[3]} {found[4]}".strip()
    year = re.fullmatch(r"\W*((?:19|20)\d\d)\W*", text)
    return year[1] if year else ""


def day_or_year(text: str) -> str:
    """A date as YYYY-MM-DD, what of it is known (YYYY-MM, YYYY), or LIFELONG."""
    known = english(text)
    return dates.known_iso(known) if known != "LIFELONG" else known


def titled(text: str) -> str:
    """A name with a space after its title."""
    return re.sub(r"^(Mr|Mrs|Miss|Ms)\.?\s?(?=[A-Z])", lambda found: found[1] + (". " if found[1] != "Miss" else " "), tidy(text))


def thai_text(text: str) -> str:
    """A Thai value without the label's colon."""
    return tidy(text)


def thai_day(text: str) -> str:
    """`3 มี.ค. 2528`, spaced as the card prints it; the year or `ตลอดชีพ` (for life) where the card says no more."""
    if "ตลอดชีพ" in text:
        return "ตลอดชีพ"
    found = re.search(r"(?:(\d{1,2})\s?)?([\u0e00-\u0e7f][\u0e00-\u0e7f.\s]*?)\s?(2[3-6]\d{2})", tidy(text))
    if found and (found[1] or dates.thai_month(found[2])):
        month = re.sub(r"\s+", "", found[2])
        return f"{found[1] or ''} {month} {found[3]}".strip()
    year = re.fullmatch(r"\W*(2[3-6]\d\d)\W*", text)
    return year[1] if year else ""


def _thai_block(sheet: Sheet) -> Line | None:
    return sheet.block("ที่อยู่", rows=2)


def _check(fields: Mapping[str, str], _zone: Zone | None) -> tuple[int, ...]:
    formed = [
        checks.form(fields, "LicenseNumber", checks.thai),
        checks.is_date(fields, "Birthday", "ExpirationDate", "IssuedDate"),
    ]
    pairs = (("Birthday", "ThaiBirthday"), ("IssuedDate", "ThaiIssueDate"), ("ExpirationDate", "ThaiExpirationDate"))
    agreeing = [dates.same_day(fields.get(one, ""), fields.get(other, "")) for one, other in pairs]
    ordered = [checks.in_order(fields, "Birthday", "IssuedDate"), checks.in_order(fields, "IssuedDate", "ExpirationDate")]
    return checks.verdict(formed, [*agreeing, *ordered])


KIND = Kind(
    name="ThailandIDCard",
    title="Thai national identity card",
    sides=("front",),
    scripts=frozenset({"latin", "thai"}),
    labels=_LABELS,
    anchors={"front": ("THAI NATIONAL ID CARD", "IDENTIFICATION NUMBER", "บัตรประจำตัวประชาชน")},
    fields=(
        "LicenseNumber", "FullName", "LastName", "FirstName", "Birthday", "FormattedAddress", "ExpirationDate", "IssuedDate",
        "RegistrationNumber", "Religion", "ThaiBirthday", "ThaiExpirationDate", "ThaiIssueDate",
    ),
    number="9 9999 99999 99 9",
    rules="mod 11; every date agrees in Thai and English",
    parse=_parse,
    check=_check,
)  # fmt: skip
