"""Malaysian identity cards (MyKad and its relatives): name and address carry no label, the number stands above them."""

import re
from collections.abc import Mapping

from openekyc.engine.documents import checks
from openekyc.engine.documents.fields import collect, derived, has, number, taken, today, upper
from openekyc.engine.documents.layout import Sheet, in_rows, middle, sheets
from openekyc.engine.documents.unlabelled import name_and_address
from openekyc.engine.documents.values import Field, Kind, Line, Pages, Zone
from openekyc.engine.documents.words import folded, tidy

_LABELS = (
    "KAD PENGENALAN", "MALAYSIA", "IDENTITY CARD", "MYKAD", "MYPR", "MYKAS", "MYKID", "MYTENTERA", "WARGANEGARA", "LELAKI", "PEREMPUAN",
    "ISLAM", "PEMASTAUTIN TETAP", "SPECIMEN", "I-KAD", "BUKAN WARGANEGARA",
)  # fmt: skip
_TYPES = (
    ("MyPR", ("MYPR", "PEMASTAUTIN TETAP")), ("MyTentera", ("MYTENTERA", "TENTERA")), ("MyKAS", ("MYKAS", "PENDUDUK SEMENTARA")),
    ("POLIS", ("POLIS",)), ("IKAD", ("I-KAD", "IKAD")), ("MyKid", ("MYKID",)), ("MyKad", ("MYKAD", "KAD PENGENALAN")),
)  # fmt: skip


def _parse(pages: Pages) -> tuple[Field, ...]:
    sheet = sheets(pages, _LABELS)["front"]
    read = number("LicenseNumber", sheet, "999999-99-9999")
    name, address = _name_and_address(sheet, read)
    kind = next((word for word, words in _TYPES if has(sheet, *words)), "")
    return collect(
        taken("FullName", name, upper),
        read,
        taken("Sex", sheet.search(r"(?i)\b(LELAKI|PEREMPUAN)\b"), upper),
        taken("FormattedAddress", address, upper),
        derived("Type", kind),
        derived("Birthday", _birth(read.value) if read and kind in {"MyKad", "IKAD"} else "", read),
    )


def _birth(text: str) -> str:
    found = checks.mykad_birth(text, today())
    return found.isoformat() if found else ""


def _name_and_address(sheet: Sheet, read: Field | None) -> tuple[Line | None, Line | None]:
    """The rows under the number on the left: the name, then the address."""
    top = read.box[1] + read.box[3] if read and read.box else 150.0
    lines = [line for line in sheet.lines if middle(line) > top and line.box[0] < 500 and not _other(sheet, line)]
    return name_and_address(in_rows(lines))


def _other(sheet: Sheet, line: Line) -> bool:
    """What belongs to neither: labels, and specks; the number of a house may stand in a row by itself."""
    return sheet.is_label(line) or (len(folded(line.text)) < 3 and not re.fullmatch(r"\d{1,2}", tidy(line.text)))


def _check(fields: Mapping[str, str], _zone: Zone | None) -> tuple[int, ...]:
    return checks.verdict([checks.form(fields, "LicenseNumber", r"\d{6}-\d{2}-\d{4}")])


def _hints(fields: Mapping[str, str]) -> tuple[str, ...]:
    found, said = fields.get("LicenseNumber", ""), checks.is_female(fields.get("Sex", ""))
    notes = []
    if found and checks.mykad_birth(found, today()) is None:
        notes.append("The first six digits of the number are no date of birth.")
    if found[-1:].isdigit() and said is not None and (int(found[-1]) % 2 == 0) != said:
        notes.append("The last digit of the number does not fit the sex (unofficial rule).")
    return tuple(notes)


KIND = Kind(
    name="ML",
    title="Malaysian identity card",
    sides=("front",),
    scripts=frozenset({"latin"}),
    labels=_LABELS,
    anchors={"front": ("KAD PENGENALAN", "MYKAD", "WARGANEGARA", "PEMASTAUTIN TETAP")},
    fields=("FullName", "LicenseNumber", "Sex", "FormattedAddress", "Type", "Birthday"),
    number="999999-99-9999",
    rules="form",
    unofficial="birth date in the number; last digit and sex",
    parse=_parse,
    check=_check,
    hints=_hints,
)
