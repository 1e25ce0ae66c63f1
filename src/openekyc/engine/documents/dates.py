"""Dates as cards print them: numbers in either order, English, Thai and Chinese words, and the eras of Thailand, Taiwan and Japan."""

import re
import unicodedata
from collections.abc import Callable, Container
from datetime import date

from openekyc.engine.documents.values import Line

LONGEST_VALIDITY = 20  # years
UNKNOWN = frozenset(("<<", "00"))  # a part of a date in a zone
BUDDHIST, ROC = 543, 1911  # years to take from a Buddhist, to add to a Republican year
ERAS = {"明治": 1868, "大正": 1912, "昭和": 1926, "平成": 1989, "令和": 2019}

_ENGLISH = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_THAI = ("มค", "กพ", "มีค", "เมย", "พค", "มิย", "กค", "สค", "กย", "ตค", "พย", "ธค")
_THAI_LONG = (
    "มกราคม", "กุมภาพันธ์", "มีนาคม", "เมษายน", "พฤษภาคม", "มิถุนายน", "กรกฎาคม", "สิงหาคม", "กันยายน", "ตุลาคม", "พฤศจิกายน", "ธันวาคม",
)  # fmt: skip

_SEP = r"\s*[-/.]\s*"
_DAY_FIRST = re.compile(rf"(?<!\d)(\d{{1,2}}){_SEP}(\d{{1,2}}){_SEP}(\d{{4}})(?!\d)")
_YEAR_FIRST = re.compile(rf"(?<!\d)(\d{{4}}){_SEP}(\d{{1,2}}){_SEP}(\d{{1,2}})(?!\d)")
_SHORT = re.compile(rf"(?<!\d)(\d{{2}}){_SEP}(\d{{2}}){_SEP}(\d{{2}})(?!\d)")
_CJK_DATE = re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日")
_ROC_DATE = re.compile(r"民[國国]\s*(\d{1,3})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日?")
_ERA_DATE = re.compile(rf"({'|'.join(ERAS)})\s*(\d{{1,2}}|元)\s*年\s*(\d{{1,2}})\s*月\s*(\d{{1,2}})\s*日?")
_ENGLISH_DATE = re.compile(rf"(?<!\d)(\d{{1,2}})[\s.]*({'|'.join(_ENGLISH)})[A-Z]*[\s.,]*(\d{{4}})", re.I)
_ENGLISH_MONTH_FIRST = re.compile(rf"({'|'.join(_ENGLISH)})[A-Z]*[\s.]*(\d{{1,2}})[\s.,]+(\d{{4}})", re.I)
_THAI_DATE = re.compile(r"(\d{1,2})\s*([\u0e00-\u0e7f][\u0e00-\u0e7f.\s]*?)\s*(2[3-6]\d{2})")
_JAPANESE_BOTH = re.compile(
    rf"(\d{{4}})\s*年\s*\(?\s*(?:{'|'.join(ERAS)})\s*(?:\d{{1,2}}|元)\s*年\s*\)?\s*(\d{{1,2}})\s*月\s*(\d{{1,2}})\s*日"
)


def parse(text: str) -> date | None:
    """The first date in a text, in whatever way it is written; None if there is none that exists in the calendar."""
    text = unicodedata.normalize("NFKC", text)
    for reader in (_japanese, _roc, _cjk, _thai, _english, _numeric):
        found = reader(text)
        if found:
            return found
    return None


def last(text: str) -> date | None:
    """The last day of a date or of a period, `2016.03.01-2026.03.01`; None for one without end."""
    text = unicodedata.normalize("NFKC", text)
    found = sorted((*_YEAR_FIRST.finditer(text), *_DAY_FIRST.finditer(text)), key=lambda match: match.start())
    if len(found) > 1:
        return _numeric(found[-1][0])
    return None if _endless(text) else parse(text)


def _endless(text: str) -> bool:
    return bool(re.search(r"长期|長期|SEUMUR|LIFE", text, re.I))


def iso(line: Line | None) -> str:
    """The first date of a line as YYYY-MM-DD, or ""."""
    found = parse(line.text) if line else None
    return found.isoformat() if found else ""


def short(text: str, today_year: int = 2099) -> date | None:
    """DD-MM-YY. Source of the century: identity cards with chips are younger than 1980, so up to 79 means 20YY."""
    found = _SHORT.search(unicodedata.normalize("NFKC", text))
    if not found:
        return None
    day, month, year = map(int, found.groups())
    return _date(min(2000 + year, today_year) if year < 80 else 1900 + year, month, day)


def from_zone(text: str, *, born: bool, today: date, printed: Container[date] = ()) -> date | None:
    """YYMMDD of a machine-readable zone. A printed date tells the century; without one a birth date is the latest that is past, and no
    document is valid for more than 20 years."""
    if not re.fullmatch(r"\d{6}", text):
        return None
    year, month, day = int(text[:2]), int(text[2:4]), int(text[4:])
    early, late = _date(1900 + year, month, day), _date(2000 + year, month, day)
    shown = [found for found in (early, late) if found is not None and found in printed]
    if len(shown) == 1:
        return shown[0]
    return early if late is None or (late > today if born else late.year > today.year + LONGEST_VALIDITY) else late


def zone_text(text: str, *, born: bool, today: date, printed: Container[date] = ()) -> str:
    """A date of a zone as YYYY-MM-DD, or what of it is known: YYYY-MM or YYYY; "" if that is nothing."""
    whole = from_zone(text, born=born, today=today, printed=printed)
    if whole or not possible_zone_date(text) or not text[:2].isdigit():
        return whole.isoformat() if whole else ""
    month = text[2:4] if text[2:4].isdigit() and text[2:4] != "00" else ""
    first = from_zone(f"{text[:2]}{month or '01'}01", born=born, today=today)
    return first.isoformat()[: 7 if month else 4] if first else ""


def possible_zone_date(text: str) -> bool:
    """Whether YYMMDD is a date of which parts may be unknown, written as fillers or zeros (ICAO 9303 part 3)."""
    found = re.fullmatch(r"(\d\d|<<)(\d\d|<<)(\d\d|<<)", text or "<<<<<<")
    if not found:
        return False
    year, month, day = found.groups()
    known_month, known_day = month not in UNKNOWN, day not in UNKNOWN
    if known_month and not 1 <= int(month) <= 12:
        return False
    # With its year unknown, a date may be that of a leap year.
    return not known_day or _date(2000 + int(year) if year.isdigit() else 2000, int(month) if known_month else 1, int(day)) is not None


def known(text: str) -> str:
    """What a text tells of a date where that is not a whole day: YYYY-MM or YYYY; "" if it is a day, open-ended or no date at all. Unknown
    parts are left out or printed as zeros."""
    text = unicodedata.normalize("NFKC", text).strip()
    if parse(text):
        return ""
    found = re.fullmatch(rf"00{_SEP}(\d\d){_SEP}(\d{{4}})", text)
    if found and int(found[1]) <= 12:
        return found[2] if found[1] == "00" else f"{found[2]}-{found[1]}"
    found = re.fullmatch(rf"({'|'.join(_ENGLISH)})[A-Z]*\.?\s?(\d{{4}})", text, re.I)
    if found:
        return f"{found[2]}-{_english_month(found[1]):02}"
    return text if re.fullmatch(r"(19|20|2[3-6])\d\d|(19|20)\d\d-(0[1-9]|1[0-2])", text) else ""


def known_iso(text: str) -> str:
    """A date as YYYY-MM-DD, or what of it is known: YYYY-MM, YYYY."""
    whole = parse(text)
    return whole.isoformat() if whole else known(text)


def same_day(one: str, other: str) -> bool | None:
    """Whether two texts name the same day; None if one of them names none."""
    first, second = parse(one), parse(other)
    return None if first is None or second is None else first == second


def _numeric(text: str) -> date | None:
    """Whichever order begins first in the text: in `05/10/2023 - 05/10/2028` no year comes first."""
    found = [(match.start(), _date(int(match[3]), int(match[2]), int(match[1]))) for match in _DAY_FIRST.finditer(text)]
    found += [(match.start(), _date(int(match[1]), int(match[2]), int(match[3]))) for match in _YEAR_FIRST.finditer(text)]
    return next((day for _, day in sorted(found, key=lambda one: one[0]) if day), None)


def _cjk(text: str) -> date | None:
    return _first(_CJK_DATE, text, lambda year, month, day: _date(int(year), int(month), int(day)))


def _roc(text: str) -> date | None:
    return _first(_ROC_DATE, text, lambda year, month, day: _date(int(year) + ROC, int(month), int(day)))


def _japanese(text: str) -> date | None:
    both = _first(_JAPANESE_BOTH, text, lambda year, month, day: _date(int(year), int(month), int(day)))
    return both or _first(_ERA_DATE, text, lambda era, year, month, day: _date(era_year(era, year), int(month), int(day)))


def era_year(era: str, year: str) -> int:
    """The year CE of a Japanese era's year; 元 is its first."""
    return ERAS[era] + (1 if year == "元" else int(year)) - 1


def _thai(text: str) -> date | None:
    for found in _THAI_DATE.finditer(text):
        month = thai_month(found[2])
        day = _date(int(found[3]) - BUDDHIST, month, int(found[1])) if month else None
        if day:
            return day
    return None


def thai_month(words: str) -> int:
    """The number of a Thai month, short or long; 0 if it is none."""
    word = re.sub(r"[.\s]", "", words)
    if word in _THAI:
        return _THAI.index(word) + 1
    return next((place for place, long in enumerate(_THAI_LONG, 1) if word == long), 0)


def _english(text: str) -> date | None:
    found = _first(_ENGLISH_DATE, text, lambda day, month, year: _date(int(year), _english_month(month), int(day)))
    return found or _first(_ENGLISH_MONTH_FIRST, text, lambda month, day, year: _date(int(year), _english_month(month), int(day)))


def _english_month(word: str) -> int:
    return _ENGLISH.index(word.upper()[:3]) + 1


def _first(pattern: "re.Pattern[str]", text: str, build: Callable[..., date | None]) -> date | None:
    return next((day for found in pattern.finditer(text) if (day := build(*found.groups()))), None)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
