"""Small recordings made on the spot with a real encoder."""

import io
from collections.abc import Sequence
from fractions import Fraction

import av
import numpy as np

from openekyc.engine.face.values import Image


def encode(
    pictures: Sequence[Image],
    container: str = "webm",
    codec: str = "libvpx",
    fps: int = 30,
    options: dict[str, str] | None = None,
    times: Sequence[float] | None = None,
    bit_rate: int = 2_000_000,
    pixels: str = "yuv420p",
) -> bytes:
    """BGR pictures of one even size as an encoded file; `times` in seconds makes the frame rate vary."""
    output = io.BytesIO()
    with av.open(output, "w", format=container, options=options or {}) as target:
        stream = target.add_stream(codec, rate=fps)
        stream.height, stream.width = pictures[0].shape[:2]
        stream.codec_context.time_base = Fraction(1, 1000) if times is not None else Fraction(1, fps)
        stream.pix_fmt, stream.gop_size, stream.bit_rate = pixels, 15, bit_rate
        for index, picture in enumerate(pictures):
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="bgr24")
            if times is not None:
                frame.pts, frame.time_base = round(times[index] * 1000), Fraction(1, 1000)
            target.mux(stream.encode(frame))
        target.mux(stream.encode())
    return output.getvalue()


def grey_ramp(count: int = 60, width: int = 160, height: int = 120) -> list[Image]:
    """Pictures that get lighter one by one, with a red square in the upper left corner."""
    pictures = []
    for index in range(count):
        picture = np.full((height, width, 3), 40 + 2 * index, np.uint8)
        picture[:24, :24] = (0, 0, 255)
        pictures.append(picture)
    return pictures
