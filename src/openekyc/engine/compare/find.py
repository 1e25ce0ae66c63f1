"""Find the one face of a picture that came from outside: in any orientation, small or large, and not a bystander's.

The detector's cost grows with the area it searches, so it looks at a small copy first and at a larger one only if that shows no face
that is sure and large enough. It misses faces that lie on their side and reports faces that stand on their heads, so quarter turns are
tried and the mesh has to agree.
"""

from dataclasses import replace
from typing import NamedTuple

import cv2
import numpy as np

from openekyc.engine.face.detect import FRAME_SIDE, PICTURE_SIDE, detect
from openekyc.engine.face.landmarks import landmarks
from openekyc.engine.face.values import Face, Image, Mesh
from openekyc.engine.runtime import Models

TURNS = (None, cv2.ROTATE_90_CLOCKWISE, cv2.ROTATE_90_COUNTERCLOCKWISE, cv2.ROTATE_180)
# Detection score from which other turns are not tried: 98 % of upright photographs reach it. Faces on their heads were taken for upright
# ones at up to .89.
SURE = 0.91
UPRIGHT = 60.0  # degrees of roll up to which a face counts as upright
TILTED = 20.0  # degrees of roll from which the face is levelled and found once more
AROUND = 3.0  # how much of the picture is levelled, in face sizes
FOUND = 0.7  # detection score, and
ENOUGH = 40.0  # pixels of face width in the searched copy from which a larger copy is not searched
COMPANY = 0.6  # a second face of this share of the first one's prominence makes the picture ambiguous


class Found(NamedTuple):
    """A picture in the quarter turn in which its faces stand upright, the faces by falling prominence, and the mesh of the first.
    `settled`: the first was found to be the one meant by other means than prominence."""

    image: Image
    faces: tuple[Face, ...]
    mesh: Mesh
    settled: bool = False

    @property
    def ambiguous(self) -> bool:
        """Whether it is not clear who is meant."""
        if self.settled:
            return False
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
    best, most = None, 0.0
    for turn in TURNS:
        found = _find(models, image if turn is None else np.asarray(cv2.rotate(image, turn), dtype=np.uint8))
        if found is None or not stands(found):
            continue
        found, score = levelled(models, found)
        if score >= SURE:
            return found
        if score > most:
            best, most = found, score
    return best


def _find(models: Models, image: Image) -> Found | None:
    return find_mesh(models, image, ranked(search(models, image), image))


def find_mesh(models: Models, image: Image, faces: tuple[Face, ...]) -> Found | None:
    """The picture with the mesh of the first of `faces`, None if there is none."""
    mesh = landmarks(models, image, faces[0]) if faces else None
    return Found(image, faces, mesh) if mesh is not None else None


def levelled(models: Models, found: Found) -> tuple[Found, float]:
    """The same with the mesh found once more where the face stands level, and the detector's score there. On a tilted face the detector's
    points lag behind, and between two quarter turns it may prefer the wrong one; a face that is truly level leaves no doubt."""
    face, roll = found.faces[0], found.mesh.pose.roll
    if abs(roll) <= TILTED:
        return found, face.score
    x, y, width, height = face.box
    side = int(AROUND * max(width, height))
    turn = cv2.getRotationMatrix2D((x + width / 2, y + height / 2), roll, 1.0)
    turn[:, 2] = turn[:, 2] + (side / 2 - x - width / 2, side / 2 - y - height / 2)
    crop = np.asarray(cv2.warpAffine(found.image, turn, (side, side), borderMode=cv2.BORDER_REPLICATE), dtype=np.uint8)
    seen = min(detect(models, crop, FRAME_SIDE), key=lambda one: _off_middle(one, side), default=None)
    mesh = landmarks(models, crop, seen) if seen is not None else None
    if seen is None or mesh is None:
        return found, 0.0
    back = cv2.invertAffineTransform(turn)
    points = mesh.points.copy()
    points[:, :2] = points[:, :2] @ back[:, :2].T + back[:, 2]
    pose = replace(mesh.pose, roll=mesh.pose.roll + roll)
    return found._replace(mesh=replace(mesh, points=points, pose=pose)), seen.score


def _off_middle(face: Face, side: int) -> float:
    x, y, width, height = face.box
    return float(np.hypot(x + width / 2 - side / 2, y + height / 2 - side / 2))


def stands(found: Found) -> bool:
    """Whether the first face is nearer to upright than to lying on its side."""
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
