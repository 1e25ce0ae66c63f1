"""Who is meant when a picture shows several people."""

import numpy as np
import pytest

from openekyc.engine.compare import foremost
from openekyc.engine.compare.find import Found, outside, prominence, ranked
from openekyc.engine.face.values import Face

IMAGE = np.zeros((400, 600, 3), np.uint8)


def face(x: float, y: float, width: float) -> Face:
    """Centred at (x, y)."""
    return Face((x - width / 2, y - width / 2, width, width), np.zeros((5, 2), np.float32), 0.9)


def ambiguous(*faces: Face) -> bool:
    return Found(IMAGE, ranked(faces, IMAGE), None).ambiguous  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "faces",
    [
        (face(300, 200, 100), face(100, 80, 60)),  # smaller and off the middle
        (face(300, 200, 100), face(590, 200, 110)),  # cut off by the picture's edge
        (face(300, 200, 100), face(60, 60, 105)),  # far off in a corner
        (face(300, 200, 100),),
    ],
)
def test_one_person_stands_out(faces: tuple[Face, ...]) -> None:
    assert not ambiguous(*faces)
    assert ranked(faces[::-1], IMAGE)[0].box == face(300, 200, 100).box


@pytest.mark.parametrize(
    "faces",
    [
        (face(150, 200, 100), face(450, 200, 100)),  # side by side
        (face(300, 200, 100), face(120, 200, 100), face(480, 200, 100)),  # three in a row
        (face(300, 200, 80), face(450, 200, 100)),  # the larger one is off the middle
    ],
)
def test_it_is_not_clear_who_is_meant(faces: tuple[Face, ...]) -> None:
    assert ambiguous(*faces)


def test_what_lies_outside_counts_for_nothing() -> None:
    assert outside(face(300, 200, 100), IMAGE) == 0
    assert outside(face(0, 200, 100), IMAGE) == pytest.approx(0.5)
    assert outside(face(-200, 200, 100), IMAGE) == 1
    assert prominence(face(-200, 200, 100), IMAGE) == 0


@pytest.fixture
def settled(monkeypatch):
    """Whether it is clear who is meant, where the mesh agrees that these are faces."""

    def told(faces: tuple[Face, ...], agreed: tuple[Face, ...]) -> bool:
        monkeypatch.setattr(foremost, "landmarks", lambda _models, _image, face: "mesh" if face in agreed else None)
        found = foremost.foremost(None, Found(IMAGE, ranked(faces, IMAGE), None))  # type: ignore[arg-type]
        assert found.faces == ranked(faces, IMAGE)  # nobody is forgotten: the notice counts them
        return not found.ambiguous

    return told


def test_what_the_mesh_takes_for_no_face_is_nobody_to_be_confused_with(settled) -> None:
    meant, cheek, other = face(280, 200, 100), face(450, 200, 95), face(150, 200, 95)
    assert ambiguous(meant, cheek)
    assert settled((meant, cheek), (meant,))
    assert not settled((meant, cheek), (meant, cheek))
    assert not settled((meant, cheek, other), (meant, other))  # one more that is a face


def test_a_crowd_is_not_looked_through(settled) -> None:
    crowd = tuple(face(60 + 50 * place, 200, 50) for place in range(11))
    assert not settled(crowd, ())
