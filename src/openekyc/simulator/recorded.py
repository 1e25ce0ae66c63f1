"""A real recording played as if it were the camera, from its beginning.

Where container and codec are ones the server takes, the original packets are copied, so that what is judged is the recording itself
and not a second encoding of it. Anything else PyAV can read is encoded anew.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.container import InputContainer
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from openekyc.engine.face.values import Image
from openekyc.engine.values import Colour, GestureStep
from openekyc.errors import MediaUndecodable
from openekyc.simulator.camera import Rgb, Shot
from openekyc.simulator.recorder import Pipe, Recorder
from openekyc.simulator.script import AnyStep

_COPIED = {"h264": ("mp4", "matroska"), "vp8": ("webm",), "vp9": ("webm",)}  # codec -> containers the packets may go into
_FRAGMENTED = {"movflags": "frag_keyframe+empty_moov+default_base_moof"}
_FRAGMENT_US = "500000"  # an MP4 may hold one key frame only; slices must not wait for the next


MOST_PIXELS = 1920 * 1080  # of one frame; larger pictures are encoded anew, half as large until they fit


class RecordedCamera:
    """Plays one file. Prompts and colours change nothing. Raises MediaUndecodable if the file holds no video that can be read."""

    rendered = False

    def __init__(self, path: Path) -> None:
        self._file, self._stream = _open(path)
        self._stream.thread_count = 1
        self.label, self.width, self.height = path.name, self._stream.width, self._stream.height
        self.fps = float(self._stream.average_rate or 30)
        self._sink = _sink(self._file, self._stream)
        self.mime = self._sink.mime
        self._frames = self._played()
        self._start_ms = self._first_s = 0.0
        self._next: VideoFrame | None = self._following()
        if self._next is None:
            raise MediaUndecodable(f"{path} holds no picture that can be decoded.")
        self._first_s = _seconds(self._next)

    def start(self, steps: Sequence[AnyStep], now_ms: float) -> None:
        self._start_ms = now_ms

    def prompt(self, step: GestureStep, now_ms: float) -> None:
        """A recording does not listen."""

    def disclose(self, colours: Sequence[Colour], begin_ms: float) -> None:
        """It was made before."""

    def paint(self, rgb: Rgb, now_ms: float) -> None:
        """Nor does it reflect."""

    def due_ms(self) -> float | None:
        return None if self._next is None else self._start_ms + 1000 * (_seconds(self._next) - self._first_s)

    def shoot(self) -> Shot:
        frame, now_ms = self._next, self.due_ms()
        if frame is None or now_ms is None:
            raise EOFError("The recording has ended.")
        self._sink.frame(frame, _seconds(frame) - self._first_s)
        self._next = self._following()
        return Shot(now_ms, _seconds(frame) - self._first_s, _mean_rgb(frame))

    def take(self) -> bytes:
        return self._sink.take()

    def close(self) -> bytes:
        last = self._sink.close()
        self._file.close()
        return last

    def _following(self) -> VideoFrame | None:
        return next((frame for frame in self._frames if frame.pts is not None), None)

    def _played(self) -> Iterator[VideoFrame]:
        """Frames in order; every packet is handed to the sink as it is read. A file that breaks off simply ends."""
        try:
            for packet in self._file.demux(self._stream):
                frames = packet.decode()
                if packet.dts is not None and packet.size:
                    self._sink.packet(packet)
                yield from frames
        except (av.error.InvalidDataError, av.error.EOFError):
            return


def _open(path: Path) -> tuple[InputContainer, VideoStream]:
    try:
        file = av.open(str(path))
    except av.error.FFmpegError as error:
        raise MediaUndecodable(f"{path} cannot be read: {error.strerror}.") from error
    if not file.streams.video:
        raise MediaUndecodable(f"{path} holds no video.")
    return file, file.streams.video[0]


def _seconds(frame: VideoFrame) -> float:
    return float((frame.pts or 0) * (frame.time_base or Fraction(1, 1000)))


def _mean_rgb(frame: VideoFrame) -> Rgb:
    small = frame.reformat(64, 48, "rgb24", interpolation="AREA").to_ndarray()
    red, green, blue = small.reshape(-1, 3).mean(axis=0)
    return float(red), float(green), float(blue)


class _Copy:
    """Puts the original packets into a container that can be streamed."""

    def __init__(self, template: VideoStream, container: str) -> None:
        self._pipe = Pipe()
        options = {**_FRAGMENTED, "frag_duration": _FRAGMENT_US} if container == "mp4" else {}
        self._file = av.open(self._pipe, "w", format=container, container_options=options)
        self._stream = self._file.add_stream_from_template(template)
        self.mime = "video/mp4" if container == "mp4" else "video/webm"

    def packet(self, packet: "Packet[VideoStream]") -> None:
        packet.stream = self._stream
        self._file.mux(packet)

    def frame(self, frame: VideoFrame, time_s: float) -> None:
        """Nothing: the packets carry it."""

    def take(self) -> bytes:
        return self._pipe.take()

    def close(self) -> bytes:
        self._file.close()
        return self._pipe.take()


class _Anew:
    """Encodes the frames again, upright."""

    def __init__(self, stream: VideoStream) -> None:
        self._rate = float(stream.average_rate or 30)
        self._recorder: Recorder | None = None
        self._taken = -1.0
        self.mime = "video/webm;codecs=h264"

    def packet(self, packet: "Packet[VideoStream]") -> None:
        """Nothing: the server would not take it."""

    def frame(self, frame: VideoFrame, time_s: float) -> None:
        image = _even(np.rot90(frame.to_ndarray(format="bgr24"), round(frame.rotation / 90) % 4))
        if self._recorder is None:
            self._recorder = Recorder("h264-mkv", image.shape[1], image.shape[0], self._rate)
        if time_s > self._taken + 0.002:
            self._recorder.add(image, time_s)
            self._taken = time_s

    def take(self) -> bytes:
        return self._recorder.take() if self._recorder else b""

    def close(self) -> bytes:
        return self._recorder.close() if self._recorder else b""


def _even(image: Image) -> Image:
    """Within the limit on pixels, with even sides as encoders want them."""
    while image.shape[0] * image.shape[1] > MOST_PIXELS:
        image = image[::2, ::2]
    return np.ascontiguousarray(image[: image.shape[0] // 2 * 2, : image.shape[1] // 2 * 2])


def _sink(file: InputContainer, stream: VideoStream) -> _Copy | _Anew:
    if stream.width * stream.height > MOST_PIXELS:
        return _Anew(stream)
    names = file.format.name.split(",")
    for container in _COPIED.get(stream.codec_context.name, ()):
        if container in names:
            return _Copy(stream, container)
    return _Anew(stream)
