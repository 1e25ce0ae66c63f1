"""Files that a browser may fetch: which there are, in which encodings, and which of them an answer holds.

A folder is looked through once. Only what was found then can be asked for, so no path in a request ever reaches the file system.
"""

import asyncio
import gzip
import io
import os
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

import msgspec

TYPES = {
    ".conf": "text/plain; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".map": "application/json",
    ".md": "text/markdown; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".task": "application/octet-stream",
    ".txt": "text/plain; charset=utf-8",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
    "Caddyfile": "text/plain; charset=utf-8",
}
"""What is served, by suffix, or by name where there is none; anything else in the folder is not."""

ENCODINGS = {"br": ".br", "gzip": ".gz"}
"""Content encodings in the order of preference, and the suffix of the file that holds one."""

PIECE_BYTES = 262_144


class Variant(msgspec.Struct, frozen=True):
    """One encoding of a file ("" = as it is). `open` is called away from the event loop, and raises OSError if the file is gone."""

    encoding: str
    etag: str
    open: Callable[[], BinaryIO]


class File(msgspec.Struct, frozen=True):
    """One file under its name; the last of `variants` is the plain one."""

    content_type: str
    variants: tuple[Variant, ...]

    def choose(self, accepted: str) -> Variant:
        """The first variant the client takes; the plain one suits everybody."""
        takes = accepts(accepted)
        return next((variant for variant in self.variants if variant.encoding and takes(variant.encoding)), self.variants[-1])


def accepts(header: str) -> Callable[[str], bool]:
    """Which encodings an Accept-Encoding header allows."""
    weights = {name.strip().lower(): _weight(parameters) for name, _, parameters in (part.partition(";") for part in header.split(","))}
    return lambda encoding: weights.get(encoding, weights.get("*", 0.0)) > 0


def _weight(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    try:
        return float(value) if name.strip().lower() == "q" else 1.0
    except ValueError:
        return 0.0


def folder(path: Path) -> Mapping[str, File]:
    """Every file under `path` by its name relative to it; nothing if there is no such folder."""
    return {found.relative_to(path).as_posix(): _file(found) for found in sorted(_files(path))}


def _files(path: Path) -> Iterator[Path]:
    return (found for found in path.rglob("*") if (found.suffix or found.name) in TYPES and found.is_file() and not found.is_symlink())


def _file(path: Path) -> File:
    beside = [(name, path.with_name(path.name + suffix)) for name, suffix in ENCODINGS.items()]
    variants = [_variant(name, other) for name, other in beside if other.is_file()]
    return File(TYPES[path.suffix or path.name], (*variants, _variant("", path)))


def _variant(encoding: str, path: Path) -> Variant:
    seen = path.stat()
    return Variant(encoding, f'"{seen.st_mtime_ns:x}-{seen.st_size:x}"', lambda: path.open("rb"))


def packed(path: Path, sha256: str) -> File:
    """A file that was not compressed when it was built; compressed when it is first asked for, and kept so."""
    squeezed = Variant("gzip", f'"{sha256}-gzip"', _Once(lambda: gzip.compress(path.read_bytes(), mtime=0)))
    return File(TYPES[path.suffix], (squeezed, Variant("", f'"{sha256}"', lambda: path.open("rb"))))


class _Once:
    """Makes its bytes at the first call and keeps them. Two first calls at once both make them; no harm is done."""

    def __init__(self, make: Callable[[], bytes]) -> None:
        self._make = make
        self._kept: bytes | None = None

    def __call__(self) -> BinaryIO:
        if self._kept is None:
            self._kept = self._make()
        return io.BytesIO(self._kept)


async def size_of(file: BinaryIO) -> int:
    """How many bytes it holds."""
    return await asyncio.to_thread(file.seek, 0, os.SEEK_END)


async def pieces(file: BinaryIO, part: range) -> AsyncIterator[bytes]:
    """The bytes of `part` in pieces, so that a slow client costs one piece; closes the file."""
    with file:
        await asyncio.to_thread(file.seek, part.start)
        left = len(part)
        while left and (piece := await asyncio.to_thread(file.read, min(left, PIECE_BYTES))):
            left -= len(piece)
            yield piece
