"""The home folder: everything a server keeps lies here, readable by its owner alone."""

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_bytes, token_hex

from openekyc.errors import HomeError
from openekyc.storage import claim
from openekyc.storage.seal import KEY_BYTES


class Home:
    """Paths in a home folder. `open_home` makes one ready. `had`: what shows that a database has been here; "": none has, or its loss was
    accepted."""

    def __init__(self, path: Path, had: str = "") -> None:
        self.path = path
        self.had = had
        self.database = path / claim.DATABASE
        self.blobs = path / claim.BLOBS
        self.master_key = path / claim.MASTER_KEY
        self.lock_file = path / "lock"

    def master(self) -> bytes:
        """The master key, 32 bytes. Raises HomeError."""
        try:
            key = self.master_key.read_bytes()
        except OSError as error:
            raise _unusable(self.master_key, error) from error
        if len(key) != KEY_BYTES:
            remedy = "Put it back from a backup: without it no key in the database can be opened."
            raise HomeError(f"{self.master_key} is damaged: it holds {len(key)} bytes instead of {KEY_BYTES}.", remedy)
        return key

    def mark_made(self) -> None:
        """Note that the database is there, so that its loss is noticed."""
        try:
            (self.path / claim.MADE).touch(mode=0o600)
        except OSError as error:
            raise _unusable(self.path, error) from error

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Held by the one server on this home; the system lets go of it however the process ends. Raises HomeError."""
        try:
            descriptor = os.open(self.lock_file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise _unusable(self.lock_file, error) from error
        try:
            _take(descriptor, self.path)
            yield
        finally:
            os.close(descriptor)


def open_home(path: Path, *, accept_new_database: bool = False) -> Home:
    """The home at `path`, made if absent with rights for the owner alone, with a master key. `accept_new_database`: that its database is
    lost, if it is. Raises HomeError with the remedy."""
    try:
        folder = path.expanduser().absolute()
    except RuntimeError:  # `~` and a name that is no user's
        raise HomeError(f"{path}: there is no such user.", "Choose another home with --home or OPENEKYC_HOME.") from None
    if "\0" in str(folder):
        raise HomeError("The name of the home folder holds a character that no name may.", "Choose another with --home or OPENEKYC_HOME.")
    try:
        if not folder.exists() and not folder.is_symlink():
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        claim.claim(folder)
        home = Home(folder, "" if accept_new_database else claim.lived(folder))
        if not home.master_key.exists() and home.database.exists():
            raise _keyless(home)
        if home.had and claim.is_absent(home.database):
            raise claim.missing(home.database, home.had)
        if not home.master_key.exists():
            write_private(home.master_key, token_bytes(KEY_BYTES))
        _check_private(home.master_key)
    except OSError as error:
        raise _unusable(folder, error) from error
    return home


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


def _keyless(home: Home) -> HomeError:
    return HomeError(
        f"{home.master_key} is missing: the secrets in {home.database} cannot be opened without it.",
        "Put it back from a backup, or choose another folder with --home to begin anew.",
    )


def _unusable(path: Path, error: OSError) -> HomeError:
    remedies = {
        errno.EROFS: "Mount it so that it can be written, or choose another home with --home or OPENEKYC_HOME.",
        errno.ENOSPC: "Free space on that disk.",
        errno.EDQUOT: "Free space within your quota.",
        errno.EACCES: "Let this user read and write there, or choose another home with --home or OPENEKYC_HOME.",
        errno.EPERM: "Let this user read and write there, or choose another home with --home or OPENEKYC_HOME.",
    }
    remedy = remedies.get(error.errno or 0, "Choose another home with --home or OPENEKYC_HOME.")
    return HomeError(f"The home folder cannot be used: {path}: {error.strerror or error}.", remedy)


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
