"""Where text stands in a picture: PP-OCR's detector and its post-processing ("differentiable binarisation", Liao et al. 2020).

The network says for every pixel how probably it belongs to the shrunken core of a line of text. Cores are outlined by rectangles in any
direction, which are then grown by what training had shrunk them by.
"""

from typing import TYPE_CHECKING

import cv2
import numpy as np

from openekyc.engine.face.values import Floats, Image

if TYPE_CHECKING:
    from openekyc.engine.runtime import Models

MEAN = np.array([0.485, 0.456, 0.406], np.float32)
DEVIATION = np.array([0.229, 0.224, 0.225], np.float32)
SIDE = 1024  # the longer side at which a card or a passport's page is searched
MULTIPLE = 32  # the network halves its input five times

CORE = 0.2  # probability from which a pixel belongs to a core
SURE = 0.35  # mean probability over a rectangle from which it is text; signs that stand apart in a row reach less than 0.45
GROWTH = 1.4  # of a core: area times this by circumference is the margin on each side
THINNEST = 3.0  # pixels of a core's shorter side
MOST_BOXES = 300  # no document has more lines; noise does


def text_boxes(models: "Models", image: Image, side: int = SIDE) -> list[Floats]:
    """Rectangles of text, each (4, 2) in pixels of `image`: top left, top right, bottom right, bottom left as they lie in the picture, so
    that a steep line (more than 45 degrees) is higher than wide. The picture is searched with its longer side at `side` pixels."""
    height, width = image.shape[:2]
    batch = _batch(image, side / max(height, width))
    heat = models.text_detector(batch)[0, 0]
    scale = np.array([width / heat.shape[1], height / heat.shape[0]], np.float32)
    contours, _ = cv2.findContours((heat > CORE).astype(np.uint8), cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    found = [_grown(contour, heat) for contour in sorted(contours, key=len, reverse=True)[:MOST_BOXES]]
    return [box * scale for box in found if box is not None]


def _batch(image: Image, scale: float) -> Floats:
    height, width = (max(round(side * scale / MULTIPLE), 1) * MULTIPLE for side in image.shape[:2])
    shrunk = cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
    plain = shrunk.astype(np.float32) / 255
    return np.ascontiguousarray(((plain - MEAN) / DEVIATION).transpose(2, 0, 1)[None])


def _grown(contour: Image, heat: Floats) -> Floats | None:
    (x, y), (width, height), angle = cv2.minAreaRect(contour)
    if min(width, height) < THINNEST:
        return None
    if _mean(heat, np.asarray(cv2.boxPoints(((x, y), (width, height), angle)), np.float32)) < SURE:
        return None
    margin = width * height * GROWTH / (2 * (width + height))
    corners = cv2.boxPoints(((x, y), (width + 2 * margin, height + 2 * margin), angle))
    return ordered(np.asarray(corners, np.float32))


def _mean(heat: Floats, corners: Floats) -> float:
    left, top = np.floor(corners.min(axis=0)).astype(int).clip(0)
    right, bottom = np.ceil(corners.max(axis=0)).astype(int) + 1
    part = heat[top:bottom, left:right]
    mask = np.zeros(part.shape, np.uint8)
    cv2.fillPoly(mask, [(corners - (left, top)).astype(np.int32)], 1)
    mean: float = cv2.mean(part, mask)[0]
    return mean


def ordered(corners: Floats) -> Floats:
    """Four corners (4, 2) as top left, top right, bottom right, bottom left."""
    centre = corners.mean(axis=0)
    around = corners[np.argsort(np.arctan2(corners[:, 1] - centre[1], corners[:, 0] - centre[0]))]
    return np.asarray(np.roll(around, -int(np.argmin(around.sum(axis=1))), axis=0), np.float32)


def size(box: Floats) -> tuple[float, float]:
    """Width and height of a rectangle (4, 2): its mean upper and lower, left and right side."""
    sides = np.linalg.norm(box - np.roll(box, -1, axis=0), axis=1)
    return float(sides[0] + sides[2]) / 2, float(sides[1] + sides[3]) / 2
