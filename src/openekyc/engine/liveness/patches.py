"""What the light cue reads from a frame: linear light of many small patches of skin, and of the background."""

import cv2
import numpy as np
from numpy.typing import NDArray

from openekyc.engine.face.values import Floats, Image, Mesh

# Mesh points on skin, spread evenly over the canonical face (none further than 1 cm from the next). Eyes, brows, lips and the outline,
# with a margin of 5 % of the face's width, are left out.
# fmt: off
POINTS = np.array((
    4, 9, 32, 34, 36, 48, 50, 60, 68, 69, 71, 83, 92, 100, 101, 104, 107, 108, 111, 116, 118, 123, 128, 134, 135, 137, 138, 139, 143,
    147, 151, 156, 167, 168, 169, 170, 171, 177, 187, 192, 196, 199, 200, 202, 203, 204, 205, 206, 207, 209, 210, 212, 213, 214, 215,
    216, 217, 221, 224, 227, 228, 230, 241, 248, 261, 262, 264, 266, 277, 280, 290, 294, 298, 299, 301, 322, 333, 336, 337, 345, 346,
    347, 348, 351, 352, 363, 364, 366, 367, 368, 372, 376, 383, 393, 394, 395, 396, 399, 401, 411, 416, 421, 422, 423, 424, 425, 426,
    427, 429, 430, 432, 433, 434, 435, 436, 438, 441, 443, 447, 465,
))
# fmt: on
WORKING_WIDTH = 96  # the face is averaged down to this many pixels across; a patch is 3 x 3 of them, a thirtieth of the face's width


def _linear_table() -> NDArray[np.float32]:
    level = np.arange(256) / 255.0
    linear = np.where(level <= 0.04045, level / 12.92, ((level + 0.055) / 1.055) ** 2.4)
    return linear.astype(np.float32)


LINEAR = _linear_table()  # 8-bit sRGB -> linear light in 0..1


def sample(image: Image, mesh: Mesh) -> tuple[Floats, Floats]:
    """Mean linear RGB (red, green, blue) of `image` (BGR): patches (n, 3) in the order of `POINTS`, and the background (3,): the upper
    corners of the picture where the face does not reach them, NaN where it does."""
    height, width = image.shape[:2]
    left, top = np.floor(mesh.points[:, :2].min(axis=0)).astype(int)
    right, bottom = np.ceil(mesh.points[:, :2].max(axis=0)).astype(int) + 1
    x0, y0, x1, y1 = max(left, 0), max(top, 0), min(right, width), min(bottom, height)
    if x1 - x0 < 8 or y1 - y0 < 8:
        return np.full((len(POINTS), 3), np.nan, np.float32), np.full(3, np.nan, np.float32)
    small, scale = _shrink(image[y0:y1, x0:x1])
    places = (mesh.points[POINTS, :2] - (x0, y0)) * scale
    return _patches(small, places), _background(image, int(left), int(right))


def _shrink(face: Image) -> tuple[Floats, float]:
    scale = min(1.0, WORKING_WIDTH / face.shape[1])
    size = (max(round(face.shape[1] * scale), 4), max(round(face.shape[0] * scale), 4))
    linear = cv2.LUT(face, LINEAR)
    return np.asarray(cv2.resize(linear, size, interpolation=cv2.INTER_AREA), dtype=np.float32), scale


def _patches(small: Floats, places: Floats) -> Floats:
    smooth = cv2.blur(small, (3, 3))
    columns = np.clip(np.round(places[:, 0]).astype(int), 0, small.shape[1] - 1)
    rows = np.clip(np.round(places[:, 1]).astype(int), 0, small.shape[0] - 1)
    return np.asarray(smooth[rows, columns, ::-1], dtype=np.float32)


def _background(image: Image, left: int, right: int) -> Floats:
    height, width = image.shape[:2]
    margin = (right - left) // 3
    strip, reach = max(height // 4, 1), max(width // 6, 1)
    corners = []
    if left - margin > reach:
        corners.append(image[:strip:4, :reach:4])
    if right + margin < width - reach:
        corners.append(image[:strip:4, width - reach :: 4])
    if not corners:
        return np.full(3, np.nan, np.float32)
    means = [cv2.LUT(np.ascontiguousarray(corner), LINEAR).mean(axis=(0, 1)) for corner in corners]
    return np.asarray(np.mean(means, axis=0)[::-1], dtype=np.float32)
