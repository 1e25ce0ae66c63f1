"""Photographs drawn on the spot through the real networks: found, turned upright, read, and refused with the right problem."""

import io

import cv2
import numpy as np
import pytest
from PIL import Image as PilImage

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


def test_a_photograph_turned_by_its_exif_orientation_is_read(models: Models, page: cards.Image) -> None:
    lying = cards.encoded(np.asarray(cv2.rotate(cards.photographed(page, share=0.4), cv2.ROTATE_90_COUNTERCLOCKWISE), np.uint8))
    found = read_card(models, {"front": cards.exif_turned(lying, 6)}, "MLIDPassport")
    assert found.problem == ""
    assert found.zone
    assert found.zone.valid


def test_a_photograph_of_forty_megapixels_is_read(models: Models, page: cards.Image) -> None:
    photograph = cards.photographed(page, turn=5, share=0.4, frame=(1828, 1368))
    large = np.asarray(cv2.resize(photograph, (7312, 5472), interpolation=cv2.INTER_LINEAR), np.uint8)
    found = read(models, large)
    assert found.problem == ""
    assert found.zone
    assert found.zone.valid


def test_a_photograph_in_printing_colours_is_read(models: Models, page: cards.Image) -> None:
    out = io.BytesIO()
    pixels = np.asarray(cv2.cvtColor(cards.photographed(page, share=0.4), cv2.COLOR_BGR2RGB), np.uint8)
    PilImage.fromarray(pixels).convert("CMYK").save(out, "JPEG", quality=92)
    found = read_card(models, {"front": out.getvalue()}, "MLIDPassport")
    assert found.problem == ""
    assert found.zone
    assert found.zone.valid


@pytest.mark.parametrize("part", [np.s_[:, :800], np.s_[:, 760:], np.s_[:620, :], np.s_[:700, 700:]], ids=str)
def test_a_card_that_runs_out_of_the_frame_is_told(models: Models, page: cards.Image, part: tuple[slice, slice]) -> None:
    found = read(models, np.ascontiguousarray(cards.photographed(page, turn=3, share=0.45)[part]))
    assert found.problem in {"unreadable", "not_a_card", "no_portrait"}
    assert -9101 in found.warnings
    assert found.zone is None or not found.zone.valid


def test_half_a_card_upside_down_is_told(models: Models, page: cards.Image) -> None:
    found = read(models, np.ascontiguousarray(cards.photographed(page, turn=180, share=0.45)[:, :800]))
    assert found.problem
    assert -9101 in found.warnings


BROKEN = {
    "nothing": b"",
    "half a file": cards.encoded(cards.photographed(cards.passport()))[:60_000],
    "an svg": b"<svg xmlns='http://www.w3.org/2000/svg' width='900' height='600'><text y='50'>PASSPORT</text></svg>",
    "a gif": b"GIF89a" + bytes(500),
    "a promise of gigabytes": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + (60_000).to_bytes(4, "big") * 2 + bytes(64),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_no_picture_is_undecodable(models: Models, name: str) -> None:
    found = read_card(models, {"front": BROKEN[name]}, "HK")
    assert found.problem == "undecodable"
    assert found.notices
    assert not found.warnings


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
