"""How commands speak: results on stdout (as a table or as JSON), causes and remedies on stderr."""

from collections.abc import Iterable, Sequence
from typing import Any

import click
import msgspec

from openekyc.cli.program import here


def print_json(value: Any) -> None:
    """One indented JSON document."""
    click.echo(msgspec.json.format(msgspec.json.encode(value, enc_hook=str), indent=2).decode())


def print_table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A plain table that stays readable in a log file."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table

    table = Table(*columns, box=SIMPLE_HEAD, pad_edge=False)
    for row in rows:
        table.add_row(*(str(cell) for cell in row))
    console = Console(highlight=False)
    # Piped output must not lose columns to an assumed width of 80.
    Console(highlight=False, width=console.width if console.is_terminal else 200, markup=False).print(table)


def print_fault(cause: str, remedy: str = "") -> None:
    """What went wrong and what to do, on stderr."""
    click.echo(f"openekyc: {here(cause)}", err=True)
    if remedy:
        click.echo(f"  -> {here(remedy)}", err=True)
