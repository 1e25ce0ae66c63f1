"""The printed number of a document as a witness for the one in its zone.

A zone's check digits do not see every misread character, and a repaired number is a guess until the print agrees. Only clear figures
contradict: look-alikes may have been confused in either reading.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator

import msgspec

from openekyc.engine.documents import mrz
from openekyc.engine.documents.values import Zone

SHORTEST = 6  # characters of a number that is looked for: a shorter one stands in many a text by chance
NEAR = 2  # clear differences up to which another printed number of the same shape is the same field, read or printed otherwise
_FOLDED = str.maketrans("OQDILSBZG", "000115826")
_ALIKE = frozenset("0OQD1IL2Z5S6G8B")
_SPELT = {"Ø": "O", "Ł": "L", "Đ": "D", "ẞ": "SS", "Æ": "AE", "Œ": "OE", "Þ": "TH", "Ð": "D", "ı": "I"}
_LABEL = re.compile(r"(PASSPORT|PASSEPORT|DOCUMENT|CARD|IDENTITY)\s*(NO|NUMBER|N[O°º])\b|^NO\b", re.I)


def confirmed(zone: Zone, printed: Iterable[str]) -> Zone:
    """The zone with what the print says about its number. `printed`: the lines of the page that are none of the zone, top to bottom."""
    number, lines = zone.fields["number"], [line for line in printed if mrz.FILLER not in line]
    if len(number) < SHORTEST:
        return zone
    tokens = set(_tokens(lines, len(number)))
    if number in tokens:
        return msgspec.structs.replace(zone, number_printed=True, valid=zone.valid or _only_number_doubted(zone))
    if zone.number_as_read in tokens:
        return msgspec.structs.replace(mrz.unrepaired(zone, zone.number_as_read), number_printed=True)
    words = {
        word for line in lines for word in re.findall(r"[A-Z0-9]+", line.upper()) if len(word) == len(number) and re.search(r"\d", word)
    }
    labelled = set(_tokens([line for line, before in zip(lines, ["", *lines], strict=False) if _LABEL.search(before)], len(number)))
    other = any(_contradicts(word, number, word in labelled) for word in words | labelled)
    return msgspec.structs.replace(zone, number_printed=False) if other else zone


def names_printed(zone: Zone, printed: Iterable[str]) -> float:
    """Share of the words in the zone's names that the page prints, 0..1."""
    words = [word for name in ("surname", "given") for word in zone.fields[name].split()]
    page = " ".join(plain(line) for line in printed if mrz.FILLER not in line)
    return sum(word in page for word in words) / len(words) if words else 0.0


def plain(text: str) -> str:
    """A text in the letters of zones: capitals without accents; what stands inside a word, such as an apostrophe, is dropped."""
    spelt = "".join(_SPELT.get(character, character) for character in text.upper())
    bare = "".join(character for character in unicodedata.normalize("NFKD", spelt) if not unicodedata.combining(character))
    return re.sub(r"\s+", " ", re.sub(r"[^A-Z\s]", " ", re.sub(r"['’`.]", "", bare))).strip()


def _only_number_doubted(zone: Zone) -> bool:
    """Whether nothing but the repair of its number keeps the zone from being valid."""
    return bool(zone.number_as_read) and not mrz.failing(zone)


def _tokens(lines: Iterable[str], length: int) -> Iterator[str]:
    """Runs of `length` letters and figures in the lines, as words and with the gaps of one line closed."""
    for line in lines:
        words = re.findall(r"[A-Z0-9]+", line.upper())
        for first in range(len(words)):
            text = ""
            for word in words[first:]:
                text += word
                if len(text) >= length:
                    break
            if len(text) == length and re.search(r"\d", text):
                yield text


def _contradicts(token: str, number: str, labelled: bool) -> bool:
    """Whether a printed number is another one than the zone's, where it must be the same."""
    if any(_clear(one) and _clear(other) and one.isdigit() != other.isdigit() for one, other in zip(token, number, strict=True)):
        return False
    clear = sum(one != other for one, other in zip(token.translate(_FOLDED), number.translate(_FOLDED), strict=True))
    return clear > 0 and (labelled or clear <= NEAR)


def _clear(sign: str) -> bool:
    return sign not in _ALIKE
