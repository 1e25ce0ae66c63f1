"""Judging on this machine: engine processes that may crash or hang without harm, and the order in which attempts reach them."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import Any, NamedTuple

import structlog
from pebble import ProcessExpired, ProcessPool

from openekyc.engine.documents.values import Card, KindName, Side
from openekyc.engine.lock import Weights
from openekyc.engine.values import Evidence, Verdict
from openekyc.errors import EngineFault, OpenEkycError, StartError
from openekyc.jobs import child

START_S = 120.0  # for the imports and networks of a fresh process on a busy machine

JUDGE, READ = "judge", "read"

Job = Callable[[str, int], Awaitable[None]]


class Work(NamedTuple):
    """One thing to be done in an engine process."""

    job: str
    token: str
    number: int


class EngineLost(EngineFault):
    """The engine process died."""


class EnginePool:
    """`workers` engine processes. `start` loads them, `stop` ends them. `work(weights, evidence)`,
    `reader(weights, sides, kind)` and `prepare(weights)` run inside; all must be importable functions."""

    def __init__(
        self,
        workers: int,
        timeout_s: float,
        weights: Weights,
        *,
        work: Callable[[Weights, Evidence], Verdict] = child.verify,
        reader: Callable[[Weights, Mapping[Side, bytes], KindName], Card] = child.read_card,
        prepare: Callable[[Weights], None] = child.prepare,
    ) -> None:
        self._workers = workers
        self._timeout_s = timeout_s
        self._weights = weights
        self._work = work
        self._reader = reader
        self._prepare = prepare
        self._pool: ProcessPool | None = None
        self._warm = False

    async def start(self) -> None:
        """Start the processes and load the networks. Raises ModelError if a weight file is missing or altered, StartError if the
        engine fails otherwise."""
        self._pool = self._fresh_pool()
        try:
            await asyncio.gather(*(self._run(START_S, self._prepare, self._weights) for _ in range(self._workers)))
        except EngineFault as error:
            await self.stop()
            raise StartError(f"The engine processes do not start: {error}", "`openekyc doctor` names what is missing.") from error
        except OpenEkycError:
            await self.stop()
            raise
        self._warm = True

    async def ready(self) -> bool:
        """Whether the processes have loaded their networks."""
        return self._warm

    async def verify(self, evidence: Evidence) -> Verdict:
        """The engine's verdict. Raises EngineLost if its process died, EngineFault if it failed or was stopped at its time limit."""
        verdict = await self._run(self._timeout_s, self._work, self._weights, evidence)
        assert isinstance(verdict, Verdict)  # noqa: S101 - narrows the pool's untyped answer # nosec B101
        return verdict

    async def read_card(self, sides: Mapping[Side, bytes], kind: KindName) -> Card:
        """What a document says. Raises as `verify`."""
        card = await self._run(self._timeout_s, self._reader, self._weights, dict(sides), kind)
        assert isinstance(card, Card)  # noqa: S101 - narrows the pool's untyped answer # nosec B101
        return card

    async def stop(self) -> None:
        """End the processes, whatever they do."""
        self._warm = False
        pool, self._pool = self._pool, None
        if pool is not None:
            await asyncio.to_thread(_end, pool)

    def _fresh_pool(self) -> ProcessPool:
        return ProcessPool(max_workers=self._workers, initializer=child.limit_process, context=get_context("spawn"))

    async def _run(self, seconds: float, *call: Any) -> Any:
        pool = await self._working_pool()
        future: Future[Any] = pool.schedule(child.guarded, args=call, timeout=seconds)
        try:
            async with asyncio.timeout(seconds + START_S):
                return await asyncio.wrap_future(future)
        except TimeoutError:
            raise EngineFault(f"The engine took longer than its {seconds:g} seconds and was stopped.") from None
        except (ProcessExpired, BrokenProcessPool) as error:
            raise EngineLost(f"The engine process was lost: {type(error).__name__}.") from error

    async def _working_pool(self) -> ProcessPool:
        if self._pool is None:
            raise EngineLost("The engine processes are stopped.")
        if not self._pool.active:  # a process that dies while none is working breaks a Pebble pool for good
            broken, self._pool = self._pool, self._fresh_pool()
            await asyncio.to_thread(_end, broken)
        return self._pool


def _end(pool: Any) -> None:
    pool.stop()
    pool.join()


class LocalDispatcher:
    """Judges submitted attempts and reads submitted pictures of documents on this machine, `workers` at a time, in the order they came.
    `bind` before the first of them; call it on one event loop. What is not finished at the end stays `submitted` in the store and is taken
    up at the next start."""

    def __init__(self, workers: int) -> None:
        self._places = asyncio.Semaphore(workers)
        self._tasks: dict[Work, asyncio.Task[None]] = {}
        self._running: set[Work] = set()
        self._open = True

    def bind(self, judge: Job, reader: Job | None = None) -> None:
        """What judges one attempt, and what reads one picture of a document."""
        self._jobs: dict[str, Job] = {JUDGE: judge} | ({READ: reader} if reader else {})

    def submit(self, token: str, number: int) -> None:
        """Judge the attempt soon, unless it already waits or runs."""
        self._put(Work(JUDGE, token, number))

    def read(self, token: str, number: int) -> None:
        """Read the picture soon, unless it already waits or is read."""
        self._put(Work(READ, token, number))

    @property
    def waiting(self) -> int:
        """What waits for a process."""
        return len(self._tasks) - len(self._running)

    async def drain(self, timeout: float) -> None:  # noqa: ASYNC109 - the running ones share it
        """Take nothing more, return what waits, let what runs finish for `timeout` seconds, then return that too."""
        self._open = False
        for work in self._tasks.keys() - self._running:
            self._tasks[work].cancel()
        tasks = set(self._tasks.values())
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=timeout)
            await _cancelled(late)

    def _put(self, work: Work) -> None:
        if self._open and work not in self._tasks:
            self._tasks[work] = asyncio.create_task(self._take(work))
            self._tasks[work].add_done_callback(lambda _: self._tasks.pop(work))

    async def _take(self, work: Work) -> None:
        async with self._places:
            self._running.add(work)
            try:
                await self._jobs[work.job](work.token, work.number)
            except Exception:  # noqa: BLE001 - the worker's edge; it stays submitted and is taken up again
                structlog.get_logger().exception("job_failed", job=work.job, number=work.number)
            finally:
                self._running.discard(work)


async def _cancelled(tasks: set[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
