"""SQLite connections with the settings every one of them needs."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.pool import NullPool

BUSY_S = 10.0  # how long a transaction waits for another process's
LOCKED = ("database is locked", "database is busy", "database table is locked")


def connect(path: Path, *, read_only: bool, busy_s: float = BUSY_S) -> sa.Connection:
    """A connection in SQLite's autocommit: transactions are opened by hand. It may change threads, but serves one at a time.

    The write-ahead log with synchronous FULL flushes every commit to the disk before it returns."""
    engine = sa.create_engine(
        sa.URL.create("sqlite", database=str(path)),
        poolclass=NullPool,
        isolation_level="AUTOCOMMIT",
        hide_parameters=True,  # they hold tokens; errors reach the log
        connect_args={"timeout": busy_s, "check_same_thread": False},
    )
    connection = engine.connect()
    raw = dbapi(connection)
    raw.execute("PRAGMA foreign_keys = ON")
    if read_only:
        raw.execute("PRAGMA query_only = ON")
    else:
        patiently(lambda: raw.execute("PRAGMA journal_mode = WAL"), busy_s)
        raw.execute("PRAGMA synchronous = FULL")
    return connection


def dbapi(connection: sa.Connection) -> Any:
    """The sqlite3.Connection underneath."""
    return connection.connection.dbapi_connection


def patiently(action: Callable[[], object], seconds: float) -> None:
    """Repeat `action` while another process holds the database, for `seconds` at most; then its error comes through."""
    import sqlite3

    until = time.monotonic() + seconds
    while True:
        try:
            action()
        except sqlite3.OperationalError as error:
            if not is_busy(error) or time.monotonic() > until:
                raise
            time.sleep(0.01)
        else:
            return


def is_busy(error: BaseException) -> bool:
    """Whether the error says that another process holds the database."""
    return any(phrase in str(error) for phrase in LOCKED)
