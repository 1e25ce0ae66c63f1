"""`openekyc explain SESSION`: everything that is known about a session, as one HTML page or as JSON."""

import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from openekyc.cli.options import json_option, settings_of, settings_options
from openekyc.cli.output import print_json, say
from openekyc.cli.results import HEADS, code_words, next_step, result_words
from openekyc.errors import HomeError, OpenEkycError, TokenUnknown
from openekyc.explain.words import kind, outcome
from openekyc.sessions.auditing import AuditSide, Dossier
from openekyc.settings import Settings


class SessionUnknown(OpenEkycError):
    """There is no such session."""

    remedy = "SESSION is the SdkToken or BizToken as it was issued, and --home the home folder of the server that issued it."


@click.command(epilog="Example: openekyc explain 0A1B2C3D-... --out session.html")
@settings_options
@click.argument("session")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="The page's file [default: SESSION.html here].")
@json_option
def explain(home: Path | None, config: Path | None, session: str, out: Path | None, as_json: bool) -> None:
    """Write the page an auditor reads about a session: verdict in words, time line, every check with its numbers and thresholds,
    curves, frames, hashes. SESSION is the SdkToken. Works beside a running server, on the machine that keeps its home folder.

    The page holds pictures of a person: keep it as you keep the recording.
    """
    from openekyc.explain.page import page
    from openekyc.explain.summary import summary

    found = asyncio.run(dossier(settings_of(home, config), session))
    if as_json:
        print_json(summary(found))
        return
    path = out or Path(f"{found.session.token}.html")
    write(path, page(found))
    if sys.stdout.isatty():  # a script gets the path alone
        for mark, line in _words(found):
            say(line, mark)
    click.echo(str(path))


def _words(found: Dossier) -> Iterator[tuple[str, str]]:
    """What became of the newest attempt, for whoever reads the terminal and not the page."""
    if not found.chapters:
        yield "", "No attempt was begun."
        return
    attempt = found.chapters[0].attempt
    if attempt.verdict is None:
        yield "", f"Attempt {attempt.number}: {outcome(attempt)}."
        return
    yield "", result_words(f"Attempt {attempt.number}: {HEADS[kind(attempt.verdict)]}", attempt.verdict.code)
    yield "  ", code_words(attempt.verdict.code, attempt.verdict.tags)
    yield "  -> ", next_step(attempt.verdict.code, attempt.verdict.hint)


async def dossier(settings: Settings, token: str) -> Dossier:
    """What the home folder keeps of a session. Raises SessionUnknown."""
    from openekyc.app import open_sessions

    async with open_sessions(settings) as sessions:
        return await dossier_of(sessions, token, settings)


async def dossier_of(sessions: AuditSide, token: str, settings: Settings) -> Dossier:
    """The same from open sessions."""
    try:
        return await sessions.dossier(token.upper())
    except TokenUnknown:
        raise SessionUnknown(f"There is no session {token} in {settings.home}.") from None


def write(path: Path, text: str) -> None:
    """For the owner alone: the page shows a person. Raises HomeError."""
    try:
        path.touch(mode=0o600)
        path.write_text(text)
    except OSError as error:
        raise HomeError(f"Cannot write {path}: {error.strerror}.", "Choose another file with --out.") from None
