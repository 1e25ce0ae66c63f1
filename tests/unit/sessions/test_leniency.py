"""What a person may decide or suffer without losing an attempt: no light, another gesture, technical restarts; how long a try may take, and
how a visit ends."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openekyc.engine.values import GESTURES, GestureStep, LightStep, Verdict
from openekyc.errors import (
    AttemptClosed,
    AttemptRunning,
    AttemptTimedOut,
    GesturesRequired,
    LightRequired,
    NonceWrong,
    RetriesUsedUp,
)
from openekyc.sessions import policy
from openekyc.sessions.challenge import draw
from openekyc.sessions.model import AttemptState, Page, SessionState, Terms
from openekyc.settings import Settings
from tests.session_world import REFUSED, VIDEO, World


def lenient(**more):
    return Page(no_light=True, **more)


def gestures(challenge):
    return [step.gesture for step in challenge.steps if isinstance(step, GestureStep)]


@pytest.mark.parametrize(("asked", "own"), [(1, 1), (2, 2), (3, 2), (4, 2)])
async def test_without_light_an_attempt_is_judged_by_gestures(world, asked, own):
    token = (await world.issue(level=asked, page=lenient())).token
    _, attempt = await world.service.begin(token, light=False)
    assert attempt.level == own
    assert not any(isinstance(step, LightStep) for step in attempt.challenge.steps)
    await world.record((token, 1, attempt.challenge.nonce))
    evidence = await world.service.evidence(token, 1)
    assert (evidence.level, evidence.late) == (own, False)


async def test_light_is_declined_only_where_the_terms_or_the_operator_allow_it(world):
    token = (await world.issue(level=4)).token
    with pytest.raises(LightRequired):
        await world.service.begin(token, light=False)
    world.set(capture_no_light=True)
    assert (await world.service.begin(token, light=False))[1].level == 2
    strict = (await world.issue(level=4, page=Page(no_light=False))).token
    with pytest.raises(LightRequired):
        await world.service.begin(strict, light=False)


ORDERS = st.lists(st.sampled_from(GESTURES), min_size=1, max_size=3).map(tuple)  # repeats too, whatever an earlier version stored


@given(
    level=st.sampled_from([3, 4]),
    gestures_asked=ORDERS,
    named=st.booleans(),
    drawn=st.integers(0, 4),
    unable=st.sets(st.sampled_from(GESTURES), max_size=2).map(tuple),
)
def test_a_declined_light_always_asks_for_two_different_gestures(level, gestures_asked, named, drawn, unable):
    terms = Terms("web", level, gestures_asked, named, page=lenient())
    settings = Settings(drawn_gestures=drawn)
    own = policy.level(terms, settings, (), light=False)
    policy.check_unable(unable, terms, own, settings)
    made = gestures(draw(own, terms.gestures, "n", drawn_gestures=policy.drawn_gestures(terms, own, settings), unable=unable))
    assert own == 2
    assert len(set(made)) >= 2
    assert not set(made) & set(unable)


@pytest.mark.parametrize(
    ("named", "drawn", "steps"), [(False, 0, 1), (False, 1, 2), (False, 2, 3), (True, 0, 1), (True, 1, 1), (True, 4, 1)]
)
@pytest.mark.parametrize("level", [2, 4])
async def test_gestures_are_drawn_only_beside_the_blink_nobody_named(world, level, named, drawn, steps):
    world.set(drawn_gestures=drawn)
    token = (await world.issue(level=level, gestures_named=named)).token
    assert len(gestures((await world.service.begin(token))[1].challenge)) == steps


async def test_levels_without_gestures_get_none_drawn(world):
    for level in (1, 3):
        token = (await world.issue(level=level)).token
        assert not gestures((await world.service.begin(token))[1].challenge)


@pytest.mark.parametrize(("level", "light"), [(2, True), (3, False), (4, False)])
async def test_naming_all_but_the_blink_does_not_bring_the_bare_blink_back(world, level, light):
    token = (await world.issue(level=level, page=lenient())).token
    with pytest.raises(GesturesRequired):
        await world.service.begin(token, light=light, unable=("mouth", "nod", "shake"))
    _, attempt = await world.service.begin(token, light=light, unable=("nod", "shake"))
    assert set(gestures(attempt.challenge)) == {"blink", "mouth"}


async def test_light_is_declined_three_times_at_most_and_then_asked_for(world):
    token = (await world.issue(level=3, page=lenient(), retry_limit=99)).token
    await world.judged(token, REFUSED)  # with light: not one of the three
    for left in (3, 2, 1):
        assert await world.service.downgrades_left(await world.session(token)) == left
        _, attempt = await world.service.begin(token, light=False)
        await world.record((token, attempt.number, attempt.challenge.nonce))
        await world.service.conclude(token, attempt.number, REFUSED)
    world.__post_init__()  # a restart of the server: nothing is counted in memory
    for _ in range(2):
        with pytest.raises(RetriesUsedUp):
            await world.service.begin(token, light=False)
    assert (await world.service.begin(token))[1].level == 3


async def test_two_who_decline_at_once_get_one_attempt(world):
    token = (await world.issue(level=3, page=lenient())).token
    ends = await asyncio.gather(*(world.service.begin(token, light=False) for _ in range(8)), return_exceptions=True)
    assert sum(isinstance(end, AttemptRunning) for end in ends) == 7
    assert (await world.session(token)).attempts == 1


async def test_a_technical_break_without_light_is_limited_by_the_restarts_alone(world):
    world.set(capture_restarts=1)
    token = (await world.issue(level=4, page=lenient(), retry_limit=9)).token
    for _ in range(4):
        _, attempt = await world.service.begin(token, light=False)
        await world.service.restart(token, attempt.number, attempt.challenge.nonce, "camera")
    with pytest.raises(RetriesUsedUp):
        await world.service.begin(token, light=False)


async def test_a_declined_light_does_not_bind_the_next_attempt(world):
    token = (await world.issue(level=4, page=lenient())).token
    await world.service.begin(token, light=False)
    await world.service.leave(token)
    assert (await world.service.begin(token))[1].level == 4


async def test_another_gesture_is_drawn_and_the_exchange_is_kept(world):
    token = (await world.issue(level=2, gestures=("blink", "nod"), gestures_named=True)).token
    _, attempt = await world.service.begin(token, unable=("nod",))
    assert gestures(attempt.challenge)[0] == "blink"
    assert gestures(attempt.challenge)[1] in ("mouth", "shake")
    assert (await world.stored((token, 1, ""))).unable == ("nod",)


async def test_gestures_are_not_exchanged_against_policy_or_away_altogether(world):
    token = (await world.issue(level=4)).token
    with pytest.raises(GesturesRequired):
        await world.service.begin(token, unable=GESTURES)
    world.set(capture_other_gesture=False)
    with pytest.raises(GesturesRequired):
        await world.service.begin(token, unable=("blink",))
    assert (await world.session(token)).attempts == 0


@pytest.mark.parametrize("drawn", [0, 3])
@pytest.mark.parametrize("unable", [("blink",), ("blink", "nod"), ("blink", "mouth", "nod"), ("shake",)])
def test_what_cannot_be_done_is_never_asked_for(unable, drawn):
    for _ in range(50):
        asked = gestures(draw(2, ("blink", "nod"), "n", drawn_gestures=drawn, unable=unable))
        assert asked
        assert not set(asked) & set(unable)


async def test_a_few_restarts_do_not_count_and_further_ones_do(world):
    world.set(capture_restarts=2)
    token = (await world.issue(retry_limit=2)).token
    for _ in range(2):
        attempt = await world.begin(token)
        left = await world.service.restart(*attempt, "page_hidden")
        assert (left.state, left.hint, left.attempts_left) == ("retry", "try_again", 2)
        stored = await world.stored(attempt)
        assert (stored.state, stored.counts, stored.given_up) == (AttemptState.ABANDONED, False, "page_hidden")
    attempt = await world.begin(token)
    assert (await world.service.restart(*attempt, "camera")).attempts_left == 1
    assert (await world.stored(attempt)).counts
    attempt = await world.begin(token)
    assert (await world.service.restart(*attempt, "camera")).state == "fail"


async def test_asking_for_a_restart_again_changes_nothing(world):
    token = (await world.issue()).token
    attempt = await world.begin(token)
    await world.service.restart(*attempt, "camera")
    await world.service.restart(*attempt, "camera")
    assert (await world.session(token)).restarts == 1
    await world.begin(token)
    await world.service.restart(*attempt, "camera")
    assert (await world.session(token)).state is SessionState.CAPTURING


async def test_only_whoever_captures_may_restart_and_only_while_capturing(world):
    token = (await world.issue(level=2)).token
    attempt = await world.begin(token)
    with pytest.raises(NonceWrong):
        await world.service.restart(token, 1, "other", "camera")
    await world.record(attempt)
    with pytest.raises(AttemptClosed):
        await world.service.restart(*attempt, "camera")


async def test_a_connection_lost_in_the_light_does_not_count(world):
    token = (await world.issue(level=3, retry_limit=1)).token
    attempt = await world.begin(token)
    await world.service.disclose_light(*attempt)
    world.clock.now += world.settings.attempt_idle_s
    assert (await world.service.progress(token)).attempts_left == 1
    assert (await world.stored(attempt)).given_up == "connection"


async def test_colours_held_back_for_the_whole_budget_count(world):
    token = (await world.issue(level=3, retry_limit=1)).token
    attempt = await world.begin(token)
    await world.service.disclose_light(*attempt)
    for _ in range(world.settings.attempt_total_s // 30):
        world.clock.now += 30
        await world.service.touch(token)
    assert (await world.session(token)).state is SessionState.FAILED
    assert (await world.session(token)).ended == "timed_out"


TRY = 45  # LivenessTimeout


async def timed(world, session_s=TRY, **terms):
    return (await world.issue(level=2, page=Page(session_s=session_s), **terms)).token


async def test_a_try_that_takes_too_long_times_out_however_lively_its_client_is(world):
    token = await timed(world, retry_limit=2)
    attempt = await world.begin(token)
    world.clock.now += TRY
    await world.put(attempt, VIDEO)
    world.clock.now += world.settings.capture_upload_s - 1
    await world.service.received(*attempt)
    world.clock.now += 1
    with pytest.raises(AttemptTimedOut):
        await world.service.submit(*attempt, len(VIDEO), "0" * 64)
    assert ((await world.session(token)).ended, (await world.stored(attempt)).given_up) == ("timed_out", "timed_out")
    assert (await world.service.progress(token)).attempts_left == 1
    await world.judged(token, Verdict("0"))
    assert ((await world.session(token)).state, (await world.session(token)).ended) == (SessionState.PASSED, "")


@pytest.mark.parametrize(("waited_s", "left_s"), [(0.0, TRY), (-5.0, TRY), (20.0, TRY - 20), (1e9, 0)])
async def test_the_time_runs_from_the_cameras_start_as_the_client_tells_it(world, waited_s, left_s):
    token = await timed(world)
    _, attempt = await world.service.begin(token, waited_s=waited_s)
    assert attempt.try_until == world.clock.now + left_s


async def test_without_a_limit_only_the_attempts_own_budget_holds(world):
    token = await timed(world, session_s=0)
    attempt = await world.begin(token)
    for _ in range(world.settings.attempt_total_s // 30 - 1):
        world.clock.now += 30
        await world.service.touch(token)
    await world.record(attempt)
    assert (await world.stored(attempt)).try_until is None


async def test_a_technical_break_does_not_stop_the_clock(world):
    token = await timed(world)
    first = await world.begin(token)
    until = (await world.stored(first)).try_until
    world.clock.now += 30
    await world.service.restart(*first, "page_hidden")
    second = await world.begin(token)
    assert (await world.stored(second)).try_until == until
    world.clock.now += until + world.settings.capture_upload_s - world.clock.now
    with pytest.raises(AttemptTimedOut):
        await world.put(second, VIDEO)
    third = await world.begin(token)
    assert (await world.stored(third)).try_until == world.clock.now + TRY


async def test_who_does_not_come_back_from_a_break_timed_out_and_may_still_come(world):
    token = await timed(world)
    await world.service.restart(*await world.begin(token), "page_hidden")
    world.clock.now += TRY
    assert (await world.service.progress(token)).state == "retry"
    assert (await world.session(token)).ended == "timed_out"
    again = await world.begin(token)
    assert ((await world.session(token)).ended, (await world.stored(again)).try_until) == ("", world.clock.now + TRY)
    await world.service.restart(*again, "page_hidden")
    world.clock.now += world.settings.start_window_s
    assert (await world.service.progress(token)).state == "expired"
    assert (await world.session(token)).ended == "timed_out"


async def test_each_retry_has_the_whole_time(world):
    token = await timed(world)
    await world.judged(token, REFUSED)
    world.clock.now += 100
    assert (await world.stored(await world.begin(token))).try_until == world.clock.now + TRY


@pytest.mark.parametrize("why", ["left", "timed_out"])
async def test_a_visit_that_ends_is_noted_and_may_be_taken_up_again(world, why):
    token = (await world.issue(retry_limit=2)).token
    assert (await world.service.end(token, why)).state == "waiting"
    assert (await world.session(token)).ended == why
    attempt = await world.begin(token)
    assert (await world.session(token)).ended == ""
    assert (await world.service.end(token, why)).attempts_left == 1
    assert ((await world.session(token)).ended, (await world.stored(attempt)).state) == (why, AttemptState.ABANDONED)
    await world.judged(token, Verdict("0"))
    assert (await world.session(token)).ended == ""


async def test_leaving_after_the_recording_is_in_does_not_outweigh_its_verdict(world):
    token = (await world.issue(level=2)).token
    await world.record(await world.begin(token))
    assert (await world.service.end(token, "left")).state == "waiting"
    await world.service.conclude(token, 1, REFUSED)
    assert (await world.session(token)).ended == ""


async def test_a_silent_attempt_ran_out_of_time(world: World):
    token = (await world.issue(level=2)).token
    attempt = await world.begin(token)
    await world.put(attempt, VIDEO)
    world.clock.now += world.settings.attempt_idle_s
    await world.service.progress(token)
    assert (await world.session(token)).ended == "timed_out"
