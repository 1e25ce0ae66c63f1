"""`openekyc verify VIDEO`: the engine alone on a file, without session or server."""

from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from openekyc.cli import exits
from openekyc.cli.options import json_option, settings_of, settings_options
from openekyc.cli.output import print_json, print_table
from openekyc.cli.results import HEADS, code_words, next_step, result_words, say_result
from openekyc.engine.values import (
    GESTURES,
    LEVELS_WITH_GESTURES,
    LEVELS_WITH_LIGHT,
    Cue,
    Gesture,
    Level,
    Verdict,
)
from openekyc.explain.words import kind

if TYPE_CHECKING:
    from openekyc.engine.runtime import Models


PASSED = "Nothing. A session judges more: that the recording is new, and that it was made for this session's challenge."


@click.command(epilog="Example: openekyc verify selfie.webm --level 2 --gestures blink,mouth")
@settings_options
@click.argument("video", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--level", type=click.IntRange(1, 4), required=True, metavar="N", help="Security level, 1 to 4; 3 and 4 need --challenge.")
@click.option("--gestures", metavar="LIST", default="blink", show_default=True, help=f"With commas, in order: {', '.join(GESTURES)}.")
@click.option("--challenge", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="What was asked and when (JSON).")
@json_option
def verify(home: Path | None, config: Path | None, video: Path, level: Level, gestures: str, challenge: Path | None, as_json: bool) -> int:
    """Judge a recording (WebM, Matroska or MP4), without a server or a session. Exit code 0 if the result is 0, else 1.

    The recording may be of any length and up to 4K; memory grows by about 12 MB for each minute of 30 frames a second.

    Without --challenge the gestures may lie anywhere in it, in the order given. With it each must answer its own prompt:

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

    settings = settings_of(home, config)
    models = Models(settings.models_folder, settings.silent_model)
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

    with video.open("rb") as file:
        return verify_file(models, file, level, asked if level in LEVELS_WITH_GESTURES else ())


def _by_file(models: "Models", video: Path, level: Level, challenge: Path) -> Verdict:
    from openekyc.engine.challenge_file import evidence
    from openekyc.engine.verify import OWN_FILE
    from openekyc.engine.verify import verify as judge

    return judge(models, evidence(video.read_bytes(), challenge.read_bytes(), level, limits=OWN_FILE), OWN_FILE)


def show(verdict: Verdict, as_json: bool) -> None:
    """The verdict without its media: in words first, then what every cue says."""
    bare = msgspec.structs.replace(verdict, best_frame=None, action_video=None)
    if as_json:
        print_json(bare)
        return
    say_result(_words(verdict), code_words(verdict.code, verdict.tags), _next(verdict))
    click.echo()
    rows = [(cue.name, cue.decision, cue.reason, _numbers(cue)) for cue in verdict.cues]
    print_table(("cue", "decision", "reason", "numbers"), rows, texts=("reason", "numbers"))
    click.echo("CPU seconds: " + ", ".join(f"{stage} {seconds:.2f}" for stage, seconds in verdict.seconds.items()))


def _words(verdict: Verdict) -> str:
    outcome = kind(verdict)
    wanted = {"deny": "deny", "retry": "retry"}.get(outcome)
    return result_words(HEADS[outcome], verdict.code, (cue.reason for cue in verdict.cues if cue.decision == wanted))


def _next(verdict: Verdict) -> str:
    return PASSED if verdict.code == "0" else next_step(verdict.code, verdict.hint)


def _numbers(cue: Cue) -> str:
    return ", ".join(f"{name} {value:g}" for name, value in cue.numbers.items())
