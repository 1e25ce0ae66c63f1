"""Philippine social security card: number and name without labels."""

import re
from collections.abc import Mapping

from openekyc.engine.documents import checks
from openekyc.engine.documents.fields import collect, number, pick, taken, upper
from openekyc.engine.documents.kinds.philippines_vote import PRINTED_DAY
from openekyc.engine.documents.layout import Sheet, middle, sheets
from openekyc.engine.documents.values import Field, Kind, Line, Pages, Zone
from openekyc.engine.documents.words import LATIN_NAME, tidy

_LABELS = (
    "REPUBLIC OF THE PHILIPPINES", "SOCIAL SECURITY SYSTEM", "SS NUMBER", "SSS NO.", "CRN", "NAME", "DATE OF BIRTH", "SIGNATURE",
    "SPECIMEN",
)  # fmt: skip


def _parse(pages: Pages) -> tuple[Field, ...]:
    sheet = sheets(pages, _LABELS)["front"]
    read = number("LicenseNumber", sheet, "9999-9999999-9", "99-9999999-9")
    return collect(
        read,
        taken("FullName", sheet.rows_of("NAME", pattern=r"[A-Z]{2}", going_on=LATIN_NAME) or _name(sheet, read), upper),
        taken("Birthday", sheet.value("DATE OF BIRTH", pattern=r"\d{4}") or sheet.search(f"({PRINTED_DAY})"), pick(PRINTED_DAY)),
    )


def _name(sheet: Sheet, read: Field | None) -> Line | None:
    """The row of words nearest to the number, and those in which it goes on."""
    place = read.box[1] + read.box[3] / 2 if read and read.box else 250.0
    words = [line for line in sheet.lines if re.fullmatch(r"[A-Za-zÑñ .,'-]{5,}", tidy(line.text)) and not sheet.is_label(line)]
    names = [(line, sheet.going_on(line, pattern=LATIN_NAME)) for line in words]
    several = [(first, whole) for first, whole in names if whole and " " in tidy(whole.text)]  # a name has at least two words
    return min(several, key=lambda name: abs(middle(name[0]) - place), default=(None, None))[1]


def _check(fields: Mapping[str, str], _zone: Zone | None) -> tuple[int, ...]:
    formed = [checks.form(fields, "LicenseNumber", r"\d{2}-\d{7}-\d|\d{4}-\d{7}-\d"), checks.is_date(fields, "Birthday")]
    return checks.verdict(formed)


KIND = Kind(
    name="PhilippinesSSSID",
    title="Philippine social security card",
    sides=("front",),
    scripts=frozenset({"latin"}),
    labels=_LABELS,
    anchors={"front": ("SOCIAL SECURITY SYSTEM", "SS NUMBER")},
    fields=("LicenseNumber", "FullName", "Birthday"),
    number="99-9999999-9 or a CRN",
    rules="form; date exists",
    parse=_parse,
    check=_check,
)
