"""Recordings seen before: whose fingerprints the engine is shown, for how long, and never an attempt's own."""

import pytest
from msgspec.structs import replace

from openekyc.engine.values import Known, Verdict
from openekyc.errors import AttemptOpen, AttemptUnknown
from openekyc.sessions.model import Terms
from tests.session_world import KEY, REFUSED

DAY = 86_400


def judged(fingerprint: bytes = b"seen") -> Verdict:
    return replace(REFUSED, fingerprint=fingerprint)


async def waiting(world, **terms):
    """A submitted attempt."""
    attempt = await world.begin((await world.issue(**terms)).token)
    await world.record(attempt)
    return attempt


async def known(world, attempt) -> tuple[Known, ...]:
    return (await world.service.evidence(*attempt[:2])).known


async def test_a_judged_recording_is_shown_with_the_accounts_next_evidence(world):
    token, number, _ = await world.judged((await world.issue()).token, judged())
    assert await known(world, await waiting(world)) == (Known(f"{token}/{number}", b"seen"),)


async def test_a_recording_is_remembered_whatever_became_of_it(world):
    for code in ("0", "1001", "1005"):
        await world.judged((await world.issue()).token, Verdict(code, fingerprint=code.encode()))
    assert {one.fingerprint for one in await known(world, await waiting(world))} == {b"0", b"1001", b"1005"}


async def test_the_same_tokens_earlier_attempt_counts_too(world):
    token = (await world.issue(retry_limit=2)).token
    await world.judged(token, judged())
    attempt = await world.begin(token)
    await world.record(attempt)
    assert [one.attempt for one in await known(world, attempt)] == [f"{token}/1"]


async def test_accounts_do_not_see_each_others_recordings(world):
    await world.judged((await world.issue()).token, judged())
    other = await world.service.issue(replace(KEY, account="other"), Terms(family="liveness"))
    attempt = await world.begin(other.token)
    await world.record(attempt)
    assert await known(world, attempt) == ()


async def test_the_engine_gets_the_same_evidence_again_after_a_restart_in_the_middle(world):
    """A recording that is judged twice because the first judge was killed must not recognise itself."""
    attempt = await waiting(world)
    before = await world.service.evidence(*attempt[:2])
    world.__post_init__()
    assert await world.service.evidence(*attempt[:2]) == before
    assert before.known == ()


async def test_of_two_judges_of_one_attempt_one_leaves_its_fingerprint(world):
    attempt = await waiting(world)
    assert [await world.service.conclude(*attempt[:2], judged(data)) for data in (b"first", b"second")] == [True, False]
    assert [one.fingerprint for one in await known(world, await waiting(world))] == [b"first"]


async def test_recordings_are_forgotten_in_time(world):
    await world.judged((await world.issue()).token, judged())
    world.clock.now += 90 * DAY + 1
    attempt = await waiting(world)
    assert await known(world, attempt) == ()
    await world.service.expire()
    assert await world.store.fingerprints("acme", 0.0, 10) == []


async def test_only_the_newest_are_looked_at(world):
    world.set(replay_most=2)
    for data in (b"one", b"two", b"three"):
        await world.judged((await world.issue()).token, judged(data))
        world.clock.now += 1
    assert [one.fingerprint for one in await known(world, await waiting(world))] == [b"three", b"two"]


async def test_zero_days_turn_it_off(world):
    world.set(replay_days=0)
    await world.judged((await world.issue()).token, judged())
    assert await known(world, await waiting(world)) == ()
    assert await world.store.fingerprints("acme", 0.0, 10) == []


async def test_a_verdict_without_fingerprint_leaves_none(world):
    await world.judged((await world.issue()).token, REFUSED)
    assert await world.store.fingerprints("acme", 0.0, 10) == []


async def test_the_record_is_kept_beside_the_best_frame(world):
    attempt = await world.judged((await world.issue()).token, replace(REFUSED, record=b'{"format": 1}'))
    stored = await world.stored(attempt)
    assert stored.record
    assert stored.record.content_type == "application/json"
    assert await world.service.media(stored.record) == b'{"format": 1}'
    assert stored.verdict
    assert stored.verdict.record is None


async def test_the_evidence_can_be_had_again_after_the_verdict(world):
    await world.judged((await world.issue()).token, judged(b"older"))
    world.clock.now += 1
    attempt = await waiting(world)
    first = await world.service.evidence(*attempt[:2])
    await world.service.conclude(*attempt[:2], judged(b"own"))
    world.clock.now += 1
    await world.judged((await world.issue()).token, judged(b"later"))
    assert await world.service.evidence_again(*attempt[:2]) == first


async def test_there_is_nothing_to_judge_again_before_a_verdict(world):
    attempt = await waiting(world)
    with pytest.raises(AttemptOpen):
        await world.service.evidence_again(*attempt[:2])
    with pytest.raises(AttemptUnknown):
        await world.service.evidence_again(attempt[0], 2)
