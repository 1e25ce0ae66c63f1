"""A part of a recording, by copying its packets."""

import io
from collections.abc import Iterator
from typing import Any

import av
import av.error

from openekyc.engine.media import MediaLimits, VideoInfo, opened
from openekyc.errors import MediaUndecodable

_WEBM = frozenset({"vp8", "vp9", "av1", "libdav1d"})


def cut(data: bytes, start: float, end: float, limits: MediaLimits | None = None) -> bytes:
    """The part from `start` to `end` seconds of a recording, by copying its packets into the same kind of container.

    It begins at the key frame at or before `start`, so it may be longer than asked for, never shorter.
    """
    container, stream, info = opened(data, limits or MediaLimits())
    output = io.BytesIO()
    with container:
        packets = _between(container, stream, start, end)
        if not packets:
            raise MediaUndecodable("The recording holds no packet between these times.")
        try:
            _remux(packets, stream, output, _muxer(info))
        except (av.error.FFmpegError, ValueError) as error:
            raise MediaUndecodable("The recording's packets do not fit its container.") from error
    return output.getvalue()


def _muxer(info: VideoInfo) -> str:
    if info.container == "mov":
        return "mp4"
    if info.container == "matroska":
        return "webm" if info.codec in _WEBM else "matroska"
    return info.container


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
        copy = target.add_stream_from_template(stream, opaque=True)  # needs no encoder
        for packet in packets:
            packet.stream = copy
            packet.dts -= offset
            packet.pts = packet.dts if packet.pts is None else packet.pts - offset
            target.mux(packet)
