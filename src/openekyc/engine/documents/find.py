"""Where the card lies in a photograph, and the card laid flat.

Plain geometry: regions that stand out in lightness, colour or by their outline are wrapped in a hull, the hull is brought to four sides,
and the sides are fitted to its points, which rounded corners do not disturb. A candidate must have a card's shape and size and lie on edges
of the picture. A frame that is already cropped to the card yields none, and then the whole frame is the card.
"""

from collections.abc import Iterator
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from openekyc.engine.documents.boxes import ordered, size
from openekyc.engine.face.values import Floats, Image

SEARCH_SIDE = 640  # pixels of the longer side while searching
ASPECT = (1.35, 1.75)  # an identity card has 1.59, a passport's page 1.42; perspective moves them
AREA = (0.12, 0.80)  # share of the frame; a larger card is the frame
SOLID = 0.92  # least share of the four-sided shape that the outline fills
SUPPORT = 0.5, 0.75  # least share of the weakest side and of all sides that lies on an edge
REACH = 3  # pixels from a side within which an edge supports it
SLOPE = 4.0  # grey values per pixel from which there is an edge
CARD = (1012, 638)  # pixels of an ID-1 card, laid flat
PAGE = (1012, 712)  # of a passport's page (ID-3)
FINEST = 2  # a card is laid flat at up to this multiple of that, if the photograph is fine enough


class Found(NamedTuple):
    """A card in a photograph: its corners (4, 2), top left first as it lies there, and how well they are supported, 0..1."""

    corners: Floats
    support: float


def find_card(image: Image) -> Found | None:
    """The most card-like shape in the picture, None if there is none."""
    scale = min(SEARCH_SIDE / max(image.shape[:2]), 1.0)
    calm = calmed(image, scale)
    rises = slopes(calm)
    best: Found | None = None
    for corners in _candidates(calm):
        support = _support(corners, rises)
        if support and (best is None or support * _area(corners) > best.support * _area(best.corners)):
            best = Found(corners, support)
    return Found(best.corners / scale, best.support) if best else None


def flatten(image: Image, corners: Floats, *, passport: bool = False) -> Image:
    """The card inside `corners`, laid flat in the size of its kind or a multiple as fine as the picture. A card that stands upright in the
    picture stays so; the turn is found by its text."""
    across, down = size(corners)
    long, short = PAGE if passport else CARD
    fineness = float(np.clip(max(across, down) / long, 1.0, FINEST))
    wide, high = (long, short) if across >= down else (short, long)
    target = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], np.float32) * fineness
    matrix = cv2.getPerspectiveTransform(corners.astype(np.float32), target)
    extent = round(wide * fineness), round(high * fineness)
    flags = cv2.INTER_CUBIC if max(across, down) < long else cv2.INTER_AREA
    return np.asarray(cv2.warpPerspective(image, matrix, extent, flags=flags, borderMode=cv2.BORDER_REPLICATE), np.uint8)


def whole(image: Image, *, passport: bool = False) -> Image:
    """The whole frame as the card: in the size of its kind if it has about a card's shape, else in its own shape."""
    height, width = image.shape[:2]
    if card_shaped(image):
        frame = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
        return flatten(image, frame, passport=passport)
    longest = max(height, width)
    scale = float(np.clip(longest, CARD[0], FINEST * CARD[0])) / longest
    flags = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(image, None, fx=scale, fy=scale, interpolation=flags), np.uint8)


def card_shaped(image: Image) -> bool:
    """Whether a picture has about the shape of a card."""
    height, width = image.shape[:2]
    return bool(ASPECT[0] <= max(height, width) / min(height, width) <= ASPECT[1])


def calmed(image: Image, scale: float) -> Image:
    """The picture at the scale of the search, without its fine texture."""
    small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.bilateralFilter(small, 7, 40, 7), np.uint8)


def outlines(calm: Image) -> "Iterator[NDArray[np.int32]]":
    """Hulls of everything that stands out."""
    for mask in _masks(calm, _edges(calm)):
        contours, _ = cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
        for contour in contours:
            yield np.asarray(cv2.convexHull(contour), np.int32)


def _edges(calm: Image) -> Image:
    channels = [cv2.Canny(channel, 20, 60) for channel in cv2.split(cv2.cvtColor(calm, cv2.COLOR_BGR2Lab))]
    return np.asarray(np.maximum.reduce(channels), np.uint8)


def _candidates(calm: Image) -> Iterator[Floats]:
    frame = calm.shape[0] * calm.shape[1]
    for hull in outlines(calm):
        if AREA[0] * frame < cv2.contourArea(hull) and (corners := _four_sides(hull)) is not None and _plausible(corners, frame):
            yield corners


def _masks(calm: Image, edges: Image) -> Iterator[Image]:
    kernel = np.ones((3, 3), np.uint8)
    for width in (1, 2, 4):  # gaps in the outline are bridged a little, then more
        yield np.asarray(cv2.dilate(edges, kernel, iterations=width), np.uint8)
    saturation = cv2.cvtColor(calm, cv2.COLOR_BGR2HSV)[:, :, 1]
    for channel in (*cv2.split(cv2.cvtColor(calm, cv2.COLOR_BGR2Lab)), saturation):
        _, split = cv2.threshold(channel, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
        opened = cv2.morphologyEx(split, cv2.MORPH_OPEN, kernel, iterations=2)
        yield np.asarray(opened, np.uint8)
        yield np.asarray(cv2.bitwise_not(opened), np.uint8)


def _four_sides(hull: "NDArray[np.int32]") -> Floats | None:
    """The four-sided shape around a hull, its sides fitted to the hull's own straight parts."""
    rough = _rough(hull)
    if rough is None:
        return None
    outline = _dense(hull[:, 0].astype(np.float32))
    sides = [_side(outline, rough[place], rough[(place + 1) % 4]) for place in range(4)]
    corners = [_crossing(sides[place - 1], sides[place]) for place in range(4)]
    if any(corner is None for corner in corners):
        return None
    fitted = ordered(np.array(corners, np.float32))
    filled = cv2.contourArea(hull) / max(cv2.contourArea(fitted), 1.0)
    return fitted if SOLID <= filled <= 1 / SOLID and cv2.isContourConvex(fitted) else None


def _rough(hull: "NDArray[np.int32]") -> Floats | None:
    around = cv2.arcLength(hull, True)
    for tolerance in (0.02, 0.04, 0.06, 0.08):
        shape = cv2.approxPolyDP(hull, tolerance * around, True)
        if len(shape) == 4:
            return ordered(shape[:, 0].astype(np.float32))
    return None


def _dense(points: Floats) -> Floats:
    """Points every pixel along a closed outline."""
    parts = []
    for begin, end in zip(points, np.roll(points, -1, axis=0), strict=True):
        count = max(int(np.linalg.norm(end - begin)), 1)
        parts.append(begin + (end - begin) * np.arange(count)[:, None] / count)
    return np.concatenate(parts).astype(np.float32)


def _side(outline: Floats, begin: Floats, end: Floats) -> Floats:
    """The line (normal x, normal y, offset) through the outline's points near the middle 70 % of a rough side."""
    along = (end - begin) / max(float(np.linalg.norm(end - begin)), 1e-6)
    normal = np.array([-along[1], along[0]], np.float32)
    place = (outline - begin) @ along / max(float(np.linalg.norm(end - begin)), 1e-6)
    off = np.abs((outline - begin) @ normal)
    near = outline[(place > 0.15) & (place < 0.85) & (off < 0.06 * np.linalg.norm(end - begin))]
    if len(near) < 8:
        return np.array([*normal, normal @ begin], np.float32)
    vx, vy, x, y = cv2.fitLine(near, cv2.DIST_HUBER, 0, 0.01, 0.01).ravel()
    return np.array([-vy, vx, -vy * x + vx * y], np.float32)


def _crossing(a: Floats, b: Floats) -> Floats | None:
    matrix = np.array([a[:2], b[:2]])
    if abs(np.linalg.det(matrix)) < 0.1:  # nearly parallel
        return None
    return np.asarray(np.linalg.solve(matrix, np.array([a[2], b[2]])), np.float32)


def _plausible(corners: Floats, frame: int) -> bool:
    across, down = size(corners)
    aspect = max(across, down) / max(min(across, down), 1.0)
    return ASPECT[0] <= aspect <= ASPECT[1] and AREA[0] <= _area(corners) / frame <= AREA[1]


def _area(corners: Floats) -> float:
    return float(cv2.contourArea(corners))


def slopes(calm: Image) -> tuple[Floats, Floats]:
    """How steeply each channel of Lab rises to the right and downwards."""
    smooth = cv2.GaussianBlur(cv2.cvtColor(calm, cv2.COLOR_BGR2Lab), (0, 0), 1.2)
    right, down = (cv2.Sobel(smooth, cv2.CV_32F, *way, ksize=3) / 4 for way in ((1, 0), (0, 1)))
    return np.asarray(right, np.float32), np.asarray(down, np.float32)


def rising(rises: tuple[Floats, Floats], begin: Floats, end: Floats, places: Floats, reach: int) -> Floats:
    """How steeply the picture rises across a side at some places (n, 2) and the pixels up to `reach` beside them: (n, beside, channels),
    0 where it does not rise squarely to the side."""
    height, width = rises[0].shape[:2]
    along = (end - begin) / max(float(np.linalg.norm(end - begin)), 1e-6)
    normal = np.array([-along[1], along[0]], np.float32)
    points = (places[:, None] + normal * np.arange(-reach, reach + 1)[:, None]).round().astype(int)
    x, y = points[..., 0].clip(0, width - 1), points[..., 1].clip(0, height - 1)
    across = rises[0][y, x] * normal[0] + rises[1][y, x] * normal[1]
    beside = np.abs(rises[0][y, x] * along[0] + rises[1][y, x] * along[1])
    return np.asarray(np.where(np.abs(across) > np.maximum(SLOPE, 1.5 * beside), across, 0), np.float32)


def _support(corners: Floats, rises: tuple[Floats, Floats]) -> float:
    """Share of the sides across which the picture changes, squarely to the side and mostly in one sense; 0 if that is too little. Edges
    that merely cross a side, as those of a texture do, say nothing."""
    shares = []
    for begin, end in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        clear = rising(rises, begin, end, begin + (end - begin) * np.linspace(0.08, 0.92, 60)[:, None], REACH)
        senses = [(clear > 0).any(axis=1).mean(axis=0), (clear < 0).any(axis=1).mean(axis=0)]
        shares.append(float(np.max(senses)))
    weakest, mean = min(shares), sum(shares) / 4
    return mean if weakest >= SUPPORT[0] and mean >= SUPPORT[1] else 0.0
