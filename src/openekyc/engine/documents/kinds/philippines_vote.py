"""Philippine voter's identification card."""

import re
from collections.abc import Mapping

from openekyc.engine.documents import checks
from openekyc.engine.documents.fields import collect, pick, taken
from openekyc.engine.documents.layout import Sheet, sheets
from openekyc.engine.documents.values import Field, Kind, Line, Pages, Zone
from openekyc.engine.documents.words import LATIN_NAME, tidy

_LABELS = (
    "REPUBLIC OF THE PHILIPPINES", "COMMISSION ON ELECTIONS", "VIN", "Precinct No.", "Last Name", "First Name", "Middle Name",
    "Date of Birth", "Civil Status", "Citizenship", "Address", "VOTER'S IDENTIFICATION CARD",
)  # fmt: skip
PRINTED_DAY = r"[A-Za-z]{3,9}\.?\s*\d{1,2}\s*[,.]?\s*\d{4}|\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}"
_VIN = r"[0-9A-Z]{4}\s?-\s?[0-9A-Z]{4,5}\s?-\s?[0-9A-Z]{8,20}(?:-[0-9A-Z]+)?"


def _parse(pages: Pages) -> tuple[Field, ...]:
    sheet = sheets(pages, _LABELS)["front"]
    return collect(
        taken("VIN", sheet.search(_VIN), lambda text: re.sub(r"\s", "", tidy(text))),
        taken("FirstName", sheet.rows_of("First Name", going_on=LATIN_NAME)),
        taken("LastName", sheet.rows_of("Last Name", going_on=LATIN_NAME)),
        taken("Birthday", _born(sheet), pick(PRINTED_DAY)),
        taken("CivilStatus", sheet.value("Civil Status")),
        taken("Citizenship", sheet.value("Citizenship")),
        taken("Address", sheet.block("Address", rows=4)),
        taken("PrecinctNo", sheet.value("Precinct No."), pick(r"\d{4}\s?[A-Z]\d?|\S+")),
    )


def _born(sheet: Sheet) -> Line | None:
    return sheet.value("Date of Birth", pattern=r"\d{4}")


def _check(fields: Mapping[str, str], _zone: Zone | None) -> tuple[int, ...]:
    return checks.verdict([checks.is_date(fields, "Birthday")])


KIND = Kind(
    name="PhilippinesVoteID",
    title="Philippine voter's identification card",
    sides=("front",),
    scripts=frozenset({"latin"}),
    labels=_LABELS,
    anchors={"front": ("COMMISSION ON ELECTIONS", "PRECINCT NO", "VOTER")},
    fields=("VIN", "FirstName", "LastName", "Birthday", "CivilStatus", "Citizenship", "Address", "PrecinctNo"),
    number="groups of digits and letters",
    rules="date exists",
    parse=_parse,
    check=_check,
    key_fields=("VIN",),
)
