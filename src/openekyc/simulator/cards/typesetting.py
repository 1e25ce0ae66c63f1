"""Long names and addresses over rows: what stands below moves down, and the whole is set smaller where the card ends."""

import re
from collections.abc import Sequence
from dataclasses import replace
from random import Random

from openekyc.simulator.cards.sketch import Plate, Sketch, Text, is_zone

ROW = 1.22  # of the type size, from one row to the next
EDGE = 24  # px kept free at the card's right
FOOT = 34  # at its lower edge
SMALLEST = 0.7
MOST_ROWS = 3
SIZES = (1.0, *(0.94,) * 8)  # what a text that needs more rows is set smaller by, step by step
_LONG = re.compile("Name|Address|Surname")
_ITEM = re.compile(r": |\d\. ")


def over_rows(drawn: Sketch, random: Random) -> Sketch:
    """The card with names and addresses on as many rows as they need, or on more where its column is narrow."""
    narrow = random.choice((1.0, 1.0, 0.8, 0.65))
    values = [re.sub(r"\s", "", value) for name, value in drawn.fields.items() if _LONG.search(name)]
    values.append(re.sub(r"\s", "", drawn.fields.get("FirstName", "") + drawn.fields.get("LastName", "")))
    sides = {side: _plate(drawn, plate, values, narrow) for side, plate in drawn.sides.items()}
    return replace(drawn, sides=sides, fields={name: value for name, value in drawn.fields.items() if value})


def _plate(drawn: Sketch, plate: Plate, values: Sequence[str], narrow: float) -> Plate:
    texts = [text for text in plate.texts if text.text]
    fixed = [text for text in texts if is_zone(text)]
    free = sorted((text for text in texts if not is_zone(text)), key=lambda text: text.y)
    limit = min([text.y - 4 for text in fixed] or [drawn.size[1] - FOOT])
    moved, first = _pushed(drawn, plate, free, values, narrow)
    lowest = max((text.y + text.size for text in moved), default=0.0)
    if lowest > limit and (limit - first) / (lowest - first) < SMALLEST and narrow < 1:
        moved, first = _pushed(drawn, plate, free, values, 1.0)
        lowest = max(text.y + text.size for text in moved)
    if lowest > limit:
        share = (limit - first) / (lowest - first)
        moved = [_smaller(text, first, share, plate) for text in moved]
    return replace(plate, texts=(*moved, *fixed))


def _pushed(drawn: Sketch, plate: Plate, texts: Sequence[Text], values: Sequence[str], narrow: float) -> tuple[list[Text], float]:
    """All texts where they come to stand, and the top of the first that may be long."""
    found: list[Text] = []
    first, shift, bottom = float(drawn.size[1]), 0.0, 0.0
    for row in _rows(texts):
        top = min(text.y for text in row)
        size = max(text.size for text in row)
        shift = max(0.0, shift - max(0.0, top - bottom - 0.4 * size))
        extra = 0.0
        for text in row:
            lines = _lines(drawn, plate, text, texts, narrow) if _is_long(text, values) else [text]
            if _is_long(text, values):
                first = min(first, text.y)
            found += [replace(line, y=line.y + shift) for line in lines]
            extra = max(extra, lines[-1].y - text.y)
        bottom = max(bottom, *(text.y + text.size for text in row))
        shift += extra
    return found, first


def _rows(texts: Sequence[Text]) -> list[list[Text]]:
    """Texts of one height together."""
    rows: list[list[Text]] = []
    for text in texts:
        if rows and text.y - rows[-1][0].y < 0.45 * text.size:
            rows[-1].append(text)
        else:
            rows.append([text])
    return rows


def _is_long(text: Text, values: Sequence[str]) -> bool:
    bare = re.sub(r"\s", "", _parts(text)[1])
    return len(bare) > 3 and any(bare in value for value in values)


def _parts(text: Text) -> tuple[str, str]:
    """The colon or number before a value, and the value."""
    before = _ITEM.match(text.text)
    length = before.end() if before else 0
    return text.text[:length], text.text[length:]


def _lines(drawn: Sketch, plate: Plate, text: Text, others: Sequence[Text], narrow: float) -> list[Text]:
    """The text on its rows: of three at most, set smaller if it has more."""
    before, value = _parts(text)
    indent = width(replace(text, text=before))
    room = _room(drawn, plate, text, others) - indent
    rows = _wrapped(replace(text, text=value), room * narrow)
    for share in SIZES:
        if len(rows) <= MOST_ROWS:
            break
        text = replace(text, size=text.size * share)
        rows = _wrapped(replace(text, text=value), room)
    wide = max(width(replace(text, text=row)) for row in rows)
    if wide > room:
        text = replace(text, size=text.size * room / wide)
    pitch = ROW * text.size
    tail = [replace(text, text=row, x=text.x + indent, y=text.y + pitch * place) for place, row in enumerate(rows[1:], 1)]
    return [replace(text, text=before + rows[0]), *tail]


def _room(drawn: Sketch, plate: Plate, text: Text, others: Sequence[Text]) -> float:
    """Pixels from the text's left to what stands beside it on its rows."""
    ends = [float(drawn.size[0] - EDGE)]
    ends += [other.x - 16 for other in others if other.x > text.x + 10 and abs(other.y - text.y) < text.size]
    if plate.portrait:
        x, y, _, height = plate.portrait
        if x > text.x and y - 5 * text.size < text.y < y + height:
            ends.append(x - 16)
    return min(ends) - text.x


def _wrapped(text: Text, room: float) -> list[str]:
    """Its words, or its signs where it has no spaces, on rows of that width."""
    spaced = " " in text.text
    rows: list[str] = []
    for word in text.text.split() if spaced else re.findall(r"[\x00-\u2e80]+|.", text.text):
        longer = f"{rows[-1]} {word}" if rows and spaced else (rows[-1] if rows else "") + word
        if rows and width(replace(text, text=longer)) > room:
            rows.append(word)
        elif rows:
            rows[-1] = longer
        else:
            rows.append(word)
    return rows


def width(text: Text) -> float:
    """About how many pixels a text takes."""
    return sum(text.size * (_em(sign, text) + text.apart) for sign in text.text)


def _em(sign: str, text: Text) -> float:
    if sign == "\u0e31" or "\u0e34" <= sign <= "\u0e3a" or "\u0e47" <= sign <= "\u0e4e":
        return 0.0
    if sign > "\u2e80":
        return 1.0
    if sign in " :.,":
        return 0.26
    if text.face in ("mono", "ocrb"):
        return 0.5
    return (0.64 if sign.isupper() else 0.58) * (0.9 if text.face == "thai" else 1.0)


def _smaller(text: Text, first: float, share: float, plate: Plate) -> Text:
    if text.y < first:
        return text
    y = first + (text.y - first) * share
    if plate.portrait:
        x, top, across, height = plate.portrait
        if x - 20 < text.x < x + across and text.y >= top + height:
            y = max(y, top + height + 6)
    return replace(text, y=y, size=text.size * share)
