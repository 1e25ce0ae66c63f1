"""Schematic cards: the same seed draws the same pixels, every degradation keeps a picture, and a missing font is named."""

import csv
import json
from typing import get_args

import cv2
import numpy as np
import pytest
from click.testing import CliRunner

from openekyc.cli.simulate_cards import CONDITIONS, simulate_cards
from openekyc.engine.documents import mrz
from openekyc.engine.documents.values import KindName
from openekyc.simulator.cards.catalogue import sketch
from openekyc.simulator.cards.degrading import DEGRADATIONS
from openekyc.simulator.cards.drawing import draw
from openekyc.simulator.cards.writing import fonts, missing_font, needs_thai, write_cards
from tests.assets import asset


@pytest.fixture(scope="module")
def files():
    """The folder that holds fonts and portrait."""
    (folder,) = {asset(name).parent for name in (*(item.file for item in fonts()), "astronaut.png")}
    return folder


def test_every_kind_is_drawn_the_same_again(files):
    portrait = np.full((280, 220, 3), 120, np.uint8)
    for kind in get_args(KindName):
        drawn = sketch(kind, 0, 1)
        first, again = draw(drawn, files, portrait), draw(drawn, files, portrait)
        assert set(first) == set(drawn.sides)
        for side, pixels in first.items():
            assert pixels.shape == (drawn.size[1], drawn.size[0], 3)
            assert pixels.std() > 5  # something is printed
            assert np.array_equal(pixels, again[side])


def test_every_degradation_gives_a_picture():
    card = np.full((638, 1012, 3), 200, np.uint8)
    cv2.putText(card, "12345", (100, 300), cv2.FONT_HERSHEY_SIMPLEX, 4, (0, 0, 0), 8)
    for name, degrade in DEGRADATIONS.items():
        first, again = (degrade(card, np.random.default_rng(3)) for _ in range(2))
        assert first.dtype == np.uint8
        assert first.ndim == 3
        assert np.array_equal(first, again), name
    assert tuple(DEGRADATIONS) == CONDITIONS


def test_zones_are_valid():
    for number in range(20):
        (plate,) = sketch("MLIDPassport", number, 1).sides.values()
        zone = mrz.parse([text.text for text in plate.texts if text.face == "mono"])
        assert zone is not None
        assert zone.valid
        zone = mrz.parse([text.text for text in sketch("MacaoIDCard", number, 1).sides["back"].texts])
        assert zone is not None
        assert zone.form == "TD1"
        assert zone.valid


def test_a_folder_with_its_manifest(files, tmp_path):
    written = list(write_cards(tmp_path, ("HK", "MacaoIDCard"), ("flat", "half"), 2, 5, files))
    assert len(written) == 8
    rows = list(csv.DictReader((tmp_path / "manifest.csv").open(encoding="utf-8")))
    assert [row["path"] for row in rows] == written
    assert {row["origin"] for row in rows} == {"schematic"}
    assert len({row["card"] for row in rows}) == 4  # of one card under two conditions
    for row in rows:
        assert (tmp_path / row["path"]).is_file()
        assert bool(row["back"]) == (row["kind"] == "MacaoIDCard")
        assert json.loads(row["expected"])["LicenseNumber"]


def test_kinds_without_their_font_are_named(tmp_path, monkeypatch):
    monkeypatch.setenv("OPENEKYC_MODELS", str(tmp_path))
    assert missing_font(tmp_path, "HK") == "NotoSansCJK-Regular.ttc"
    done = CliRunner().invoke(
        simulate_cards, ["--home", str(tmp_path / "home"), "--out", str(tmp_path / "out"), "--kinds", "HK"], standalone_mode=False
    )
    assert done.return_value == 1
    assert "NotoSansCJK-Regular.ttc" in done.stderr
    (tmp_path / "NotoSansCJK-Regular.ttc").touch()
    assert missing_font(tmp_path, "HK") is None
    assert needs_thai("ThailandIDCard")
    assert missing_font(tmp_path, "ThailandIDCard") == "Sarabun-Regular.ttf"


def test_unknown_words_are_refused(tmp_path):
    done = CliRunner().invoke(simulate_cards, ["--out", str(tmp_path), "--kinds", "XX"])
    assert done.exit_code == 2
    assert "XX" in done.stderr
