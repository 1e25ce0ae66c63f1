"""The budget of bodies."""

import asyncio
from typing import Any

import pytest

from openekyc.purse import NAME, SMALL, TURNS, Budget, Full, Purse, owned, turn

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


async def test_strangers_bodies_pass_by_in_turn() -> None:
    budget = Budget(64 << 20)
    scope: dict[str, Any] = {NAME: Purse(budget, "192.0.2.1")}
    for _ in range(TURNS):
        await budget.turns.acquire()
    waiting = asyncio.create_task(_pass_by(scope))
    await asyncio.sleep(0)
    assert not waiting.done()
    budget.turns.release()
    await waiting
    await _pass_by({})


async def _pass_by(scope: dict[str, Any]) -> None:
    async with turn(scope):
        pass


def test_one_key_holds_a_quarter_from_however_many_addresses() -> None:
    budget = Budget(8 * MB)
    scopes: list[dict[str, Any]] = [{NAME: Purse(budget, f"192.0.2.{place}")} for place in range(3)]
    for scope, name in zip(scopes, ("key a", "key a", "key b"), strict=True):
        owned(scope, name)
    scopes[0][NAME].take(2 * MB)
    with pytest.raises(Full):
        scopes[1][NAME].take(MB)
    scopes[1][NAME].take(SMALL)
    scopes[2][NAME].take(2 * MB)
    for scope in scopes:
        scope[NAME].release()
    assert (budget.held, dict(budget.by)) == (0, {})
    owned({}, "key a")
