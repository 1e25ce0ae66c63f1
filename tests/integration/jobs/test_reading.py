"""The readers' job: a picture is read once, a failing engine costs the person one more picture, a restart takes up what was left."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path

from openekyc.clock import system_clock
from openekyc.engine.documents.values import Card, Field, KindName, Side
from openekyc.errors import EngineFault
from openekyc.jobs.local import EngineLost
from openekyc.jobs.read import read
from openekyc.jobs.verify import resume
from openekyc.sessions.model import ApiKey, CardTerms, Terms
from openekyc.sessions.service import SessionService
from openekyc.settings import Settings
from openekyc.storage.blobs import LocalBlobs
from openekyc.storage.database import Database
from openekyc.storage.memory import MemoryAccountStore, MemoryDispatcher
from openekyc.storage.sessions import SqlSessionStore

JPEG = b"\xff\xd8\xff a picture"
KEY = ApiKey("AKIDexample", "secret", "acme", sandbox=False, created_at=0.0)


class Engine:
    """Reads everything, after the failures it is told to have."""

    def __init__(self, *failures: EngineFault) -> None:
        self.failures, self.calls = list(failures), 0

    async def read_card(self, sides: Mapping[Side, bytes], kind: KindName) -> Card:
        self.calls += 1
        if self.failures:
            raise self.failures.pop(0)
        return Card(kind, fields=(Field("FullName", f"{len(sides['front'])} bytes"),), portrait=JPEG)


class House:
    """One run of a server over a folder."""

    def __init__(self, folder: Path, engine: Engine) -> None:
        self.database = Database(folder / "openekyc.db")
        self.database.start()
        self.store, self.dispatcher = SqlSessionStore(self.database), MemoryDispatcher()
        self.service = SessionService(
            self.store, MemoryAccountStore(), LocalBlobs(folder / "blobs"), self.dispatcher, system_clock, Settings(home=folder)
        )
        self.dispatcher.bind(self._none, partial(read, self.service, engine))

    async def _none(self, token: str, number: int) -> None:
        raise AssertionError

    async def submitted(self) -> str:
        """A session with a picture that waits."""
        session = await self.service.issue(KEY, Terms("sdk", compare=True, card=CardTerms("HK")))
        await self.service.put_picture(session.token, "front", JPEG)
        return session.token

    async def side(self, token: str) -> tuple[str, tuple[str, ...]]:
        (shot,) = (await self.service.document(token)).shots
        return shot.state.value, shot.hints


async def test_a_restart_takes_up_what_was_submitted_and_reads_it_once(tmp_path: Path) -> None:
    before = House(tmp_path, Engine())
    token = await before.submitted()
    before.database.stop()  # as after kill -9: nobody has read it
    engine = Engine()
    after = House(tmp_path, engine)
    assert await resume(after.store, after.dispatcher) == 1
    assert await resume(after.store, after.dispatcher) == 1
    await after.dispatcher.work()
    assert (await after.side(token), engine.calls) == (("accepted", ()), 1)
    await read(after.service, engine, token, 1)
    assert engine.calls == 1
    assert await resume(after.store, after.dispatcher) == 0
    after.database.stop()


async def test_a_lost_process_is_tried_once_more_a_fault_is_not(tmp_path: Path) -> None:
    for failures, calls, state in (
        ([EngineLost("gone")], 2, ("accepted", ())),
        ([EngineLost("gone"), EngineLost("again")], 2, ("retake", ("unreadable",))),
        ([EngineFault("no pixels")], 1, ("retake", ("unreadable",))),
    ):
        engine = Engine(*failures)
        house = House(tmp_path, engine)
        token = await house.submitted()
        await house.dispatcher.work()
        assert (await house.side(token), engine.calls) == (state, calls)
        house.database.stop()


async def test_a_picture_that_is_gone_is_asked_for_again(tmp_path: Path) -> None:
    engine = Engine()
    house = House(tmp_path, engine)
    token = await house.submitted()
    await LocalBlobs(tmp_path / "blobs").delete(f"sessions/{token.lower()}")
    await house.dispatcher.work()
    assert (await house.side(token), engine.calls) == (("lost", ("unreadable",)), 0)
    house.database.stop()
