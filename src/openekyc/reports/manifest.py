"""The list of labelled samples a self-test measures: a CSV file, checked whole before the first sample is looked at.

Columns: `path` (relative to the manifest), `label` (bona_fide or attack), `species` (of the attack), `subject`; optional `level`
(1 to 4, for recordings) and `challenge` (a challenge file, relative to the manifest). Further columns are left alone.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

import msgspec

from openekyc.engine.values import LEVELS_WITH_LIGHT, Level
from openekyc.errors import OpenEkycError

Label = Literal["bona_fide", "attack"]

LARGEST = 20_000_000  # bytes of a manifest
MOST = 100_000  # samples
LONGEST = 300  # characters of a species or subject
REQUIRED = ("path", "label", "species", "subject")


class ManifestInvalid(OpenEkycError):
    """The manifest is not valid."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.remedy = remedy


class Sample(msgspec.Struct, frozen=True):
    """One presentation. `name` is the path as the manifest has it; `subject` is never empty (an unnamed one counts as its own)."""

    line: int
    name: str
    path: Path
    label: Label
    species: str
    subject: str
    level: Level = 1
    challenge: Path | None = None

    @property
    def group(self) -> str:
        """`bona_fide` or the species: what is reported together."""
        return "bona_fide" if self.label == "bona_fide" else self.species


def read_manifest(path: Path) -> tuple[Sample, ...]:
    """Every sample. Raises ManifestInvalid naming the line and the remedy."""
    samples = tuple(_sample(path, line, row) for line, row in table(path, REQUIRED, MOST, "sample"))
    if not samples:
        raise ManifestInvalid(f"{path} names no sample.", "Give one line for each picture or recording.")
    return samples


def table(path: Path, required: Sequence[str], most: int, noun: str, option: str = "--manifest") -> Iterator[tuple[int, dict[str, str]]]:
    """Line number and cells by column of every row, blanks cut off; at most `most`, each a `noun`. Raises ManifestInvalid."""
    rows = csv.DictReader(io.StringIO(read_text(path, option), newline=""))
    try:
        rows.fieldnames = [name.strip() for name in rows.fieldnames or ()]
        missing = [column for column in required if column not in rows.fieldnames]
        if missing:
            remedy = f"The first line must name the columns {', '.join(required)}, with commas between them."
            raise ManifestInvalid(f"{path} has no column {', '.join(missing)}.", remedy)
        for count, row in enumerate(rows, 1):
            if count > most:
                raise ManifestInvalid(f"{path} names more than {most} {noun}s.", "Split it.")
            yield rows.line_num, {name: (text or "").strip() for name, text in row.items() if isinstance(name, str)}
    except csv.Error as error:
        raise ManifestInvalid(f"{path}, line {rows.line_num}: {error}.", "Correct the line.") from None


def read_text(path: Path, option: str = "--manifest") -> str:
    """A small text file in UTF-8, given by `option`. Raises ManifestInvalid."""
    try:
        if path.stat().st_size > LARGEST:
            raise ManifestInvalid(f"{path} has more than {LARGEST} bytes.", "Split it.")
        return path.read_text("utf-8-sig")
    except OSError as error:
        raise ManifestInvalid(f"{path} cannot be read: {error.strerror}.", f"Give an existing file to {option}.") from None
    except UnicodeDecodeError:
        raise ManifestInvalid(f"{path} is not UTF-8 text.", "Save it as UTF-8.") from None


def _sample(manifest: Path, line: int, row: dict[str, str]) -> Sample:
    place = f"{manifest}, line {line}"
    sample = Sample(
        line=line,
        name=row["path"],
        path=listed_file(place, manifest, row["path"]),
        label=_label(place, row["label"]),
        species=_species(place, row),
        subject=row["subject"][:LONGEST] or f"(line {line})",
        level=_level(place, row.get("level", "")),
        challenge=listed_file(place, manifest, row["challenge"]) if row.get("challenge") else None,
    )
    if sample.level in LEVELS_WITH_LIGHT and sample.challenge is None:
        raise ManifestInvalid(f"{place}: level {sample.level} without a challenge.", "Name the challenge file, or use level 1 or 2.")
    return sample


def listed_file(place: str, manifest: Path, name: str) -> Path:
    """The file that a line names, relative to the manifest. Raises ManifestInvalid."""
    path, shown = manifest.parent / name, repr(name[:LONGEST])
    try:
        if name and path.is_dir():
            raise ManifestInvalid(f"{place}: {shown} is a folder.", "Name a file, relative to the manifest.")
        if name and path.is_file():
            with path.open("rb"):
                return path
    except PermissionError:
        raise ManifestInvalid(f"{place}: the file {shown} may not be read.", "Let this user read it.") from None
    except (OSError, ValueError):  # a name no file can have
        pass
    raise ManifestInvalid(f"{place}: there is no file {shown}.", "Paths are relative to the manifest.")


def _label(place: str, text: str) -> Label:
    if text == "bona_fide":
        return "bona_fide"
    if text == "attack":
        return "attack"
    raise ManifestInvalid(f"{place}: the label {text[:LONGEST]!r} is unknown.", "A label is bona_fide or attack.")


def _species(place: str, row: dict[str, str]) -> str:
    species = row["species"]
    if row["label"] != "attack":
        return ""
    if not species or species == "bona_fide" or len(species) > LONGEST:
        raise ManifestInvalid(f"{place}: an attack without a usable species.", "Name its kind, as in print or replay.")
    return species


def _level(place: str, text: str) -> Level:
    try:
        level: Level = msgspec.convert(text or "1", Level, strict=False)
        return level
    except msgspec.ValidationError:
        raise ManifestInvalid(f"{place}: the level {text[:LONGEST]!r} is unknown.", "A level is 1, 2, 3 or 4.") from None
