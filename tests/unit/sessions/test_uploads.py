"""Slices and trace batches: contiguous, acknowledged again when repeated, never overwritten, bounded; submission exactly once."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openekyc.engine.values import ColourMark, FrameSample, Ping, StepMark, Trace
from openekyc.errors import (
    AttemptClosed,
    LightNotPlanned,
    OffsetWrong,
    RecordingIncomplete,
    RecordingTooLarge,
    SliceConflict,
    SliceDamaged,
    TraceInvalid,
    TraceTooLarge,
)
from openekyc.sessions import places
from openekyc.sessions.trace import encode, join
from tests.session_world import VIDEO, World, sha


@pytest.fixture
async def attempt(world: World) -> tuple[str, int, str]:
    return await world.begin((await world.issue(level=2)).token)


async def test_slices_join_in_order(world, attempt):
    assert await world.put(attempt, b"one") == 3
    assert await world.put(attempt, b"two", 3) == 6
    await world.service.submit(*attempt, 6, sha(b"onetwo"))
    video = (await world.stored(attempt)).video
    assert video
    assert await world.service.media(video) == b"onetwo"


async def test_a_repeated_slice_is_acknowledged_again(world, attempt):
    await world.put(attempt, b"one")
    await world.put(attempt, b"two", 3)
    assert await world.put(attempt, b"one") == 6
    assert (await world.stored(attempt)).slices == 2


@pytest.mark.parametrize("data", [b"eno", b"ones"])
async def test_other_bytes_at_an_accepted_offset_conflict(world, attempt, data):
    await world.put(attempt, b"one")
    with pytest.raises(SliceConflict):
        await world.put(attempt, data)


@pytest.mark.parametrize("offset", [1, 4, 10**12])
async def test_a_gap_or_an_overlap_names_where_to_go_on(world, attempt, offset):
    await world.put(attempt, b"one")
    with pytest.raises(OffsetWrong) as caught:
        await world.put(attempt, b"two", offset)
    assert caught.value.received == 3


async def test_a_damaged_or_empty_slice_is_refused(world, attempt):
    with pytest.raises(SliceDamaged):
        await world.service.accept_slice(*attempt, 0, b"one", sha(b"two"))
    with pytest.raises(SliceDamaged):
        await world.put(attempt, b"")


async def test_bytes_and_slices_are_bounded(world, attempt):
    world.set(recording_max_bytes=4)
    await world.put(attempt, b"one")
    with pytest.raises(RecordingTooLarge):
        await world.put(attempt, b"tw", 3)
    world.set(recording_max_slices=1, recording_max_bytes=100)
    with pytest.raises(RecordingTooLarge):
        await world.put(attempt, b"t", 3)


async def test_simultaneous_twins_store_one_slice(world, attempt):
    assert await asyncio.gather(*(world.put(attempt, b"one") for _ in range(5))) == [3] * 5
    assert (await world.stored(attempt)).slices == 1


async def test_simultaneous_rivals_keep_the_bytes_that_were_acknowledged(world, attempt):
    ends = await asyncio.gather(world.put(attempt, b"one"), world.put(attempt, b"two"), return_exceptions=True)
    assert sorted(map(str, ends)) == ["3", str(SliceConflict())]
    kept = b"one" if ends[0] == 3 else b"two"
    await world.service.submit(*attempt, 3, sha(kept))
    video = (await world.stored(attempt)).video
    assert video
    assert await world.service.media(video) == kept


async def test_the_bytes_lie_before_the_row_names_them(world, attempt):
    commit, seen = world.store.commit, []

    async def watched(change):
        if change.slice:
            seen.append(await world.blobs.get(places.piece(change.slice)))
        return await commit(change)

    world.store.commit = watched
    await world.put(attempt, b"one")
    assert seen == [b"one"]


async def test_submitting_again_answers_again_and_judges_once(world, attempt):
    await world.put(attempt, VIDEO)
    ends = await asyncio.gather(*(world.service.submit(*attempt, len(VIDEO), sha(VIDEO)) for _ in range(3)))
    assert {end.state for end in ends} == {"waiting"}
    assert world.dispatcher.waiting == [attempt[:2]]
    assert (await world.service.submit(*attempt, len(VIDEO), sha(VIDEO))).state == "waiting"
    with pytest.raises(AttemptClosed):
        await world.service.submit(*attempt, 3, sha(b"two"))


@pytest.mark.parametrize(("size", "digest"), [(len(VIDEO) - 1, sha(VIDEO)), (len(VIDEO), sha(b"other"))])
async def test_a_recording_that_is_not_as_announced_is_incomplete(world, attempt, size, digest):
    await world.put(attempt, VIDEO)
    with pytest.raises(RecordingIncomplete):
        await world.service.submit(*attempt, size, digest)
    await world.service.submit(*attempt, len(VIDEO), sha(VIDEO))


async def test_pieces_are_dropped_once_joined_or_abandoned(world, attempt):
    await world.put(attempt, VIDEO)
    pieces = list(await world.store.slices(*attempt[:2]))
    await world.service.leave(attempt[0])
    with pytest.raises(KeyError):
        await world.blobs.get(places.piece(pieces[0]))


async def test_nothing_is_taken_after_submission(world, attempt):
    await world.put(attempt, VIDEO)
    await world.service.submit(*attempt, len(VIDEO), sha(VIDEO))
    with pytest.raises(AttemptClosed):
        await world.put(attempt, b"more", len(VIDEO))
    with pytest.raises(AttemptClosed):
        await world.service.accept_trace(*attempt, 0, Trace())


async def test_colours_are_told_again_and_their_first_moment_counts(world):
    attempt = await world.begin((await world.issue(level=3)).token)
    first, moment = await world.service.disclose_light(*attempt), world.clock.now
    world.clock.now += 5
    assert await world.service.disclose_light(*attempt) == first
    assert (await world.stored(attempt)).light_disclosed_at == moment


async def test_colours_cannot_be_had_or_skipped_against_the_plan(world, attempt):
    with pytest.raises(LightNotPlanned):
        await world.service.disclose_light(*attempt)
    lit = await world.begin((await world.issue(level=3)).token)
    await world.put(lit, VIDEO)
    with pytest.raises(RecordingIncomplete):
        await world.service.submit(*lit, len(VIDEO), sha(VIDEO))


async def test_trace_batches_come_in_order_and_may_repeat(world, attempt):
    first, second = Trace(recorder_started_ms=1.0), Trace(pings=(Ping(1.0, 2.0, 3.0),))
    assert await world.service.accept_trace(*attempt, 0, first) == 1
    assert await world.service.accept_trace(*attempt, 1, second) == 2
    assert await world.service.accept_trace(*attempt, 0, first) == 2
    with pytest.raises(TraceInvalid):
        await world.service.accept_trace(*attempt, 0, second)
    with pytest.raises(TraceInvalid):
        await world.service.accept_trace(*attempt, 3, second)


async def test_a_trace_is_bounded(world, attempt):
    world.set(trace_max_batches=1)
    await world.service.accept_trace(*attempt, 0, Trace())
    with pytest.raises(TraceTooLarge):
        await world.service.accept_trace(*attempt, 1, Trace())
    world.set(trace_max_batches=9, trace_max_bytes=50)
    with pytest.raises(TraceTooLarge):
        await world.service.accept_trace(*attempt, 1, Trace(pings=(Ping(1.0, 2.0, 3.0),)))


@pytest.mark.parametrize(
    "trace",
    [
        Trace(frames=(FrameSample(1e14, (0.0, 0.0, 0.0)),)),
        Trace(frames=(FrameSample(float("nan"), (0.0, 0.0, 0.0)),)),
        Trace(frames=(FrameSample(1.0, (0.0, 0.0, 0.0), signs=dict.fromkeys(map(str, range(40)), 0.0)),)),
        Trace(frames=(FrameSample(1.0, (0.0, 0.0, 0.0), signs={"x" * 40: 0.0}),)),
        Trace(steps=(StepMark(-1, 0.0, 0.0),)),
        Trace(colours=(ColourMark(10**9, 0.0, 0.0),)),
        Trace(recorder_started_ms=float("inf")),
    ],
)
async def test_impossible_numbers_are_refused(world, attempt, trace):
    with pytest.raises(TraceInvalid):
        await world.service.accept_trace(*attempt, 0, trace)


numbers = st.floats(0, 1e6)
triples = st.tuples(numbers, numbers, numbers)
traces = st.builds(
    Trace,
    frames=st.lists(st.builds(FrameSample, numbers, triples, media_s=st.none() | numbers), max_size=4).map(tuple),
    pings=st.lists(st.builds(Ping, numbers, numbers, numbers), max_size=3).map(tuple),
)


@given(st.lists(traces, max_size=5))
def test_joined_batches_are_the_whole_trace(batches):
    whole = join(map(encode, batches))
    assert whole.frames == sum((batch.frames for batch in batches), ())
    assert whole.pings == sum((batch.pings for batch in batches), ())
