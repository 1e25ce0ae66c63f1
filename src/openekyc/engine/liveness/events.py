"""Gestures as events in time series: blinks, mouth openings, nods and shakes, found without knowing what was asked.

Pure functions over `Signals`; whether an event answers a prompt is decided in `gestures.py`. Every rule compares the person with
that person's own rest: resting eyeBlink medians range from .00 to .32 between people, so no absolute level fits all.
The bars were swept on 43 labelled real clips (about 35 persons); `openekyc gesture-report` measures them again.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from openekyc.engine.face.values import Mesh, Observation, Track
from openekyc.engine.values import Gesture

Series = NDArray[np.float64]

# Places in the publisher's order of 52 blendshapes, and mesh points of the inner lips.
EYE_BLINK_LEFT, EYE_BLINK_RIGHT, JAW_OPEN = 9, 10, 25
LIP_TOP, LIP_BOTTOM, LIP_RIGHT, LIP_LEFT = 13, 14, 78, 308

BLINK_RISE = 0.25
BLINK_SECONDS = (0.06, 0.8)
BLINK_YAW = 30.0
BLINK_PITCH_CHANGE = 12.0
BLINK_BEFORE_S = 0.3  # in which the pitch must not change so much
JAW_RISE = 0.25
LIP_RATIO = 0.15
MOUTH_SECONDS = 0.2
NOD_DEGREES = 10.5  # natural nods measured 10-16 degrees
NOD_SECONDS = 3.0
NOD_YAW = 15.0
NOD_SETTLES_S = 0.3  # a recording's first moments: a head that is tipped from the start has not nodded
SHAKE_DEGREES = 13.0
SHAKE_SECONDS = 4.0


@dataclass(frozen=True, slots=True)
class Signals:
    """What the gestures are read from, one value per analysed frame: `time` in seconds of the recording, `left`/`right` eyeBlink and
    `jaw` jawOpen in 0..1, `lips` = inner-lip opening over width, `yaw`/`pitch` in degrees."""

    time: Series
    left: Series
    right: Series
    jaw: Series
    lips: Series
    yaw: Series
    pitch: Series


@dataclass(frozen=True, slots=True)
class Event:
    """A gesture that happened between `start` and `end` (seconds of the recording); `strength` is its peak over rest."""

    gesture: Gesture
    start: float
    end: float
    strength: float


def signals(track: Track) -> Signals:
    """The series of every observation that has a mesh."""
    return signals_of(track.observations)


def signals_of(observations: Iterable[Observation]) -> Signals:
    """The same from observations that come one by one and need not be kept."""
    rows = [(seen.time, *_row(seen.mesh)) for seen in observations if seen.mesh is not None]
    return Signals(*np.array(rows, dtype=np.float64).reshape(-1, 7).T)


def _row(mesh: Mesh) -> tuple[float, ...]:
    shapes = mesh.blendshapes
    points = mesh.points
    opening = float(np.linalg.norm(points[LIP_TOP] - points[LIP_BOTTOM]))
    width = float(np.linalg.norm(points[LIP_RIGHT] - points[LIP_LEFT]))
    return (
        float(shapes[EYE_BLINK_LEFT]),
        float(shapes[EYE_BLINK_RIGHT]),
        float(shapes[JAW_OPEN]),
        opening / max(width, 1e-6),
        mesh.pose.yaw,
        mesh.pose.pitch,
    )


def events(series: Signals) -> tuple[Event, ...]:
    """All gestures, ordered by their start."""
    found = [*blinks(series), *mouths(series), *nods(series), *shakes(series)]
    return tuple(sorted(found, key=lambda event: event.start))


def blinks(series: Signals) -> Iterator[Event]:
    """Both eyes close by more than `BLINK_RISE` over their own rest and reopen, while the head does not turn."""
    rise = np.minimum(_over_rest(series.time, series.left, 3.0), _over_rest(series.time, series.right, 3.0))
    for run in _runs(series.time, rise, BLINK_RISE, 0.6 * BLINK_RISE):
        shortest, longest = BLINK_SECONDS
        if run.ended and shortest <= run.end - run.start <= longest and _head_still(series, run):
            yield Event("blink", run.start, run.end, run.peak)


def mouths(series: Signals) -> Iterator[Event]:
    """The jaw drops and the lips part, held for at least `MOUTH_SECONDS`; closing again is not waited for."""
    jaw = _over_rest(series.time, series.jaw, 4.0) / JAW_RISE
    lips = _over_rest(series.time, series.lips, 4.0) / LIP_RATIO
    for run in _runs(series.time, np.minimum(jaw, lips), 1.0, 0.8):
        if run.end - run.start >= MOUTH_SECONDS:
            yield Event("mouth", run.start, run.end, run.peak * JAW_RISE)


def nods(series: Signals) -> Iterator[Event]:
    """The head goes down or up by `NOD_DEGREES` and back within `NOD_SECONDS`, facing the camera."""
    pitch = _from_rest(series.time, series.pitch)
    for sign in (1.0, -1.0):
        for run in _runs(series.time, sign * pitch, NOD_DEGREES, NOD_DEGREES / 2):
            settled = run.reached - series.time[0] > NOD_SETTLES_S
            if settled and run.ended and run.end - run.start <= NOD_SECONDS and np.abs(series.yaw[run.slice]).max() < NOD_YAW:
                yield Event("nod", run.start, run.end, run.peak)


def shakes(series: Signals) -> Iterator[Event]:
    """The head turns by `SHAKE_DEGREES` to one side and then to the other within `SHAKE_SECONDS`."""
    yaw = _from_rest(series.time, series.yaw)
    sides = [
        (run, sign)
        for sign in (1.0, -1.0)
        for run in _runs(series.time, sign * yaw, SHAKE_DEGREES, SHAKE_DEGREES / 2)
        if run.reached > series.time[0]  # turned from the first sample on: the rest pose is not known yet
    ]
    sides.sort(key=lambda side: side[0].start)
    for (first, sign), (second, other) in pairwise(sides):
        if sign != other and second.reached - first.start <= SHAKE_SECONDS:
            yield Event("shake", first.start, second.reached, min(first.peak, second.peak))


# --- time series -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Run:
    """A stretch over the bar: from the last sample before it to the first sample after it; `reached` is its first sample over the
    bar, `ended` is False when the series stops before it falls again."""

    slice: slice
    start: float
    reached: float
    end: float
    peak: float
    ended: bool


def _runs(time: Series, value: Series, high: float, low: float) -> Iterator[_Run]:
    """Stretches that rise over `high` and last until the value falls under `low`."""
    first: int | None = None
    for index, now in enumerate(value):
        if first is None and now > high:
            first = index
        elif first is not None and now < low:
            yield _run(time, value, first, index, ended=True)
            first = None
    if first is not None:
        yield _run(time, value, first, len(value) - 1, ended=False)


def _run(time: Series, value: Series, first: int, last: int, *, ended: bool) -> _Run:
    span = slice(first, max(last, first + 1))
    start = float(time[max(first - 1, 0)])
    return _Run(span, start, float(time[first]), float(time[last]), float(value[span].max()), ended)


def _over_rest(time: Series, value: Series, seconds: float) -> Series:
    """The rise over the 25th percentile of the surrounding `seconds`: rest even if the gesture fills half of them."""
    return value - _rolling(time, value, seconds, 25)


def _from_rest(time: Series, value: Series) -> Series:
    """The deviation from the median of the surrounding 8 s, after a median of three frames against single-frame jumps."""
    return median_of_three(value) - _rolling(time, value, 8.0, 50)


def _rolling(time: Series, value: Series, seconds: float, percent: float) -> Series:
    """The percentile of the `seconds` around each sample, worked out every quarter second and interpolated."""
    if not len(time):
        return value
    knots = np.arange(time[0], time[-1] + 0.25, 0.25)
    left = np.searchsorted(time, knots - seconds / 2)
    right = np.searchsorted(time, knots + seconds / 2, side="right")
    spans = (value[a:b] if b > a else value for a, b in zip(left, right, strict=True))
    return np.interp(time, knots, [_percentile(span, percent) for span in spans])


def _percentile(values: Series, percent: float) -> float:
    """As np.percentile does by default, at a tenth of its cost on so few values."""
    ordered = np.sort(values)
    place = (len(ordered) - 1) * percent / 100
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return float(ordered[low] + (ordered[high] - ordered[low]) * (place - low))


def median_of_three(value: Series) -> Series:
    """The running median of three, ends kept."""
    if len(value) < 3:
        return value
    middle = np.median(np.stack([value[:-2], value[1:-1], value[2:]]), axis=0)
    return np.concatenate([value[:1], middle, value[-1:]])


def _head_still(series: Signals, run: _Run) -> bool:
    """Whether the face is turned to the camera, and did not tip just before. A head that returns takes a real blink along, so what it does
    meanwhile and after says nothing."""
    around = (series.time >= run.start - 0.15) & (series.time <= run.end + 0.15)
    before = (series.time >= run.start - BLINK_BEFORE_S) & (series.time <= run.start)
    turned = np.abs(series.yaw[around]).max()
    return bool(turned < BLINK_YAW and np.ptp(series.pitch[before]) < BLINK_PITCH_CHANGE)
