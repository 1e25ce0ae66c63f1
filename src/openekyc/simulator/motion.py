"""How the simulated person moves: gestures on cue after a human reaction time, natural blinks, and never quite still.

Reaction times 300-700 ms, eyes shut for 150-250 ms at half height: the ranges measured on people.
"""

from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec
import numpy as np

from openekyc.engine.values import Gesture, GestureStep
from openekyc.simulator.warp import Look

Channel = Literal["lids", "jaw", "yaw", "pitch", "roll", "x", "y", "zoom"]
_SWAY: dict[Channel, float] = {"yaw": 1.0, "pitch": 0.7, "roll": 0.6, "x": 3.0, "y": 2.0, "zoom": 0.006}
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
        values = {channel: _wave(waves, now_ms) for channel, waves in self._waves.items()}
        for act in self._acts:
            values[act.channel] = values.get(act.channel, 0.0) + act.at(now_ms)
        values["lids"] = min(values.get("lids", 0.0), 1.0)
        values["zoom"] += 1.0
        return Look(**values)

    def _blink_by_nature(self, now_ms: float) -> None:
        if self._next_blink is None or now_ms < self._busy_until:
            self._next_blink = now_ms + self._random.uniform(*_NATURAL_BLINK_MS)
        if now_ms >= self._next_blink:
            self._acts.append(_blink(now_ms, self._random))
            self._next_blink = now_ms + self._random.uniform(*_NATURAL_BLINK_MS)


def gesture(name: Gesture, times: int, start_ms: float, random: np.random.Generator) -> Iterable[Act]:
    """The movements that perform a gesture `times` times from `start_ms` on."""
    for _ in range(times):
        act = _PERFORM[name](start_ms, random)
        start_ms = act.frames[-1][0] + random.uniform(250, 450)
        yield act


def _blink(start: float, random: np.random.Generator) -> Act:
    closing, shut, opening = random.uniform(70, 90), random.uniform(60, 110), random.uniform(100, 150)
    return Act("lids", _keys(start, (closing, shut, opening), (0, 1, 1, 0)))


def _mouth(start: float, random: np.random.Generator) -> Act:
    wide = random.uniform(0.65, 0.85)
    return Act("jaw", _keys(start, (random.uniform(250, 400), random.uniform(600, 1000), 350), (0, wide, wide, 0)))


def _nod(start: float, random: np.random.Generator) -> Act:
    down = random.uniform(18, 21)
    return Act("pitch", _keys(start, (random.uniform(350, 500), 120, random.uniform(400, 550)), (0, down, down, 0)))


def _shake(start: float, random: np.random.Generator) -> Act:
    side = float(random.choice((-1.0, 1.0))) * random.uniform(20, 23)
    swing = random.uniform(350, 500)
    return Act("yaw", _keys(start, (swing, 100, 1.6 * swing, 100, swing), (0, side, side, -side, -side, 0)))


_PERFORM = {"blink": _blink, "mouth": _mouth, "nod": _nod, "shake": _shake}


def _keys(start: float, durations: Sequence[float], values: Sequence[float]) -> tuple[tuple[float, float], ...]:
    times = start + np.concatenate([[0], np.cumsum(durations)])
    return tuple((float(time), float(value)) for time, value in zip(times, values, strict=True))


Waves = tuple[tuple[float, float, float], ...]  # amplitude, radians per millisecond, phase


def _waves(random: np.random.Generator, size: float) -> Waves:
    return tuple(
        (size * share * random.uniform(0.6, 1.2), 2 * np.pi * random.uniform(*band) / 1000, random.uniform(0, 2 * np.pi))
        for share, band in ((0.7, (0.1, 0.25)), (0.3, (0.4, 0.7)), (0.08, (1.0, 1.8)))
    )


def _wave(waves: Waves, now_ms: float) -> float:
    return float(sum(size * np.sin(speed * now_ms + phase) for size, speed, phase in waves))
