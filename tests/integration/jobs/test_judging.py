"""From a submitted attempt to exactly one conclusion, whatever the engine process does."""

import asyncio
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest
import pytest_asyncio

from openekyc.engine.lock import Weights
from openekyc.engine.values import Evidence, Verdict
from openekyc.errors import AttemptClosed, FileDamaged
from openekyc.jobs.expire import expire_forever
from openekyc.jobs.local import EnginePool, LocalDispatcher
from openekyc.jobs.verify import judge, resume
from tests.integration.jobs import engines


class Desk:
    """Submitted attempts and their one verdict each: the session service as far as jobs see it, in memory."""

    def __init__(self, **orders: str) -> None:
        self.orders = orders
        self.verdicts: dict[str, list[str]] = {token: [] for token in orders}
        self.refused = 0
        self.free: set[str] = set()  # whose attempt costs nothing
        self.expired = 0
        self.changed = asyncio.Condition()

    async def submitted(self) -> list[tuple[str, int]]:
        return [(token, 1) for token, verdicts in self.verdicts.items() if not verdicts]

    async def unread(self) -> list[tuple[str, int]]:
        return []

    async def evidence(self, token: str, number: int) -> Evidence:
        if self.verdicts[token]:
            raise AttemptClosed
        if self.orders[token] == "lost":
            raise KeyError(token)
        if self.orders[token] == "damaged":
            raise FileDamaged
        return engines.evidence(self.orders[token])

    async def conclude(self, token: str, number: int, verdict: Verdict, *, counts: bool = True) -> bool:
        if self.verdicts[token]:
            self.refused += 1
            return False
        self.verdicts[token].append(verdict.code)
        self.free |= set() if counts else {token}
        async with self.changed:
            self.changed.notify_all()
        return True

    async def expire(self) -> int:
        self.expired += 1
        async with self.changed:
            self.changed.notify_all()
        return 0

    async def until_all_concluded(self) -> None:
        async with asyncio.timeout(60), self.changed:
            await self.changed.wait_for(lambda: all(self.verdicts.values()))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def pool() -> AsyncIterator[EnginePool]:
    pool = EnginePool(2, 3.0, Weights(Path("models")), work=engines.work, prepare=engines.prepare)
    await pool.start()
    yield pool
    await pool.stop()


pytestmark = pytest.mark.asyncio(loop_scope="module")


def bound(desk: Desk, pool: EnginePool, workers: int = 2) -> LocalDispatcher:
    dispatcher = LocalDispatcher(workers)
    dispatcher.bind(partial(judge, desk, pool))
    return dispatcher


async def test_every_submitted_attempt_gets_exactly_one_verdict(pool: EnginePool, tmp_path: Path) -> None:
    desk = Desk(a="pass", b="die", c=f"die-once {tmp_path / 'marker'}", d="raise", e="hang", f="lost", g="pass", h="damaged")
    dispatcher = bound(desk, pool)
    assert await resume(desk, dispatcher) == 8
    for _ in range(3):
        await resume(desk, dispatcher)
    await desk.until_all_concluded()
    assert desk.verdicts == {"a": ["0"], "b": ["1001"], "c": ["0"], "d": ["1001"], "e": ["1001"], "f": ["1001"], "g": ["0"], "h": ["1001"]}
    assert desk.free == {"f", "h"}
    await dispatcher.drain(5)
    assert desk.refused == 0


async def test_judging_what_is_concluded_changes_nothing(pool: EnginePool) -> None:
    desk = Desk(a="pass")
    for _ in range(2):
        await judge(desk, pool, "a", 1)
    assert desk.verdicts == {"a": ["0"]}


async def test_draining_finishes_what_runs_and_returns_what_waits(pool: EnginePool, tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    desk = Desk(a=f"wait {gate}", b="pass", c="pass")
    dispatcher = bound(desk, pool, workers=1)
    await resume(desk, dispatcher)
    await until_exists(gate.with_suffix(".here"))
    assert dispatcher.waiting == 2
    draining = asyncio.create_task(dispatcher.drain(30))
    await asyncio.sleep(0)
    dispatcher.submit("late", 1)
    gate.touch()
    await draining
    assert desk.verdicts == {"a": ["0"], "b": [], "c": []}
    assert await desk.submitted() == [("b", 1), ("c", 1)]


async def test_draining_returns_what_runs_too_long(pool: EnginePool, tmp_path: Path) -> None:
    desk = Desk(a=f"wait {tmp_path / 'gate'}")
    dispatcher = bound(desk, pool)
    await resume(desk, dispatcher)
    await until_exists(tmp_path / "gate.here")
    await dispatcher.drain(0.01)
    assert await desk.submitted() == [("a", 1)]
    assert (await pool.verify(engines.evidence("pass"))).code == "0"


async def test_no_more_than_workers_are_judged_at_once_in_the_order_they_came() -> None:
    running, most, order = 0, 0, []

    async def slow(token: str, number: int) -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        order.append(number)
        for _ in range(5):
            await asyncio.sleep(0)
        running -= 1

    dispatcher = LocalDispatcher(3)
    dispatcher.bind(slow)
    for number in [*range(10), *range(10)]:
        dispatcher.submit("T", number)
    while dispatcher.waiting:  # noqa: ASYNC110 - the tasks only need turns
        await asyncio.sleep(0)
    await dispatcher.drain(5)
    assert (most, order) == (3, list(range(10)))


async def test_a_failing_store_leaves_the_attempt_for_the_next_round() -> None:
    desk, failures = Desk(a="pass"), [OSError("disk full")]

    async def judged(token: str, number: int) -> None:
        if failures:
            raise failures.pop()
        await desk.conclude(token, number, Verdict(code="0"))

    dispatcher = LocalDispatcher(1)
    dispatcher.bind(judged)
    rounds = asyncio.create_task(expire_forever(desk, desk, dispatcher, period_s=0.0))
    await desk.until_all_concluded()
    rounds.cancel()
    assert desk.verdicts == {"a": ["0"]}


async def test_expiry_goes_on_after_a_failure() -> None:
    class Failing(Desk):
        async def expire(self) -> int:
            await super().expire()
            raise OSError("disk full")

    desk = Failing()
    rounds = asyncio.create_task(expire_forever(desk, desk, LocalDispatcher(1), period_s=0.0))
    async with asyncio.timeout(10), desk.changed:
        await desk.changed.wait_for(lambda: desk.expired >= 3)
    rounds.cancel()


async def until_exists(path: Path) -> None:
    async with asyncio.timeout(30):
        while not await asyncio.to_thread(path.exists):  # noqa: ASYNC110 - there is no event across processes
            await asyncio.sleep(0.01)
