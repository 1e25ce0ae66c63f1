"""Whether the whole card is in the picture (-9101): an outline that runs out of the frame, text that the frame cuts, something that lies
over the card's edge.

A card that is cut off has sides that end at the frame; what is left of it is a shape of four to six sides of which those inside the frame
stand square to each other. A finger over the edge interrupts a side that is clear everywhere else, and there neither what lies inside
nor what lies outside looks as it does along the rest of the side.
"""

from collections.abc import Iterator, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from openekyc.engine.documents.boxes import size
from openekyc.engine.documents.find import AREA, SEARCH_SIDE, calmed, outlines, rising, slopes
from openekyc.engine.face.values import Floats, Image

TOUCH = 0.004  # of the frame's longer side: what is nearer to the frame's edge than this ends there
LEAST_CONTACT = 0.08  # of the frame's longer side, along its edges
SHORTEST = 0.08  # of the frame's longer side; shorter sides of a cut shape say nothing
LARGEST = 0.9  # of the frame; a larger shape is the frame
CLEAR = 0.6  # least share of every side of a cut shape that lies on an edge
SQUARE = 12.0  # degrees by which its sides may be off a right angle
FILLED = 0.94  # least share of the hull that the shape of few sides fills
MOST_SIDES = 6
INSIDE = 0.9  # least share of the frame's text that lies in the cut shape
CORNER = 3.18 / 85.6  # radius of a card's corners by its longer side (ISO/IEC 7810)
PLACES = 96  # at which a side is looked at
REACH = 4  # pixels beside a side within which an edge supports it
ASIDE = 7  # pixels to each side at which its colours are compared
ROUND = 0.06  # of a side at its ends, where the corners are round
ODD = 24.0  # distance in Lab from which a colour is another than along the rest of the side
LIT = 245  # of 255: lighter than this, both inside and outside, is a reflection rather than something that covers
REST = 0.9  # least share of the rest of the side that lies on an edge


def cut_corners(corners: Floats, frame: tuple[int, int]) -> int:
    """How many corners of a card that was found the edge of a frame of that width and height cuts. They are round."""
    after, before = np.roll(corners, -1, axis=0) - corners, np.roll(corners, 1, axis=0) - corners
    lengths = np.linalg.norm(after, axis=1, keepdims=True), np.linalg.norm(before, axis=1, keepdims=True)
    radius = CORNER * float(max(side.max() for side in lengths))
    middles = corners + radius * (after / np.maximum(lengths[0], 1e-6) + before / np.maximum(lengths[1], 1e-6))
    limits = np.array([frame[0] - 1, frame[1] - 1], np.float32)
    return int((np.minimum(middles, limits - middles).min(axis=1) < radius).sum())


def cut_text(boxes: Sequence[Floats], frame: tuple[int, int]) -> int:
    """How many lines of text begin or end at the edge of a frame. Lines along the edge are none: print may come close to it."""
    return sum(bool(_at_edge(_ends(box), frame).any()) for box in boxes)


def _ends(box: Floats) -> Floats:
    """The middles of a box's two short sides."""
    across, down = size(box)
    first, second = (box[[0, 3]], box[[1, 2]]) if across >= down else (box[[0, 1]], box[[2, 3]])
    return np.asarray([first.mean(axis=0), second.mean(axis=0)], np.float32)


def _at_edge(points: Floats, frame: tuple[int, int]) -> "NDArray[np.bool_]":
    near = TOUCH * max(frame)
    limits = np.array([frame[0] - 1, frame[1] - 1], np.float32)
    return np.asarray(((points <= near) | (points >= limits - near)).any(axis=1), np.bool_)


def cut_outline(image: Image, boxes: Sequence[Floats]) -> float:
    """How well the sides of a card that the frame cuts off lie on edges of the picture, 0..1; 0 if there is none. `boxes`: all text in
    the picture, nearly all of which must lie on that card."""
    scale = min(SEARCH_SIDE / max(image.shape[:2]), 1.0)
    calm = calmed(image, scale)
    rises = slopes(calm)
    middles = [box.mean(axis=0) * scale for box in boxes]
    return max((_cut(shape, rises) for shape in _shapes(calm) if _holds(shape, middles)), default=0.0)


def _shapes(calm: Image) -> Iterator[Floats]:
    frame = calm.shape[0] * calm.shape[1]
    for hull in outlines(calm):
        area = cv2.contourArea(hull)
        if not AREA[0] * frame < area < LARGEST * frame:
            continue
        around = cv2.arcLength(hull, True)
        shape = next((few for part in (0.01, 0.02, 0.03) if len(few := cv2.approxPolyDP(hull, part * around, True)) <= MOST_SIDES), None)
        if shape is not None and len(shape) > 3 and cv2.contourArea(shape) >= FILLED * area:
            yield shape[:, 0].astype(np.float32)


def _holds(shape: Floats, middles: Sequence[Floats]) -> bool:
    inside = sum(cv2.pointPolygonTest(shape, (float(x), float(y)), False) >= 0 for x, y in middles)
    return bool(middles) and inside >= INSIDE * len(middles)


def _cut(shape: Floats, rises: tuple[Floats, Floats]) -> float:
    """The least support of the sides inside the frame, if the shape is a card that the frame cuts off."""
    height, width = rises[0].shape[:2]
    longest = max(height, width)
    lengths = np.linalg.norm(np.roll(shape, -1, axis=0) - shape, axis=1)
    sides = list(zip(shape, np.roll(shape, -1, axis=0), lengths, strict=True))
    at_edge = [_ends_there(begin, end, width, height) for begin, end, _ in sides]
    free = [(begin, end) for (begin, end, length), edge in zip(sides, at_edge, strict=True) if not edge and length > SHORTEST * longest]
    contact = sum(float(length) for (_, _, length), edge in zip(sides, at_edge, strict=True) if edge)
    if contact < LEAST_CONTACT * longest or not _square(free):
        return 0.0
    support = min(float(_supported(rises, begin, end).mean()) for begin, end in free)
    return support if support >= CLEAR else 0.0


def _ends_there(begin: Floats, end: Floats, width: int, height: int) -> bool:
    """Whether a side runs along the frame's edge."""
    near = 3
    low, high = np.maximum(begin, end) <= near, np.minimum(begin, end) >= np.array([width, height]) - 1 - near
    return bool(low.any() or high.any())


def _square(free: Sequence[tuple[Floats, Floats]]) -> bool:
    """Whether the sides are parallel or at right angles, and some are at right angles."""
    angles = [float(np.degrees(np.arctan2(*(end - begin)[::-1]))) % 180 for begin, end in free]
    between = [min(abs(one - other), 180 - abs(one - other)) for place, one in enumerate(angles) for other in angles[:place]]
    return any(angle >= 90 - SQUARE for angle in between) and all(angle >= 90 - SQUARE or angle <= SQUARE for angle in between)


def covered(image: Image, corners: Floats) -> float:
    """The longest part of a side of the card, 0..1, over which something else lies."""
    scale = min(SEARCH_SIDE / max(image.shape[:2]), 1.0)
    calm = calmed(image, scale)
    rises = slopes(calm)
    colours = cv2.cvtColor(calm, cv2.COLOR_BGR2Lab).astype(np.float32)
    small = (corners * scale).astype(np.float32)
    middle = small.mean(axis=0)
    return max(_covered(colours, rises, begin, end, middle) for begin, end in zip(small, np.roll(small, -1, axis=0), strict=True))


def _covered(colours: Floats, rises: tuple[Floats, Floats], begin: Floats, end: Floats, middle: Floats) -> float:
    clear = _supported(rises, begin, end, ROUND)
    outward = _normal(begin, end)
    if (middle - begin) @ outward > 0:
        outward = -outward
    places = _places(begin, end, ROUND)
    inside, outside = (_at(colours, places + way * ASIDE * outward) for way in (-1, 1))
    dark = np.minimum(inside[:, 0], outside[:, 0]) < LIT
    odd = ~clear & dark & (_distance(inside, clear) > ODD) & (_distance(outside, clear) > ODD)
    run = _longest(odd)
    rest = float(clear[~odd].mean()) if (~odd).any() else 0.0
    return run / PLACES if rest >= REST else 0.0


def _distance(values: Floats, usual: "NDArray[np.bool_]") -> Floats:
    """Of every colour from what is usual where the side is clear."""
    if not usual.any():
        return np.zeros(len(values), np.float32)
    return np.asarray(np.linalg.norm(values - np.median(values[usual], axis=0), axis=1), np.float32)


def _longest(found: "NDArray[np.bool_]") -> int:
    longest = run = 0
    for one in found:
        run = run + 1 if one else 0
        longest = max(longest, run)
    return longest


def _normal(begin: Floats, end: Floats) -> Floats:
    along = (end - begin) / max(float(np.linalg.norm(end - begin)), 1e-6)
    return np.array([-along[1], along[0]], np.float32)


def _places(begin: Floats, end: Floats, inset: float) -> Floats:
    return np.asarray(begin + (end - begin) * np.linspace(inset, 1 - inset, PLACES)[:, None], np.float32)


def _at(values: Floats, places: Floats) -> Floats:
    height, width = values.shape[:2]
    x, y = places.round().astype(int).T
    return np.asarray(values[y.clip(0, height - 1), x.clip(0, width - 1)], np.float32)


def _supported(rises: tuple[Floats, Floats], begin: Floats, end: Floats, inset: float = 0.1) -> "NDArray[np.bool_]":
    """Where along a side the picture changes squarely to it, in the sense in which it mostly does."""
    clear = rising(rises, begin, end, _places(begin, end, inset), REACH)
    senses = np.concatenate([(clear > 0).any(axis=1), (clear < 0).any(axis=1)], axis=1)  # (places, channels of each sense)
    return np.asarray(senses[:, int(senses.mean(axis=0).argmax())], np.bool_)
