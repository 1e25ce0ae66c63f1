"""Which kind of document a page is, by the printed words that tell the kinds apart.

A word counts by its length, Han and Thai letters more than Latin ones. Words that stand inside a longer word that was found do not count
(a Hong Kong card says 居民身份證 too), and between two kinds only words that they do not share decide.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from openekyc.engine.documents.values import Kind, KindName, Page, Side, Zone
from openekyc.engine.documents.words import folded, slack

SHORT = 5  # Latin letters up to which a word must stand alone
DENSE = 2.5  # what a Han or Thai letter counts, in Latin ones
CLEARLY = 2.0  # a page is of another kind if its words count this many times as much as those of the kind asked for
LEAST = 6.0  # what the words of another kind must count at least
ZONE = 60.0  # what a valid machine-readable zone counts
LETTERS_PER_SLIP = 8  # of a Latin word, for one wrong letter
_MACAO = "MAC"


class Sighting(NamedTuple):
    """Whether a page is of the kind and side asked for; if not, what it looks like. `evidence`: how much it looks like any document, by its
    words and a zone."""

    evidence: float
    anchored: bool
    other: KindName | None = None
    other_side: bool = False


def sight(page: Page, kind: Kind, kinds: Mapping[KindName, Kind]) -> Sighting:
    """Compare the words of the kind asked for with those of all others."""
    found = _found(page, kinds.values())
    evidence = _evidence(page, found)
    own = _words(kind, page.side) & found
    other, most = _strongest(found, kind, kinds, page)
    mine = _weight(own - _all_words(kinds[other])) + (ZONE if kind.passport and _valid(page.zone) else 0.0)
    if most >= LEAST and most >= CLEARLY * mine:
        return Sighting(evidence, bool(own), other)
    behind = _words(kind, "back" if page.side == "front" else "front") & found
    if not own and behind:
        return Sighting(evidence, False, None, other_side=True)
    return Sighting(evidence, bool(own) or _zone_fits(kind, page.zone))


def _evidence(page: Page, found: set[str]) -> float:
    zone = 0.0 if page.zone is None else ZONE if page.zone.valid else ZONE / 3
    return zone + _weight(found)


def _valid(zone: Zone | None) -> bool:
    return zone is not None and zone.valid


def _zone_fits(kind: Kind, zone: Zone | None) -> bool:
    return zone is not None and (kind.passport or (kind.name == "MacaoIDCard" and zone.fields.get("issuer") == _MACAO))


def _strongest(found: set[str], kind: Kind, kinds: Mapping[KindName, Kind], page: Page) -> tuple[KindName, float]:
    own = _all_words(kind)
    weights = {name: _weight((_all_words(other) & found) - own) for name, other in kinds.items() if name != kind.name}
    if page.zone is not None and page.zone.form == "TD3" and page.zone.valid and not kind.passport:
        weights |= {name: ZONE for name, other in kinds.items() if other.passport}
    name = max(weights, key=lambda name: weights[name], default=kind.name)
    return name, weights.get(name, 0.0)


def _words(kind: Kind, side: Side) -> set[str]:
    return set(kind.anchors.get(side, ()))


def _all_words(kind: Kind) -> set[str]:
    return {word for words in kind.anchors.values() for word in words}


def _found(page: Page, kinds: Iterable[Kind]) -> set[str]:
    plain = [unicodedata.normalize("NFKC", line.text).upper() for line in page.lines]
    bare = [(text, Counter(text)) for text in (folded(line.text) for line in page.lines)]
    found = {word for kind in kinds for word in _all_words(kind) if _stands(word, plain, bare)}
    return {word for word in found if not any(word != other and folded(word) in folded(other) for other in found)}


def _stands(word: str, plain: list[str], bare: list[tuple[str, Counter[str]]]) -> bool:
    wanted = folded(word)
    if wanted.isascii() and len(wanted) <= SHORT:
        alone = (
            re.compile(rf"(?<![A-Z0-9]){re.escape(word.upper())}(?![A-Z0-9])") if wanted.isalnum() else re.compile("^" + re.escape(word))
        )
        return any(alone.search(text) for text in plain)
    allowed = min(slack(wanted), max(len(wanted) // LETTERS_PER_SLIP, 1)) if wanted.isascii() else slack(wanted)
    needed = Counter(wanted).items()

    def possible(letters: Counter[str]) -> bool:
        """Whether most of its letters are there at all."""
        return sum(max(count - letters[letter], 0) for letter, count in needed) <= allowed

    return any(possible(letters) and (wanted in text or (allowed > 0 and _nearly(wanted, text, allowed))) for text, letters in bare)


def _nearly(wanted: str, text: str, allowed: int) -> bool:
    """Whether the word stands in the text with so many letters wrong, beginning anywhere (Sellers 1980)."""
    row = [0] * (len(text) + 1)
    for place, letter in enumerate(wanted, 1):
        before, row[0] = row[0], place
        for at, other in enumerate(text, 1):
            before, row[at] = row[at], min(row[at] + 1, row[at - 1] + 1, before + (letter != other))
    return min(row) <= allowed


def _weight(words: set[str]) -> float:
    return sum(1.0 if letter.isascii() else DENSE for word in words for letter in folded(word))
