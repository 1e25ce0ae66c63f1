"""The card's corners in drawn scenes, and what must not be taken for a card."""

import numpy as np
import pytest

from openekyc.engine.documents.find import card_shaped, find_card, flatten, whole
from tests import cards

CARD = cards.card([("SAMPLE CARD", 60, 90), ("NUMBER 12345678", 60, 300), ("NAME ANNA MARIA", 60, 420)])


@pytest.mark.parametrize("turn", [0, 8, -17, 90, 180])
@pytest.mark.parametrize("table", [60, 120])
def test_a_card_on_a_table_is_found(turn: float, table: int) -> None:
    photograph = cards.photographed(CARD, turn=turn, share=0.35, lean=0.04, table=table)
    found = find_card(photograph)
    assert found is not None
    across = np.linalg.norm(found.corners[0] - found.corners[1])
    down = np.linalg.norm(found.corners[1] - found.corners[2])
    assert max(across, down) / min(across, down) == pytest.approx(1012 / 638, rel=0.08)
    assert abs(across * down / photograph[..., 0].size - 0.35) < 0.05


@pytest.mark.parametrize(
    "image",
    [CARD, np.full((600, 900, 3), 90, np.uint8), np.random.default_rng(0).integers(0, 255, (600, 900, 3)).astype(np.uint8)],
    ids=["cropped", "empty", "noise"],
)
def test_frames_without_a_card_in_them_yield_none(image: cards.Image) -> None:
    assert find_card(image) is None


def test_a_flattened_card_has_its_kinds_size() -> None:
    photograph = cards.photographed(CARD, turn=20, share=0.3)
    found = find_card(photograph)
    assert found is not None
    assert flatten(photograph, found.corners).shape == (638, 1012, 3)
    assert flatten(photograph, found.corners, passport=True).shape == (712, 1012, 3)


def test_a_whole_frame_takes_the_cards_size_only_if_it_has_its_shape() -> None:
    assert whole(np.zeros((300, 480, 3), np.uint8)).shape == (638, 1012, 3)
    assert whole(np.zeros((480, 480, 3), np.uint8)).shape == (1012, 1012, 3)
    assert card_shaped(np.zeros((480, 300, 3), np.uint8))
