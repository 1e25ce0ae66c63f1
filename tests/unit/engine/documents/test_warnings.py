"""What a photograph is warned about, one fault at a time, and what is left open because the photograph cannot show it."""

import cv2
import numpy as np
import pytest

from openekyc.engine.documents import warnings
from openekyc.engine.documents.find import find_card, flatten, whole
from tests import cards

ROWS = cards.card([(f"SPECIMEN CARD 1234567890 ROW {row}", 40, 90 + 60 * row) for row in range(9)])
ZONE = cards.passport()
NONE = (warnings.EDITED,)


def noisy(image: cards.Image, sigma: float = 2.0) -> cards.Image:
    return np.asarray(np.clip(image + np.random.default_rng(1).normal(0, sigma, image.shape), 0, 255), np.uint8)


def gridded(image: cards.Image, pitch: float, angle: float, strength: float = 8.0) -> cards.Image:
    """As from a screen: a grid of that pitch over everything."""
    y, x = np.mgrid[: image.shape[0], : image.shape[1]].astype(np.float32)
    along, across = x * np.cos(angle) + y * np.sin(angle), y * np.cos(angle) - x * np.sin(angle)
    wave = np.sin(2 * np.pi * along / pitch) * np.sin(2 * np.pi * across / pitch)
    return np.asarray(np.clip(image + strength * wave[..., None], 0, 255), np.uint8)


def grey(image: cards.Image) -> cards.Image:
    return np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), np.uint8)


def compressed(image: cards.Image, quality: int) -> cards.Image:
    data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)


def judged(photograph: cards.Image) -> warnings.Judged:
    found = find_card(photograph)
    corners = found.corners if found else None
    card = whole(photograph) if corners is None else flatten(photograph, corners)
    longest = max(photograph.shape[:2]) if corners is None else np.linalg.norm(corners - np.roll(corners, -1, axis=0), axis=1).max()
    return warnings.judge(warnings.Seen(card, corners, photograph, float(longest) / 1012, ()))


def laid(card: cards.Image, turn: float = 4) -> cards.Image:
    return cards.photographed(card, turn=turn, share=0.45)


@pytest.mark.parametrize(("pitch", "angle"), [(2.6, 0.1), (3.7, 0.05), (5.2, 0.3)])
def test_a_grid_over_everything_is_a_screen(pitch: float, angle: float) -> None:
    found = judged(gridded(laid(ROWS), pitch, angle))
    assert found.found == (warnings.SCREEN,)
    assert found.unchecked == NONE


@pytest.mark.parametrize("card", [ROWS, ZONE], ids=["rows", "zone"])
@pytest.mark.parametrize("turn", [0, 4, 11])
@pytest.mark.parametrize("quality", [95, 50, 20])
def test_print_is_no_screen_however_regular(card: cards.Image, turn: float, quality: int) -> None:
    assert warnings.SCREEN not in judged(compressed(noisy(laid(card, turn)), quality)).found


def test_letters_at_a_fixed_pitch_on_a_blank_card_are_no_screen() -> None:
    """Of the backs of cards with a machine-readable zone: most of the card is empty, so its spectrum is that of the zone."""
    back = np.full((638, 1012, 3), (230, 225, 220), np.uint8)
    for row in range(3):
        cards.evenly(back, "<" * 30, 40, 420 + 60 * row, 930 / 30)
        cards.evenly(back, "I" * 60, 40, 240 + 60 * row, 930 / 60)
    assert warnings.pattern(grey(noisy(back))) < warnings.PEAK
    assert warnings.pattern(grey(gridded(noisy(back), 3.1, 0.06))) > 2 * warnings.PEAK


def test_a_grid_on_a_part_of_the_card_is_print() -> None:
    card = noisy(ROWS)
    card[:, :500] = gridded(card, 3.1, 0.06, 30)[:, :500]
    assert warnings.pattern(grey(card)) < warnings.PEAK


def test_nothing_at_all_has_no_pattern() -> None:
    assert warnings.pattern(np.full((638, 1012), 128, np.uint8)) < warnings.PEAK
    assert warnings.pattern(np.zeros((638, 1012), np.uint8)) < warnings.PEAK
    assert warnings.pattern(np.zeros((90, 140), np.uint8)) == 0


def test_softness_is_told() -> None:
    found = judged(np.asarray(cv2.GaussianBlur(laid(ROWS), (0, 0), 4), np.uint8))
    assert found.found == (warnings.BLUR,)
    assert warnings.SCREEN in found.unchecked  # its grid would be gone


def test_a_grey_copy_is_told() -> None:
    copy = np.asarray(cv2.cvtColor(grey(ROWS), cv2.COLOR_GRAY2BGR), np.uint8)
    found = judged(laid(copy))
    assert found.found == (warnings.PHOTOCOPY,)
    assert warnings.GLARE in found.unchecked  # white paper is as bright as a reflection
    assert judged(laid(ROWS)).found == ()


def test_a_reflection_is_told() -> None:
    photograph = laid(ROWS).astype(np.float32)
    y, x = np.mgrid[: photograph.shape[0], : photograph.shape[1]].astype(np.float32)
    photograph += (420 * np.exp(-(((x - 800) / 130) ** 2) - ((y - 600) / 100) ** 2))[..., None]
    assert judged(np.asarray(photograph.clip(0, 255), np.uint8)).found == (warnings.GLARE,)


def test_a_coarse_photograph_leaves_what_it_cannot_show_unchecked() -> None:
    small = np.asarray(cv2.resize(laid(ROWS), None, fx=0.4, fy=0.4, interpolation=cv2.INTER_AREA), np.uint8)
    found = judged(gridded(small, 3.1, 0.06))
    assert found.found == ()
    assert found.unchecked == (warnings.SCREEN, warnings.GLARE, warnings.BLUR, warnings.EDITED)


def test_a_frame_that_is_the_card_leaves_its_border_unchecked() -> None:
    assert judged(noisy(ROWS)).unchecked == (warnings.BORDER, warnings.EDITED)
