"""Recordings judged before: made of movements, so that only the rule is tested; real pixels are in the integration tests."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openekyc.engine.face.values import Mesh, Pose
from openekyc.engine.liveness import replay
from openekyc.engine.values import Known
from tests.unit.engine.liveness.tracks import observation, track

SWAY = {"yaw": 1.0, "pitch": 0.7, "roll": 0.5, "x": 4.0, "y": 3.0, "zoom": 0.01, "jaw": 0.05, "blink": 0.1}


def person(seed: int):
    """Movements of one take, as functions of the time: name -> degrees, pixels or blendshape."""
    random = np.random.default_rng(seed)
    waves = {name: random.uniform([0.2, 0.0, 0.5], [1.2, 6.3, 1.5], (4, 3)) for name in SWAY}
    return lambda t: {name: SWAY[name] * sum(a * np.sin(2 * np.pi * f * t + p) for f, p, a in waves[name]) for name in SWAY}


def damped(take):
    """The same take of somebody who keeps nearly still."""
    return lambda t: {name: 0.03 * value for name, value in take(t).items()}


def filmed(take, seconds=9.0, *, start=0.0, speed=1.0, fps=20.0, scale=1.0, noise=0.0, mirrored=False, nod_at=None):
    """A track of the take, as if its recording had been changed: `scale` is a crop and resize."""
    random, side = np.random.default_rng(5), -1.0 if mirrored else 1.0
    seen = []
    for index, t in enumerate(np.arange(0, seconds, 1 / fps)):
        now = take(start + t * speed)
        if nod_at is not None:
            now["pitch"] = now["pitch"] + 14 * np.exp(-(((start + t * speed - nod_at) / 0.35) ** 2))
        now = {name: value + noise * SWAY[name] * random.normal() for name, value in now.items()}
        seen.append(observation(index, float(t), _mesh(now, side, scale)))
    return track(seen)


def _mesh(now, side, scale) -> Mesh:
    points = np.zeros((478, 3), np.float32)
    for place, (x, y) in {33: (-40, 0), 263: (40, 0), 168: (0, 5), 6: (0, 10), 197: (0, 20), 10: (0, -80), 152: (0, 90)}.items():
        points[place, :2] = x, y
    points *= 1 + now["zoom"]
    points[:, :2] += 300 + side * now["x"], 240 + now["y"]
    shapes = np.zeros(52, np.float32)
    shapes[[9, 10]], shapes[25] = 0.2 + now["blink"], 0.1 + now["jaw"]
    return Mesh(points * scale, shapes, Pose(side * now["yaw"], now["pitch"], side * now["roll"]), 1.0)


def told(own, *known):
    prints = [replay.fingerprint(one) for one in known]
    return replay.judge(replay.fingerprint(own), [Known(f"T/{place}", data) for place, data in enumerate(prints, 1)])


CHANGES = [
    {},
    {"noise": 0.1},
    {"scale": 0.6},
    {"fps": 13.0},
    {"start": 1.5, "seconds": 6.5},
    {"speed": 1.12, "seconds": 8.0},
    {"speed": 0.9, "seconds": 10.0},
    {"mirrored": True},
    {"start": 0.7, "seconds": 7.0, "speed": 1.06, "scale": 0.8, "noise": 0.1, "mirrored": True},
]


@pytest.mark.parametrize("change", CHANGES, ids=str)
def test_a_recording_is_recognised_whatever_was_done_to_it(change):
    cue = told(filmed(person(1), **change), filmed(person(1)))
    assert (cue.decision, cue.code, cue.tags) == ("deny", "1002", ("03",))
    assert "attempt T/1" in cue.reason
    assert cue.numbers["mirrored"] == float(change.get("mirrored", False))


@pytest.mark.parametrize("seed", range(2, 14))
def test_another_take_is_not_recognised(seed):
    cue = told(filmed(person(seed)), filmed(person(1)))
    assert cue.decision == "pass"
    assert cue.numbers["likeness"] < cue.numbers["bar"] - 0.05


@pytest.mark.parametrize("moment", [2.0, 4.5, 6.0])
def test_the_same_gesture_in_another_take_is_no_sign(moment):
    assert told(filmed(person(2), nod_at=moment), filmed(person(1), nod_at=4.0)).decision == "pass"


@pytest.mark.parametrize("seed", range(2, 10))
def test_two_still_people_who_both_nodded_are_not_one(seed):
    """Nearly nothing but the nod to go by, and noise: alike as a whole, but only where both nodded."""
    calm = [damped(person(one)) for one in (1, seed)]
    first, second = (filmed(take, nod_at=moment, noise=0.1) for take, moment in zip(calm, (3.0, 5.0), strict=True))
    assert told(second, first).decision == "pass"


def test_the_right_one_is_found_among_many():
    others = [filmed(person(seed), seconds=6.0) for seed in range(20, 60)]
    known = [*others[:25], filmed(person(1)), *others[25:]]
    cue = told(filmed(person(1), start=1.0, seconds=7.0, noise=0.05), *known)
    assert cue.decision == "deny"
    assert cue.reason.endswith("attempt T/26")


def test_a_part_that_is_too_short_is_not_held_against_anybody():
    assert told(filmed(person(1), seconds=2.5), filmed(person(1))).decision == "skipped"
    assert replay.fingerprint(filmed(person(1), seconds=2.5)) is None


def test_where_it_may_not_refuse_it_is_recorded():
    own = replay.fingerprint(filmed(person(1)))
    cue = replay.judge(own, [Known("T/1", own)], denies=False)
    assert (cue.decision, cue.tags) == ("recorded", ("03",))
    assert cue.reason.endswith("attempt T/1 (recorded only)")


def test_nothing_known_is_nothing_to_recognise():
    cue = told(filmed(person(1)))
    assert (cue.decision, cue.numbers) == ("pass", {"known": 0.0})


def test_a_frozen_face_is_no_recording_to_recognise():
    still = [replace(one, time=index / 20) for index, one in enumerate(filmed(person(1)).observations[:1] * 180)]
    assert told(track(still), track(still)).decision == "pass"


def test_without_a_face_there_is_no_fingerprint():
    assert replay.fingerprint(track([observation(index, index / 20) for index in range(200)])) is None


def test_the_less_there_is_the_better_it_must_agree():
    bars = [replay.bar(seconds) for seconds in (3.0, 4.0, 8.0, 15.0)]
    assert bars == sorted(bars, reverse=True)
    assert bars[0] == replay.bar(1.0) < 1.0


def test_a_fingerprint_is_small():
    assert len(replay.fingerprint(filmed(person(1), seconds=39.0)) or b"") <= 5000


@settings(max_examples=60)
@given(st.lists(st.binary(max_size=400), max_size=20))
def test_stored_bytes_of_any_kind_break_nothing(stored):
    own = replay.fingerprint(filmed(person(1), seconds=4.0))
    cue = replay.judge(own, [Known("T/1", data) for data in stored])
    assert cue.decision in ("pass", "deny")
