"""What is wrong with the photograph of a card: warnings -9101 ... -9108, each from one number with one threshold.

The thresholds were measured (docs/documents.md holds sets and rates). -9104, an edited picture, cannot be told by anything that
is at hand; it is reported as not checked.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import cv2
import numpy as np

from openekyc.engine.documents.boxes import size
from openekyc.engine.face.values import Floats, Image

BORDER, PHOTOCOPY, SCREEN, EDITED, GLARE, BLUR = -9101, -9102, -9103, -9104, -9107, -9108
UNCHECKED = (EDITED,)

WIDTH = 1012  # pixels of the card at which everything is measured
TOUCH = 0.004  # of the frame's longer side: a corner nearer to the edge than this touches it
GREY = 12.0  # 90th percentile of saturation under which a card is a grey copy
PEAK = 200.0  # the strongest regular pattern by the median of the spectrum
BLOB = 0.02  # share of the card under one reflection
BURNT = 250  # of every colour
SMALLEST_SPOT, MOST_SPOTS = 0.002, 6
SOFT_STEP = 0.5, 60.0  # grey values by which a reflection falls off in each of two steps of 6 pixels
SOFT = 40.0  # variance of the Laplacian
DENSE = 0.8  # pixels of the photograph for one of the flattened card; under it, softness and regular patterns come from enlarging


class Seen(NamedTuple):
    """A flattened card with what its photograph tells: the corners in the photograph (None: the frame is the card), the frame's width
    and height, photograph pixels per card pixel, and the boxes of its text."""

    card: Image
    corners: Floats | None
    frame: tuple[int, int]
    density: float
    boxes: Sequence[Floats]


def judge(seen: Seen) -> tuple[tuple[int, ...], Mapping[str, float]]:
    """The warnings, and the numbers behind them."""
    scale = WIDTH / seen.card.shape[1]
    card = np.asarray(cv2.resize(seen.card, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
    grey = np.asarray(cv2.cvtColor(card, cv2.COLOR_BGR2GRAY), np.uint8)
    numbers = {
        "touch": touch(seen.corners, seen.frame),
        "saturation": saturation(card),
        "pattern": pattern(grey),
        "glare": glare(card, [box * scale for box in seen.boxes]),
        "sharpness": float(cv2.Laplacian(grey, cv2.CV_64F).var()),
        "density": seen.density,
    }
    fine = seen.density >= DENSE
    found = {
        BORDER: numbers["touch"] > 0,
        PHOTOCOPY: numbers["saturation"] < GREY,
        SCREEN: numbers["pattern"] > PEAK and fine and numbers["sharpness"] >= SOFT,
        GLARE: numbers["glare"] > BLOB and fine,
        BLUR: numbers["sharpness"] < SOFT and fine,
    }
    rounded = {name: round(value, 3) for name, value in numbers.items()}
    return tuple(code for code, wrong in found.items() if wrong), rounded


def touch(corners: Floats | None, frame: tuple[int, int]) -> float:
    """How many corners of a card found in the photograph lie on the frame's edge. A frame cropped to its card says nothing."""
    if corners is None:
        return 0.0
    near = TOUCH * max(frame)
    limits = np.array([frame[0] - 1, frame[1] - 1], np.float32)
    return float(((corners <= near) | (corners >= limits - near)).any(axis=1).sum())


def saturation(card: Image) -> float:
    """90th percentile of the HSV saturation, 0..255."""
    return float(np.percentile(cv2.cvtColor(card, cv2.COLOR_BGR2HSV)[:, :, 1], 90))


def pattern(grey: Image) -> float:
    """The strongest line of the spectrum away from its axes and centre, by the median: screens and moire leave sharp peaks."""
    side = 512
    height, width = grey.shape
    top, left = max((height - side) // 2, 0), max((width - side) // 2, 0)
    part = grey[top : top + side, left : left + side].astype(np.float32)
    window = np.outer(np.hanning(part.shape[0]), np.hanning(part.shape[1])).astype(np.float32)
    spectrum = np.abs(np.fft.fftshift(np.fft.fft2((part - part.mean()) * window)))
    down, across = (np.abs(np.arange(count) - count // 2) for count in spectrum.shape)
    high = (down[:, None] > 12) & (across[None, :] > 12) & (down[:, None] ** 2 + across[None, :] ** 2 > 60**2)
    values = spectrum[high]
    return float(values.max() / max(float(np.median(values)), 1e-6))


def glare(card: Image, boxes: Sequence[Floats]) -> float:
    """Share of the card under its largest burnt-out spot that looks like a reflection: inside the card, without text, fading out softly
    all around, where a white field of the print ends sharply or in more white."""
    dimmest = cv2.GaussianBlur(card.min(axis=2), (0, 0), 1.5)
    grey = np.asarray(cv2.GaussianBlur(cv2.cvtColor(card, cv2.COLOR_BGR2GRAY), (0, 0), 1.5), np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats((dimmest >= BURNT).astype(np.uint8))
    found = 0.0
    for spot in sorted(range(1, count), key=lambda spot: -int(stats[spot, cv2.CC_STAT_AREA]))[:MOST_SPOTS]:
        share = float(stats[spot, cv2.CC_STAT_AREA]) / grey.size
        mask = np.asarray(labels == spot, np.uint8)
        if share > SMALLEST_SPOT and not _touches_edge(mask) and _fades(grey, mask) and not _holds_text(mask, boxes):
            found = max(found, share)
    return found


def _touches_edge(mask: Image) -> bool:
    return bool(mask[[0, -1]].any() or mask[:, [0, -1]].any())


def _fades(grey: Image, mask: Image) -> bool:
    """Whether it grows darker step by step away from the spot."""
    rings, grown = [], mask
    for _ in range(2):
        wider = cv2.dilate(grown, np.ones((13, 13), np.uint8))
        rings.append(float(grey[(wider > 0) & (grown == 0)].mean()))
        grown = np.asarray(wider, np.uint8)
    steps = 255 - rings[0], rings[0] - rings[1]
    return SOFT_STEP[0] <= min(steps) and max(steps) <= SOFT_STEP[1]


def _holds_text(mask: Image, boxes: Sequence[Floats]) -> bool:
    for box in boxes:
        x, y = box.mean(axis=0).astype(int)
        if 0 <= y < mask.shape[0] and 0 <= x < mask.shape[1] and size(box)[0] > 10 and mask[y, x]:
            return True
    return False
