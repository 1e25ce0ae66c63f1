"""The life of a token: attempts, retries, time, and one effect per attempt."""

import asyncio
from dataclasses import replace as with_fields

import pytest
from structlog.testing import capture_logs

from openekyc.engine.values import Trace, Verdict
from openekyc.errors import (
    AttemptClosed,
    AttemptRunning,
    AttemptUnknown,
    NonceWrong,
    RetriesUsedUp,
    SessionBusy,
    SessionFinished,
    TokenExpired,
    TokenUnknown,
)
from openekyc.sessions.challenge import ALIKE_OTHERS, light_step, likeness
from openekyc.sessions.model import AttemptState, SessionState
from openekyc.sessions.ports import DRAWS_KEPT
from tests.session_world import REFUSED, VIDEO, World

PASSED = Verdict("0")
WINDOW = 7200


async def result(world: World, token: str, **changes):
    terms = {"account": "acme", "family": "liveness", "window_s": WINDOW} | changes
    return await world.service.result(token, **terms)


async def test_a_pass_ends_the_session(world):
    token = (await world.issue()).token
    await world.judged(token, PASSED)
    assert (await result(world, token)).code == "0"
    assert (await world.service.progress(token)).state == "pass"
    with pytest.raises(SessionFinished):
        await world.service.begin(token)


async def test_a_refusal_leaves_the_other_attempts(world):
    token = (await world.issue(retry_limit=2)).token
    await world.judged(token, REFUSED)
    progress = await world.service.progress(token)
    assert (progress.state, progress.hint, progress.attempts_left) == ("retry", "follow_prompts", 1)
    await world.judged(token, REFUSED)
    progress = await world.service.progress(token)
    assert (progress.state, progress.hint, progress.attempts_left) == ("fail", "", 0)
    with pytest.raises(RetriesUsedUp):
        await world.service.begin(token)


async def test_an_engine_error_uses_up_an_attempt(world):
    token = (await world.issue(retry_limit=1)).token
    await world.judged(token, Verdict("1001"))
    assert (await world.session(token)).state is SessionState.FAILED
    assert (await result(world, token)).code == "1001"


async def test_the_result_is_not_finished_until_a_verdict_and_again_while_a_retry_runs(world):
    token = (await world.issue()).token
    assert (await result(world, token)).code == "-999"
    await world.judged(token, REFUSED)
    assert (await result(world, token)).code == "1005"
    attempt = await world.begin(token)
    assert (await result(world, token)).code == "-999"
    await world.service.leave(token)
    assert (await result(world, token)).code == "1005"
    assert (await world.stored(attempt)).state is AttemptState.ABANDONED


@pytest.mark.parametrize("changes", [{"account": "other"}, {"family": "faceid"}])
async def test_a_foreign_token_is_unknown(world, changes):
    token = (await world.issue()).token
    with pytest.raises(TokenUnknown):
        await result(world, token, **changes)


@pytest.mark.parametrize(
    "token", ["", "x", "../../etc", "é" * 36, "D2B55F0C-FB5D-4FB6-8765-3E931EBBFC79", "d2b55f0c-fb5d-4fb6-8765-3e931ebbfc79"]
)
async def test_a_malformed_or_unknown_token_is_unknown_everywhere(world, token):
    service = world.service
    for call in (
        result(world, token),
        service.open(token, b"{}"),
        service.begin(token),
        service.progress(token),
        service.leave(token),
        service.touch(token),
        service.received(token, 1, ""),
        service.evidence(token, 1),
    ):
        with pytest.raises(TokenUnknown):
            await call


async def test_the_result_is_gone_after_its_window(world):
    token = (await world.issue()).token
    await world.judged(token, PASSED)
    world.clock.now += WINDOW + 1
    with pytest.raises(TokenExpired):
        await result(world, token)


async def test_one_attempt_lives_at_a_time(world):
    token = (await world.issue()).token
    await world.begin(token)
    with pytest.raises(AttemptRunning):
        await world.service.begin(token)


async def test_simultaneous_beginnings_make_one_attempt(world):
    token = (await world.issue()).token
    ends = await asyncio.gather(*(world.service.begin(token) for _ in range(6)), return_exceptions=True)
    assert [type(end) for end in ends].count(AttemptRunning) == 5
    assert (await world.session(token)).attempts == 1


async def test_the_first_attempt_must_begin_in_time(world):
    token = (await world.issue()).token
    world.clock.now += world.settings.start_window_s
    with pytest.raises(TokenExpired):
        await world.service.begin(token)
    assert (await world.service.progress(token)).state == "expired"


async def test_a_retry_must_begin_in_its_own_time(world):
    token = (await world.issue()).token
    world.clock.now += world.settings.start_window_s - 1
    await world.judged(token, REFUSED)
    world.clock.now += world.settings.retry_window_s - 1
    await world.judged(token, REFUSED)
    world.clock.now += world.settings.retry_window_s
    with pytest.raises(TokenExpired):
        await world.service.begin(token)
    assert (await result(world, token)).code == "1005"


async def test_an_idle_attempt_is_abandoned_and_counts(world):
    token = (await world.issue(retry_limit=1)).token
    attempt = await world.begin(token)
    world.clock.now += world.settings.attempt_idle_s
    with pytest.raises(AttemptClosed):
        await world.put(attempt, VIDEO)
    assert (await world.session(token)).state is SessionState.FAILED


async def test_pings_hold_an_attempt_up_to_its_total_budget(world):
    token = (await world.issue()).token
    attempt = await world.begin(token)
    for _ in range(world.settings.attempt_total_s // 30 - 1):
        world.clock.now += 30
        await world.service.touch(token)
    assert (await world.stored(attempt)).state is AttemptState.CAPTURING
    world.clock.now += 30
    await world.service.touch(token)
    assert (await world.stored(attempt)).state is AttemptState.ABANDONED


async def test_a_ping_is_written_only_now_and_then(world):
    token = (await world.issue()).token
    attempt = await world.begin(token)
    world.clock.now += 1
    await world.service.touch(token)
    assert (await world.stored(attempt)).version == 0


async def test_expire_settles_what_nobody_asks_about(world):
    never_begun, idle = [(await world.issue()).token for _ in range(2)]
    world.clock.now += world.settings.start_window_s - 1
    await world.begin(idle)
    fresh = (await world.issue()).token
    world.clock.now += world.settings.attempt_idle_s + 1
    assert await world.service.expire() == 2
    states = [(await world.session(token)).state for token in (never_begun, idle, fresh)]
    assert states == [SessionState.EXPIRED, SessionState.READY, SessionState.READY]


async def test_leaving_twice_or_without_an_attempt_is_harmless(world):
    token = (await world.issue()).token
    assert (await world.service.leave(token)).attempts_left == 5
    await world.begin(token)
    assert (await world.service.leave(token)).attempts_left == 4
    assert (await world.service.leave(token)).attempts_left == 4


async def test_an_attempt_needs_its_own_nonce(world):
    token = (await world.issue()).token
    first = await world.begin(token)
    await world.service.leave(token)
    second = await world.begin(token)
    for nonce in ("", "é", first[2]):
        with pytest.raises(NonceWrong):
            await world.service.received(token, second[1], nonce)
    with pytest.raises(AttemptUnknown):
        await world.service.received(token, 3, second[2])
    with pytest.raises(AttemptClosed):
        await world.service.received(*first)


async def test_concluding_has_one_effect(world):
    token = (await world.issue()).token
    attempt = await world.begin(token)
    await world.record(attempt)
    ends = await asyncio.gather(world.service.conclude(token, 1, PASSED), world.service.conclude(token, 1, REFUSED))
    assert sorted(ends) == [False, True]
    assert not await world.service.conclude(token, 1, REFUSED)
    assert (await result(world, token)).code == "0"


async def test_concluding_needs_a_submitted_attempt(world):
    token = (await world.issue()).token
    await world.begin(token)
    assert not await world.service.conclude(token, 1, PASSED)
    assert not await world.service.conclude(token, 2, PASSED)


async def test_media_are_what_their_md5_and_size_say(world):
    token = (await world.issue()).token
    jpeg, clip = b"\xff\xd8\xff a face", b"\0\0\0\x20ftypisom a clip"
    await world.judged(token, Verdict("0", best_frame=jpeg, action_video=clip))
    attempt = (await result(world, token)).attempt
    assert attempt
    assert attempt.verdict == Verdict("0")
    for media, data, kind in (
        (attempt.video, VIDEO, "video/webm"),
        (attempt.best_frame, jpeg, "image/jpeg"),
        (attempt.action_video, clip, "video/mp4"),
    ):
        assert await world.service.media(media) == data
        assert (media.size, media.content_type) == (len(data), kind)
        assert len(media.md5) == 32


async def test_the_evidence_is_complete(world):
    token = (await world.issue(level=4, compare=True, reference=b"a picture")).token
    attempt = await world.begin(token)
    await world.service.accept_trace(*attempt, 0, Trace(recorder_started_ms=5.0))
    await world.record(attempt)
    evidence = await world.service.evidence(token, 1)
    stored = await world.stored(attempt)
    assert (evidence.video, evidence.reference, evidence.level) == (VIDEO, b"a picture", 4)
    assert evidence.challenge == stored.challenge
    assert evidence.trace == Trace(recorder_started_ms=5.0, recorded_frames=0)
    assert (evidence.sandbox, evidence.late) == (False, False)


@pytest.mark.parametrize("sandbox", [True, False])
async def test_only_a_sandbox_session_keeps_the_silent_cue_from_denying(world, sandbox):
    token = (await world.issue(sandbox=sandbox)).token
    await world.record(await world.begin(token))
    assert (await world.service.evidence(token, 1)).sandbox is sandbox


@pytest.mark.parametrize(("wait", "late"), [(43.0, False), (44.5, True)])
async def test_an_answer_long_after_the_colours_is_late(world, wait, late):
    token = (await world.issue(level=3)).token
    attempt = await world.begin(token)
    await world.service.disclose_light(*attempt)
    world.clock.now += wait
    await world.record(attempt)
    assert (await world.service.evidence(token, 1)).late is late


async def test_evidence_is_only_for_attempts_that_wait(world):
    token = (await world.issue()).token
    await world.begin(token)
    with pytest.raises(AttemptClosed):
        await world.service.evidence(token, 1)
    with pytest.raises(AttemptUnknown):
        await world.service.evidence(token, 2)


async def test_a_waiting_client_wakes_on_the_verdict(world):
    token = (await world.issue()).token
    await world.record(await world.begin(token))
    waiting = asyncio.create_task(world.service.wait(token, 60))
    await asyncio.sleep(0)
    await world.service.conclude(token, 1, PASSED)
    assert (await asyncio.wait_for(waiting, 5)).state == "pass"


async def test_waiting_ends_without_news_and_is_bounded(world):
    token = (await world.issue()).token
    assert (await world.service.wait(token, 0)).state == "waiting"
    waiting = [asyncio.create_task(world.service.wait(token, 60)) for _ in range(8)]
    await asyncio.sleep(0)
    with pytest.raises(SessionBusy):
        await world.service.wait(token, 0)
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    assert (await world.service.wait(token, 0)).state == "waiting"


async def test_a_store_that_never_lets_a_write_through_ends_in_busy(world):
    class Contended(type(world.store)):
        async def commit(self, change):
            return False

    token = (await world.issue()).token
    store = Contended()
    store._sessions = world.store._sessions
    other = with_fields(world, store=store)
    with pytest.raises(SessionBusy):
        await other.service.begin(token)


async def test_the_colours_of_other_sessions_of_the_account_are_not_repeated(world):
    shown = []
    for _ in range(DRAWS_KEPT + 2):
        session = await world.issue(level=3)
        _, attempt = await world.service.begin(session.token)
        colours = light_step(attempt.challenge).colours
        assert all(likeness(colours, other) <= ALIKE_OTHERS for other in shown[-DRAWS_KEPT:])
        shown.append(colours)
    assert [draw.colours for draw in await world.store.draws(session.account)] == shown[:1:-1]


async def test_a_level_without_light_leaves_no_draw(world):
    session = await world.issue(level=2)
    await world.service.begin(session.token)
    assert list(await world.store.draws(session.account)) == []


async def test_an_ordinary_accounts_first_level_1_token_is_warned_about_once(world):
    with capture_logs() as logs:
        await world.issue(level=1, sandbox=True)
        await world.issue(level=2)
        await world.issue(level=1)
        await world.issue(level=1)
    warned = [line for line in logs if line["event"] == "level_1_stops_carelessness_only"]
    assert [(line["log_level"], line["account"]) for line in warned] == [("warning", "acme")]
