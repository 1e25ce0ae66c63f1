"""Pictures in Base64: what may stand in the text, what it is measured as, and what a refusal says."""

import base64
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openekyc.wire.codes import ImageSizeTooLarge
from openekyc.wire.rules import Base64Picture

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + (160).to_bytes(4, "big") + (90).to_bytes(4, "big")
MOST = 400
RULE = Base64Picture(MOST, ImageSizeTooLarge)


def encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()


@given(st.binary(max_size=MOST // 4 * 3 - len(PNG)), st.lists(st.tuples(st.integers(0, MOST), st.sampled_from("\r\n\t ")), max_size=600))
def test_blanks_anywhere_change_nothing(tail: bytes, blanks: list[tuple[int, str]]) -> None:
    text = encoded(PNG + tail)
    for at, blank in blanks:
        text = text[:at] + blank + text[at:]
    assert RULE.read(text) == PNG + tail


@given(st.binary(max_size=30), st.sampled_from(["\n", "\r\n", " ", "\t"]), st.sampled_from(["", "data:image/png;base64,"]))
def test_wrapped_lines_and_data_addresses(tail: bytes, end: str, prefix: str) -> None:
    text = encoded(PNG + tail)
    wrapped = end.join(text[at : at + 16] for at in range(0, len(text), 16))
    assert RULE.read(f"{end}{prefix}{end}{wrapped}{end}") == PNG + tail


@given(st.text(max_size=60))
def test_any_other_text_is_refused_as_a_value(text: str) -> None:
    with pytest.raises(ValueError, match=r"Base64 \(at most 400"):
        RULE.read(text)


def test_blanks_do_not_count() -> None:
    fits = PNG + bytes(MOST // 4 * 3 - len(PNG))
    assert RULE.read("\n".join(encoded(fits))) == fits
    with pytest.raises(ImageSizeTooLarge):
        RULE.read(encoded(fits + bytes(3)))
    with pytest.raises(ImageSizeTooLarge):
        RULE.read(" " + encoded(fits + bytes(3)))


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        (base64.urlsafe_b64encode(PNG + b"\xff\xff\xfe").decode(), "URL-safe alphabet"),
        (base64.urlsafe_b64encode(PNG + b"\xff\xff\xfe\xff").decode().rstrip("="), "URL-safe alphabet"),
        (encoded(PNG + b"a").rstrip("="), "padding"),
        (encoded(PNG + b"a") + "=", "padding"),
        (encoded(PNG + b"a") + encoded(b"b"), "padding"),
        (encoded(PNG) + "A", "padding"),
        ("=", "padding"),
        (encoded(PNG) + "!!!!", "not of the Base64 alphabet"),
        (encoded(PNG) + "-!!!", "not of the Base64 alphabet"),
        (encoded(PNG) + "\x0b\x0c\x00\xa0", "not of the Base64 alphabet"),
        (encoded(PNG) + "日本語字", "not of the Base64 alphabet"),
        (encoded(b"hello, world"), "none of these"),
        ("", "none of these"),
    ],
)
def test_a_refusal_names_its_cause(text: str, cause: str) -> None:
    with pytest.raises(ValueError, match=cause):
        RULE.read(text)


def jpeg(width: int, height: int, rest: bytes = b"\xff\xda\x00\xff\xd9") -> bytes:
    return b"\xff\xd8\xff\xc0\x00\x0b\x08" + struct.pack(">HH", height, width) + bytes(4) + rest


@pytest.mark.parametrize("data", [jpeg(8192, 6144), jpeg(9344, 7008), PNG])
def test_what_the_engine_can_decode_is_taken(data: bytes) -> None:
    assert RULE.read(encoded(data)) == data


@pytest.mark.parametrize(
    ("data", "names"),
    [
        (jpeg(12000, 9000), "12000 x 9000"),
        (PNG[:16] + struct.pack(">II", 9000, 6000), "9000 x 6000"),
        (PNG[:16] + struct.pack(">II", 900, 79), "900 x 79"),
        (jpeg(90, 90, b""), "breaks off"),
        (jpeg(90, 90, b"\xff\xda\x00\x12"), "breaks off: the marker that ends it is missing"),
    ],
)
def test_what_its_header_shows_to_be_of_no_use_is_refused_with_the_token(data: bytes, names: str) -> None:
    with pytest.raises(ValueError, match=names):
        RULE.read(encoded(data))
