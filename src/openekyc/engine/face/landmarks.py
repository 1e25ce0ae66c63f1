"""478 points, 52 blendshapes and the head pose of one face, from the networks inside MediaPipe's face landmarker task.

The networks run in LiteRT instead of the `mediapipe` package: the same numbers (docs/research/landmarks.md has the comparison) at less
cost and without a second OpenCV. The crop rule is the publisher's: a square of 1.5 times the face, turned so that the eyes lie
level. Source: MediaPipe, `face_landmarker_graph.cc`, `face_landmarks_detector_graph.cc`, `face_blendshapes_graph.cc`.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from openekyc.engine.face.pose import head_pose
from openekyc.engine.face.values import Face, Floats, Image, Mesh
from openekyc.engine.runtime import Models

# fmt: off
BLENDSHAPES = (
    "_neutral", "browDownLeft", "browDownRight", "browInnerUp", "browOuterUpLeft", "browOuterUpRight", "cheekPuff", "cheekSquintLeft",
    "cheekSquintRight", "eyeBlinkLeft", "eyeBlinkRight", "eyeLookDownLeft", "eyeLookDownRight", "eyeLookInLeft", "eyeLookInRight",
    "eyeLookOutLeft", "eyeLookOutRight", "eyeLookUpLeft", "eyeLookUpRight", "eyeSquintLeft", "eyeSquintRight", "eyeWideLeft",
    "eyeWideRight", "jawForward", "jawLeft", "jawOpen", "jawRight", "mouthClose", "mouthDimpleLeft", "mouthDimpleRight",
    "mouthFrownLeft", "mouthFrownRight", "mouthFunnel", "mouthLeft", "mouthLowerDownLeft", "mouthLowerDownRight", "mouthPressLeft",
    "mouthPressRight", "mouthPucker", "mouthRight", "mouthRollLower", "mouthRollUpper", "mouthShrugLower", "mouthShrugUpper",
    "mouthSmileLeft", "mouthSmileRight", "mouthStretchLeft", "mouthStretchRight", "mouthUpperUpLeft", "mouthUpperUpRight",
    "noseSneerLeft", "noseSneerRight",
)
# fmt: on
"""Names of `Mesh.blendshapes`, in order. Left and right are the person's."""

RIGHT_EYE_OUTER, LEFT_EYE_OUTER = 33, 263

_INPUT = 256
_MARGIN = 1.5
_NEAR = 0.05  # share of the side, or radians, by which a region may be off before the mesh is found once more
_BOX_SIDE, _BOX_DROP = 1.32, 0.06
"""How a mesh's region lies to YuNet's box, in box heights: median of 197 photographs (90 % within 1.23..1.45 and 0.02..0.10)."""

# fmt: off
_BLENDSHAPE_POINTS = np.array((
    0, 1, 4, 5, 6, 7, 8, 10, 13, 14, 17, 21, 33, 37, 39, 40, 46, 52, 53, 54, 55, 58, 61, 63, 65, 66, 67, 70, 78, 80, 81, 82, 84, 87,
    88, 91, 93, 95, 103, 105, 107, 109, 127, 132, 133, 136, 144, 145, 146, 148, 149, 150, 152, 153, 154, 155, 157, 158, 159, 160, 161,
    162, 163, 168, 172, 173, 176, 178, 181, 185, 191, 195, 197, 234, 246, 249, 251, 263, 267, 269, 270, 276, 282, 283, 284, 285, 288,
    291, 293, 295, 296, 297, 300, 308, 310, 311, 312, 314, 317, 318, 321, 323, 324, 332, 334, 336, 338, 356, 361, 362, 365, 373, 374,
    375, 377, 378, 379, 380, 381, 382, 384, 385, 386, 387, 388, 389, 390, 397, 398, 400, 402, 405, 409, 415, 454, 466, 468, 469, 470,
    471, 472, 473, 474, 475, 476, 477,
))
# fmt: on


@dataclass(frozen=True, slots=True)
class Roi:
    """A turned square: centre and side in pixels, `angle` in radians clockwise in the picture."""

    x: float
    y: float
    side: float
    angle: float


def landmarks(models: Models, image: Image, where: Face | Mesh | Roi, presence: float = 0.5) -> Mesh | None:
    """The mesh of the face at `where` (a detection, the previous frame's mesh, or a region), None if there is no face.

    A detection's box tells only roughly where the mesh will be; where it was off, the mesh is found once more, as in tracking.
    """
    region = _region(where)
    points, seen = _locate(models, image, region)
    if isinstance(where, Face) and not _alike(region, better := roi_of_points(points)):
        points, seen = _locate(models, image, better)
    if seen < presence or not np.isfinite(points).all():
        return None
    blendshapes = models.face_blendshapes(points[None, _BLENDSHAPE_POINTS, :2])[0]
    return Mesh(points, blendshapes, head_pose(models.canonical_face, points, image.shape[1], image.shape[0]), seen)


def _region(where: Face | Mesh | Roi) -> Roi:
    if isinstance(where, Face):
        return roi_of_face(where)
    return roi_of_points(where.points) if isinstance(where, Mesh) else where


def _alike(a: Roi, b: Roi) -> bool:
    """Whether two regions show the network nearly the same: size, place and turn within `_NEAR`."""
    shift = max(abs(a.x - b.x), abs(a.y - b.y)) / b.side
    return max(abs(a.side / b.side - 1), shift, abs(a.angle - b.angle)) <= _NEAR


def roi_of_face(face: Face) -> Roi:
    """Where the landmark network should look for a detected face."""
    x, y, width, height = face.box
    angle = _angle(face.points[0], face.points[1])
    drop = _BOX_DROP * height
    return Roi(x + width / 2 - drop * np.sin(angle), y + height / 2 + drop * np.cos(angle), _BOX_SIDE * max(width, height), angle)


def roi_of_points(points: Floats) -> Roi:
    """Where it should look in the next frame: the points' upright bounding box, squared by its longer side and enlarged."""
    low, high = points[:, :2].min(axis=0), points[:, :2].max(axis=0)
    x, y = (low + high) / 2
    return Roi(float(x), float(y), _MARGIN * float((high - low).max()), _angle(points[RIGHT_EYE_OUTER], points[LEFT_EYE_OUTER]))


def _angle(right_eye: Floats, left_eye: Floats) -> float:
    return float(np.arctan2(left_eye[1] - right_eye[1], left_eye[0] - right_eye[0]))


def _locate(models: Models, image: Image, roi: Roi) -> tuple[Floats, float]:
    """All points in the picture's pixels, and the face presence."""
    to_image = _crop_to_image(roi)
    crop = cv2.warpAffine(image, to_image, (_INPUT, _INPUT), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_REPLICATE)
    batch = cv2.cvtColor(crop, cv2.COLOR_BGR2RGB).astype(np.float32)[None] / np.float32(255)
    raw, logit, _ = models.face_landmarks(batch)
    found = raw.reshape(-1, 3)
    points = np.empty_like(found)
    points[:, :2] = found[:, :2] @ to_image[:, :2].T + to_image[:, 2]
    points[:, 2] = found[:, 2] * (roi.side / _INPUT)
    return points, float(1 / (1 + np.exp(-float(logit.item()))))


def _crop_to_image(roi: Roi) -> NDArray[np.float64]:
    scale = roi.side / _INPUT
    cos, sin = scale * np.cos(roi.angle), scale * np.sin(roi.angle)
    half = _INPUT / 2
    return np.array([[cos, -sin, roi.x - half * (cos - sin)], [sin, cos, roi.y - half * (sin + cos)]])
