"""The names of a zone, held against the print: its row of names has no check digit, cuts long names and may hold misread fillers.

The print decides only where it says something: what it shows stays, what it refutes goes, and what it neither shows nor refutes stays or
goes with a notice.
"""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from openekyc.engine.documents import mrz
from openekyc.engine.documents.layout import Sheet
from openekyc.engine.documents.values import Line, Zone
from openekyc.engine.documents.witness import plain
from openekyc.engine.documents.words import distance

Words = tuple[str, ...]

MISREAD = frozenset("CKESLAV")  # what fillers are taken for
ZONE_ROW = re.compile("<|[\u039b\u2227\u2039\u00ab\u2264]{2}")  # fillers, also as a recogniser of print reads them
ROWS = 3  # of a printed name
LETTERS_PER_SLIP = 7  # of a printed name, for one wrong letter


class Names(NamedTuple):
    """Surname and given names, and what is not sure about them (by "Surname" and "GivenName")."""

    surname: str
    given: str
    notices: tuple[tuple[str, str], ...] = ()


def settle(zone: Zone, sheet: Sheet) -> Names:
    """The names of the zone after the print was asked about them."""
    row = mrz.name_row(zone)
    parts = [tuple(part.split(mrz.FILLER)) for part in re.split("<<+", row.strip(mrz.FILLER)) if part] or [()]
    surname, given, later = parts[0], parts[1] if len(parts) > 1 else (), tuple(word for part in parts[2:] for word in part)
    print_ = _Print(sheet)
    notices: list[tuple[str, str]] = []
    given = print_.with_later(given, later, notices)
    if row and not row.endswith(2 * mrz.FILLER) and not later:  # one filler at the end: the cut may have met the space of two words
        surname = print_.completed(surname, "Surname", notices) if not print_.shows(surname) else surname
        given = print_.completed(given, "GivenName", notices)
    surname, given = print_.without_tail(surname, "Surname", notices), print_.without_tail(given, "GivenName", notices)
    noted = {name for name, _ in notices}
    for name, words in (("Surname", surname), ("GivenName", given)):
        if zone.form == "TD3" and words and name not in noted and not print_.shows(words):
            notices.append((name, "the zone's name is not found in print; compare them"))
    return Names(" ".join(surname), " ".join(given), tuple(notices))


class _Print:
    """What a page prints besides its zone: its rows as words, each with the words of the rows in which it may go on."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._lines = [line for line in sheet.lines if not ZONE_ROW.search(line.text)]  # a zone is no witness for itself
        self._chains = [self._chain(line) for line in self._lines]

    def _chain(self, line: Line) -> tuple[Words, ...]:
        rows, last = [line], line
        while len(rows) < ROWS and (following := self._sheet.next_row(last, line)) is not None:
            if ZONE_ROW.search(following.text):
                break
            rows.append(following)
            last = following
        return tuple(tuple(plain(row.text).split()) for row in rows)

    def shows(self, words: Words) -> bool:
        """Whether the words stand in print one after the other, in a row or going on in the next ones."""
        return any(_end(_flat(chain), words) is not None for chain in self._chains)

    def with_later(self, given: Words, later: Words, notices: list[tuple[str, str]]) -> Words:
        """The given names with as many of the words after a second double filler as the print shows."""
        for count in range(len(later), 0, -1):
            if self.shows((*given, *later[:count])):
                return (*given, *later[:count])
        if any(len(word) > 3 or not set(word) <= MISREAD for word in later):
            notices.append(("GivenName", "the zone has more letters after the name, which the print does not show; they were left out"))
        return given

    def completed(self, words: Words, name: str, notices: list[tuple[str, str]]) -> Words:
        """A name that the zone had no room for, as the print has it whole."""
        if not words:
            return words
        if any(_ends_alone(chain, words) for chain in self._chains):
            return words
        for chain in self._chains:
            for row, following in zip(chain[:1], [_flat(chain[1:])], strict=True):
                whole = _completed(row, following, words)
                if whole:
                    notices.append((name, "too long for the zone; taken from the print"))
                    return whole
        notices.append((name, "it may be cut short in the zone; compare the print"))
        return words

    def without_tail(self, words: Words, name: str, notices: list[tuple[str, str]]) -> Words:
        """The words without single letters at their end that only misread fillers can have left: the print shows the name, it ends there,
        and the letter stands nowhere as a word. Longer words stay."""
        tail = len(words)
        while tail > 1 and len(words[tail - 1]) == 1 and words[tail - 1] in MISREAD:
            tail -= 1
        cut, letters = words[:tail], words[tail:]
        if not letters or self.shows(words) or not self._ends_with(cut) or any(letter in self._all() for letter in letters):
            return words
        notices.append((name, "a single letter at the end of it in the zone is not in print and was left out"))
        return cut

    def _ends_with(self, words: Words) -> bool:
        return any(chain[0][-len(words) :] == words for chain in self._chains)

    def _all(self) -> set[str]:
        return {word for chain in self._chains for word in chain[0]}


def _flat(chain: Iterable[Words]) -> Words:
    return tuple(word for row in chain for word in row)


def _end(printed: Words, words: Words) -> int | None:
    """Where in the printed words the wanted ones end, divided as they may be; None if they are not there."""
    wanted = "".join(words)
    for first in range(len(printed) if wanted else 0):
        text = ""
        for index in range(first, len(printed)):
            text += printed[index]
            if len(text) >= len(wanted):
                if text == wanted or _nearly(text, wanted):
                    return index + 1
                break
    return None


def _nearly(text: str, wanted: str) -> bool:
    allowed = len(wanted) // LETTERS_PER_SLIP
    return allowed > 0 and abs(len(text) - len(wanted)) <= allowed and max(distance(wanted, text)[0], distance(text, wanted)[0]) <= allowed


def _completed(row: Words, following: Words, words: Words) -> Words | None:
    """The printed words that begin with the zone's, the last of which goes on in print; None if these do not stand there."""
    printed = (*row, *following)
    for first in range(len(row)):
        before = printed[first : first + len(words) - 1]
        last = printed[first + len(words) - 1 : first + len(words)]
        goes_on = bool(last) and (len(last[0]) > len(words[-1]) or first + len(words) < len(row))
        if before == words[:-1] and goes_on and last[0].startswith(words[-1]):
            return _rest_of_row(row, following, first, len(words))
    return None


def _ends_alone(chain: Sequence[Words], words: Words) -> bool:
    """Whether a printed row is nothing but the name, and no row follows in which it might go on."""
    return len(chain) == 1 and chain[0] == words


def _rest_of_row(row: Words, following: Words, first: int, count: int) -> Words:
    """The name from `first` to the end of the row in which its last known word stands."""
    return row[first:] if first + count <= len(row) else (*row[first:], *following[: first + count - len(row)])


def sentences(notices: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """Notices as sentences that begin with the field's name."""
    return tuple(f"{name}: {text}." for name, text in notices)
