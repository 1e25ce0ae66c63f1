"""A real encoder behind the simulated camera: pictures in, a growing WebM, Matroska or fragmented MP4 recording out."""

from fractions import Fraction

import av
import cv2
import numpy as np
from av.video.stream import VideoStream

from openekyc.engine.face.values import Image
from openekyc.simulator.knobs import Codec

BITS_PER_SECOND = 2_000_000
_FORMATS: dict[Codec, tuple[str, str, str]] = {  # container, encoder, mime type
    "h264-mkv": ("matroska", "libx264", "video/webm;codecs=h264"),  # what browsers call WebM with H.264 is Matroska
    "vp8-webm": ("webm", "libvpx", "video/webm;codecs=vp8"),
    "vp9-webm": ("webm", "libvpx-vp9", "video/webm;codecs=vp9"),
    "h264-mp4": ("mp4", "libx264", "video/mp4"),
}
_OPTIONS = {
    "libx264": {"preset": "ultrafast", "tune": "zerolatency", "profile": "baseline", "g": "60"},
    "libvpx": {"deadline": "realtime", "cpu-used": "16", "lag-in-frames": "0", "g": "60"},
    "libvpx-vp9": {"deadline": "realtime", "cpu-used": "8", "lag-in-frames": "0", "g": "60"},
}
_FRAGMENTED = {"movflags": "frag_keyframe+empty_moov+default_base_moof"}
_TIME_BASE = Fraction(1, 1000)


class Pipe:
    """A file that can only be appended to, as a recorder that streams has it; what was written is taken out in pieces."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._pieces.append(bytes(data))
        return len(data)

    def take(self) -> bytes:
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)


class Recorder:
    """Encodes BGR pictures of one size, with even sides. Times are seconds from the start and must rise."""

    def __init__(self, codec: Codec, width: int, height: int, fps: float, bits_per_second: int = BITS_PER_SECOND) -> None:
        container, encoder, self.mime = _FORMATS[codec]
        self._pipe = Pipe()
        self._file = av.open(self._pipe, "w", format=container, container_options=_FRAGMENTED if container == "mp4" else {})
        stream = self._file.add_stream(encoder, rate=round(fps), options=_OPTIONS[encoder])
        assert isinstance(stream, VideoStream)  # noqa: S101 - the table names video encoders only
        self._stream = stream
        self._stream.width, self._stream.height, self._stream.pix_fmt = width, height, "yuv420p"
        self._stream.bit_rate = bits_per_second
        self._stream.codec_context.time_base = _TIME_BASE
        self._stream.thread_count = 1

    def add(self, image: Image, time_s: float) -> None:
        planes = np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2YUV_I420), np.uint8)  # quicker than the encoder's own conversion
        frame = av.VideoFrame.from_ndarray(planes, format="yuv420p")
        frame.pts, frame.time_base = round(time_s * 1000), _TIME_BASE
        self._file.mux(self._stream.encode(frame))

    def take(self) -> bytes:
        """The bytes written since the last call."""
        return self._pipe.take()

    def close(self) -> bytes:
        """Flush the encoder and the container; the last bytes."""
        self._file.mux(self._stream.encode(None))
        self._file.close()
        return self._pipe.take()
