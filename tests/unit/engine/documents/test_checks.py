import pytest
from hypothesis import given
from hypothesis import strategies as st

from openekyc.engine.documents import checks
from openekyc.engine.documents.values import FORMAT_WARNING, MISMATCH_WARNING

DIGITS = st.text("0123456789", min_size=17, max_size=17)


@pytest.mark.parametrize(
    ("rule", "number"),
    [
        (checks.hkid, "A123456(3)"),
        (checks.hkid, "G123456(A)"),
        (checks.hkid, "AB987654(3)"),
        (checks.nric, "S1234567D"),
        (checks.taiwan, "A123456789"),
        (checks.mainland, "11010519491231002X"),
        (checks.macao, "1234567(8)"),
    ],
)
def test_known_numbers_hold(rule, number):
    assert rule(number)


@pytest.mark.parametrize(
    ("rule", "number"),
    [
        (checks.hkid, "C668668(E)"),  # a public specimen, wrong on purpose
        (checks.hkid, ""),
        (checks.taiwan, "A234567890"),
        (checks.mainland, "11010519491331002X"),  # the 13th month
        (checks.nric, "A1234567D"),
        (checks.macao, "2234567(8)"),
    ],
)
def test_broken_numbers_do_not(rule, number):
    assert not rule(number)


@given(DIGITS)
def test_a_changed_digit_breaks_a_mainland_check(body):
    for place in range(17):
        changed = body[:place] + str((int(body[place]) + 1) % 10) + body[place + 1 :]
        assert checks.mainland_digit(changed) != checks.mainland_digit(body)


@given(st.text("0123456789", min_size=6, max_size=6), st.sampled_from(["A", "Z", "WX"]))
def test_a_changed_digit_breaks_a_hong_kong_check(body, prefix):
    digit = checks.hkid_digit(prefix + body)
    assert checks.hkid(f"{prefix}{body}({digit})")
    for place in range(6):
        changed = body[:place] + str((int(body[place]) + 1) % 10) + body[place + 1 :]
        assert checks.hkid_digit(prefix + changed) != digit


@given(st.text("0123456789", min_size=12, max_size=12))
def test_the_thai_digit_makes_a_number_valid(body):
    assert checks.thai(body + checks.thai_digit(body))
    spaced = f"{body[0]} {body[1:5]} {body[5:10]} {body[10:]} {checks.thai_digit(body)}"
    assert checks.thai(spaced)


@given(st.text("0123456789", min_size=7, max_size=7), st.sampled_from("STFGM"))
def test_the_singapore_letter_makes_a_number_valid(digits, prefix):
    assert checks.nric(prefix + digits + checks.nric_letter(prefix + digits))


def test_an_indonesian_womans_day_is_forty_more():
    assert checks.ktp_birth("3171235108900001") == (11, 8, 90)
    assert checks.ktp_female("3171235108900001") is True
    assert checks.ktp_birth("3171231108900001") == (11, 8, 90)
    assert checks.ktp_birth("317") is None


def test_nothing_to_compare_is_no_fault():
    assert checks.verdict([None, True], [None]) == ()
    assert checks.verdict([False], [True]) == (FORMAT_WARNING,)
    assert checks.verdict([True], [False, None]) == (MISMATCH_WARNING,)
    assert checks.verdict([False], [False]) == (FORMAT_WARNING, MISMATCH_WARNING)
    assert checks.form({}, "LicenseNumber", r"\d+") is None


@pytest.mark.parametrize("word", ["F", "女", "PEREMPUAN", "female"])
def test_words_for_a_woman(word):
    assert checks.is_female(word) is True
    assert checks.agree_sex({"Sex": word}, "Sex", False) is False


@pytest.mark.parametrize("value", ["00-00-1955", "1955", "LIFELONG", "SEUMUR HIDUP", "3 Mar. 1985"])
def test_open_and_partly_unknown_dates_are_no_fault(value):
    assert checks.is_date({"Birthday": value}, "Birthday") is True
    assert checks.is_date({"Birthday": "31-02-1955"}, "Birthday") is False
