from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openekyc.engine.documents import dates

TODAY = date(2026, 1, 1)
MODERN = st.dates(date(1930, 1, 1), date(2079, 12, 31))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("01-02-1968", date(1968, 2, 1)),
        ("1996/06/20", date(1996, 6, 20)),
        ("2018.10.09-2028.10.08", date(2018, 10, 9)),
        ("05/10/2023 - 05/10/2028", date(2023, 10, 5)),
        ("14 Dec. 1966", date(1966, 12, 14)),
        ("July 7,1980", date(1980, 7, 7)),
        ("March 13, 1985", date(1985, 3, 13)),
        ("1987年1月11日", date(1987, 1, 11)),
        ("民國 57 年 6 月 5 日", date(1968, 6, 5)),
        ("昭和61年 5月 1日生", date(1986, 5, 1)),
        ("平成元年3月31日生", date(1989, 3, 31)),
        ("2024年(令和06年)06月01日まで有効", date(2024, 6, 1)),
        ("3 มี.ค. 2528", date(1985, 3, 3)),
        ("9 ธันวาคม 2559", date(2016, 12, 9)),
        ("\uff11\uff19\uff19\uff10\uff0d\uff10\uff11\uff0d\uff10\uff12", date(1990, 1, 2)),
    ],
)
def test_every_way_cards_write_a_day(text, expected):
    assert dates.parse(text) == expected


@pytest.mark.parametrize("text", ["", "31-02-1990", "民國 57 年 13 月 5 日", "no date", "0123456789", "3 xx 2528"])
def test_what_is_no_day_is_none(text):
    assert dates.parse(text) is None


@given(MODERN)
def test_numbers_words_and_eras_agree(day):
    thai = f"{day.day} {dates._THAI_LONG[day.month - 1]} {day.year + 543}"
    roc = f"民國{day.year - 1911}年{day.month}月{day.day}日"
    for text in (day.isoformat(), day.strftime("%d-%m-%Y"), day.strftime("%Y/%m/%d"), day.strftime("%d %b %Y"), thai, roc):
        assert dates.parse(text) == day


@given(st.dates(date(1927, 1, 1), TODAY))
def test_a_birth_in_a_zone_lies_in_the_past(day):
    found = dates.from_zone(day.strftime("%y%m%d"), born=True, today=TODAY)
    assert found is not None
    assert found <= TODAY
    assert found.strftime("%y%m%d") == day.strftime("%y%m%d")


def test_no_expiry_in_a_zone_is_more_than_twenty_years_ahead():
    assert dates.from_zone("460101", born=False, today=TODAY) == date(2046, 1, 1)
    assert dates.from_zone("960101", born=False, today=TODAY) == date(1996, 1, 1)
    assert dates.from_zone("960101", born=False, today=TODAY, printed={date(2096, 1, 1)}) == date(2096, 1, 1)
    assert dates.from_zone("50010", born=False, today=TODAY) is None


def test_short_years_are_of_the_age_of_chips():
    assert dates.short("15-09-03") == date(2003, 9, 15)
    assert dates.short("15-09-83") == date(1983, 9, 15)
    assert dates.short("99-99-99") is None


def test_two_ways_of_writing_one_day_are_the_same():
    assert dates.same_day("3 Mar. 1985", "3 มี.ค. 2528") is True
    assert dates.same_day("3 Mar. 1985", "4 มี.ค. 2528") is False
    assert dates.same_day("", "4 มี.ค. 2528") is None


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("00-00-1955", "1955"), ("00-07-1955", "1955-07"), ("1955", "1955"), ("2498", "2498"), ("Jun. 1955", "1955-06"),
        ("03-07-1955", ""), ("31-02-1955", ""), ("00-13-1955", ""), ("LIFELONG", ""), ("12-1955", ""),
    ],
)  # fmt: skip
def test_what_is_known_of_a_date_in_part(text, known):
    assert dates.known(text) == known
