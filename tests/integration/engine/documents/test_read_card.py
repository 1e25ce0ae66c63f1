"""Photographs drawn on the spot through the real networks: found, turned upright, read, and refused with the right problem."""

import cv2
import numpy as np
import pytest

from openekyc.engine.documents.read_card import read_card
from openekyc.engine.documents.values import Card
from openekyc.engine.runtime import Models
from openekyc.settings import Settings
from tests import cards
from tests.assets import asset


@pytest.fixture(scope="module")
def models() -> Models:
    return Models(Settings().models_folder)


@pytest.fixture(scope="module")
def page() -> cards.Image:
    """A passport's page with a face on it."""
    face = np.asarray(cv2.imread(str(asset("obama.jpg"))), np.uint8)
    return cards.passport(portrait=face[0:900, 200:875])


def read(models: Models, image: cards.Image, kind: str = "MLIDPassport") -> Card:
    return read_card(models, {"front": cards.encoded(image)}, kind)  # type: ignore[arg-type]


@pytest.mark.parametrize("turn", [0, 84, 173, 268])
def test_a_photographed_passport_is_read_however_it_lies(models: Models, page: cards.Image, turn: float) -> None:
    found = read(models, cards.photographed(page, turn=turn, lean=0.06, share=0.4))
    assert (found.problem, found.warnings) == ("", ())
    assert found.zone
    assert found.zone.valid
    assert found.zone.lines == cards.ZONE
    fields = {field.name: field.value for field in found.fields}
    assert (fields["Surname"], fields["GivenName"], fields["Birthday"]) == ("ERIKSSON", "ANNA MARIA", "1974-08-12")
    assert found.portrait
    portrait = cv2.imdecode(np.frombuffer(found.portrait, np.uint8), cv2.IMREAD_COLOR)
    assert portrait is not None
    assert 150 < portrait.shape[0] < 700


@pytest.mark.parametrize("turn", [None, cv2.ROTATE_90_CLOCKWISE, cv2.ROTATE_180, cv2.ROTATE_90_COUNTERCLOCKWISE])
def test_a_frame_cropped_to_the_page_is_read_in_every_quarter_turn(models: Models, page: cards.Image, turn: int | None) -> None:
    found = read(models, page if turn is None else np.asarray(cv2.rotate(page, turn), np.uint8))
    assert found.zone
    assert (found.problem, found.zone.valid) == ("", True)
    flat = cv2.imdecode(np.frombuffer(found.rectified["front"], np.uint8), cv2.IMREAD_COLOR)
    assert flat is not None
    assert flat.shape[:2] == (712, 1012)


def test_a_passport_is_no_identity_card(models: Models, page: cards.Image) -> None:
    found = read(models, page, "HK")
    assert (found.problem, found.seen_kind) == ("wrong_kind", "MLIDPassport")


def test_a_page_without_a_face_is_told(models: Models) -> None:
    assert read(models, cards.passport()).problem == "no_portrait"


def test_a_face_alone_and_an_empty_table_are_no_card(models: Models) -> None:
    face = np.asarray(cv2.imread(str(asset("obama2.jpg"))), np.uint8)
    table = np.full((900, 1200, 3), 90, np.uint8)
    assert read(models, face).problem in {"not_a_card", "unreadable"}
    assert read(models, table).problem == "not_a_card"
