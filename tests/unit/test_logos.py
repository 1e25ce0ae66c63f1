"""Logos are decoded in a process of their own and written anew, or refused with the cause."""

import io
import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image, PngImagePlugin

from openekyc.branding import is_logo
from openekyc.errors import SettingsError
from openekyc.logos import MOST_BYTES, LogoRefused, of_bytes, of_file, with_kept
from openekyc.settings import Settings
from openekyc.storage.memory import MemoryBlobs

RED = Image.new("RGBA", (60, 20), (200, 30, 30, 128))


def encoded(picture: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    target = io.BytesIO()
    picture.save(target, kind, **options)
    return target.getvalue()


def reopened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def bomb(side: int = 60_000) -> bytes:
    """A PNG of 3.6 gigapixels whose pixels are all alike, as far as they fit into 200 kB."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 6, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(bytes(100_000_000))) + chunk(b"IEND", b"")


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_a_logo_keeps_its_pixels_and_nothing_else(kind: str) -> None:
    exif = Image.Exif()
    exif[0x010E] = "where it was made"
    logo = of_bytes(encoded(RED, kind, exif=exif, **({"lossless": True} if kind == "WEBP" else {})))
    assert is_logo(logo.name)
    assert logo.name.endswith(kind.lower())
    again = reopened(logo.data)
    assert (again.format, again.size, again.mode) == (kind, RED.size, "RGBA")
    assert not dict(again.getexif())
    assert b"where it was made" not in logo.data
    assert of_bytes(encoded(RED, kind, exif=exif, **({"lossless": True} if kind == "WEBP" else {}))) == logo


def test_texts_inside_go() -> None:
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", "<script>alert(1)</script>")
    assert b"script" not in of_bytes(encoded(RED, pnginfo=info) + b"<script>behind the end</script>").data


def test_a_turned_picture_is_turned() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    assert reopened(of_bytes(encoded(RED, "WEBP", exif=exif)).data).size == (20, 60)


def test_what_would_grow_over_the_limit_is_made_smaller() -> None:
    noise = Image.effect_noise((700, 700), 40).convert("RGB")
    given = next(data for quality in range(60, 0, -5) if len(data := encoded(noise, "WEBP", quality=quality)) <= MOST_BYTES)
    assert len(of_bytes(given).data) <= MOST_BYTES


REFUSED = {
    "larger than 200 kB": lambda: encoded(RED) + bytes(MOST_BYTES),
    "neither PNG nor WebP": lambda: b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "neither": lambda: encoded(RED.convert("RGB"), "JPEG"),
    "animated": lambda: encoded(RED, save_all=True, append_images=[RED.rotate(90)]),
    "is animated": lambda: encoded(RED, "WEBP", save_all=True, append_images=[Image.new("RGBA", (60, 20))]),
    "2049 x 1 pixels": lambda: encoded(Image.new("RGB", (2049, 1))),
    "too many pixels": bomb,
    "cannot be decoded": lambda: encoded(RED)[:70],
    "cannot": lambda: b"RIFF\x00\x00\x00\x00WAVE",
    "nor WebP": lambda: b"",
}


@pytest.mark.parametrize("cause", REFUSED)
def test_what_cannot_be_a_logo_is_refused(cause: str) -> None:
    with pytest.raises(LogoRefused, match=cause) as caught:
        of_bytes(REFUSED[cause]())
    assert "PNG or WebP" in caught.value.remedy


def test_files_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    for path in (tmp_path / "none.png", tmp_path, Path("a\x00b"), Path("~nobody-here/x.png")):
        with pytest.raises(LogoRefused, match="cannot be read"):
            of_file(path)


async def test_the_servers_logo_is_kept_under_its_name(tmp_path: Path) -> None:
    (tmp_path / "logo.png").write_bytes(encoded(RED))
    blobs = MemoryBlobs()
    settings = await with_kept(Settings(brand_logo=str(tmp_path / "logo.png")), blobs)
    assert is_logo(settings.brand_logo)
    assert reopened(await blobs.get(f"brand/{settings.brand_logo}")).size == RED.size
    assert (await with_kept(Settings(), blobs)).brand_logo == ""
    with pytest.raises(SettingsError, match="brand_logo"):
        await with_kept(Settings(brand_logo=str(tmp_path / "none.png")), blobs)
