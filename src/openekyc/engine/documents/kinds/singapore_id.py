"""Singapore identity card: number, names and birth on the front; address and date of issue on the back."""

import re
from collections.abc import Mapping

from openekyc.engine.documents import checks
from openekyc.engine.documents.fields import collect, derived, dmy, number, pick, sex_letter, taken, upper
from openekyc.engine.documents.layout import Sheet, middle, sheets
from openekyc.engine.documents.values import Field, Kind, Line, Pages, Zone
from openekyc.engine.documents.words import LATIN_NAME, is_han, tidy

_LABELS = (
    "REPUBLIC OF SINGAPORE", "IDENTITY CARD NO.", "Name", "Race", "Date of birth", "Sex", "Country/Place of birth", "Country of birth",
    "Date of issue", "Address", "NRIC No.", "Blood group", "Nationality", "Date of expiry", "SPECIMEN",
)  # fmt: skip
_SHAPE = "A9999999A"


def _parse(pages: Pages) -> tuple[Field, ...]:
    both = sheets(pages, _LABELS)
    front, back = both["front"], both["back"]
    name, chinese = (
        taken("FullName", front.rows_of("Name", pattern="[A-Z]{2}", going_on=LATIN_NAME), upper),
        taken("ChineseName", _chinese(front)),
    )
    read, again = number("LicenseNumber", front, _SHAPE), number("NRICCode", back, _SHAPE)
    address = taken("Address", back.block("Address", rows=5), upper)
    country = taken("CountryOfBirth", front.value("Country/Place of birth", "Country of birth"), upper)
    return collect(
        derived("ChName", chinese.value if chinese else "", chinese),
        chinese,
        derived("EnName", name.value if name else "", name),
        name,
        derived("ID", read.value if read else "", read),
        read,
        taken("Sex", front.value("Sex", pattern=r"^\W*[MF]\b"), sex_letter),
        country,
        derived("Nationality", country.value if country else "", country),
        taken("Birthday", front.value("Date of birth", pattern=r"\d{4}"), dmy),
        address,
        taken("Race", front.value("Race"), upper),
        again,
        derived("PostCode", pick(r"(?<!\d)(\d{6})(?!\d)\D*$")(address.value) if address else "", address),
        taken("DateOfExpiration", back.value("Date of expiry", pattern=r"\d{4}"), dmy),
        taken("DateOfIssue", back.value("Date of issue", pattern=r"\d{4}"), dmy),
    )


def _chinese(sheet: Sheet) -> Line | None:
    """The Han name stands under the English one."""
    found = sheet.find("Name")
    below = [line for line in sheet.lines if found and middle(line) > middle(found.line) and is_han(line.text)]
    return min((line for line in below if 2 <= len(re.sub(r"\s", "", tidy(line.text))) <= 6), key=middle, default=None)


def _check(fields: Mapping[str, str], _zone: Zone | None) -> tuple[int, ...]:
    formed = [
        checks.form(fields, "LicenseNumber", r"[STFGM]\d{7}[A-Z]"),
        checks.form(fields, "LicenseNumber", checks.nric) if fields.get("LicenseNumber", "").startswith("S") else None,
        checks.is_date(fields, "Birthday", "DateOfIssue"),
    ]
    same = fields["LicenseNumber"] == fields["NRICCode"] if fields.get("LicenseNumber") and fields.get("NRICCode") else None
    return checks.verdict(formed, [same, checks.in_order(fields, "Birthday", "DateOfIssue")])


def nric_hints(fields: Mapping[str, str]) -> tuple[str, ...]:
    """The letters of the other prefixes than S are known from open implementations only."""
    read = fields.get("LicenseNumber", "")
    if re.fullmatch(r"[TFGM]\d{7}[A-Z]", read) and not checks.nric(read):
        return ("The last letter of the number is not the one expected over its digits (unofficial rule).",)
    return ()


KIND = Kind(
    name="SingaporeIDCard",
    title="Singapore identity card",
    sides=("front", "back"),
    scripts=frozenset({"latin", "han"}),
    labels=_LABELS,
    anchors={
        "front": ("REPUBLIC OF SINGAPORE", "IDENTITY CARD NO", "COUNTRY/PLACE OF BIRTH"),
        "back": ("DATE OF ISSUE", "ADDRESS", "NRIC NO"),
    },
    fields=(
        "ChName", "ChineseName", "EnName", "FullName", "ID", "LicenseNumber", "Sex", "CountryOfBirth", "Nationality", "Birthday", "Address",
        "Race", "NRICCode", "PostCode", "DateOfExpiration", "DateOfIssue",
    ),
    number="A9999999A",
    rules="form; letter of S numbers; both sides agree",
    unofficial="letter of T, F, G, M numbers",
    parse=_parse,
    check=_check,
    hints=nric_hints,
)  # fmt: skip
