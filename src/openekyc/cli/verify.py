"""`openekyc verify VIDEO`: the engine alone on a file, without session or server.

A challenge file tells what was asked and when, in milliseconds from the recording's first frame:

    {"steps": [
      {"kind": "hold", "begin_ms": 0, "end_ms": 1000},
      {"kind": "gesture", "gesture": "blink", "times": 2, "begin_ms": 1000, "prompt_ms": 1800, "end_ms": 5800},
      {"kind": "light", "begin_ms": 5800, "colours": [{"red": 255, "green": 64, "blue": 64, "duration_ms": 300}]}
    ]}
"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import click
import msgspec
from msgspec import Meta

from openekyc.cli import exits
from openekyc.cli.options import json_option, settings_of, settings_options
from openekyc.cli.output import print_json, print_table
from openekyc.engine.values import (
    GESTURES,
    LEVELS_WITH_GESTURES,
    LEVELS_WITH_LIGHT,
    Challenge,
    Colour,
    ColourMark,
    Cue,
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
    Verdict,
)
from openekyc.errors import OpenEkycError

if TYPE_CHECKING:
    from openekyc.engine.runtime import Models

Moment = Annotated[float, Meta(ge=0, le=120_000)]


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


@click.command(epilog="Example: openekyc verify selfie.webm --level 2 --gestures blink,mouth")
@settings_options
@click.argument("video", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--level", type=click.IntRange(1, 4), required=True, help="Security level; 3 and 4 need --challenge.")
@click.option("--gestures", metavar="LIST", default="blink", show_default=True, help=f"Comma-separated, in order: {', '.join(GESTURES)}.")
@click.option("--challenge", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="What was asked and when (JSON).")
@json_option
def verify(home: Path | None, config: Path | None, video: Path, level: Level, gestures: str, challenge: Path | None, as_json: bool) -> int:
    """Judge a recording with the engine alone. Exit code 0 if the result is 0, else 1.

    Without --challenge the gestures may lie anywhere in the clip, in the order given. With it each must answer its own prompt:

    \b
    {"steps": [
      {"kind": "hold", "begin_ms": 0, "end_ms": 1000},
      {"kind": "gesture", "gesture": "blink", "times": 2,
       "begin_ms": 1000, "prompt_ms": 1800, "end_ms": 5800},
      {"kind": "light", "begin_ms": 5800,
       "colours": [{"red": 255, "green": 64, "blue": 64, "duration_ms": 300}]}
    ]}

    Times are milliseconds from the recording's first frame.
    """
    if level in LEVELS_WITH_LIGHT and challenge is None:
        raise click.UsageError("Levels 3 and 4 need --challenge: light means nothing without the colours that were shown.")
    from openekyc.engine.runtime import Models

    models = Models(settings_of(home, config).models_folder)
    asked = parse_gestures(gestures)
    found = _by_file(models, video, level, challenge) if challenge else _bare(models, video, level, asked)
    show(found, as_json)
    return exits.DONE if found.code == "0" else exits.NO


def parse_gestures(text: str) -> tuple[Gesture, ...]:
    """Comma-separated names. Raises click.BadParameter."""
    names = [name.strip() for name in text.split(",") if name.strip()]
    try:
        return msgspec.convert(names, tuple[Gesture, ...])
    except msgspec.ValidationError:
        raise click.BadParameter(f"choose from {', '.join(GESTURES)}", param_hint="--gestures") from None


def _bare(models: "Models", video: Path, level: Level, asked: tuple[Gesture, ...]) -> Verdict:
    from openekyc.engine.verify import verify_file

    return verify_file(models, video.read_bytes(), level, asked if level in LEVELS_WITH_GESTURES else ())


def _by_file(models: "Models", video: Path, level: Level, challenge: Path) -> Verdict:
    from openekyc.engine.verify import verify as judge

    steps = read_challenge(challenge.read_bytes())
    trace = msgspec.structs.replace(marks(steps), frames=frame_samples(video), recorder_started_ms=0.0)
    return judge(models, Evidence(video.read_bytes(), Challenge("", tuple(map(plain, steps))), trace, level))


def frame_samples(video: Path) -> tuple[FrameSample, ...]:
    """What a client would have reported about every frame; here the recording itself is the client's clock."""
    from openekyc.simulator.recorded import RecordedCamera

    camera, samples = RecordedCamera(video), []
    camera.start((), 0.0)
    while camera.due_ms() is not None:
        shot = camera.shoot()
        camera.take()
        samples.append(FrameSample(shot.now_ms, shot.rgb, media_s=shot.media_s))
    camera.close()
    return tuple(samples)


def read_challenge(data: bytes) -> tuple[TimedHold | TimedGesture | TimedLight, ...]:
    """The steps of a challenge file. Raises ChallengeInvalid naming the place."""
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


def show(verdict: Verdict, as_json: bool) -> None:
    """The verdict without its media."""
    bare = msgspec.structs.replace(verdict, best_frame=None, action_video=None)
    if as_json:
        print_json(bare)
        return
    click.echo(f"result {verdict.code}  tags {', '.join(verdict.tags) or 'none'}  hint {verdict.hint or 'none'}")
    rows = [(cue.name, cue.decision, cue.reason, _numbers(cue)) for cue in verdict.cues]
    print_table(("cue", "decision", "reason", "numbers"), rows)
    click.echo("CPU seconds: " + ", ".join(f"{stage} {seconds:.2f}" for stage, seconds in verdict.seconds.items()))


def _numbers(cue: Cue) -> str:
    return ", ".join(f"{name} {value:g}" for name, value in cue.numbers.items())
