"""Blobs as files in a folder, through obstore (whose S3 store speaks the same calls)."""

import asyncio
import errno
import os
import re
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from secrets import token_hex
from typing import Any

import obstore
from obstore.store import LocalStore

KEY_MAX = 300
_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}(/[A-Za-z0-9][A-Za-z0-9._-]{0,99}){0,9}")
_STAGING = ".staging"  # no key can begin with a dot


def check_key(key: str) -> str:
    """The key itself. Raises ValueError unless it is 1 to 10 plain names joined by slashes: no `..`, nothing hidden or absolute."""
    if len(key) > KEY_MAX or not _KEY.fullmatch(key):
        raise ValueError("not a blob key")
    return key


class LocalBlobs:
    """See `openekyc.sessions.ports.Blobs`. Nothing here blocks the event loop. A put is written aside, flushed, moved into place
    and the folders flushed: after a power cut the key holds the old bytes or the new, whole."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.rmtree(folder / _STAGING, ignore_errors=True)
        self._folder = folder
        self._store = LocalStore(folder)

    async def put(self, key: str, data: bytes) -> None:
        await asyncio.to_thread(self._put, check_key(key), data)

    async def get(self, key: str) -> bytes:
        try:
            result = await obstore.get_async(self._store, check_key(key))
            return bytes(await result.bytes_async())
        except FileNotFoundError:
            raise KeyError(key) from None

    async def stream(self, key: str, start: int = 0, length: int | None = None) -> AsyncIterator[bytes]:
        size = await self._size(key)
        end = size if length is None else min(size, start + length)
        if start >= end:
            return
        result = await obstore.get_async(self._store, key, options={"range": (start, end)})
        async for piece in result.stream():
            yield bytes(piece)

    async def delete(self, prefix: str) -> None:
        await asyncio.to_thread(self._delete, check_key(prefix))

    async def _size(self, key: str) -> int:
        try:
            return (await obstore.head_async(self._store, check_key(key)))["size"]
        except FileNotFoundError:
            raise KeyError(key) from None

    def _put(self, key: str, data: bytes) -> None:
        aside = f"{_STAGING}/{token_hex(16)}"
        obstore.put(self._store, aside, data, use_multipart=False)
        _flush(self._folder / aside)
        self._move(aside, key)
        self._flush_folders((self._folder / key).parent)

    def _move(self, aside: str, key: str) -> None:
        try:
            obstore.rename(self._store, aside, key)
        except FileNotFoundError:  # a delete beside this put took the folder just made for it
            obstore.rename(self._store, aside, key)

    def _delete(self, prefix: str) -> None:
        path = self._folder / prefix
        if path.is_dir():
            shutil.rmtree(path, onerror=_unless_raced)
        else:
            path.unlink(missing_ok=True)
        self._flush_folders(path.parent)

    def _flush_folders(self, folder: Path) -> None:
        """From the file's folder up to the root: each may just have been made, by this put or one beside it."""
        while folder != self._folder.parent:
            if folder.is_dir():  # else a delete beside this one took it
                _flush(folder)
            folder = folder.parent


def _unless_raced(_call: object, _path: object, failure: Any) -> None:
    """A folder that another delete took first, or that a put beside this delete filled again, is no failure of this one."""
    error = failure[1]
    if not isinstance(error, FileNotFoundError) and error.errno != errno.ENOTEMPTY:
        raise error


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
