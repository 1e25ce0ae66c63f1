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
from openekyc.cli.results import say_result
from openekyc.codes_help import HINTS
from openekyc.settings import Settings
from openekyc.simulator.knobs import KINDS

if TYPE_CHECKING:
    from openekyc.capture.messages import OutcomeAnswer
    from openekyc.engine.documents.values import Side
    from openekyc.simulator.camera import Camera

PICTURE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command(epilog="Example: openekyc capture --simulate")
@settings_options
@click.option("--token", metavar="TOKEN", help="The SdkToken of the session [with --simulate a new one of the account `demo`].")
@click.option("--video", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A recording, played as the camera.")
@click.option(
    "--simulate",
    is_flag=False,
    flag_value="live",
    type=click.Choice(KINDS),
    metavar="[=SUBJECT]",
    help=f"The simulated subject, for sandbox accounts: live if nothing is named, or an attack that must fail ({', '.join(KINDS[1:])}).",
)
@click.option("--document", type=PICTURE, help="A picture of the document's front, for sessions that ask for one.")
@click.option("--document-back", type=PICTURE, help="A picture of its back, for kinds with two sides.")
@click.option("--server", metavar="URL", help="The server's address [default: http://HOST:PORT of the settings].")
@click.option("--attempts", type=click.IntRange(1, 5), default=1, show_default=True, metavar="N", help="Attempts at most, 1 to 5.")
@click.option(
    "--frames",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    metavar="FILE",
    help="With --simulate: keep the camera's latest picture (JPEG) in this file while it runs.",
)
@click.option(
    "--decline-light",
    is_flag=True,
    help="Decline flashing colours, where the session allows it: levels 3 and 4 are then judged by gestures, as level 2.",
)
@json_option
def capture(
    home: Path | None,
    config: Path | None,
    token: str | None,
    video: Path | None,
    simulate: str | None,
    document: Path | None,
    document_back: Path | None,
    server: str | None,
    attempts: int,
    frames: Path | None,
    decline_light: bool,
    as_json: bool,
) -> int:
    """Answer a session in the person's place: show its document, if it asks for one, and follow the challenge. Exit code 0 if it passed, 1
    if not.

    Like every capture client it learns only pass, retry with a hint, or fail. The result code and its reasons are for the integrator's call
    and for `openekyc explain`.
    """
    from openekyc.capture.client import CaptureClient
    from openekyc.simulator.presenting import DocumentNotAccepted, from_files, schematic
    from openekyc.simulator.run import run_session

    if (video is None) == (simulate is None):
        raise click.UsageError("Give either --video FILE or --simulate.")
    if token is None and simulate is None:
        raise click.UsageError("Give --token; without one only --simulate opens a session of its own.")
    if frames and not simulate:
        raise click.UsageError("--frames goes with --simulate: a recording can be watched as it is.")
    settings = settings_of(home, config)
    server = server or settings.public_url or address(settings.host, settings.port)
    token = token or _own_session(settings, server)
    files: dict[Side, Path | None] = {"front": document, "back": document_back}
    given = {side: path for side, path in files.items() if path}
    cameras = _cameras(settings, video, simulate, frames)
    pictures = schematic(settings.models_folder) if simulate and not given else from_files(given)
    with CaptureClient(server, token) as client:
        try:
            outcome = run_session(client, cameras, attempts, _say, pictures, light=not decline_light)
        except DocumentNotAccepted as refused:
            print_fault(refused.message, refused.remedy)
            return exits.NO
    if as_json:
        print_json(outcome)
    else:
        say_result(*_told(outcome, token))
    return exits.DONE if outcome.state == "pass" else exits.NO


def _own_session(settings: Settings, server: str) -> str:
    from openekyc.cli.sandbox import ACCOUNT, sandbox_token

    token = sandbox_token(settings, server)
    _say(f"session {token} of the sandbox account {ACCOUNT}")
    return token


def _told(outcome: "OutcomeAnswer", token: str) -> tuple[str, str, str]:
    """Words, the protocol's own words, and what to do. A capture client learns no result code."""
    advice, shows = HINTS.get(outcome.hint, outcome.hint), f"`openekyc explain {token}` on the server's machine"
    words, following = {
        "pass": ("Passed.", f"The result is there for the integrator's call. {shows} shows all of it."),
        "retry": (f"Not passed yet: {advice}.", f"Run the command again with the same token, or with --attempts. {shows} says why."),
        "fail": ("Not passed.", f"No attempt is left for this token: issue a new one. {shows} says why."),
        "expired": ("The token has expired.", "Issue a new token."),
    }.get(outcome.state, ("There is no verdict yet.", f"Look again in a moment: {shows}."))
    parts = [f"outcome {outcome.state}", f"hint {outcome.hint}" if outcome.hint else ""]
    parts.append(f"{outcome.attempts_left} attempts left" if outcome.state == "retry" else "")
    parts.append("sandbox" if outcome.sandbox else "")
    return words, ", ".join(part for part in parts if part), following


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
