"""SFace computes the same numbers without PRelu."""

import numpy as np

from openekyc.engine import protobuf
from openekyc.engine.activations import without_prelu
from openekyc.engine.runtime import Models, OnnxNetwork, without_surplus_inputs
from openekyc.settings import Settings


def operations(model: bytes) -> set[bytes]:
    graph = next(protobuf.children(model, 7))
    return {name for node in protobuf.children(graph, 1) for name in protobuf.children(node, 4)}


def test_the_recogniser_answers_the_same_numbers() -> None:
    models = Models(Settings().models_folder)
    file = without_surplus_inputs((models.folder / models.files["face_recognizer"].file).read_bytes())
    assert b"PRelu" in operations(file)
    assert b"PRelu" not in operations(without_prelu(file))
    face = np.random.default_rng(5).uniform(0, 255, (1, 3, 112, 112)).astype(np.float32)
    np.testing.assert_allclose(models.face_recognizer(face), OnnxNetwork(file)(face), atol=1e-5)
