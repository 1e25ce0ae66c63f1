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
PEAK = 140.0  # the strongest regular pattern by the median of the spectrum
BLOB = 0.02  # share of the card under one saturated spot with a smooth halo
SOFT = 40.0  # variance of the Laplacian
DENSE = 0.7  # pixels of the photograph for one of the flattened card, from which softness is the camera's


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
    found = {
        BORDER: numbers["touch"] > 0,
        PHOTOCOPY: numbers["saturation"] < GREY,
        SCREEN: numbers["pattern"] > PEAK,
        GLARE: numbers["glare"] > BLOB,
        BLUR: numbers["sharpness"] < SOFT and seen.density >= DENSE,
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
    """Share of the card under its largest saturated spot, if the spot fades smoothly and no text shows in it."""
    grey = np.asarray(cv2.GaussianBlur(cv2.cvtColor(card, cv2.COLOR_BGR2GRAY), (0, 0), 2), np.uint8)
    spots = (grey > 250).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(spots)
    best = 0.0
    for spot in range(1, count):
        share = float(stats[spot, cv2.CC_STAT_AREA]) / grey.size
        if share > best and _fades(grey, labels == spot) and not _holds_text(labels == spot, boxes):
            best = share
    return best


def _fades(grey: Image, spot: "np.ndarray[tuple[int, ...], np.dtype[np.bool_]]") -> bool:
    """Whether brightness falls off gently around a spot, as a reflection's does and a white field's does not."""
    mask = spot.astype(np.uint8)
    ring = cv2.dilate(mask, np.ones((25, 25), np.uint8)) - mask
    around = grey[ring > 0]
    return len(around) > 0 and float(np.percentile(around, 25)) > 200


def _holds_text(spot: "np.ndarray[tuple[int, ...], np.dtype[np.bool_]]", boxes: Sequence[Floats]) -> bool:
    for box in boxes:
        x, y = box.mean(axis=0).astype(int)
        if 0 <= y < spot.shape[0] and 0 <= x < spot.shape[1] and size(box)[0] > 10 and spot[y, x]:
            return True
    return False
