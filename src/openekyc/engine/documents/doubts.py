"""What is not sure about a card that was read, field by field: sentences for the operator that name fields and never their values."""

from collections.abc import Iterable, Iterator

from openekyc.engine.documents.layout import Sheet
from openekyc.engine.documents.values import Field, Kind, Line, Pages
from openekyc.engine.documents.words import tidy

NAMES = frozenset(
    ("FullName", "LastName", "FirstName", "MiddleName", "GivenName", "Surname", "Name", "EnglishName", "ChineseName", "FullNameLocal")
)
FAINT = 0.6  # mean probability under which a value is worth a look


def doubts(kind: Kind, pages: Pages, fields: Iterable[Field]) -> tuple[str, ...]:
    """What a reader of the fields should look at once more."""
    fields = tuple(fields)
    return (*_unexplained(kind, pages, fields), *_faint(fields))


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
    return row is not None and len(tidy(row.text)) > 1 and not any(_inside(row, other) for other in fields)


def _inside(line: Line, field: Field) -> bool:
    """Whether the middle of a line stands in the box of a field."""
    if field.box is None:
        return False
    left, top, width, height = field.box
    x, y = line.box[0] + line.box[2] / 2, line.box[1] + line.box[3] / 2
    return left - 2 <= x <= left + width + 2 and top - 2 <= y <= top + height + 2
