"""A picture of a document as pieces of text, in the quarter turn in which they stand upright.

One pass of the detector and one of the small recogniser over every box. The direction costs nothing while the page is upright: boxes that
are mostly higher than wide tell a page on its side, and a page on its head reads badly throughout.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import cv2
import numpy as np

from openekyc.engine.documents.boxes import size, text_boxes
from openekyc.engine.documents.recognise import Reader, Text, straighten
from openekyc.engine.face.values import Floats, Image

if TYPE_CHECKING:
    from openekyc.engine.runtime import Models

STEEP = 1.5  # height by width from which a box counts as steep
WELL_READ = 0.8  # mean probability, weighted by length, from which a page is taken to stand upright
PROBES = 8  # boxes that are read in each direction otherwise
TURNS = {1: cv2.ROTATE_90_COUNTERCLOCKWISE, 2: cv2.ROTATE_180, 3: cv2.ROTATE_90_CLOCKWISE}


class Piece(NamedTuple):
    """One box of text: its corners (4, 2), what it says, and what it says in the alphabet of machine-readable zones."""

    box: Floats
    text: Text
    zone: Text

    @property
    def middle(self) -> tuple[float, float]:
        """The centre of the box."""
        x, y = self.box.mean(axis=0)
        return float(x), float(y)

    @property
    def height(self) -> float:
        """Of the box, across the line."""
        return size(self.box)[1]


class Pieces(NamedTuple):
    """The picture turned upright, the quarter turns (counter-clockwise) that took, and its pieces from top to bottom."""

    image: Image
    turn: int
    pieces: tuple[Piece, ...]


def read_pieces(models: "Models", image: Image) -> Pieces:
    """Every piece of text in the picture."""
    boxes = text_boxes(models, image)
    boxes.sort(key=lambda box: max(size(box)), reverse=True)
    turn, pieces = _direction(models, image, boxes)
    if turn:
        image = np.asarray(cv2.rotate(image, TURNS[turn]), np.uint8)
        boxes, pieces = text_boxes(models, image), []
    pieces += [_piece(models.text_reader, image, box) for box in boxes[len(pieces) :]]
    return Pieces(image, turn, tuple(sorted(pieces, key=lambda piece: piece.middle[1])))


def _direction(models: "Models", image: Image, boxes: list[Floats]) -> tuple[int, list[Piece]]:
    """The quarter turns that make the page readable, and with no turn the pieces that were read to find that out."""
    longest = boxes[:PROBES]

    def turned(turn: int) -> list[Piece]:
        # A line that runs downwards (turn 1) begins at the box's upper right corner, and so on.
        return [_piece(models.text_reader, image, np.roll(box, -turn, axis=0)) for box in longest]

    turns = (1, 3) if _lies_on_its_side(boxes) else (0, 2)
    first = turned(turns[0])
    if well_read(first) >= WELL_READ or well_read(first) >= well_read(turned(turns[1])):
        return turns[0], first
    return turns[1], []


def well_read(pieces: Sequence[Piece]) -> float:
    """Mean probability of all signs, 0..1."""
    signs = sum(len(piece.text.text) for piece in pieces)
    return sum(piece.text.score * len(piece.text.text) for piece in pieces) / max(signs, 1)


def straight(image: Image, box: Floats) -> Image:
    """The line in a box; a steep box of an upright page holds signs one below the other, which are set side by side."""
    width, height = size(box)
    if height < STEEP * width:
        return straighten(image, box)
    signs = max(round(height / width), 1)
    down, right = (box[3] - box[0]) / signs, (box[2] - box[1]) / signs
    steps = [np.stack([box[0] + down * k, box[1] + right * k, box[1] + right * (k + 1), box[0] + down * (k + 1)]) for k in range(signs)]
    return np.asarray(np.hstack([straighten(image, step) for step in steps]), np.uint8)


def _piece(reader: Reader, image: Image, box: Floats) -> Piece:
    chances = reader.chances(straight(image, box))
    return Piece(box, reader.text(chances), reader.zone(chances))


def _lies_on_its_side(boxes: list[Floats]) -> bool:
    steep = [max(sides) * (sides[1] > STEEP * sides[0]) for sides in map(size, boxes)]
    level = [max(sides) * (sides[0] > STEEP * sides[1]) for sides in map(size, boxes)]
    return sum(steep) > sum(level)
