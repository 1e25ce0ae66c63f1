"""How a Thai line is cut out of a card: vowels stand over and under the letters, where the line's box ends and the next one begins.

Two cuts of each line are made, and Tesseract says of which it is surer. The plain one grows the box a little. The clean one grows it by
more, divides the background out and takes away what hangs in from the lines above and below. Neither is better on every card.
"""

import cv2
import numpy as np

from openekyc.engine.face.values import Floats, Image

MARGIN = 16  # white pixels around a line
LONGEST = 4000  # pixels of a line
PLAIN = (0.3, 0.12, 96)  # growth at the top and at the bottom in heights of the box, and the height of the cut in pixels
CLEAN = (0.4, 0.2, 72)
PAPER = 0.35  # of the height: what is narrower than this on the background is ink


def cuts(image: Image, box: Floats) -> tuple[Image, Image]:
    """The plain and the clean cut of a line (grey uint8) in `image` (BGR), for the corners of its box (4, 2), each with a margin."""
    plain, clean = _level(image, box, *PLAIN), _cleaned(_level(image, box, *CLEAN))
    white = cv2.copyMakeBorder(clean, MARGIN, MARGIN, MARGIN, MARGIN, cv2.BORDER_CONSTANT, value=255)
    return np.asarray(cv2.copyMakeBorder(plain, MARGIN, MARGIN, MARGIN, MARGIN, cv2.BORDER_REPLICATE), np.uint8), np.asarray(
        white, np.uint8
    )


def _level(image: Image, box: Floats, up: float, down: float, height_px: int) -> Image:
    step = (box[3] - box[0] + box[2] - box[1]) / 2
    grown = box + np.stack([-up * step, -up * step, down * step, down * step])
    width, height = float(np.linalg.norm(grown[1] - grown[0])), float(np.linalg.norm(grown[3] - grown[0]))
    across = int(np.clip(round(height_px * width / max(height, 1.0)), height_px // 2, LONGEST))
    frame = np.array([[0, 0], [across, 0], [across, height_px], [0, height_px]], np.float32)
    matrix = cv2.getPerspectiveTransform(grown.astype(np.float32), frame)
    level = cv2.warpPerspective(image, matrix, (across, height_px), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(cv2.cvtColor(level, cv2.COLOR_BGR2GRAY), np.uint8)


def _cleaned(grey: Image) -> Image:
    """Ink on white, without what belongs to the neighbours: pieces of ink that touch the upper or lower edge and lie mostly outside the
    line's own box."""
    size = int(PAPER * grey.shape[0]) | 1
    paper = cv2.GaussianBlur(cv2.morphologyEx(grey, cv2.MORPH_CLOSE, np.ones((size, size), np.uint8)), (0, 0), size / 3)
    even = np.clip(grey.astype(np.float32) * 255 / np.maximum(paper.astype(np.float32), 1), 0, 255).astype(np.uint8)
    _, ink = cv2.threshold(even, 0, 255, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)
    count, labels, stats, centres = cv2.connectedComponentsWithStats(ink, connectivity=8)
    up, down, height = CLEAN
    top, bottom = height * up / (1 + up + down), height * (1 + up) / (1 + up + down)
    foreign = np.zeros(count, bool)
    for piece in range(1, count):
        begin, tall = stats[piece, cv2.CC_STAT_TOP], stats[piece, cv2.CC_STAT_HEIGHT]
        touches = begin == 0 or begin + tall == height
        foreign[piece] = touches and tall < 0.8 * height and not top <= centres[piece][1] <= bottom
    hanging = cv2.dilate(foreign[labels].astype(np.uint8), np.ones((3, 3), np.uint8)).astype(bool)
    return np.asarray(np.where(hanging, 255, even), np.uint8)
