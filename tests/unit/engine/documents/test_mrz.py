"""Machine-readable zones: ICAO's own examples, every form round trip, damaged rows, and what repair may and may not do."""

from random import Random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from openekyc.engine.documents import mrz, states
from openekyc.engine.documents.witness import confirmed

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


def test_a_repaired_number_is_not_valid_by_itself() -> None:
    """The number opens the span of the composite digit: both digits weigh it alike and are one witness."""
    zone = mrz.parse((TD3[0], TD3[1].replace("L898902C3", "L8989O2C3")))
    assert zone is not None
    assert (zone.valid, zone.repaired, zone.fields["number"], zone.number_as_read) == (False, True, "L898902C3", "L8989O2C3")


def test_the_print_confirms_a_repaired_number_or_the_one_that_was_read() -> None:
    zone = mrz.parse((TD3[0], TD3[1].replace("L898902C3", "L8989O2C3")))
    assert zone is not None
    agreed = confirmed(zone, ["PASSPORT", "L 898902C3"])
    assert (agreed.valid, agreed.fields["number"], agreed.number_printed) == (True, "L898902C3", True)
    kept = confirmed(zone, ["L8989O2C3"])
    assert (kept.valid, kept.fields["number"]) == (False, "L8989O2C3")
    unseen = confirmed(zone, ["PASSPORT"])
    assert (unseen.valid, unseen.number_printed) == (False, None)


@pytest.mark.parametrize(
    ("printed", "agrees"),
    [
        (["L898902C3"], True),
        (["P UTO L898902C3"], True),
        (["L898902C4"], False),
        (["Passport No.", "M123456C3"], False),
        (["M123456C3"], None),  # another number, such as the booklet's
        (["L8989O2C3"], None),  # look-alikes contradict nothing
        (["1234567890"], None),
        (["NR 98902C3"], None),  # a label and a part of the number are no other number
    ],
)
def test_the_printed_number_is_compared_with_a_valid_zones(printed: list[str], agrees: bool | None) -> None:
    zone = mrz.parse(TD3)
    assert zone is not None
    assert confirmed(zone, printed).number_printed is agrees


def test_random_misread_numbers_are_never_repaired_into_valid_ones() -> None:
    random = Random(9)
    other = {pair[side]: pair[1 - side] for pair in ("0O", "1I", "5S", "8B", "2Z", "6G") for side in (0, 1)}
    for _ in range(400):
        number = random.choice("ABCEGHKLMNPRTX") + "".join(random.choice("0123456789") for _ in range(8))
        spots = [index for index, sign in enumerate(number) if sign in other]
        if len(spots) < 2:
            continue
        hit = random.sample(spots, 2)
        read = "".join(other[sign] if index in hit else sign for index, sign in enumerate(number))
        rows = made("TD3", number, "SAMPLE", "MARIA", "880628", "340108")
        zone = mrz.parse((rows[0], read + rows[1][9:]))
        assert zone is not None
        assert not (zone.valid and zone.repaired)


def test_optional_data_is_repaired_because_only_the_composite_weighs_it() -> None:
    first, second = TD1[0], "7408122F1204159UTOI<28".ljust(29, "<")
    covered = mrz.check_digit(first[5:30] + second[:7] + second[8:15] + second[18:29])
    zone = mrz.parse((first, second.replace("I<28", "1<28") + covered, TD1[2]))
    assert zone is not None
    assert (zone.valid, zone.repaired, zone.fields["optional2"], zone.number_as_read) == (True, True, "I 28", "")


@pytest.mark.parametrize(("code", "right"), [("1<", "I"), ("1D", "ID"), ("I<", "I"), ("C1", "C1")])
def test_the_first_place_of_a_document_code_is_a_letter(code: str, right: str) -> None:
    zone = mrz.parse((code + TD1[0][2:], *TD1[1:]))
    assert zone is not None
    assert zone.fields["code"] == right


def test_a_code_of_no_state_is_read_as_the_one_state_it_looks_like() -> None:
    rows = (TD3[0].replace("P<UTO", "PA0AT"), TD3[1].replace("6UTO7", "60AT7"))
    zone = mrz.parse(rows)
    assert zone is not None
    assert (zone.fields["code"], zone.fields["issuer"], zone.fields["nationality"]) == ("P", "QAT", "QAT")
    assert states.corrected("QQQ") == "QQQ"
    assert states.corrected("D<<") == "D"


def test_three_rows_with_wrong_digits_are_no_two_rows() -> None:
    """A form whose dates hold letters was guessed."""
    rows = ("IDUTO1234567891<<<<<<<<<<<<<<<", "8506150M3101012UTO<<<<<<<<<<<5", "SAMPLE<<PETER<<<<<<<<<<<<<<<<<")
    whole, guessed = mrz.parse(rows), mrz.parse((rows[1] + "<<<<<<", rows[2] + "<<<<<<"))
    assert whole is not None
    assert (whole.form, whole.valid, whole.fields["birth"], whole.fields["surname"]) == ("TD1", False, "850615", "SAMPLE")
    assert mrz.plausible(whole)
    assert guessed is None or not mrz.plausible(guessed)


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
