"""Machine-readable zones (ICAO 9303 parts 4 to 7): rows of signs into fields, and their check digits.

Pure text, no pictures. A row may come a few fillers too long or too short, because recognisers miscount runs of them; it is fitted to the
30, 36 or 44 places of its form, and the check digits say which fit was right.

Repair: if a check digit fails, one character of its field may be exchanged for one that looks alike, but only if exactly one exchange
satisfies that digit and the composite digit too. Visas have no composite digit, so nothing is repaired there. The number stands where the
composite begins, so both digits weigh it alike and are one witness: a zone with a repaired number is not valid until the printed number
agrees (`zone.py`).
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product
from typing import Literal, NamedTuple

from openekyc.engine.documents import states
from openekyc.engine.documents.dates import possible_zone_date
from openekyc.engine.documents.values import Zone

FILLER = "<"
SYMBOLS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ" + FILLER

Form = Literal["TD1", "TD2", "TD3", "MRVA", "MRVB"]
Span = tuple[int, int, int]  # row, from, to

WEIGHTS = (7, 3, 1)
MOST_MISSING = 14  # signs that a row of names may have lost: they end in long runs of fillers
MOST_SURPLUS = 6  # signs by which any row may be too long, or another row too short
MOST_FITS = 6  # ways of fitting one row that are tried

_DIGIT_FOR = str.maketrans("OQDUILSBZGTA", "000011582674")
_LETTER_FOR = str.maketrans("015826", "OISBZG")
_ALIKE = {pair[place]: pair[1 - place] for pair in ("0O", "1I", "5S", "8B", "2Z", "6G") for place in (0, 1)}


class _Layout(NamedTuple):
    """Where the fields of a form stand. `checked`: field -> span of its check digit; `composite`: what the last digit covers."""

    rows: int
    width: int
    fields: Mapping[str, Span]
    checked: Mapping[str, Span]
    composite: tuple[Span, ...] = ()
    composite_at: Span | None = None


_TD1 = _Layout(
    3,
    30,
    {
        "code": (0, 0, 2), "issuer": (0, 2, 5), "number": (0, 5, 14), "optional": (0, 15, 30), "birth": (1, 0, 6), "sex": (1, 7, 8),
        "expiry": (1, 8, 14), "nationality": (1, 15, 18), "optional2": (1, 18, 29), "name": (2, 0, 30),
    },
    {"number": (0, 14, 15), "birth": (1, 6, 7), "expiry": (1, 14, 15)},
    ((0, 5, 30), (1, 0, 7), (1, 8, 15), (1, 18, 29)),
    (1, 29, 30),
)  # fmt: skip


def _two_rows(width: int, optional: int, *, composite: bool, personal: bool = False) -> _Layout:
    fields = {
        "code": (0, 0, 2),
        "issuer": (0, 2, 5),
        "name": (0, 5, width),
        "number": (1, 0, 9),
        "nationality": (1, 10, 13),
        "birth": (1, 13, 19),
        "sex": (1, 20, 21),
        "expiry": (1, 21, 27),
        "optional": (1, 28, optional),
    }
    checked = {"number": (1, 9, 10), "birth": (1, 19, 20), "expiry": (1, 27, 28)} | ({"optional": (1, 42, 43)} if personal else {})
    covered = ((1, 0, 10), (1, 13, 20), (1, 21, width - 1)) if composite else ()
    return _Layout(2, width, fields, checked, covered, (1, width - 1, width) if composite else None)


_LAYOUTS: dict[Form, _Layout] = {
    "TD1": _TD1,
    "TD2": _two_rows(36, 35, composite=True),
    "TD3": _two_rows(44, 42, composite=True, personal=True),
    "MRVA": _two_rows(44, 44, composite=False),
    "MRVB": _two_rows(36, 36, composite=False),
}
_DIGITS_ONLY = ("birth", "expiry")
_LETTERS_ONLY = ("issuer", "nationality", "sex", "name")


def check_digit(text: str) -> str:
    """The digit over `text`: weights 7 3 1, letters from A = 10, fillers 0."""
    values = (0 if sign == FILLER else SYMBOLS.index(sign) for sign in text)
    return str(sum(WEIGHTS[place % 3] * value for place, value in enumerate(values)) % 10)


def parse(rows: Sequence[str]) -> Zone | None:
    """The zone in two or three rows of signs of `SYMBOLS`, read as well as its check digits allow; None if the rows have no form."""
    best: tuple[tuple[bool, bool, int], Zone] | None = None
    for form in _forms(rows):
        for fitted in _fits(rows, _LAYOUTS[form].width):
            zone, held = _judged(form, _typed(form, fitted))
            if zone.valid and not zone.repaired:
                return zone
            rank = zone.valid, plausible(zone), held
            if best is None or rank > best[0]:
                best = rank, zone
    return best[1] if best else None


def plausible(zone: Zone) -> bool:
    """Whether every place of the form holds what can stand there: a form that was guessed wrongly has letters in its dates."""
    read = zone.fields
    return (
        all(possible_zone_date(read[name]) for name in _DIGITS_ONLY)
        and read["sex"] in {"", "M", "F", "X"}
        and read["code"][:1] in states.DOCUMENTS
        and bool(read["number"])
        and all(re.fullmatch("[A-Z ]*", read[name]) for name in ("issuer", "nationality", "surname", "given"))
    )


def held(zone: Zone) -> float:
    """Share of its check digits that hold, 0..1; those of empty fields count for nothing."""
    layout = _LAYOUTS[zone.form]
    digits = [*layout.checked, *(["composite"] if layout.composite else [])]
    said = [name for name in digits if name == "composite" or _checked(zone.form, zone.lines, name)[0].strip(FILLER)]
    broken = set(_failing(zone.form, zone.lines))
    return sum(name not in broken for name in said) / max(len(said), 1)


def failing(zone: Zone) -> tuple[str, ...]:
    """The fields whose check digits do not hold, and `composite`."""
    return () if zone.valid or len(zone.lines) != _LAYOUTS[zone.form].rows else tuple(_failing(zone.form, zone.lines))


def name_row(zone: Zone) -> str:
    """The names as the zone has them, fillers and all."""
    row, begin, end = _LAYOUTS[zone.form].fields["name"]
    return zone.lines[row][begin:end] if row < len(zone.lines) else ""


def unrepaired(zone: Zone, number: str) -> Zone:
    """The zone with its number as it was read, before repair."""
    row, begin, end = _LAYOUTS[zone.form].fields["number"]
    lines = list(zone.lines)
    lines[row] = lines[row][:begin] + number.ljust(end - begin, FILLER) + lines[row][end:]
    return Zone(zone.form, tuple(lines), _values(zone.form, lines), valid=False)


def fit(row: str, width: int) -> Iterator[str]:
    """Ways of bringing a row to `width` signs by lengthening or shortening one run of fillers: the one at the end first, then the
    longest."""
    off = width - len(row)
    if off == 0:
        yield row
        return
    runs = sorted(re.finditer("<+", row), key=lambda run: (run.end() < len(row), run.start() - run.end(), -run.start()))
    for run in runs:
        length = run.end() - run.start() + off
        if length >= 0:
            yield row[: run.start()] + FILLER * length + row[run.end() :]
    if off > 0 and not row.endswith(FILLER):
        yield row + FILLER * off  # the fillers at the end were not seen at all


def _forms(rows: Sequence[str]) -> list[Form]:
    """The forms that the rows may have, the nearest in length first: long runs of fillers stretch to any of them."""
    visa = bool(rows) and rows[0].startswith("V")
    near = [
        form
        for form, layout in _LAYOUTS.items()
        if len(rows) == layout.rows
        and form.startswith("MRV") == visa
        and all(-_most_missing(layout, place) <= len(row) - layout.width <= MOST_SURPLUS for place, row in enumerate(rows))
    ]
    return sorted(near, key=lambda form: sum(abs(len(row) - _LAYOUTS[form].width) for row in rows))


def _most_missing(layout: _Layout, row: int) -> int:
    return MOST_MISSING if row == layout.fields["name"][0] else MOST_SURPLUS


def _fits(rows: Sequence[str], width: int) -> Iterable[tuple[str, ...]]:
    ways = [list(fit(row, width))[:MOST_FITS] for row in rows]
    return product(*ways)


def _typed(form: Form, rows: Sequence[str]) -> tuple[str, ...]:
    """Signs exchanged where a place admits only digits or only letters."""
    layout = _LAYOUTS[form]
    text = [list(row) for row in rows]
    digits = [layout.fields[name] for name in _DIGITS_ONLY] + list(layout.checked.values())
    digits += [layout.composite_at] if layout.composite_at else []
    for row, begin, end in digits:
        text[row][begin:end] = "".join(text[row][begin:end]).translate(_DIGIT_FOR)
    for row, begin, end in (layout.fields[name] for name in _LETTERS_ONLY):
        text[row][begin:end] = "".join(text[row][begin:end]).translate(_LETTER_FOR)
    for row, begin, end in (layout.fields[name] for name in ("issuer", "nationality")):
        text[row][begin:end] = states.corrected("".join(text[row][begin:end])).ljust(end - begin, FILLER)
    row, begin, end = layout.fields["code"]
    text[row][begin:end] = _document("".join(text[row][begin:end]), form)
    return tuple("".join(row) for row in text)


def _document(code: str, form: Form) -> str:
    """A document code, whose first place is always a letter; the second may be a letter, a digit or a filler. No state writes PA."""
    code = code[:1].translate(_LETTER_FOR) + code[1:]
    return "P" + FILLER if form == "TD3" and code == "PA" else code


def _judged(form: Form, rows: tuple[str, ...]) -> tuple[Zone, int]:
    """The zone, and how many of its check digits hold."""
    failing = _failing(form, rows)
    layout = _LAYOUTS[form]
    said = [name for name in layout.checked if _checked(form, rows, name)[0].strip(FILLER)]
    held = sum(name not in failing for name in said) + bool(layout.composite and "composite" not in failing)
    if not failing:
        return Zone(form, rows, _values(form, rows), valid=True), held
    repaired = _repaired(form, rows, failing)
    if repaired:
        raw = _values(form, rows)["number"] if "number" in failing else ""
        return Zone(form, repaired, _values(form, repaired), valid=not raw, repaired=True, number_as_read=raw), held
    return Zone(form, rows, _values(form, rows), valid=False), held


def _failing(form: Form, rows: Sequence[str]) -> list[str]:
    layout = _LAYOUTS[form]
    failing = [name for name in layout.checked if not _holds(*_checked(form, rows, name))]
    if layout.composite_at and check_digit("".join(_cut(rows, span) for span in layout.composite)) != _cut(rows, layout.composite_at):
        failing.append("composite")
    return failing


def _holds(text: str, digit: str) -> bool:
    """An empty field may leave its digit out."""
    return digit == check_digit(text) or (digit == FILLER and not text.strip(FILLER))


def _checked(form: Form, rows: Sequence[str], name: str) -> tuple[str, str]:
    """A field and its check digit."""
    layout = _LAYOUTS[form]
    return _number(form, rows) if name == "number" else (_cut(rows, layout.fields[name]), _cut(rows, layout.checked[name]))


def _number(form: Form, rows: Sequence[str]) -> tuple[str, str]:
    """The document number and its digit. On cards a number of more than nine signs goes on in the optional data, which then ends
    in the digit."""
    layout = _LAYOUTS[form]
    number, digit = _cut(rows, layout.fields["number"]), _cut(rows, layout.checked["number"])
    more = _cut(rows, layout.fields["optional"]).split(FILLER)[0]
    if digit == FILLER and form in ("TD1", "TD2") and len(more) >= 2 and FILLER not in number:
        return number + more[:-1], more[-1]
    return number, digit


def _repaired(form: Form, rows: tuple[str, ...], failing: list[str]) -> tuple[str, ...] | None:
    """The rows with one character exchanged, if exactly one exchange makes every digit hold, the composite among them. Where only the
    composite fails, the exchange can be nowhere but in the optional data, which has no other digit."""
    layout = _LAYOUTS[form]
    fields = [name for name in failing if name != "composite"]
    if not layout.composite or len(fields) > 1:
        return None
    names = fields or [name for name in ("optional", "optional2") if name in layout.fields and name not in layout.checked]
    ways = [changed for name in names for changed in _exchanged(form, rows, name) if not _failing(form, changed)]
    return ways[0] if len(ways) == 1 else None


def _exchanged(form: Form, rows: tuple[str, ...], name: str) -> Iterator[tuple[str, ...]]:
    """The rows with one character of a field exchanged for one that looks alike, in every way."""
    row, begin, end = _LAYOUTS[form].fields[name]
    for index in range(begin, end):
        other = _ALIKE.get(rows[row][index], "")
        if other and (name not in _DIGITS_ONLY or other.isdigit()):
            yield (*rows[:row], rows[row][:index] + other + rows[row][index + 1 :], *rows[row + 1 :])


def _values(form: Form, rows: Sequence[str]) -> dict[str, str]:
    layout = _LAYOUTS[form]
    found = {name: _cut(rows, span) for name, span in layout.fields.items() if name != "name"}
    number, _ = _number(form, rows)
    if len(number) > len(found["number"]):
        found["optional"] = found["optional"].partition(FILLER)[2]
    surname, given = names(_cut(rows, layout.fields["name"]))
    plain = {name: value.strip(FILLER).replace(FILLER, " ") for name, value in found.items()}
    dates = {name: found[name] if found[name].strip(FILLER) else "" for name in _DIGITS_ONLY}
    return {"optional2": ""} | plain | dates | {"number": number.strip(FILLER).replace(FILLER, ""), "surname": surname, "given": given}


def names(text: str) -> tuple[str, str]:
    """Surname and given names. What follows a second double filler is no name: the row has no check digit, and fillers are
    sometimes read as letters."""
    parts = text.split(FILLER * 2)
    given = parts[1] if len(parts) > 1 else ""
    return parts[0].strip(FILLER).replace(FILLER, " "), given.strip(FILLER).replace(FILLER, " ")


def _cut(rows: Sequence[str], span: Span) -> str:
    row, begin, end = span
    return rows[row][begin:end]
