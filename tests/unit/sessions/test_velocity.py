"""Attempts cost an attacker: limits of an account per token, Extra, address and hour, and what is counted about each attempt."""

import asyncio

import pytest
from msgspec.structs import replace

from openekyc.accounts import revised
from openekyc.engine.values import Verdict
from openekyc.errors import TooOften
from openekyc.sessions import velocity
from openekyc.sessions.model import Counts
from openekyc.settings import Settings
from tests.session_world import KEY, REFUSED

HOME, AWAY = "203.0.113.7", "198.51.100.9"


async def limit(world, **values):
    world.accounts.make("acme", 0.0)
    known = await world.accounts.find("acme")
    assert await world.accounts.save(replace(known, settings=revised(known.settings, {name: str(most) for name, most in values.items()})))


async def begin(world, token, address=HOME):
    _, attempt = await world.service.begin(token, address=address)
    return token, attempt.number, attempt.challenge.nonce


async def refused(world, token, address=HOME):
    attempt = await begin(world, token, address)
    await world.record(attempt)
    await world.service.conclude(token, attempt[1], REFUSED)


async def test_nothing_is_limited_unless_it_is_set(world):
    token = (await world.issue(level=2, retry_limit=40, extra="ann")).token
    for _ in range(20):
        await refused(world, token)
    assert not velocity.limited(Settings())
    assert set(velocity.LIMITS) <= set(Settings.__struct_fields__)


async def test_attempts_per_token(world):
    await limit(world, attempts_per_token=2)
    token = (await world.issue(level=2, retry_limit=9)).token
    await world.service.restart(*await begin(world, token), "camera")  # does not count, so not here either
    await refused(world, token)
    await refused(world, token)
    world.__post_init__()  # a restart: what counts is stored
    with pytest.raises(TooOften):
        await begin(world, token)
    assert (await world.session(token)).attempts == 3
    await begin(world, (await world.issue(level=2)).token)


async def test_attempts_per_extra_whatever_the_token_and_the_address(world):
    await limit(world, attempts_per_extra=2)
    tokens = [(await world.issue(level=2, extra="ann")).token for _ in range(3)]
    await refused(world, tokens[0])
    await refused(world, tokens[1], AWAY)
    with pytest.raises(TooOften):
        await begin(world, tokens[2])
    with pytest.raises(TooOften):
        await world.issue(level=2, extra="ann")
    await begin(world, (await world.issue(level=2, extra="ben")).token)
    world.clock.now += 3601
    await begin(world, (await world.issue(level=2, extra="ann")).token)


async def test_attempts_per_address_whatever_the_token(world):
    await limit(world, attempts_per_address=2)
    tokens = [(await world.issue(level=2)).token for _ in range(4)]
    await begin(world, tokens[0], "2001:db8:1:2::1")
    await begin(world, tokens[1], "2001:db8:1:2:ffff::9")
    with pytest.raises(TooOften):
        await begin(world, tokens[2], "2001:db8:1:2::77")
    await begin(world, tokens[3], "2001:db8:1:3::1")
    await begin(world, tokens[2], HOME)


async def test_attempts_of_the_account_within_an_hour_however_many_come_at_once(world):
    await limit(world, attempts_per_hour=3)
    tokens = [(await world.issue(level=2)).token for _ in range(9)]
    ends = await asyncio.gather(*(begin(world, token, f"203.0.113.{i}") for i, token in enumerate(tokens)), return_exceptions=True)
    assert sum(isinstance(end, TooOften) for end in ends) == 6
    other = await world.service.issue(replace(KEY, account="other"), (await world.session(tokens[0])).terms)
    await begin(world, other.token)


@pytest.mark.parametrize("name", ["velocity_tokens", "velocity_failures"])
async def test_tokens_and_failures_of_one_extra_refuse_at_apply(world, name):
    await limit(world, **{name: 2})
    for _ in range(2):
        await refused(world, (await world.issue(level=2, extra="ann")).token)
    with pytest.raises(TooOften):
        await world.issue(level=2, extra="ann")
    await world.issue(level=2, extra="ben")
    await world.issue(level=2)


async def test_a_pass_is_no_failure(world):
    await limit(world, velocity_failures=1)
    await world.judged((await world.issue(level=2, extra="ann")).token, Verdict("0"))
    await begin(world, (await world.issue(level=2, extra="ann")).token)


async def test_addresses_and_devices_of_one_extra(world):
    await limit(world, velocity_addresses=1, velocity_devices=1)
    first, second = [(await world.issue(level=2, extra="ann")).token for _ in range(2)]
    await world.service.open(first, b"phone")
    await world.service.open(second, b"tablet")
    await refused(world, first)
    with pytest.raises(TooOften):
        await begin(world, first, AWAY)
    with pytest.raises(TooOften):
        await begin(world, second)
    await world.service.open(second, b"phone")
    await begin(world, second)


async def test_what_was_counted_is_kept_with_the_attempt(world):
    for address, device in ((HOME, b"phone"), (AWAY, b"tablet")):
        token = (await world.issue(level=2, extra="ann")).token
        await world.service.open(token, device)
        await refused(world, token, address)
    found = (await world.store.attempt(token, 1)).velocity
    assert found == Counts(1, 0, 1, tokens=2, failures=1, addresses=2, devices=2)


async def test_addresses_are_hashed_with_the_days_salt_and_forgotten(world):
    await refused(world, (await world.issue(level=2, extra="ann@example.com")).token)
    kept = repr(world.store._marks)
    assert HOME not in kept
    assert "ann" not in kept
    today = int(world.clock.now // velocity.DAY_S)
    salt = await world.store.salt(today)
    world.clock.now += velocity.KEPT_S + 1
    await world.service.expire()
    assert not world.store._marks
    assert await world.store.salt(today + 1) != salt
    assert await world.store.salt(today) != salt  # gone with its day


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::"),
        ("fe80::1%eth0", "fe80::"),
        ("testclient", "testclient"),
        ("", ""),
    ],
)
def test_whose_address_it_is(address, told):
    assert velocity.whose(address) == told
