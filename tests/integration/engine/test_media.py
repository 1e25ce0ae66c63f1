"""Recordings and pictures as they come from outside: containers, codecs, clocks, broken ends, limits and lies."""

import contextlib
import functools
import io
import struct
from fractions import Fraction

import av
import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openekyc.engine.cutting import cut
from openekyc.engine.media import MediaLimits, PictureLimits, decode_picture, open_video
from openekyc.engine.picture_size import picture_size
from openekyc.errors import MediaError, MediaTooLarge, MediaTooLong, MediaUndecodable, MediaUnsupported
from tests.recordings import encode, grey_ramp

FORMS = [
    ("webm", "libvpx", {}),
    ("webm", "libvpx-vp9", {"live": "1"}),
    ("matroska", "libx264", {"live": "1"}),
    ("mp4", "libx264", {}),
    ("mp4", "libx264", {"movflags": "frag_keyframe+empty_moov"}),
]
FURTHER = [
    ("webm", "libsvtav1"),
    ("matroska", "libx265"),
    ("matroska", "mpeg4"),
    ("matroska", "mjpeg"),
    ("mp4", "libx265"),
    ("mp4", "libsvtav1"),
    ("mp4", "libvpx-vp9"),
    ("mp4", "mpeg4"),
    ("mov", "libx264"),
    ("mov", "libx265"),
    ("mov", "mjpeg"),
    ("avi", "libx264"),
    ("avi", "mpeg4"),
    ("avi", "mjpeg"),
    ("avi", "flv"),
    ("flv", "flv"),
    ("flv", "libx264"),
    ("flv", "libx265"),
]


@functools.cache
def recording(container: str = "webm", codec: str = "libvpx", **options: str) -> bytes:
    return encode(grey_ramp(), container, codec, options=options, pixels="yuvj420p" if codec == "mjpeg" else "yuv420p")


@pytest.mark.parametrize(("container", "codec"), FURTHER)
def test_every_codec_that_is_opened_gives_all_frames_and_can_be_cut(container: str, codec: str) -> None:
    data = recording(container, codec)
    frames = list(open_video(data))
    assert len(frames) == 60
    assert frames[-1].time == pytest.approx(59 / 30, abs=0.07)
    assert frames[0].image[8, 8] == pytest.approx([0, 0, 255], abs=25)
    part = list(open_video(cut(data, 0.7, 1.2)))
    assert 10 <= len(part) <= 60


@pytest.mark.parametrize(
    ("width", "height", "container", "codec"),
    [
        (1080, 1920, "mp4", "libx264"),
        (1080, 1920, "webm", "libvpx"),
        (1072, 1920, "mp4", "libx264"),
        (1440, 1440, "mp4", "libx264"),
        (1440, 1440, "webm", "libvpx-vp9"),
        (1080, 1920, "mp4", "libx265"),
        (1080, 1920, "mp4", "libsvtav1"),
        (1082, 1916, "mp4", "mpeg4"),
        (810, 2560, "webm", "libvpx"),
    ],
)
def test_every_shape_within_the_limit_on_pixels_is_taken(width: int, height: int, container: str, codec: str) -> None:
    frames = list(open_video(encode(grey_ramp(3, width, height), container, codec)))
    assert [frame.image.shape for frame in frames] == [(height, width, 3)] * 3


@pytest.mark.parametrize(("width", "height"), [(1082, 1920), (1456, 1440), (2560, 1440)])
def test_every_shape_above_it_is_refused(width: int, height: int) -> None:
    for container, codec in (("mp4", "libx264"), ("webm", "libvpx")):
        with pytest.raises(MediaTooLarge, match=f"{width} x {height}"):
            list(open_video(encode(grey_ramp(2, width, height), container, codec)))


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
    image = next(iter(open_video(with_matrix(bytes(data), 0, 1, -1, 0)))).image
    assert image.shape == (160, 120, 3)
    assert image[8, -8] == pytest.approx([0, 0, 255], abs=12)


def with_matrix(data: bytes, a: int, b: int, c: int, d: int) -> bytes:
    """An MP4 whose pictures are to be shown with (x, y) at (a x + c y, b x + d y)."""
    changed = bytearray(data)
    identity = struct.pack(">9i", 65536, 0, 0, 0, 65536, 0, 0, 0, 1 << 30)
    at = changed.index(identity, changed.index(b"tkhd"))
    changed[at : at + 36] = struct.pack(">9i", a << 16, b << 16, 0, c << 16, d << 16, 0, 120 << 16, 0, 1 << 30)
    return bytes(changed)


@pytest.mark.parametrize(
    ("matrix", "shape", "corner"),
    [
        ((1, 0, 0, 1), (120, 160), (8, 8)),
        ((-1, 0, 0, 1), (120, 160), (8, -8)),  # mirrored
        ((1, 0, 0, -1), (120, 160), (-8, 8)),  # upside down, mirrored
        ((-1, 0, 0, -1), (120, 160), (-8, -8)),
        ((0, 1, 1, 0), (160, 120), (8, 8)),  # a quarter turn, mirrored
        ((0, 1, -1, 0), (160, 120), (8, -8)),
        ((0, -1, 1, 0), (160, 120), (-8, 8)),
        ((0, -1, -1, 0), (160, 120), (-8, -8)),
        ((0, 0, 0, 0), (120, 160), (8, 8)),  # says nothing
    ],
)
def test_mirrors_and_turns_come_out_as_a_player_shows_them(
    matrix: tuple[int, int, int, int], shape: tuple[int, int], corner: tuple[int, int]
) -> None:
    image = next(iter(open_video(with_matrix(recording("mp4", "libx264"), *matrix)))).image
    assert image.shape[:2] == shape
    assert image[corner] == pytest.approx([0, 0, 255], abs=12)


@pytest.mark.parametrize("first", [b"wide", b"free", b"skip", b"moov"])
def test_quicktime_files_without_a_brand_are_opened(first: bytes) -> None:
    options = {"movflags": "frag_keyframe+empty_moov+default_base_moof"} if first == b"moov" else {}
    data = recording("mov", "libx264", **options)
    size = int.from_bytes(data[:4], "big")
    assert data[4:8] == b"ftyp"
    filling = b"" if first == b"moov" else struct.pack(">I4s", size, first) + bytes(size - 8)  # so that places in the index still hold
    bare = filling + data[size:]
    assert bare[4:8] == first
    assert len(list(open_video(bare))) == 60


def tracks(count: int) -> bytes:
    """An MP4 with one track of pictures among `count`."""
    output = io.BytesIO()
    with av.open(output, "w", format="mp4") as target:
        sound = [target.add_stream("aac", rate=16_000) for _ in range(count - 1)]
        video = target.add_stream("libx264", rate=30)
        video.width, video.height, video.pix_fmt = 160, 120, "yuv420p"
        for index, picture in enumerate(grey_ramp()):
            frame = av.VideoFrame.from_ndarray(picture, format="bgr24")
            frame.pts, frame.time_base = index, Fraction(1, 30)
            target.mux(video.encode(frame))
        target.mux(video.encode())
        for place, stream in enumerate(sound):
            silence = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), format="fltp", layout="mono")
            silence.sample_rate, silence.pts = 16_000, place
            target.mux(stream.encode(silence))
            target.mux(stream.encode())
    return output.getvalue()


def test_surplus_tracks_are_ignored_up_to_a_bound() -> None:
    assert len(list(open_video(tracks(16)))) == 60
    with pytest.raises(MediaUnsupported, match="16 tracks"):
        open_video(tracks(17))


def test_too_long_is_told_from_too_large() -> None:
    with pytest.raises(MediaTooLong):
        list(open_video(recording(), MediaLimits(seconds=1)))


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
        b"FLV\x01\x05\x00\x00\x00\x09" + bytes(500),
        b"OggS" + bytes(500),
        b"\x1a\x45\xdf\xa3" + bytes(500),
        b"\x00\x00\x00\x18ftypmp42" + bytes(500),
    ],
)
def test_everything_else_is_refused(data: bytes) -> None:
    with pytest.raises(MediaUndecodable):
        list(open_video(data))


def test_other_codecs_are_refused() -> None:
    for container, codec, name in (("matroska", "ffv1", "FFV1"), ("mp4", "mpeg2video", "MPEG-2"), ("avi", "msmpeg4", "MS MPEG-4")):
        with pytest.raises(MediaUnsupported, match=name):
            open_video(encode(grey_ramp(3), container, codec))


def test_a_picture_that_changes_its_size_ends_the_recording() -> None:
    small, large = (encode(grey_ramp(20, *size), "webm", "libvpx", options={"live": "1"}) for size in ((160, 120), (320, 240)))
    cluster = b"\x1f\x43\xb6\x75"
    joined = small + large[large.index(cluster) :]
    video = open_video(joined)
    assert {frame.image.shape for frame in video} == {(120, 160, 3)}


@settings(max_examples=60)
@given(st.sampled_from([*FORMS, *((*form, {}) for form in FURTHER)]), st.data())
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
