"""A picture is told by its header, and no bytes whatever break the reader."""

import struct

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openekyc.wire.picture import breaks_off, picture_size


@pytest.mark.parametrize("kind", [".jpg", ".png", ".bmp", ".webp"])
@pytest.mark.parametrize("size", [(1, 1), (17, 300), (640, 480)])
def test_real_encoders(kind: str, size: tuple[int, int]) -> None:
    width, height = size
    coded, data = cv2.imencode(kind, np.full((height, width, 3), 127, np.uint8))
    assert coded
    assert picture_size(data.tobytes()) == (width, height)


def test_lossless_and_extended_webp() -> None:
    lossless = cv2.imencode(".webp", np.zeros((9, 33, 3), np.uint8), [cv2.IMWRITE_WEBP_QUALITY, 101])[1].tobytes()
    assert picture_size(lossless) == (33, 9)
    extended = b"RIFF\0\0\0\0WEBPVP8X" + bytes(8) + (32).to_bytes(3, "little") + (8).to_bytes(3, "little")
    assert picture_size(extended) == (33, 9)


def test_old_bitmaps_and_fill_bytes() -> None:
    assert picture_size(b"BM" + bytes(12) + struct.pack("<IHH", 12, 5, 6)) == (5, 6)
    assert picture_size(b"BM" + bytes(12) + struct.pack("<Iii", 40, 5, -6)) == (5, 6)
    assert picture_size(b"\xff\xd8" + b"\xff" * 20 + b"\xd0\xff\xc0\0\x11\x08\0\x06\0\x05") == (5, 6)


@pytest.mark.parametrize(
    "data", [b"", b"hello", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"BM", b"RIFF", b"GIF89a", b"\xff\xd8" + b"\xff" * 8_000_000]
)
def test_no_picture(data: bytes) -> None:
    assert picture_size(data) is None


@given(
    st.sampled_from([b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", b"BM", b"RIFF0000WEBPVP8 ", b"RIFF0000WEBPVP8L"]),
    st.binary(max_size=60),
)
def test_any_bytes(head: bytes, tail: bytes) -> None:
    size = picture_size(head + tail)
    assert size is None or min(size) > 0


def jpeg(pixels: bytes, *more: bytes) -> bytes:
    """A thumbnail of its own in a segment before, as cameras write it, then the picture."""
    thumbnail = b"\xff\xd8\xff\xda\0\x02\x01\xff\xd9"
    segment = b"\xff\xe1" + (len(thumbnail) + 2).to_bytes(2, "big") + thumbnail
    frame = b"\xff\xc0\0\x11\x08" + (90).to_bytes(2, "big") + (160).to_bytes(2, "big") + bytes(10)
    return b"\xff\xd8" + segment + frame + b"\xff\xda\0\x02" + pixels + b"".join(more)


def test_a_jpeg_breaks_off_where_its_end_never_comes():
    whole = jpeg(b"\x12\xff\0\x34", b"\xff\xd9")
    assert picture_size(whole) == (160, 90)
    assert not breaks_off(whole)
    assert not breaks_off(jpeg(b"\x12", b"\xff\xd9", b"a film \xff\xda that was appended"))
    assert all(breaks_off(whole[:end]) for end in range(len(whole) - 1))
    assert breaks_off(b"\xff\xd8" + b"\xff" * 8_000_000)
