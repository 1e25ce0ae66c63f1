"""The home folder: everything a server keeps lies here, readable by its owner alone."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_bytes, token_hex

from openekyc.errors import HomeError
from openekyc.storage.seal import KEY_BYTES

MADE = ".database-made"
"""Stands in a home whose database was made once: without it a database that is lost looks like a home that never had one."""
OURS = frozenset({"openekyc.toml", "openekyc.db", "openekyc.db-wal", "openekyc.db-shm", "blobs", "local.key", "lock", "master.key", MADE})
LEFT_BY_SYSTEMS = frozenset({"lost+found"})
MOST_NAMED = 3


class Home:
    """Paths in a home folder. `open_home` makes one ready."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.database = path / "openekyc.db"
        self.blobs = path / "blobs"
        self.master_key = path / "master.key"
        self.lock_file = path / "lock"
        self.made_file = path / MADE

    def master(self) -> bytes:
        """The master key, 32 bytes. Raises HomeError."""
        key = self.master_key.read_bytes()
        if len(key) != KEY_BYTES:
            raise HomeError(f"{self.master_key} is damaged: it must hold {KEY_BYTES} bytes.", "Restore it from a backup.")
        return key

    def database_made(self) -> None:
        """Note that the database exists, once it does."""
        if not self.made_file.exists():
            write_private(self.made_file, b"")

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Held by the one server on this home; the system lets go of it however the process ends. Raises HomeError."""
        descriptor = os.open(self.lock_file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            _take(descriptor, self.path)
            yield
        finally:
            os.close(descriptor)


def open_home(path: Path) -> Home:
    """The home at `path`, made if absent with rights for the owner alone, with a master key. Raises HomeError with the remedy."""
    home = Home(path.expanduser().absolute())
    try:
        home.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        _check_ours(home)
        _claim(home.path)
        _check_database(home)
        if not home.master_key.exists():
            _create_master(home)
        _check_private(home.master_key)
    except OSError as error:
        raise HomeError(
            f"The home folder {home.path} cannot be used: {error.strerror}.", "Choose another with --home or OPENEKYC_HOME."
        ) from error
    return home


def accept_new_database(path: Path) -> None:
    """Let the next start begin with an empty database although there was another. Raises HomeError while a server runs on it."""
    home = Home(path.expanduser().absolute())
    if home.path.is_dir():
        with home.locked():
            home.made_file.unlink(missing_ok=True)
            home.lock_file.write_bytes(b"")


def write_private(path: Path, data: bytes) -> bool:
    """Create `path` with mode 600, durable and whole; False if it exists already."""
    aside = path.with_name(f".{path.name}.{token_hex(8)}")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        return _link(aside, path)
    finally:
        aside.unlink()


def _link(aside: Path, path: Path) -> bool:
    try:
        os.link(aside, path)
    except FileExistsError:
        return False
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return True


def _create_master(home: Home) -> None:
    if home.database.exists():
        raise HomeError(
            f"{home.master_key} is missing: the secrets in {home.database} cannot be opened without it.",
            "Restore it from a backup, or move the database away to begin anew.",
        )
    write_private(home.master_key, token_bytes(KEY_BYTES))


def _check_ours(home: Home) -> None:
    """A folder that is used for something else must not become a home: it would be closed to everybody but its owner."""
    if home.database.exists() or home.master_key.exists():
        return
    if home.path.resolve() == Path.home().resolve():
        raise HomeError(f"{home.path} is your own home directory.", "Name a folder of its own with --home or OPENEKYC_HOME.")
    known = OURS | LEFT_BY_SYSTEMS
    strange = sorted(entry.name for entry in home.path.iterdir() if entry.name not in known and not entry.name.startswith(".master.key."))
    if strange:
        some = ", ".join(strange[:MOST_NAMED]) + (" and more" if len(strange) > MOST_NAMED else "")
        raise HomeError(
            f"{home.path} holds what is not openekyc's: {some}.", "Name an empty folder or a new one with --home or OPENEKYC_HOME."
        )


def _check_database(home: Home) -> None:
    """A database that was there and is gone is not made anew in silence: keys, sessions and results would be lost without a word."""
    if home.database.is_dir() or (home.database.exists() and home.database.stat().st_size):
        return
    held = home.lock_file.is_file() and home.lock_file.stat().st_size  # a server ran here, perhaps of a version before MADE
    if home.master_key.exists() and (home.made_file.exists() or held):
        what = "is empty" if home.database.exists() else "is missing"
        raise HomeError(
            f"The database {home.database} {what}, although this home had one.",
            "Put it back from a backup; or begin anew, with neither keys nor sessions: `openekyc serve --accept-new-database`.",
        )


def _claim(folder: Path) -> None:
    """An existing folder of this user's is closed to others; another user's is refused."""
    status = folder.stat()
    if status.st_uid != os.geteuid():
        raise HomeError(f"{folder} belongs to another user.", "Run as its owner, or choose another folder with --home.")
    if status.st_mode & 0o077:
        folder.chmod(0o700)


def _check_private(file: Path) -> None:
    """A key that others could read may have been read: the operator has to know."""
    if file.stat().st_mode & 0o077:
        raise HomeError(f"{file} can be read by other users.", f"If none of them can have copied it: chmod 600 {file}")


def _take(descriptor: int, path: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.pread(descriptor, 20, 0).decode(errors="replace").strip() or "unknown"
        raise HomeError(
            f"Another server (process {holder}) already runs on {path}.", "Stop it, or choose another folder with --home."
        ) from None
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, str(os.getpid()).encode(), 0)
