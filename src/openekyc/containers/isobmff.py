"""MP4, MOV, 3GP: boxes. Tracks are described in `moov`, which may stand at the end of the file."""

import struct
from collections.abc import Iterator

from openekyc.containers import codecs
from openekyc.containers.finding import (
    MOST_BOXES,
    MOST_INDEX,
    MOST_INNER,
    UNTOLD,
    Finding,
    Looking,
    Pictures,
    TooMuch,
    excessive,
    judged,
)

FIRST = frozenset({b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot", b"styp", b"uuid"})
"""Boxes a file may begin with. Old QuickTime files have no `ftyp`."""

_ENTRY = 86  # bytes of a visual sample entry before its own boxes
_WALKED = (b"trak", b"mdia", b"minf", b"stbl")


def look(end: int, begin: int) -> Looking:
    """What the first `end` bytes tell that the first `begin` did not."""
    at = 0
    for _ in range(MOST_BOXES):
        head = yield at, 16
        size, kind, header = _box(head)
        if not size and kind == b"moov":
            return UNTOLD  # to the end of the file, which nobody knows yet
        if kind == b"moov":
            return (yield from _index(at + header, at + size, begin, end))
        if size < 8 or kind == b"moof":
            return UNTOLD
        at += size
        if at >= end:
            return UNTOLD
    return excessive("mov")


def _box(head: bytes) -> tuple[int, bytes, int]:
    """Size, kind and length of the header; 0 for a size that is not told."""
    if len(head) < 8:
        return 0, b"", 0
    size, kind = struct.unpack_from(">I4s", head)
    if size == 1:
        return (struct.unpack_from(">Q", head, 8)[0], kind, 16) if len(head) >= 16 else (0, b"", 0)
    return size, kind, 8


def _index(start: int, stop: int, begin: int, end: int) -> Looking:
    if stop - start > MOST_INDEX:
        return excessive("mov")
    if stop > end or stop <= begin:
        return UNTOLD  # not all there, or looked at when it came
    data = yield start, stop - start
    return _tracks(data)


def _tracks(data: bytes) -> Finding:
    counter, tracks = iter(range(MOST_INNER)), 0
    found: list[Pictures] = []
    try:
        for kind, start, stop in _children(data, 0, len(data), counter):
            if kind == b"cmov":
                return UNTOLD  # compressed: the engine's to open
            if kind == b"trak":
                tracks += 1
                found += _pictures(data, start, stop, counter)
    except TooMuch:
        return excessive("mov")
    return judged("mov", tracks, found)


def _pictures(data: bytes, start: int, stop: int, counter: Iterator[int]) -> list[Pictures]:
    """The track, if its handler says that it holds pictures."""
    handler, found, inside = b"", Pictures(""), [(start, stop)]
    while inside:
        for kind, low, high in _children(data, *inside.pop(), counter):
            if kind in _WALKED:
                inside.append((low, high))
            elif kind == b"hdlr" and data[low + 4 : low + 8] != b"dhlr":  # the handler of the data, not of the media
                handler = data[low + 8 : low + 12]
            elif kind == b"stsd":
                found = _described(data[low:high])
    return [found] if handler == b"vide" and found.codec else []


def _described(entries: bytes) -> Pictures:
    """By the first sample entry."""
    if len(entries) < 16:
        return Pictures("")
    fourcc, entry = entries[12:16], entries[8 : 8 + struct.unpack_from(">I", entries, 8)[0]]
    width, height = struct.unpack_from(">HH", entry, 32) if len(entry) >= 36 else (0, 0)
    return Pictures(_object(entry) if fourcc == b"mp4v" else codecs.by_fourcc(fourcc), width, height)


def _object(entry: bytes) -> str:
    """`mp4v` stands for several codecs; its elementary stream descriptor says which."""
    at = entry.find(b"esds", _ENTRY)
    config = entry.find(b"\x04", at + 13) if at >= 0 else -1  # past its header, the outer tag and length, id and flags
    if config < 0:
        return "MPEG-4 part 2"
    config += 1
    while config < len(entry) and entry[config] & 0x80:
        config += 1
    return codecs.by_object(entry[config + 1]) if config + 1 < len(entry) else "MPEG-4 part 2"


def _children(data: bytes, start: int, stop: int, counter: Iterator[int]) -> Iterator[tuple[bytes, int, int]]:
    """Kind, begin and end of the content of each box. What does not fit ends it; raises TooMuch when the counter has run out."""
    while start + 8 <= stop:
        if next(counter, None) is None:
            raise TooMuch
        size, kind, header = _box(data[start : start + 16])
        size = size or stop - start
        if size < header or start + size > stop:
            return
        yield kind, start + header, start + size
        start += size
