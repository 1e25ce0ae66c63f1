"""Traces that lie about a recording. Each function makes one kind of `forgeries.FORGERIES`: what to submit of `Material`."""

from collections.abc import Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from openekyc.engine.values import Colour, ColourMark, Trace
from openekyc.simulator.cutting import Forged, Material, recut_only
from openekyc.simulator.sensor import linear

GRID_MS = 25
ROOM_MS = 1500  # looked at before and after the old colours
SHIFT_MS = 1000  # by which a clock is moved at most: more and the recording no longer holds the steps
FREE_MS = 225  # by which a colour may stay shorter or longer before that alone is a contradiction
START_MS = 400  # by which the first may begin early or late
_NEVER = -1e9

Grid = NDArray[np.float64]


# --- about recordings of other sessions, cut so that the old colours begin with today's ------------------------------------


def clock_fitted(m: Material) -> Forged:
    """The whole trace moved to where the drawn colours agree best with those that were filmed."""
    video, trace = recut_only(m)
    gains, places = _gains(m), np.arange(-SHIFT_MS // GRID_MS, SHIFT_MS // GRID_MS + 1)
    dwell = m.asked.colours[0].duration_ms // GRID_MS
    starts = ROOM_MS // GRID_MS + places[:, None] + dwell * np.arange(len(m.asked.colours))
    agreement = [sum(gains[at + dwell, own] - gains[at, own] for own, at in enumerate(row)) for row in starts]
    shift = float(places[int(np.argmax(agreement))]) * GRID_MS
    return video, _moved(trace, shift, shift)


def marks_fitted(m: Material) -> Forged:
    """Every colour reported as painted when one like it was filmed."""
    video, trace = recut_only(m)
    begin = trace.colours[0].painted_ms
    marks = tuple(
        ColourMark(mark.index, begin + at - (mark.painted_ms - mark.set_ms), begin + at)
        for mark, at in zip(trace.colours, _best_marks(m), strict=True)
    )
    return video, msgspec.structs.replace(trace, colours=marks)


def _gains(m: Material) -> Grid:
    """(moments + 1, colours): how well each drawn colour agrees with what was filmed, summed up to each moment of a grid."""
    old, dwell = _casts(m.own.asked.colours), m.own.asked.colours[0].duration_ms // GRID_MS
    seen = np.zeros((2 * ROOM_MS // GRID_MS + dwell * len(old), 3))
    seen[ROOM_MS // GRID_MS :][: dwell * len(old)] = np.repeat(old, dwell, axis=0)
    agreement = seen @ _casts(m.asked.colours).T
    return np.vstack([np.zeros(agreement.shape[1]), np.cumsum(agreement, axis=0)])


def _casts(colours: Sequence[Colour]) -> Grid:
    """Shares of red, green and blue in linear light, less their mean."""
    light = np.array([linear((colour.red, colour.green, colour.blue)) for colour in colours], np.float64)
    shares: Grid = light / light.sum(axis=1, keepdims=True)
    return np.asarray(shares - shares.mean(axis=0), np.float64)


def _best_marks(m: Material) -> list[float]:
    """Milliseconds from the filmed colours' beginning to each drawn colour's, by dynamic programming: what agrees best."""
    gains, colours = _gains(m), m.asked.colours
    best = np.full(len(gains), _NEVER)
    middle, spread = ROOM_MS // GRID_MS, START_MS // GRID_MS
    best[middle - spread : middle + spread + 1] = 0.0
    ways = []
    for place, colour in enumerate(colours):
        drawn, free = colour.duration_ms // GRID_MS, FREE_MS // GRID_MS * (place + 1 < len(colours))
        stays = range(drawn - free, drawn + free + 1)
        totals = np.full((len(stays), len(gains)), _NEVER)
        for row, stay in enumerate(stays):
            totals[row, stay:] = best[:-stay] + gains[stay:, place] - gains[:-stay, place]
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
