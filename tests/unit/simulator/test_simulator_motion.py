"""The person reacts and moves like a human being."""

from itertools import combinations

import numpy as np
import pytest

from openekyc.engine.values import Gesture, GestureStep
from openekyc.simulator.motion import Person
from openekyc.simulator.warp import Look

PROMPT_MS = 1000.0
TIMES = np.arange(0, 6000, 5.0)


def looks(gesture: Gesture, times: int, seed: int) -> list[Look]:
    person = Person(np.random.default_rng(seed), blinks=False)
    person.prompt(GestureStep(gesture, times, wait_ms=0, window_ms=4000), PROMPT_MS)
    return [person.look(float(now)) for now in TIMES]


def spans(signal: np.ndarray, level: float) -> list[tuple[float, float]]:
    """Begin and length in milliseconds of every stretch above `level`."""
    above = np.flatnonzero(np.diff(np.concatenate([[0], (signal > level).astype(int), [0]])))
    return [(float(TIMES[begin]), float((end - begin) * 5)) for begin, end in above.reshape(-1, 2)]


@pytest.mark.parametrize("seed", range(20))
def test_blinks_twice_soon_after_the_prompt(seed: int) -> None:
    lids = np.array([look.lids for look in looks("blink", 2, seed)])
    shut = spans(lids, 0.5)
    assert len(shut) == 2
    assert 300 <= shut[0][0] - PROMPT_MS <= 800
    assert all(120 <= length <= 260 for _, length in shut)
    assert shut[1][0] + shut[1][1] - shut[0][0] <= 1300


@pytest.mark.parametrize(("gesture", "channel", "least"), [("mouth", "jaw", 0.6), ("nod", "pitch", 15), ("shake", "yaw", 18)])
def test_every_gesture_is_finished_within_its_window(gesture: Gesture, channel: str, least: float) -> None:
    for seed in range(20):
        track = np.array([getattr(look, channel) for look in looks(gesture, 1, seed)])
        moved = np.abs(track) > least / 2
        assert np.abs(track).max() >= least
        assert TIMES[moved][0] >= PROMPT_MS + 300
        assert TIMES[moved][-1] <= PROMPT_MS + 3500


def test_a_shake_goes_to_both_sides() -> None:
    yaw = np.array([look.yaw for look in looks("shake", 1, 3)])
    assert yaw.max() > 15
    assert yaw.min() < -15


def test_one_seed_is_one_film() -> None:
    assert looks("nod", 1, 7) == looks("nod", 1, 7)
    assert looks("nod", 1, 7) != looks("nod", 1, 8)


def test_blinks_by_nature_but_not_while_answering() -> None:
    person = Person(np.random.default_rng(0))
    person.prompt(GestureStep("nod", 1, 0, 4000), 0.0)
    lids = np.array([person.look(float(now)).lids for now in range(0, 30_000, 10)])
    assert lids[:300].max() == 0
    assert lids.max() > 0.9


def test_no_two_takes_are_alike() -> None:
    """Posture, gaze and smile shift in each take's own way: an honest second attempt must not look like the first played again."""
    takes = [np.array([(look.yaw, look.roll, look.gaze_x, look.purse) for look in looks("nod", 1, seed)]) for seed in range(6)]
    likeness = [abs(np.corrcoef(a[:, channel], b[:, channel])[0, 1]) for a, b in combinations(takes, 2) for channel in range(4)]
    assert np.median(likeness) < 0.5
