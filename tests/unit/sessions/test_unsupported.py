"""A recording that cannot be judged is refused at the slice that shows it, by name, and costs the person nothing."""

import pytest

from openekyc.errors import AttemptClosed, RecordingUnsupported
from openekyc.explain.words import outcome
from openekyc.sessions.model import AttemptState
from openekyc.sessions.outcome import attempts_left
from tests.recordings import encode, grey_ramp
from tests.session_world import World

FFV1 = encode(grey_ramp(4), "matroska", "ffv1")
MPEG2 = encode(grey_ramp(30), "mp4", "mpeg2video")  # its index stands at the end
HEVC = encode(grey_ramp(30), "mov", "libx265")


async def upload(world: World, attempt: tuple[str, int, str], data: bytes, size: int) -> int:
    """Slices of this size until one is refused; how many bytes were accepted."""
    offset = 0
    while offset < len(data):
        offset = await world.put(attempt, data[offset : offset + size], offset)
    return offset


@pytest.mark.parametrize(("data", "size", "codec"), [(FFV1, 100, "FFV1"), (FFV1, 10_000, "FFV1"), (MPEG2, 2_000, "MPEG-2 video")])
async def test_the_slice_that_shows_it_is_refused_and_names_the_codec(world, data, size, codec):
    token = (await world.issue(level=1)).token
    attempt = await world.begin(token)
    with pytest.raises(RecordingUnsupported, match=codec) as caught:
        await upload(world, attempt, data, size)
    assert caught.value.codec == codec
    stored = await world.stored(attempt)
    assert (stored.state, stored.counts) == (AttemptState.ABANDONED, False)
    assert "not judged" in outcome(stored)
    if data is MPEG2:
        assert stored.received >= len(data) - size - data.index(b"moov") % size
    assert attempts_left(await world.session(token)) == (await world.session(token)).terms.retry_limit
    progress = await world.service.progress(token)
    assert (progress.state, progress.hint) == ("retry", "recording_unsupported")
    with pytest.raises(AttemptClosed):
        await world.put(attempt, data[:10])


async def test_only_a_few_of_them_are_free(world):
    world.set(capture_restarts=2)
    token = (await world.issue(level=1, retry_limit=2)).token
    left = []
    for _ in range(4):
        with pytest.raises(RecordingUnsupported):
            await world.put(await world.begin(token), FFV1)
        left.append((await world.service.progress(token)).attempts_left)
    assert left == [2, 2, 1, 0]
    assert (await world.service.progress(token)).state == "fail"


@pytest.mark.parametrize("size", [64, 999, 1_000_000])
async def test_what_is_judged_goes_through_whole(world, size):
    attempt = await world.begin((await world.issue(level=1)).token)
    assert await upload(world, attempt, HEVC[:30_000] if size == 64 else HEVC, size) == min(len(HEVC), 30_000 if size == 64 else len(HEVC))


async def test_bytes_too_few_to_tell_are_taken(world):
    attempt = await world.begin((await world.issue(level=1)).token)
    assert await world.put(attempt, b"OggS") == 4
    with pytest.raises(RecordingUnsupported, match="Ogg"):
        await world.put(attempt, bytes(8), 4)
