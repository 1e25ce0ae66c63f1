"""The networks' inputs and outputs, the SFace trim, and the protobuf reader it rests on."""

import os
import subprocess
import sys
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openekyc.engine import protobuf
from openekyc.engine.runtime import Models, without_surplus_inputs
from openekyc.settings import Settings


@cache
def models() -> Models:
    return Models(Settings().models_folder)


def noise(*shape: int, scale: float = 1.0) -> np.ndarray:
    return (np.random.default_rng(5).random(shape) * scale).astype(np.float32)


def test_every_network_answers_in_its_shape() -> None:
    models().warm_up()
    points, presence, _ = models().face_landmarks(noise(1, 256, 256, 3))
    assert (points.size, presence.size) == (478 * 3, 1)
    assert models().face_blendshapes(noise(1, 146, 2, scale=200))[0].shape == (52,)
    assert models().silent[0].network(noise(1, 3, 128, 128, scale=255)).shape == (1, 3)
    assert models().face_recognizer(noise(1, 3, 112, 112, scale=255)).shape == (1, 128)


def test_the_recogniser_asks_only_for_the_picture() -> None:
    model = (models().folder / "face_recognition_sface_2021dec_int8bq.onnx").read_bytes()
    trimmed = without_surplus_inputs(model)
    graph = next(protobuf.children(trimmed, 7))
    assert [next(protobuf.children(item, 1)) for item in protobuf.children(graph, 11)] == [b"data"]
    before = next(protobuf.children(model, 7))
    assert list(protobuf.children(graph, 5)) == list(protobuf.children(before, 5))  # no weight was touched


def test_a_network_gives_the_same_answer_twice() -> None:
    batch = noise(1, 3, 112, 112, scale=255)
    assert np.array_equal(models().face_recognizer(batch), models().face_recognizer(batch))


@given(st.integers(1, 2000), st.binary(max_size=400))
def test_what_is_embedded_is_read_back(number: int, message: bytes) -> None:
    (field,) = protobuf.fields(protobuf.embed(number, message))
    assert (field.number, field.value) == (number, message)


def test_repeated_numbers_are_read_packed_or_not() -> None:
    packed = protobuf.embed(4, bytes([1, 2, 0x96, 0x01]))
    single = bytes([4 << 3, 7])
    assert protobuf.integers(packed + single, 4) == [1, 2, 150, 7]
    assert protobuf.floats(protobuf.embed(3, np.array([1.5, -2.0], "<f4").tobytes()), 3) == [1.5, -2.0]


@pytest.mark.parametrize("module", ["runtime", "capabilities"])
def test_onnx_runtime_is_told_to_report_nothing_before_it_is_loaded(module: str) -> None:
    """It looks the variable up once, in the process's own environment; without it, it asked for its maker's host twelve times a minute."""
    look = (
        "import ctypes, os, sys; assert 'onnxruntime' not in sys.modules; "
        f"import openekyc.engine.{module}; get = ctypes.CDLL(None).getenv; get.restype = ctypes.c_char_p; "
        "print(get(b'ORT_DISABLE_TELEMETRY'))"
    )
    environ = {name: value for name, value in os.environ.items() if name != "ORT_DISABLE_TELEMETRY"}
    shown = subprocess.run([sys.executable, "-c", look], env=environ, capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "b'1'"
