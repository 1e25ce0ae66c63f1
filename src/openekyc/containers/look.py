"""From a recording's bytes, whole or as far as they came, to what it is.

Nothing is read beyond headers, and only few and small parts of them, so that hostile files cost as little as honest ones. What these
headers leave open, damage among it, is the engine's to say.
"""

import io
from typing import BinaryIO

from openekyc.containers import ebml, flv, isobmff, riff
from openekyc.containers.codecs import CONTAINERS
from openekyc.containers.finding import UNTOLD, Finding, Looking

__all__ = ["Finding", "examine", "look", "signature"]

TELLING = 12  # bytes by which every container is known
_HEAD = 1_000_000  # in WebM, AVI and FLV the tracks are described before this many bytes, or nobody can play them as they come

_OTHERS = (
    (b"OggS", "Ogg"),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "ASF or WMV"),
    (b"\x00\x00\x01\xba", "an MPEG program stream"),
    (b"\x00\x00\x01", "a bare video stream"),
    (b"\x00\x00\x00\x01", "a bare video stream"),
    (b"DKIF", "IVF"),
    (b"YUV4MPEG2", "YUV4MPEG2"),
    (b".RMF", "RealMedia"),
    (b"GIF8", "a GIF"),
    (b"\xff\xd8\xff", "a JPEG"),
    (b"\x89PNG", "a PNG"),
    (b"RIFF", "a RIFF file of another kind than AVI"),
    (b"ID3", "sound alone"),
    (b"fLaC", "sound alone"),
    (b"\x47", "an MPEG transport stream"),
)


def signature(head: bytes) -> Finding:
    """The container by the first bytes."""
    if head.startswith(ebml.MAGIC):
        return Finding("matroska")
    if len(head) < TELLING:
        return UNTOLD
    if head[4:8] in isobmff.FIRST and int.from_bytes(head[:4], "big") not in range(2, 8):
        return Finding("mov")
    if head.startswith(b"RIFF") and head[8:12] == b"AVI ":
        return Finding("avi")
    if head.startswith(b"FLV"):
        return Finding("flv")
    name = next((name for magic, name in _OTHERS if head.startswith(magic)), "a file of an unknown kind")
    *first, last = CONTAINERS.values()
    return Finding(fault=f"it is {name}, and what is judged is {', '.join(first)} or {last}")


def look(end: int, begin: int = 0) -> Looking:
    """What the first `end` bytes tell; nothing if the first `begin` had told it already."""
    found = signature((yield 0, TELLING))
    if found.container is None:
        return found
    if found.container != "mov" and begin >= _HEAD:
        return UNTOLD
    told = yield from _READERS[found.container](end, begin)
    return told if told != UNTOLD else found


def examine(source: bytes | BinaryIO) -> Finding:
    """What a whole recording is, in memory or in an open file."""
    file = io.BytesIO(source) if isinstance(source, bytes) else source
    looking = look(file.seek(0, io.SEEK_END))
    try:
        start, length = next(looking)
        while True:
            file.seek(start)
            start, length = looking.send(file.read(length))
    except StopIteration as done:
        found: Finding = done.value
        return found


_READERS = {"matroska": ebml.look, "mov": isobmff.look, "avi": riff.look, "flv": flv.look}
