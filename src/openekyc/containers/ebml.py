"""WebM and Matroska: elements. Tracks are described in `Tracks`, before the first cluster of pictures."""

from collections.abc import Iterator
from typing import NamedTuple

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

MAGIC = b"\x1a\x45\xdf\xa3"

_SEGMENT, _TRACKS, _CLUSTER = 0x18538067, 0x1654AE6B, 0x1F43B675
_ENTRY, _KIND, _CODEC, _PRIVATE, _SHAPE, _WIDTH, _HEIGHT = 0xAE, 0x83, 0x86, 0x63A2, 0xE0, 0xB0, 0xBA
_VIDEO = 1  # the kind of a track with pictures


class _Element(NamedTuple):
    name: int
    start: int  # of its content
    size: int | None  # None: unknown, as in a recording that was still running


def look(end: int, begin: int) -> Looking:
    """What the first `end` bytes tell that the first `begin` did not."""
    at = 0
    for place in range(MOST_BOXES):
        found = _element((yield at, 12), at)
        if found is None or found.name == _CLUSTER:
            return UNTOLD
        if found.name == _TRACKS:
            return (yield from _index(found, begin, end))
        if found.name == _SEGMENT and place:
            at = found.start
            continue
        if found.size is None:
            return UNTOLD
        at = found.start + found.size
        if at >= end:
            return UNTOLD
    return excessive("matroska")


def _index(tracks: _Element, begin: int, end: int) -> Looking:
    if tracks.size is not None and tracks.size > MOST_INDEX:
        return excessive("matroska")
    if tracks.size is None or tracks.start + tracks.size > end or tracks.start + tracks.size <= begin:
        return UNTOLD  # not all there, or looked at when it came
    data = yield tracks.start, tracks.size
    return _tracks(data)


def _tracks(data: bytes) -> Finding:
    counter, tracks = iter(range(MOST_INNER)), 0
    found: list[Pictures] = []
    try:
        for name, entry in _children(data, counter):
            if name == _ENTRY:
                tracks += 1
                found += _pictures(entry, counter)
    except TooMuch:
        return excessive("matroska")
    return judged("matroska", tracks, found)


def _pictures(entry: bytes, counter: Iterator[int]) -> list[Pictures]:
    """The track, if it holds pictures."""
    told = dict(_children(entry, counter))
    if int.from_bytes(told.get(_KIND, b""), "big") != _VIDEO:
        return []
    shape = dict(_children(told.get(_SHAPE, b""), counter))
    width, height = (int.from_bytes(shape.get(name, b"")[:8], "big") for name in (_WIDTH, _HEIGHT))
    return [Pictures(_codec(told.get(_CODEC, b""), told.get(_PRIVATE, b"")), width, height)]


def _codec(name: bytes, private: bytes) -> str:
    if name.startswith(b"V_MS/VFW/FOURCC"):
        return codecs.by_fourcc(private[16:20])
    if name.startswith(b"V_QUICKTIME"):
        return codecs.by_fourcc(private[4:8])
    return codecs.by_matroska(name)


def _children(data: bytes, counter: Iterator[int]) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at < len(data):
        if next(counter, None) is None:
            raise TooMuch
        found = _element(data[at : at + 12], at)
        if found is None or found.size is None or found.start + found.size > len(data):
            return
        at = found.start + found.size
        yield found.name, data[found.start : at]


def _element(head: bytes, at: int) -> _Element | None:
    """The element that begins with these bytes at `at`; None if they are none, or too few."""
    width = _width(head, 4)
    if not width or len(head) <= width:
        return None
    length = _width(head[width:], 8)
    if not length or len(head) < width + length:
        return None
    value = int.from_bytes(head[width : width + length], "big") & ((1 << 7 * length) - 1)
    unknown = value == (1 << 7 * length) - 1
    return _Element(int.from_bytes(head[:width], "big"), at + width + length, None if unknown else value)


def _width(head: bytes, most: int) -> int:
    """How many bytes a number takes that begins so; 0 if it is none."""
    width = 9 - head[0].bit_length() if head and head[0] else 0
    return width if width <= most else 0
