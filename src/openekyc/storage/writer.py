"""Group commit: one thread owns the one connection that writes and takes everything that waits into one transaction.

A flush to the disk costs about a millisecond whatever it carries, so writes that wait together share it. Each write is a savepoint
of its own: one that fails is undone alone. New rows go in together and without one; should a row fail, the batch starts over, each
write by itself. A caller hears of success only after the commit is on the disk. What nobody foresaw in the thread ends the process: without
it every call would hang, and a new start takes up whatever was acknowledged.
"""

import asyncio
import os
import sqlite3
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import Any

import sqlalchemy as sa
import structlog

from openekyc.errors import StorageBusy, StorageError
from openekyc.storage.connect import BUSY_S, connect, dbapi, is_busy, patiently
from openekyc.storage.rows import Insert, NewRow, Row

Work = Callable[[sa.Connection], Any]

MAX_WAITING = 4096
MAX_BATCH = 256
EXIT_CODE = 70  # of a process that ends for a defect of openekyc
LINGER_S = 0.002  # how long a batch is left open after one that held several writes; a lone caller waits once at most


class _Write:
    """One piece of work and where its outcome goes."""

    __slots__ = ("error", "future", "loop", "result", "work")

    def __init__(self, work: Work, loop: asyncio.AbstractEventLoop) -> None:
        self.work = work
        self.loop = loop
        self.future: asyncio.Future[Any] = loop.create_future()
        self.result: Any = None
        self.error: BaseException | None = None

    def deliver(self) -> None:
        """On the caller's loop."""
        if self.future.done():
            return
        if self.error is None:
            self.future.set_result(self.result)
        else:
            self.future.set_exception(self.error)


class _TransactionLost(StorageError):
    """The database gave up the whole transaction (disk full, input/output error)."""


def end_process(error: BaseException) -> None:
    """Say why, and end at once. Nothing that was acknowledged is lost by that, as by a kill."""
    structlog.get_logger(__name__).critical("writer_failed", exc_info=error, remedy="Start the server again, and report this line.")
    os._exit(EXIT_CODE)


class GroupWriter:
    """The writing thread. `submit` from an event loop; `stop` finishes everything that was submitted before. `died` is told, in that
    thread, of an exception that nobody foresaw."""

    def __init__(
        self,
        path: Path,
        *,
        max_waiting: int = MAX_WAITING,
        busy_s: float = BUSY_S,
        died: Callable[[BaseException], None] = end_process,
    ) -> None:
        self._path = path
        self._died = died
        self._behind_since: float | None = None
        self._busy_s = busy_s
        self._max_waiting = max_waiting
        self._queue: SimpleQueue[_Write | None] = SimpleQueue()
        self._thread = Thread(target=self._run, name="openekyc-writer", daemon=True)
        self._company = 0
        self._open = False

    def start(self) -> None:
        """Open the connection and start the thread."""
        self._connection = connect(self._path, read_only=False, busy_s=self._busy_s)
        self._raw = dbapi(self._connection)
        self._open = True
        self._thread.start()

    def stop(self) -> None:
        """Take nothing more, commit what waits, close. Blocks until done."""
        if self._open:
            self._open = False
            self._queue.put(None)
            self._thread.join()

    def submit(self, work: Work) -> asyncio.Future[Any]:
        """A future of what `work` returns, done once that is durable. Raises StorageBusy if too many writes wait."""
        if not self._open:
            raise StorageError("The database is closed.")
        if self._queue.qsize() >= self._max_waiting:
            raise StorageBusy
        write = _Write(work, asyncio.get_running_loop())
        self._queue.put(write)
        return write.future

    @property
    def alive(self) -> bool:
        """Whether the thread runs."""
        return self._thread.is_alive()

    def stalled_s(self) -> float:
        """For how many seconds there has been something to write without anything being written; 0 while there is nothing."""
        since = self._behind_since
        return 0.0 if since is None else time.monotonic() - since

    def _run(self) -> None:
        try:
            self._work()
        except BaseException as error:  # noqa: BLE001 - the thread's edge
            self._open = False
            self._died(error)

    def _work(self) -> None:
        more = True
        while more:
            waiting = self._waiting()
            more = waiting[-1] is not None
            batch = [write for write in waiting if write is not None and not write.future.cancelled()]
            if batch:
                self._behind_since = self._behind_since or time.monotonic()
                self._commit(batch)
                _deliver(batch)
        self._connection.close()

    def _waiting(self) -> list[_Write | None]:
        waiting = [self._queue.get()]
        if self._company > 1:
            time.sleep(LINGER_S)
        while waiting[-1] is not None and len(waiting) < MAX_BATCH and not self._queue.empty():
            waiting.append(self._queue.get())
        self._company = len(waiting)
        return waiting

    def _commit(self, batch: Sequence[_Write]) -> None:
        try:
            self._begin()
            for write in self._without_rows(batch):
                self._one(write)
            self._raw.execute("COMMIT")
            self._behind_since = None
        except (sqlite3.Error, _TransactionLost) as error:
            self._give_up(batch, error)

    def _begin(self) -> None:
        patiently(lambda: self._raw.execute("BEGIN IMMEDIATE"), self._busy_s)

    def _without_rows(self, batch: Sequence[_Write]) -> Sequence[_Write]:
        """Adds the new rows among the writes; which writes are left to do. All of them if that failed: then nothing was added."""
        rows: defaultdict[Insert, list[Row]] = defaultdict(list)
        left = []
        for write in batch:
            if isinstance(write.work, NewRow):
                rows[write.work.insert].append(write.work.values)
            else:
                left.append(write)
        try:
            for insert, values in rows.items():
                insert.many(self._connection, values)
        except Exception:  # noqa: BLE001 - whose it is, and what it is, shows when each is done alone
            self._roll_back()
            self._begin()
            return batch
        return left

    def _one(self, write: _Write) -> None:
        self._raw.execute("SAVEPOINT one")
        try:
            write.result = write.work(self._connection)
        except Exception as error:
            if not self._raw.in_transaction:
                raise _TransactionLost from error
            self._raw.execute("ROLLBACK TO one")
            write.error = error
        self._raw.execute("RELEASE one")

    def _roll_back(self) -> None:
        if self._raw.in_transaction:
            self._raw.execute("ROLLBACK")

    def _give_up(self, batch: Sequence[_Write], error: Exception) -> None:
        self._roll_back()
        kind = StorageBusy if is_busy(error) else StorageError
        for write in batch:
            write.error = kind(f"Nothing was written: {error.__cause__ or error}")


def _deliver(batch: Sequence[_Write]) -> None:
    """One wake-up of each loop for the whole batch."""
    for loop in {write.loop for write in batch}:
        mine = [write for write in batch if write.loop is loop]
        with suppress(RuntimeError):  # closed: nobody waits any more
            loop.call_soon_threadsafe(_deliver_here, mine)


def _deliver_here(writes: Sequence[_Write]) -> None:
    for write in writes:
        write.deliver()
