"""The capture endpoints behind a real HTTP server on loopback, with the real database and blob store, and verdicts made to order."""

import asyncio
import socket
import threading
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import Future
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import uvicorn
from starlette.applications import Starlette

from openekyc.capture.routes import routes
from openekyc.clock import system_clock
from openekyc.engine.values import Evidence, Verdict
from openekyc.jobs.local import LocalDispatcher
from openekyc.jobs.verify import judge
from openekyc.sessions.model import ApiKey, Session, Terms
from openekyc.sessions.service import SessionService
from openekyc.settings import Settings
from openekyc.storage.blobs import LocalBlobs
from openekyc.storage.database import Database
from openekyc.storage.memory import MemoryAccountStore, MemoryKeyStore
from openekyc.storage.sessions import SqlSessionStore

KEY = ApiKey("AKIDexample", "secret", "acme", sandbox=False, created_at=0.0)


class Bench:
    """A server whose judge answers with `verdict`. Coroutines of the service run on the server's own loop."""

    def __init__(self, folder: Path) -> None:
        self.verdict = Verdict("0", best_frame=b"\xff\xd8\xff face")
        self.judged: list[Evidence] = []
        self._database = Database(folder / "openekyc.db")
        self._database.start()
        self._dispatcher = LocalDispatcher(2)
        store = SqlSessionStore(self._database)
        self.service = SessionService(
            store, MemoryAccountStore(), LocalBlobs(folder / "blobs"), self._dispatcher, system_clock, Settings(home=folder)
        )
        self._ready: Future[asyncio.AbstractEventLoop] = Future()
        self._server = uvicorn.Server(uvicorn.Config(self._app(), log_level="error", lifespan="on", timeout_graceful_shutdown=2))
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [self._socket]}, daemon=True)
        self._thread.start()
        self._loop = self._ready.result(30)
        self.port = self._socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"

    def _app(self) -> Starlette:
        @asynccontextmanager
        async def lifespan(_: Starlette) -> AsyncIterator[None]:
            self._dispatcher.bind(lambda token, number: judge(self.service, self, token, number))
            self._ready.set_result(asyncio.get_running_loop())
            yield
            await self._dispatcher.drain(5)

        return Starlette(routes=routes(self.service, MemoryKeyStore(MemoryAccountStore()), system_clock, Settings()), lifespan=lifespan)

    async def verify(self, evidence: Evidence) -> Verdict:
        self.judged.append(evidence)
        return self.verdict

    def run(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(30)

    def issue(self, **terms: object) -> Session:
        return self.run(self.service.issue(KEY, Terms(family="liveness", **terms)))  # type: ignore[arg-type]

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(30)
        self._database.stop()


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(tmp_path)
    yield bench
    bench.stop()
