"""The encoder: what is put in can be decoded, while it grows and afterwards, from every codec."""

import io

import av
import numpy as np
import pytest

from openekyc.simulator.knobs import CODECS, Codec
from openekyc.simulator.recorder import Recorder

FRAMES = 30


def film(codec: Codec) -> tuple[bytes, bytes]:
    """Early bytes and all bytes of a second of noise."""
    random = np.random.default_rng(0)
    recorder = Recorder(codec, 320, 240, 30)
    early = b""
    for index in range(FRAMES):
        recorder.add(random.integers(0, 255, (240, 320, 3), np.uint8), index / 30)
        early += recorder.take()
    return early, early + recorder.close()


@pytest.mark.parametrize("codec", CODECS)
def test_every_frame_comes_back_at_its_time(codec: Codec) -> None:
    _, data = film(codec)
    with av.open(io.BytesIO(data)) as file:
        times = [frame.time for frame in file.decode(video=0)]
    assert len(times) == FRAMES
    assert np.diff(times) == pytest.approx(1 / 30, abs=0.002)


@pytest.mark.parametrize("codec", ["h264-mkv", "vp8-webm", "vp9-webm"])
def test_bytes_flow_while_recording(codec: Codec) -> None:
    early, data = film(codec)
    assert len(early) > len(data) / 2
