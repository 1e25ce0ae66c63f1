"""`openekyc simulate`: simulated people and attackers through a running server, or rendered to files for the reports."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click
import msgspec

from openekyc.cli import exits
from openekyc.cli.options import json_option, settings_of, settings_options
from openekyc.cli.output import plain, print_fault, print_table
from openekyc.cli.reporting import followed, report_folder
from openekyc.engine.values import GESTURES, LEVELS_WITH_GESTURES, Gesture, Level
from openekyc.errors import ModelError, OpenEkycError
from openekyc.simulator.knobs import KINDS, SENTENCES, Kind

if TYPE_CHECKING:
    from openekyc.simulator.population import Cast
    from openekyc.simulator.sessions import Order, Session

SPECIES = KINDS[1:]
MOST_FAILURES = 3  # sessions without a result, one after the other, before the run is given up


@click.command(
    epilog="Example: openekyc simulate --server http://127.0.0.1:8080 --secret-id ID --secret-key KEY --level 4 --subject curved --count 20"
)
@settings_options
@click.option("--list", "listed", is_flag=True, help="Name the subjects, a sentence each, and stop.")
@click.option("--server", metavar="URL", help="The server's address.")
@click.option("--secret-id", envvar="OPENEKYC_SECRET_ID", metavar="ID", help="SecretId of a sandbox account [or OPENEKYC_SECRET_ID].")
@click.option("--secret-key", envvar="OPENEKYC_SECRET_KEY", metavar="KEY", help="Its SecretKey [or OPENEKYC_SECRET_KEY].")
@click.option("--render", "folder", type=click.Path(file_okay=False, path_type=Path), help="Write recordings here; no server is asked.")
@click.option("--level", type=click.IntRange(1, 4), default=4, show_default=True, metavar="N", help="SecureLevel, 1 to 4.")
@click.option(
    "--subject", "subjects", default="live", show_default=True, metavar="LIST", help="Names from --list with commas, `attacks` or `all`."
)
@click.option("--count", type=click.IntRange(1, 100_000), default=1, show_default=True, metavar="N", help="Sessions of each subject.")
@click.option(
    "--seed",
    type=click.IntRange(0, 2**31),
    default=1,
    show_default=True,
    metavar="N",
    help="Seed of the first session; the next ones count up.",
)
@click.option("--actions", metavar="LIST", help="Gestures to ask for, in order, with commas [default: one, by the seed].")
@click.option(
    "--stranger",
    "strangers",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A picture of somebody else, who answers in a splice; may be repeated [default: a distorted relative].",
)
@json_option
def simulate(
    home: Path | None,
    config: Path | None,
    listed: bool,
    server: str | None,
    secret_id: str | None,
    secret_key: str | None,
    folder: Path | None,
    level: int,
    subjects: str,
    count: int,
    seed: int,
    actions: str | None,
    strangers: tuple[Path, ...],
    as_json: bool,
) -> int:
    """Run simulated people or attackers through a server, a line for each session (--json: a JSON object).

    Only a sandbox account's key is taken. There the silent check is recorded and decides nothing, since to it every rendered face is
    an artefact.

    With --render DIR the same subjects are written as files, with a manifest for `openekyc pad-report --rendered`.

    A seed fixes the person, the light, the camera and the movements; a server draws its challenges anew each time. Exit code 0 if every
    session came to a result, whatever it was; 1 if one did not.
    """
    if listed:
        return _list(as_json)
    orders = _orders(subjects, level, count, seed, actions)
    if folder is not None:
        return _render(_cast(home, config, strangers), orders, folder)
    if not (server and secret_id and secret_key):
        raise click.UsageError("Give --server, --secret-id and --secret-key, or --render DIR, or --list.")
    sessions = _sessions(_cast(home, config, strangers), orders, server, secret_id, secret_key)
    return _told(sessions, len(orders), as_json=as_json)


def _list(as_json: bool) -> int:
    if as_json:
        for kind in KINDS:
            click.echo(msgspec.json.encode({"subject": kind, "attack": kind != "live", "sentence": SENTENCES[kind]}))
    else:
        print_table(("subject", "what it is"), [(kind, SENTENCES[kind]) for kind in KINDS], texts=("what it is",))
    return exits.DONE


def _orders(subjects: str, level: int, count: int, seed: int, actions: str | None) -> list["Order"]:
    from openekyc.simulator.sessions import Order

    gestures = _gestures(actions)
    if gestures and level not in LEVELS_WITH_GESTURES:
        raise click.UsageError(f"Level {level} asks for no gestures; leave --actions away.")
    kinds = {"all": KINDS, "attacks": SPECIES}.get(subjects) or tuple(_kind(name) for name in subjects.split(","))
    return [Order(kind, cast(Level, level), place, gestures) for kind in kinds for place in range(seed, seed + count)]


def _kind(name: str) -> Kind:
    if name.strip() not in KINDS:
        raise click.UsageError(f"There is no subject {name.strip()!r}. `openekyc simulate --list` names them.")
    return cast(Kind, name.strip())


def _gestures(actions: str | None) -> tuple[Gesture, ...]:
    names = tuple(name.strip() for name in actions.split(",")) if actions else ()
    if unknown := [name for name in names if name not in GESTURES]:
        raise click.UsageError(f"There is no gesture {unknown[0]!r}; there are {', '.join(GESTURES)}.")
    return cast(tuple[Gesture, ...], names)


def _cast(home: Path | None, config: Path | None, strangers: Sequence[Path]) -> "Cast":
    from openekyc.engine.runtime import Models
    from openekyc.simulator.population import Cast

    return Cast(Models(settings_of(home, config).models_folder), strangers)


def _render(people: "Cast", orders: Sequence["Order"], folder: Path) -> int:
    from openekyc.simulator.rendering import MANIFEST, render

    report_folder(folder)
    for _ in followed(render(people, orders, folder), len(orders), "recordings"):
        pass
    click.echo(f"{folder / MANIFEST}")
    return exits.DONE


def _sessions(people: "Cast", orders: Sequence["Order"], server: str, secret_id: str, secret_key: str) -> Iterator["Session"]:
    """Every session's outcome. What fails for all of them, or several times in a row, is raised."""
    from openekyc.simulator.integrator import Integrator
    from openekyc.simulator.run import NoSandbox
    from openekyc.simulator.sessions import failed, run

    failures = 0
    with Integrator(server, secret_id, secret_key) as integrator:
        for place, order in enumerate(orders):
            try:
                session, failures = run(integrator, server, people, order), 0
            except (NoSandbox, ModelError):
                raise
            except OpenEkycError as error:
                failures += 1
                if place == 0 or failures == MOST_FAILURES:
                    raise
                print_fault(f"{order.kind} {order.seed}: {error.message}", getattr(error, "remedy", ""))
                session = failed(order, error)
            yield session


def _told(sessions: Iterable["Session"], total: int, *, as_json: bool) -> int:
    """Tell every session when it is done; the exit code."""
    done: list[Session] = []
    try:
        for session in followed(sessions, total, "sessions"):
            done.append(session)
            if as_json:
                click.echo(msgspec.json.encode(as_object(session)))
            else:
                said = session.problem or ", ".join(reasons(session)) or session.description
                row = f"{session.subject:11} level {session.level}  seed {session.seed:<8} Result {session.result or '-':5} {said}"
                click.echo(plain(row))
    finally:  # also of a run that was interrupted
        if not as_json and done:
            _sum_up(done)
    return exits.NO if any(session.result is None for session in done) else exits.DONE


def as_object(session: "Session") -> dict[str, Any]:
    """A session as --json prints it."""
    return {**msgspec.to_builtins(session), "reasons": reasons(session)}


def reasons(session: "Session") -> list[str]:
    """Why a session was not passed, in words."""
    from openekyc.codes_help import TAGS

    named = (f"{tag} {TAGS[tag].meaning}" if tag in TAGS else tag for tag in session.tags)
    return [] if session.passed else [session.description, *named]


def _sum_up(done: Sequence["Session"]) -> None:
    from openekyc.reports.rates import rate_of

    rows = []
    for kind in dict.fromkeys(session.subject for session in done):
        own = [session for session in done if session.subject == kind and session.result is not None]
        rate = rate_of([session.passed for session in own], [session.person for session in own])
        rows.append((kind, f"{rate.errors} of {rate.n}", f"{rate.low:.1%} .. {rate.high:.1%}"))
    print_table(("subject", "passed", "95 % interval"), rows)
