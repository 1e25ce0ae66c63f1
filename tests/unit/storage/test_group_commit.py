"""Writes that wait together share a transaction, and no fate."""

import asyncio
import sqlite3
import threading
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from openekyc.errors import StorageBusy, StorageError
from openekyc.storage.database import Database
from openekyc.storage.sessions import SqlSessionStore
from openekyc.storage.tables import sessions
from tests.unit.storage.samples import session


def tokens_on_disk(folder: Path) -> set[str]:
    with closing(sqlite3.connect(folder / "openekyc.db")) as other:
        return {token for (token,) in other.execute("SELECT token FROM sessions")}


class Gate:
    """A write that holds the writer until it is opened, so that others have to wait together."""

    def __init__(self) -> None:
        self.entered, self._opened = threading.Event(), threading.Event()

    def __call__(self, connection: sa.Connection) -> None:
        self.entered.set()
        assert self._opened.wait(10)

    async def held(self, database: Database) -> asyncio.Task[None]:
        task = asyncio.create_task(database.write(self))
        assert await asyncio.to_thread(self.entered.wait, 10)
        return task

    def open(self) -> None:
        self._opened.set()


async def submitted(*writes: Any) -> list[asyncio.Task[Any]]:
    tasks = [asyncio.create_task(write) for write in writes]
    await asyncio.sleep(0)
    return tasks


async def test_writes_that_wait_together_cost_one_commit(database: Database, tmp_path: Path) -> None:
    gate, store = Gate(), SqlSessionStore(database)
    held = await gate.held(database)
    commits: list[str] = []
    database._writer._raw.set_trace_callback(lambda sql: commits.append(sql) if sql == "COMMIT" else None)
    waiting = await submitted(*(store.add(session(f"T-{i}")) for i in range(200)))
    gate.open()
    await asyncio.gather(held, *waiting)
    assert len(commits) == 2  # the gate's own, and one for all that waited
    assert len(tokens_on_disk(tmp_path)) == 200


async def test_a_failing_write_spoils_nobody_elses(database: Database, tmp_path: Path) -> None:
    gate, store = Gate(), SqlSessionStore(database)

    def half(connection: sa.Connection) -> None:
        connection.execute(sa.insert(sessions), {**vars_of("half")})
        raise RuntimeError("half way")

    held = await gate.held(database)
    waiting = await submitted(store.add(session("T-1")), database.write(half), store.add(session("T-1")), store.add(session("T-2")))
    gate.open()
    outcomes = await asyncio.gather(held, *waiting, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [type(None), type(None), RuntimeError, KeyError, type(None)]
    assert tokens_on_disk(tmp_path) == {"T-1", "T-2"}


async def test_of_many_new_rows_only_those_that_cannot_be_are_refused(database: Database, tmp_path: Path) -> None:
    gate, store = Gate(), SqlSessionStore(database)
    held = await gate.held(database)
    waiting = await submitted(*(store.add(session(f"T-{i % 100}")) for i in range(101)))  # more than go into one statement
    gate.open()
    outcomes = await asyncio.gather(held, *waiting, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [type(None)] * 101 + [KeyError]
    assert len(tokens_on_disk(tmp_path)) == 100


async def test_a_row_that_no_column_can_hold_is_its_own_callers_fault(database: Database, tmp_path: Path) -> None:
    gate, store = Gate(), SqlSessionStore(database)
    held = await gate.held(database)
    waiting = await submitted(store.add(session("T-1")), store.add(session("T-2", attempts=2**64)))
    gate.open()
    outcomes = await asyncio.gather(held, *waiting, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [type(None), type(None), OverflowError]
    assert tokens_on_disk(tmp_path) == {"T-1"}


def vars_of(token: str) -> dict[str, Any]:
    from openekyc.storage.sessions import SESSION

    return SESSION.row(session(token))


async def test_a_lost_transaction_fails_every_write_in_it(database: Database, tmp_path: Path) -> None:
    gate, store = Gate(), SqlSessionStore(database)

    def lose(connection: sa.Connection) -> None:
        connection.exec_driver_sql("ROLLBACK")  # what SQLite does by itself when the disk is full
        raise RuntimeError("disk full")

    held = await gate.held(database)
    waiting = await submitted(store.add(session("T-1")), database.write(lose), store.add(session("T-2")))
    gate.open()
    outcomes = await asyncio.gather(held, *waiting, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [type(None), StorageError, StorageError, StorageError]
    await store.add(session("T-3"))
    assert tokens_on_disk(tmp_path) == {"T-3"}


async def test_too_many_waiting_writes_are_refused(tmp_path: Path) -> None:
    database = Database(tmp_path / "openekyc.db", max_waiting=2)
    database.start()
    gate, store = Gate(), SqlSessionStore(database)
    held = await gate.held(database)
    waiting = await submitted(*(store.add(session(f"T-{i}")) for i in range(3)))
    gate.open()
    outcomes = await asyncio.gather(held, *waiting, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [type(None)] * 3 + [StorageBusy]
    database.stop()


async def test_stopping_finishes_what_waits_and_refuses_what_comes(tmp_path: Path) -> None:
    database = Database(tmp_path / "openekyc.db")
    database.start()
    store = SqlSessionStore(database)
    waiting = await submitted(*(store.add(session(f"T-{i}")) for i in range(50)))
    database.stop()
    await asyncio.gather(*waiting)
    assert len(tokens_on_disk(tmp_path)) == 50
    for call in (store.add(session("late")), store.session("T-1"), store.submitted()):
        with pytest.raises(StorageError, match="closed"):
            await call
    assert not await database.ready()


async def test_a_cancelled_caller_hurts_nobody(database: Database, tmp_path: Path) -> None:
    gate, store = Gate(), SqlSessionStore(database)
    held = await gate.held(database)
    cancelled, kept = await submitted(store.add(session("T-1")), store.add(session("T-2")))
    cancelled.cancel()
    gate.open()
    await asyncio.gather(held, kept)
    assert "T-2" in tokens_on_disk(tmp_path)


async def test_reads_do_not_wait_for_a_write(database: Database) -> None:
    gate, store = Gate(), SqlSessionStore(database)
    await store.add(session("T-1"))
    held = await gate.held(database)
    assert await store.session("T-1") == session("T-1")
    assert list(await store.submitted()) == []
    gate.open()
    await held


async def test_another_process_holding_the_database_is_waited_for(database: Database, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "openekyc.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        [waiting] = await submitted(SqlSessionStore(database).add(session("T-1")))
        done, _ = await asyncio.wait([waiting], timeout=0.05)
        assert not done
        other.execute("COMMIT")
        await waiting
    assert tokens_on_disk(tmp_path) == {"T-1"}


async def test_another_process_that_does_not_let_go_is_a_busy_store(tmp_path: Path) -> None:
    database = Database(tmp_path / "openekyc.db", busy_s=0.05)
    database.start()
    store = SqlSessionStore(database)
    with closing(sqlite3.connect(tmp_path / "openekyc.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StorageBusy, match="Nothing was written"):
            await store.add(session("T-1"))
        other.execute("COMMIT")
    await store.add(session("T-1"))
    database.stop()


async def test_reads_cannot_write(database: Database) -> None:
    with pytest.raises(sa.exc.OperationalError, match="readonly"):
        await database.read(lambda connection: connection.execute(sa.delete(sessions)).rowcount)


async def test_an_error_names_no_token(database: Database) -> None:
    with pytest.raises(sa.exc.IntegrityError) as caught:
        await database.write(lambda c: [c.execute(sa.insert(sessions), vars_of("T-SECRET")) for _ in range(2)])
    assert "T-SECRET" not in str(caught.value)
