"""A picture that is moved has calm eyes; the same picture with eyes that look about has not."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from openekyc.engine.face.detect import detect
from openekyc.engine.face.landmarks import landmarks
from openekyc.engine.face.values import Track
from openekyc.engine.liveness import motion, shimmer
from openekyc.engine.runtime import Models
from openekyc.settings import Settings
from tests.assets import asset

SPACING_S = 0.2


@pytest.fixture(scope="module")
def portrait():
    """A picture of a face, 640 wide, and its mesh."""
    models = Models(Settings().models_folder)
    image = cv2.imread(str(asset("astronaut.png")))[:480]
    image = cv2.copyMakeBorder(image, 0, 0, 64, 64, cv2.BORDER_REFLECT_101)
    return image, landmarks(models, image, detect(models, image)[0])


def filmed(portrait, *, seconds=8.4, carry=None, living=None, noise=2.0, size=1.0, sheet=True):
    """The picture moved by `carry(time)` (2, 3), its eyes replaced by what `living(time)` pixels to the right of them shows."""
    chance = np.random.default_rng(7)
    samples = []
    for time in np.arange(0, seconds, SPACING_S):
        image, mesh = portrait
        if living is not None and living(time):
            image = looking(image, mesh, living(time))
        move = np.float32([[1, 0, 0], [0, 1, 0]]) if carry is None else np.float32(carry(time))
        move = move * np.float32(size)
        moved = cv2.warpAffine(image, move, (640, 480), borderMode=cv2.BORDER_REFLECT_101)
        if not sheet:
            moved = before_a_wall(moved, portrait[0], mesh, move)
        moved = np.clip(moved + chance.normal(0, noise, moved.shape), 0, 255).astype(np.uint8)
        points = mesh.points.copy()
        points[:, :2] = cv2.transform(points[None, :, :2], move)[0]
        samples.append(shimmer.sample(float(time), moved, replace(mesh, points=points)))
    return Track(640, 480, seconds, len(samples), 5.0, (), (), (), truncated=False, samples=tuple(samples))


def looking(image, mesh, pixels):
    """Both eyes turned aside."""
    changed = image.copy()
    for outer, inner in ((33, 133), (263, 362)):
        (x, y), length = (mesh.points[outer, :2] + mesh.points[inner, :2]) / 2, np.linalg.norm(mesh.points[outer] - mesh.points[inner])
        left, right = round(x - 0.4 * length), round(x + 0.4 * length)
        top, bottom = round(y - 0.2 * length), round(y + 0.25 * length)
        changed[top:bottom, left:right] = image[top:bottom, left + pixels : right + pixels]
    return changed


def before_a_wall(moved, image, mesh, move):
    """The head moves, what is behind it stays."""
    (left, top), (right, bottom) = mesh.points[:, :2].min(axis=0), mesh.points[:, :2].max(axis=0)
    centre = cv2.transform(np.float32([[[(left + right) / 2, (top + bottom) / 2]]]), move)[0, 0]
    head = np.zeros(moved.shape[:2], np.uint8)
    cv2.ellipse(head, (tuple(map(float, centre)), (1.5 * float(right - left), 1.9 * float(bottom - top)), 0), 1, -1)
    head[round(float(centre[1])) :] = 1
    return np.where(head[:, :, None].astype(bool), moved, image)


def swaying(time):
    turn = 0.01 * np.sin(1.7 * time)
    return [[1, -turn, 3 * np.sin(time)], [turn, 1, 3 * np.cos(1.3 * time)]]


def sweeping(time):
    return [[1, 0, 14 * np.sin(time)], [0, 1, 9 * np.cos(1.3 * time)]]


def glancing(time):
    return round(4 * np.sin(1.9 * time) + 2 * np.sin(4.7 * time))


@pytest.mark.parametrize("carry", [None, swaying])
@pytest.mark.parametrize("seconds", [8.4, 5.4])
def test_a_still_that_is_moved_is_refused_with_one_window_and_with_two(portrait, carry, seconds):
    found = motion.judge(filmed(portrait, seconds=seconds, carry=carry), denies=True)
    assert (found.decision, found.code, found.tags, found.hint) == ("deny", "1002", ("03",), "")
    assert found.numbers["windows"] == (2 if seconds > 8 else 1)


@pytest.mark.parametrize("carry", [None, swaying])
def test_eyes_that_look_about_pass(portrait, carry):
    found = motion.judge(filmed(portrait, carry=carry, living=glancing, sheet=False), denies=True)
    assert found.decision == "pass"
    assert found.numbers["shimmer_1"] > 2 * motion.CALM_TWICE


def test_blinks_pasted_onto_a_still_do_not_help(portrait):
    blinks = filmed(portrait, living=lambda time: 6 if time % 3 < 0.3 else 0)
    assert motion.judge(blinks, denies=True).decision == "deny"


def test_one_calm_window_of_two_is_no_still(portrait):
    found = motion.judge(filmed(portrait, living=lambda time: glancing(time) if time > 4.4 else 0), denies=True)
    assert found.decision == "pass"
    assert found.numbers["shimmer_1"] < motion.CALM_ONCE


def test_living_eyes_in_a_sheet_that_moves_with_its_background_are_refused(portrait):
    sheet = motion.judge(filmed(portrait, carry=sweeping, living=glancing), denies=True)
    person = motion.judge(filmed(portrait, carry=sweeping, living=glancing, sheet=False), denies=True)
    assert (sheet.decision, person.decision) == ("deny", "pass")
    assert "sheet" in sheet.reason


def test_a_sandbox_records_it(portrait):
    found = motion.judge(filmed(portrait), denies=False)
    assert (found.decision, found.hint) == ("recorded", "")


def test_what_cannot_be_judged_asks_again_and_never_passes(portrait):
    small = motion.judge(filmed(portrait, size=0.4, living=glancing), denies=True)
    short = motion.judge(filmed(portrait, seconds=3.0, living=glancing), denies=True)
    assert (small.decision, small.code, small.hint) == ("retry", "1004", "move_closer")
    assert (short.decision, short.code, short.hint) == ("retry", "1004", "recording_too_short")


def test_nothing_seen_is_asked_again():
    empty = Track(640, 480, 9.0, 0, 0.0, (), (), (), truncated=False)
    assert motion.judge(empty, denies=True).decision == "retry"


def test_samples_are_small_whatever_the_picture(portrait):
    image, mesh = portrait
    large = cv2.resize(image, None, fx=4, fy=4)
    points = mesh.points * 4
    kept = shimmer.sample(0.0, large, replace(mesh, points=points))
    across = float(np.ptp(kept.points[:, 0]))
    assert across == pytest.approx(shimmer.WIDEST, rel=0.05)
    assert max(kept.grey.shape) < 4 * shimmer.WIDEST
