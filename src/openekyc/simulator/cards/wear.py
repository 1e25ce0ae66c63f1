"""What happens to a document in years: folds and strokes of a pen anywhere, stamps over zones."""

from dataclasses import replace
from random import Random

import cv2
import numpy as np

from openekyc.engine.face.values import Image
from openekyc.simulator.cards.sketch import Mark, Plate, Sketch, is_zone

ON_ZONE, ELSEWHERE = 0.6, 0.3  # shares of sides with a mark
_INKS = ((150, 40, 60), (110, 40, 140), (40, 60, 160), (60, 60, 70))


def worn(drawn: Sketch, random: Random) -> Sketch:
    """The card with a mark on some of its sides."""
    return replace(drawn, sides={side: _plate(drawn, plate, random) for side, plate in drawn.sides.items()})


def _plate(drawn: Sketch, plate: Plate, random: Random) -> Plate:
    zone = [text for text in plate.texts if is_zone(text)]
    if random.random() > (ON_ZONE if zone else ELSEWHERE):
        return plate
    width, height = drawn.size
    target = random.choice(zone) if zone else None
    middle = (random.uniform(0.15, 0.85) * width, target.y + 0.5 * target.size if target else random.uniform(0.2, 0.9) * height)
    mark = Mark(
        random.choice(("fold", "stamp", "stroke") if zone else ("fold", "stroke")), middle, random.uniform(0, 1), random.choice(_INKS)
    )
    return replace(plate, marks=(mark,))


def mark(card: Image, one: Mark) -> Image:
    """The BGR pixels with the mark on them."""
    return {"fold": _fold, "stamp": _stamp, "stroke": _stroke}[one.form](card, one)


def _fold(card: Image, one: Mark) -> Image:
    """A crease from edge to edge, lighter in its middle than at its sides; print in it is thinner."""
    height, width = card.shape[:2]
    lean = (one.chance - 0.5) * 0.5 * height
    top, bottom = (round(one.middle[0] + lean), 0), (round(one.middle[0] - lean), height)
    light, dark = np.zeros((height, width), np.uint8), np.zeros((height, width), np.uint8)
    cv2.line(dark, top, bottom, 255, 9, cv2.LINE_AA)
    cv2.line(light, top, bottom, 255, 3, cv2.LINE_AA)
    shade = cv2.GaussianBlur(dark, (0, 0), 2.0).astype(np.float32)[..., None] / 255
    shine = cv2.GaussianBlur(light, (0, 0), 0.8).astype(np.float32)[..., None] / 255
    pixels = card.astype(np.float32) * (1 - 0.15 * shade)
    return np.asarray(np.clip(pixels + (235 - pixels) * 0.6 * shine, 0, 255), np.uint8)


def _stamp(card: Image, one: Mark) -> Image:
    """Two rings and a word, inked unevenly; what is printed shows through."""
    height, width = card.shape[:2]
    ink = np.zeros((height, width), np.uint8)
    centre, radius = (round(one.middle[0]), round(one.middle[1] - 40 + 80 * one.chance)), 62
    for less in (0, 12):
        cv2.ellipse(ink, (centre, (2 * (radius - less), 2 * (0.8 * radius - less)), 30 * (one.chance - 0.5)), 255, 3, cv2.LINE_AA)
    cv2.putText(ink, "ENTRY", (centre[0] - 36, centre[1] + 8), cv2.FONT_HERSHEY_SIMPLEX, 0.75, 255, 2, cv2.LINE_AA)
    cover = ink.astype(np.float32)[..., None] / 255 * (0.35 + 0.35 * one.chance)
    colour = np.array(one.colour[::-1], np.float32)
    return np.asarray(np.clip(card * (1 - cover) + np.minimum(card, colour) * cover, 0, 255), np.uint8)


def _stroke(card: Image, one: Mark) -> Image:
    """A stroke of a pen, a third of the card long, through print."""
    x, y = one.middle
    half, rise = card.shape[1] / 6, (one.chance - 0.5) * 30
    drawn = card.copy()
    begin, end = (round(x - half), round(y + rise)), (round(x + half), round(y - rise))
    cv2.line(drawn, begin, end, one.colour[::-1], 2, cv2.LINE_AA)
    return drawn
