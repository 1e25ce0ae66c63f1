"""Thai driving licence: eight digits of its own beside the holder's thirteen, dates in both calendars."""

import re
from collections.abc import Mapping

from openekyc.engine.documents import checks
from openekyc.engine.documents.fields import collect, derived, number, sex_letter, taken
from openekyc.engine.documents.kinds.thailand_id import ENGLISH_DAY, ENGLISH_NAME, THAI_NAME, around, day_or_year, titled
from openekyc.engine.documents.layout import Sheet, sheets
from openekyc.engine.documents.values import Field, Kind, Line, Pages, Zone
from openekyc.engine.documents.words import tidy

_LABELS = (
    "ใบอนุญาตขับรถ", "KINGDOM OF THAILAND", "DRIVING LICENCE", "ฉบับที่", "No.", "ชื่อ", "Name", "วันเกิด", "Birth Date",
    "เลขประจำตัวประชาชน",
    "ID No.", "วันอนุญาต", "Issue Date", "วันสิ้นอายุ", "Expiry Date", "เพศ", "Sex", "นายทะเบียน", "Registrar",
)  # fmt: skip


def _parse(pages: Pages) -> tuple[Field, ...]:
    sheet = sheets(pages, _LABELS)["front"]
    name = taken("FullName", sheet.rows_of("Name", pattern="[A-Za-z]{2}", going_on=ENGLISH_NAME), titled)
    until = taken("ExpirationDate", around(sheet, "Expiry Date", ENGLISH_DAY), day_or_year)
    first, last = _split(name.value if name else "")
    return collect(
        number("LicenseNumber", sheet, "99999999"),
        number("PersonalNumber", sheet, "9 9999 99999 99 9"),
        name,
        derived("FirstName", first, name),
        derived("LastName", last, name),
        taken("FullNameLocal", _thai(sheet)),
        taken("Birthday", around(sheet, "Birth Date", ENGLISH_DAY), day_or_year),
        taken("Sex", sheet.value("Sex", pattern=r"^\W*(M|F|MALE|FEMALE)\b"), sex_letter),
        taken("IssuedDate", around(sheet, "Issue Date", ENGLISH_DAY), day_or_year),
        until,
        derived("DueDate", until.value if until else "", until),
        derived("IssuedCountry", "THA"),
    )


def _thai(sheet: Sheet) -> Line | None:
    return sheet.rows_of("ชื่อ", pattern="[\u0e00-\u0e7f]{2}", going_on=THAI_NAME)


def _split(whole: str) -> tuple[str, str]:
    """First and last name without the title."""
    words = re.sub(r"^(Mr|Mrs|Ms|Miss|MR|MRS|MS|MISS)\.?\s+", "", tidy(whole)).split()
    return (" ".join(words[:-1]), words[-1]) if len(words) > 1 else (" ".join(words), "")


def _check(fields: Mapping[str, str], _zone: Zone | None) -> tuple[int, ...]:
    formed = [
        checks.form(fields, "LicenseNumber", r"\d{8}"),
        checks.form(fields, "PersonalNumber", checks.thai),
        checks.is_date(fields, "Birthday", "IssuedDate", "ExpirationDate"),
    ]
    return checks.verdict(
        formed, [checks.in_order(fields, "Birthday", "IssuedDate"), checks.in_order(fields, "IssuedDate", "ExpirationDate")]
    )


KIND = Kind(
    name="ThailandDrivingLicense",
    title="Thai driving licence",
    sides=("front",),
    scripts=frozenset({"latin", "thai"}),
    labels=_LABELS,
    anchors={"front": ("KINGDOM OF THAILAND", "DRIVING LICENCE", "ใบอนุญาตขับรถ")},
    fields=(
        "LicenseNumber", "PersonalNumber", "FullName", "FirstName", "LastName", "FullNameLocal", "Birthday", "Sex", "IssuedDate",
        "ExpirationDate", "DueDate", "IssuedCountry",
    ),
    number="8 digits; also 9 9999 99999 99 9",
    rules="form; mod 11; dates in order",
    parse=_parse,
    check=_check,
)  # fmt: skip
