"""The pose fit, on the canonical face itself turned by known angles and seen through the camera the fit assumes."""

import numpy as np
import pytest

from openekyc.engine.face.canonical import CanonicalFace
from openekyc.engine.face.pose import angles, head_pose
from openekyc.engine.runtime import Models
from openekyc.settings import Settings

WIDTH, HEIGHT = 640, 480


@pytest.fixture(scope="module")
def face() -> CanonicalFace:
    return Models(Settings().models_folder).canonical_face


def turned(yaw: float, pitch: float, roll: float) -> np.ndarray:
    """Rotation with the nose to the right (yaw), down (pitch) and the head clockwise in the picture (roll); degrees."""
    y, p, r = np.radians([yaw, pitch, -roll])
    about_y = np.array([[np.cos(y), 0, np.sin(y)], [0, 1, 0], [-np.sin(y), 0, np.cos(y)]])
    about_x = np.array([[1, 0, 0], [0, np.cos(p), -np.sin(p)], [0, np.sin(p), np.cos(p)]])
    about_z = np.array([[np.cos(r), -np.sin(r), 0], [np.sin(r), np.cos(r), 0], [0, 0, 1]])
    return about_y @ about_x @ about_z


def photograph(face: CanonicalFace, turn: np.ndarray, distance: float = 50.0) -> np.ndarray:
    """Mesh points (478, 3) in pixels, under the pinhole camera of 63 degrees vertical view."""
    points = face.vertices @ turn.T + [0, 0, -distance]
    focal = HEIGHT / 2 / np.tan(np.radians(63) / 2)
    x = WIDTH / 2 + focal * points[:, 0] / -points[:, 2]
    y = HEIGHT / 2 - focal * points[:, 1] / -points[:, 2]
    z = -(points[:, 2] - points[:, 2].mean()) * focal / distance
    mesh = np.column_stack([x, y, z])
    return np.vstack([mesh, np.zeros((10, 3))]).astype(np.float32)


def test_the_canonical_face_is_whole(face: CanonicalFace) -> None:
    assert face.vertices.shape == (468, 3)
    assert face.uv.shape == (468, 2)
    assert face.triangles.shape == (898, 3)
    assert face.triangles.max() == 467
    assert len(face.basis) == len(face.weights) == 33
    assert face.vertices[4, 2] == max(face.vertices[:, 2])  # the nose tip is nearest to the camera


@pytest.mark.parametrize("pose", [(0, 0, 0), (25, 0, 0), (-25, 0, 0), (0, 15, 0), (0, -15, 0), (0, 0, 20), (15, -10, -30)])
def test_known_turns_are_recovered(face: CanonicalFace, pose: tuple[float, float, float]) -> None:
    found = head_pose(face, photograph(face, turned(*pose)), WIDTH, HEIGHT)
    assert (found.yaw, found.pitch, found.roll) == pytest.approx(pose, abs=1.5)


def test_angles_of_a_rotation_are_its_own() -> None:
    found = angles(turned(12, -7, 33))
    assert (found.yaw, found.pitch, found.roll) == pytest.approx((12, -7, 33), abs=1e-6)
