"""Every SessionStore keeps the same promises."""

import asyncio
import hashlib
from typing import Any

import pytest
import sqlalchemy as sa
from msgspec.structs import replace

from openekyc.engine.values import Colour, Cue, Verdict
from openekyc.sessions.model import AttemptState, Consent, Counts, Draw, Fingerprint, Mark, Media, Page, SessionState, ShotState
from openekyc.sessions.ports import DRAWS_KEPT, Change, SessionStore
from openekyc.storage import tables
from openekyc.storage.database import Database
from openekyc.storage.memory import MemorySessionStore
from openekyc.storage.sessions import SqlSessionStore
from tests.unit.storage.samples import attempt, piece, session, shot


@pytest.fixture(params=["memory", "sql"])
def store(request: pytest.FixtureRequest) -> SessionStore:
    if request.param == "memory":
        return MemorySessionStore()
    return SqlSessionStore(request.getfixturevalue("database"))


async def begun(store: SessionStore) -> None:
    """A session with one attempt being captured."""
    await store.add(session())
    assert await store.commit(Change(session=session(state=SessionState.CAPTURING, attempts=1), new_attempt=attempt()))


async def test_a_session_comes_back_as_it_was(store: SessionStore) -> None:
    page = Page(redirect_url="https://shop.example/done?a=1", skip_intro=True, session_s=0, no_light=True)
    given = session(reference="sessions/t-1/reference", sandbox=True, restarts=2, ended="left")
    given = replace(given, terms=replace(given.terms, page=page))
    await store.add(given)
    assert await store.session("T-1") == given
    assert await store.session("T-2") is None


async def test_a_token_is_stored_once(store: SessionStore) -> None:
    await store.add(session())
    with pytest.raises(KeyError):
        await store.add(session(account="other"))
    assert (await store.session("T-1") or session("x")).account == "acme"


async def test_a_judged_attempt_comes_back_without_media_in_its_verdict(store: SessionStore) -> None:
    await begun(store)
    media = Media("sessions/t-1/1/video", "0" * 32, 5, "video/webm")
    cue = Cue("light", "deny", code="1004", tags=("12",), reason="no reflection", numbers={"correlation": 0.1})
    verdict = Verdict(code="1004", tags=("12",), hint="try_again", similarity=71.5, cues=(cue,), best_frame=b"jpeg", action_video=b"webm")
    verdict = replace(verdict, fingerprint=b"print", record=b"{}")
    done = attempt(
        state=AttemptState.CONCLUDED, light_disclosed_at=111.0, submitted_at=120.0, concluded_at=121.5, verdict=verdict, video=media
    )
    done = replace(done, best_frame=media, action_video=media, record=media, received=9, slices=2, trace_bytes=7, trace_batches=1)
    done = replace(done, level=2, unable=("nod", "blink"), counts=False, given_up="connection")
    assert await store.commit(Change(attempt=done))
    bare = replace(verdict, best_frame=None, action_video=None, fingerprint=None, record=None)
    assert await store.attempt("T-1", 1) == replace(done, verdict=bare, version=1)


async def test_a_write_moves_the_version_on_and_a_stale_one_is_refused(store: SessionStore) -> None:
    await begun(store)
    stored = await store.session("T-1")
    assert stored is not None
    assert stored.version == 1
    assert await store.commit(Change(session=replace(stored, state=SessionState.JUDGING)))
    assert not await store.commit(Change(session=replace(stored, state=SessionState.FAILED)))
    assert await store.session("T-1") == replace(stored, state=SessionState.JUDGING, version=2)


@pytest.mark.parametrize(
    "stale",
    [
        Change(session=session("T-9")),
        Change(attempt=attempt(number=2)),
        Change(new_attempt=attempt()),
        Change(new_attempt=attempt("T-9")),
        Change(shot=shot()),
        Change(new_shot=shot("T-9")),
        Change(slice=piece(number=2)),
        Change(trace_batch=("T-1", 2, 0, b"[]")),
    ],
)
async def test_what_does_not_fit_is_refused_whole(store: SessionStore, stale: Change) -> None:
    await begun(store)
    before = await store.attempt("T-1", 1)
    assert before is not None
    fields: dict[str, Any] = {"attempt": before} if stale.attempt is None else {}
    assert not await store.commit(replace(stale, **fields))
    assert await store.attempt("T-1", 1) == before


async def test_of_many_writers_from_one_version_exactly_one_wins(store: SessionStore) -> None:
    await begun(store)
    current = await store.attempt("T-1", 1)
    assert current is not None
    racing = [store.commit(Change(attempt=replace(current, touched_at=float(i)))) for i in range(20)]
    assert sorted(await asyncio.gather(*racing)) == [False] * 19 + [True]


async def test_slices_come_in_order_and_the_same_slice_is_kept_once(store: SessionStore) -> None:
    await begun(store)
    for offset in (2000, 0, 1000, 1000):
        assert await store.commit(Change(slice=piece(offset)))
    assert [one.offset for one in await store.slices("T-1", 1)] == [0, 1000, 2000]
    assert not await store.commit(Change(slice=piece(1000, sha256="cd" * 32)))
    assert list(await store.slices("T-1", 1)) == [piece(0), piece(1000), piece(2000)]


async def test_trace_batches_come_in_order_and_the_same_batch_is_kept_once(store: SessionStore) -> None:
    await begun(store)
    for sequence, data in ((1, b"[2]"), (0, b"[1]"), (1, b"[2]")):
        assert await store.commit(Change(trace_batch=("T-1", 1, sequence, data)))
    assert not await store.commit(Change(trace_batch=("T-1", 1, 1, b"[3]")))
    assert list(await store.trace_batches("T-1", 1)) == [b"[1]", b"[2]"]


async def test_submitted_attempts_are_the_queue_oldest_first(store: SessionStore) -> None:
    for token, moment in (("T-1", 30.0), ("T-2", 10.0), ("T-3", 20.0)):
        await store.add(session(token))
        assert await store.commit(Change(new_attempt=attempt(token)))
        state = AttemptState.SUBMITTED if token != "T-3" else AttemptState.ABANDONED
        assert await store.commit(Change(attempt=attempt(token, state=state, submitted_at=moment)))
    assert list(await store.submitted()) == [("T-2", 1), ("T-1", 1)]


async def test_stale_names_idle_captures_and_overdue_starts_only(store: SessionStore) -> None:
    await store.add(session("overdue", start_by=50.0))
    await store.add(session("waiting", start_by=51.0))
    await store.add(session("failed", start_by=1.0, state=SessionState.FAILED))
    for token, touched in (("idle", 10.0), ("busy", 90.0), ("judged", 10.0)):
        await store.add(session(token, start_by=1.0, state=SessionState.CAPTURING))
        state = AttemptState.SUBMITTED if token == "judged" else AttemptState.CAPTURING
        assert await store.commit(Change(new_attempt=attempt(token, touched_at=touched, state=state)))
    assert sorted(await store.stale(capturing_before=60.0, ready_before=51.0)) == ["idle", "overdue"]


async def fingerprinted(store: SessionStore, number: int, made_at: float, account: str = "acme") -> Fingerprint:
    """An attempt that left a fingerprint."""
    made = Fingerprint("T-1", number, account, made_at, bytes([number]) * 8)
    assert await store.commit(Change(new_attempt=attempt(number=number), fingerprint=made))
    return made


async def test_fingerprints_are_the_accounts_own_newest_first_and_bounded(store: SessionStore) -> None:
    await store.add(session())
    old, middle, new = [await fingerprinted(store, number, 100.0 * number) for number in (1, 2, 3)]
    await fingerprinted(store, 4, 400.0, account="other")
    assert list(await store.fingerprints("acme", 0.0, 10)) == [new, middle, old]
    assert list(await store.fingerprints("acme", 200.0, 10)) == [new, middle]
    assert list(await store.fingerprints("acme", 0.0, 1)) == [new]


async def test_an_attempt_leaves_one_fingerprint(store: SessionStore) -> None:
    await store.add(session())
    made = await fingerprinted(store, 1, 100.0)
    assert not await store.commit(Change(session=session(state=SessionState.FAILED), fingerprint=replace(made, data=b"other")))
    assert list(await store.fingerprints("acme", 0.0, 10)) == [made]
    assert (await store.session("T-1") or session("x")).state is SessionState.READY


async def test_old_fingerprints_are_forgotten(store: SessionStore) -> None:
    await store.add(session())
    for number in (1, 2, 3):
        await fingerprinted(store, number, 100.0 * number)
    assert await store.forget_fingerprints(250.0) == 2
    assert [one.number for one in await store.fingerprints("acme", 0.0, 10)] == [3]


async def test_the_newest_draws_of_an_account_are_kept(store: SessionStore) -> None:
    await store.add(session())
    made = [Draw("acme", (Colour(255, 64, step, 300),)) for step in range(DRAWS_KEPT + 3)]
    for draw in made:
        assert await store.commit(Change(draw=draw))
    assert await store.commit(Change(draw=Draw("other", ())))
    assert list(await store.draws("acme")) == made[:2:-1]
    assert list(await store.draws("other")) == [Draw("other", ())]
    assert list(await store.draws("nobody")) == []


async def test_a_draw_is_written_with_its_attempt_or_not_at_all(store: SessionStore) -> None:
    await begun(store)
    assert not await store.commit(Change(new_attempt=attempt(), draw=Draw("acme", ())))
    assert list(await store.draws("acme")) == []


async def test_a_read_picture_comes_back_as_it_was(store: SessionStore) -> None:
    await store.add(session())
    assert await store.commit(Change(new_shot=shot()))
    assert not await store.commit(Change(new_shot=shot(side="back")))
    media = Media("sessions/t-1/document/1-card", "0" * 32, 5, "application/json")
    done = shot(
        state=ShotState.RETAKE, concluded_at=1.5, whole=True, undoes=("front", "back"), hints=("blur", "glare"), warnings=(-9108, -9107)
    )
    done = replace(done, card=media, ocr=media, rectified=media, portrait=media, edits=media)
    assert await store.commit(Change(shot=done))
    assert not await store.commit(Change(shot=done))
    assert list(await store.shots("T-1")) == [replace(done, version=1)]
    assert list(await store.shots("T-2")) == []


async def test_unread_pictures_are_the_readers_queue_oldest_first(store: SessionStore) -> None:
    for token in ("T-1", "T-2"):
        await store.add(session(token))
    for number, moment in ((1, 30.0), (2, 10.0), (3, 20.0)):
        state = ShotState.ACCEPTED if number == 3 else ShotState.SUBMITTED
        assert await store.commit(Change(new_shot=shot(number=number, submitted_at=moment, state=state)))
    assert await store.commit(Change(new_shot=shot("T-2", submitted_at=15.0)))
    assert list(await store.unread()) == [("T-1", 2), ("T-2", 1), ("T-1", 1)]
    assert [one.number for one in await store.shots("T-1")] == [1, 2, 3]


def consent(token: str = "T-1", text: str = "I agree.", language: str = "en", at: float = 5.0) -> Consent:
    return Consent(token, language, hashlib.sha256(text.encode()).hexdigest(), at, text)


async def test_a_consent_comes_back_and_a_later_one_replaces_it(store: SessionStore) -> None:
    await store.add(session())
    assert await store.consent("T-1") is None
    for version, given in enumerate((consent(), consent(text="ตกลง", language="th", at=6.0), consent(at=7.0))):
        assert await store.commit(Change(session=session(version=version), consent=given))
        assert await store.consent("T-1") == given
    assert await store.consent("T-2") is None


async def test_a_consent_is_written_with_its_session_or_not_at_all(store: SessionStore) -> None:
    await store.add(session())
    assert not await store.commit(Change(session=session(version=4), consent=consent()))
    assert not await store.commit(Change(consent=consent("T-9")))
    assert [await store.consent(token) for token in ("T-1", "T-9")] == [None, None]


async def test_one_text_is_kept_once_and_goes_with_its_last_consent(database: Database) -> None:
    store = SqlSessionStore(database)
    for token in ("T-1", "T-2"):
        await store.add(session(token))
        assert await store.commit(Change(consent=consent(token)))
    assert await texts(database) == ["I agree."]
    assert await store.commit(Change(consent=consent("T-1", "Another.")))
    assert await texts(database) == ["Another.", "I agree."]
    assert await store.commit(Change(consent=consent("T-2", "A third.")))
    assert await texts(database) == ["A third.", "Another."]
    assert [(await store.consent(token) or consent("")).text for token in ("T-1", "T-2")] == ["Another.", "A third."]


async def texts(database: Database) -> list[str]:
    query = sa.select(tables.consent_texts.c.text).order_by(tables.consent_texts.c.text)
    return list(await database.read(lambda connection: connection.execute(query).scalars().all()))


async def test_unfinished_are_those_that_a_person_may_begin_or_go_on_with(store: SessionStore) -> None:
    async def issued(token: str, secret_id: str = "AKID1", state: SessionState = SessionState.READY, **more: Any) -> None:
        await store.add(session(token, secret_id=secret_id, state=state, **more))

    await issued("ready")
    await issued("late", start_by=99.0)
    await issued("capturing", state=SessionState.CAPTURING, start_by=0.0)
    for state in (SessionState.JUDGING, SessionState.PASSED, SessionState.FAILED, SessionState.EXPIRED):
        await issued(state.value, state=state)
    await issued("temporary", "AKIDt")
    await issued("another key's", "AKID2")
    await issued("of an older version", "")
    await issued("another account's", "", account="other")
    assert await store.unfinished("acme", ["AKID1", "AKIDt"], 100.0) == 4
    assert await store.unfinished("acme", ["AKID2"], 100.0) == 2
    assert await store.unfinished("nobody", ["AKID1"], 100.0) == 0


async def test_marks_are_counted_by_person_address_and_account(store: SessionStore) -> None:
    await begun(store)
    for mark in (
        Mark("acme", 10.0, "token", "ann"),
        Mark("acme", 11.0, "attempt", "ann", "home", "phone"),
        Mark("acme", 12.0, "failure", "ann"),
        Mark("acme", 13.0, "attempt", "ben", "home", ""),
        Mark("acme", 1.0, "attempt", "ann", "old", "old"),
        Mark("other", 14.0, "attempt", "ann", "home", "phone"),
    ):
        await store.mark(mark)
    assert await store.velocity(Mark("acme", 15.0, "attempt", "ann", "home", "phone"), 5.0) == Counts(1, 2, 2, 1, 1, 1, 1)
    assert await store.velocity(Mark("acme", 15.0, "attempt", "ann", "away", "tablet"), 5.0) == Counts(1, 0, 2, 1, 1, 2, 2)
    assert await store.velocity(Mark("acme", 15.0, "token", "ann"), 0.0) == Counts(2, 0, 3, 1, 1, 2, 2)
    assert await store.velocity(Mark("nobody", 15.0, "token", "ann"), 0.0) == Counts()
    assert await store.forget_marks(12.5) == 4
    assert await store.velocity(Mark("acme", 15.0, "attempt", "ann", "home", ""), 0.0) == Counts(0, 1, 1, addresses=1)
    again = session(state=SessionState.CAPTURING, attempts=2, version=1)
    assert await store.commit(Change(session=again, mark=Mark("acme", 16.0, "attempt", "ann")))
    assert not await store.commit(Change(session=again, mark=Mark("acme", 16.0, "attempt", "ann")))
    assert (await store.velocity(Mark("acme", 17.0, "attempt", "ann"), 0.0)).attempts_of_extra == 1


async def test_a_salt_lasts_for_its_day(store: SessionStore) -> None:
    first = await store.salt(1)
    assert len(first) == 32
    assert await store.salt(1) == first
    assert await store.salt(2) != first
    assert await store.salt(1) != first
