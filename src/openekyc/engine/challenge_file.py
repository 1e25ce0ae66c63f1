"""What was asked in a recording and when, as a file: the way to judge a recording of which only that is known.

Times are milliseconds from the recording's first frame:

    {"steps": [
      {"kind": "hold", "begin_ms": 0, "end_ms": 1000},
      {"kind": "gesture", "gesture": "blink", "times": 2, "begin_ms": 1000, "prompt_ms": 1800, "end_ms": 5800},
      {"kind": "light", "begin_ms": 5800, "colours": [{"red": 255, "green": 64, "blue": 64, "duration_ms": 300}]}
    ]}
"""

from contextlib import suppress
from typing import Annotated

import msgspec
from msgspec import Meta

from openekyc.engine.media import MediaLimits, open_video
from openekyc.engine.values import (
    Challenge,
    Colour,
    ColourMark,
    Evidence,
    FrameSample,
    Gesture,
    GestureStep,
    HoldStep,
    Level,
    LightStep,
    Step,
    StepMark,
    Trace,
)
from openekyc.errors import MediaError, OpenEkycError

Moment = Annotated[float, Meta(ge=0, le=120_000)]


LARGEST = 100_000  # bytes of a challenge file


class ChallengeInvalid(OpenEkycError):
    """The challenge file is not valid."""

    remedy = "`openekyc verify --help` shows the format."


class TimedHold(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="hold", tag_field="kind"):
    """Looking at the camera."""

    begin_ms: Moment
    end_ms: Moment


class TimedGesture(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="gesture", tag_field="kind"):
    """One gesture, asked for at `prompt_ms`, to be answered by `end_ms`."""

    gesture: Gesture
    prompt_ms: Moment
    end_ms: Moment
    begin_ms: Moment | None = None
    times: Annotated[int, Meta(ge=1, le=3)] = 1


class TimedLight(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="light", tag_field="kind"):
    """Colours, painted one after the other from `begin_ms`."""

    begin_ms: Moment
    colours: Annotated[tuple[Colour, ...], Meta(min_length=1, max_length=64)]


class ChallengeFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What was asked in a recording, and when."""

    steps: Annotated[tuple[TimedHold | TimedGesture | TimedLight, ...], Meta(min_length=1, max_length=16)]


def evidence(video: bytes, challenge: bytes, level: Level, *, limits: MediaLimits | None = None, sandbox: bool = False) -> Evidence:
    """What a client would have sent that filmed `video` and ran the steps of the challenge file exactly then. Raises ChallengeInvalid."""
    steps = read_challenge(challenge)
    trace = msgspec.structs.replace(marks(steps), frames=frame_samples(video, limits), recorder_started_ms=0.0)
    return Evidence(video, Challenge("", tuple(map(plain, steps))), trace, level, sandbox=sandbox)


def frame_samples(video: bytes, limits: MediaLimits | None = None) -> tuple[FrameSample, ...]:
    """What a client would have reported about every frame; here the recording itself is the client's clock. Empty if it cannot be
    decoded: that is for the judgement to say."""
    samples: list[FrameSample] = []
    with suppress(MediaError):
        samples.extend(FrameSample(frame.time * 1000.0, frame.mean_rgb, media_s=frame.time) for frame in open_video(video, limits))
    return tuple(samples)


def read_challenge(data: bytes) -> tuple[TimedHold | TimedGesture | TimedLight, ...]:
    """The steps of a challenge file. Raises ChallengeInvalid naming the place."""
    if len(data) > LARGEST:
        raise ChallengeInvalid(f"The challenge file has more than {LARGEST} bytes.")
    try:
        return msgspec.json.decode(data, type=ChallengeFile).steps
    except msgspec.DecodeError as error:
        raise ChallengeInvalid(f"The challenge file is not valid: {error}.") from None


def plain(step: TimedHold | TimedGesture | TimedLight) -> Step:
    """The step as a challenge has it."""
    if isinstance(step, TimedHold):
        return HoldStep(round(step.end_ms - step.begin_ms))
    if isinstance(step, TimedLight):
        return LightStep(step.colours)
    return GestureStep(step.gesture, step.times, round(step.prompt_ms - _begin(step)), round(step.end_ms - step.prompt_ms))


def marks(steps: tuple[TimedHold | TimedGesture | TimedLight, ...]) -> Trace:
    """The trace of a client that ran the steps exactly then."""
    colours: tuple[ColourMark, ...] = ()
    done = []
    for index, step in enumerate(steps):
        if isinstance(step, TimedLight):
            colours = tuple(ColourMark(place, moment, moment) for place, moment in enumerate(_starts(step)))
        prompt = step.prompt_ms if isinstance(step, TimedGesture) else None
        done.append(StepMark(index, _begin(step), _end(step), prompt))
    return Trace(steps=tuple(done), colours=colours)


def _begin(step: TimedHold | TimedGesture | TimedLight) -> float:
    if isinstance(step, TimedGesture):
        return step.prompt_ms if step.begin_ms is None else step.begin_ms
    return step.begin_ms


def _end(step: TimedHold | TimedGesture | TimedLight) -> float:
    if isinstance(step, TimedLight):
        return step.begin_ms + sum(colour.duration_ms for colour in step.colours)
    return step.end_ms


def _starts(step: TimedLight) -> list[float]:
    moments, now = [], step.begin_ms
    for colour in step.colours:
        moments.append(now)
        now += colour.duration_ms
    return moments
