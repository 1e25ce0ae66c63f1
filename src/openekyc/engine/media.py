"""Recordings from outside into pictures, with a bound on everything.

A recording is demuxed from memory or from an open file by the one demuxer its first bytes name (Matroska/WebM, MP4/MOV, AVI, FLV), so that
no address, playlist or other file can be reached from inside it, and only the codecs of `containers.codecs` are decoded, on one thread. A
file that breaks off keeps what came before. Crashes and endless loops of a codec are the worker's concern: this module runs in a process
that can be killed.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, BinaryIO

import av
import av.error
import cv2
import numpy as np
from av.video.reformatter import VideoReformatter

from openekyc.containers import examine, signature
from openekyc.containers.codecs import DECODERS, Container
from openekyc.containers.finding import MOST_PIXELS, MOST_TRACKS, far_too_large, room
from openekyc.engine.face.values import Image
from openekyc.engine.orientation import Orientation, displayed
from openekyc.engine.picture import PictureLimits as PictureLimits
from openekyc.engine.picture import decode_picture as decode_picture
from openekyc.engine.picture_size import picture_size as picture_size
from openekyc.errors import MediaTooLarge, MediaTooLong, MediaUndecodable, MediaUnsupported

Source = bytes | BinaryIO
"""An encoded recording: in memory, or a file that is read piece by piece and stays open meanwhile."""

_DECODERS = frozenset().union(*DECODERS.values())
_DEMUXERS: dict[Container, str] = {"matroska": "matroska", "mov": "mov", "avi": "avi", "flv": "flv"}
_EARLY_END_S = 0.5
_HEAD = 16  # bytes by which a container is told
_WORDS, _WORD = 16, 120  # most entries and characters of metadata that are kept


@dataclass(frozen=True, slots=True)
class MediaLimits:
    """What a recording may cost: bytes of the file, seconds and frames of video, pixels of one frame."""

    size: int = 10_000_000
    seconds: float = 30.0
    frames: int = 1_900  # 60 a second and some
    pixels: int = MOST_PIXELS


@dataclass(frozen=True, slots=True)
class VideoInfo:
    """What the headers say. `width` and `height` are as stored, before rotation; `duration` (s) is 0 when the file does not tell; `words`
    are what the muxer and the encoder left about themselves, cut to a sane length; `turned` is by how many degrees clockwise the engine
    turned the pictures beyond what the headers say."""

    container: Container
    codec: str
    width: int
    height: int
    duration: float
    words: tuple[tuple[str, str], ...] = ()
    turned: int = 0


class VideoFrame:
    """One decoded frame. Colours are converted only when asked for."""

    def __init__(self, index: int, time: float, frame: Any, colours: VideoReformatter, orientation: Orientation) -> None:
        self.index = index
        self.time = time
        self._frame = frame
        self._colours = colours
        self._orientation = orientation

    @cached_property
    def image(self) -> Image:
        """(height, width, 3) uint8 BGR, upright."""
        # One converter on one thread for the whole recording: a tenth of what `frame.to_ndarray(format=...)` costs.
        plain = self._colours.reformat(self._frame, format="bgr24", threads=1).to_ndarray()
        return self._orientation.applied(np.asarray(plain, np.uint8))

    @cached_property
    def mean_rgb(self) -> tuple[float, float, float]:
        """Mean red, green, blue in 0..255."""
        blue, green, red, _ = cv2.mean(self.image)
        return red, green, blue


class Video:
    """An open recording: iterate once over its frames. Afterwards `truncated` tells whether it broke off."""

    def __init__(self, source: Source, limits: MediaLimits, turn: int = 0) -> None:
        self._limits, self._turn = limits, turn
        self._container, self._stream, self.info = opened(source, limits, turn)
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
        colours, orientation = VideoReformatter(), None
        start, latest, index = None, -1.0, 0
        for frame in self._decoded():
            shown = self._shown(frame, latest + (start or 0.0))
            start = shown if start is None else start
            time = shown - start
            if time <= latest:
                continue
            self._check(frame, index, time)
            orientation = orientation or displayed(frame).turned(self._turn)  # one for all: positions have to compare
            yield VideoFrame(index, time, frame, colours, orientation)
            latest, index = time, index + 1

    def _shown(self, frame: Any, before: float) -> float:
        """When the frame is to be shown. AVI tells when it is to be decoded, which at a steady rate comes to the same."""
        if self.info.container != "avi":
            return float(frame.time)
        if frame.dts is None:  # the last ones, which the decoder had held back
            return before + 1 / float(self._stream.average_rate or 30)
        return float(frame.dts * frame.time_base)

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
        except (av.error.FFmpegError, MemoryError):
            self.truncated = True

    def _check(self, frame: Any, index: int, time: float) -> None:
        if index >= self._limits.frames:
            raise MediaTooLarge(f"The recording has more than {self._limits.frames} frames.")
        if time > self._limits.seconds:
            raise MediaTooLong(f"The recording is longer than {self._limits.seconds:g} seconds.")
        check_size(frame.width, frame.height, self._limits)


def open_video(source: Source, limits: MediaLimits | None = None, turn: int = 0) -> Video:
    """Open a recording; its pictures are turned clockwise by `turn` degrees (0, 90, 180, 270) beyond what its headers say.
    Raises MediaTooLarge or MediaUndecodable."""
    return Video(source, limits or MediaLimits(), turn)


def sniff(data: bytes) -> Container:
    """The container by its first bytes; nothing else is ever tried. Raises MediaUndecodable."""
    found = signature(data[:16])
    if found.fault:
        raise MediaUnsupported(f"The recording cannot be judged: {found.fault}.")
    if found.container is None:
        raise MediaUndecodable("The recording breaks off before it says what it is.")
    return found.container


def check_size(width: int, height: int, limits: MediaLimits) -> None:
    """Raises MediaTooLarge if a frame of this size is over the limit."""
    if width * height > limits.pixels:
        raise MediaTooLarge(f"A frame has {width} x {height} pixels, more than the {limits.pixels:,} that are allowed.")


def opened(source: Source, limits: MediaLimits, turn: int = 0) -> tuple[Any, Any, VideoInfo]:
    """Container, stream and what the headers say. Raises MediaTooLarge or MediaUndecodable."""
    file = io.BytesIO(source) if isinstance(source, bytes) else source
    if file.seek(0, io.SEEK_END) > limits.size:
        raise MediaTooLarge(f"The recording has more than {limits.size} bytes.")
    file.seek(0)
    name = sniff(file.read(_HEAD))
    found = examine(file)
    file.seek(0)
    if far_too_large(found.pictures.width, found.pictures.height, limits.pixels):
        check_size(found.pictures.width, found.pictures.height, limits)
    if found.fault:
        raise MediaUnsupported(f"The recording cannot be judged: {found.fault}.")
    # The limit is held by `check_size`. The decoder's own stops what is far beyond it before memory is taken.
    decoder = {"max_pixels": str(room(limits.pixels)), "threads": "1"}
    options, streams = _demuxer(name), [decoder] * MOST_TRACKS if name != "flv" else None  # whose tracks show with the first frames only
    try:
        container = av.open(file, format=_DEMUXERS[name], options=options, stream_options=streams)  # type: ignore[arg-type]
    except (av.error.FFmpegError, ValueError, MemoryError) as error:
        raise MediaUndecodable(f"The recording cannot be opened: {error}") from error
    try:
        stream = _pictures(container)
        check_size(stream.width, stream.height, limits)
    except (MediaTooLarge, MediaUndecodable):
        container.close()
        raise
    stream.codec_context.options = decoder
    stream.codec_context.thread_count = 1
    return container, stream, _info(name, container, stream, turn)


def _demuxer(name: Container) -> dict[str, str]:
    guard = {"max_streams": str(MOST_TRACKS), "probesize": "2000000", "analyzeduration": "2000000"}
    shut = {"format_whitelist": _DEMUXERS[name], "protocol_whitelist": "none", "codec_whitelist": ",".join(_DECODERS)}  # inside, too
    return guard | shut | ({"enable_drefs": "0"} if name == "mov" else {})


def _pictures(container: Any) -> Any:
    """The first video track that can be decoded; cover pictures are none."""
    tracks = [stream for stream in container.streams.video if not stream.disposition & stream.disposition.attached_pic]
    names = [stream.codec_context.name if stream.codec_context else "unknown" for stream in tracks]
    known = next((stream for stream, name in zip(tracks, names, strict=True) if name in _DECODERS), None)
    if known is None:
        raise MediaUnsupported(f"The recording cannot be judged: its video is {names[0]}." if names else "The recording holds no video.")
    return known


def _info(name: Container, container: Any, stream: Any, turn: int) -> VideoInfo:
    duration = container.duration / 1_000_000 if container.duration else 0.0
    words = {**container.metadata, **stream.metadata}
    kept = tuple((str(key)[:_WORD], str(value)[:_WORD]) for key, value in list(words.items())[:_WORDS])
    return VideoInfo(name, stream.codec_context.name, stream.width, stream.height, max(duration, 0.0), kept, turn)
