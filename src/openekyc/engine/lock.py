"""The list of weight files openekyc needs, and the check that a folder holds exactly them.

The list is `models.lock.toml` in the package. Reading and checking imports no network runtime, so a command or the API process can
do it before anything heavy is loaded.
"""

import hashlib
import tomllib
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from openekyc.errors import ModelError

LOCK_FILE = Path(__file__).parent.parent / "models.lock.toml"
REMEDY = "Run `openekyc models fetch`."
OWN = "silent_own"
OWN_REMEDY = "Correct the file, or empty the setting silent_model; docs/how-to/use-your-own-network.md shows its form."
LARGEST_TEXT = 100_000  # bytes of a description

Use = Literal["engine", "simulator", "cards", "tests"]
State = Literal["present", "missing", "altered"]


class Source(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A registry package that carries the file: `path` inside its `archive`."""

    archive: Literal["wheel", "sdist", "npm"]
    package: str
    version: str
    path: str


class NetworkInput(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a passive network is fed and read. Its input is (1, 3, height, width) float32, its output one score for each class before the
    softmax. `crop`: side of the crop in face-box sides; `close_crop`: the same of a second crop, on which the network is asked too, 0 for
    none; `threshold`: the live probability under which either denies; `room`: it is not asked where the picture leaves fewer face-box
    sides around the face."""

    colours: Literal["BGR", "RGB"]
    width: Annotated[int, Meta(ge=16, le=1024)]
    height: Annotated[int, Meta(ge=16, le=1024)]
    crop: Annotated[float, Meta(ge=1, le=8)]
    scale: Literal["0..255", "0..1", "-1..1"]
    live_class: Annotated[int, Meta(ge=0, le=1000)]
    threshold: Annotated[float, Meta(gt=0, lt=1)]
    room: Annotated[float, Meta(ge=0, le=8)] = 0.0
    close_crop: Annotated[float, Meta(ge=0, le=8)] = 0.0

    @property
    def crops(self) -> tuple[float, ...]:
        """The sides of every crop it is asked on."""
        return (self.crop, self.close_crop) if self.close_crop else (self.crop,)


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
    input: NetworkInput | None = None


class OwnFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an operator writes about a passive network of their own; `file` lies beside it."""

    file: Annotated[str, Meta(min_length=1, max_length=1000)]
    size: int
    sha256: Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
    licence: Annotated[str, Meta(min_length=1, max_length=10_000)]
    origin: Annotated[str, Meta(min_length=1, max_length=10_000)]
    input: NetworkInput
    unknown: str = ""


class Weights(msgspec.Struct, frozen=True):
    """Where the weights lie: the folder of the packaged files, and the description (TOML) of an operator's own network, if any."""

    folder: Path
    own: Path | None = None


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


def named(weights: Weights) -> dict[str, LockedFile]:
    """Every file that judges, by name, as its entry has it. Raises ModelError about the operator's own description."""
    found = {item.name: item for item in engine_files()}
    return found if weights.own is None else found | {OWN: read_own(weights.own)}


def files(weights: Weights) -> dict[str, LockedFile]:
    """The same, of files that are there and unaltered. Raises ModelError naming the first that is not."""
    require(weights.folder, engine_files())
    if weights.own is not None:
        own_file(weights.own)
    return named(weights)


def own_file(description: Path) -> LockedFile:
    """The operator's own network, checked by size and hash. Raises ModelError."""
    item = read_own(description)
    found = state(description.parent, item)
    if found == "present" and (description.parent / item.file).stat().st_size != item.size:
        found = "altered"
    if found != "present":
        remedy = "Put it there, or empty the setting silent_model." if found == "missing" else OWN_REMEDY
        raise ModelError(f"The network {description.parent / item.file}, named by {description}, is {found}.", remedy)
    return item


def read_own(description: Path) -> LockedFile:
    """What the description says, before the file is looked at. Raises ModelError."""
    try:
        with description.open("rb") as file:
            text = file.read(LARGEST_TEXT).decode()
        own = msgspec.convert(tomllib.loads(text), OwnFile)
    except OSError as error:
        raise ModelError(f"The description {description} cannot be read: {error.strerror}.", OWN_REMEDY) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
        raise ModelError(f"The description {description} is not valid: {error}.", OWN_REMEDY) from None
    return LockedFile(OWN, own.file, "engine", own.size, own.sha256, own.licence, own.origin, (), own.unknown, own.input)


def files_for(*uses: Use) -> tuple[LockedFile, ...]:
    """The files of some uses."""
    return tuple(item for item in read_lock() if item.use in uses)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
