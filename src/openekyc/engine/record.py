"""What is kept of one judgement, so that a person can follow it later and a program can repeat it: the evidence record.

Values only, JSON on disk, bounded in size. `describe.py` makes them inside the engine; `openekyc explain` shows them. Times named `*_s`
are seconds of the recording's own clock, from its first frame.
"""

import msgspec

from openekyc.engine.values import Cue, Hint, Level

FORMAT = 1
MOST_BYTES = 300_000

Series = tuple[float, ...]


class Film(msgspec.Struct, frozen=True):
    """The recording: what its headers say and what decoding it showed. Container words are the sender's and prove nothing."""

    sha256: str
    size: int
    container: str
    codec: str
    width: int
    height: int
    duration_s: float
    frames: int
    fps: float
    truncated: bool
    words: dict[str, str] = {}
    turned: int = 0  # degrees clockwise, beyond what the headers say


class Found(msgspec.Struct, frozen=True):
    """A gesture that was seen, asked for or not."""

    gesture: str
    start_s: float
    end_s: float
    strength: float


class Prompt(msgspec.Struct, frozen=True):
    """One step of the challenge: asked for (as drawn), shown (as the client reports), seen (as the engine found)."""

    index: int
    kind: str  # hold, gesture, light
    asked: str
    gesture: str = ""
    times: int = 0  # how often the gesture was asked for
    wait_ms: int = 0
    window_ms: int = 0
    begin_s: float | None = None  # None: the client reported nothing
    shown_s: float | None = None
    end_s: float | None = None
    seen: Found | None = None


class Curves(msgspec.Struct, frozen=True):
    """What the gestures were read from: blendshapes in 0..1, `lips` = inner-lip opening over width, degrees."""

    time: Series = ()
    left: Series = ()
    right: Series = ()
    jaw: Series = ()
    lips: Series = ()
    yaw: Series = ()
    pitch: Series = ()


class Shown(msgspec.Struct, frozen=True):
    """One colour of the light step, 8-bit sRGB, when it was on the screen."""

    rgb: tuple[int, int, int]
    begin_s: float
    end_s: float


class Reflection(msgspec.Struct, frozen=True):
    """The face's answer to the colours: detrended shares of red, green and blue as measured and as the colours let expect at the found lag
    and modulation, one triple per frame."""

    lag_ms: float
    time: Series
    measured: tuple[tuple[float, float, float], ...]
    expected: tuple[tuple[float, float, float], ...]


class Timing(msgspec.Struct, frozen=True):
    """Weak signals about the capture, recorded and never decisive: every one is the client's word or a codec's habit. Intervals in ms."""

    trace_frames: int
    trace_interval: float  # median between frames as the client saw them
    trace_jitter: float  # interquartile range of those intervals
    film_interval: float
    film_jitter: float
    clock_offset_ms: float  # where the recording's first frame lies after its announced start
    clock_measured: bool
    round_trip: float | None = None  # median of the client's pings


class Strip(msgspec.Struct, frozen=True):
    """Small frames side by side in one JPEG, and the moments they show."""

    jpeg: bytes
    times: Series


class Record(msgspec.Struct, frozen=True):
    """One judgement."""

    version: str  # of openekyc
    models: dict[str, str]  # file name -> SHA-256
    level: Level
    code: str
    tags: tuple[str, ...]
    hint: Hint
    reason: str
    cues: tuple[Cue, ...]
    thresholds: dict[str, float]
    film: Film
    timing: Timing
    prompts: tuple[Prompt, ...]
    found: tuple[Found, ...]
    curves: Curves
    colours: tuple[Shown, ...] = ()
    reflection: Reflection | None = None
    strip: Strip | None = None
    seconds: dict[str, float] = {}
    format: int = FORMAT


def encode(record: Record) -> bytes:
    """The record as JSON of at most `MOST_BYTES`: the strip goes first, then the curves."""
    for kept in (record, msgspec.structs.replace(record, strip=None), msgspec.structs.replace(record, strip=None, curves=Curves())):
        data = msgspec.json.encode(kept)
        if len(data) <= MOST_BYTES:
            return data
    return msgspec.json.encode(msgspec.structs.replace(record, strip=None, curves=Curves(), reflection=None, found=()))


def decode(data: bytes) -> Record:
    """A stored record. Raises msgspec.DecodeError if it is not one."""
    return msgspec.json.decode(data, type=Record)


def reason(cues: tuple[Cue, ...]) -> str:
    """Why, in words: what every cue that did not pass had to say, refusals first."""
    ranked = [cue for decision in ("deny", "retry", "recorded") for cue in cues if cue.decision == decision and cue.reason]
    return "; ".join(f"{cue.name}: {cue.reason}" for cue in ranked) or "every cue passed"
