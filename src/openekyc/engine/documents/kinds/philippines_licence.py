"""Philippine driver's licence: small labels above the values, several columns in a row."""

import re
from collections.abc import Mapping

from openekyc.engine.documents import checks
from openekyc.engine.documents.fields import collect, derived, number, pick, sex_letter, taken, upper
from openekyc.engine.documents.layout import Sheet, sheets
from openekyc.engine.documents.values import Field, Kind, Line, Pages, Zone
from openekyc.engine.documents.words import LATIN_NAME, tidy

_LABELS = (
    "Last Name, First Name, Middle Name", "Nationality", "Sex", "Date of Birth", "Weight", "Height", "Address", "License No.",
    "Expiration Date", "Agency Code", "Blood Type", "Eyes Color", "DL Codes", "Conditions", "LAND TRANSPORTATION OFFICE",
    "DRIVER'S LICENSE",
    "REPUBLIC OF THE PHILIPPINES", "DEPARTMENT OF TRANSPORTATION",
)  # fmt: skip
DAY = r"\d{4}\s?/\s?\d{2}\s?/\s?\d{2}"
_PARTICLES = {"DE", "DELA", "DEL", "LA", "LOS", "LAS", "SAN", "SANTA", "STA", "STA.", "STO", "STO."}


def _parse(pages: Pages) -> tuple[Field, ...]:
    sheet = sheets(pages, _LABELS)["front"]
    whole = taken("Name", sheet.going_on(sheet.below("Last Name, First Name, Middle Name"), pattern=LATIN_NAME), _name)
    last, first, middle = names(whole.value if whole else "")
    return collect(
        whole,
        derived("LastName", last, whole),
        derived("FirstName", first, whole),
        derived("MiddleName", middle, whole),
        taken("Nationality", sheet.below("Nationality"), upper),
        taken("Sex", _column(sheet, "Sex", r"^[MF]\b"), sex_letter),
        taken("Address", sheet.below("Address", rows=4, reach=1.5), upper),
        number("LicenseNo", sheet, "A99-99-999999"),
        taken("ExpiresDate", sheet.value("Expiration Date", pattern=DAY), day),
        taken("AgencyCode", sheet.value("Agency Code", pattern=r"[A-Z]\d"), pick(r"[A-Z]\d{1,2}")),
        taken("Birthday", sheet.value("Date of Birth", pattern=DAY), day),
    )


def _column(sheet: Sheet, label: str, pattern: str) -> Line | None:
    return sheet.value(label, pattern=pattern)


def day(text: str) -> str:
    """YYYY/MM/DD as printed, without spaces."""
    return re.sub(r"\s", "", pick(DAY)(text))


def _name(text: str) -> str:
    return re.sub(r"\s*[,.]\s*", ", ", upper(text))


def names(whole: str) -> tuple[str, str, str]:
    """Last, first and middle name. Where only the last name is set off by a comma, the last word (with its particles) is the middle name:
    a guess where the person has none."""
    parts = [part for part in re.split(r"\s*,\s*", tidy(whole)) if part]
    if len(parts) >= 3:
        return parts[0], parts[1], " ".join(parts[2:])
    words = parts[1].split() if len(parts) == 2 else []
    cut = len(words) - 1
    while cut > 1 and words[cut - 1] in _PARTICLES:
        cut -= 1
    return (parts or [""])[0], " ".join(words[:cut] or words), " ".join(words[cut:]) if cut > 0 else ""


def _check(fields: Mapping[str, str], _zone: Zone | None) -> tuple[int, ...]:
    formed = [checks.form(fields, "LicenseNo", r"[A-Z]\d{2}-\d{2}-\d{6}"), checks.is_date(fields, "Birthday", "ExpiresDate")]
    return checks.verdict(formed, [checks.in_order(fields, "Birthday", "ExpiresDate")])


KIND = Kind(
    name="PhilippinesDrivingLicense",
    title="Philippine driver's licence",
    sides=("front",),
    scripts=frozenset({"latin"}),
    labels=_LABELS,
    anchors={"front": ("LAND TRANSPORTATION OFFICE", "DRIVER'S LICENSE", "AGENCY CODE", "LAST NAME, FIRST NAME, MIDDLE NAME")},
    fields=(
        "Name", "LastName", "FirstName", "MiddleName", "Nationality", "Sex", "Address", "LicenseNo", "ExpiresDate", "AgencyCode",
        "Birthday",
    ),
    number="A99-99-999999",
    rules="form; birth before expiry",
    parse=_parse,
    check=_check,
    key_fields=("LicenseNo",),
)  # fmt: skip
