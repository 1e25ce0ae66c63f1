"""Find the one face of a picture that came from outside: in any orientation, small or large, and not a bystander's.

The detector's cost grows with the area it searches, so it looks at a small copy first and at a larger one only if that shows no face
that is sure and large enough. It misses faces that lie on their side and reports faces that stand on their heads, so quarter turns are
tried and the mesh has to agree.
"""

from typing import NamedTuple

import cv2
import numpy as np

from openekyc.engine.face.detect import FRAME_SIDE, PICTURE_SIDE, detect
from openekyc.engine.face.landmarks import landmarks
from openekyc.engine.face.values import Face, Image, Mesh
from openekyc.engine.runtime import Models

TURNS = (None, cv2.ROTATE_90_CLOCKWISE, cv2.ROTATE_90_COUNTERCLOCKWISE, cv2.ROTATE_180)
SURE = (
    0.88  # detection score from which other turns are not tried: 1 % of upright photographs lie under it, faces on their heads hardly above
)
UPRIGHT = 60.0  # degrees of roll up to which a face counts as upright
TILTED = 20.0  # degrees of roll from which the mesh is found once more: the detector's points lag behind such a tilt
FOUND = 0.7  # detection score, and
ENOUGH = 40.0  # pixels of face width in the searched copy from which a larger copy is not searched
COMPANY = 0.6  # a second face of this share of the first one's prominence makes the picture ambiguous


class Found(NamedTuple):
    """A picture in the quarter turn in which its faces stand upright, the faces by falling prominence, and the mesh of the first."""

    image: Image
    faces: tuple[Face, ...]
    mesh: Mesh

    @property
    def ambiguous(self) -> bool:
        """Whether it is not clear who is meant."""
        worth = [prominence(face, self.image) for face in self.faces[:2]]
        return len(worth) > 1 and worth[1] >= COMPANY * worth[0]

    @property
    def missing(self) -> float:
        """The share of the face that lies outside the picture, by the mesh, which goes on where the picture ends, and by the box."""
        size = self.image.shape[1::-1]
        points = self.mesh.points[:, :2]
        off = ((points < 0) | (points >= size)).any(axis=1).mean()
        return max(float(off), outside(self.faces[0], self.image))


def upright(models: Models, image: Image) -> Found | None:
    """Turn the picture until a face surely stands upright, else as its face is seen best; None if no turn shows one."""
    doubtful: list[Found] = []
    for turn in TURNS:
        found = _find(models, image if turn is None else np.asarray(cv2.rotate(image, turn), dtype=np.uint8))
        if found and _stands(found):
            if found.faces[0].score >= SURE:
                return found
            doubtful.append(found)
    return max(doubtful, key=lambda found: found.faces[0].score, default=None)


def _find(models: Models, image: Image) -> Found | None:
    faces = ranked(search(models, image), image)
    mesh = landmarks(models, image, faces[0]) if faces else None
    if mesh is not None and abs(mesh.pose.roll) > TILTED:
        mesh = landmarks(models, image, mesh)
    return Found(image, faces, mesh) if mesh is not None else None


def _stands(found: Found) -> bool:
    return abs(found.mesh.pose.roll) <= UPRIGHT


def search(models: Models, image: Image) -> tuple[Face, ...]:
    """The faces of a picture as it stands."""
    faces = detect(models, image, FRAME_SIDE)
    enough = ENOUGH * max(image.shape[:2]) / FRAME_SIDE
    if faces and faces[0].score >= FOUND and faces[0].box[2] >= enough:
        return faces
    return detect(models, image, PICTURE_SIDE)


def ranked(faces: tuple[Face, ...], image: Image) -> tuple[Face, ...]:
    """By falling prominence."""
    return tuple(sorted(faces, key=lambda face: prominence(face, image), reverse=True))


def prominence(face: Face, image: Image) -> float:
    """How much a picture is about this face: its visible area, once more by the visible share, less with the distance from the middle
    (1 in the middle, a half at the middle of a side). A bystander is smaller, off the middle, or cut off."""
    x, y, width, height = face.box
    across, down = image.shape[1] / 2, image.shape[0] / 2
    off = ((x + width / 2 - across) / across) ** 2 + ((y + height / 2 - down) / down) ** 2
    worth: float = width * height * (1.0 - outside(face, image)) / (1.0 + off)
    return worth


def outside(face: Face, image: Image) -> float:
    """The share of the face's box that lies outside the picture."""
    x, y, width, height = face.box
    inside_x = min(x + width, image.shape[1]) - max(x, 0.0)
    inside_y = min(y + height, image.shape[0]) - max(y, 0.0)
    share: float = 1.0 - max(inside_x, 0.0) * max(inside_y, 0.0) / max(width * height, 1e-6)
    return share
