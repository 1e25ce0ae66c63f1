"""Traces that lie about a recording. Each function makes one kind of `forgeries.FORGERIES`: what to submit of `Material`."""

from collections.abc import Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from openekyc.engine.liveness.light import JUMP_MS, UNEVEN_MS
from openekyc.engine.values import Colour, ColourMark, Trace
from openekyc.simulator.cutting import Forged, Material, recut_only
from openekyc.simulator.sensor import linear

GRID_MS = 25
ROOM_MS = 1500  # looked at before and after the old colours
SHIFT_MS = 1000  # by which a clock is moved at most: more and the recording no longer holds the steps
FREE_MS = int(JUMP_MS)  # by which one colour may stay shorter or longer
START_MS = 400  # by which the first may begin early or late
PENALTIES = (0.0, 0.1, 0.2, 0.3, 0.4, 0.6, 0.8, 1.2, 2.0, 5.0)  # tried in turn
_NEVER = -1e9

Grid = NDArray[np.float64]


# --- about recordings of other sessions, cut so that the old colours begin with today's ------------------------------------


def clock_fitted(m: Material) -> Forged:
    """The whole trace moved to where the drawn colours agree best with those that were filmed."""
    video, trace = recut_only(m)
    gains, places = agreement(m.own.asked.colours, m.asked.colours), np.arange(-SHIFT_MS // GRID_MS, SHIFT_MS // GRID_MS + 1)
    dwell = m.asked.colours[0].duration_ms // GRID_MS
    starts = ROOM_MS // GRID_MS + places[:, None] + dwell * np.arange(len(m.asked.colours))
    together = [sum(gains[at + dwell, own] - gains[at, own] for own, at in enumerate(row)) for row in starts]
    shift = float(places[int(np.argmax(together))]) * GRID_MS
    return video, _moved(trace, shift, shift)


def marks_fitted(m: Material) -> Forged:
    """Every colour reported as painted when one like it was filmed, as far as that does not look uneven."""
    video, trace = recut_only(m)
    begin, marks = trace.colours[0].painted_ms, best_marks(m.own.asked.colours, m.asked.colours)
    colours = tuple(
        ColourMark(mark.index, begin + at - (mark.painted_ms - mark.set_ms), begin + at)
        for mark, at in zip(trace.colours, marks, strict=True)
    )
    return video, msgspec.structs.replace(trace, colours=colours)


def best_marks(filmed: Sequence[Colour], drawn: Sequence[Colour], uneven_ms: float = UNEVEN_MS) -> list[float]:
    """Milliseconds from the filmed colours' beginning to each drawn colour's, so that they agree best while the times between them differ
    by at most `uneven_ms` from each other, on average."""
    gains = agreement(filmed, drawn)
    for penalty in PENALTIES:
        marks = _path(gains, [colour.duration_ms for colour in drawn], penalty)
        off = np.diff(marks) - [colour.duration_ms for colour in drawn[:-1]]
        if np.abs(off - np.median(off)).mean() <= uneven_ms:
            break
    return marks


def agreement(filmed: Sequence[Colour], drawn: Sequence[Colour]) -> Grid:
    """(moments + 1, colours): how well each drawn colour agrees with what was filmed, summed up to each moment of a grid."""
    dwell = filmed[0].duration_ms // GRID_MS
    seen = np.zeros((2 * ROOM_MS // GRID_MS + dwell * len(filmed), 3))
    seen[ROOM_MS // GRID_MS :][: dwell * len(filmed)] = np.repeat(_casts(filmed), dwell, axis=0)
    both = seen @ _casts(drawn).T
    return np.vstack([np.zeros(both.shape[1]), np.cumsum(both, axis=0)])


def _casts(colours: Sequence[Colour]) -> Grid:
    """Shares of red, green and blue in linear light, less their mean."""
    light = np.array([linear((colour.red, colour.green, colour.blue)) for colour in colours], np.float64)
    shares: Grid = light / light.sum(axis=1, keepdims=True)
    return np.asarray(shares - shares.mean(axis=0), np.float64)


def _path(gains: Grid, durations: Sequence[int], penalty: float) -> list[float]:
    """By dynamic programming, what agrees best less `penalty` for every step of the grid that a colour stays too short or too long."""
    middle, spread = ROOM_MS // GRID_MS, START_MS // GRID_MS
    best, ways = np.full(len(gains), _NEVER), []
    best[middle - spread : middle + spread + 1] = 0.0
    for place, duration in enumerate(durations):
        free = FREE_MS // GRID_MS * (place + 1 < len(durations))
        stays = range(duration // GRID_MS - free, duration // GRID_MS + free + 1)
        totals = np.full((len(stays), len(gains)), _NEVER)
        for row, stay in enumerate(stays):
            totals[row, stay:] = best[:-stay] + gains[stay:, place] - gains[:-stay, place] - penalty * abs(row - free)
        ways.append([stays[row] for row in totals.argmax(axis=0)])
        best = totals.max(axis=0)
    at, marks = int(best.argmax()), []
    for way in reversed(ways):
        at -= way[at]
        marks.append(float((at - middle) * GRID_MS))
    return marks[::-1]


# --- about a live person's own recording -----------------------------------------------------------------------------------


def wrong_pixels(m: Material) -> Forged:
    """The frames' colours are those of another recording."""
    strange = m.other.trace.frames
    frames = tuple(msgspec.structs.replace(frame, rgb=strange[place % len(strange)].rgb) for place, frame in enumerate(m.own.trace.frames))
    return m.own.video, msgspec.structs.replace(m.own.trace, frames=frames)


def wrong_clock(m: Material) -> Forged:
    """Steps and colours were at other times than reported."""
    shift = m.random.choice((-1, 1)) * m.random.uniform(600, 950)
    return m.own.video, _moved(m.own.trace, shift, shift)


def early_marks(m: Material) -> Forged:
    """The colours are said to have come sooner."""
    return m.own.video, _moved(m.own.trace, 0.0, -m.random.uniform(500, 900))


def missing_steps(m: Material) -> Forged:
    """A step, or the last colours, are not reported."""
    trace = m.own.trace
    if m.random.random() < 0.5:
        return m.own.video, msgspec.structs.replace(trace, colours=trace.colours[: m.random.randrange(len(trace.colours))])
    gone = m.random.randrange(len(trace.steps))
    return m.own.video, msgspec.structs.replace(trace, steps=tuple(mark for mark in trace.steps if mark.index != gone))


def swapped_steps(m: Material) -> Forged:
    """Two steps have each other's times."""
    marks = list(m.own.trace.steps)
    first, second = m.random.sample(range(len(marks)), 2)
    one, other = marks[first], marks[second]
    marks[first], marks[second] = (msgspec.structs.replace(a, index=b.index) for a, b in ((one, other), (other, one)))
    return m.own.video, msgspec.structs.replace(m.own.trace, steps=tuple(marks))


def _moved(trace: Trace, steps_ms: float, colours_ms: float) -> Trace:
    steps = tuple(
        msgspec.structs.replace(
            mark,
            begin_ms=mark.begin_ms + steps_ms,
            end_ms=mark.end_ms + steps_ms,
            prompt_ms=None if mark.prompt_ms is None else mark.prompt_ms + steps_ms,
        )
        for mark in trace.steps
    )
    colours = tuple(ColourMark(mark.index, mark.set_ms + colours_ms, mark.painted_ms + colours_ms) for mark in trace.colours)
    return msgspec.structs.replace(trace, steps=steps, colours=colours)
