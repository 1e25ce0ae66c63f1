"""The machine-readable zone of a page: which pieces of text are its rows, and a second look if its check digits do not hold."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from openekyc.engine.documents import mrz
from openekyc.engine.documents.boxes import ordered, size
from openekyc.engine.documents.pieces import Piece
from openekyc.engine.documents.recognise import straighten
from openekyc.engine.documents.values import Zone
from openekyc.engine.face.values import Floats, Image

if TYPE_CHECKING:
    from openekyc.engine.runtime import Models

SHORTEST_ROW = 22  # signs; a row of a zone has 30, some of which may be lost
SURE = 0.5  # least mean probability in the zone's alphabet
SAME_ROW = 0.6  # of a piece's height: pieces whose middles differ by less stand in one row
FLUSH = 0.15  # of its width: how far a row of a zone may begin or end off the next one
FARTHEST = 2.5  # heights from one row of a zone to the next
# The second look: (stretch of the line, growth of its height), by what helped most on degraded specimens.
LOOKS = ((1.15, 0.0), (1.0, 0.15), (1.3, 0.1), (0.9, -0.1), (1.15, -0.15), (1.0, 0.35))


class Row(NamedTuple):
    """Pieces of one text row, left to right, as one text in the zone's alphabet."""

    text: str
    box: Floats
    height: float


def find_zone(models: "Models", image: Image, pieces: Sequence[Piece]) -> Zone | None:
    """The best zone among the pieces of an upright page: valid if any way of reading it satisfies all its check digits."""
    groups = list(_groups(_rows(pieces)))
    best = _better(mrz.parse([row.text for row in group]) for group in groups)
    if best is None or best.valid:
        return best
    looks = (mrz.parse(texts) for group in groups for texts in _second_looks(models, image, group))
    return _better([best, *_until_valid(looks)])


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
    """A piece long enough for a row alone, else all that stand beside each other."""
    across = sorted(pieces, key=lambda piece: piece.middle[0])
    whole = [piece for piece in across if len(piece.zone.text) >= SHORTEST_ROW and mrz.FILLER in piece.zone.text][:1] or across
    return Row("".join(piece.zone.text for piece in whole), _hull(whole), float(np.median([piece.height for piece in whole])))


def _hull(pieces: list[Piece]) -> Floats:
    first, last = pieces[0].box, pieces[-1].box
    return np.asarray([first[0], last[1], last[2], first[3]], np.float32)


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
    for stretch, growth in LOOKS:
        lines = (straighten(image, _grown(row.box, growth), stretch) for row in group)
        yield [models.text_reader.zone(models.text_reader.chances(line)).text for line in lines]


def _grown(box: Floats, growth: float) -> Floats:
    """The box made higher by a share of its height, about its middle."""
    down = (box[3] - box[0] + box[2] - box[1]) / 4 * growth
    return ordered(box + np.stack([-down, -down, down, down]))


def _until_valid(zones: Iterator[Zone | None]) -> Iterator[Zone | None]:
    for zone in zones:
        yield zone
        if zone is not None and zone.valid:
            return


def _better(zones: Iterable[Zone | None]) -> Zone | None:
    found = [zone for zone in zones if zone is not None]
    return max(found, key=lambda zone: (zone.valid, not zone.repaired, mrz.held(zone), len(zone.lines)), default=None)
