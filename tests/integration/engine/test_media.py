"""Recordings and pictures as they come from outside: containers, codecs, clocks, broken ends, limits and lies."""

import contextlib
import functools
import struct

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openekyc.engine.media import MediaLimits, PictureLimits, cut, decode_picture, open_video
from openekyc.engine.picture_size import picture_size
from openekyc.errors import MediaError, MediaTooLarge, MediaUndecodable
from tests.recordings import encode, grey_ramp

FORMS = [
    ("webm", "libvpx", {}),
    ("webm", "libvpx-vp9", {"live": "1"}),
    ("matroska", "libx264", {"live": "1"}),
    ("mp4", "libx264", {}),
    ("mp4", "libx264", {"movflags": "frag_keyframe+empty_moov"}),
]


@functools.cache
def recording(container: str = "webm", codec: str = "libvpx", **options: str) -> bytes:
    return encode(grey_ramp(), container, codec, options=options)


@pytest.mark.parametrize(("container", "codec", "options"), FORMS)
def test_every_accepted_form_gives_all_frames_in_time_and_colour(container: str, codec: str, options: dict[str, str]) -> None:
    video = open_video(recording(container, codec, **options))
    frames = list(video)
    assert [frame.index for frame in frames] == list(range(60))
    assert frames[-1].time == pytest.approx(59 / 30, abs=0.01)
    assert frames[0].image.shape == (120, 160, 3)
    assert frames[0].image[8, 8] == pytest.approx([0, 0, 255], abs=12)
    assert frames[-1].mean_rgb[1] - frames[0].mean_rgb[1] == pytest.approx(2 * 59, rel=0.1)
    assert not video.truncated


@pytest.mark.parametrize(("container", "codec", "options"), [form for form in FORMS if form != ("mp4", "libx264", {})])
def test_a_file_that_breaks_off_keeps_what_came_before(container: str, codec: str, options: dict[str, str]) -> None:
    data = recording(container, codec, **options)
    frames = list(open_video(data[: len(data) // 2]))
    assert 10 <= len(frames) < 60


def test_a_broken_end_is_told_where_the_file_announces_its_length() -> None:
    data = recording("mp4", "libx264", movflags="frag_keyframe+empty_moov")
    video = open_video(data[: len(data) // 2])
    list(video)
    assert video.truncated


def test_an_mp4_without_its_index_cannot_be_decoded() -> None:
    data = recording("mp4", "libx264")
    with pytest.raises(MediaUndecodable):
        open_video(data[: len(data) // 2])


def test_times_come_from_the_frames_not_from_the_nominal_rate() -> None:
    times = [0.0, 0.033, 0.2, 0.25, 0.7, 0.71, 1.4]
    frames = list(open_video(encode(grey_ramp(len(times)), times=times)))
    assert [frame.time for frame in frames] == pytest.approx(times, abs=0.002)


def test_rotation_metadata_turns_the_picture_upright() -> None:
    data = bytearray(recording("mp4", "libx264"))
    identity = struct.pack(">9i", 65536, 0, 0, 0, 65536, 0, 0, 0, 1 << 30)
    quarter = struct.pack(">9i", 0, 65536, 0, -65536, 0, 0, 120 << 16, 0, 1 << 30)
    at = data.index(identity, data.index(b"tkhd"))
    data[at : at + len(quarter)] = quarter
    image = next(iter(open_video(bytes(data)))).image
    assert image.shape == (160, 120, 3)
    assert image[8, -8] == pytest.approx([0, 0, 255], abs=12)


@pytest.mark.parametrize(
    "limits", [MediaLimits(size=100), MediaLimits(seconds=1), MediaLimits(frames=10), MediaLimits(pixels=1000)], ids=str
)
def test_each_limit_is_enforced(limits: MediaLimits) -> None:
    with pytest.raises(MediaTooLarge):
        list(open_video(recording(), limits))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"#EXTM3U\nfile:///etc/passwd\n",
        b"ffconcat version 1.0\nfile /etc/passwd\n",
        b"RIFF\x00\x00\x00\x00AVI LIST",
        b"\x1a\x45\xdf\xa3" + bytes(500),
        b"\x00\x00\x00\x18ftypmp42" + bytes(500),
    ],
)
def test_everything_else_is_refused(data: bytes) -> None:
    with pytest.raises(MediaUndecodable):
        list(open_video(data))


def test_other_codecs_are_refused() -> None:
    with pytest.raises(MediaUndecodable, match=r"VP8, VP9 or H\.264"):
        open_video(encode(grey_ramp(3), "matroska", "mpeg4"))


def test_a_picture_that_changes_its_size_ends_the_recording() -> None:
    small, large = (encode(grey_ramp(20, *size), "webm", "libvpx", options={"live": "1"}) for size in ((160, 120), (320, 240)))
    cluster = b"\x1f\x43\xb6\x75"
    joined = small + large[large.index(cluster) :]
    video = open_video(joined)
    assert {frame.image.shape for frame in video} == {(120, 160, 3)}


@settings(max_examples=60)
@given(st.sampled_from(FORMS), st.data())
def test_damaged_bytes_never_raise_anything_but_media_errors(form: tuple[str, str, dict[str, str]], data: st.DataObject) -> None:
    damaged = bytearray(recording(form[0], form[1], **form[2]))
    for _ in range(data.draw(st.integers(1, 20))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    for use in (lambda: [frame.image for frame in open_video(bytes(damaged))], lambda: cut(bytes(damaged), 0.3, 0.9)):
        with contextlib.suppress(MediaError):
            use()


@pytest.mark.parametrize(("container", "codec", "options"), FORMS)
def test_cutting_copies_from_the_key_frame_before_the_start(container: str, codec: str, options: dict[str, str]) -> None:
    data = recording(container, codec, **options)
    part = cut(data, 0.7, 1.2)
    frames = list(open_video(part))
    whole = list(open_video(data))
    assert frames[0].mean_rgb[1] <= whole[21].mean_rgb[1] + 2
    assert frames[-1].mean_rgb[1] == pytest.approx(whole[36].mean_rgb[1], abs=8)
    assert len(frames) < 40
    assert len(part) < len(data)


@pytest.mark.parametrize("form", [".jpg", ".png", ".webp", ".bmp"])
def test_pictures_decode_and_their_headers_tell_the_size(form: str) -> None:
    data = cv2.imencode(form, np.full((123, 76, 3), (10, 200, 90), np.uint8))[1].tobytes()
    assert picture_size(data) == (76, 123)
    assert decode_picture(data)[60, 30] == pytest.approx([10, 200, 90], abs=6)


def test_a_picture_is_turned_upright_by_its_exif_orientation() -> None:
    data = cv2.imencode(".jpg", np.zeros((40, 80, 3), np.uint8))[1].tobytes()
    tag = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0"
    turned = data[:2] + b"\xff\xe1" + struct.pack(">H", len(tag) + 2) + tag + data[2:]
    assert decode_picture(turned).shape == (80, 40, 3)


def test_a_huge_picture_is_refused_by_its_header() -> None:
    bomb = bytearray(cv2.imencode(".png", np.zeros((8, 8, 3), np.uint8))[1].tobytes())
    bomb[16:24] = struct.pack(">II", 60_000, 60_000)
    with pytest.raises(MediaTooLarge):
        decode_picture(bytes(bomb))
    with pytest.raises(MediaTooLarge):
        decode_picture(bytes(bomb), PictureLimits(size=10))


@settings(max_examples=150)
@given(st.sampled_from([".jpg", ".png", ".webp", ".bmp"]), st.data())
def test_damaged_pictures_never_raise_anything_but_media_errors(form: str, data: st.DataObject) -> None:
    whole = bytearray(cv2.imencode(form, np.arange(48 * 40 * 3, dtype=np.uint8).reshape(40, 48, 3))[1].tobytes())
    damaged = whole[: data.draw(st.integers(0, len(whole)))]
    for _ in range(data.draw(st.integers(0, 8)) if damaged else 0):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(MediaError):
        decode_picture(bytes(damaged), PictureLimits(pixels=100_000))


def test_a_key_frame_that_claims_a_giant_size_is_not_allocated() -> None:
    start_code = b"\x9d\x01\x2a"
    data = recording()
    giant = data.replace(data[data.index(start_code) : data.index(start_code) + 7], start_code + struct.pack("<HH", 16383, 16383))
    with pytest.raises(MediaError):
        list(open_video(giant))
