"""How commands speak: results on stdout (as a table or as JSON), causes and remedies on stderr.

Tables never cut a cell. On a terminal that is too narrow for one, long texts wrap between words; if that is not enough, each row
becomes a block of lines. Where nobody looks, in a pipe or a file, each row is one line, whatever its length.
"""

import re
import shutil
import sys
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from typing import Any, TextIO

import click
import msgspec

from openekyc.cli.program import here

GAP = "  "
NARROWEST = 24  # columns under which a wrapped text is harder to read than a block of lines


def print_json(value: Any) -> None:
    """One indented JSON document."""
    click.echo(msgspec.json.format(msgspec.json.encode(value, enc_hook=str), indent=2).decode())


def print_table(columns: Sequence[str], rows: Iterable[Sequence[object]], texts: Collection[str] = ()) -> None:
    """A table. `texts` names the columns whose cells may wrap between words: sentences, never names of things."""
    cells = [tuple(plain(cell) for cell in row) for row in rows]
    for line in table_lines(columns, cells, texts, _width(sys.stdout)):
        click.echo(line)


def print_fault(cause: str, remedy: str = "") -> None:
    """What went wrong and what to do, on stderr."""
    say(f"openekyc: {cause}", err=True)
    if remedy:
        say(remedy, "  -> ", err=True)


def say(text: str, mark: str = "", *, err: bool = False) -> None:
    """A sentence behind `mark`: on a terminal broken between words, else one line. Commands in it work as copied."""
    width, told = _width(sys.stderr if err else sys.stdout), plain(here(text))
    lines = [told] if width is None else wrapped(told, max(width - len(mark), NARROWEST))
    for index, line in enumerate(lines):
        click.echo((" " * len(mark) if index else mark) + line, err=err)


def _width(stream: TextIO) -> int | None:
    """Columns of the terminal; None if the stream is none."""
    return shutil.get_terminal_size().columns if stream.isatty() else None


def plain(value: object) -> str:
    """The text with everything escaped that could steer a terminal or break a line: names come from outside."""
    return "".join(map(_visible, str(value)))


def _visible(letter: str) -> str:
    if letter.isprintable() or unicodedata.category(letter) == "Zs":
        return letter
    return letter.encode("unicode_escape", "surrogatepass").decode()


# --- tables -----------------------------------------------------------------------------------------------------------------

Row = tuple[str, ...]


def table_lines(columns: Sequence[str], rows: Sequence[Row], texts: Collection[str], width: int | None) -> list[str]:
    """The lines of a table on a terminal of `width` columns; None: no terminal, one line for each row."""
    if width is None:
        return _grid((tuple(columns), *rows), _natural(columns, rows))
    widths = _fitted(columns, rows, texts, width)
    if widths is None:
        return _blocks(columns, rows, texts, width)
    return [*_grid((tuple(columns), tuple("-" * one for one in widths)), widths), *_grid(rows, widths)]


def _natural(columns: Sequence[str], rows: Sequence[Row]) -> list[int]:
    return [max(map(_length, cells)) for cells in zip(columns, *rows, strict=True)]


def _fitted(columns: Sequence[str], rows: Sequence[Row], texts: Collection[str], width: int) -> list[int] | None:
    """The widths with which all fits into `width`, the widest texts wrapped; None if it cannot be done."""
    widths = _natural(columns, rows)
    least = [_least(column, cells, column in texts) for column, *cells in zip(columns, *rows, strict=True)]
    while (excess := sum(widths) + len(GAP) * (len(widths) - 1) - width) > 0:
        loose = [index for index, one in enumerate(widths) if one > least[index]]
        if not loose:
            return None
        widest = max(loose, key=lambda index: widths[index])
        widths[widest] = max(least[widest], widths[widest] - excess) if len(loose) == 1 else widths[widest] - 1
    return widths


def _least(column: str, cells: Sequence[str], wraps: bool) -> int:
    """The narrowest that a column may become: for texts that of their longest word, and never hard to read."""
    natural = max(map(_length, (column, *cells)))
    if not wraps:
        return natural
    longest = max((_length(word) for cell in cells for word in _words(cell)), default=0)
    return min(natural, max(_length(column), longest, NARROWEST))


def _grid(rows: Iterable[Row], widths: Sequence[int]) -> list[str]:
    lines = []
    for row in rows:
        parts = [wrapped(cell, width) for cell, width in zip(row, widths, strict=True)]
        for index in range(max(map(len, parts))):
            pieces = [_padded(part[index] if index < len(part) else "", width) for part, width in zip(parts, widths, strict=True)]
            lines.append(GAP.join(pieces).rstrip())
    return lines


def _blocks(columns: Sequence[str], rows: Sequence[Row], texts: Collection[str], width: int) -> list[str]:
    """Each row as lines of column and cell, an empty line between rows. Names of things stay whole, even if they pass the edge."""
    names = max(map(_length, columns))
    room = max(width - names - len(GAP), NARROWEST)
    lines: list[str] = []
    for row in rows:
        lines += [""] if lines else []
        for column, cell in zip(columns, row, strict=True):
            if not cell:
                continue
            for index, part in enumerate(wrapped(cell, room) if column in texts else [cell]):
                lines.append((_padded("" if index else column, names) + GAP + part).rstrip())
    return lines


def wrapped(text: str, width: int) -> list[str]:
    """Lines of at most `width` columns, broken between words only."""
    if _length(text) <= width:
        return [text]
    lines = [""]
    for word in _words(text):
        candidate = f"{lines[-1]} {word}" if lines[-1] else word
        if lines[-1] and _length(candidate) > width:
            lines.append(word)
        else:
            lines[-1] = candidate
    return lines


def _words(text: str) -> list[str]:
    """What may not be broken: words, and commands between backquotes, which must work as copied."""
    return re.findall(r"(?:`[^`]*`|\S)+", text)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _length(text))


def _length(text: str) -> int:
    """Columns of a terminal: a Han sign takes two, a combining mark none."""
    if text.isascii():
        return len(text)
    return sum(0 if unicodedata.combining(one) else 2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text)
