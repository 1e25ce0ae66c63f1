"""The list of cards that a report reads: a CSV file, checked whole before the first card is looked at.

Columns: `path`, `back` (relative to the manifest; `back` may be empty), `kind` (a value of IdCardType),
`expected` (the fields printed on the
card as a JSON object of texts; may be empty). Optional: `origin` (real or schematic), `condition` (how it was photographed), `card` (who
photographs of one card have in common).
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Literal, get_args

import msgspec

from openekyc.engine.documents.values import KindName
from openekyc.reports.manifest import LONGEST, MOST, ManifestInvalid, listed_file, table

Origin = Literal["real", "schematic", ""]
REQUIRED = ("path", "back", "kind", "expected")
KINDS: tuple[str, ...] = get_args(KindName)
MOST_FIELDS = 60


class CardSample(msgspec.Struct, frozen=True):
    """One card. `card` is never empty: without a name every line is a card of its own."""

    line: int
    name: str
    front: Path
    back: Path | None
    kind: KindName
    expected: Mapping[str, str]
    origin: Origin
    condition: str
    card: str


def read_card_manifest(path: Path) -> tuple[CardSample, ...]:
    """Every card. Raises ManifestInvalid naming the line and the remedy."""
    samples = tuple(_sample(path, line, row) for line, row in table(path, REQUIRED, MOST, "card"))
    if not samples:
        raise ManifestInvalid(f"{path} names no card.", "Give one line for each card.")
    return samples


def _sample(manifest: Path, line: int, row: dict[str, str]) -> CardSample:
    place = f"{manifest}, line {line}"
    return CardSample(
        line=line,
        name=row["path"],
        front=listed_file(place, manifest, row["path"]),
        back=listed_file(place, manifest, row["back"]) if row["back"] else None,
        kind=_kind(place, row["kind"]),
        expected=_expected(place, row["expected"]),
        origin=_origin(place, row.get("origin", "")),
        condition=row.get("condition", "")[:LONGEST],
        card=row.get("card", "")[:LONGEST] or f"(line {line})",
    )


def _kind(place: str, text: str) -> KindName:
    if text not in KINDS:
        raise ManifestInvalid(f"{place}: the kind {text[:LONGEST]!r} is unknown.", f"A kind is one of {', '.join(KINDS)}.")
    kind: KindName = msgspec.convert(text, KindName)
    return kind


def _expected(place: str, text: str) -> Mapping[str, str]:
    try:
        fields = msgspec.json.decode(text or "{}", type=dict[str, str | int | None])
    except msgspec.DecodeError as error:
        raise ManifestInvalid(f"{place}: expected is no JSON object of texts: {error}.", 'Write it like {"FullName": "..."}.') from None
    if len(fields) > MOST_FIELDS:
        raise ManifestInvalid(f"{place}: expected has more than {MOST_FIELDS} fields.", "Name the fields that are printed.")
    return {name: str(value) for name, value in fields.items() if value not in (None, "")}


def _origin(place: str, text: str) -> Origin:
    if text not in get_args(Origin):
        raise ManifestInvalid(f"{place}: the origin {text[:LONGEST]!r} is unknown.", "An origin is real, schematic or empty.")
    origin: Origin = msgspec.convert(text, Origin)
    return origin
