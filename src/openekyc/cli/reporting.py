"""What the report commands share: a folder to write into and a bar that shows how far they are."""

from collections.abc import Iterable
from pathlib import Path
from typing import TypeVar

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


def followed(items: Iterable[Item], total: int, what: str) -> Iterable[Item]:
    """The items with a progress bar on stderr, if somebody watches."""
    from rich.console import Console
    from rich.progress import track

    console = Console(stderr=True)
    return track(items, what, total, console=console, transient=True, disable=not console.is_terminal)
