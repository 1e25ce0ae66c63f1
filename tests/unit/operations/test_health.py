"""What /readyz looks at, and that asking it costs next to nothing."""

import asyncio
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from unittest.mock import patch

import httpx
import pytest
import sqlalchemy as sa
from starlette.applications import Starlette
from starlette.routing import Route

from openekyc.errors import StorageBusy, StorageError
from openekyc.operations.health import KEPT_S, Check, Readiness, Room, keeps
from openekyc.storage import database as databases
from openekyc.storage.blobs import LocalBlobs
from openekyc.storage.connect import connect
from openekyc.storage.database import Database
from openekyc.storage.memory import MemoryBlobs


class Hands:
    now = 100.0

    def __call__(self) -> float:
        return self.now


class Counted:
    """A check whose answer is set by hand."""

    def __init__(self) -> None:
        self.asked, self.answer = 0, True

    async def __call__(self) -> bool:
        self.asked += 1
        return self.answer


def client(clock: Hands, **checks: Check) -> httpx.AsyncClient:
    app = Starlette(routes=[Route("/readyz", Readiness(checks, clock).endpoint)])
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = Database(tmp_path / "openekyc.db")
    made.start()
    yield made
    made.stop()


async def test_a_result_is_kept_and_shared_by_who_asks_meanwhile() -> None:
    clock, check = Hands(), Counted()
    ask = client(clock, store=check)
    assert {(await answer).status_code for answer in [asyncio.ensure_future(ask.get("/readyz")) for _ in range(20)]} == {200}
    check.answer = False
    clock.now += KEPT_S / 2
    assert (await ask.get("/readyz")).status_code == 200
    assert check.asked == 1
    clock.now += KEPT_S
    answer = await ask.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"status": "not ready", "checks": {"store": False}})
    assert (check.asked, answer.headers["cache-control"]) == (2, "no-store")


@pytest.mark.parametrize(
    "error", [OSError, RuntimeError, StorageError, StorageBusy, sa.exc.DatabaseError("x", None, Exception()), KeyError]
)
async def test_whatever_a_check_raises_it_does_not_pass(error: type[Exception] | Exception) -> None:
    async def failing() -> bool:
        raise error

    assert (await client(Hands(), store=failing).get("/readyz")).status_code == 503


async def test_a_row_is_written(database: Database, tmp_path: Path) -> None:
    assert await database.writes()
    with connect(tmp_path / "openekyc.db", read_only=True) as other:
        first = other.exec_driver_sql("SELECT at FROM probes").scalars().all()
    assert await database.writes()
    with connect(tmp_path / "openekyc.db", read_only=True) as other:
        assert len(first) == len(other.exec_driver_sql("SELECT at FROM probes").scalars().all()) == 1


async def test_a_database_that_is_full_does_not_pass_until_there_is_room(database: Database) -> None:
    def fill(connection: sa.Connection) -> None:
        connection.exec_driver_sql("CREATE TABLE litter (bytes BLOB)")
        connection.exec_driver_sql("PRAGMA max_page_count = 1")  # no page more than it has

    await database.write(fill)
    with patch.object(databases, "_PROBE", "INSERT INTO litter VALUES (zeroblob(1000000 + ?))"):
        assert not await database.writes()
    assert await database.ready()  # reading goes on


async def test_busy_is_not_unready_but_stalled_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(databases, "PROBE_S", 0.05)
    database, other = Database(tmp_path / "a.db", busy_s=30.0), Database(tmp_path / "a.db")
    database.start()
    with connect(tmp_path / "a.db", read_only=False) as holder:
        holder.exec_driver_sql("BEGIN IMMEDIATE")
        assert await database.writes()  # somebody else is at work, and not for long
        monkeypatch.setattr(databases, "STALLED_S", 0.0)
        assert not await database.writes()
        holder.exec_driver_sql("ROLLBACK")
    monkeypatch.setattr(databases, "PROBE_S", 10.0)
    assert await database.writes()
    database.stop()
    assert not await other.writes()  # never started


async def test_a_queue_that_is_full_is_busy(tmp_path: Path) -> None:
    database, entered, opened = Database(tmp_path / "a.db", max_waiting=1), threading.Event(), threading.Event()
    database.start()

    def hold(connection: sa.Connection) -> None:
        entered.set()
        assert opened.wait(10)

    held = asyncio.ensure_future(database.write(hold))
    await asyncio.sleep(0)
    assert await asyncio.to_thread(entered.wait, 10)
    waiting = asyncio.ensure_future(database.write(lambda connection: None))
    await asyncio.sleep(0)
    with pytest.raises(StorageBusy):
        await database.write(lambda connection: None)
    assert await database.writes()
    opened.set()
    await asyncio.gather(held, waiting)
    database.stop()


async def test_a_writer_that_died_does_not_pass(tmp_path: Path) -> None:
    told: list[BaseException] = []
    database = Database(tmp_path / "a.db", died=told.append)
    database.start()

    def unforeseen(connection: sa.Connection) -> None:
        raise SystemExit("nobody foresaw this")

    with suppress(TimeoutError):
        await asyncio.wait_for(database.write(unforeseen), 0.2)
    database._writer._thread.join(10)
    assert [type(error) for error in told] == [SystemExit]
    assert not await database.writes()
    database.stop()


DYING = """
import asyncio, sys
from pathlib import Path
from openekyc.storage.database import Database

def unforeseen(connection):
    raise SystemExit("nobody foresaw this")

async def main():
    database = Database(Path(sys.argv[1]))
    database.start()
    await database.write(unforeseen)

asyncio.run(main())
"""


def test_what_nobody_foresaw_in_the_writer_ends_the_process(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", DYING, str(tmp_path / "a.db")], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 70
    assert "writer_failed" in done.stdout + done.stderr


LIMITED = """
import asyncio, resource, signal, sys
from pathlib import Path
from openekyc.storage.blobs import LocalBlobs
from openekyc.operations.health import keeps
from openekyc.storage.database import Database

async def main():
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    folder = Path(sys.argv[1])
    database, blobs = Database(folder / "a.db"), LocalBlobs(folder / "blobs")
    database.start()
    print(await database.writes(), await keeps(blobs)())
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
    try:
        kept = await keeps(blobs)()
    except Exception:
        kept = False
    print(await database.writes(), kept, len(list((folder / "blobs" / ".staging").iterdir())))
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    print(await database.writes(), await keeps(blobs)())
    database.stop()

asyncio.run(main())
"""


def test_files_that_may_not_grow_do_not_pass_and_leave_nothing_behind(tmp_path: Path) -> None:
    """Without rights of any kind: the system refuses every byte more."""
    done = subprocess.run([sys.executable, "-c", LIMITED, str(tmp_path)], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.splitlines() == ["True True", "False False 0", "True True"]


async def test_room_is_watched_where_the_home_lies(tmp_path: Path) -> None:
    free = Room((tmp_path,), 0).free()
    assert free > 0
    assert await Room((tmp_path,), 1).enough()
    assert await Room((tmp_path,), 0).enough()
    assert not await Room((tmp_path,), 1 << 62).enough()
    assert Room((tmp_path / "absent",), 1).free() == 0
    with pytest.raises(FileNotFoundError):
        await Room((tmp_path, tmp_path / "absent"), 1).enough()


async def test_a_file_system_without_files_left_is_full(tmp_path: Path) -> None:
    found = list(os.statvfs(tmp_path))
    found[5], found[7] = 1000, 0  # f_files, f_favail
    with patch("openekyc.operations.health.os.statvfs", return_value=os.statvfs_result(found)):
        assert not await Room((tmp_path,), 1).enough()
    found[5] = 0  # it does not count them
    with patch("openekyc.operations.health.os.statvfs", return_value=os.statvfs_result(found)):
        assert await Room((tmp_path,), 1).enough()


async def test_files_are_kept_for_the_probe_where_blobs_lie(tmp_path: Path) -> None:
    assert await keeps(MemoryBlobs())()
    blobs = LocalBlobs(tmp_path / "blobs")
    assert await keeps(blobs)()
    (tmp_path / "blobs" / "probe").unlink()
    (tmp_path / "blobs" / ".staging").rmdir()
    (tmp_path / "blobs").rmdir()
    (tmp_path / "blobs").write_bytes(b"")  # a file where the folder was
    answer = await client(Hands(), media=keeps(blobs)).get("/readyz")
    assert answer.json()["checks"] == {"media": False}
