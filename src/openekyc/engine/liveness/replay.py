"""Was this recording judged before? The cue `replay`: a recording is recognised by how the head and face moved.

Nobody moves twice alike: head sway, gaze, blinks and mouth, each in its own time, differ from take to take even when the same person
does the same gestures in the same room. They survive what an attacker does to a file: encoding it again, cropping, scaling, toning,
mirroring it, playing it faster or slower, cutting its ends off. No picture and no embedding is kept, so a fingerprint
tells nobody who it was. Figures and limits: `docs/research/replay.md`; `tools/replay_check.py` measures them again.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openekyc.engine.face.landmarks import BLENDSHAPES
from openekyc.engine.face.values import Mesh, Track
from openekyc.engine.values import Cue, Known

Series = NDArray[np.float32]

RATE = 10  # samples a second
SLOW_S = 2.0  # slower movements are left out: they are few and alike
FORMAT = 2  # first byte of a fingerprint; another number is another way of measuring and not comparable
LEVELS = 40.0  # steps of one byte per unit
LONGEST_S = 40.0
SPEEDS = 1.03 ** np.arange(-7, 8)  # 0.81 to 1.23 times as fast
ALIKE, SHORT_COSTS = 0.58, 0.9
SHORTEST_S = 3.0
PART_S, STEADY = 1.5, 0.7  # 486 of 487 recordings that came again reach it; two still people who both nodded: .00 to .45
SHARE = 0.6  # of the shorter recording must lie over the other
SCREENED = 12  # candidates that are compared at the full sample rate
BATCH = 128

# What one encoding more changes in each channel, doubled: movements below it count for little. Measured on real clips.
_FLOOR = {
    "yaw": 0.3,  # degrees
    "pitch": 0.45,
    "roll": 0.16,
    "x": 0.006,  # eye distances
    "y": 0.008,
    "size": 0.004,  # logarithm
    "jaw": 0.016,  # blendshapes, 0..1
    "blink": 0.04,
    "gaze_x": 0.08,
    "gaze_y": 0.06,
    "smile": 0.02,
    "brow": 0.04,
}
FLOOR = np.array(list(_FLOOR.values()))
MIRRORED = np.array([-1.0 if name in ("yaw", "roll", "x", "gaze_x") else 1.0 for name in _FLOOR], np.float32)

_EYES, _BRIDGE, _TOP, _CHIN = (33, 263), (168, 6, 197), 10, 152


@dataclass(frozen=True, slots=True)
class Match:
    """How well two recordings agree where they agree best: `likeness` -1..1 over `overlap` seconds, the new one played `speed` times
    as fast, `mirrored` or not. `steady` is the median of the likenesses of its parts: one large gesture that two people were both
    asked for makes them alike as a whole, but only there."""

    likeness: float
    overlap: float
    speed: float
    mirrored: bool
    steady: float

    @property
    def bar(self) -> float:
        """The likeness from which this overlap speaks for one recording."""
        return bar(self.overlap)

    @property
    def margin(self) -> float:
        """By how much the likeness passes the bar."""
        return self.likeness - self.bar

    @property
    def same(self) -> bool:
        """Whether they are one recording."""
        return self.margin >= 0 and self.steady >= STEADY


def bar(overlap_s: float) -> float:
    """The likeness from which two recordings that overlap this long are one. Chance agreement falls with the length: the highest
    among takes of one person was .75 over 3 s, .61 over 4 to 8 s, .38 over 9 to 15 s."""
    return ALIKE + SHORT_COSTS / max(overlap_s, SHORTEST_S)


# --- the fingerprint ------------------------------------------------------------------------------------------------------


def fingerprint(track: Track) -> bytes | None:
    """The recording's movements, (n, 12) signed bytes at `RATE` behind the format byte. None if the face was seen for too short."""
    seen = [(observation.time, observation.mesh) for observation in track.observations if observation.mesh is not None]
    if len(seen) < 3 or seen[-1][0] - seen[0][0] < SHORTEST_S:
        return None
    times = np.array([time for time, _ in seen])
    grid = _high_pass(_resample(times, channels([mesh for _, mesh in seen])))
    even = np.arcsinh(grid / np.sqrt(grid.var(axis=0) + FLOOR**2))  # so that no single movement decides
    levels: NDArray[np.int8] = np.clip(np.round(even * LEVELS), -127, 127).astype(np.int8)
    return bytes([FORMAT]) + bytes(levels.data)


def channels(meshes: Sequence[Mesh]) -> NDArray[np.float64]:
    """(n, 12): head pose, place in units of the eye distance, size, and six groups of blendshapes."""
    points = np.array([mesh.points for mesh in meshes], dtype=np.float64)
    shapes = np.array([mesh.blendshapes for mesh in meshes], dtype=np.float64)
    eyes = np.linalg.norm(points[:, _EYES[0]] - points[:, _EYES[1]], axis=1)
    place = points[:, list(_BRIDGE), :2].mean(axis=1) / max(float(np.median(eyes)), 1e-6)
    size = np.log(np.linalg.norm(points[:, _TOP] - points[:, _CHIN], axis=1) + eyes + 1e-6)
    pose = [(mesh.pose.yaw, mesh.pose.pitch, mesh.pose.roll) for mesh in meshes]
    return np.column_stack([pose, place, size, *_expressions(shapes)])


def _expressions(shapes: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    def mean(*names: str) -> NDArray[np.float64]:
        return np.asarray(shapes[:, [BLENDSHAPES.index(name) for name in names]].mean(axis=1))

    return [
        mean("jawOpen"),
        mean("eyeBlinkLeft", "eyeBlinkRight"),
        mean("eyeLookOutLeft", "eyeLookInRight") - mean("eyeLookInLeft", "eyeLookOutRight"),
        mean("eyeLookDownLeft", "eyeLookDownRight") - mean("eyeLookUpLeft", "eyeLookUpRight"),
        mean("mouthSmileLeft", "mouthSmileRight"),
        mean("browInnerUp") - mean("browDownLeft", "browDownRight"),
    ]


def _resample(times: NDArray[np.float64], values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Means over tenths of a second, from three interpolated samples each."""
    fine = np.arange(times[0], min(times[-1], times[0] + LONGEST_S), 1 / (3 * RATE))
    fine = fine[: len(fine) // 3 * 3]
    dense = np.column_stack([np.interp(fine, times, column) for column in values.T])
    return np.asarray(dense.reshape(-1, 3, values.shape[1]).mean(axis=1))


def _high_pass(grid: NDArray[np.float64]) -> NDArray[np.float64]:
    kernel = np.ones(int(SLOW_S * RATE))
    weight = np.convolve(np.ones(len(grid)), kernel, "same")
    return grid - np.column_stack([np.convolve(column, kernel, "same") / weight for column in grid.T])


# --- comparing ------------------------------------------------------------------------------------------------------------


def judge(own: bytes | None, known: Sequence[Known], *, denies: bool = True) -> Cue:
    """The cue `replay`: deny a recording that agrees with one of `known`. With `denies=False` it is recorded and never refuses: at
    level 1, and in sandboxes, where one seed of the simulated subject always sways alike."""
    numbers = {"known": float(len(known))}
    best = best_match(own, [one.fingerprint for one in known]) if own else None
    if best is None:
        return Cue("replay", "pass" if own else "skipped", numbers=numbers)
    place, match = best
    numbers |= {"likeness": round(match.likeness, 3), "bar": round(match.bar, 3), "overlap_s": round(match.overlap, 1)}
    numbers |= {"steady": round(match.steady, 3), "speed": round(match.speed, 3), "mirrored": float(match.mirrored)}
    if not match.same:
        return Cue("replay", "pass", numbers=numbers)
    reason = f"the recording was submitted before: attempt {known[place].attempt}"
    if not denies:
        return Cue("replay", "recorded", "1002", ("03",), f"{reason} (recorded only)", numbers=numbers)
    return Cue("replay", "deny", "1002", ("03",), reason, numbers=numbers)


def best_match(own: bytes, known: Sequence[bytes]) -> tuple[int, Match] | None:
    """The place in `known` of the recording that agrees best with `own`, and how. All are screened at half the sample rate; None if
    nothing can be compared."""
    query = series(own)
    others = [(place, other) for place, data in enumerate(known) if (other := series(data)) is not None and len(other) > 2]
    if query is None or not others:
        return None
    likely = [others[index] for index in _screen(query, [other for _, other in others])]
    compared = zip(likely, _compare(query, [other for _, other in likely]), strict=True)
    return max(((place, match) for (place, _), match in compared if match), key=lambda one: (one[1].same, one[1].margin), default=None)


def series(data: bytes) -> Series | None:
    """A fingerprint as (n, 12) float32; None if it is of another format."""
    if not data or data[0] != FORMAT or (len(data) - 1) % len(FLOOR):
        return None
    return np.frombuffer(data, np.int8, offset=1).reshape(-1, len(FLOOR)).astype(np.float32) / LEVELS


def _screen(query: Series, others: Sequence[Series]) -> list[int]:
    """The places of the `SCREENED` likeliest, by their highest inner product over the energy of the weaker one, at half the sample rate."""
    if len(others) <= SCREENED:
        return list(range(len(others)))
    half, marks = _thin(query), []
    for start in range(0, len(others), BATCH):
        halves = [_thin(other) for other in others[start : start + BATCH]]
        peaks = _curves([_at_speed(half, float(speed)) for speed in SPEEDS[::2]], halves).max(axis=(0, 1, 2))
        marks += [peak / (min((half**2).sum(), (other**2).sum()) + 1e-6) for peak, other in zip(peaks.tolist(), halves, strict=True)]
    return sorted(np.argsort(marks)[-SCREENED:].tolist())


def _thin(values: Series) -> Series:
    even = values[: len(values) // 2 * 2]
    return np.asarray(even.reshape(-1, 2, values.shape[1]).mean(axis=1), np.float32)


def _compare(query: Series, others: Sequence[Series]) -> list[Match | None]:
    """The best agreement of `query` with each of `others` over all speeds, lags and both hands."""
    plays = [_at_speed(query, float(speed)) for speed in SPEEDS]
    curves = _curves(plays, others)
    return [_best(plays, other, curves[..., index]) for index, other in enumerate(others)]


def _curves(plays: Sequence[Series], others: Sequence[Series]) -> Series:
    """(hands, lags, speeds, others): inner products at every lag, negative lags at the end, worked out in the frequency domain."""
    length = 1 << (max(map(len, plays)) + max(map(len, others))).bit_length()
    spectra = np.stack([np.fft.rfft(play, length, axis=0) for play in plays]).conj().transpose(1, 0, 2)  # (bins, speeds, channels)
    theirs = np.stack([np.fft.rfft(other, length, axis=0) for other in others], axis=2)  # (bins, channels, others)
    sums = [np.matmul(spectra * hand, theirs) for hand in (np.ones_like(MIRRORED), MIRRORED)]
    return np.stack([np.fft.irfft(one, length, axis=0) for one in sums])


def _best(plays: Sequence[Series], other: Series, curves: Series) -> Match | None:
    found = (_best_lag(play, other, curves[:, :, index], float(SPEEDS[index])) for index, play in enumerate(plays))
    return max((match for match in found if match), key=lambda match: match.margin, default=None)


def _best_lag(play: Series, other: Series, curves: Series, speed: float) -> Match | None:
    """`curves` (hands, lags): the inner product where `play` begins `lag` samples after `other`."""
    lags = np.arange(-len(play) + 1, len(other))
    begin, end = np.maximum(lags, 0), np.minimum(lags + len(play), len(other))
    enough = end - begin >= max(SHORTEST_S * RATE, SHARE * min(len(play), len(other)))
    if not enough.any():
        return None
    lags, begin, end = lags[enough], begin[enough], end[enough]
    ours, theirs = _energy(play), _energy(other)
    scale = np.sqrt((ours[end - lags] - ours[begin - lags]) * (theirs[end] - theirs[begin])) + 1e-6
    likeness = curves[:, lags] / scale
    overlaps = (end - begin) / RATE
    hand, place = np.unravel_index(int(np.argmax(likeness - SHORT_COSTS / overlaps)), likeness.shape)
    first, last, lag = begin[place], end[place], lags[place]
    steady = _steady(play[first - lag : last - lag] * (MIRRORED if hand else 1), other[first:last])
    return Match(float(likeness[hand, place]), float(overlaps[place]), speed, bool(hand), steady)


def _steady(ours: Series, theirs: Series) -> float:
    """The median likeness over parts of `PART_S`."""
    edges = np.linspace(0, len(ours), max(1, round(len(ours) / (PART_S * RATE))) + 1)[:-1].astype(int)
    both, own, other = (np.add.reduceat((a * b).sum(axis=1), edges) for a, b in ((ours, theirs), (ours, ours), (theirs, theirs)))
    return float(np.median(both / (np.sqrt(own * other) + 1e-6)))


def _energy(values: Series) -> Series:
    return np.concatenate([np.zeros(1, np.float32), np.cumsum((values**2).sum(axis=1))])


def _at_speed(values: Series, speed: float) -> Series:
    """The series as if the recording had been played `speed` times as fast."""
    places = np.arange(0, len(values) - 1, speed)
    return np.column_stack([np.interp(places, np.arange(len(values)), column) for column in values.T]).astype(np.float32)
