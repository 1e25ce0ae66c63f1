"""Rules that the numbers of identity documents obey, and what follows when one is broken.

A rule that only common knowledge vouches for never refuses anybody: it gives a hint to the operator (`Kind.hints`). Source of the weights
and tables: the rules as published by the issuers or known from open implementations; A123456(3), A123456789, S1234567D and
11010519491231002X are known to hold.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date

from openekyc.engine.documents import dates
from openekyc.engine.documents.values import FORMAT_WARNING, MISMATCH_WARNING, Zone

Fields = Mapping[str, str]
Verdict = bool | None  # None: there is nothing to compare

HKID_WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2)
NRIC_WEIGHTS = (2, 7, 6, 5, 4, 3, 2)
NRIC_LETTERS = {"S": "JZIHGFEDCBA", "T": "JZIHGFEDCBA", "F": "XWUTRQPNMLK", "G": "XWUTRQPNMLK", "M": "XWUTRQPNJLK"}
NRIC_OFFSETS = {"T": 4, "G": 4, "M": 3}
TAIWAN_LETTERS = dict(zip("ABCDEFGHJKLMNPQRSTUVXYWZIO", range(10, 36), strict=True))
TAIWAN_WEIGHTS = (1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1)
MAINLAND_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
OPEN_ENDED = frozenset(("LIFELONG", "SEUMUR HIDUP", "ตลอดชีพ"))
MAINLAND_DIGITS = "10X98765432"


def hkid_digit(body: str) -> str:
    """The check digit of a Hong Kong number without it: one or two letters and six digits."""
    padded = body.rjust(8)
    values = [36 if character == " " else int(character, 36) for character in padded]
    rest = sum(value * weight for value, weight in zip(values, HKID_WEIGHTS, strict=True)) % 11
    return "0123456789A"[(11 - rest) % 11]


def hkid(number: str) -> bool:
    """A Hong Kong identity number, brackets or not."""
    found = re.fullmatch(r"([A-Z]{1,2}\d{6})\(?([0-9A])\)?", number)
    return bool(found) and hkid_digit(found[1]) == found[2] if found else False


def nric_letter(body: str) -> str:
    """The last letter of a Singapore number: its first letter and seven digits."""
    total = NRIC_OFFSETS.get(body[0], 0) + _weighted(body[1:], NRIC_WEIGHTS)
    return NRIC_LETTERS[body[0]][total % 11]


def nric(number: str) -> bool:
    """A Singapore identity number."""
    return bool(re.fullmatch(r"[STFGM]\d{7}[A-Z]", number)) and nric_letter(number[:-1]) == number[-1]


def mainland_digit(body: str) -> str:
    """ISO 7064 MOD 11-2 over 17 digits."""
    return MAINLAND_DIGITS[_weighted(body, MAINLAND_WEIGHTS) % 11]


def mainland(number: str) -> bool:
    """A mainland identity number: check digit and a birth date that exists."""
    return bool(re.fullmatch(r"\d{17}[\dX]", number)) and mainland_digit(number[:17]) == number[17] and mainland_birth(number) is not None


def mainland_birth(number: str) -> date | None:
    """The birth date inside a mainland number."""
    return _day(number[6:10], number[10:12], number[12:14]) if re.fullmatch(r"\d{17}[\dX]", number) else None


def thai_digit(body: str) -> str:
    """The last digit of a Thai number."""
    return str((11 - _weighted(body, range(13, 1, -1)) % 11) % 10)


def thai(number: str) -> bool:
    """A Thai identity number, spaces or not."""
    number = re.sub(r"[\s-]", "", number)
    return bool(re.fullmatch(r"\d{13}", number)) and thai_digit(number[:12]) == number[12]


def taiwan_total(number: str) -> int:
    """The weighted sum of a Taiwan number; a valid one is a multiple of ten."""
    return _weighted(f"{TAIWAN_LETTERS[number[0]]}{number[1:]}", TAIWAN_WEIGHTS)


def taiwan(number: str) -> bool:
    """A Taiwan identity number (second digit 1, 2) or a resident's (8, 9)."""
    return bool(re.fullmatch(r"[A-Z][1289]\d{8}", number)) and taiwan_total(number) % 10 == 0


def macao(number: str) -> bool:
    """The form of a Macao identity number; how its check digit is made is not public."""
    return bool(re.fullmatch(r"[157]\d{6}\(\d\)", number))


def my_number_digit(body: str) -> str:
    """The check digit of a Japanese individual number (hint only)."""
    rest = _weighted(body[::-1], (2, 3, 4, 5, 6, 7, 2, 3, 4, 5, 6)) % 11
    return "0" if rest <= 1 else str(11 - rest)


def japan_licence_digit(body: str) -> str:
    """The eleventh digit of a Japanese licence number over its first ten (hint only)."""
    rest = _weighted(body, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11
    return "0" if rest <= 1 else str(11 - rest)


def tin_digit(body: str) -> str:
    """The ninth digit of a Philippine TIN over its first eight (hint only)."""
    return str(_weighted(body, range(9, 1, -1)) % 11 % 10)


def ktp_birth(number: str) -> tuple[int, int, int] | None:
    """Day, month and two-digit year inside an Indonesian number; a woman's day is printed plus 40."""
    if not re.fullmatch(r"\d{16}", number):
        return None
    day, month, year = int(number[6:8]), int(number[8:10]), int(number[10:12])
    return (day - 40 if day > 40 else day), month, year


def ktp_female(number: str) -> bool | None:
    """Whether an Indonesian number belongs to a woman."""
    return int(number[6:8]) > 40 if re.fullmatch(r"\d{16}", number) else None


def mykad_birth(number: str, today: date) -> date | None:
    """The birth date inside a Malaysian number; its century is the latest one that is not in the future."""
    found = re.fullmatch(r"(\d{6})-?\d{2}-?\d{4}", number)
    return dates.from_zone(found[1], born=True, today=today) if found else None


def _weighted(digits: str, weights: Iterable[int]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True))


def _day(year: str, month: str, day: str) -> date | None:
    return dates.parse(f"{year}-{month}-{day}")


# Verdicts


def verdict(formed: Iterable[Verdict], agreeing: Iterable[Verdict] = ()) -> tuple[int, ...]:
    """The warnings that follow: -8101 if a value is malformed, -8102 if two values contradict each other."""
    warnings = [FORMAT_WARNING] if False in tuple(formed) else []
    return tuple([*warnings, MISMATCH_WARNING] if False in tuple(agreeing) else warnings)


def form(fields: Fields, name: str, rule: "str | Callable[[str], bool]") -> Verdict:
    """Whether a field, if it was read, obeys a pattern or a rule."""
    value = fields.get(name, "")
    if not value:
        return None
    return bool(re.fullmatch(rule, value)) if isinstance(rule, str) else rule(value)


def is_date(fields: Fields, *names: str) -> Verdict:
    """Whether those of the fields that were read hold days that exist, known in part at least, or no end (LIFELONG)."""
    read = [fields[name] for name in names if fields.get(name)]
    return all(dates.parse(value) or dates.short(value) or dates.known(value) or value in OPEN_ENDED for value in read) if read else None


def in_order(fields: Fields, earlier: str, later: str) -> Verdict:
    """Whether one date comes before another."""
    first, second = dates.parse(fields.get(earlier, "")), dates.parse(fields.get(later, ""))
    return first < second if first and second else None


def agree(fields: Fields, zone: Zone | None, name: str, member: str) -> Verdict:
    """Whether the digits and letters of a field are those of the zone's member."""
    value, other = fields.get(name, ""), zone.fields.get(member, "") if zone else ""
    return _bare(value) == _bare(other) if value and other else None


def agree_day(fields: Fields, zone: Zone | None, name: str, member: str) -> Verdict:
    """Whether a date of the card is the zone's (YYMMDD)."""
    day, other = dates.parse(fields.get(name, "")), zone.fields.get(member, "") if zone else ""
    return day.strftime("%y%m%d") == other if day and other else None


def agree_sex(fields: Fields, name: str, female: bool | None) -> Verdict:
    """Whether the sex as printed is the one known from elsewhere."""
    said = is_female(fields.get(name, ""))
    return None if said is None or female is None else said == female


def is_female(word: str) -> bool | None:
    """What a printed sex means; None if it is neither."""
    word = word.upper().strip()
    if word in {"F", "女", "FEMALE", "PEREMPUAN", "WANITA"}:
        return True
    return False if word in {"M", "男", "MALE", "LELAKI", "LAKI-LAKI", "LAKI LAKI", "PRIA"} else None


def _bare(value: str) -> str:
    return re.sub(r"[^0-9A-Z]", "", value.upper())
