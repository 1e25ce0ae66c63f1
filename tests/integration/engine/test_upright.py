"""A recording that lies on its side and does not say so is turned by the face, before anything is measured."""

from functools import cache

import cv2
import numpy as np
import pytest

from openekyc.engine.face.upright import open_upright, quarter_turn
from openekyc.engine.face.values import Image
from openekyc.engine.media import decode_picture, open_video
from openekyc.engine.runtime import Models
from openekyc.engine.verify import verify_file
from openekyc.settings import Settings
from tests.assets import asset
from tests.recordings import encode

LYING = {90: cv2.ROTATE_90_COUNTERCLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_CLOCKWISE}
"""Degrees clockwise by which a picture has to be turned -> how it came to lie so."""


@cache
def models() -> Models:
    return Models(Settings().models_folder)


@cache
def film() -> tuple[Image, ...]:
    """A portrait that sways, 2 s."""
    astronaut = decode_picture(asset("astronaut.png").read_bytes())
    places = [(40 + round(12 * np.sin(index / 9)), round(8 + 8 * np.cos(index / 7))) for index in range(60)]
    return tuple(np.ascontiguousarray(astronaut[y : y + 400, x : x + 360]) for x, y in places)


def lying(degrees: int, pictures: tuple[Image, ...] = ()) -> bytes:
    turned = [cv2.rotate(picture, LYING[degrees]) if degrees else picture for picture in pictures or film()]
    return encode(turned, "webm", "libvpx")


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_the_face_tells_how_a_recording_lies(degrees: int) -> None:
    video = open_upright(models(), lying(degrees))
    assert video.info.turned == degrees
    assert next(iter(video)).image.shape == (400, 360, 3)


def test_a_sideways_person_is_judged_as_an_upright_one() -> None:
    upright, sideways = (verify_file(models(), lying(turn), 1) for turn in (0, 90))
    assert [(cue.name, cue.decision) for cue in sideways.cues] == [(cue.name, cue.decision) for cue in upright.cues]
    assert (sideways.code, sideways.hint) == (upright.code, upright.hint)


def test_a_person_who_comes_late_is_found() -> None:
    empty = np.full((400, 360, 3), 120, np.uint8)
    assert quarter_turn(models(), open_video(lying(90, (*(empty,) * 30, *film()[:45])))) == 90


def test_an_upright_recording_costs_one_detection(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[int, ...]] = []
    from openekyc.engine.face import upright

    looked = upright.detect
    monkeypatch.setattr(upright, "detect", lambda *args: asked.append(args[1].shape) or looked(*args))  # type: ignore[func-returns-value]
    assert quarter_turn(models(), open_video(lying(0))) == 0
    assert len(asked) == 1


def test_nobody_turns_nothing() -> None:
    noise = np.random.default_rng(1).integers(0, 255, (24, 240, 320, 3), dtype=np.uint8)
    assert quarter_turn(models(), open_video(lying(0, tuple(noise)))) == 0
