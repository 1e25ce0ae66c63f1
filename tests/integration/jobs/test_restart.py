"""A restart takes up every submitted attempt; however many judges race, each attempt gets one verdict."""

import asyncio
from functools import partial
from pathlib import Path

from msgspec.structs import replace

from openekyc.clock import system_clock
from openekyc.engine.values import Challenge, Evidence, HoldStep, Verdict
from openekyc.ids import nonce, sdk_token
from openekyc.jobs.local import LocalDispatcher
from openekyc.jobs.verify import judge, resume
from openekyc.sessions.model import Attempt, AttemptState, Session, SessionState, Terms
from openekyc.sessions.ports import Change
from openekyc.sessions.recording import media
from openekyc.sessions.service import SessionService
from openekyc.settings import Settings
from openekyc.storage.blobs import LocalBlobs
from openekyc.storage.database import Database
from openekyc.storage.memory import MemoryAccountStore, MemoryDispatcher
from openekyc.storage.sessions import SqlSessionStore


class Engine:
    """Passes everything, and counts."""

    def __init__(self) -> None:
        self.judged = 0

    async def verify(self, evidence: Evidence) -> Verdict:
        self.judged += 1
        await asyncio.sleep(0)
        return Verdict(code="0", best_frame=b"jpeg of " + evidence.video)


async def submit(store: SqlSessionStore, blobs: LocalBlobs) -> str:
    """An attempt as a crash may leave it: handed in, durable, never judged."""
    token, now = sdk_token(), system_clock()
    video = media(f"sessions/{token.lower()}/1/video", token.encode())
    await blobs.put(video.key, token.encode())
    session = Session(token, "acme", False, Terms("liveness", level=1), SessionState.READY, now, now + 600)
    await store.add(session)
    challenge = Challenge(nonce(), (HoldStep(500),))
    attempt = Attempt(token, 1, AttemptState.SUBMITTED, challenge, 1, now, now, submitted_at=now, video=video)
    assert await store.commit(Change(session=replace(session, state=SessionState.JUDGING, attempts=1), new_attempt=attempt))
    return token


class Counting:
    """The service as the job sees it; counts conclusions that took effect."""

    def __init__(self, service: SessionService) -> None:
        self.service, self.effects = service, []  # type: ignore[var-annotated]
        self.evidence = service.evidence

    async def conclude(self, token: str, number: int, verdict: Verdict, *, counts: bool = True) -> bool:
        effective = await self.service.conclude(token, number, verdict, counts=counts)
        self.effects += [token] * effective
        return effective


async def test_submitted_attempts_get_one_verdict_each_after_a_restart(tmp_path: Path) -> None:
    before = Database(tmp_path / "openekyc.db")
    before.start()
    blobs = LocalBlobs(tmp_path / "blobs")
    tokens = [await submit(SqlSessionStore(before), blobs) for _ in range(8)]
    before.stop()

    database = Database(tmp_path / "openekyc.db")
    database.start()
    store, engine = SqlSessionStore(database), Engine()
    counting = Counting(SessionService(store, MemoryAccountStore(), blobs, MemoryDispatcher(), system_clock, Settings(home=tmp_path)))
    racing = [LocalDispatcher(4) for _ in range(3)]
    for dispatcher in racing:
        dispatcher.bind(partial(judge, counting, engine))
        assert await resume(store, dispatcher) == 8
    while any(dispatcher.waiting for dispatcher in racing):  # noqa: ASYNC110 - drain gives back what waits
        await asyncio.sleep(0)
    for dispatcher in racing:
        await dispatcher.drain(10)

    assert sorted(counting.effects) == sorted(tokens)
    assert engine.judged >= 8
    assert list(await store.submitted()) == []
    for token in tokens:
        attempt, session = await store.attempt(token, 1), await store.session(token)
        assert attempt is not None
        assert session is not None
        assert (attempt.state, session.state) == (AttemptState.CONCLUDED, SessionState.PASSED)
        assert attempt.best_frame is not None
        assert await blobs.get(attempt.best_frame.key) == b"jpeg of " + token.encode()
    database.stop()
