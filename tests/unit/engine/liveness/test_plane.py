"""A head that turns shows parallax; a sheet shows none, whatever angles it makes the pose report."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from openekyc.engine.face.values import Pose
from openekyc.engine.liveness.align import Alignment
from openekyc.engine.liveness.events import Event
from openekyc.engine.liveness.gestures import judge
from openekyc.engine.liveness.plane import SHEET, compared, parallax
from openekyc.engine.values import Challenge, GestureStep, StepMark, Trace
from tests.unit.engine.liveness.shapes import FACE, HEAD
from tests.unit.engine.liveness.tracks import acted, observation, track


def turned(yaw: float, pitch: float, noise=0.0, seed=1):
    """The head turned in space; the axis lies behind the face."""
    y, p = np.radians(yaw), np.radians(pitch)
    middle = np.array([320.0, 240.0, 60.0])
    across = np.array([[np.cos(y), 0, -np.sin(y)], [0, 1, 0], [np.sin(y), 0, np.cos(y)]])
    down = np.array([[1, 0, 0], [0, np.cos(p), -np.sin(p)], [0, np.sin(p), np.cos(p)]])
    points = (HEAD - middle) @ (down @ across).T + middle + np.random.default_rng(seed).normal(0, noise, HEAD.shape)
    return replace(FACE, points=points.astype(np.float32), pose=Pose(yaw, pitch, 0.0))


def tilted(yaw: float, pitch: float, noise=0.0, seed=1):
    """A sheet with the head on it, tilted in perspective; the pose believes in a head."""
    y, p = np.radians(yaw), np.radians(pitch)
    corners = np.array([[-200, -200], [200, -200], [200, 200], [-200, 200]], np.float32)
    near = 1 + (corners[:, :1] * np.sin(y) + corners[:, 1:] * np.sin(p)) / 900
    goal = (corners * (np.cos(y), np.cos(p)) * near).astype(np.float32)
    place = cv2.getPerspectiveTransform(corners, goal)
    flat = cv2.perspectiveTransform((HEAD[None, :, :2] - (320.0, 240.0)).astype(np.float64), place)[0] + (320, 240)
    points = np.column_stack([flat, HEAD[:, 2]]) + np.random.default_rng(seed).normal(0, noise, HEAD.shape)
    return replace(FACE, points=points.astype(np.float32), pose=Pose(yaw, pitch, 0.0))


ANGLES = pytest.mark.parametrize(("yaw", "pitch"), [(0, 11), (0, -16), (15, 0), (-22, 3), (30, 10)])


@ANGLES
@pytest.mark.parametrize("noise", [0.0, 0.5])
def test_a_head_is_never_called_flat(yaw, pitch, noise):
    found = compared([turned(0, 0, noise, seed) for seed in range(5)], turned(yaw, pitch, noise, 9))
    assert not found.flat
    assert found.share > 0.7


@ANGLES
def test_a_sheet_shows_no_parallax(yaw, pitch):
    found = compared([tilted(0, 0, 0.2, seed) for seed in range(5)], tilted(yaw, pitch, 0.2, 9))
    assert found.share < SHEET
    assert found.flat


def test_small_turns_prove_nothing():
    assert not compared([tilted(0, 0)], tilted(2, 0)).flat


def test_nothing_to_compare_is_no_accusation():
    assert not parallax(track([]), Event("nod", 1.0, 2.0, 12.0)).flat
    assert not parallax(acted(), Event("nod", 1.0, 2.0, 12.0)).flat


@pytest.mark.parametrize(("view", "decision"), [(turned, "pass"), (tilted, "deny")])
def test_only_a_head_answers_a_nod(view, decision):
    def pitch(time: float) -> float:
        return 14.0 * float(np.clip(1 - abs(time - 2.0) / 0.4, 0, 1))

    seen = track([observation(index, index / 30, view(0, pitch(index / 30))) for index in range(150)])
    told = Trace(steps=(StepMark(0, 0, 5000, 1000),))
    found = judge(seen, Challenge("n", (GestureStep("nod", 1, 1000, 4000),)), told, Alignment(0.0, 1.0, measured=True))
    assert found.decision == decision, found
