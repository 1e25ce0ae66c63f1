"""Machine-readable zones: ICAO's own examples, every form round trip, damaged rows, and what repair may and may not do."""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from openekyc.engine.documents import mrz

# The examples of ICAO 9303 parts 4, 5, 6 and 7.
TD3 = ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10")
TD1 = ("I<UTOD231458907<<<<<<<<<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<6", "ERIKSSON<<ANNA<MARIA<<<<<<<<<<")
TD2 = ("I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "D231458907UTO7408122F1204159<<<<<<<6")
MRVA = ("V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L8988901C4XXX4009078F96121096ZE184226B<<<<<<")
MRVB = ("V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "L8988901C4XXX4009078F9612109<<<<<<<<")
EXAMPLES = {"TD1": TD1, "TD2": TD2, "TD3": TD3, "MRVA": MRVA, "MRVB": MRVB}

letters = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=1, max_size=12)
numbers = st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=1, max_size=9)
days = st.dates().map(lambda day: day.strftime("%y%m%d"))


def made(form: str, number: str, surname: str, given_name: str, birth: str, expiry: str, sex: str = "F") -> tuple[str, ...]:
    """A zone as an issuer would print it."""
    digit = mrz.check_digit
    name = f"{surname}<<{given_name}"
    number = number.ljust(9, "<")
    if form == "TD1":
        first = f"I<UTO{number}{digit(number)}".ljust(30, "<")
        second = f"{birth}{digit(birth)}{sex}{expiry}{digit(expiry)}UTO".ljust(29, "<")
        covered = first[5:30] + second[0:7] + second[8:15] + second[18:29]
        return first, second + digit(covered), name.ljust(30, "<")
    width = 36 if form in ("TD2", "MRVB") else 44
    first = f"{'V' if form.startswith('MRV') else 'P' if form == 'TD3' else 'I'}<UTO{name}".ljust(width, "<")
    second = f"{number}{digit(number)}UTO{birth}{digit(birth)}{sex}{expiry}{digit(expiry)}"
    if form.startswith("MRV"):
        return first, second.ljust(width, "<")
    second = second.ljust(42, "<") + "0" if form == "TD3" else second.ljust(35, "<")
    return first, second + digit(second[0:10] + second[13:20] + second[21 : width - 1])


zones = st.builds(made, st.sampled_from(sorted(EXAMPLES)), numbers, letters, letters, days, days)


@pytest.mark.parametrize("form", EXAMPLES)
def test_icaos_examples_are_read(form: str) -> None:
    zone = mrz.parse(EXAMPLES[form])
    assert zone is not None
    assert (zone.form, zone.valid, zone.repaired) == (form, True, False)
    assert (zone.fields["surname"], zone.fields["given"], zone.fields["sex"]) == ("ERIKSSON", "ANNA MARIA", "F")
    assert mrz.held(zone) == 1


@given(zones)
def test_what_an_issuer_prints_is_read(rows: tuple[str, ...]) -> None:
    zone = mrz.parse(rows)
    assert zone is not None
    assert zone.valid
    assert not zone.repaired
    assert zone.lines == rows


@given(zones, st.data())
def test_fillers_lost_or_doubled_come_back(rows: tuple[str, ...], data: st.DataObject) -> None:
    """A miscounted run of fillers at the end of the names and in the middle of the numbers."""
    names = max(range(len(rows)), key=lambda place: rows[place].endswith("<<<"))
    off = data.draw(st.integers(-4, 4))
    tail = len(rows[names]) - len(rows[names].rstrip("<"))
    assume(tail + off >= 1)
    changed = list(rows)
    changed[names] = rows[names].rstrip("<") + "<" * (tail + off)
    zone = mrz.parse(changed)
    assert zone is not None
    assert zone.valid
    assert zone.lines == rows


@given(zones, st.data())
@settings(max_examples=300)
def test_one_wrong_digit_never_passes_unseen(rows: tuple[str, ...], data: st.DataObject) -> None:
    """A date with one other digit is invalid, or was repaired to something that the composite digit vouches for."""
    row = 1
    zone = mrz.parse(rows)
    assert zone is not None
    place = rows[row].index(zone.fields["birth"] + mrz.check_digit(zone.fields["birth"])) + data.draw(st.integers(0, 5))
    other = data.draw(st.sampled_from("0123456789").filter(lambda digit: digit != rows[row][place]))
    changed = mrz.parse([*rows[:row], rows[row][:place] + other + rows[row][place + 1 :], *rows[row + 1 :]])
    assert changed is not None
    assert not changed.valid or changed.repaired
    assert mrz.held(changed) < 1 or changed.repaired


def test_a_confused_sign_is_repaired_when_the_composite_digit_agrees() -> None:
    zone = mrz.parse((TD3[0], TD3[1].replace("L898902C3", "L8989O2C3")))
    assert zone is not None
    assert (zone.valid, zone.repaired, zone.fields["number"]) == (True, True, "L898902C3")


def test_visas_are_never_repaired() -> None:
    zone = mrz.parse((MRVA[0], MRVA[1].replace("L8988", "LB988")))
    assert zone is not None
    assert (zone.valid, zone.repaired) == (False, False)


def test_letters_where_only_digits_stand_are_read_as_digits() -> None:
    zone = mrz.parse((TD3[0], TD3[1].replace("7408122F1204159", "74O8I22F12O4IS9")))
    assert zone is not None
    assert (zone.valid, zone.repaired) == (True, False)


def test_a_number_longer_than_its_field_goes_on_in_the_optional_data() -> None:
    number, rest = "D23145890", "734"
    digit = mrz.check_digit(number + rest)
    first = f"I<UTO{number}<{rest}{digit}".ljust(30, "<")
    second = "7408122F1204159UTO".ljust(29, "<")
    zone = mrz.parse((first, second + mrz.check_digit(first[5:] + second[:7] + second[8:15] + second[18:]), TD1[2]))
    assert zone is not None
    assert zone.valid
    assert zone.fields["number"] == number + rest


def test_what_follows_the_second_double_filler_is_no_name() -> None:
    assert mrz.names("ERIKSSON<<ANNA<MARIA<<<<<<K<<<") == ("ERIKSSON", "ANNA MARIA")
    assert mrz.names("ERIKSSON<<<<<") == ("ERIKSSON", "")


@given(st.lists(st.text(mrz.SYMBOLS, max_size=60), max_size=4))
def test_any_rows_are_survived(rows: list[str]) -> None:
    zone = mrz.parse(rows)
    assert zone is None or len(zone.lines) in (2, 3)
