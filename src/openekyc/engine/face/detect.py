"""Find faces with YuNet.

YuNet's cost grows with the picture's area (5 ms at 320x240, 25 ms at 640x480, one thread) while faces down to about 25 pixels are
found, so pictures are shrunk first; small pictures are enlarged. Source: OpenCV Zoo, face_detection_yunet.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from openekyc.engine.face.values import Face, Floats, Image
from openekyc.engine.runtime import Models

SCORE = 0.6
"""Least score of a face. 99 to 100 % of the frontal faces of 150 photographs pass; 0.8 found one in every one of 7,701."""

FRAME_SIDE = 320
"""Longer side in pixels for recordings: there a face worth judging is at least an eighth of the frame wide."""

PICTURE_SIDE = 640
"""Longer side for single pictures, where nobody asked the person to come close."""

_OVERLAP = 0.3


def detect(models: Models, image: Image, side: int = PICTURE_SIDE, score: float = SCORE) -> tuple[Face, ...]:
    """Faces by falling size. `image` is BGR of any size; `side` is the longer side it is searched at."""
    scale = side / max(image.shape[:2])
    small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    detector = models.face_detector
    detector.setInputSize((small.shape[1], small.shape[0]))
    detector.setScoreThreshold(score)
    detector.setNMSThreshold(_OVERLAP)
    _, rows = detector.detect(small)
    factors = image.shape[1] / small.shape[1], image.shape[0] / small.shape[0]
    faces = [] if rows is None else [_face(row, factors) for row in rows]
    return tuple(sorted(faces, key=area, reverse=True))


def area(face: Face) -> float:
    """Of the box, in square pixels."""
    return face.box[2] * face.box[3]


def others(faces: tuple[Face, ...], share: float = 0.25) -> int:
    """How many faces besides the largest have at least `share` of its area: people, not pictures on a wall."""
    return sum(area(face) >= share * area(faces[0]) for face in faces[1:]) if faces else 0


def _face(row: NDArray[np.float32], factors: tuple[float, float]) -> Face:
    across, down = factors
    x, y, width, height = (float(value) for value in row[:4])
    points: Floats = row[4:14].reshape(5, 2) * np.array([across, down], np.float32)
    return Face((x * across, y * down, width * across, height * down), points, float(row[14]))
