"""`openekyc capture`: complete a session with a recording or the simulated subject, over the capture protocol."""

from collections.abc import Callable
from pathlib import Path
from secrets import randbits
from typing import TYPE_CHECKING

import click
import msgspec

from openekyc.cli import exits
from openekyc.cli.listening import address
from openekyc.cli.options import json_option, settings_of, settings_options
from openekyc.cli.output import print_fault, print_json
from openekyc.settings import Settings
from openekyc.simulator.knobs import KINDS

if TYPE_CHECKING:
    from openekyc.capture.messages import OutcomeAnswer
    from openekyc.engine.documents.values import Side
    from openekyc.simulator.camera import Camera

PICTURE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command(epilog="Example: openekyc capture --token 0A1B2C3D-... --simulate")
@settings_options
@click.option("--token", required=True, help="The SdkToken of the session.")
@click.option("--video", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A recording, played as the camera.")
@click.option(
    "--simulate",
    is_flag=False,
    flag_value="live",
    type=click.Choice(KINDS),
    help="The simulated subject (sandbox accounts): a live person, or an attack that must fail.",
)
@click.option("--document", type=PICTURE, help="A picture of the document's front, for sessions that ask for one.")
@click.option("--document-back", type=PICTURE, help="A picture of its back, for kinds with two sides.")
@click.option("--server", help="The server's address [default: http://HOST:PORT of the settings].")
@click.option("--attempts", type=click.IntRange(1, 5), default=1, show_default=True, help="Attempts at most, while the server says retry.")
@click.option(
    "--frames",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="With --simulate: keep the camera's latest picture (JPEG) in this file while it runs.",
)
@json_option
def capture(
    home: Path | None,
    config: Path | None,
    token: str,
    video: Path | None,
    simulate: str | None,
    document: Path | None,
    document_back: Path | None,
    server: str | None,
    attempts: int,
    frames: Path | None,
    as_json: bool,
) -> int:
    """Answer a session: show its document, if it asks for one, and follow the challenge. Exit code 0 if it passed, 1 if not.

    Like every capture client it learns pass, retry with a hint, or fail; the result with its reasons is for the integrator's call.
    """
    from openekyc.capture.client import CaptureClient
    from openekyc.simulator.presenting import DocumentNotAccepted, from_files, schematic
    from openekyc.simulator.run import run_session

    if (video is None) == (simulate is None):
        raise click.UsageError("Give either --video FILE or --simulate.")
    if frames and not simulate:
        raise click.UsageError("--frames goes with --simulate: a recording can be watched as it is.")
    settings = settings_of(home, config)
    files: dict[Side, Path | None] = {"front": document, "back": document_back}
    given = {side: path for side, path in files.items() if path}
    pictures = schematic(settings.models_folder) if simulate and not given else from_files(given)
    with CaptureClient(server or settings.public_url or address(settings.host, settings.port), token) as client:
        try:
            outcome = run_session(client, _cameras(settings, video, simulate, frames), attempts, None if as_json else _say, pictures)
        except DocumentNotAccepted as refused:
            print_fault(refused.message, refused.remedy)
            return exits.NO
    if as_json:
        print_json(outcome)
    else:
        click.echo(_words(outcome))
    return exits.DONE if outcome.state == "pass" else exits.NO


def _words(outcome: "OutcomeAnswer") -> str:
    """The outcome as a person would say it."""
    parts = [outcome.state, f"tip: {outcome.hint.replace('_', ' ')}" if outcome.hint else ""]
    parts.append(f"{outcome.attempts_left} attempts left" if outcome.state == "retry" else "")
    return "; ".join(part for part in parts if part) + (" (sandbox)" if outcome.sandbox else "")


def _say(text: str) -> None:
    click.echo(text, err=True)


def _cameras(settings: Settings, video: Path | None, kind: str | None, frames: Path | None) -> "Callable[[], Camera]":
    """A new camera for each attempt."""
    if video is not None:
        from openekyc.simulator.recorded import RecordedCamera

        return lambda: RecordedCamera(video)
    from openekyc.engine.runtime import Models
    from openekyc.simulator.filming import SubjectCamera
    from openekyc.simulator.knobs import Knobs
    from openekyc.simulator.subject import load_portrait, subject
    from openekyc.simulator.viewfinder import Viewfinder

    person = load_portrait(Models(settings.models_folder), Knobs())

    def camera() -> "Camera":
        made = subject(msgspec.convert(kind, type=_kind()), person, Knobs(seed=randbits(32)))
        if frames and isinstance(made, SubjectCamera):
            made.viewfinder = Viewfinder(frames)
        return made

    return camera


def _kind() -> object:
    from openekyc.simulator.knobs import Kind

    return Kind
