"""What the report commands share: a folder to write into and a bar that shows how far they are."""

import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeVar

import click

from openekyc.errors import OpenEkycError

Item = TypeVar("Item")


class ReportRefused(OpenEkycError):
    """The report cannot be written."""

    remedy = "Give a folder that this user may write to."


def report_folder(path: Path) -> Path:
    """The folder, made if missing. Raises ReportRefused before anything is measured."""
    try:
        path.mkdir(parents=True, exist_ok=True)
        probe = path / ".writable"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise ReportRefused(f"Cannot write into {path}: {error.strerror}.") from None
    return path


EVERY_S = 15.0


def followed(items: Iterable[Item], total: int, what: str) -> Iterable[Item]:
    """The items with a progress bar on stderr if somebody watches, else with a line now and then."""
    from rich.console import Console
    from rich.progress import track

    console = Console(stderr=True)
    return track(items, what, total, console=console, transient=True) if console.is_terminal else _logged(items, total, what)


def _logged(items: Iterable[Item], total: int, what: str) -> Iterator[Item]:
    said = time.monotonic()
    for count, item in enumerate(items, 1):
        if time.monotonic() - said >= EVERY_S:
            said = time.monotonic()
            click.echo(f"{what}: {count} of {total}", err=True)
        yield item
