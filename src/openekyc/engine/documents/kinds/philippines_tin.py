"""Philippine taxpayer identification card: number, name and address without labels, two dates with."""

import re
from collections.abc import Mapping

from openekyc.engine.documents import checks
from openekyc.engine.documents.fields import collect, number, pick, taken, upper
from openekyc.engine.documents.kinds.philippines_vote import PRINTED_DAY
from openekyc.engine.documents.layout import Sheet, in_rows, middle, sheets
from openekyc.engine.documents.unlabelled import name_and_address
from openekyc.engine.documents.values import Field, Kind, Line, Pages, Zone
from openekyc.engine.documents.words import LATIN_NAME, folded, tidy

_LABELS = (
    "REPUBLIC OF THE PHILIPPINES", "DEPARTMENT OF FINANCE", "BUREAU OF INTERNAL REVENUE", "TIN", "NAME", "ADDRESS", "BIRTH DATE",
    "ISSUE DATE",
    "SIGNATURE", "TAXPAYER IDENTIFICATION NUMBER", "SPECIMEN",
)  # fmt: skip


def _parse(pages: Pages) -> tuple[Field, ...]:
    sheet = sheets(pages, _LABELS)["front"]
    read = number("LicenseNumber", sheet, "999-999-999-99999", "999-999-999-999", "999-999-999")
    name, address = name_and_address(in_rows(_free(sheet, read)))
    return collect(
        read,
        taken("FullName", sheet.rows_of("NAME", pattern=r"[A-Z]{2}", going_on=LATIN_NAME) or name, upper),
        taken("Address", sheet.block("ADDRESS", rows=4) or address, upper),
        taken("Birthday", sheet.value("BIRTH DATE", pattern=r"\d{4}"), pick(PRINTED_DAY)),
        taken("IssueDate", sheet.value("ISSUE DATE", pattern=r"\d{4}"), pick(PRINTED_DAY)),
    )


def _free(sheet: Sheet, read: Field | None) -> list[Line]:
    """The rows between the number and the dates."""
    top = read.box[1] + read.box[3] if read and read.box else 0.0
    end = sheet.find("BIRTH DATE")
    lines = sheet.between(top, middle(end.line) if end else 1e9)
    return [line for line in lines if re.search("[A-Za-z]{2}", tidy(line.text)) and not sheet.is_label(line) and len(folded(line.text)) > 1]


def _check(fields: Mapping[str, str], _zone: Zone | None) -> tuple[int, ...]:
    formed = [checks.form(fields, "LicenseNumber", r"\d{3}-\d{3}-\d{3}(-\d{3,5})?"), checks.is_date(fields, "Birthday", "IssueDate")]
    return checks.verdict(formed, [checks.in_order(fields, "Birthday", "IssueDate")])


def _hints(fields: Mapping[str, str]) -> tuple[str, ...]:
    figures = re.sub(r"\D", "", fields.get("LicenseNumber", ""))
    if len(figures) >= 9 and checks.tin_digit(figures[:8]) != figures[8]:
        return ("The ninth digit of the TIN is not the one expected over the first eight (unofficial rule).",)
    return ()


KIND = Kind(
    name="PhilippinesTinID",
    title="Philippine taxpayer identification card",
    sides=("front",),
    scripts=frozenset({"latin"}),
    labels=_LABELS,
    anchors={"front": ("BUREAU OF INTERNAL REVENUE", "DEPARTMENT OF FINANCE", "TIN")},
    fields=("LicenseNumber", "FullName", "Address", "Birthday", "IssueDate"),
    number="999-999-999(-999)",
    rules="form; birth before issue",
    unofficial="ninth digit, mod 11",
    parse=_parse,
    check=_check,
    hints=_hints,
)
