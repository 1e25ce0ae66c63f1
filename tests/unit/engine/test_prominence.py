"""Who is meant when a picture shows several people."""

import numpy as np
import pytest

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
