"""Signs printed wide apart, as names on Japanese and Taiwanese cards: the detector finds some of them alone, cuts others short, and a
single sign has no neighbours that would tell 日 from 口. They are read again together, as one line with what stands between them."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from openekyc.engine.documents.layout import bottom, same_row
from openekyc.engine.documents.pieces import straight
from openekyc.engine.documents.values import Line
from openekyc.engine.documents.words import is_han, tidy
from openekyc.engine.face.values import Floats, Image

if TYPE_CHECKING:
    from openekyc.engine.runtime import Models

FEW = 2  # signs a box may hold to count as standing apart
WIDEST_GAP = 3.0  # between two of them, in heights of the higher one
MARGIN = 0.35  # of the height, added to the left of the first and to the right of the last


def rejoined(models: "Models", image: Image, lines: Sequence[Line], scale: float) -> tuple[Line, ...]:
    """The lines with signs that stand apart in a row read as one. `scale`: pixels of `image` to a unit of the boxes."""
    whole: dict[int, Line] = {}
    gone: set[int] = set()
    for places in _groups(lines):
        read = _read(models, image, [lines[place] for place in places], scale)
        if read is not None:
            whole[places[0]] = read
            gone.update(places[1:])
    return tuple(whole.get(place, line) for place, line in enumerate(lines) if place not in gone)


def _groups(lines: Sequence[Line]) -> Iterator[list[int]]:
    """Places of two or more such boxes that follow each other in a row."""
    left = sorted((place for place, line in enumerate(lines) if _single(line)), key=lambda place: lines[place].box[0])
    while left:
        group = [left.pop(0)]
        for place in list(left):
            last, line = lines[group[-1]], lines[place]
            gap = line.box[0] - (last.box[0] + last.box[2])
            if same_row(last, line) and gap < WIDEST_GAP * max(last.box[3], line.box[3]):
                group.append(place)
                left.remove(place)
        if len(group) > 1:
            yield group


def _single(line: Line) -> bool:
    text = tidy(line.text)
    return 0 < len(text) <= FEW and is_han(text) and line.box[3] < 2 * line.box[2]


def _read(models: "Models", image: Image, members: Sequence[Line], scale: float) -> Line | None:
    top, low = min(line.box[1] for line in members), max(bottom(line) for line in members)
    margin = MARGIN * (low - top)
    left, right = members[0].box[0] - margin, members[-1].box[0] + members[-1].box[2] + margin
    corners: Floats = np.array([[left, top], [right, top], [right, low], [left, low]], np.float32) * scale
    reader = models.text_reader_large
    text = reader.text(reader.chances(straight(image, corners)))
    if len(tidy(text.text)) < sum(len(tidy(line.text)) for line in members) or text.score < min(line.score for line in members):
        return None
    return Line(text.text, round(text.score, 4), (left + margin, top, right - left - 2 * margin, low - top))
