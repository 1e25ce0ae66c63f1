"""AVI: chunks. Tracks are described in the list `hdrl`, which comes first."""

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


def look(end: int, begin: int) -> Looking:
    """What the first `end` bytes tell that the first `begin` did not."""
    at = 12
    for _ in range(MOST_BOXES):
        head = yield at, 12
        if len(head) < 12:
            return UNTOLD
        name, size, kind = struct.unpack("<4sI4s", head)
        if (name, kind) == (b"LIST", b"hdrl"):
            return (yield from _index(at + 12, at + 8 + size, begin, end))
        if (name, kind) == (b"LIST", b"movi"):
            return UNTOLD
        at += 8 + size + size % 2
        if at >= end:
            return UNTOLD
    return excessive("avi")


def _index(start: int, stop: int, begin: int, end: int) -> Looking:
    if stop - start > MOST_INDEX:
        return excessive("avi")
    if stop > end or stop <= begin:
        return UNTOLD  # not all there, or looked at when it came
    data = yield start, max(stop - start, 0)
    return _tracks(data)


def _tracks(data: bytes) -> Finding:
    counter, tracks = iter(range(MOST_INNER)), 0
    found: list[Pictures] = []
    try:
        for name, content in _chunks(data, counter):
            if name == b"LIST" and content[:4] == b"strl":
                tracks += 1
                told = dict(_chunks(content[4:], counter))
                if told.get(b"strh", b"")[:4] == b"vids":
                    found.append(_described(told.get(b"strf", b"")))
    except TooMuch:
        return excessive("avi")
    return judged("avi", tracks, found)


def _described(header: bytes) -> Pictures:
    """By a BITMAPINFOHEADER; the height is negative where rows run from the top."""
    width, height = struct.unpack_from("<ii", header, 4) if len(header) >= 12 else (0, 0)
    return Pictures(codecs.by_fourcc(header[16:20]), abs(width), abs(height))


def _chunks(data: bytes, counter: Iterator[int]) -> Iterator[tuple[bytes, bytes]]:
    at = 0
    while at + 8 <= len(data):
        if next(counter, None) is None:
            raise TooMuch
        name, size = struct.unpack_from("<4sI", data, at)
        yield name, data[at + 8 : at + 8 + size]
        at += 8 + size + size % 2
