"""A picture sent from outside as a face to compare with: found in any orientation, checked, embedded; and two such compared."""

import cv2
import msgspec
import numpy as np

from openekyc.engine.compare.embed import cosine, embed
from openekyc.engine.compare.similarity import similarity
from openekyc.engine.face.detect import detect, others
from openekyc.engine.face.landmarks import landmarks
from openekyc.engine.face.quality import quality
from openekyc.engine.face.values import Face, Floats, Image
from openekyc.engine.liveness.conditions import complaints
from openekyc.engine.media import decode_picture
from openekyc.engine.runtime import Models
from openekyc.errors import MediaTooLarge, MediaUndecodable

TURNS = (None, cv2.ROTATE_90_CLOCKWISE, cv2.ROTATE_90_COUNTERCLOCKWISE, cv2.ROTATE_180)
SURE = 0.8  # detection score from which a picture counts as upright without trying the other turns
SHORTEST_SIDE = 80  # pixels; a smaller picture cannot hold a usable face
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
    image = _decoded(data)
    image, faces = upright(models, image)
    if not faces:
        raise PictureRefused("2013", "no face in the picture")
    if others(faces):
        raise PictureRefused("2012", "more than one face in the picture")
    return _checked_embedding(models, image, faces[0])


def upright(models: Models, image: Image) -> tuple[Image, tuple[Face, ...]]:
    """The picture in the quarter turn in which its faces are found best, and the faces there."""
    best: tuple[Image, tuple[Face, ...]] = (image, ())
    for turn in TURNS:
        turned = image if turn is None else np.asarray(cv2.rotate(image, turn), dtype=np.uint8)
        faces = detect(models, turned)
        if faces and (not best[1] or faces[0].score > best[1][0].score + 0.05) and _eyes_up(faces[0]):
            best = (turned, faces)
        if best[1] and best[1][0].score >= SURE:
            break
    return best


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


def _checked_embedding(models: Models, image: Image, face: Face) -> Floats:
    if _share_outside(face, image) > OUTSIDE:
        raise PictureRefused("2013", "the face is not complete")
    mesh = landmarks(models, image, face)
    if mesh is None:
        raise PictureRefused("2013", "no complete face in the picture")
    for complaint in complaints(quality(image, face, mesh), compare=True):
        raise PictureRefused("2017" if complaint.code == "2017" else "2014", complaint.reason)
    vector = embed(models, image, mesh)
    if not np.isfinite(vector).all():
        raise PictureRefused("2015", "the face could not be embedded")
    return vector


def _share_outside(face: Face, image: Image) -> float:
    x, y, width, height = face.box
    inside_x = min(x + width, image.shape[1]) - max(x, 0.0)
    inside_y = min(y + height, image.shape[0]) - max(y, 0.0)
    outside: float = 1.0 - max(inside_x, 0.0) * max(inside_y, 0.0) / max(width * height, 1e-6)
    return outside


def _eyes_up(face: Face) -> bool:
    eyes, mouth = face.points[:2].mean(axis=0), face.points[3:].mean(axis=0)
    across, down = mouth - eyes
    return bool(down > 0 and down > 0.7 * abs(across))
