"""Encoded bytes from outside into pictures, with a bound on everything.

Recordings are demuxed from memory or from an open file by one of two named demuxers (Matroska/WebM, MP4), so that no address,
playlist or other file can be reached from inside them, and only VP8, VP9 and H.264 are decoded, on one thread. A file that breaks off
keeps what came before.
Crashes and endless loops of a codec are the worker's concern: this module runs in a process that can be killed.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, BinaryIO, Literal

import av
import av.error
import cv2
import numpy as np
from av.video.reformatter import VideoReformatter

from openekyc.engine.face.values import Image
from openekyc.engine.picture_size import picture_size as picture_size
from openekyc.errors import MediaTooLarge, MediaUndecodable

Container = Literal["matroska", "mov"]
Source = bytes | BinaryIO
"""An encoded recording: in memory, or a file that is read piece by piece and stays open meanwhile."""

_CODECS: dict[Container, frozenset[str]] = {"matroska": frozenset({"vp8", "vp9", "h264"}), "mov": frozenset({"h264"})}
_QUARTER_TURNS = {90: cv2.ROTATE_90_COUNTERCLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_CLOCKWISE}
_EARLY_END_S = 0.5
_HEAD = 16  # bytes by which a container is told
_WORDS, _WORD = 16, 120  # most entries and characters of metadata that are kept


@dataclass(frozen=True, slots=True)
class MediaLimits:
    """What a recording may cost: bytes of the file, seconds and frames of video, pixels of one frame."""

    size: int = 10_000_000
    seconds: float = 30.0
    frames: int = 1_900  # 60 a second and some
    pixels: int = 1920 * 1080


@dataclass(frozen=True, slots=True)
class VideoInfo:
    """What the headers say. `width` and `height` are as stored, before rotation; `duration` (s) is 0 when the file does not tell; `words`
    are what the muxer and the encoder left about themselves, cut to a sane length."""

    container: Container
    codec: str
    width: int
    height: int
    duration: float
    words: tuple[tuple[str, str], ...] = ()


class VideoFrame:
    """One decoded frame. Colours are converted only when asked for."""

    def __init__(self, index: int, time: float, frame: Any, colours: VideoReformatter) -> None:
        self.index = index
        self.time = time
        self._frame = frame
        self._colours = colours

    @cached_property
    def image(self) -> Image:
        """(height, width, 3) uint8 BGR, upright."""
        # One converter on one thread for the whole recording: a tenth of what `frame.to_ndarray(format=...)` costs.
        plain = self._colours.reformat(self._frame, format="bgr24", threads=1).to_ndarray()
        return _upright(np.asarray(plain, np.uint8), self._frame.rotation)

    @cached_property
    def mean_rgb(self) -> tuple[float, float, float]:
        """Mean red, green, blue in 0..255."""
        blue, green, red, _ = cv2.mean(self.image)
        return red, green, blue


class Video:
    """An open recording: iterate once over its frames. Afterwards `truncated` tells whether it broke off."""

    def __init__(self, source: Source, limits: MediaLimits) -> None:
        self._limits = limits
        self._container, self._stream, self.info = _open(source, limits)
        self.truncated = False

    def __iter__(self) -> Iterator[VideoFrame]:
        """Frames with rising times, counted in seconds from the first one by presentation time stamps.

        Raises MediaTooLarge when a limit is passed, MediaUndecodable when there is no frame at all.
        """
        last = None
        with self._container:
            for last in self._counted():
                yield last
        if last is None:
            raise MediaUndecodable("The recording holds no picture that can be decoded.")
        self.truncated |= last.time < self.info.duration - _EARLY_END_S

    def _counted(self) -> Iterator[VideoFrame]:
        colours = VideoReformatter()
        start, latest, index = None, -1.0, 0
        for frame in self._decoded():
            start = frame.time if start is None else start
            time = frame.time - start
            if time <= latest:
                continue
            self._check(frame, index, time)
            yield VideoFrame(index, time, frame, colours)
            latest, index = time, index + 1

    def _decoded(self) -> Iterator[Any]:
        size = None
        try:
            for frame in self._container.decode(self._stream):
                if frame.time is None or frame.is_corrupt:
                    continue
                size = size or (frame.width, frame.height)
                if size != (frame.width, frame.height):
                    self.truncated = True  # positions before and after would not compare
                    return
                yield frame
        except av.error.FFmpegError:
            self.truncated = True

    def _check(self, frame: Any, index: int, time: float) -> None:
        if index >= self._limits.frames:
            raise MediaTooLarge(f"The recording has more than {self._limits.frames} frames.")
        if time > self._limits.seconds:
            raise MediaTooLarge(f"The recording is longer than {self._limits.seconds:g} seconds.")
        if frame.width * frame.height > self._limits.pixels:
            raise MediaTooLarge(f"A frame has more than {self._limits.pixels} pixels.")


def open_video(source: Source, limits: MediaLimits | None = None) -> Video:
    """Open a recording. Raises MediaTooLarge or MediaUndecodable."""
    return Video(source, limits or MediaLimits())


def sniff(data: bytes) -> Container:
    """The container by its first bytes; nothing else is ever tried. Raises MediaUndecodable."""
    if data[:4] == b"\x1a\x45\xdf\xa3":
        return "matroska"
    if data[4:8] == b"ftyp":
        return "mov"
    raise MediaUndecodable("The recording is neither WebM, Matroska nor MP4.")


def _open(source: Source, limits: MediaLimits) -> tuple[Any, Any, VideoInfo]:
    file = io.BytesIO(source) if isinstance(source, bytes) else source
    if file.seek(0, io.SEEK_END) > limits.size:
        raise MediaTooLarge(f"The recording has more than {limits.size} bytes.")
    file.seek(0)
    name = sniff(file.read(_HEAD))
    file.seek(0)
    decoder = {"max_pixels": str(limits.pixels), "threads": "1"}
    try:
        container = av.open(file, format=name, options=_demuxer(name), stream_options=[decoder])  # type: ignore[list-item]
    except (av.error.FFmpegError, ValueError, MemoryError) as error:
        raise MediaUndecodable(f"The recording cannot be opened: {error}") from error
    stream = next(iter(container.streams.video), None)
    if stream is None or stream.codec_context is None or stream.codec_context.name not in _CODECS[name]:
        container.close()
        raise MediaUndecodable("The recording holds no video stream in VP8, VP9 or H.264.")
    if stream.width * stream.height > limits.pixels:
        container.close()
        raise MediaTooLarge(f"A frame has more than {limits.pixels} pixels.")
    stream.codec_context.options = decoder
    stream.codec_context.thread_count = 1
    return container, stream, _info(name, container, stream)


def _demuxer(name: Container) -> dict[str, str]:
    guard = {"max_streams": "8", "probesize": "2000000", "analyzeduration": "2000000"}
    return guard | ({"enable_drefs": "0"} if name == "mov" else {})


def _info(name: Container, container: Any, stream: Any) -> VideoInfo:
    duration = container.duration / 1_000_000 if container.duration else 0.0
    words = {**container.metadata, **stream.metadata}
    kept = tuple((str(key)[:_WORD], str(value)[:_WORD]) for key, value in list(words.items())[:_WORDS])
    return VideoInfo(name, stream.codec_context.name, stream.width, stream.height, max(duration, 0.0), kept)


def _upright(image: Image, rotation: int) -> Image:
    turn = _QUARTER_TURNS.get(rotation % 360)
    return image if turn is None else np.asarray(cv2.rotate(image, turn), np.uint8)


def cut(data: bytes, start: float, end: float, limits: MediaLimits | None = None) -> bytes:
    """The part from `start` to `end` seconds of a recording, by copying its packets into the same kind of container.

    It begins at the key frame at or before `start`, so it may be longer than asked for, never shorter.
    """
    container, stream, info = _open(data, limits or MediaLimits())
    output = io.BytesIO()
    with container:
        packets = _between(container, stream, start, end)
        if not packets:
            raise MediaUndecodable("The recording holds no packet between these times.")
        try:
            _remux(packets, stream, output, _muxer(info))
        except av.error.FFmpegError as error:
            raise MediaUndecodable("The recording's packets do not fit its container.") from error
    return output.getvalue()


def _muxer(info: VideoInfo) -> str:
    if info.container == "mov":
        return "mp4"
    return "matroska" if info.codec == "h264" else "webm"


def _between(container: Any, stream: Any, start: float, end: float) -> list[Any]:
    """Packets from the last key frame not after `start` up to `end`, times counted from the first packet."""
    kept: list[Any] = []
    origin = None
    for packet in _packets(container, stream):
        time = float((packet.pts if packet.pts is not None else packet.dts) * packet.time_base)
        origin = time if origin is None else origin
        if packet.is_keyframe and time - origin <= start:
            kept.clear()
        if float(packet.dts * packet.time_base) - origin > end:
            break
        kept.append(packet)
    return kept


def _packets(container: Any, stream: Any) -> Iterator[Any]:
    try:
        yield from (packet for packet in container.demux(stream) if packet.dts is not None)
    except av.error.FFmpegError:
        return


def _remux(packets: list[Any], stream: Any, output: io.BytesIO, muxer: str) -> None:
    offset = packets[0].dts
    with av.open(output, "w", format=muxer) as target:
        copy = target.add_stream_from_template(stream)
        for packet in packets:
            packet.stream = copy
            packet.dts -= offset
            packet.pts = packet.dts if packet.pts is None else packet.pts - offset
            target.mux(packet)


# --- single pictures ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PictureLimits:
    """What a picture may cost: bytes of the file and pixels once decoded."""

    size: int = 10_000_000
    pixels: int = 40_000_000


def decode_picture(data: bytes, limits: PictureLimits | None = None) -> Image:
    """A JPEG, PNG, WebP or BMP as BGR, upright by its EXIF orientation. Raises MediaTooLarge or MediaUndecodable."""
    bound = limits or PictureLimits()
    if len(data) > bound.size:
        raise MediaTooLarge(f"The picture has more than {bound.size} bytes.")
    width, height = picture_size(data)
    if width * height > bound.pixels:
        raise MediaTooLarge(f"The picture has more than {bound.pixels} pixels.")
    try:
        image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    except cv2.error as error:
        raise MediaUndecodable("The picture cannot be decoded.") from error
    if image is None:
        raise MediaUndecodable("The picture cannot be decoded.")
    return np.asarray(image, np.uint8)
