"""Photographs of schematic cards for measuring the warnings: the degradations of `openekyc simulate-cards`, and what those lack.

Cards that run out of the frame or lie under a finger, frames cropped to their card, other tables, strong compression at a tilt, and a
screen whose coloured stripes pass through a lens.
"""

from collections.abc import Mapping
from functools import partial

import cv2
import numpy as np

from openekyc.engine.face.values import Floats, Image
from openekyc.simulator.cards.degrading import DEGRADATIONS, TABLE, Degrade, tilted

SKINS = ((132, 160, 205), (96, 126, 180), (60, 84, 128))
STRIPES = 3  # fine pixels of one pixel of a screen, each of another colour
GAMMA = 2.2


def cut(card: Image, random: np.random.Generator, low: float, high: float, *, corner: bool = False) -> Image:
    """A share of the card's width or height outside the frame; with `corner` of both."""
    picture, corners = on_table(card, float(random.uniform(-8, 8) if random.random() < 0.6 else 0.0))
    width, height = _frame(card)
    first, share = int(random.integers(0, 4)), float(random.uniform(low, high))
    left, top = (picture.shape[1] - width) // 2, (picture.shape[0] - height) // 2
    (west, north), (east, south) = corners.min(axis=0), corners.max(axis=0)
    for side in (first, (first + 1) % 4) if corner else (first,):
        if side % 2:
            top = int(north + share * card.shape[0]) if side == 1 else int(south - share * card.shape[0]) - height
        else:
            left = int(west + share * card.shape[1]) if side == 0 else int(east - share * card.shape[1]) - width
    left, top = int(np.clip(left, 0, picture.shape[1] - width)), int(np.clip(top, 0, picture.shape[0] - height))
    return _noisy(picture[top : top + height, left : left + width], random)


def fingered(card: Image, random: np.random.Generator) -> Image:
    """A finger over one corner, from outside."""
    picture, corners = on_table(card, float(random.uniform(-6, 6)))
    corner = corners[int(random.integers(0, 4))]
    inward = (corners.mean(axis=0) - corner) / np.linalg.norm(corners.mean(axis=0) - corner)
    angle = np.deg2rad(random.uniform(-25, 25))
    inward = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]) @ inward
    radius, depth = random.uniform(0.07, 0.1) * card.shape[1], random.uniform(0.05, 0.14) * card.shape[1]
    tip, root = corner + inward * (depth - radius), corner - inward * 1.2 * card.shape[1]
    mask = np.zeros(picture.shape[:2], np.uint8)
    cv2.line(mask, (int(tip[0]), int(tip[1])), (int(root[0]), int(root[1])), 255, int(2 * radius))
    cv2.circle(mask, (int(tip[0]), int(tip[1])), int(radius), 255, -1)
    shadow, soft = (cv2.GaussianBlur(mask, (0, 0), sigma).astype(np.float32)[..., None] / 255 for sigma in (12, 1.2))
    roundness = np.clip(cv2.distanceTransform(mask, cv2.DIST_L2, 5)[..., None] / radius, 0, 1)
    skin = np.array(SKINS[int(random.integers(0, len(SKINS)))], np.float32) * (0.75 + 0.25 * roundness)
    covered = picture * (1 - 0.35 * shadow) * (1 - soft) + skin * soft
    width, height = _frame(card)
    left, top = (picture.shape[1] - width) // 2, (picture.shape[0] - height) // 2
    return _noisy(covered[top : top + height, left : left + width], random)


def cropped(card: Image, random: np.random.Generator) -> Image:
    """The frame is the card."""
    return _noisy(card, random)


def on_light(card: Image, random: np.random.Generator) -> Image:
    """On a light table, turned a little."""
    return _framed(*on_table(card, float(random.uniform(-6, 6)), (214, 220, 224)), card, random)


def on_cloth(card: Image, random: np.random.Generator) -> Image:
    """On a chequered cloth, turned a little."""
    return _framed(*on_table(card, float(random.uniform(-6, 6)), (92, 104, 112), checks=(150, 90, 70)), card, random)


def tilted_and_compressed(card: Image, random: np.random.Generator) -> Image:
    """At a slant, and a JPEG of quality 15 to 39."""
    _, data = cv2.imencode(".jpg", tilted(card, random), [cv2.IMWRITE_JPEG_QUALITY, int(random.integers(15, 40))])
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)


def rendered_screen(card: Image, random: np.random.Generator) -> Image:
    """A screen of 700 to 1,300 pixels across the card, its coloured stripes and gaps seen through a lens at another resolution."""
    across = round(float(random.uniform(700, 1300)))
    shown = cv2.resize(card, (across, round(across * card.shape[0] / card.shape[1])), interpolation=cv2.INTER_AREA)
    edge = round(0.12 * across)
    shown = cv2.copyMakeBorder(shown, edge, edge, edge, edge, cv2.BORDER_CONSTANT, value=(40, 40, 40))
    light = cv2.resize((shown.astype(np.float32) / 255) ** GAMMA, None, fx=STRIPES, fy=STRIPES, interpolation=cv2.INTER_NEAREST)
    stripes = np.zeros((STRIPES, STRIPES, 3), np.float32)
    for colour in range(3):
        stripes[:, 2 - colour, colour] = 1, 1, 0.3
    light *= np.tile(stripes, (shown.shape[0], shown.shape[1], 1))
    scale = float(random.uniform(1000, 1700)) / (across * STRIPES)
    turn = np.deg2rad(random.uniform(0.5, 6) * random.choice([-1, 1]))
    frame = round(light.shape[1] * scale * 1.06), round(light.shape[0] * scale * 1.08)
    matrix = np.array([[np.cos(turn) * scale, -np.sin(turn) * scale, 0], [np.sin(turn) * scale, np.cos(turn) * scale, 0], [0, 0, 1]])
    matrix[:2, 2] = np.array(frame) / 2 - matrix[:2, :2] @ (np.array(light.shape[1::-1]) / 2)
    matrix[2, 0] = random.uniform(-1, 1) * 0.04 / light.shape[1]
    seen = cv2.GaussianBlur(light, (0, 0), float(random.uniform(0.45, 0.8)) / scale)
    seen = cv2.warpPerspective(seen, matrix, frame, flags=cv2.INTER_LINEAR) * 3.9  # as bright again as without stripes
    return _noisy(np.clip(seen, 0, 1) ** (1 / GAMMA) * 255, random)


def on_table(
    card: Image, angle: float, ground: tuple[int, int, int] = TABLE, checks: tuple[int, int, int] | None = None
) -> tuple[Floats, Floats]:
    """The card in the middle of a table twice its size, and its corners there."""
    height, width = card.shape[:2]
    extent = int(2.2 * width), int(2 * height)
    turn = np.deg2rad(angle)
    rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    placed = np.asarray((corners - corners.mean(axis=0)) @ rotation.T + np.array(extent) / 2, np.float32)
    matrix = cv2.getPerspectiveTransform(corners, placed)
    mask = cv2.warpPerspective(_round_corners(height, width), matrix, extent)[..., None].astype(np.float32) / 255
    laid = cv2.warpPerspective(card, matrix, extent, flags=cv2.INTER_CUBIC).astype(np.float32)
    y, x = np.mgrid[: extent[1], : extent[0]].astype(np.float32)
    table = np.array(ground, np.float32) + 14 * np.sin(x / 190 + y / 310)[..., None]
    if checks is not None:
        table[((x // 90 + y // 90) % 2).astype(bool)] = checks
    return np.asarray(laid * mask + table * (1 - mask), np.float32), placed


def _round_corners(height: int, width: int) -> Image:
    mask, radius = np.zeros((height, width), np.uint8), round(0.037 * width)
    cv2.rectangle(mask, (radius, radius), (width - radius, height - radius), 255, -1)
    return np.asarray(cv2.dilate(mask, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1))), np.uint8)


def _framed(picture: Floats, _corners: Floats, card: Image, random: np.random.Generator) -> Image:
    width, height = _frame(card)
    left, top = (picture.shape[1] - width) // 2, (picture.shape[0] - height) // 2
    return _noisy(picture[top : top + height, left : left + width], random)


def _frame(card: Image) -> tuple[int, int]:
    return round(1.24 * card.shape[1]), round(card.shape[0] + 0.24 * card.shape[1])


def _noisy(picture: Image | Floats, random: np.random.Generator) -> Image:
    return np.asarray(np.clip(picture + random.normal(0, 2, picture.shape), 0, 255), np.uint8)


SCENES: Mapping[str, Degrade] = {
    **DEGRADATIONS,
    "tilt and jpeg": tilted_and_compressed,
    "rendered screen": rendered_screen,
    "light table": on_light,
    "chequered cloth": on_cloth,
    "cropped to the card": cropped,
    "half outside": partial(cut, low=0.35, high=0.55),
    "edge outside": partial(cut, low=0.12, high=0.30),
    "little outside": partial(cut, low=0.04, high=0.10),
    "corner outside": partial(cut, low=0.08, high=0.30, corner=True),
    "finger on a corner": fingered,
}
