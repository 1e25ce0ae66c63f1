"""What is not sure about a card that was read, field by field: sentences for the operator that name fields and never their values."""

import re
from collections.abc import Iterable, Iterator

from openekyc.engine.documents import dates, mrz, states
from openekyc.engine.documents.layout import Sheet
from openekyc.engine.documents.values import Field, Kind, Line, Pages, Zone
from openekyc.engine.documents.words import tidy

NAMES = frozenset(
    ("FullName", "LastName", "FirstName", "MiddleName", "GivenName", "Surname", "Name", "EnglishName", "ChineseName", "FullNameLocal")
)
DIGITS = {
    "number": "Document number", "birth": "Date of birth", "expiry": "Date of expiry", "optional": "Optional data", "composite": "All data",
}  # fmt: skip
DATED = re.compile("Birthday|Date")
FAINT = 0.6  # mean probability under which a value is worth a look


def doubts(kind: Kind, pages: Pages, fields: Iterable[Field]) -> tuple[str, ...]:
    """What a reader of the fields should look at once more."""
    fields = tuple(fields)
    zones = [notice for page in pages.values() if page.zone for notice in _of_zone(page.zone)]
    return (*kind.notes(pages), *zones, *_nameless(kind, fields), *_in_part(fields), *_unexplained(kind, pages, fields), *_faint(fields))


def _of_zone(zone: Zone) -> Iterator[str]:
    """What the zone itself leaves open."""
    yield from (f"{DIGITS[name]}: its check digit in the machine-readable zone does not hold." for name in mrz.failing(zone))
    yield from _of_number(zone)
    if zone.fields.get("code", "")[:1] not in states.DOCUMENTS:
        yield "Document code: its first letter is none that documents have."
    for name, member in (("Issuing state", "issuer"), ("Nationality", "nationality")):
        if zone.fields.get(member, "") not in states.CODES:
            yield f"{name}: not a code of ICAO 9303."
    for name, member in (("Date of birth", "birth"), ("Date of expiry", "expiry")):
        yield from _of_date(name, zone.fields.get(member, ""))


def _of_number(zone: Zone) -> Iterator[str]:
    if zone.number_as_read and not zone.number_printed:
        yield "Document number: one look-alike was exchanged to satisfy its check digit, and the print does not confirm it."
    elif zone.repaired and not zone.number_as_read:
        yield "Machine-readable zone: one look-alike was exchanged, and its check digits agree to it."
    if zone.number_printed is False:
        yield "Document number: the print shows another one than the machine-readable zone."


def _of_date(name: str, text: str) -> Iterator[str]:
    if not dates.possible_zone_date(text):
        yield f"{name}: no date that exists."
    elif not text.isdigit() or "00" in (text[2:4], text[4:]):
        yield f"{name}: known in part only."


def _nameless(kind: Kind, fields: tuple[Field, ...]) -> Iterator[str]:
    """A card of which other fields were read, but no name."""
    name = next((name for name in kind.fields if name in NAMES), None)
    if name and fields and not any(field.name in NAMES for field in fields):
        yield f"{name}: not found."


def _in_part(fields: Iterable[Field]) -> Iterator[str]:
    for field in fields:
        if dates.known(field.value) and not field.name.startswith("License") and DATED.search(field.name):
            yield f"{field.name}: known in part only."


def _faint(fields: Iterable[Field]) -> Iterator[str]:
    for field in fields:
        if field.score < FAINT and field.box is not None:
            yield f"{field.name}: read with little certainty."


def _unexplained(kind: Kind, pages: Pages, fields: tuple[Field, ...]) -> Iterator[str]:
    """Rows under a name that no field holds: the name may go on there."""
    sheets = [Sheet(page, kind.labels) for page in pages.values()]
    for field in fields:
        if field.name in NAMES and field.box is not None and any(_goes_on(sheet, field, fields) for sheet in sheets):
            yield f"{field.name}: the row under it belongs to no field; the name may go on there."


def _goes_on(sheet: Sheet, field: Field, fields: tuple[Field, ...]) -> bool:
    whole = Line(field.value, field.score, field.box or (0.0, 0.0, 0.0, 0.0))
    own = [line for line in sheet.lines if _inside(line, field)]
    if not own:
        return False
    row = sheet.next_row(max(own, key=lambda line: line.box[1]), whole)
    if row is None or len(tidy(row.text)) < 2:
        return False
    script = _script(field.value[-1:])
    if script != "thai" and _script(row.text) != script:  # a row of Thai may have been misread in any script
        return False
    return not any(_inside(row, other) for other in fields)


def _script(text: str) -> str:
    """The first letter's: a name goes on in the script it ends with."""
    letter = next((character for character in text if character.isalpha()), "")
    return "" if not letter else "latin" if ord(letter) < 0x250 else "thai" if 0xE00 <= ord(letter) < 0xE80 else "han"


def _inside(line: Line, field: Field) -> bool:
    """Whether the middle of a line stands in the box of a field."""
    if field.box is None:
        return False
    left, top, width, height = field.box
    x, y = line.box[0] + line.box[2] / 2, line.box[1] + line.box[3] / 2
    return left - 2 <= x <= left + width + 2 and top - 2 <= y <= top + height + 2
