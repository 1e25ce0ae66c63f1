"""Intervals against known values, and the promise that none is a single point."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openekyc.reports.intervals import DRAWS, poisson_interval, rate_interval, resampled, wilson
from openekyc.reports.match_rates import Draws


def test_wilson_is_the_published_value() -> None:
    assert wilson(0.1, 100) == pytest.approx((0.0552, 0.1744), abs=5e-5)


@pytest.mark.parametrize(
    ("events", "low", "high"), [(0, 0.0, 2.9957), (1, 0.0253, 5.5716), (10, 4.7954, 18.3904)]
)  # tables of the Poisson distribution; for 0 the one-sided 95 % bound
def test_poisson_bounds_are_exact(events: int, low: float, high: float) -> None:
    assert poisson_interval(events, 1.0) == pytest.approx((low, high), abs=1e-3)
    assert poisson_interval(events, 2.0) == pytest.approx((low / 2, high / 2), abs=1e-3)


def test_no_error_among_n_subjects_leaves_about_three_in_n() -> None:
    low, high = rate_interval([False] * 600, [str(i // 2) for i in range(600)])
    assert low == 0.0
    assert high == pytest.approx(3 / 300, rel=0.02)
    assert rate_interval([True] * 100, [str(i) for i in range(100)])[0] == pytest.approx(0.97, abs=0.001)


def test_samples_of_few_subjects_say_less_than_as_many_subjects() -> None:
    errors = [i // 20 == 0 for i in range(200)]  # one of ten people fails every time
    together, apart = rate_interval(errors, [str(i // 20) for i in range(200)]), rate_interval(errors, [str(i) for i in range(200)])
    assert together[1] - together[0] > 2 * (apart[1] - apart[0])


def test_one_subject_says_nearly_nothing() -> None:
    low, high = rate_interval([True] + [False] * 99, ["P1"] * 100)
    assert high - low > 0.7


def test_every_interval_rests_on_two_thousand_draws() -> None:
    asked = []
    resampled(lambda picks: asked.append(len(picks)) or 0.5, ["a", "b", "c"])
    assert len(asked) == len(list(Draws(3))) == DRAWS == 2_000
    first, again = (list(map(list, draws)) for draws in [Draws(5)] * 2)
    assert first == again  # each pass over them draws the same


@given(st.lists(st.tuples(st.booleans(), st.sampled_from("abcdefgh")), max_size=60))
def test_an_interval_holds_the_rate_is_no_point_and_repeats(samples: list[tuple[bool, str]]) -> None:
    errors, subjects = [wrong for wrong, _ in samples], [subject for _, subject in samples]
    low, high = rate_interval(errors, subjects)
    assert 0.0 <= low < high <= 1.0
    assert (low, high) == rate_interval(errors, subjects)
    if errors:
        assert low <= sum(errors) / len(errors) <= high
