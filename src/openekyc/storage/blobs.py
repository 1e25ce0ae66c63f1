"""Blobs as files in a folder, through obstore (whose S3 store speaks the same calls)."""

import asyncio
import os
import re
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex

import obstore
from obstore.store import LocalStore

from openekyc.errors import HomeError, StorageError

KEY_MAX = 300
MOVES = 10
_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}(/[A-Za-z0-9][A-Za-z0-9._-]{0,99}){0,9}")
_STAGING = ".staging"  # no key can begin with a dot


def check_key(key: str) -> str:
    """The key itself. Raises ValueError unless it is 1 to 10 plain names joined by slashes: no `..`, nothing hidden or absolute."""
    if len(key) > KEY_MAX or not _KEY.fullmatch(key):
        raise ValueError("not a blob key")
    return key


class LocalBlobs:
    """See `openekyc.sessions.ports.Blobs`. Nothing here blocks the event loop. A put is written aside, flushed, moved into place
    and the folders flushed: after a power cut the key holds the old bytes or the new, whole. `alone`: nobody else works in the folder,
    so what lies aside was left by a process that is dead, and is removed."""

    def __init__(self, folder: Path, *, alone: bool = False) -> None:
        if alone:
            shutil.rmtree(folder / _STAGING, ignore_errors=True)
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            (folder / _STAGING).mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            remedy = "Let this user write there, and mount it so that it can be written."
            raise HomeError(f"Files cannot be kept in {folder}: {error.strerror or error}.", remedy) from error
        self._folder = folder
        self._store = LocalStore(folder)

    async def put(self, key: str, data: bytes) -> None:
        await asyncio.to_thread(self._put, check_key(key), data)

    async def get(self, key: str) -> bytes:
        with _absent(check_key(key)):
            result = await obstore.get_async(self._store, key)
            return bytes(await result.bytes_async())

    async def stream(self, key: str, start: int = 0, length: int | None = None) -> AsyncIterator[bytes]:
        with _absent(check_key(key)):
            size = (await obstore.head_async(self._store, key))["size"]
            end = size if length is None else min(size, start + length)
            if start >= end:
                return
            result = await obstore.get_async(self._store, key, options={"range": (start, end)})
        async for piece in result.stream():
            yield bytes(piece)

    async def delete(self, prefix: str) -> None:
        await asyncio.to_thread(self._delete, check_key(prefix))

    def _put(self, key: str, data: bytes) -> None:
        aside = f"{_STAGING}/{token_hex(16)}"
        try:
            obstore.put(self._store, aside, data, use_multipart=False)
            _flush(self._folder / aside)
            self._move(aside, key)
        except BaseException:  # such as a full disk, which what lies aside would keep full
            (self._folder / aside).unlink(missing_ok=True)
            raise
        self._flush_folders((self._folder / key).parent)

    def _move(self, aside: str, key: str) -> None:
        for _ in range(MOVES):  # a delete beside this put may take the folder just made for it
            with suppress(FileNotFoundError):
                return obstore.rename(self._store, aside, key)
        raise StorageError("The folder of a blob vanishes each time it is made.")

    def _delete(self, prefix: str) -> None:
        """Moved aside in one step first: a put beside it falls wholly before or wholly after."""
        path, aside = self._folder / prefix, self._folder / _STAGING / token_hex(16)
        try:
            path.rename(aside)
        except (FileNotFoundError, NotADirectoryError):
            return
        self._flush_folders(path.parent)
        if aside.is_dir():
            shutil.rmtree(aside)
        else:
            aside.unlink()

    def _flush_folders(self, folder: Path) -> None:
        """From the file's folder up to the root: each may just have been made, by this put or one beside it."""
        while folder != self._folder.parent:
            with suppress(FileNotFoundError):  # a delete beside this put took it
                _flush(folder)
            folder = folder.parent


@contextmanager
def _absent(key: str) -> Iterator[None]:
    """A missing file is a missing key."""
    try:
        yield
    except FileNotFoundError:
        raise KeyError(key) from None


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
