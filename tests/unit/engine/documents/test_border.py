"""Cards that run out of the frame or lie under something, told from whole cards; drawn scenes, their text given by hand."""

import cv2
import numpy as np
import pytest

from openekyc.engine.documents.border import covered, cut_corners, cut_outline, cut_text
from openekyc.engine.documents.find import find_card
from openekyc.engine.face.values import Floats
from tests import cards

CARD = cards.card([("SAMPLE CARD", 60, 90), ("NUMBER 12345678", 60, 300), ("NAME ANNA MARIA", 60, 420)])
SKIN = (110, 140, 190)


def on_table(turn: float) -> cards.Image:
    return cards.photographed(CARD, turn=turn, share=0.35)


def line(left: float, top: float, right: float, bottom: float) -> Floats:
    return np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float32)


def corners(photograph: cards.Image) -> Floats:
    found = find_card(photograph)
    assert found is not None
    return found.corners


@pytest.mark.parametrize("turn", [0, 5, -7])
@pytest.mark.parametrize(
    "part", [np.s_[:, :850], np.s_[:, 700:], np.s_[:640, :], np.s_[560:, :], np.s_[:700, :900], np.s_[480:, 600:]], ids=str
)
def test_a_card_that_runs_out_of_the_frame_has_a_cut_outline(turn: float, part: tuple[slice, slice]) -> None:
    photograph = np.ascontiguousarray(on_table(turn)[part])
    assert find_card(photograph) is None
    middle = np.argwhere(photograph[..., 1] > 150).mean(axis=0)[::-1]  # the card is lighter than the table
    written = [line(*(middle - 20), *(middle + 20))]
    assert cut_outline(photograph, written) > 0.6


@pytest.mark.parametrize("turn", [0, 5, -17])
def test_a_whole_card_has_none(turn: float) -> None:
    photograph = on_table(turn)
    found = corners(photograph)
    assert cut_outline(photograph, [line(700, 580, 900, 620)]) == 0
    assert cut_corners(found, (1600, 1200)) == 0
    assert covered(photograph, found) == 0


def test_a_frame_cropped_to_the_card_and_an_empty_table_have_none() -> None:
    assert cut_outline(CARD, [line(60, 60, 300, 100), line(60, 270, 300, 310)]) == 0
    assert cut_outline(np.full((600, 900, 3), 90, np.uint8), []) == 0


def test_a_shape_that_holds_little_of_the_text_is_no_card() -> None:
    """A coloured field in the corner of a page is as square as a card."""
    page = np.full((900, 1300, 3), 220, np.uint8)
    page[:500, :800] = 90
    inside, below = line(100, 100, 300, 140), line(100, 600, 300, 640)
    assert cut_outline(page, [inside]) > 0.6
    assert cut_outline(page, [inside, below]) == 0


@pytest.mark.parametrize("corner", range(4))
def test_a_finger_over_a_corner_covers_two_sides(corner: int) -> None:
    photograph = on_table(4)
    found = corners(photograph)
    x, y = found[corner] + 0.04 * (found.mean(axis=0) - found[corner])
    cv2.circle(photograph, (int(x), int(y)), 110, SKIN, -1)
    assert covered(photograph, corners(photograph)) > 0.03


def test_a_reflection_over_the_edge_covers_nothing() -> None:
    photograph = on_table(0)
    found = corners(photograph)
    x, y = found[0] * 0.5 + found[1] * 0.5
    cv2.circle(photograph, (int(x), int(y)), 110, (255, 255, 255), -1)
    assert covered(photograph, found) == 0


def test_print_that_crosses_the_edge_covers_nothing() -> None:
    banded = CARD.copy()
    banded[:, 700:850] = (60, 60, 200)
    photograph = cards.photographed(banded, share=0.35)
    assert covered(photograph, corners(photograph)) == 0


def test_a_round_corner_may_come_to_the_edge() -> None:
    turn = np.deg2rad(10)
    card = np.array([[0, 0], [856, 0], [856, 540], [0, 540]]) @ np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    card = np.asarray(card - card.min(axis=0), np.float32)  # three corners of the card's rectangle touch the frame
    extent = int(card[:, 0].max()) + 1, int(card[:, 1].max()) + 1
    assert cut_corners(card, extent) == 0
    assert cut_corners(card - np.float32(12), extent) == 2


def test_text_is_cut_where_its_line_ends_at_the_edge() -> None:
    frame = 1000, 600
    assert cut_text([line(900, 300, 1004, 330)], frame) == 1
    assert cut_text([line(-3, 300, 200, 330)], frame) == 1
    assert cut_text([line(500, 520, 530, 602)], frame) == 1  # a line that runs downwards
    assert cut_text([line(300, 2, 700, 22)], frame) == 0  # along the edge
    assert cut_text([line(900, 300, 980, 330), line(30, 300, 90, 330)], frame) == 0
    assert cut_text([], frame) == 0
