"""A file as the camera: copied where the server takes it, encoded anew where not, cut and ended as it comes."""

import io
from pathlib import Path

import av
import numpy as np
import pytest

from openekyc.errors import MediaUndecodable
from openekyc.simulator.knobs import CODECS, Codec
from openekyc.simulator.recorded import RecordedCamera
from openekyc.simulator.recorder import Recorder

FRAMES, RATE, START_MS = 45, 30, 1000.0


def picture(index: int) -> np.ndarray:
    image = np.zeros((240, 320, 3), np.uint8)
    image[:, : 4 * index + 10] = (40, 120, 200)
    return image


def write(path: Path, codec: Codec) -> Path:
    recorder = Recorder(codec, 320, 240, RATE)
    for index in range(FRAMES):
        recorder.add(picture(index), index / RATE)
    path.write_bytes(recorder.take() + recorder.close())
    return path


def play(path: Path, until_ms: float = 1e9) -> tuple[list[float], bytes, list[tuple[float, float, float]]]:
    camera = RecordedCamera(path)
    camera.start((), START_MS)
    data, shots = b"", []
    while (due := camera.due_ms()) is not None and due < until_ms:
        shots.append(camera.shoot())
        data += camera.take()
    data += camera.close()
    return [shot.now_ms for shot in shots], data, [shot.rgb for shot in shots]


def decoded(data: bytes) -> list[np.ndarray]:
    with av.open(io.BytesIO(data)) as file:
        return [frame.to_ndarray(format="bgr24") for frame in file.decode(video=0)]


@pytest.mark.parametrize("codec", CODECS)
def test_what_the_server_takes_is_copied(tmp_path: Path, codec: Codec) -> None:
    path = write(tmp_path / "film", codec)
    times, data, colours = play(path)
    assert times == pytest.approx([START_MS + index * 1000 / RATE for index in range(FRAMES)], abs=2)
    for original, played in zip(decoded(path.read_bytes()), decoded(data), strict=True):
        assert np.array_equal(original, played)
    red, green, blue = colours[20]
    assert red > green > blue


def test_a_part_is_enough(tmp_path: Path) -> None:
    times, data, _ = play(write(tmp_path / "film", "h264-mkv"), until_ms=START_MS + 500)
    assert len(times) == pytest.approx(15, abs=1)
    assert len(times) <= len(decoded(data)) < FRAMES


def test_other_codecs_are_encoded_anew(tmp_path: Path) -> None:
    path = tmp_path / "film.avi"
    with av.open(str(path), "w") as file:
        stream = file.add_stream("mjpeg", rate=RATE)
        stream.width, stream.height, stream.pix_fmt = 320, 240, "yuvj420p"
        for index in range(FRAMES):
            frame = av.VideoFrame.from_ndarray(picture(index), format="bgr24")
            frame.pts = index
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    times, data, _ = play(path)
    with av.open(io.BytesIO(data)) as file:
        assert file.streams.video[0].codec_context.name == "h264"
    assert len(decoded(data)) == len(times) == FRAMES


def test_a_file_that_breaks_off_plays_what_is_there(tmp_path: Path) -> None:
    path = write(tmp_path / "film", "vp8-webm")
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) * 6 // 10])
    times, data, _ = play(path)
    assert 5 < len(times) < FRAMES
    assert decoded(data)


@pytest.mark.parametrize("content", [b"", b"not a film", b"\x1a\x45\xdf\xa3" + bytes(500)])
def test_what_is_no_film_is_refused_with_its_name(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "film.webm"
    path.write_bytes(content)
    with pytest.raises(MediaUndecodable, match=r"film\.webm"):
        RecordedCamera(path)


def test_sound_alone_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "sound.wav"
    with av.open(str(path), "w") as file:
        stream = file.add_stream("pcm_s16le", rate=8000)
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 800), np.int16), format="s16", layout="mono")
        frame.sample_rate = 8000
        file.mux(stream.encode(frame))
    with pytest.raises(MediaUndecodable, match="holds no video"):
        RecordedCamera(path)
