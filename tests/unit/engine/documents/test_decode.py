"""Files as people and attackers send them: decoded, bounded, or refused with a reason."""

import io
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from openekyc.engine.documents.decode import decode_card
from openekyc.engine.picture import decode_picture
from openekyc.errors import MediaError, MediaTooLarge, MediaUndecodable
from tests import cards

PICTURE = np.asarray(np.random.default_rng(0).integers(0, 255, (400, 600, 3)), np.uint8)


def huge_png(width: int, height: int) -> bytes:
    """A PNG that is small as a file and enormous as a picture."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    out = io.BytesIO(b"\x89PNG\r\n\x1a\n")
    out.seek(0, io.SEEK_END)
    out.write(chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)))
    out.write(chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b""))
    return out.getvalue()


@pytest.mark.parametrize("form", [".jpg", ".png", ".webp", ".bmp"])
def test_usual_formats_are_decoded(form: str) -> None:
    assert decode_card(cards.encoded(PICTURE, form)).shape == PICTURE.shape


def test_exif_orientation_is_applied() -> None:
    assert decode_card(cards.exif_turned(cards.encoded(PICTURE), 6)).shape == (600, 400, 3)


def test_large_photographs_are_shrunk_while_they_are_decoded() -> None:
    photograph = np.full((5400, 7200, 3), 120, np.uint8)
    decoded = decode_card(cards.encoded(photograph))
    assert max(decoded.shape) <= 3200
    assert max(decoded.shape) >= 1600


def test_what_a_camera_appends_does_no_harm() -> None:
    assert decode_card(cards.encoded(PICTURE) + b"trailer" * 100).shape == PICTURE.shape


def animated(form: str) -> bytes:
    """Three pictures, the first of them blue in BGR."""
    shades = [Image.fromarray(np.full((300, 400, 3), colour, np.uint8)) for colour in ((20, 20, 220), (20, 220, 20), (220, 20, 20))]
    out = io.BytesIO()
    shades[0].save(out, form, save_all=True, append_images=shades[1:])
    return out.getvalue()


@pytest.mark.parametrize("form", ["WEBP", "PNG"])
def test_of_an_animation_the_first_picture_counts(form: str) -> None:
    decoded = decode_card(animated(form))
    assert decoded.shape == (300, 400, 3)
    assert np.abs(decoded[150, 200].astype(int) - (220, 20, 20)).max() < 12


def test_a_jpeg_in_printing_colours_is_decoded_with_the_right_colours() -> None:
    out = io.BytesIO()
    Image.fromarray(np.full((300, 400, 3), (200, 30, 60), np.uint8)).convert("CMYK").save(out, "JPEG")
    decoded = decode_card(out.getvalue())
    assert np.abs(decoded[150, 200].astype(int) - (60, 30, 200)).max() < 12


@pytest.mark.parametrize("form", ["baseline", "progressive", "png"])
def test_forty_megapixels_stay_within_their_memory(form: str, tmp_path: Path) -> None:
    """In a process of its own, whose peak is its own. The pixels alone take 120 MB, which a PNG and a progressive JPEG need at once."""
    photograph = np.full((5472, 7312, 3), 90, np.uint8)
    cv2.putText(photograph, "CARD", (500, 3000), cv2.FONT_HERSHEY_SIMPLEX, 60, (20, 20, 20), 200)
    kind, extra = (".png", []) if form == "png" else (".jpg", [cv2.IMWRITE_JPEG_PROGRESSIVE, int(form == "progressive")])
    path = tmp_path / f"photograph{kind}"
    path.write_bytes(cv2.imencode(kind, photograph, extra)[1].tobytes())
    program = """
import resource, sys
from openekyc.engine.documents.decode import decode_card
data = open(sys.argv[1], "rb").read()
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
before = peak()
print(max(decode_card(data).shape), peak() - before)
"""
    told = subprocess.run([sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=True, timeout=60).stdout
    longest, megabytes = map(int, told.split())
    assert 1600 <= longest <= 3200
    assert megabytes < 200


BAD = {
    "nothing": b"",
    "text": b"hello" * 100,
    "svg": b"<svg xmlns='http://www.w3.org/2000/svg' width='1000' height='600'><script>alert(1)</script></svg>",
    "gif": b"GIF89a" + bytes(200),
    "an animated gif": animated("GIF"),
    "heic": b"\x00\x00\x00\x18ftypheic" + bytes(200),
    "pdf": b"%PDF-1.7" + bytes(200),
    "half a jpeg": cards.encoded(PICTURE)[: len(cards.encoded(PICTURE)) // 2],
    "half a png": cards.encoded(PICTURE, ".png")[:20_000],
    "half a webp": cards.encoded(PICTURE, ".webp")[:20_000],
    "a jpeg's head": cards.encoded(PICTURE)[:300],
    "tiny": cards.encoded(PICTURE[:50, :50]),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_complete_picture_is_refused(name: str) -> None:
    with pytest.raises(MediaUndecodable):
        decode_card(BAD[name])


@pytest.mark.parametrize("data", [huge_png(60_000, 60_000), cards.encoded(PICTURE) + bytes(20_000_001)])
def test_more_than_the_limits_is_refused_before_decoding(data: bytes) -> None:
    with pytest.raises(MediaTooLarge):
        decode_card(data)


def test_noise_behind_a_good_header_never_crashes() -> None:
    good = cards.encoded(PICTURE)
    random = np.random.default_rng(1)
    for _ in range(60):
        bytes_ = bytearray(good)
        for place in random.integers(2, len(good), 20):
            bytes_[place] = int(random.integers(0, 256))
        try:
            image = decode_card(bytes(bytes_))
        except MediaError:
            continue
        assert image.ndim == 3


def test_grey_and_transparent_pictures_are_decoded_in_colour() -> None:
    grey = np.asarray(cv2.cvtColor(PICTURE, cv2.COLOR_BGR2GRAY), np.uint8)
    clear = np.asarray(cv2.cvtColor(PICTURE, cv2.COLOR_BGR2BGRA), np.uint8)
    assert decode_card(cards.encoded(grey)).shape == PICTURE.shape
    assert decode_card(cards.encoded(clear, ".png")).shape == PICTURE.shape


@pytest.mark.parametrize(("width", "height"), [(8064, 6048), (8192, 6144), (9344, 7008)])
def test_the_photographs_of_48_to_64_megapixel_phones_are_shrunk_while_decoded(width: int, height: int) -> None:
    data = cv2.imencode(".jpg", np.full((height, width), 90, np.uint8))[1].tobytes()
    assert 1_600 <= max(decode_card(data).shape) <= width // 2
    assert decode_picture(data).shape == (height // 2, width // 2, 3)


def test_a_larger_one_is_refused_by_its_header() -> None:
    data = bytearray(cv2.imencode(".jpg", np.full((200, 200), 90, np.uint8))[1].tobytes())
    at = data.index(b"\xff\xc0") + 5
    data[at : at + 4] = struct.pack(">HH", 9000, 12000)
    for decode in (decode_card, decode_picture):
        with pytest.raises(MediaTooLarge, match="12000 x 9000"):
            decode(bytes(data))
