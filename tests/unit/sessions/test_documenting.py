"""A session with a document: pictures in, readings concluded once, review, and only then liveness."""

import asyncio
import hashlib
from typing import Any

import pytest
from msgspec.structs import replace

from openekyc import errors
from openekyc.engine.documents.values import Card, Field
from openekyc.engine.values import Verdict
from openekyc.sessions.model import CardTerms, SessionState, ShotState
from tests.session_world import World

JPEG = b"\xff\xd8\xff\xe0 a picture of a card"
READ = (Field("LicenseNumber", "A123456(3)"), Field("FullName", "LEE, Chi Nan"))
GOOD = Card("HK", fields=READ, portrait=b"\xff\xd8\xff a face", rectified={"front": b"\xff\xd8\xff rectified"}, unchecked=(-9104,))
BAD = Card("HK", problem="not_a_card")


class Documents:
    """One session that asks for a document."""

    def __init__(self, world: World, token: str) -> None:
        self.world, self.service, self.token = world, world.service, token

    async def put(self, data: bytes = JPEG, side: str = "front") -> int:
        return len((await self.service.put_picture(self.token, side, data)).shots)

    async def read(self, card: Card | None, data: bytes = JPEG, side: str = "front") -> int:
        """A picture and what is read of it."""
        number = await self.put(data, side)
        assert await self.service.conclude_reading(self.token, number, card)
        return number

    async def states(self) -> list[str]:
        return [shot.state.value for shot in (await self.service.document(self.token)).shots]


async def documents(world: World, kind: Any = "HK", **terms: Any) -> Documents:
    session = await world.issue(compare=True, level=1, card=CardTerms(kind, **terms))
    return Documents(world, session.token)


async def test_liveness_waits_for_the_confirmed_document(world: World) -> None:
    one = await documents(world)
    for step in (one.put(), one.service.conclude_reading(one.token, 1, GOOD)):
        with pytest.raises(errors.DocumentRequired):
            await one.service.begin(one.token)
        await step
    with pytest.raises(errors.DocumentRequired):
        await one.service.begin(one.token)
    await one.service.confirm_document(one.token, {})
    attempt = await world.begin(one.token)
    await world.record(attempt)
    evidence = await one.service.evidence(one.token, 1)
    assert (evidence.reference, evidence.from_card) == (GOOD.portrait, True)


async def test_without_review_reading_is_confirming(world: World) -> None:
    one = await documents(world, review=False)
    await one.read(GOOD)
    assert (await world.session(one.token)).document == "confirmed"
    await one.service.begin(one.token)


async def test_confirming_needs_a_reading(world: World) -> None:
    one = await documents(world)
    with pytest.raises(errors.DocumentRequired):
        await one.service.confirm_document(one.token, {})


async def test_what_was_read_lies_in_blobs_and_in_no_row(world: World) -> None:
    one = await documents(world)
    await one.read(GOOD)
    await one.service.confirm_document(one.token, {"FullName": "LEE, Chi Nam"})
    (shot,) = (await one.service.document(one.token)).shots
    assert "LEE" not in repr(shot)
    assert (await one.service.card(shot)) == replace(GOOD, portrait=None, rectified={})
    assert [(edit.name, edit.original, edit.revised) for edit in await one.service.edits(shot)] == [
        ("FullName", "LEE, Chi Nan", "LEE, Chi Nam")
    ]
    assert shot.rectified
    assert await world.blobs.get(shot.rectified.key) == GOOD.rectified["front"]
    assert (shot.picture.md5, shot.picture.content_type) == (hashlib.md5(JPEG).hexdigest(), "image/jpeg")
    assert shot.warnings == (-9109,)


async def test_confirming_again_is_harmless_but_changes_nothing(world: World) -> None:
    one = await documents(world)
    await one.read(GOOD)
    for wanted in ({"FullName": "LEE, Chi Nam"}, {"FullName": "LEE, Chi Nam"}, {}):
        known = await one.service.confirm_document(one.token, wanted)
    assert [edit.revised for edit in await one.service.edits(known.shots[0])] == ["LEE, Chi Nam"]
    with pytest.raises(errors.DocumentClosed):
        await one.service.confirm_document(one.token, {"FullName": "somebody else"})


async def test_a_reading_counts_once(world: World) -> None:
    one = await documents(world)
    number = await one.put()
    effects = await asyncio.gather(*(one.service.conclude_reading(one.token, number, card) for card in (GOOD, BAD, GOOD)))
    assert sorted(effects) == [False, False, True]
    with pytest.raises(errors.DocumentClosed):
        await one.service.pictures(one.token, number)


async def test_the_same_picture_is_acknowledged_again_and_asked_for_again(world: World) -> None:
    one = await documents(world)
    assert [await one.put(), await one.put()] == [1, 1]
    assert world.dispatcher.unread == [(one.token, 1)]
    await one.service.conclude_reading(one.token, 1, GOOD)
    assert await one.put() == 1
    assert (await world.session(one.token)).document == "read"


async def test_one_picture_at_a_time(world: World) -> None:
    one = await documents(world)
    await one.put()
    with pytest.raises(errors.DocumentBusy):
        await one.put(JPEG + b"another")


async def test_two_retakes_and_the_third_bad_picture_ends_the_session(world: World) -> None:
    one = await documents(world)
    for number in range(3):
        await one.read(BAD, JPEG + bytes([number]))
    assert await one.states() == ["retake", "retake", "refused"]
    session = await world.session(one.token)
    assert (session.state, session.document) == (SessionState.FAILED, "refused")
    assert (await one.service.progress(one.token)).state == "fail"
    assert (await one.service.result(one.token, "acme", "liveness", 7200)).code == "2015"
    with pytest.raises(errors.DocumentClosed):
        await one.put(JPEG + b"more")
    with pytest.raises(errors.DocumentClosed):
        await one.service.confirm_document(one.token, {})
    with pytest.raises(errors.RetriesUsedUp):
        await one.service.begin(one.token)


async def test_a_bad_picture_and_then_a_good_one(world: World) -> None:
    one = await documents(world)
    await one.read(BAD)
    await one.read(GOOD)  # even the same bytes: the person insists
    assert await one.states() == ["retake", "accepted"]


async def test_a_failing_engine_asks_for_another_picture(world: World) -> None:
    one = await documents(world)
    await one.read(None)
    (shot,) = (await one.service.document(one.token)).shots
    assert (shot.state, shot.hints) == (ShotState.RETAKE, ("unreadable",))


async def test_a_picture_may_be_taken_again_before_it_is_confirmed(world: World) -> None:
    one = await documents(world)
    await one.read(GOOD)
    await one.put(JPEG + b"nicer")
    with pytest.raises(errors.DocumentRequired):
        await one.service.confirm_document(one.token, {})
    await one.service.conclude_reading(one.token, 2, replace(GOOD, portrait=b"\xff\xd8\xff another face"))
    await one.service.confirm_document(one.token, {})
    with pytest.raises(errors.DocumentClosed):
        await one.put(JPEG + b"too late")
    assert await world.blobs.get((await world.session(one.token)).reference or "") == b"\xff\xd8\xff another face"


async def test_a_picture_nobody_asked_for_cannot_lose_what_is_accepted(world: World) -> None:
    one = await documents(world)
    for card in (BAD, BAD, GOOD, BAD):
        await one.read(card, JPEG + bytes([len(await one.states())]))
    assert await one.states() == ["retake", "retake", "accepted", "dropped"]
    known = await one.service.document(one.token)
    assert known.card == replace(GOOD, portrait=None, rectified={})
    assert known.session.document == "read"
    await one.service.confirm_document(one.token, {})
    (*_, told) = await one.service.readings(await world.session(one.token))
    assert told.passed
    assert told.shot.number == 3


async def test_a_dropped_picture_is_no_side_of_what_is_told(world: World) -> None:
    one = await documents(world, kind="MacaoIDCard")
    await one.read(GOOD, JPEG + b"front", side="front")
    await one.read(BAD, JPEG + b"front again", side="front")
    await one.read(GOOD, JPEG + b"back", side="back")
    (told,) = await one.service.readings(await world.session(one.token))
    assert {side: shot.number for side, shot in told.sides.items()} == {"front": 1, "back": 3}


async def test_pictures_are_bounded(world: World) -> None:
    one = await documents(world)
    for number in range(12):
        await one.read(GOOD, JPEG + bytes([number]))
    with pytest.raises(errors.DocumentClosed):
        await one.put(JPEG + b"one more")


async def test_two_sides_are_read_together(world: World) -> None:
    one = await documents(world, "MacaoIDCard")
    front, back = JPEG + b"front", JPEG + b"back"
    await one.put(front)
    assert (await one.service.pictures(one.token, 1)).sides == {"front": front}
    await one.service.conclude_reading(one.token, 1, Card("MacaoIDCard", problem="unreadable"))
    assert (await world.session(one.token)).document == ""
    await one.put(back, "back")
    assert (await one.service.pictures(one.token, 2)).sides == {"front": front, "back": back}
    await one.service.conclude_reading(one.token, 2, replace(GOOD, kind="MacaoIDCard"))
    assert (await world.session(one.token)).document == "read"
    assert [shot.whole for shot in (await one.service.document(one.token)).shots] == [False, True]


@pytest.mark.parametrize(
    ("data", "side", "sha256", "error"),
    [
        (b"", "front", "", errors.SliceDamaged),
        (JPEG, "front", "0" * 64, errors.SliceDamaged),
        (b"<svg/>", "front", "", errors.PictureInvalid),
        (b"GIF89a", "front", "", errors.PictureInvalid),
        (b"\xff\xd8\xff\xc0\x00\x0b\x08" + (9000).to_bytes(2, "big") + (12000).to_bytes(2, "big"), "front", "", errors.PictureInvalid),
        (b"\x1a\x45\xdf\xa3 webm", "front", "", errors.PictureInvalid),
        (JPEG, "back", "", errors.SideUnknown),
        (JPEG, "top", "", errors.SideUnknown),
    ],
)
async def test_what_is_no_picture_is_refused(world: World, data: bytes, side: str, sha256: str, error: type[Exception]) -> None:
    one = await documents(world)
    with pytest.raises(error):
        await one.service.put_picture(one.token, side, data, sha256)
    assert await one.states() == []


async def test_a_session_without_document_takes_none(world: World) -> None:
    token = (await world.issue()).token
    with pytest.raises(errors.DocumentNotPlanned):
        await world.service.put_picture(token, "front", JPEG)
    with pytest.raises(errors.DocumentNotPlanned):
        await world.service.document(token)


async def test_a_document_comes_in_time_or_not_at_all(world: World) -> None:
    one = await documents(world)
    number = await one.put()
    world.clock.now += world.settings.start_window_s
    assert await one.service.conclude_reading(one.token, number, GOOD)  # the reading is kept, the session stays over
    assert (await world.session(one.token)).state is SessionState.EXPIRED
    with pytest.raises(errors.TokenExpired):
        await one.put(JPEG + b"late")


async def test_no_picture_while_a_face_is_captured(world: World) -> None:
    one = await documents(world, review=False)
    await one.read(GOOD)
    await world.begin(one.token)
    with pytest.raises(errors.AttemptRunning):
        await one.put(JPEG + b"again")


async def test_waiting_ends_with_the_reading(world: World) -> None:
    one = await documents(world)
    number = await one.put()
    waiting = asyncio.create_task(one.service.wait_side(one.token, "front", 30))
    await asyncio.sleep(0)
    await one.service.conclude_reading(one.token, number, GOOD)
    assert (await asyncio.wait_for(waiting, 5)).shots[0].state is ShotState.ACCEPTED


async def test_a_match_does_not_outweigh_a_refused_liveness(world: World) -> None:
    one = await documents(world, review=False)
    await one.read(GOOD)
    await world.judged(one.token, Verdict("1002", similarity=99.0))
    assert (await one.service.result(one.token, "acme", "liveness", 7200)).code == "1002"


async def test_after_a_portrait_was_unlike_the_face_the_document_may_be_photographed_again(world: World) -> None:
    one = await documents(world, review=False)
    await one.read(GOOD)
    with pytest.raises(errors.DocumentClosed):
        await one.put(JPEG + b"before any doubt")
    first = (await world.session(one.token)).reference
    await world.judged(one.token, Verdict("2016", hint="document_not_accepted"))
    progress = await one.service.progress(one.token)
    assert (progress.state, progress.hint) == ("retry", "document_not_accepted")
    await one.read(replace(GOOD, portrait=JPEG + b"a sharper portrait"), JPEG + b"again")
    session = await world.session(one.token)
    assert (session.document, session.reference != first) == ("confirmed", True)
    await one.service.begin(one.token)


async def test_after_any_other_refusal_the_document_stays_as_it_is(world: World) -> None:
    one = await documents(world, review=False)
    await one.read(GOOD)
    await world.judged(one.token, Verdict("1002", hint="follow_prompts"))
    with pytest.raises(errors.DocumentClosed):
        await one.put(JPEG + b"another")


async def test_the_face_may_be_tried_again_without_another_picture(world: World) -> None:
    one = await documents(world, review=False)
    await one.read(GOOD)
    await world.judged(one.token, Verdict("2016", hint="document_not_accepted"))
    await one.service.begin(one.token)


async def test_a_picture_of_what_may_not_be_kept_is_erased_and_another_is_asked_for(world: World) -> None:
    one = await documents(world, "JapanIDCard")
    await one.read(Card("JapanIDCard", "wrong_side", withheld=True))
    (shot,) = (await one.service.document(one.token)).shots
    with pytest.raises(KeyError):
        await one.service.media(shot.picture)
    assert shot.rectified is None
    assert shot.state is not ShotState.ACCEPTED
    assert await one.put(JPEG + b" of the other side") == 2
