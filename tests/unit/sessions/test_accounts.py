"""What an account has of its own decides about its sessions: at the issue of the token, as an attempt begins, or as it is judged."""

import pytest
from msgspec.structs import replace

from openekyc.accounts import revised
from openekyc.engine.values import GestureStep
from openekyc.errors import GesturesRequired, LightRequired
from openekyc.sessions.model import Terms
from tests.session_world import KEY


async def has_own(world, **values):
    world.accounts.make("acme", 0.0)
    known = await world.accounts.find("acme")
    assert await world.accounts.save(replace(known, settings=revised(known.settings, values)))


async def issue_for(world, account, level=4):
    return (await world.service.issue(replace(KEY, account=account), Terms("liveness", level=level))).token


async def test_light_may_be_declined_where_the_sessions_account_allows_it(world):
    await has_own(world, capture_no_light="true")
    assert (await world.service.begin(await issue_for(world, "acme"), light=False))[1].level == 2
    with pytest.raises(LightRequired):
        await world.service.begin(await issue_for(world, "other"), light=False)


async def test_gestures_are_exchanged_and_drawn_by_the_account(world):
    await has_own(world, capture_other_gesture="false", drawn_gestures="2")
    token, other = await issue_for(world, "acme", 2), await issue_for(world, "other", 2)
    with pytest.raises(GesturesRequired):
        await world.service.begin(token, unable=("blink",))
    await world.service.begin(other, unable=("blink",))
    counts = [
        sum(isinstance(step, GestureStep) for step in (await world.store.attempt(one, 1)).challenge.steps)
        for one in ((await world.begin(token))[0], other)
    ]
    assert counts == [3, 2]


async def test_a_change_takes_effect_with_the_next_attempt(world):
    token = await issue_for(world, "acme", 1)
    _, first, _ = await world.begin(token)
    await has_own(world, capture_session_s="20")
    assert (await world.store.attempt(token, first)).try_until == world.clock.now + 180
    await world.service.leave(token)
    _, second, _ = await world.begin(token)
    assert (await world.store.attempt(token, second)).try_until == world.clock.now + 20


async def test_an_attempt_is_judged_by_the_similarity_that_holds_then(world):
    tokens = [await issue_for(world, account, 1) for account in ("acme", "other")]
    for token in tokens:
        await world.record(await world.begin(token))
    await has_own(world, pass_similarity="91.5")
    assert [(await world.service.evidence(token, 1)).pass_similarity for token in tokens] == [91.5, 70.0]
