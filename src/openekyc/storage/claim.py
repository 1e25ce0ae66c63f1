"""Whether a folder may be a home: it is this user's, nothing else lies in it, and what lies in it is of the right kind.

A home is closed to everybody else, so a folder named by mistake must be left as it is.
"""

import os
import re
import stat
from pathlib import Path

from openekyc.errors import HomeError
from openekyc.storage.seal import KEY_BYTES

DATABASE, MASTER_KEY, BLOBS, MADE = "openekyc.db", "master.key", "blobs", "openekyc.db.made"
_FILES = (DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm", f"{DATABASE}-journal", MADE, MASTER_KEY, "local.key", "lock", "openekyc.toml")
_OURS = frozenset({*_FILES, "local.key.before", BLOBS, "lost+found"})
_ASIDE = re.compile(r"\.master\.key\.[0-9a-f]{16}")  # of a start that was killed
_SHOWN = 3


def claim(folder: Path) -> None:
    """Close an existing folder to others. Raises HomeError, and leaves it as it is, if it is not ours to close. OSError comes through."""
    if not folder.is_dir():
        what = "a file" if folder.exists() else "a link that leads nowhere"
        raise HomeError(f"{folder} is {what}, and a home is a folder.", "Choose another with --home or OPENEKYC_HOME.")
    status = folder.stat()
    if status.st_mode & stat.S_ISVTX and status.st_mode & stat.S_IWOTH:
        raise HomeError(f"{folder} is a folder that everybody shares.", "Choose a folder inside it with --home or OPENEKYC_HOME.")
    if status.st_uid != os.geteuid():
        raise HomeError(f"{folder} belongs to another user.", "Run as its owner, or choose another folder with --home.")
    _check_alone(folder)
    _check_kinds(folder)
    if status.st_mode & 0o077:
        folder.chmod(0o700)


def lived(folder: Path) -> str:
    """What shows that a database has been here; "" in a home that at most made its key."""
    for name in (MADE, "local.key"):
        if (folder / name).exists():
            return name
    wal = folder / f"{DATABASE}-wal"
    if wal.exists() and wal.stat().st_size and not _size(folder / DATABASE):
        return wal.name
    blobs = folder / BLOBS
    kept = blobs.is_dir() and any(not path.name.startswith(".") and path.name != "lost+found" for path in blobs.iterdir())
    return BLOBS if kept else ""


def is_absent(database: Path) -> bool:
    """Whether it is missing or empty."""
    return not _size(database)


def missing(database: Path, evidence: str) -> HomeError:
    """The database is not there, or empty, where there has been one."""
    state = "is empty" if database.exists() else "is missing"
    return HomeError(
        f"The database {database} {state}, though this home has had one ({evidence} shows it).",
        "Put the file back from a backup, or begin without any earlier account, key and session: `openekyc serve --accept-new-database`.",
    )


def _check_alone(folder: Path) -> None:
    names = {path.name for path in folder.iterdir()}
    foreign = sorted(name for name in names - _OURS if not _ASIDE.fullmatch(name))
    if not foreign or DATABASE in names or _is_master(folder / MASTER_KEY):
        return
    more = f" and {len(foreign) - _SHOWN} more" if len(foreign) > _SHOWN else ""
    raise HomeError(
        f"{folder} is no home of openekyc: it holds {', '.join(foreign[:_SHOWN])}{more}.",
        "Choose an empty or a new folder with --home or OPENEKYC_HOME; a home is closed to everybody else.",
    )


def _check_kinds(folder: Path) -> None:
    for name in _FILES:
        path = folder / name
        if path.is_symlink() and not path.exists():
            raise HomeError(f"{path} is a link that leads nowhere.", "Put back what it leads to, or remove the link.")
        if path.exists() and not path.is_file():
            raise HomeError(f"{path} is a folder or device, where a file belongs.", "Move it away, or put the file back from a backup.")
    blobs = folder / BLOBS
    if (blobs.exists() or blobs.is_symlink()) and not blobs.is_dir():
        raise HomeError(f"{blobs} is no folder, where one belongs.", "Move it away, or put the folder back from a backup.")


def _is_master(path: Path) -> bool:
    """Whether it looks like a key of ours: other programs keep text under that name."""
    if not path.is_file() or path.stat().st_size != KEY_BYTES:
        return False
    return not path.read_bytes().isalnum()


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
