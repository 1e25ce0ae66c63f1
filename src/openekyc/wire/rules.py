"""What a parameter's value may be: a rule reads (and may convert) a value of the right type, and tells itself in words."""

import re
from typing import Any
from urllib.parse import urlsplit

import pybase64

from openekyc.picture_limits import LEAST_SIDE, most_pixels
from openekyc.wire.codes import WireError
from openekyc.wire.kinds import Base64Text, Kind, Text
from openekyc.wire.picture import breaks_off, picture_size

BLANKS = ("\n", "\r", " ", "\t")
_LONGEST_PREFIX = 128
_ALPHABET = re.compile(r"[A-Za-z0-9+/=]*")


class BadText(ValueError):
    """A value that a rule refuses, in the rule's words with the cause; goes on after "is not valid: "."""


class Rule:
    """`kind`, if given, is the type on the wire where it differs from the annotated one. Rules hold no state that changes."""

    kind: Kind | None = None
    text = ""

    def read(self, value: Any) -> Any:
        """The value to use, perhaps converted. Raises ValueError (the action's code for bad values) or an ApiError of its own."""
        raise NotImplementedError


class OneOf(Rule):
    """One of a few words."""

    def __init__(self, *words: str) -> None:
        self._words = frozenset(words)
        self.text = "one of " + ", ".join(words)

    def read(self, value: str) -> str:
        if value not in self._words:
            raise ValueError
        return value


class Between(Rule):
    """An integer within bounds, both included."""

    def __init__(self, low: int, high: int) -> None:
        self._range = range(low, high + 1)
        self.text = f"{low} to {high}"

    def read(self, value: int) -> int:
        if value not in self._range:
            raise ValueError
        return value


class OneNumberOf(Rule):
    """One of a few integers."""

    def __init__(self, *numbers: int) -> None:
        self._numbers = frozenset(numbers)
        self.text = "one of " + ", ".join(map(str, numbers))

    def read(self, value: int) -> int:
        if value not in self._numbers:
            raise ValueError
        return value


class Clamped(Rule):
    """An integer that is brought within bounds instead of being refused."""

    def __init__(self, low: int, high: int) -> None:
        self._low, self._high = low, high
        self.text = f"brought within {low:,} to {high:,}"

    def read(self, value: int) -> int:
        return min(max(value, self._low), self._high)


class EachOf(Rule):
    """A list of some of a few integers; repeats count once."""

    def __init__(self, *numbers: int) -> None:
        self._numbers = frozenset(numbers)
        self.text = "any of " + ", ".join(map(str, numbers))

    def read(self, value: tuple[int, ...]) -> tuple[int, ...]:
        if not self._numbers.issuperset(value):
            raise ValueError
        return tuple(dict.fromkeys(value))


class ShortList(Rule):
    """A list of a few short texts."""

    def __init__(self, most: int, chars: int) -> None:
        self._most, self._chars = most, chars
        self.text = f"at most {most} texts of at most {chars} characters"

    def read(self, value: tuple[str, ...]) -> tuple[str, ...]:
        if len(value) > self._most or any(len(text) > self._chars for text in value):
            raise ValueError
        return value


class NumberList(Rule):
    """Some of a few integers joined by commas; "" = none. Read as a tuple, repeats count once."""

    kind = Text()

    def __init__(self, *numbers: int) -> None:
        self._numbers = {str(number): number for number in numbers}
        self.text = "any of " + ", ".join(self._numbers) + ", joined by commas"

    def read(self, value: str) -> tuple[int, ...]:
        items = [item.strip() for item in value.split(",", len(self._numbers) * 2)] if value else []
        if not set(items) <= set(self._numbers):
            raise ValueError
        return tuple(dict.fromkeys(self._numbers[item] for item in items))


class WebAddress(Rule):
    """An absolute http or https address, as it goes into a browser's address bar."""

    LONGEST = 2048
    text = f"an absolute http or https address of at most {LONGEST:,} characters"

    def read(self, value: str) -> str:
        parts = urlsplit(value)  # its error is a ValueError, also for a port that is none
        fine = value.isprintable() and not set(value) & set(" \\") and len(value) <= self.LONGEST
        if not fine or parts.scheme not in ("http", "https") or not parts.hostname or parts.port == 0:
            raise ValueError
        return value


class ColourOrNone(Rule):
    """A colour as #RRGGBB, in lower case; any other text is read as "", none."""

    text = "#RRGGBB; any other text counts as none"

    def read(self, value: str) -> str:
        return value.lower() if re.fullmatch(r"#[0-9A-Fa-f]{6}", value) else ""


class MaxChars(Rule):
    """At most so many Unicode characters."""

    def __init__(self, most: int) -> None:
        self._most = most
        self.text = f"at most {most:,} characters"

    def read(self, value: str) -> str:
        if len(value) > self._most:
            raise ValueError
        return value


class CommaList(Rule):
    """Words joined by commas, without blanks and repeats; read as a tuple in the order given."""

    kind = Text()

    def __init__(self, *words: str, most: int) -> None:
        self._words, self._most = frozenset(words), most
        self.text = f"1 to {most} of {', '.join(words)}, joined by commas, each once"

    def read(self, value: str) -> tuple[str, ...]:
        items = tuple(value.split(",", self._most))
        if len(items) > self._most or len(set(items)) < len(items) or not self._words.issuperset(items):
            raise ValueError
        return items


class Base64Picture(Rule):
    """A JPEG, PNG, BMP or WebP in Base64; read as bytes. A `data:` prefix and blanks are dropped before anything is measured. Only the
    picture's header is looked at."""

    kind = Base64Text()

    def __init__(self, most: int, too_large: type[WireError]) -> None:
        self._most, self._too_large = most, too_large
        self.text = f"Base64 (at most {most:,} characters) of a JPEG, PNG, BMP or WebP"

    def read(self, value: str | bytes) -> bytes:
        data = value if isinstance(value, bytes) else self._decode(base64_text(value))
        if len(data) > self._most // 4 * 3:
            raise self._too_large.about(f"{self._most:,}")
        size, most = picture_size(data), most_pixels(data)
        if size is None:
            raise BadText(f"{self.text}; its bytes are none of these")
        if size[0] * size[1] > most:
            raise BadText(f"{self.text}; the picture has {size[0]} x {size[1]} pixels, and one of its format may have {most:,}")
        if min(size) < LEAST_SIDE:
            raise BadText(f"{self.text}; the picture has {size[0]} x {size[1]} pixels, and a face needs {LEAST_SIDE} on each side")
        if data.startswith(b"\xff\xd8") and breaks_off(data):
            raise BadText(f"{self.text}; this JPEG breaks off: the marker that ends it is missing")
        return data

    def _decode(self, text: str) -> bytes:
        if len(text) > self._most:
            raise self._too_large.about(f"{self._most:,}")
        try:
            return pybase64.b64decode(text, validate=True)
        except ValueError:
            raise BadText(f"{self.text}; {_base64_fault(text)}") from None


def base64_text(text: str) -> str:
    """Base64 without the blanks that line wrapping leaves in it and without a leading `data:<type>;base64,`."""
    for blank in BLANKS:  # each a search at memory speed; the text is copied only where one is found
        text = text.replace(blank, "")
    if not text.startswith("data:"):
        return text
    head, comma, tail = text.partition(",") if "," in text[:_LONGEST_PREFIX] else ("", "", "")
    return tail if comma and head.endswith(";base64") else text


def _base64_fault(text: str) -> str:
    """Why a text is not Base64, for who sent it."""
    if _ALPHABET.fullmatch(text):
        return "the padding is wrong: 4 characters stand for 3 bytes, and `=` fills up the last 4 only"
    if _ALPHABET.fullmatch(text.replace("-", "+").replace("_", "/")):
        return "this is the URL-safe alphabet: write `+` for `-` and `/` for `_`"
    return "it holds a character that is not of the Base64 alphabet"
