"""The list of picture pairs a match report measures: a CSV file, and who is seen in each picture.

Columns: `a`, `b` (paths relative to the file), `same` (1 or 0); optional `subject_a`, `subject_b`. Further columns are left alone.

Without named subjects they are derived: pictures that a pair calls the same person are one person; and, unless that contradicts a pair,
so are pictures whose names differ in the last number only (`NAME_0001.jpg`), or that lie in one folder under numbers alone
(`NAME/0001.jpg`). The second rule matters: without it two pictures of one person that no pair joins would count as different people.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePath
from typing import Literal

import msgspec

from openekyc.reports.manifest import LONGEST, MOST, ManifestInvalid, listed_file, table

Rule = Literal["named", "pairs and file names", "pairs"]

COLUMNS = ("a", "b", "same")
MOST_PICTURES = 20_000  # every picture is compared with every other
_SAME = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
_NUMBERED = re.compile(r"^(?P<name>.*?)[ _.-]?\d+$")


class Pair(msgspec.Struct, frozen=True):
    """Two pictures by their paths as the list has them."""

    line: int
    a: str
    b: str
    same: bool


class Pairs(msgspec.Struct, frozen=True):
    """The whole list. `subjects` maps each picture's path to its person, `rule` says how that is known."""

    folder: Path
    pairs: tuple[Pair, ...]
    subjects: dict[str, str]
    rule: Rule

    @property
    def pictures(self) -> list[str]:
        """Every picture once, in the list's order."""
        return list(self.subjects)


def read_pairs(path: Path) -> Pairs:
    """Raises ManifestInvalid naming the line and the remedy."""
    named: dict[str, str] = {}
    pairs = tuple(_pairs(path, named))
    if not pairs:
        raise ManifestInvalid(f"{path} names no pair.", "Give one line for each pair of pictures.")
    pictures = _pictures(path, pairs)
    if len(pictures) > MOST_PICTURES:
        raise ManifestInvalid(f"{path} names more than {MOST_PICTURES} pictures.", "Split it.")
    subjects, rule = _subjects(path, pairs, pictures, named)
    return Pairs(path.parent, pairs, subjects, rule)


def _pictures(path: Path, pairs: Sequence[Pair]) -> list[str]:
    """Every picture once, in the list's order; each of them is there. Raises ManifestInvalid naming the line."""
    lines: dict[str, int] = {}
    for pair in pairs:
        for name in (pair.a, pair.b):
            if name not in lines:
                listed_file(f"{path}, line {pair.line}", path, name)
                lines[name] = pair.line
    return list(lines)


def _pairs(path: Path, named: dict[str, str]) -> Iterator[Pair]:
    for line, cells in table(path, COLUMNS, MOST, "pair", "--pairs"):
        place = f"{path}, line {line}"
        _note_subjects(place, cells, named)
        yield _pair(place, line, cells)


def _pair(place: str, line: int, cells: dict[str, str]) -> Pair:
    same = _SAME.get(cells["same"].lower())
    if same is None:
        raise ManifestInvalid(f"{place}: `same` is {cells['same'][:LONGEST]!r}.", "It is 1 for one person and 0 for two.")
    if not cells["a"] or not cells["b"]:
        raise ManifestInvalid(f"{place}: a picture is missing.", "Give a path in each of the columns a and b.")
    return Pair(line, cells["a"], cells["b"], same)


def _note_subjects(place: str, cells: dict[str, str], named: dict[str, str]) -> None:
    for side in ("a", "b"):
        if subject := cells.get(f"subject_{side}", "")[:LONGEST]:
            known = named.setdefault(cells[side], subject)
            if known != subject:
                raise ManifestInvalid(f"{place}: {cells[side]} is both {known!r} and {subject!r}.", "One picture shows one subject.")


# --- who is who -------------------------------------------------------------------------------------------------------------


def _subjects(path: Path, pairs: Sequence[Pair], pictures: Sequence[str], named: dict[str, str]) -> tuple[dict[str, str], Rule]:
    if named:
        subjects = joined(pairs, named)
        known = [pair for pair in pairs if pair.a in named and pair.b in named]
        if wrong := _contradiction(known, named) or _contradiction(pairs, subjects):
            raise ManifestInvalid(f"{path}, line {wrong.line}: `same` contradicts the named subjects.", "Correct the line.")
        return subjects, "named"
    by_name = joined(pairs, {name: own for name in pictures if (own := person_by_name(name))})
    if _contradiction(pairs, by_name) is None and len(set(by_name.values())) > 1:
        return by_name, "pairs and file names"
    by_pairs = joined(pairs, {})
    if wrong := _contradiction(pairs, by_pairs):
        raise ManifestInvalid(
            f"{path}, line {wrong.line}: two pictures that other lines call one person.", "Correct `same` in one of the lines."
        )
    return by_pairs, "pairs"


def _contradiction(pairs: Sequence[Pair], subjects: dict[str, str]) -> Pair | None:
    """The first pair that the subjects do not fit."""
    return next((pair for pair in pairs if pair.same != (subjects[pair.a] == subjects[pair.b])), None)


def person_by_name(picture: str) -> str:
    """The person whom a file's name tells by numbering: `x/NAME_0001.jpg` is x/NAME, `x/NAME/0001.jpg` is x/NAME. Empty if none."""
    path = PurePath(picture)
    found = _NUMBERED.match(path.stem)
    if found is None:
        return ""
    return str(path.parent / found["name"]) if found["name"] else str(path.parent)


def joined(pairs: Sequence[Pair], names: dict[str, str]) -> dict[str, str]:
    """Picture -> subject: pictures of one name, and those that pairs call the same, fall together."""
    roots: dict[str, str] = {}

    def root(item: str) -> str:
        while (parent := roots.setdefault(item, item)) != item:
            roots[item] = roots[parent]
            item = parent
        return item

    for pair in pairs:
        for picture in (pair.a, pair.b):
            own = root(f"picture {picture}")
            if picture in names:
                roots[own] = root(f"name {names[picture]}")
        if pair.same:
            roots[root(f"picture {pair.b}")] = root(f"picture {pair.a}")
    return {picture: root(f"picture {picture}") for pair in pairs for picture in (pair.a, pair.b)}
