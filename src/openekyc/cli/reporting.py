"""What commands with long work share: a folder to write into, how far they are, and what an interruption leaves."""

import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import click

from openekyc.errors import OpenEkycError

Item = TypeVar("Item")


class Interrupted(Exception):
    """Ctrl-C in work that can be gone on with; the message says how."""


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


EVERY_S = 5.0
ERASE = "\r\x1b[K"


def followed(items: Iterable[Item], total: int, what: str) -> Iterator[Item]:
    """The items, with their count on stderr: one line that changes if somebody watches, else a line now and then."""
    progress = _Line(total, what) if sys.stderr.isatty() else _Log(total, what)
    progress.show(0)
    try:
        for count, item in enumerate(items, 1):
            progress.hide()  # what is done with the item may print
            yield item
            progress.show(count)
    finally:
        progress.hide()


class _Line:
    """On a terminal: how many are done and how long the rest will take."""

    def __init__(self, total: int, what: str) -> None:
        self._total, self._what, self._begin = total, what, time.monotonic()

    def show(self, count: int) -> None:
        text = f"{self._what}: {count} of {self._total}"
        if 0 < count < self._total:
            text += f", about {_duration((time.monotonic() - self._begin) / count * (self._total - count))} left"
        click.echo(f"{ERASE}{text}", err=True, nl=False)

    def hide(self) -> None:
        click.echo(ERASE, err=True, nl=False)


class _Log:
    """In a file: a line every few seconds at most, none for quick work."""

    def __init__(self, total: int, what: str) -> None:
        self._total, self._what, self._said = total, what, time.monotonic()

    def show(self, count: int) -> None:
        if count and time.monotonic() - self._said >= EVERY_S:
            self._said = time.monotonic()
            click.echo(f"{self._what}: {count} of {self._total}", err=True)

    def hide(self) -> None:
        pass


@contextmanager
def announced(what: str) -> Iterator[None]:
    """Says what goes on while nothing can be counted, if somebody watches."""
    if sys.stderr.isatty():
        click.echo(f"{ERASE}{what} ...", err=True, nl=False)
    try:
        yield
    finally:
        if sys.stderr.isatty():
            click.echo(ERASE, err=True, nl=False)


def _duration(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"


@contextmanager
def resumable(kept: str) -> Iterator[None]:
    """Ctrl-C says that nothing was lost: `kept` names what the same command goes on from."""
    try:
        yield
    except KeyboardInterrupt:
        raise Interrupted(f"The same command goes on from {kept}.") from None
