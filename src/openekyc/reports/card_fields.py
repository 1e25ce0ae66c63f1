"""Whether a field was read right: exact after NFKC, where spaces do not count and one day may be written in several ways."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Literal

import msgspec

from openekyc.engine.documents import dates
from openekyc.engine.documents.shapes import card_info
from openekyc.engine.documents.values import Card
from openekyc.reports.card_manifest import CardSample

Script = Literal["latin", "han", "thai"]
_DAY_NAMED = re.compile(r"Birth|Date|Expir|Issue|Due|Tgl|Hingga")
_THAI, _HAN = re.compile("[\u0e00-\u0e7f]"), re.compile("[\u2e80-\u9fff\u3040-\u30ff]")


class FieldResult(msgspec.Struct, frozen=True):
    """One expected field. `distance`: characters to change (Levenshtein), at most `length`."""

    name: str
    script: Script
    expected: str
    read: str
    right: bool
    distance: int
    length: int


def field_results(sample: CardSample, card: Card) -> Iterator[FieldResult]:
    """Every expected field of a card, those of a card that could not be read included."""
    read = _read(card)
    for name, expected in sample.expected.items():
        value = read.get(name, "")
        wanted, found = plain(expected), plain(value)
        right = wanted == found or (bool(_DAY_NAMED.search(name)) and _one_day(expected, value))
        off = 0 if right else min(distance(wanted, found), len(wanted))
        yield FieldResult(name, script(expected), expected, value, right, off, len(wanted))


def _read(card: Card) -> Mapping[str, str]:
    """The fields, by the names of the newer shape and of the older one."""
    values = {field.name: field.value for field in card.fields}
    older = card_info(card.kind, values, datetime.now(UTC).date()) or {}
    shape = next((member for member in older.values() if member), {})
    return {name: value for name, value in shape.items() if isinstance(value, str)} | values


def plain(text: str) -> str:
    """NFKC, without spaces."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def script(text: str) -> Script:
    """The rarest script of a text decides who must read it."""
    return "thai" if _THAI.search(text) else "han" if _HAN.search(text) else "latin"


def _one_day(one: str, other: str) -> bool:
    """Whether both are nothing but the same day."""
    days = [dates.parse(text) or dates.short(text) for text in (one, other)]
    return days[0] is not None and days[0] == days[1] and all(len(re.findall(r"\d+", text)) <= 3 for text in (one, other))


def distance(one: str, other: str) -> int:
    """Levenshtein's."""
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        before, row[0] = row[0], i
        for j, b in enumerate(other, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (a != b))
    return row[-1]
