"""Headers alone tell what a recording is; hostile ones cost no more than honest ones."""

import struct
from collections.abc import Generator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openekyc.containers import Finding, examine, look
from tests.recordings import encode, grey_ramp


def box(kind: bytes, *content: bytes) -> bytes:
    body = b"".join(content)
    return struct.pack(">I4s", 8 + len(body), kind) + body


def track(fourcc: bytes, handler: bytes = b"vide", extra: bytes = b"", size: tuple[int, int] = (640, 480)) -> bytes:
    entry = box(fourcc, bytes(24), struct.pack(">HH", *size), bytes(50), extra)
    described = box(b"stsd", bytes(4), struct.pack(">I", 1), entry)
    return box(b"trak", box(b"mdia", box(b"hdlr", bytes(8), handler, bytes(12)), box(b"minf", box(b"stbl", described))))


def mov(*tracks: bytes, before: bytes = b"") -> bytes:
    return box(b"ftyp", b"isom\0\0\0\0") + before + box(b"moov", box(b"mvhd", bytes(100)), *tracks)


def element(name: int, content: bytes, size: int | None = None) -> bytes:
    head = name.to_bytes((name.bit_length() + 7) // 8, "big")
    return head + ((1 << 56) | (len(content) if size is None else size)).to_bytes(8, "big") + content


def webm(*entries: bytes, before: bytes = b"") -> bytes:
    return element(0x1A45DFA3, b"\x42\x82\x84webm") + element(
        0x18538067, before + element(0x1654AE6B, b"".join(entries)), size=(1 << 56) - 1
    )


def entry(codec: bytes, kind: int = 1, private: bytes = b"") -> bytes:
    return element(0xAE, element(0x83, bytes([kind])) + element(0x86, codec) + element(0x63A2, private))


def avi(*compressions: bytes) -> bytes:
    def chunk(name: bytes, content: bytes) -> bytes:
        return name + struct.pack("<I", len(content)) + content

    formats = [struct.pack("<IiiHH4s", 40, 640, -480, 1, 24, one) + bytes(20) for one in compressions]
    lists = [chunk(b"LIST", b"strl" + chunk(b"strh", b"vids" + bytes(52)) + chunk(b"strf", one)) for one in formats]
    return b"RIFF" + bytes(4) + b"AVI " + chunk(b"LIST", b"hdrl" + chunk(b"avih", bytes(56)) + b"".join(lists))


def flv(first: bytes) -> bytes:
    script, picture = (
        bytes([kind]) + len(body).to_bytes(3, "big") + bytes(7) + body + bytes(4) for kind, body in ((18, b"x" * 50), (9, first))
    )
    return b"FLV\x01\x05\x00\x00\x00\x09" + bytes(4) + script + picture


@pytest.mark.parametrize(
    ("data", "container", "codec"),
    [
        (mov(track(b"avc1")), "mov", "H.264"),
        (mov(track(b"avc3")), "mov", "H.264"),
        (mov(track(b"hvc1")), "mov", "HEVC"),
        (mov(track(b"hev1")), "mov", "HEVC"),
        (mov(track(b"dvh1")), "mov", "HEVC"),
        (mov(track(b"av01")), "mov", "AV1"),
        (mov(track(b"vp09")), "mov", "VP9"),
        (mov(track(b"jpeg")), "mov", "Motion JPEG"),
        (
            mov(track(b"mp4v", extra=box(b"esds", bytes(4), b"\x03\x80\x80\x80\x22\0\x01\0\x04\x80\x80\x80\x14\x20"))),
            "mov",
            "MPEG-4 part 2",
        ),
        (mov(track(b"mp4a", b"soun"), track(b"avc1")), "mov", "H.264"),
        (mov(track(b"apcn"), track(b"avc1")), "mov", "H.264"),
        (mov(track(b"avc1"), before=box(b"mdat", bytes(5000))), "mov", "H.264"),
        (mov(track(b"avc1"), before=struct.pack(">I4sQ", 1, b"mdat", 5016) + bytes(5000)), "mov", "H.264"),
        (mov(track(b"avc1"))[16:], "mov", "H.264"),
        (webm(entry(b"V_VP8")), "matroska", "VP8"),
        (webm(entry(b"A_OPUS", 2), entry(b"V_AV1"), before=element(0xEC, bytes(300_000))), "matroska", "AV1"),
        (webm(entry(b"V_MS/VFW/FOURCC", private=bytes(16) + b"XVID" + bytes(20))), "matroska", "MPEG-4 part 2"),
        (webm(entry(b"V_MPEGH/ISO/HEVC")), "matroska", "HEVC"),
        (avi(b"XVID"), "avi", "MPEG-4 part 2"),
        (avi(b"MJPG"), "avi", "Motion JPEG"),
        (flv(b"\x22" + bytes(20)), "flv", "FLV1"),
        (flv(b"\x17" + bytes(20)), "flv", "H.264"),
        (flv(b"\x90hvc1" + bytes(20)), "flv", "HEVC"),
    ],
)
def test_what_is_judged_is_known_by_its_headers(data: bytes, container: str, codec: str) -> None:
    found = examine(data)
    assert (found.container, found.pictures.codec, found.fault) == (container, codec, "")


@pytest.mark.parametrize(
    ("data", "names"),
    [
        (mov(track(b"apch")), "ProRes"),
        (mov(track(b"vvc1")), "H.266"),
        (mov(track(b"encv")), "encrypted"),
        (mov(track(b"Zz\x07<")), "'Zz??'"),
        (mov(track(b"mp4v", extra=box(b"esds", bytes(4), b"\x03\x22\0\x01\0\x04\x14\x61"))), "MPEG-2"),
        (mov(track(b"mp4a", b"soun")), "no video"),
        (mov(*[track(b"mp4a", b"soun")] * 16, track(b"avc1")), "16 tracks"),
        (mov(track(b"hvc1", size=(3840, 2160))), "3840 x 2160"),
        (webm(entry(b"V_THEORA")), "Theora"),
        (webm(entry(b"V_MPEG4/MS/V3")), "MS MPEG-4"),
        (webm(*[entry(b"V_VP8")] * 17), "16 tracks"),
        (avi(b"DIV3"), "MS MPEG-4"),
        (avi(b"\0\0\0\0"), "uncompressed"),
        (flv(b"\x14" + bytes(20)), "VP6"),
        (b"OggS" + bytes(100), "Ogg"),
        (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11" + bytes(100), "WMV"),
        (b"\x47\x40\x00\x10" + bytes(200), "transport stream"),
        (b"\xff\xd8\xff\xe0" + bytes(100), "JPEG"),
        (b"<html><body>not found", "unknown"),
        (bytes(100), "unknown"),
    ],
)
def test_the_rest_is_refused_by_name(data: bytes, names: str) -> None:
    assert names in examine(data).fault


@pytest.mark.parametrize(
    "data",
    [
        box(b"ftyp", b"isom") + box(b"free") * 100_000,
        mov(*[track(b"avc1")] * 30_000),
        mov(box(b"udta") * 100_000, track(b"avc1")),
        box(b"ftyp", b"isom") + struct.pack(">I4s", 5_000_000, b"moov") + bytes(100),
        webm(before=element(0xEC, b"") * 100_000),
        webm(*[entry(b"V_VP8")] * 30_000),
        webm(entry(b"V_VP8" * 900_000)),
        avi(*[b"XVID"] * 20_000),
    ],
    ids=["boxes", "tracks", "inner boxes", "claimed index", "elements", "entries", "long entry", "streams"],
)
def test_a_bomb_is_refused_after_few_reads(data: bytes) -> None:
    found, reads, read = traced(look(len(data)), data)
    assert found.fault
    assert reads <= 40
    assert read <= 4_100_000


def traced(looking: Generator[tuple[int, int], bytes, Finding], data: bytes) -> tuple[Finding, int, int]:
    reads = read = 0
    try:
        start, length = next(looking)
        while True:
            reads, read = reads + 1, read + length
            start, length = looking.send(data[start : start + length])
    except StopIteration as done:
        return done.value, reads, read


@pytest.mark.parametrize(
    "data", [mov(track(b"apch"), before=box(b"mdat", bytes(999))), webm(entry(b"V_THEORA")), avi(b"DIV3"), flv(b"\x14" + bytes(20))]
)
def test_exactly_one_slice_shows_it(data: bytes) -> None:
    for size in (1, 7, 64, 5_000):
        told = [traced(look(min(at + size, len(data)), at), data[: at + size])[0].fault for at in range(0, len(data), size)]
        assert len([fault for fault in told if fault]) == 1
    assert told[-1]


@given(
    st.binary(max_size=60), st.sampled_from([mov(track(b"avc1")), webm(entry(b"V_VP8")), avi(b"XVID"), flv(b"\x17" + bytes(20))]), st.data()
)
def test_damage_never_raises(noise: bytes, whole: bytes, draw: st.DataObject) -> None:
    at = draw.draw(st.integers(0, len(whole)))
    for data in (noise, whole[:at], whole[:at] + noise + whole[at + len(noise) :]):
        assert isinstance(examine(data), Finding)


@pytest.mark.parametrize(
    ("container", "codec", "named"),
    [("mp4", "libx264", "H.264"), ("webm", "libvpx", "VP8"), ("avi", "mpeg4", "MPEG-4 part 2"), ("flv", "flv", "FLV1")],
)
def test_real_files_agree(container: str, codec: str, named: str) -> None:
    found = examine(encode(grey_ramp(5), container, codec))
    assert found.pictures.codec == named
    assert not found.fault
