"""The machine-readable zone of a page: which pieces of text are its rows, and a second look if its check digits do not hold."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from openekyc.engine.documents import mrz
from openekyc.engine.documents.boxes import ordered, size
from openekyc.engine.documents.pieces import Piece
from openekyc.engine.documents.recognise import straighten
from openekyc.engine.documents.values import Zone
from openekyc.engine.documents.witness import confirmed, names_printed
from openekyc.engine.face.values import Floats, Image

if TYPE_CHECKING:
    from openekyc.engine.runtime import Models

SHORTEST_ROW = 22  # signs; a row of a zone has 30, some of which may be lost
SURE = 0.5  # least mean probability in the zone's alphabet
SAME_ROW = 0.6  # of a piece's height: pieces whose middles differ by less stand in one row
ROW_PITCH = 1.4  # heights of a row's box from one row to the next
LONGEST_ALONE = 28  # characters, and
ALONE_SHAPE = 15.0  # heights of width from which a single row may be one of a zone
OVERLAP = 1.0  # heights by which two pieces of one row may overlap
MOST_HIGHER = 2.6  # times: a stamp over a piece makes its box higher
FLUSH = 0.15  # of its width: how far a row of a zone may begin or end off the next one
FARTHEST = 2.5  # heights from one row of a zone to the next
# The second look: (stretch of the line, growth of its height), by what helped most on degraded specimens.
LOOKS = ((1.15, 0.0), (1.0, 0.15), (1.3, 0.1), (0.9, -0.1), (1.15, -0.15), (1.0, 0.35))


class Row(NamedTuple):
    """Pieces of one text row, left to right, as one text in the zone's alphabet."""

    text: str
    box: Floats
    height: float
    divided: bool = False  # read in several pieces, or not seen at all


class Reading(NamedTuple):
    """A zone as read in one way, and the share of its names that the page prints."""

    zone: Zone
    names: float


def find_zone(models: "Models", image: Image, pieces: Sequence[Piece]) -> Zone | None:
    """The best zone among the pieces of an upright page: valid if any way of reading it satisfies all its check digits. None where no way
    gives each place what can stand there: of a form that was guessed, no field is given out."""
    rows = _rows(pieces)
    groups = list(_groups(rows))
    printed = [piece.text.text for piece in pieces]

    def read(texts: Iterable[str]) -> Reading | None:
        zone = mrz.parse(list(texts))
        return Reading(confirmed(zone, printed), names_printed(zone, printed)) if zone else None

    best = _better(read(row.text for row in group) for group in groups)
    if best is None or not best.zone.valid or (best.names < 1 and any(row.divided for group in groups for row in group)):
        tries = [*groups, *_half_seen(rows)] if best is None or not best.zone.valid else groups
        looks = (read(texts) for group in tries for texts in _second_looks(models, image, group))
        best = _better([best, *_until_sure(looks)])
    return best.zone if best and (best.zone.valid or mrz.plausible(best.zone)) else None


def _rows(pieces: Sequence[Piece]) -> list[Row]:
    """Text rows that could belong to a zone, top to bottom."""
    rows: list[list[Piece]] = []
    for piece in sorted((piece for piece in pieces if piece.zone.score >= SURE), key=lambda piece: piece.middle[1]):
        row = next((row for row in rows if abs(row[-1].middle[1] - piece.middle[1]) < SAME_ROW * piece.height), None)
        if row is None:
            rows.append([piece])
        else:
            row.append(piece)
    joined = (_joined(row) for row in rows)
    return [row for row in joined if len(row.text) >= SHORTEST_ROW]


def _joined(pieces: list[Piece]) -> Row:
    """The longest piece with those that stand beside it: a stamp, a fold or a line divides a row."""
    longest = max(pieces, key=lambda piece: (mrz.FILLER in piece.zone.text, len(piece.zone.text)))
    whole = [longest]
    for piece in sorted(pieces, key=lambda piece: size(piece.box)[0], reverse=True):
        if piece is not longest and all(_beside(piece, other) for other in whole):
            whole.append(piece)
    whole.sort(key=lambda piece: piece.middle[0])
    lowest = min(whole, key=lambda piece: piece.height)  # the others may hold a part of what lies over the row
    return Row("".join(piece.zone.text for piece in whole), _hull(whole, lowest), lowest.height, divided=len(whole) > 1)


def _beside(one: Piece, other: Piece) -> bool:
    """Whether two pieces stand in one row and neither covers more than a character or two of the other."""
    begin, end = max(_left(one), _left(other)), min(_right(one), _right(other))
    smaller, larger = sorted((one.height, other.height))
    return end - begin < OVERLAP * smaller and larger < MOST_HIGHER * smaller


def _left(piece: Piece) -> float:
    return float(piece.box[:, 0].min())


def _right(piece: Piece) -> float:
    return float(piece.box[:, 0].max())


def _hull(pieces: list[Piece], lowest: Piece) -> Floats:
    """The row's box from the first piece to the last, as high as the lowest of them and along its direction."""
    if len(pieces) == 1:
        return pieces[0].box
    along = (lowest.box[1] - lowest.box[0]) / max(float(lowest.box[1][0] - lowest.box[0][0]), 1.0)
    left, right = min(map(_left, pieces)), max(map(_right, pieces))
    ends = [lowest.box[corner] + along * (x - float(lowest.box[corner][0])) for corner, x in ((0, left), (1, right), (2, right), (3, left))]
    return np.asarray(ends, np.float32)


def _groups(rows: list[Row]) -> Iterator[tuple[Row, ...]]:
    """Runs of two or three rows close below each other, one of them with fillers; the lowest first, for that is where zones stand."""
    for first in reversed(range(len(rows))):
        group = [rows[first]]
        for row in rows[first + 1 :]:
            if len(group) < 3 and _continues(group[-1], row):
                group.append(row)
        for count in (3, 2):
            if len(group) >= count and any(mrz.FILLER * 2 in row.text for row in group[:count]):
                yield tuple(group[:count])


def _continues(upper: Row, lower: Row) -> bool:
    """Whether the lower row may be the next one of a zone: as wide, flush, and close."""
    begins, ends = lower.box[0] - upper.box[3], lower.box[1] - upper.box[2]
    across, _ = size(upper.box)
    return bool(
        max(abs(begins[0]), abs(ends[0])) < FLUSH * across
        and max(begins[1], ends[1]) < FARTHEST * upper.height
        and min(begins[1], ends[1]) > -upper.height
    )


def _second_looks(models: "Models", image: Image, group: tuple[Row, ...]) -> Iterator[list[str]]:
    """The rows read in other ways. In the brightest channel coloured ink over the black of a zone is as pale as the paper."""
    inkless = np.asarray(np.repeat(image.max(axis=2, keepdims=True), 3, axis=2), np.uint8)
    if any(row.divided for row in group):
        yield _texts(models, inkless, group, 1.0, 0.0)
    for stretch, growth in LOOKS:
        yield _texts(models, image, group, stretch, growth)
    yield _texts(models, inkless, group, 1.0, 0.0)


def _texts(models: "Models", image: Image, group: tuple[Row, ...], stretch: float, growth: float) -> list[str]:
    lines = (straighten(image, _grown(row.box, growth), stretch) for row in group)
    return [models.text_reader.zone(models.text_reader.chances(line)).text for line in lines]


def _half_seen(rows: list[Row]) -> Iterator[tuple[Row, ...]]:
    """Groups with a row that was not seen, above or below those that were: a stamp may hide a whole row from the detector."""
    for index, row in enumerate(rows):
        across, height = size(row.box)
        if len(row.text) < LONGEST_ALONE or across < ALONE_SHAPE * height:
            continue
        below = rows[index + 1] if index + 1 < len(rows) and _continues(row, rows[index + 1]) else None
        if below is None:
            yield _moved(row, -ROW_PITCH), row
            yield row, _moved(row, ROW_PITCH)
        else:
            yield _moved(row, -ROW_PITCH), row, below
            yield row, below, _moved(below, ROW_PITCH)


def _moved(row: Row, heights: float) -> Row:
    down = (row.box[3] - row.box[0] + row.box[2] - row.box[1]) / 2 * heights
    return Row("", np.asarray(row.box + down, np.float32), row.height, divided=True)


def _grown(box: Floats, growth: float) -> Floats:
    """The box made higher by a share of its height, about its middle."""
    down = (box[3] - box[0] + box[2] - box[1]) / 4 * growth
    return ordered(box + np.stack([-down, -down, down, down]))


def _until_sure(readings: Iterator[Reading | None]) -> Iterator[Reading | None]:
    for reading in readings:
        yield reading
        if reading is not None and reading.zone.valid and not reading.zone.repaired and reading.names == 1:
            return


def _better(readings: Iterable[Reading | None]) -> Reading | None:
    found = [reading for reading in readings if reading is not None]
    return max(found, key=_rank, default=None)


def _rank(reading: Reading) -> tuple[bool, bool, bool, float, float, int]:
    zone = reading.zone
    return zone.valid, not zone.repaired, mrz.plausible(zone), reading.names, mrz.held(zone), len(zone.lines)
