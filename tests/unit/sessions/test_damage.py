"""What the store has lost or altered is the operator's fault: 1001, no attempt, and once more."""

import pytest
from msgspec.structs import replace

from openekyc.engine.documents.kinds import KINDS
from openekyc.engine.documents.values import Card, Field
from openekyc.errors import FileDamaged, RecordingIncomplete
from openekyc.jobs.read import read
from openekyc.jobs.verify import judge
from openekyc.sessions import cards, places
from openekyc.sessions.model import AttemptState, CardTerms, SessionState, ShotState
from openekyc.sessions.outcome import attempts_left
from openekyc.sessions.ports import Change
from tests.session_world import VIDEO, World, sha

JPEG = b"\xff\xd8\xff a picture"
TWO_SIDED = next(name for name, kind in KINDS.items() if kind.sides == ("front", "back"))
BROKEN = [b"", VIDEO[:-1], VIDEO + b"x", bytes([VIDEO[0] ^ 1]) + VIDEO[1:], None]


class NoEngine:
    """It is not asked."""

    async def verify(self, evidence: object) -> None:
        raise AssertionError

    async def read_card(self, sides: object, kind: object) -> Card:
        raise AssertionError


async def spoil(world: World, key: str, data: bytes | None) -> None:
    """Alter a stored file, or lose it."""
    assert await world.blobs.get(key)
    await (world.blobs.delete(key) if data is None else world.blobs.put(key, data))


@pytest.mark.parametrize("broken", BROKEN)
async def test_a_recording_that_is_not_the_stored_one_costs_no_attempt(broken: bytes | None) -> None:
    world = World()
    session = await world.issue(level=1, retry_limit=1)
    for number in range(1, 6):  # as often as it takes, also with a single attempt
        attempt = await world.begin(session.token)
        await world.record(attempt)
        await spoil(world, places.video(session.token, number, sha(VIDEO)), broken)
        await judge(world.service, NoEngine(), session.token, number)  # type: ignore[arg-type]
        told = await world.service.progress(session.token)
        assert (told.state, told.hint, told.attempts_left) == ("retry", "try_again", 1)
    after = await world.stored(attempt)
    assert after.verdict
    assert (after.state, after.verdict.code, after.counts) == (AttemptState.CONCLUDED, "1001", False)
    outcome = await world.service.result(session.token, "acme", "liveness", 3600)
    assert outcome.code == "1001"
    stored = await world.session(session.token)
    assert (stored.state, stored.faults, stored.restarts, attempts_left(stored)) == (SessionState.READY, 5, 0, 1)


async def test_a_fault_is_no_failure_of_the_person() -> None:
    world = World()
    world.set(velocity_failures=1)
    session = await world.issue(level=1, extra="customer-7")
    for number in (1, 2, 3):
        attempt = await world.begin(session.token)  # would be refused if faults were failures
        await world.record(attempt)
        await spoil(world, places.video(session.token, number, sha(VIDEO)), b"other bytes")
        await judge(world.service, NoEngine(), session.token, number)  # type: ignore[arg-type]


@pytest.mark.parametrize("broken", [b"another face", None])
async def test_a_reference_that_is_not_the_stored_one_costs_no_attempt(broken: bytes | None) -> None:
    world = World()
    session = await world.issue(level=1, compare=True, reference=JPEG)
    attempt = await world.begin(session.token)
    await world.record(attempt)
    assert session.reference
    await spoil(world, session.reference, broken)
    await judge(world.service, NoEngine(), session.token, 1)  # type: ignore[arg-type]
    assert (await world.service.progress(session.token)).attempts_left == 5


async def test_references_of_before_are_taken_as_they_are() -> None:
    world = World()
    session = await world.issue(level=1, compare=True, reference=JPEG)
    place = f"{places.session(session.token)}/reference"
    await world.store.commit(Change(session=replace(await world.session(session.token), reference=place)))
    await world.blobs.put(place, JPEG)
    await world.record(await world.begin(session.token))
    assert (await world.service.evidence(session.token, 1)).reference == JPEG


@pytest.mark.parametrize("broken", BROKEN)
async def test_slices_that_are_not_the_acknowledged_ones_cost_no_attempt(broken: bytes | None) -> None:
    world = World()
    session = await world.issue(level=1, retry_limit=1)
    attempt = await world.begin(session.token)
    await world.put(attempt, VIDEO)
    (piece,) = await world.store.slices(session.token, 1)
    await spoil(world, places.piece(piece), broken)
    told = await world.service.submit(*attempt, len(VIDEO), sha(VIDEO))
    assert (told.state, told.hint, told.attempts_left) == ("retry", "try_again", 1)
    assert world.dispatcher.waiting == []
    assert (await world.service.result(session.token, "acme", "liveness", 3600)).code == "1001"
    again = await world.begin(session.token)
    await world.record(again)
    assert (await world.service.evidence(session.token, 2)).video == VIDEO


async def test_a_recording_announced_wrongly_is_the_clients_fault_as_before() -> None:
    world = World()
    session = await world.issue(level=1)
    attempt = await world.begin(session.token)
    await world.put(attempt, VIDEO)
    with pytest.raises(RecordingIncomplete):
        await world.service.submit(*attempt, len(VIDEO), sha(b"another"))


async def test_a_stored_file_that_is_another_is_given_to_nobody() -> None:
    world = World()
    session = await world.issue(level=1)
    attempt = await world.begin(session.token)
    await world.record(attempt)
    video = (await world.stored(attempt)).video
    assert video
    assert await world.service.media(video) == VIDEO
    await spoil(world, video.key, b"another person")
    with pytest.raises(FileDamaged):
        await world.service.media(video)


@pytest.mark.parametrize("broken", [b"", b"\xff\xd8\xff another", None])
async def test_a_damaged_picture_of_a_document_is_asked_for_again_without_counting(broken: bytes | None) -> None:
    world = World()
    session = await world.issue(card=CardTerms("HK"))
    for number in range(1, 6):  # more often than pictures may be asked for again
        await world.service.put_picture(session.token, "front", JPEG + bytes([number]))
        shot = (await world.service.document(session.token)).shots[-1]
        await spoil(world, shot.picture.key, broken)
        await read(world.service, NoEngine(), session.token, number)
        assert (await world.service.document(session.token)).shots[-1].state is ShotState.LOST
    assert await world.service.readings(await world.session(session.token)) == ()
    await world.service.put_picture(session.token, "front", JPEG)
    card = Card("HK", fields=(Field("FullName", "CHAN TAI MAN"),), portrait=JPEG)
    assert await world.service.conclude_reading(session.token, 6, card)
    assert (await world.service.document(session.token)).shots[-1].state is ShotState.ACCEPTED


async def test_both_sides_are_asked_for_where_the_one_read_before_is_damaged() -> None:
    world = World()
    session = await world.issue(card=CardTerms(TWO_SIDED))
    assert session.terms.card
    await world.service.put_picture(session.token, "front", JPEG)
    front = Card(session.terms.card.kind, fields=(Field("FullName", "CHAN"),), portrait=JPEG)
    assert await world.service.conclude_reading(session.token, 1, front)
    await world.service.put_picture(session.token, "back", JPEG + b" of the back")
    await spoil(world, (await world.service.document(session.token)).shots[0].picture.key, b"\xff\xd8\xff rotten")
    await read(world.service, NoEngine(), session.token, 2)
    known = await world.service.document(session.token)
    assert {side: seen.state for side, seen in cards.view(known.terms.kind, known.shots).items()} == {"front": "retake", "back": "retake"}
    assert cards.retakes(known.shots) == 0


async def test_what_was_read_is_never_told_from_a_damaged_file() -> None:
    world = World()
    session = await world.issue(card=CardTerms("HK"))
    await world.service.put_picture(session.token, "front", JPEG)
    await world.service.conclude_reading(session.token, 1, Card("HK", fields=(Field("FullName", "CHAN TAI MAN"),), portrait=JPEG))
    shot = (await world.service.document(session.token)).shots[-1]
    assert shot.card
    await world.blobs.put(shot.card.key, (await world.blobs.get(shot.card.key)).replace(b"CHAN", b"WONG"))
    with pytest.raises(FileDamaged):
        await world.service.card(shot)
