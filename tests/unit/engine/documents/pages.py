"""Pages as a recogniser would return them, for tests of the kinds."""

from openekyc.engine.documents.values import Card, Field, Line, Page, Side


def page(*rows: tuple[str, float, float], side: Side = "front", height: float = 36.0) -> Page:
    """Lines from (text, x, y); the width follows from the text, Han counting double."""
    lines = [Line(text, 0.99, (x, y, _width(text, height), height)) for text, x, y in rows]
    return Page(side, tuple(sorted(lines, key=lambda line: (line.box[1], line.box[0]))))


def _width(text: str, height: float) -> float:
    return sum(height * (0.9 if ord(character) > 0x2E80 else 0.5) for character in text)


def values(fields: tuple[Field, ...] | Card) -> dict[str, str]:
    """Names and values."""
    found = fields.fields if isinstance(fields, Card) else fields
    return {field.name: field.value for field in found}
