"""Whether bytes are a picture, told from the header alone. Pure: nothing is decoded, so hostile pixels never reach this process."""

import struct
from collections.abc import Callable

Size = tuple[int, int]  # width, height in pixels

_START_OF_FRAME = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_MAX_SEGMENTS = 4096  # a real file has tens; a hostile one could hold millions of fill bytes
_START_OF_SCAN, _END_OF_IMAGE = 0xDA, b"\xff\xd9"
_WITHOUT_LENGTH = frozenset({0x01, *range(0xD0, 0xD9)})


def picture_size(data: bytes) -> Size | None:
    """Width and height of a JPEG, PNG, BMP or WebP as its header states them; None if it is none of these or states none."""
    for signature, read in _READERS:
        if data.startswith(signature):
            try:
                width, height = read(data)
            except (struct.error, IndexError):
                return None
            return (width, height) if width > 0 and height > 0 else None
    return None


def _png(data: bytes) -> Size:
    if data[12:16] != b"IHDR":
        return 0, 0
    width, height = struct.unpack_from(">II", data, 16)
    return width, height


def _bmp(data: bytes) -> Size:
    if struct.unpack_from("<I", data, 14)[0] == 12:  # the old core header has 16-bit sizes
        return struct.unpack_from("<HH", data, 18)
    width, height = struct.unpack_from("<ii", data, 18)
    return width, abs(height)  # negative: rows from the top


def _webp(data: bytes) -> Size:
    if data[8:12] != b"WEBP":
        return 0, 0
    match data[12:16]:
        case b"VP8 ":
            width, height = struct.unpack_from("<HH", data, 26)
            return width & 0x3FFF, height & 0x3FFF
        case b"VP8L":
            (bits,) = struct.unpack_from("<I", data, 21)
            return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        case b"VP8X":
            return int.from_bytes(data[24:27], "little") + 1, int.from_bytes(data[27:30], "little") + 1
        case _:
            return 0, 0


def _jpeg(data: bytes) -> Size:
    """Walk the segments to the first start of frame."""
    at = 2
    for _ in range(_MAX_SEGMENTS):
        if data[at] != 0xFF:
            return 0, 0
        marker = data[at + 1]
        if marker in _START_OF_FRAME:
            height, width = struct.unpack_from(">HH", data, at + 5)
            return width, height
        at += _segment_length(data, at, marker)
    return 0, 0


def breaks_off(data: bytes) -> bool:
    """Whether a JPEG ends before its last pixel: its pixels do not begin, or the marker that ends them never comes. What follows the
    marker is not looked at, since phones append films there."""
    at = 2
    for _ in range(_MAX_SEGMENTS):
        if at + 2 > len(data) or data[at] != 0xFF:
            return True
        if data[at + 1] == _START_OF_SCAN:
            return data.find(_END_OF_IMAGE, at) < 0
        if at + 4 > len(data):
            return True
        at += _segment_length(data, at, data[at + 1])
    return True


def _segment_length(data: bytes, at: int, marker: int) -> int:
    if marker == 0xFF:  # fill byte
        return 1
    if marker in _WITHOUT_LENGTH:
        return 2
    (length,) = struct.unpack_from(">H", data, at + 2)
    return 2 + max(2, int(length))


_READERS: tuple[tuple[bytes, Callable[[bytes], Size]], ...] = (
    (b"\xff\xd8\xff", _jpeg),
    (b"\x89PNG\r\n\x1a\n", _png),
    (b"BM", _bmp),
    (b"RIFF", _webp),
)
