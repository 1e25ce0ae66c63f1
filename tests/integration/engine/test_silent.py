"""The passive networks' input is pinned: another colour order, scale or crop ruins them without any error."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from msgspec.structs import replace

from openekyc.engine.face.detect import detect
from openekyc.engine.liveness import silent
from openekyc.engine.liveness.silent import FEWEST_CROPS, context_crop, decide, prepare, room_of, score
from openekyc.engine.lock import NetworkInput, engine_files
from openekyc.engine.runtime import Models, Passive
from openekyc.settings import Settings
from tests.assets import asset
from tests.own_network import described

PACKAGED = next(item.input for item in engine_files() if item.name == "silent_liveness")
NETWORK = Passive("silent", None, PACKAGED)
BAR, ROOM = PACKAGED.threshold, PACKAGED.room


@pytest.fixture(scope="module")
def models():
    return Models(Settings().models_folder)


def test_the_input_is_bgr_unscaled_in_planes():
    crop = np.zeros((128, 128, 3), np.uint8)
    crop[5, 7] = (255, 128, 3)
    batch = prepare(crop, PACKAGED)
    assert batch.shape == (1, 3, 128, 128)
    assert batch.dtype == np.float32
    assert batch[0, :, 5, 7].tolist() == [255.0, 128.0, 3.0]


def test_the_score_of_a_known_crop_is_pinned(models):
    """Any change of colour order, scale, crop or class moves this by far more than the tolerance."""
    image = cv2.imread(str(asset("obama2.jpg")))
    (packaged,) = models.silent
    crop = context_crop(image, detect(models, image)[0].box, packaged.input)
    assert score(packaged, crop) == pytest.approx(0.975, abs=0.02)
    assert score(packaged, crop[:, :, ::-1]) == pytest.approx(0.727, abs=0.05)


@pytest.mark.parametrize("entry", [{"colours": "RGB"}, {"scale": "0..1"}, {"crop": 1.2}, {"live_class": 1}])
def test_the_networks_entry_decides_how_it_is_fed_and_read(models, entry):
    image = cv2.imread(str(asset("obama2.jpg")))
    (packaged,) = models.silent
    other = packaged._replace(input=replace(packaged.input, **entry))
    box = detect(models, image)[0].box
    right, wrong = (score(one, context_crop(image, box, one.input)) for one in (packaged, other))
    assert abs(right - wrong) > 0.02


def test_other_scales_and_orders_of_colours():
    crop = np.zeros((16, 16, 3), np.uint8)
    crop[0, 0] = (255, 51, 0)
    fed = {scale: prepare(crop, NetworkInput("RGB", 16, 16, 2.7, scale, 0, 0.5))[0, :, 0, 0] for scale in ("0..255", "0..1", "-1..1")}
    assert fed["0..255"].tolist() == [0, 51, 255]
    assert fed["0..1"].tolist() == pytest.approx([0, 0.2, 1])
    assert fed["-1..1"].tolist() == pytest.approx([-1, -0.6, 1])


def test_the_crop_is_2_7_boxes_and_shifted_into_the_picture():
    ramp = np.broadcast_to(np.arange(640, dtype=np.float32) / 640 * 255, (480, 640))
    image = np.repeat(ramp[:, :, None], 3, axis=2).astype(np.uint8)

    def columns(box):
        crop = context_crop(image, box, PACKAGED)
        return crop[64, 0, 0] / 255 * 640, crop[64, -1, 0] / 255 * 640

    assert columns((270, 190, 100, 100)) == pytest.approx((185, 455), abs=6)
    assert columns((10, 190, 100, 100)) == pytest.approx((0, 270), abs=6)
    assert columns((100, 50, 400, 400)) == pytest.approx((60, 539), abs=8)


def test_the_median_decides_and_only_over_enough_crops():
    assert decide(NETWORK, [[0.9] * 6 + [0.0] * 4], 2.7, denies=True).decision == "pass"
    refused = decide(NETWORK, [[0.9] * 4 + [0.0] * 6], 2.7, denies=True)
    assert (refused.decision, refused.code, refused.tags) == ("deny", "1002", ("03",))
    assert decide(NETWORK, [[BAR] * FEWEST_CROPS], 2.7, denies=True).decision == "pass"
    assert decide(NETWORK, [[0.9] * (FEWEST_CROPS - 1)], 2.7, denies=True).decision == "retry"


@pytest.mark.parametrize(("wide", "close"), [(0.0, 0.9), (0.9, 0.0)])
def test_either_size_of_crop_denies_and_they_are_never_averaged(wide, close):
    refused = decide(NETWORK, [[wide] * 12, [close] * 12], 2.7, denies=True)
    assert (refused.decision, refused.numbers["live"]) == ("deny", 0.0)
    assert (refused.numbers["live_wide"], refused.numbers["live_close"]) == (wide, close)
    assert decide(NETWORK, [[0.9] * 12, [0.9] * 12], 2.7, denies=True).decision == "pass"


def test_the_packaged_network_is_asked_on_a_wide_and_a_close_crop(models):
    assert PACKAGED.crops == (2.7, 1.5)
    cut = silent.cropper(models)(np.zeros((480, 640, 3), np.uint8), (270.0, 190.0, 100.0, 100.0))
    assert [crop.shape for crop in cut] == [(128, 128, 3), (128, 128, 3)]


def test_a_sandbox_records_what_an_ordinary_account_refuses():
    recorded, refused = (decide(NETWORK, [[0.0] * 12], 2.7, denies=denies) for denies in (False, True))
    assert (recorded.decision, refused.decision) == ("recorded", "deny")
    assert recorded.numbers == refused.numbers


@pytest.mark.parametrize("live", [0.0, 1.0])
def test_a_face_that_fills_the_picture_is_a_matter_of_distance_and_no_attack(live):
    near, far = (decide(NETWORK, [[live] * 12], around, denies=True) for around in (ROOM - 0.01, ROOM))
    assert (near.decision, near.code, near.hint, near.tags) == ("retry", "1004", "move_back", ("11",))
    assert near.numbers["live"] == live
    assert far.decision == ("pass" if live else "deny")


def test_room_is_the_largest_crop_that_fits():
    assert room_of((641, 481), (300, 200, 100, 120)) == pytest.approx(4.0)
    assert room_of((321, 1001), (0, 0, 200, 260)) == pytest.approx(1.6)


def test_an_own_network_is_a_further_cue_of_its_own(tmp_path: Path):
    """The stand-in is live where the picture is blue: its input is BGR and its live class the first colour."""
    models = Models(Settings().models_folder, described(tmp_path))
    image = np.full((480, 640, 3), (200, 10, 10), np.uint8)
    cues = silent.judge_picture(models, image, (270.0, 190.0, 100.0, 100.0))
    assert [cue.name for cue in cues] == ["silent", "silent_own"]
    assert cues[1].decision == "pass"
    red = silent.judge_picture(models, image[:, :, ::-1].copy(), (270.0, 190.0, 100.0, 100.0))
    assert (red[1].decision, red[1].code, red[1].tags) == ("deny", "1002", ("03",))
    assert "silent_own" in models.files
