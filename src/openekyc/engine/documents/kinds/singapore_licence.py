"""Singapore driving licence: its number is the holder's identity number."""

from collections.abc import Mapping

from openekyc.engine.documents import checks
from openekyc.engine.documents.fields import as_day, collect, derived, number, taken, upper
from openekyc.engine.documents.kinds.singapore_id import nric_hints
from openekyc.engine.documents.layout import sheets
from openekyc.engine.documents.values import Field, Kind, Pages, Zone
from openekyc.engine.documents.words import LATIN_NAME

_LABELS = ("REPUBLIC OF SINGAPORE", "DRIVING LICENCE", "Licence Number", "Name", "Birth Date", "Issue Date", "SPECIMEN")


def _parse(pages: Pages) -> tuple[Field, ...]:
    sheet = sheets(pages, _LABELS)["front"]
    return collect(
        number("LicenseNumber", sheet, "A9999999A"),
        taken("FullName", sheet.rows_of("Name", pattern="[A-Z]{2}", going_on=LATIN_NAME), upper),
        taken("Birthday", sheet.value("Birth Date", pattern=r"\d{4}"), as_day),
        taken("IssuedDate", sheet.value("Issue Date", pattern=r"\d{4}"), as_day),
        derived("IssuedCountry", "SGP"),
    )


def _check(fields: Mapping[str, str], _zone: Zone | None) -> tuple[int, ...]:
    read = fields.get("LicenseNumber", "")
    formed = [
        checks.form(fields, "LicenseNumber", r"[STFGM]\d{7}[A-Z]"),
        checks.nric(read) if read.startswith("S") else None,
        checks.is_date(fields, "Birthday", "IssuedDate"),
    ]
    return checks.verdict(formed, [checks.in_order(fields, "Birthday", "IssuedDate")])


KIND = Kind(
    name="SingaporeDrivingLicense",
    title="Singapore driving licence",
    sides=("front",),
    scripts=frozenset({"latin"}),
    labels=_LABELS,
    anchors={"front": ("REPUBLIC OF SINGAPORE", "DRIVING LICENCE", "LICENCE NUMBER")},
    fields=("LicenseNumber", "FullName", "Birthday", "IssuedDate", "IssuedCountry"),
    number="A9999999A",
    rules="form; letter of S numbers; birth before issue",
    unofficial="letter of T, F, G, M numbers",
    parse=_parse,
    check=_check,
    hints=nric_hints,
)
