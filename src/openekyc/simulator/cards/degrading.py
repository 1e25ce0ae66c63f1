"""What cameras, screens and copiers do to a card. Each degradation is a function of a card's pixels and a random generator; the result is
a photograph: the card on a table, or as it came out of a copier."""

from collections.abc import Callable, Mapping

import cv2
import numpy as np

from openekyc.engine.face.values import Floats, Image

Degrade = Callable[[Image, np.random.Generator], Image]

TABLE = (92, 104, 112)  # BGR of the table a card lies on
MARGIN = 0.12  # of the card's width, around it
JPEG_QUALITY = 20


def flat(card: Image, random: np.random.Generator) -> Image:
    """The card straight on a table."""
    return _laid(card, random, 0.0, 0.0)


def tilted(card: Image, random: np.random.Generator) -> Image:
    """Turned by up to 12 degrees and seen at a slant."""
    angle = float(random.uniform(4, 12) * random.choice([-1, 1]))
    return _laid(card, random, angle, 0.06)


def turned(card: Image, random: np.random.Generator) -> Image:
    """By one, two or three quarter turns."""
    return np.asarray(np.rot90(flat(card, random), int(random.integers(1, 4))).copy(), np.uint8)


def half_size(card: Image, random: np.random.Generator) -> Image:
    """A camera with half the pixels: the card about 500 wide."""
    return np.asarray(cv2.resize(flat(card, random), None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), np.uint8)


def blurred(card: Image, random: np.random.Generator) -> Image:
    """Out of focus."""
    return np.asarray(cv2.GaussianBlur(flat(card, random), (0, 0), 2.0), np.uint8)


def glaring(card: Image, random: np.random.Generator) -> Image:
    """A lamp mirrored in the laminate."""
    image = flat(card, random).astype(np.float32)
    height, width = image.shape[:2]
    y, x = np.mgrid[:height, :width].astype(np.float32)
    centre = random.uniform(0.3, 0.7, 2) * (width, height)
    distance = ((x - centre[0]) / (0.14 * width)) ** 2 + ((y - centre[1]) / (0.12 * height)) ** 2
    return np.asarray(np.clip(image + (420 * np.exp(-distance))[..., None], 0, 255), np.uint8)


def compressed(card: Image, random: np.random.Generator) -> Image:
    """JPEG of low quality."""
    _, data = cv2.imencode(".jpg", flat(card, random), [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)


def screened(card: Image, random: np.random.Generator) -> Image:
    """Photographed from a screen: its grid of pixels, in bluish light."""
    image = flat(card, random).astype(np.float32)
    y, x = np.mgrid[: image.shape[0], : image.shape[1]].astype(np.float32)
    pitch, angle = random.uniform(2.6, 4.2), random.uniform(0.02, 0.12)
    wave = np.sin(2 * np.pi * (x * np.cos(angle) + y * np.sin(angle)) / pitch) * np.sin(
        2 * np.pi * (y * np.cos(angle) - x * np.sin(angle)) / pitch
    )
    return np.asarray(np.clip((image + 26 * wave[..., None]) * np.array([1.06, 1.0, 0.96], np.float32), 0, 255), np.uint8)


def copied(card: Image, random: np.random.Generator) -> Image:
    """A grey photocopy on white paper."""
    grey = cv2.cvtColor(card, cv2.COLOR_BGR2GRAY).astype(np.float32)
    hard = np.clip((grey - 90) * 1.6 + 40 + random.normal(0, 5, grey.shape), 0, 255).astype(np.uint8)
    return _laid(cv2.cvtColor(hard, cv2.COLOR_GRAY2BGR), random, float(random.uniform(-2, 2)), 0.0, ground=(250, 250, 250), edge=True)


DEGRADATIONS: Mapping[str, Degrade] = {
    "flat": flat,
    "tilt": tilted,
    "turn": turned,
    "half": half_size,
    "blur": blurred,
    "glare": glaring,
    "jpeg": compressed,
    "screen": screened,
    "photocopy": copied,
}


def _laid(
    card: Image, random: np.random.Generator, angle: float, slant: float, *, ground: tuple[int, int, int] = TABLE, edge: bool = False
) -> Image:
    """The card on a ground, turned and slanted, with a little noise."""
    height, width = card.shape[:2]
    margin = MARGIN * width
    frame = round(width + 2 * margin), round(height + 2 * margin)
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    matrix = cv2.getPerspectiveTransform(corners, _placed(corners, frame, angle, slant, random))
    mask = cv2.warpPerspective(_rounded(height, width), matrix, frame, flags=cv2.INTER_LINEAR)[..., None].astype(np.float32) / 255
    laid = cv2.warpPerspective(card, matrix, frame, flags=cv2.INTER_AREA if not angle else cv2.INTER_CUBIC).astype(np.float32)
    shade = 0.0 if edge else 14.0
    y, x = np.mgrid[: frame[1], : frame[0]].astype(np.float32)
    table = np.array(ground, np.float32) + shade * np.sin(x / 190 + y / 310)[..., None]
    whole = laid * mask + table * (1 - mask) + random.normal(0, 2, (frame[1], frame[0], 3))
    return np.asarray(np.clip(whole, 0, 255), np.uint8)


def _placed(corners: Floats, frame: tuple[int, int], angle: float, slant: float, random: np.random.Generator) -> Floats:
    """Where the corners come to lie: shrunk if the turn needs room, one side nearer than the other."""
    middle = corners.mean(axis=0)
    turn = np.deg2rad(angle)
    rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    moved = (corners - middle) @ rotation.T
    if slant:
        moved *= 1 - random.uniform(0.3, 1.0) * slant * np.sign(random.uniform(-1, 1)) * moved[:, :1] / np.abs(moved[:, 0]).max()
    room = min(frame[0] / np.ptp(moved[:, 0]), frame[1] / np.ptp(moved[:, 1]), 1.06) * 0.94
    return np.asarray(moved * room + np.array(frame) / 2, np.float32)


def _rounded(height: int, width: int) -> Image:
    """A card's outline with its round corners."""
    mask, radius = np.zeros((height, width), np.uint8), round(0.037 * width)
    cv2.rectangle(mask, (radius, 0), (width - radius - 1, height - 1), 255, -1)
    cv2.rectangle(mask, (0, radius), (width - 1, height - radius - 1), 255, -1)
    for x in (radius, width - radius - 1):
        for y in (radius, height - radius - 1):
            cv2.circle(mask, (x, y), radius, 255, -1)
    return mask
