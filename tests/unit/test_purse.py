"""The budget of bodies."""

import pytest

from openekyc.purse import SMALL, Budget, Full, Purse

MB = 1 << 20


def test_one_address_holds_a_quarter_at_most_and_small_bodies_pass() -> None:
    budget = Budget(8 * MB)
    first = Purse(budget, "a")
    first.take(2 * MB)
    with pytest.raises(Full):
        Purse(budget, "a").take(MB)
    Purse(budget, "a").take(SMALL)
    Purse(budget, "b").take(MB)


def test_an_eighth_is_kept_for_small_bodies() -> None:
    budget = Budget(8 * MB)
    for name in "abcd":
        Purse(budget, name).take(2 * MB - MB // 4)
    with pytest.raises(Full):
        Purse(budget, "e").take(MB // 4)
    Purse(budget, "e").take(SMALL)


def test_what_is_given_back_is_free_and_nothing_stays() -> None:
    budget = Budget(8 * MB)
    purse = Purse(budget, "a")
    purse.take(2 * MB)
    purse.release()
    purse.release()
    assert (budget.held, dict(budget.by)) == (0, {})
