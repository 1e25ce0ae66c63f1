"""`openekyc replay SESSION`: judge an attempt again from what is stored, and say what changed."""

import asyncio
import hashlib
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from openekyc.cli import exits
from openekyc.cli.explain import dossier_of
from openekyc.cli.options import json_option, settings_of, settings_options
from openekyc.cli.output import print_json, print_table
from openekyc.cli.results import code_words, lowered, say_result
from openekyc.codes_help import result
from openekyc.engine.values import Evidence, Verdict
from openekyc.errors import AttemptUnknown, OpenEkycError
from openekyc.sessions.model import Attempt
from openekyc.settings import Settings

if TYPE_CHECKING:
    from openekyc.engine.record import Record

TOLERANCE = 1e-3  # networks round differently on other processors


SAME = "Nothing. `openekyc explain TOKEN` shows what the verdict rests on."
OTHER = "See what differs below; files, version and thresholds that changed are named above. What is stored stays as it is."


class NotTheSame(OpenEkycError):
    """What judged this attempt is not what would judge it now."""

    remedy = "`--force` judges it all the same."


class Erased(OpenEkycError):
    """The recording of this attempt is no longer kept."""

    remedy = "Nothing can be judged again without it; `openekyc explain` shows what is left."


class Difference(msgspec.Struct, frozen=True):
    """One field that is otherwise now."""

    field: str
    then: str
    now: str


class Replayed(msgspec.Struct, frozen=True):
    """What judging again showed. `inputs` are differences of files, version and thresholds; `verdict` those of the decision."""

    token: str
    attempt: int
    code_then: str
    code_now: str
    inputs: tuple[Difference, ...]
    verdict: tuple[Difference, ...]


@click.command(epilog="Example: openekyc replay 0A1B2C3D-... --attempt 2")
@settings_options
@click.argument("session")
@click.option("--attempt", "number", type=click.IntRange(1), metavar="N", help="Which attempt [default: the latest that was judged].")
@click.option("--force", is_flag=True, help="Judge even if weight files, version or thresholds have changed since.")
@json_option
def replay(home: Path | None, config: Path | None, session: str, number: int | None, force: bool, as_json: bool) -> int:
    """Judge a stored attempt again, and print what is different. SESSION is the SdkToken.

    Takes the recording, the challenge and the client's trace from the home folder. Nothing that is stored changes. Exit code 0 if the
    verdict is the same, 1 if not.
    """
    settings = settings_of(home, config)
    stored, attempt, evidence = asyncio.run(_stored(settings, session, number))
    inputs = changed_inputs(stored, evidence, settings) if stored else ()
    if not force:
        _refuse(stored, inputs)
    then, now = _verdict(attempt), _judge(settings, evidence)
    found = Replayed(attempt.token, attempt.number, then.code, now.code, inputs, compare(then, now))
    if as_json:
        print_json(found)
    else:
        _say(found)
    return exits.NO if found.verdict else exits.DONE


def changed_inputs(stored: "Record", evidence: Evidence, settings: Settings) -> tuple[Difference, ...]:
    """How recording, weight files, version and thresholds of now differ from those in the record."""
    from openekyc.engine.describe import hashes, thresholds
    from openekyc.engine.lock import Weights, named

    files = named(Weights(settings.models_folder, settings.silent_model))
    recording = hashlib.sha256(evidence.video).hexdigest()
    then = _inputs(stored.version, stored.film.sha256, stored.models, stored.thresholds)
    return differences(then, _inputs(version("openekyc"), recording, hashes(files), thresholds(evidence, files)))


def _inputs(program: str, recording: str, files: dict[str, str], bars: dict[str, float]) -> dict[str, str]:
    named = {f"file {name}": digest for name, digest in files.items()}
    return {"openekyc": program, "recording": recording} | named | {f"threshold {name}": f"{bar:g}" for name, bar in bars.items()}


def compare(then: Verdict, now: Verdict) -> tuple[Difference, ...]:
    """Where two verdicts differ; numbers only beyond rounding."""
    return differences(_facts(then), _facts(now))


def _facts(verdict: Verdict) -> dict[str, str]:
    facts = {"code": verdict.code, "tags": ", ".join(verdict.tags), "hint": verdict.hint}
    for cue in verdict.cues:
        facts |= {f"{cue.name}: decision": cue.decision, f"{cue.name}: reason": cue.reason}
        facts |= {f"{cue.name}: {name}": f"{value:.6g}" for name, value in cue.numbers.items()}
    return facts


def differences(then: dict[str, str], now: dict[str, str]) -> tuple[Difference, ...]:
    """Fields whose words differ, in the order of `then`."""
    names = [*then, *(name for name in now if name not in then)]
    pairs = [(name, then.get(name, "(absent)"), now.get(name, "(absent)")) for name in names]
    return tuple(Difference(name, before, after) for name, before, after in pairs if not _alike(before, after))


def _alike(before: str, after: str) -> bool:
    if before == after:
        return True
    try:
        return abs(float(before) - float(after)) <= TOLERANCE * max(1.0, abs(float(before)))
    except ValueError:
        return False


async def _stored(settings: Settings, token: str, number: int | None) -> "tuple[Record | None, Attempt, Evidence]":
    from openekyc.app import open_sessions
    from openekyc.explain.summary import read

    async with open_sessions(settings) as sessions:
        dossier = await dossier_of(sessions, token, settings)
        judged = [one for one in dossier.chapters if one.attempt.verdict is not None and number in (None, one.attempt.number)]
        if not judged:
            raise AttemptUnknown("No attempt of this session was judged." if number is None else f"Attempt {number} was not judged.")
        attempt = judged[0].attempt
        try:
            return read(judged[0]), attempt, await sessions.evidence_again(attempt.token, attempt.number)
        except KeyError:
            raise Erased from None


def _refuse(stored: "Record | None", inputs: tuple[Difference, ...]) -> None:
    if stored is None:
        raise NotTheSame("The attempt has no readable evidence record, so nobody knows what judged it.")
    if inputs:
        names = "; ".join(f"{one.field} was {one.then}, is {one.now}" for one in inputs)
        raise NotTheSame(f"What judged this attempt is not what would judge it now: {names}.")


def _judge(settings: Settings, evidence: Evidence) -> Verdict:
    from openekyc.engine.runtime import Models
    from openekyc.engine.verify import verify

    return verify(Models(settings.models_folder, settings.silent_model), evidence)


def _verdict(attempt: Attempt) -> Verdict:
    assert attempt.verdict is not None  # noqa: S101 - only judged attempts come here # nosec B101
    return attempt.verdict


def _say(found: Replayed) -> None:
    if found.inputs:
        print_table(("judged with", "then", "now"), [(one.field, one.then, one.now) for one in found.inputs])
    code = code_words(found.code_now) if found.code_now == found.code_then else f"result {found.code_then} then, {found.code_now} now"
    now = lowered(result(found.code_now).meaning)
    if not found.verdict:
        say_result(f"The same verdict again for attempt {found.attempt}: {now}, every cue and number alike.", code, SAME)
        return
    if found.code_now == found.code_then:
        words = f"The same result for attempt {found.attempt}, {now}, from other numbers."
    else:
        words = f"Another verdict for attempt {found.attempt}: {now}, not {lowered(result(found.code_then).meaning)} as then."
    say_result(words, code, OTHER)
    click.echo()
    print_table(("field", "then", "now"), [(one.field, one.then, one.now) for one in found.verdict], texts=("then", "now"))
