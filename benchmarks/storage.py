"""What durable storage costs: sessions added by group commit against one commit each, and a look-up on the loop against a thread hop.

    python benchmarks/storage.py [FOLDER] [--seconds 3]

FOLDER must lie on the disk that matters (default: a folder beside this file, removed afterwards). All numbers are of one run on one
machine; ratios inside the run mean more than absolute numbers. Every row is flushed to the disk before it counts (WAL, synchronous FULL).
"""

import argparse
import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import sqlalchemy as sa

from openekyc.ids import sdk_token
from openekyc.sessions.model import Session, SessionState, Terms
from openekyc.storage import tables
from openekyc.storage.connect import connect, dbapi
from openekyc.storage.database import Database
from openekyc.storage.sessions import SESSION, SqlSessionStore

CALLERS = 32  # as many as the load generator of benchmarks/tokens.py keeps open


def session() -> Session:
    return Session(sdk_token(), "acme", False, Terms("liveness"), SessionState.READY, time.time(), time.time() + 600)


async def measured(name: str, seconds: float, call: Callable[[], Awaitable[object]]) -> float:
    """Call from CALLERS tasks for a while; print and return calls per CPU-second of the process."""
    until, done = time.perf_counter() + seconds, count()

    async def caller() -> None:
        while time.perf_counter() < until:
            await call()
            next(done)

    wall, cpu = time.perf_counter(), time.process_time()
    await asyncio.gather(*(caller() for _ in range(CALLERS)))
    wall, cpu, calls = time.perf_counter() - wall, time.process_time() - cpu, next(done)
    print(f"{name:<44}{calls / wall:>10.0f} /s{calls / cpu:>10.0f} /CPU-s{cpu / calls * 1e6:>9.1f} us CPU")
    return calls / wall


def one_commit_each(path: Path) -> Callable[[], Coroutine[Any, Any, None]]:
    """The plain way: begin, insert, commit on the loop's thread."""
    connection, insert = connect(path, read_only=False), sa.insert(tables.sessions)
    raw = dbapi(connection)

    async def add() -> None:
        raw.execute("BEGIN IMMEDIATE")
        connection.execute(insert, SESSION.row(session()))
        raw.execute("COMMIT")
        await asyncio.sleep(0)

    return add


async def compare(folder: Path, seconds: float) -> None:
    database = Database(folder / "openekyc.db")
    database.start()
    store, known = SqlSessionStore(database), session()
    await store.add(known)
    look_up = sa.select(tables.sessions).where(tables.sessions.c.token == sa.bindparam("key"))
    grouped = await measured("add, group commit", seconds, lambda: store.add(session()))
    single = await measured("add, one commit each", seconds, one_commit_each(folder / "openekyc.db"))
    print(f"{'group commit / one commit each':<44}{grouped / single:>10.2f}")
    await measured("look-up on the loop", seconds, lambda: database.read(lambda c: c.execute(look_up, {"key": known.token}).one()))
    await measured("look-up through a thread", seconds, lambda: database.scan(lambda c: c.execute(look_up, {"key": known.token}).one()))
    database.stop()


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("folder", nargs="?", type=Path, default=Path(__file__).parent)
    parser.add_argument("--seconds", type=float, default=3.0)
    given = parser.parse_args()
    with TemporaryDirectory(dir=given.folder) as folder:
        asyncio.run(compare(Path(folder), given.seconds))


if __name__ == "__main__":
    main()
