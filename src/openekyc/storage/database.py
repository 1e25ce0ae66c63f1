"""One SQLite file: durable writes in groups, reads that never wait for them, the schema brought to its newest revision at start."""

import asyncio
import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar, cast

import sqlalchemy as sa

from openekyc.errors import HomeError, StorageBusy, StorageError
from openekyc.storage import migrate
from openekyc.storage.connect import BUSY_S, connect, dbapi, patiently
from openekyc.storage.writer import MAX_WAITING, GroupWriter, end_process

T = TypeVar("T")

PROBE_S = 4.0  # for one row, before it is asked whether anything else gets written meanwhile
STALLED_S = 15.0  # longer than another process may hold the database without harm

_PROBE = "INSERT OR REPLACE INTO probes (id, at) VALUES (1, ?)"


class Database:
    """`start` before use, `stop` at the end; both block shortly and may be called from an event loop. Work given to the three
    methods runs on a Core connection and must not keep it. `busy_s` is how long a write waits for another process's; `told` hears how far
    a migration is. With `migrates` False an older database is refused: a server of its version may be running on it. `lost` is
    raised if the database holds nothing, where that cannot be right."""

    def __init__(
        self,
        path: Path,
        *,
        max_waiting: int = MAX_WAITING,
        busy_s: float = BUSY_S,
        told: migrate.Told = lambda text: None,
        migrates: bool = True,
        died: Callable[[BaseException], None] = end_process,
        lost: HomeError | None = None,
    ) -> None:
        self._path, self._told, self._migrates, self._lost = path, told, migrates, lost
        self._writer = GroupWriter(path, max_waiting=max_waiting, busy_s=busy_s, died=died)
        self._reader: sa.Connection | None = None
        self._scanner: sa.Connection | None = None
        self._scanning = ThreadPoolExecutor(1, thread_name_prefix="openekyc-scan")

    def start(self) -> None:
        """Create or migrate the file and open it. Raises HomeError, with the remedy, if that cannot be."""
        try:
            self._migrate()
            self._writer.start()
            self._reader = connect(self._path, read_only=True)
            self._scanner = connect(self._path, read_only=True)
        except (sqlite3.Error, sa.exc.DBAPIError) as error:
            cause = str(getattr(error, "orig", error))
            raise HomeError(f"The database {self._path} cannot be opened: {cause}.", _remedy(cause)) from error

    def stop(self) -> None:
        """Finish every write that waits, then close."""
        self._writer.stop()
        self._scanning.shutdown()
        for connection in (self._reader, self._scanner):
            if connection is not None:
                connection.close()
        self._reader = self._scanner = None

    async def write(self, work: Callable[[sa.Connection], T]) -> T:
        """What `work` returns, after its transaction is on the disk. If `work` raises, nothing of it is written and the error
        comes through. Raises StorageBusy if too many writes wait or another process holds the database."""
        return cast(T, await self._writer.submit(work))

    async def read(self, work: Callable[[sa.Connection], T]) -> T:
        """For look-ups of a few rows by key: runs at once, on the loop's own thread. (A thread hop costs three times such a
        look-up, see benchmarks/storage.py, and readers never wait for the writer.)"""
        return self.now(work)

    def now(self, work: Callable[[sa.Connection], T]) -> T:
        """As `read`, for whoever does not run on an event loop yet."""
        if self._reader is None:
            raise StorageError("The database is closed.")
        return work(self._reader)

    async def scan(self, work: Callable[[sa.Connection], T]) -> T:
        """For reads that may touch many rows: runs on a thread of its own."""
        if self._scanner is None:
            raise StorageError("The database is closed.")
        return await asyncio.get_running_loop().run_in_executor(self._scanning, work, self._scanner)

    def _migrate(self) -> None:
        connection = connect(self._path, read_only=False)
        try:
            raw = dbapi(connection)
            patiently(lambda: raw.execute("BEGIN IMMEDIATE"), BUSY_S)
            migrate.upgrade(connection, self._told, existing=self._migrates, lost=self._lost)
            raw.execute("COMMIT")
        finally:
            connection.close()

    async def ready(self) -> bool:
        """Whether the database answers and is at the newest revision."""
        try:
            return await self.scan(migrate.revision) == migrate.HEAD
        except (StorageError, sa.exc.SQLAlchemyError):
            return False

    async def writes(self) -> bool:
        """Whether a row can be written. Many waiting writes and another process at work are no fault, as long as writes go on."""
        try:
            async with asyncio.timeout(PROBE_S):
                await self.write(lambda connection: connection.exec_driver_sql(_PROBE, (time.time(),)))
        except (StorageBusy, TimeoutError):
            return self._writer.alive and self._writer.stalled_s() < STALLED_S
        except (StorageError, sa.exc.SQLAlchemyError):
            return False
        return True


def _remedy(cause: str) -> str:
    remedies = {
        "not a database": "Put it back from a backup, with the -wal file of the same backup if there is one.",
        "malformed": "Put it back from a backup, with the -wal file of the same backup if there is one.",
        "locked": "Another process holds it, such as a backup or an SQLite shell: end that, and start again.",
        "readonly": "Let this user write it and its folder, and mount the disk so that it can be written.",
        "unable to open": "Let this user read and write it, its -wal and -shm files and its folder.",
        "full": "Free space on that disk.",
    }
    return next((remedy for part, remedy in remedies.items() if part in cause), "Check its rights and the disk.")
