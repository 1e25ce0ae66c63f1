"""The head pose: the rotation that lays the canonical face over the found points.

A weighted orthogonal Procrustes fit in metric space, under a camera of 63 degrees vertical view as MediaPipe assumes when nothing
is known about the real one. The depth of the points is relative, so the scale is estimated first and the points are unprojected
with it, twice. Source: MediaPipe, `geometry_pipeline.cc` and `procrustes_solver.cc`.
"""

import numpy as np
from numpy.typing import NDArray

from openekyc.engine.face.canonical import CanonicalFace
from openekyc.engine.face.values import Floats, Pose

Matrix = NDArray[np.float64]

_VERTICAL_VIEW_DEGREES = 63.0
_ROUNDS = 2


def head_pose(face: CanonicalFace, points: Floats, width: int, height: int) -> Pose:
    """Pose from mesh `points` (478, 3) in pixels of a picture of `width` x `height`."""
    return angles(rotation(face, points, width, height))


def rotation(face: CanonicalFace, points: Floats, width: int, height: int) -> Matrix:
    """(3, 3) rotation from the canonical face's axes (x right, y up, z towards the camera) to the camera's."""
    per_pixel = 2 * np.tan(np.radians(_VERTICAL_VIEW_DEGREES) / 2) / height
    found = points.astype(np.float64)
    screen = found[face.basis] * per_pixel
    screen[:, 0] -= width / 2 * per_pixel
    screen[:, 1] = height / 2 * per_pixel - screen[:, 1]
    depth = screen[:, 2] - found[: len(face.vertices), 2].mean() * per_pixel
    flat = np.column_stack([screen[:, :2], -screen[:, 2]])
    turn, scale = _procrustes(face, flat)
    for _ in range(_ROUNDS):
        distance = (depth + 1) / scale
        turn, step = _procrustes(face, np.column_stack([screen[:, :2] * distance[:, None], -distance]))
        scale *= step
    return turn


def angles(turn: Matrix) -> Pose:
    """Degrees from a rotation. The nose points along the third column, the eyes along the first."""
    nose = turn[:, 2]
    return Pose(
        yaw=float(np.degrees(np.arctan2(nose[0], nose[2]))),
        pitch=float(np.degrees(-np.arcsin(np.clip(nose[1], -1, 1)))),
        roll=float(np.degrees(-np.arctan2(turn[1, 0], turn[1, 1]))),
    )


def _procrustes(face: CanonicalFace, targets: Matrix) -> tuple[Matrix, float]:
    """Rotation and scale that best carry the canonical basis points to `targets` (n, 3), weighted least squares."""
    weights = face.weights[:, None]
    sources = face.vertices[face.basis]
    sources = sources - (weights * sources).sum(axis=0) / weights.sum()
    targets = targets - (weights * targets).sum(axis=0) / weights.sum()
    u, singular, vt = np.linalg.svd((weights * targets).T @ sources)
    mirror = np.array([1.0, 1.0, np.sign(np.linalg.det(u @ vt))])
    turn: Matrix = (u * mirror) @ vt
    return turn, float((singular * mirror).sum() / (weights * sources**2).sum())
