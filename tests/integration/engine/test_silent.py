"""The passive network's input is pinned: another colour order, scale or crop ruins it without any error."""

import cv2
import numpy as np
import pytest

from openekyc.engine.face.detect import detect
from openekyc.engine.liveness.silent import FEWEST_CROPS, THRESHOLD, context_crop, decide, prepare, score
from openekyc.engine.runtime import Models
from openekyc.settings import Settings
from tests.assets import asset


@pytest.fixture(scope="module")
def models():
    return Models(Settings().models_folder)


def test_the_input_is_bgr_unscaled_in_planes():
    crop = np.zeros((128, 128, 3), np.uint8)
    crop[5, 7] = (255, 128, 3)
    batch = prepare(crop)
    assert batch.shape == (1, 3, 128, 128)
    assert batch.dtype == np.float32
    assert batch[0, :, 5, 7].tolist() == [255.0, 128.0, 3.0]


def test_the_score_of_a_known_crop_is_pinned(models):
    """Any change of colour order, scale, crop or class moves this by far more than the tolerance."""
    image = cv2.imread(str(asset("obama2.jpg")))
    crop = context_crop(image, detect(models, image)[0].box)
    assert score(models, crop) == pytest.approx(0.975, abs=0.02)
    assert score(models, crop[:, :, ::-1]) == pytest.approx(0.727, abs=0.05)


def test_the_crop_is_2_7_boxes_and_shifted_into_the_picture():
    ramp = np.broadcast_to(np.arange(640, dtype=np.float32) / 640 * 255, (480, 640))
    image = np.repeat(ramp[:, :, None], 3, axis=2).astype(np.uint8)

    def columns(box):
        crop = context_crop(image, box)
        return crop[64, 0, 0] / 255 * 640, crop[64, -1, 0] / 255 * 640

    assert columns((270, 190, 100, 100)) == pytest.approx((185, 455), abs=6)
    assert columns((10, 190, 100, 100)) == pytest.approx((0, 270), abs=6)
    assert columns((100, 50, 400, 400)) == pytest.approx((60, 539), abs=8)


def test_the_median_decides_and_only_over_enough_crops():
    assert decide([0.9] * 6 + [0.0] * 4, denies=True).decision == "pass"
    refused = decide([0.9] * 4 + [0.0] * 6, denies=True)
    assert (refused.decision, refused.code, refused.tags) == ("deny", "1002", ("03",))
    assert decide([THRESHOLD] * FEWEST_CROPS, denies=True).decision == "pass"
    assert decide([0.9] * (FEWEST_CROPS - 1), denies=True).decision == "retry"


def test_a_sandbox_records_what_an_ordinary_account_refuses():
    recorded, refused = decide([0.0] * 12, denies=False), decide([0.0] * 12, denies=True)
    assert (recorded.decision, refused.decision) == ("recorded", "deny")
    assert recorded.numbers == refused.numbers
