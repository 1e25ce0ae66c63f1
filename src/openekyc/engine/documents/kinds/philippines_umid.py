"""Philippine unified multi-purpose card: a common reference number, labels above the values."""

import re
from collections.abc import Mapping

from openekyc.engine.documents import checks
from openekyc.engine.documents.fields import collect, number, sex_letter, taken, upper
from openekyc.engine.documents.kinds.philippines_licence import DAY, day
from openekyc.engine.documents.layout import sheets
from openekyc.engine.documents.values import Field, Kind, Pages, Zone
from openekyc.engine.documents.words import LATIN_NAME

_LABELS = (
    "REPUBLIC OF THE PHILIPPINES", "UNIFIED MULTI-PURPOSE ID", "CRN", "SURNAME", "GIVEN NAME", "MIDDLE NAME", "SEX", "DATE OF BIRTH",
    "ADDRESS",
    "SPECIMEN",
)  # fmt: skip


def _parse(pages: Pages) -> tuple[Field, ...]:
    sheet = sheets(pages, _LABELS)["front"]
    return collect(
        taken("Surname", sheet.rows_of("SURNAME", going_on=LATIN_NAME), upper),
        taken("MiddleName", sheet.rows_of("MIDDLE NAME", going_on=LATIN_NAME), upper),
        taken("GivenName", sheet.rows_of("GIVEN NAME", going_on=LATIN_NAME), upper),
        taken("Sex", sheet.value("SEX", pattern=r"^\W*[MF]\b"), sex_letter),
        taken("Birthday", sheet.value("DATE OF BIRTH", pattern=DAY), day),
        taken("Address", sheet.below("ADDRESS", rows=4) or sheet.block("ADDRESS", rows=3), upper),
        _crn(number("CRN", sheet, "9999-9999999-9")),
    )


def _crn(read: Field | None) -> Field | None:
    return Field(read.name, f"CRN-{read.value}", read.score, read.box) if read else None


def _check(fields: Mapping[str, str], _zone: Zone | None) -> tuple[int, ...]:
    wellformed = checks.form(fields, "CRN", lambda value: bool(re.fullmatch(r"CRN-?\d{4}-\d{7}-\d", value)))
    return checks.verdict([wellformed, checks.is_date(fields, "Birthday")])


KIND = Kind(
    name="PhilippinesUMID",
    title="Philippine unified multi-purpose card",
    sides=("front",),
    scripts=frozenset({"latin"}),
    labels=_LABELS,
    anchors={"front": ("UNIFIED MULTI-PURPOSE ID", "CRN")},
    fields=("Surname", "MiddleName", "GivenName", "Sex", "Birthday", "Address", "CRN"),
    number="CRN-9999-9999999-9",
    rules="form; date exists",
    parse=_parse,
    check=_check,
    key_fields=("CRN",),
)
