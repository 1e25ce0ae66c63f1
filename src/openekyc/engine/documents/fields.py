"""From the lines that carry them to the fields of a card: normalised values, empty ones left out."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime

from openekyc.engine.documents import dates
from openekyc.engine.documents.layout import Sheet
from openekyc.engine.documents.values import Field, Line
from openekyc.engine.documents.words import folded, tidy

_DIGITS = str.maketrans("OoQDIlL|!iSsBZzG", "0000111111558226")
_LETTERS = str.maketrans("015826", "OISBZG")


def collect(*fields: Field | None) -> tuple[Field, ...]:
    """Those that were read."""
    return tuple(field for field in fields if field is not None)


def taken(name: str, line: Line | None, change: Callable[[str], str] = tidy) -> Field | None:
    """A field from a line; None without a line or where `change` leaves nothing."""
    value = change(line.text) if line else ""
    return Field(name, value, round(line.score, 4), line.box) if line and value else None


def derived(name: str, value: str, source: Field | None = None) -> Field | None:
    """A field that is not printed as such but follows from what is; as sure as its source."""
    return Field(name, value, source.score if source else 1.0) if value else None


def as_day(text: str) -> str:
    """The first date of a text as YYYY-MM-DD."""
    found = dates.parse(text)
    return found.isoformat() if found else ""


def pick(pattern: str) -> Callable[[str], str]:
    """A change that keeps what fits the pattern (its first group, if it has one)."""

    def change(text: str) -> str:
        found = re.search(pattern, tidy(text), re.I)
        return tidy(found.group(1) if found and found.re.groups else found.group()) if found else ""

    return change


def dmy(text: str) -> str:
    """DD-MM-YYYY, whatever separates the numbers in print."""
    found = re.search(r"(?<!\d)(\d{2})\s*[-/. ]\s*(\d{2})\s*[-/. ]\s*(\d{4})(?!\d)", tidy(digits(text)))
    return "-".join(found.groups()) if found else ""


def digits(text: str) -> str:
    """Letters that look like digits as digits; for places where only digits can stand."""
    return text.translate(_DIGITS)


def letters(text: str) -> str:
    """Digits that look like letters as letters; for places where only letters can stand."""
    return text.translate(_LETTERS)


def shaped(shape: str) -> Callable[[str], str]:
    """A change that reads a number of a given shape, A a letter, 9 a digit, X either, other characters as printed or missing in print:
    each place is read as what can stand there, so that O and 0 cannot be confused."""
    wanted = [character for character in shape if character in "A9X"]
    before = r"(?<![A-Za-z0-9])"
    pattern = before + "".join(
        {"A": "[A-Za-z0158]", "9": "[0-9OoQDIlSBZ|]", "X": "[A-Za-z0-9]"}.get(character, rf"[\s{re.escape(character)}]{{0,2}}")
        for character in shape
    )

    def change(text: str) -> str:
        found = re.search(pattern + r"(?![A-Za-z0-9])", tidy(text))
        if not found:
            return ""
        read = [character for character in found.group() if character.isalnum() or character == "|"]
        placed = iter(_placed(kind, character) for kind, character in zip(wanted, read, strict=True))
        return "".join(next(placed) if character in "A9X" else character for character in shape)

    return change


def _placed(kind: str, character: str) -> str:
    return digits(character) if kind == "9" else letters(character).upper() if kind == "A" else character.upper()


def number(name: str, sheet: Sheet, *shapes: str) -> Field | None:
    """The first number of one of the shapes anywhere on a side, in one line or across a row."""
    for shape in shapes:
        change = shaped(shape)
        for line in (*sheet.lines, *sheet.rows()):
            if change(line.text):
                return taken(name, line, change)
    return None


def sex_letter(text: str) -> str:
    """M or F, from a letter or a word in any of the cards' languages."""
    text = tidy(text).upper()
    for letter, pattern in (("F", r"女|\bF\b|FEMALE|PEREMPUAN|WANITA"), ("M", r"男|\bM\b|\bMALE|LELAKI|LAKI|PRIA"), ("X", r"\bX\b")):
        if re.search(pattern, text):
            return letter
    return ""


def sex_han(text: str) -> str:
    """男 or 女 as printed."""
    found = re.search("[男女]", text)
    return found.group() if found else ""


def han_name(text: str) -> str:
    """A name in Han or kana, its wide spaces closed."""
    return re.sub(r"\s+", "", tidy(text))


def chinese_name(text: str) -> str:
    """A name in Han, its wide spaces closed; the dot of transcribed names is U+00B7, whichever dot the recogniser prefers."""
    return re.sub("[・‧•∙⋅]", "·", re.sub(r"\s+", "", tidy(text)))


def upper(text: str) -> str:
    """A value in capitals; a letter O among figures is a zero."""
    return re.sub(r"\b(?=[O\d]*\d)[O\d]+\b", lambda found: found.group().replace("O", "0"), tidy(text).upper())


def has(sheet: Sheet, *words: str) -> bool:
    """Whether one of the words is printed on a side."""
    return any(folded(word) in folded(line.text) for word in words for line in sheet.lines)


def today() -> date:
    """The day of reading, against which two-digit years of birth are placed."""
    return datetime.now(UTC).date()
