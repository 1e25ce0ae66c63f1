"""Each picture of a match report once through the engine, with a cache beside the report so that an interrupted run goes on.

The cache holds face embeddings, which are personal data: it is a file of the report's folder, readable by its owner alone, and removed
when the report is done unless it is asked to stay.
"""

import base64
import hashlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from openekyc.engine.compare.pictures import PictureRefused, embedding, portrait
from openekyc.engine.media import PictureLimits
from openekyc.engine.runtime import Models

CACHE = "embeddings.jsonl"

_LARGEST = PictureLimits().size


class Acquired(msgspec.Struct, frozen=True):
    """One picture's embedding, or the code and the reason why there is none. `content` is the SHA-256 of the file, `engine` that of all
    weights and the version."""

    content: str
    engine: str
    code: str = "0"
    reason: str = ""
    vector: str = ""  # base64 of little-endian float32

    @property
    def embedding(self) -> NDArray[np.float32] | None:
        """The unit vector, if there is one."""
        return np.frombuffer(base64.b64decode(self.vector), "<f4") if self.vector else None


def acquire(models: Models, version: str, folder: Path, pictures: Iterable[str], out: Path) -> Iterator[tuple[str, Acquired]]:
    """Every picture with what the engine made of it, by the rules that hold for a reference picture. Raises OSError."""
    engine = _engine(models, version)
    known = read_cache(out / CACHE, engine)
    for picture in pictures:
        data = _read(folder, picture)
        content = hashlib.sha256(data).hexdigest()
        if content not in known:
            known[content] = _acquired(models, data, content, engine)
            append(out / CACHE, known[content])
        yield picture, known[content]


def _engine(models: Models, version: str) -> str:
    words = [version, *(f"{item.file} {item.sha256}" for item in models.files.values())]
    return hashlib.sha256("\n".join(words).encode()).hexdigest()


def _read(folder: Path, picture: str) -> bytes:
    """The file, cut behind the engine's own limit, which then refuses it."""
    with (folder / picture).open("rb") as file:
        return file.read(_LARGEST + 1)


def _acquired(models: Models, data: bytes, content: str, engine: str) -> Acquired:
    try:
        vector = embedding(models, portrait(models, data))
    except PictureRefused as refused:
        return Acquired(content, engine, refused.code, refused.reason)
    return Acquired(content, engine, vector=base64.b64encode(vector.astype("<f4").tobytes()).decode())


def read_cache(path: Path, engine: str) -> dict[str, Acquired]:
    """What an earlier run left, by content; lines of another engine or cut off are left out."""
    try:
        lines = path.read_bytes().splitlines()
    except OSError:
        return {}
    found = {}
    for line in lines:
        try:
            one = msgspec.json.decode(line, type=Acquired)
        except msgspec.DecodeError:
            continue
        if one.engine == engine:
            found[one.content] = one
    return found


def append(path: Path, one: Acquired) -> None:
    """One more line, for the owner alone. It begins with the break, so that a line cut off before spoils none."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as file:
        file.write(b"\n" + msgspec.json.encode(one))
