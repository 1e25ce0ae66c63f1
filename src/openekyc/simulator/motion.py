"""How the simulated person moves: gestures on cue after a human reaction time, natural blinks, and never quite still.

Reaction times 300-700 ms, eyes shut for 150-250 ms at half height: the ranges measured on people.
"""

from collections.abc import Iterable, Sequence
from typing import Literal, get_args

import msgspec
import numpy as np

from openekyc.engine.values import Gesture, GestureStep
from openekyc.simulator.warp import Look

Channel = Literal["lids", "jaw", "purse", "gaze_x", "gaze_y", "yaw", "pitch", "roll", "x", "y", "zoom"]
_SWAY: dict[Channel, float] = {"yaw": 1.0, "pitch": 0.7, "roll": 0.6, "x": 3.0, "y": 2.0, "zoom": 0.006}
_SHIFTS: dict[Channel, float] = {"yaw": 1.5, "pitch": 1.1, "roll": 1.2, "x": 3.5, "y": 3.0, "gaze_x": 0.12, "gaze_y": 0.06, "purse": 0.18}
_SHIFT_MS = (500, 2500)  # between two changes of posture, gaze or smile; no two takes of a person have them alike
_SHIFT_TAKES_MS = 400.0
_REACTION_MS = (300, 700)
_NATURAL_BLINK_MS = (2500, 6000)  # between two blinks nobody asked for


class Act(msgspec.Struct, frozen=True):
    """One movement of one channel: keyframes (milliseconds, value), eased in between; nothing before and after."""

    channel: Channel
    frames: tuple[tuple[float, float], ...]

    def at(self, now_ms: float) -> float:
        """The channel's value, 0 outside the keyframes."""
        for (begin, low), (end, high) in zip(self.frames, self.frames[1:], strict=False):
            if begin <= now_ms < end:
                share = (now_ms - begin) / (end - begin)
                return low + (high - low) * share * share * (3 - 2 * share)
        return 0.0


class Person:
    """Answers prompts and otherwise sways and blinks. Times are milliseconds on any one clock."""

    def __init__(self, random: np.random.Generator, *, blinks: bool = True) -> None:
        self._random, self._blinks = random, blinks
        self._acts: list[Act] = []
        self._busy_until = 0.0
        self._next_blink: float | None = None
        self._waves = {channel: _waves(random, size) for channel, size in _SWAY.items()}
        self._drifts = {channel: _Drift(random, size) for channel, size in _SHIFTS.items()}

    def prompt(self, step: GestureStep, now_ms: float) -> None:
        """Show the person a prompt; the answer follows after a reaction time."""
        start = now_ms + self._random.uniform(*_REACTION_MS)
        acts = tuple(gesture(step.gesture, step.times, start, self._random))
        self._acts.extend(acts)
        self._busy_until = max(self._busy_until, *(act.frames[-1][0] for act in acts)) + 800

    def look(self, now_ms: float) -> Look:
        """What the person looks like now. Call with rising times."""
        if self._blinks:
            self._blink_by_nature(now_ms)
        values: dict[str, float] = dict.fromkeys(get_args(Channel), 0.0)
        for channel, waves in self._waves.items():
            values[channel] += _wave(waves, now_ms)
        for channel, drift in self._drifts.items():
            values[channel] += drift.at(now_ms)
        for act in self._acts:
            values[act.channel] += act.at(now_ms)
        values["lids"], values["purse"] = min(values["lids"], 1.0), max(values["purse"], 0.0)
        values["zoom"] += 1.0
        return Look(**values)

    def _blink_by_nature(self, now_ms: float) -> None:
        if self._next_blink is None or now_ms < self._busy_until:
            self._next_blink = now_ms + self._random.uniform(*_NATURAL_BLINK_MS)
        if now_ms >= self._next_blink:
            self._acts.append(_blink(now_ms, self._random))
            self._next_blink = now_ms + self._random.uniform(*_NATURAL_BLINK_MS)


def gesture(name: Gesture, times: int, start_ms: float, random: np.random.Generator) -> Iterable[Act]:
    """The movements that perform a gesture `times` times from `start_ms` on, with what else moves along without being asked."""
    for _ in range(times):
        act = _PERFORM[name](start_ms, random)
        yield act
        yield from _along(act, random)
        start_ms = act.frames[-1][0] + random.uniform(250, 450)


def _along(act: Act, random: np.random.Generator) -> Iterable[Act]:
    """Nobody moves one thing alone: small movements of the others begin and end near the gesture's own beginning and end."""
    for channel, size in _ALONG[act.channel].items():
        begin = act.frames[0][0] + random.uniform(-150, 250)
        end = max(act.frames[-1][0] + random.uniform(-100, 600), begin + 250)
        middle = begin + random.uniform(0.3, 0.7) * (end - begin)
        yield Act(channel, ((begin, 0.0), (middle, float(random.normal(0, size))), (end, 0.0)))


_ALONG: dict[Channel, dict[Channel, float]] = {
    "lids": {"pitch": 0.6, "purse": 0.08, "y": 1.0},
    "jaw": {"pitch": 2.0, "yaw": 2.0, "roll": 2.0, "x": 3.0, "y": 3.0, "gaze_y": 0.06},
    "pitch": {"yaw": 2.5, "roll": 2.5, "x": 5.0, "gaze_y": 0.08, "purse": 0.15, "zoom": 0.01},
    "yaw": {"pitch": 2.0, "roll": 2.5, "x": 4.0, "y": 3.0, "gaze_x": 0.1, "purse": 0.15, "zoom": 0.01},
}


def _blink(start: float, random: np.random.Generator) -> Act:
    closing, shut, opening = random.uniform(70, 90), random.uniform(60, 110), random.uniform(100, 150)
    return Act("lids", _keys(start, (closing, shut, opening), (0, 1, 1, 0)))


def _mouth(start: float, random: np.random.Generator) -> Act:
    wide = random.uniform(0.65, 0.85)
    less = wide * random.uniform(0.8, 1.0)
    return Act("jaw", _keys(start, (random.uniform(200, 450), random.uniform(500, 1100), random.uniform(250, 500)), (0, wide, less, 0)))


def _nod(start: float, random: np.random.Generator) -> Act:
    """Down and back, now and then after a little upward swing, and never ending quite where it began at once."""
    down, up, over = random.uniform(18, 22), -random.uniform(0, 4), -random.uniform(0, 4)
    times = random.uniform(120, 300), random.uniform(350, 600), random.uniform(60, 250), random.uniform(350, 650), random.uniform(200, 500)
    return Act("pitch", _keys(start, times, (0, up, down, down * random.uniform(0.9, 1), over, 0)))


def _shake(start: float, random: np.random.Generator) -> Act:
    """To one side, to the other, and back; the sides differ."""
    side = float(random.choice((-1.0, 1.0)))
    first, second, over = random.uniform(19, 24), random.uniform(19, 24), random.uniform(0, 5)
    times = [random.uniform(300, 550), random.uniform(50, 200), random.uniform(500, 850), random.uniform(50, 200)]
    times += [random.uniform(300, 550), random.uniform(200, 400)]
    return Act("yaw", _keys(start, times, (0, side * first, side * first, -side * second, -side * second, side * over, 0)))


_PERFORM = {"blink": _blink, "mouth": _mouth, "nod": _nod, "shake": _shake}


def _keys(start: float, durations: Sequence[float], values: Sequence[float]) -> tuple[tuple[float, float], ...]:
    times = start + np.concatenate([[0], np.cumsum(durations)])
    return tuple((float(time), float(value)) for time, value in zip(times, values, strict=True))


class _Drift:
    """A channel that keeps changing to new small values at drawn moments. Call with rising times."""

    def __init__(self, random: np.random.Generator, size: float) -> None:
        self._random, self._size = random, size
        self._from = self._to = (float("-inf"), 0.0)

    def at(self, now_ms: float) -> float:
        while now_ms >= self._to[0]:
            pause = self._random.uniform(*_SHIFT_MS)
            self._from = self._to
            self._to = (max(self._to[0], now_ms) + pause, float(self._random.normal(0, self._size)))
        (begin, low), (_, high) = self._from, self._to
        share = float(np.clip((now_ms - begin) / _SHIFT_TAKES_MS, 0, 1)) if begin > float("-inf") else 0.0
        return low + (high - low) * share * share * (3 - 2 * share)


Waves = tuple[tuple[float, float, float], ...]  # amplitude, radians per millisecond, phase


def _waves(random: np.random.Generator, size: float) -> Waves:
    return tuple(
        (size * share * random.uniform(0.6, 1.2), 2 * np.pi * random.uniform(*band) / 1000, random.uniform(0, 2 * np.pi))
        for share, band in ((0.7, (0.1, 0.25)), (0.4, (0.3, 0.7)), (0.2, (0.7, 1.3)), (0.1, (1.3, 2.5)))
    )


def _wave(waves: Waves, now_ms: float) -> float:
    return float(sum(size * np.sin(speed * now_ms + phase) for size, speed, phase in waves))
