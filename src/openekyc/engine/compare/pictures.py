"""A picture sent from outside as a face to compare with: found in any orientation, checked, embedded; and two such compared."""

from typing import NamedTuple

import cv2
import msgspec
import numpy as np

from openekyc.engine.compare.embed import cosine, embed
from openekyc.engine.compare.similarity import similarity
from openekyc.engine.face.detect import detect, others
from openekyc.engine.face.landmarks import landmarks
from openekyc.engine.face.quality import quality
from openekyc.engine.face.values import Face, Floats, Image, Mesh
from openekyc.engine.liveness.conditions import complaints
from openekyc.engine.media import decode_picture
from openekyc.engine.runtime import Models
from openekyc.errors import MediaTooLarge, MediaUndecodable

TURNS = (None, cv2.ROTATE_90_CLOCKWISE, cv2.ROTATE_90_COUNTERCLOCKWISE, cv2.ROTATE_180)
SURE = 0.7  # detection score from which other turns are not tried
UPRIGHT = 60.0  # degrees of roll up to which a face counts as upright
SHORTEST_SIDE = 80  # pixels; a smaller picture cannot hold a usable face
COMPANY = 0.5  # a second face of this share of the first one's area makes the picture ambiguous
OUTSIDE = 0.25  # share of the face box that may lie outside the picture


class PictureRefused(Exception):
    """The picture cannot be compared with. `code` is the result code: 2004, 2012, 2013, 2014, 2015 or 2017."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code, self.reason = code, reason


class Comparison(msgspec.Struct, frozen=True):
    """Two pictures compared. `code` is "0" or the result code of what is wrong, `picture` the one it is about ("a", "b"; "" = neither)."""

    code: str
    similarity: float | None
    cosine: float | None
    reason: str
    picture: str


def compare_pictures(models: Models, a: bytes, b: bytes, pass_similarity: float = 70.0) -> Comparison:
    """Compare the faces in two encoded pictures: code "0" if the similarity reaches the pass mark, else 2016 or a picture's fault."""
    vectors = []
    for name, data in (("a", a), ("b", b)):
        try:
            vectors.append(portrait(models, data))
        except PictureRefused as refused:
            return Comparison(refused.code, None, None, refused.reason, name)
    alike = cosine(*vectors)
    mark = similarity(alike)
    if mark < pass_similarity:
        return Comparison("2016", mark, alike, "the similarity is below the pass mark", "")
    return Comparison("0", mark, alike, "", "")


def portrait(models: Models, data: bytes) -> Floats:
    """The embedding (128,) of the one face in an encoded picture. Raises PictureRefused."""
    found = upright(models, _decoded(data))
    if found is None:
        raise PictureRefused("2013", "no complete face in the picture")
    if others(found.faces, COMPANY):
        raise PictureRefused("2012", "more than one face in the picture")
    return _checked_embedding(models, found)


class Found(NamedTuple):
    """A picture in the quarter turn in which its faces stand upright, the faces by falling size, and the mesh of the first."""

    image: Image
    faces: tuple[Face, ...]
    mesh: Mesh


def upright(models: Models, image: Image) -> Found | None:
    """Turn the picture until its face stands upright; None if no turn shows a face. The detector also reports faces that stand on
    their heads, so the mesh has to agree."""
    doubtful = None
    for turn in TURNS:
        found = _find(models, image if turn is None else np.asarray(cv2.rotate(image, turn), dtype=np.uint8))
        if found and found.faces[0].score >= SURE and abs(found.mesh.pose.roll) <= UPRIGHT:
            return found
        doubtful = doubtful or found
    return doubtful


def _find(models: Models, image: Image) -> Found | None:
    faces = detect(models, image)
    mesh = landmarks(models, image, faces[0]) if faces else None
    return Found(image, faces, mesh) if mesh is not None else None


def _decoded(data: bytes) -> Image:
    try:
        image = decode_picture(data)
    except MediaTooLarge as error:
        raise PictureRefused("2004", error.message) from error
    except MediaUndecodable as error:
        raise PictureRefused("2014", error.message) from error
    if min(image.shape[:2]) < SHORTEST_SIDE:
        raise PictureRefused("2004", f"a side of the picture is shorter than {SHORTEST_SIDE} pixels")
    return image


def _checked_embedding(models: Models, found: Found) -> Floats:
    face = found.faces[0]
    if _share_outside(face, found.image) > OUTSIDE:
        raise PictureRefused("2013", "the face is not complete")
    for complaint in complaints(quality(found.image, face, found.mesh), compare=True):
        raise PictureRefused("2017" if complaint.code == "2017" else "2014", complaint.reason)
    vector = embed(models, found.image, found.mesh)
    if not np.isfinite(vector).all():
        raise PictureRefused("2015", "the face could not be embedded")
    return vector


def _share_outside(face: Face, image: Image) -> float:
    x, y, width, height = face.box
    inside_x = min(x + width, image.shape[1]) - max(x, 0.0)
    inside_y = min(y + height, image.shape[0]) - max(y, 0.0)
    outside: float = 1.0 - max(inside_x, 0.0) * max(inside_y, 0.0) / max(width * height, 1e-6)
    return outside
