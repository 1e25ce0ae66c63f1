"""Malaysian driving licence: the holder's identity number, a validity of two dates, the name without a label."""

import re
from collections.abc import Mapping

from openekyc.engine.documents import checks
from openekyc.engine.documents.fields import as_day, collect, derived, number, taken, upper
from openekyc.engine.documents.layout import Sheet, middle, sheets
from openekyc.engine.documents.values import Field, Kind, Line, Pages, Zone
from openekyc.engine.documents.words import LATIN_NAME, tidy

_LABELS = (
    "LESEN MEMANDU", "DRIVING LICENCE", "Warganegara / Nationality", "Warganegara", "No. Pengenalan / Identity No.",
    "No. Pengenalan", "Kelas / Class", "Kelas", "Tempoh / Validity", "Tempoh", "Alamat / Address", "Alamat", "SPECIMEN",
)  # fmt: skip
_NATIONS = {"WARGANEGARA": "MYS", "MALAYSIA": "MYS", "MALAYSIAN": "MYS"}


def _parse(pages: Pages) -> tuple[Field, ...]:
    sheet = sheets(pages, _LABELS)["front"]
    period = next((row for row in sheet.rows() if len(re.findall(r"\d{2}\s?/\s?\d{2}\s?/\s?\d{4}", row.text)) >= 2), None)
    until = taken("ExpirationDate", period, lambda text: as_day(text[text.rindex("/") - 5 :]))
    return collect(
        number("LicenseNumber", sheet, "999999999999", "999999-99-9999"),
        taken("FullName", _name(sheet), upper),
        taken("Nationality", sheet.value("Warganegara / Nationality", "Warganegara"), lambda text: _NATIONS.get(upper(text), upper(text))),
        taken("IssuedDate", period, as_day),
        until,
        derived("DueDate", until.value if until else "", until),
        taken("Address", _address(sheet), upper),
        derived("IssuedCountry", "MYS"),
    )


def _name(sheet: Sheet) -> Line | None:
    """The free rows of words between title and nationality, the lowest that belong together."""
    end = sheet.find("Warganegara / Nationality", "Warganegara")
    lines = sheet.between(0, middle(end.line) - 1) if end else []
    lines = [line for line in lines if re.fullmatch(r"[A-Za-z @/.,'’-]{2,}", tidy(line.text)) and not sheet.is_label(line)]
    return sheet.lowest(sorted(lines, key=middle), pattern=LATIN_NAME)


def _address(sheet: Sheet) -> Line | None:
    return sheet.below("Alamat / Address", "Alamat", rows=7)


def _check(fields: Mapping[str, str], _zone: Zone | None) -> tuple[int, ...]:
    formed = [checks.form(fields, "LicenseNumber", r"\d{6}-?\d{2}-?\d{4}"), checks.is_date(fields, "IssuedDate", "ExpirationDate")]
    return checks.verdict(formed, [checks.in_order(fields, "IssuedDate", "ExpirationDate")])


KIND = Kind(
    name="MLDrivingLicense",
    title="Malaysian driving licence",
    sides=("front",),
    scripts=frozenset({"latin"}),
    labels=_LABELS,
    anchors={"front": ("LESEN MEMANDU", "TEMPOH", "NO. PENGENALAN")},
    fields=("LicenseNumber", "FullName", "Nationality", "IssuedDate", "ExpirationDate", "DueDate", "Address", "IssuedCountry"),
    number="12 digits",
    rules="form; issue before expiry",
    parse=_parse,
    check=_check,
)
