"""What is wrong with the photograph of a card: warnings -9101 ... -9108, each from numbers with thresholds.

The thresholds were measured (docs/research/documents.md holds sets and rates). What cannot be told of a photograph is reported as not
checked: -9104, an edited picture, never can; screens, reflections and softness not where the photograph is too coarse; a card that is
cut off not where the frame may as well be the card.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import cv2
import numpy as np

from openekyc.engine.documents import border
from openekyc.engine.documents.boxes import size
from openekyc.engine.face.values import Floats, Image

BORDER, PHOTOCOPY, SCREEN, EDITED, GLARE, BLUR = -9101, -9102, -9103, -9104, -9107, -9108
UNCHECKED = (EDITED,)

WIDTH = 1012  # pixels of the card at which saturation, reflections and sharpness are measured
COVERED = 0.03  # share of one side of the card under something else
GREY = 12.0  # 90th percentile of saturation under which a card is a grey copy
PEAK = 7.0  # the strongest regular pattern that lies nearly everywhere, by what surrounds it in the spectrum
TILE = 128  # pixels
TILES = 7, 4  # at most, across and down
EVERYWHERE = 25  # percentile of the tiles: three of four must show the pattern
COARSEST = 14  # frequencies nearer than this to the middle of a tile's spectrum are those of print
FINEST = 62  # along each axis; beyond lies what enlarging leaves
AXIS = 3  # frequencies nearer to an axis are those of lines, edges, and blocks of a JPEG
AROUND = 21  # bins of the surroundings of a frequency
FLOOR = 25.0  # of a spectrum: about what noise of half a grey value leaves; where nothing at all is, nothing stands out
BLOB = 0.02  # share of the card under one reflection
BURNT = 250  # of every colour
SMALLEST_SPOT, MOST_SPOTS = 0.002, 6
SOFT_STEP = 0.5, 60.0  # grey values by which a reflection falls off in each of two steps of 6 pixels
SOFT = 40.0  # variance of the Laplacian
DENSE = 0.8  # pixels of the photograph for one of the flattened card; under it, softness and regular patterns come from enlarging


class Seen(NamedTuple):
    """A flattened card with what its photograph tells.

    `corners` are the card's in the photograph (None: the frame is the card), `density` the photograph's pixels for one of the card, `boxes`
    the card's text. `frame` is the photograph, `written` all text in it if no card was found there."""

    card: Image
    corners: Floats | None
    frame: Image
    density: float
    boxes: Sequence[Floats]
    written: Sequence[Floats] = ()


class Judged(NamedTuple):
    """The warnings, what could not be told of this photograph, and the numbers behind both."""

    found: tuple[int, ...]
    unchecked: tuple[int, ...]
    numbers: Mapping[str, float]


def judge(seen: Seen) -> Judged:
    """What is wrong with the photograph, as far as it can be told."""
    scale = WIDTH / seen.card.shape[1]
    card = np.asarray(cv2.resize(seen.card, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
    grey = np.asarray(cv2.cvtColor(card, cv2.COLOR_BGR2GRAY), np.uint8)
    numbers = {
        **_border(seen),
        "saturation": saturation(card),
        "pattern": pattern(np.asarray(cv2.cvtColor(seen.card, cv2.COLOR_BGR2GRAY), np.uint8)),
        "glare": glare(card, [box * scale for box in seen.boxes]),
        "sharpness": float(cv2.Laplacian(grey, cv2.CV_64F).var()),
        "density": seen.density,
    }
    fine = seen.density >= DENSE
    sharp = numbers["sharpness"] >= SOFT
    coloured = numbers["saturation"] >= GREY  # the white of a copy is burnt out everywhere
    found = {
        BORDER: numbers["covered"] >= COVERED or max(numbers[name] for name in ("cut_corners", "cut_text", "cut_outline")) > 0,
        PHOTOCOPY: not coloured,
        SCREEN: numbers["pattern"] > PEAK and fine and sharp,
        GLARE: numbers["glare"] > BLOB and fine and coloured,
        BLUR: not sharp and fine,
    }
    told = {BORDER: seen.corners is not None or found[BORDER], SCREEN: fine and sharp, GLARE: fine and coloured, BLUR: fine}
    return Judged(
        tuple(code for code, wrong in found.items() if wrong),
        (*(code for code, known in told.items() if not known), *UNCHECKED),
        {name: round(value, 3) for name, value in numbers.items()},
    )


def _border(seen: Seen) -> dict[str, float]:
    extent = seen.frame.shape[1], seen.frame.shape[0]
    if seen.corners is not None:
        corners, covered = border.cut_corners(seen.corners, extent), border.covered(seen.frame, seen.corners)
        return {"cut_corners": float(corners), "covered": covered, "cut_text": 0.0, "cut_outline": 0.0}
    text, outline = border.cut_text(seen.written, extent), border.cut_outline(seen.frame, seen.written)
    return {"cut_corners": 0.0, "covered": 0.0, "cut_text": float(text), "cut_outline": outline}


def saturation(card: Image) -> float:
    """90th percentile of the HSV saturation, 0..255."""
    return float(np.percentile(cv2.cvtColor(card, cv2.COLOR_BGR2HSV)[:, :, 1], 90))


def pattern(grey: Image) -> float:
    """The strongest regular pattern that lies nearly everywhere on the card, by what surrounds it in the spectrum.

    A screen's grid and its moire lie over all of it, print only where something is printed: evenly spaced letters and rows are as regular
    as a screen, in their own place. So the spectra of small parts are compared, and a frequency counts for what three of four show.
    """
    window = np.outer(np.hanning(TILE), np.hanning(TILE)).astype(np.float32)
    spectra = [_spectrum(part * window - part.mean() * window) for part in _parts(grey)]
    if not spectra:
        return 0.0
    common = np.percentile(np.stack(spectra), EVERYWHERE, axis=0).astype(np.float32)
    ratio = common / _surroundings(common)
    off = np.abs(np.arange(TILE) - TILE // 2)
    along = (off > AXIS) & (off <= FINEST)
    counted = along[:, None] & along[None, :] & (np.hypot(off[:, None], off[None, :]) > COARSEST)
    return float(ratio[counted].max())


def _parts(grey: Image) -> Iterator[Floats]:
    """Square parts spread over the card."""
    height, width = grey.shape
    if min(height, width) < TILE:
        return
    across, down = (min(side // TILE, most) for side, most in zip((width, height), TILES, strict=True))
    for top in np.linspace(0, height - TILE, down).astype(int):
        for left in np.linspace(0, width - TILE, across).astype(int):
            yield np.asarray(grey[top : top + TILE, left : left + TILE], np.float32)


def _spectrum(part: Floats) -> Floats:
    """Every frequency with its neighbours: perspective moves a pattern a little from part to part."""
    values = np.abs(np.fft.fftshift(np.fft.fft2(part))).astype(np.float32)
    return np.asarray(cv2.dilate(values, np.ones((3, 3), np.uint8)), np.float32)


def _surroundings(spectrum: Floats) -> Floats:
    """The median around every frequency. Taken on 8-bit logarithms, for which the filter is quick."""
    margin = AROUND // 2
    logarithm = np.log(np.maximum(spectrum, FLOOR) / FLOOR)
    step = 255 / max(float(logarithm.max()), 1e-6)
    wrapped = cv2.copyMakeBorder(logarithm * step, margin, margin, margin, margin, cv2.BORDER_WRAP)
    medians = cv2.medianBlur(wrapped.round().astype(np.uint8), AROUND)[margin:-margin, margin:-margin]
    return np.asarray(np.exp(medians.astype(np.float32) / step) * FLOOR, np.float32)


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
