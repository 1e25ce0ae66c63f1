"""Engine processes that crash, hang, run out of memory or fail: one clear fault each, and the next attempt is judged."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from openekyc.engine.documents.values import Card
from openekyc.engine.lock import Weights
from openekyc.errors import EngineFault, ModelError, StartError
from openekyc.jobs.child import NICENESS
from openekyc.jobs.local import EngineLost, EnginePool
from tests.integration.jobs import engines
from tests.integration.jobs.engines import evidence

MODELS = Weights(Path("models"))


async def until(condition: Callable[[], bool]) -> None:
    """Wait for something another process does."""
    async with asyncio.timeout(30):
        while not condition():  # noqa: ASYNC110 - there is no event across processes
            await asyncio.sleep(0.02)


@pytest.fixture
async def pool() -> AsyncIterator[EnginePool]:
    pool = EnginePool(1, 30.0, MODELS, work=engines.work, reader=engines.read, prepare=engines.prepare)
    await pool.start()
    yield pool
    await pool.stop()


async def test_processes_are_limited_and_serve_many_attempts(pool: EnginePool) -> None:
    assert await pool.ready()
    first, second = [(await pool.verify(evidence("facts"))).seconds for _ in range(2)]
    assert first == second
    assert first["pid"] != os.getpid()
    assert (first["nice"], first["ignores_ctrl_c"], first["threads"]) == (os.getpriority(os.PRIO_PROCESS, 0) + NICENESS, 1, 1)


async def test_killed_failing_and_greedy_engines_are_faults_and_the_next_attempt_is_judged(pool: EnginePool) -> None:
    with pytest.raises(EngineLost):
        await pool.verify(evidence("die"))
    assert (await pool.verify(evidence("pass"))).code == "0"
    with pytest.raises(EngineFault, match=r"ZeroDivisionError: no pixels \(engines.py:\d+\)"):
        await pool.verify(evidence("raise"))
    with pytest.raises(EngineFault, match="MemoryError"):
        await pool.verify(evidence("memory"))
    assert (await pool.verify(evidence("pass"))).code == "0"


async def test_readers_have_the_same_limits(pool: EnginePool) -> None:
    assert await pool.read_card({"front": b"pass", "back": b""}, "HK") == Card("HK", seconds={"read": 2.0})
    for order, error in ((b"die", EngineLost), (b"raise", EngineFault), (b"memory", EngineFault)):
        with pytest.raises(error):
            await pool.read_card({"front": order}, "HK")
    assert (await pool.read_card({"front": b"pass"}, "HK")).problem == ""


async def test_a_process_killed_while_idle_is_replaced(pool: EnginePool) -> None:
    pid = int((await pool.verify(evidence("facts"))).seconds["pid"])
    os.kill(pid, signal.SIGKILL)
    await until(lambda: not alive(pid))
    facts = await second_try(pool, "facts")
    assert facts["pid"] != pid


async def second_try(pool: EnginePool, order: str) -> dict[str, float]:
    """As the job does: a lost process is tried once more."""
    try:
        return (await pool.verify(evidence(order))).seconds
    except EngineLost:
        return (await pool.verify(evidence(order))).seconds


async def test_a_hung_engine_is_stopped_at_its_limit() -> None:
    pool = EnginePool(1, 1.0, MODELS, work=engines.work, prepare=engines.prepare)
    await pool.start()
    with pytest.raises(EngineFault, match="longer than its 1 seconds"):
        await pool.verify(evidence("hang"))
    assert (await second_try(pool, "facts"))["pid"]
    await pool.stop()


async def test_a_missing_model_stops_the_start_with_its_remedy() -> None:
    pool = EnginePool(1, 5.0, Weights(Path("missing")), work=engines.work, prepare=engines.prepare)
    with pytest.raises(ModelError, match=r"yunet.onnx is missing") as caught:
        await pool.start()
    assert caught.value.remedy == "openekyc models fetch"
    assert not await pool.ready()


async def test_processes_that_cannot_start_stop_the_start() -> None:
    with pytest.raises(StartError, match="do not start"):
        await EnginePool(1, 5.0, MODELS, work=engines.work, prepare=engines.crash).start()


async def test_a_stopped_pool_says_so(pool: EnginePool) -> None:
    await pool.stop()
    with pytest.raises(EngineLost, match="stopped"):
        await pool.verify(evidence("pass"))


PARENT = """
import asyncio, sys
from pathlib import Path
from openekyc.engine.lock import Weights
from openekyc.jobs.local import EnginePool
from tests.integration.jobs import engines

async def main():
    pool = EnginePool(2, 30.0, Weights(Path("models")), work=engines.work, prepare=engines.prepare)
    await pool.start()
    pids = {int((await pool.verify(engines.evidence("facts"))).seconds["pid"]) for _ in range(4)}
    print(*pids, flush=True)
    await pool.verify(engines.evidence("wait " + sys.argv[1]))

if __name__ == "__main__":
    asyncio.run(main())
"""


async def test_processes_die_with_the_server(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(PARENT)
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, (str(Path.cwd()), os.environ.get("PYTHONPATH"))))}
    parent = await asyncio.create_subprocess_exec(
        sys.executable, str(script), str(tmp_path / "gate"), stdout=asyncio.subprocess.PIPE, env=environ
    )
    assert parent.stdout
    children = [int(pid) for pid in (await parent.stdout.readline()).split()]
    assert children
    assert all(map(alive, children))
    parent.kill()
    await parent.wait()
    await until(lambda: not any(map(alive, children)))


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split(") ")[1][0] != "Z"
    except FileNotFoundError:
        return False
