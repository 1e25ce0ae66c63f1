"""A picture sent from outside as a face to compare with: found, checked, embedded; and two such compared.

The checks hold for a photograph, or for a portrait cut out of a document (`card`), which is smaller, grey and overprinted.
"""

from typing import NamedTuple

import cv2
import msgspec
import numpy as np

from openekyc.engine.compare.embed import align, cosine, embed_chip, five_points
from openekyc.engine.compare.find import Found, upright
from openekyc.engine.compare.foremost import foremost
from openekyc.engine.compare.ghosts import without_ghosts
from openekyc.engine.compare.similarity import similarity
from openekyc.engine.face.quality import detail, quality
from openekyc.engine.face.values import Floats, Image, Quality
from openekyc.engine.liveness import conditions
from openekyc.engine.picture import decode_picture
from openekyc.engine.runtime import Models
from openekyc.engine.values import Notice
from openekyc.errors import MediaTooLarge, MediaUndecodable
from openekyc.picture_limits import LEAST_SIDE

INCOMPLETE = 0.15  # share of the face that may lie outside the picture
DIM, GLARING = 40.0, 235.0  # luma under or over which nearly everything lies where nobody is found for want or excess of light


class Gates(NamedTuple):
    """From what on a picture is not compared (docs/research/comparison.md has what each costs). `side`: pixels of the shorter side;
    `width`: of the face's box; `luma`: 0..255, mean over the face; `detail`: variance of second differences at 112 pixels; `covered`:
    0..1."""

    side: int
    width: float
    luma: float
    detail: float
    covered: float


PHOTO = Gates(side=LEAST_SIDE, width=40.0, luma=12.0, detail=1.4, covered=0.7)
CARD = Gates(side=48, width=24.0, luma=12.0, detail=0.8, covered=0.7)


class Look(NamedTuple):
    """What the gates judge: whether it is unclear who is meant, the share of the face outside the picture, and its quality."""

    ambiguous: bool
    missing: float
    quality: Quality
    detail: float


class PictureRefused(Exception):
    """The picture cannot be compared with. `code` is the result code: 2004, 2012, 2013, 2014, 2015 or 2017."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code, self.reason = code, reason


class Portrait(NamedTuple):
    """The face of a picture, aligned: 112x112 BGR, and what the integrator should know about how it was chosen."""

    chip: Image
    notices: tuple[Notice, ...]


class Comparison(msgspec.Struct, frozen=True):
    """Two pictures compared. `code` is "0" or the result code of what is wrong, `picture` the one it is about ("a", "b"; "" = neither).
    `notices_a`, `notices_b`: what to know about a picture that was taken all the same."""

    code: str
    similarity: float | None
    cosine: float | None
    reason: str
    picture: str
    notices_a: tuple[Notice, ...] = ()
    notices_b: tuple[Notice, ...] = ()


def compare_pictures(
    models: Models, a: bytes, b: bytes, pass_similarity: float = 70.0, *, card: bool = False, sparing: bool = False
) -> Comparison:
    """Compare the faces in two encoded pictures: code "0" if the similarity reaches the pass mark, else 2016 or a picture's fault. With
    `card` the first is a portrait cut out of a document. `sparing`: let go of the networks that find faces before the one that compares
    them is loaded, for a process that compares two pictures and ends."""
    found: dict[str, Portrait] = {}
    for name, data, from_card in (("a", a, card), ("b", b, False)):
        try:
            found[name] = portrait(models, data, card=from_card)
        except PictureRefused as refused:
            return Comparison(refused.code, None, None, refused.reason, name)
    if sparing:
        models.forget_finders()
    notices = found["a"].notices, found["b"].notices
    try:
        vectors = [embedding(models, one) for one in found.values()]
    except PictureRefused as refused:
        return Comparison(refused.code, None, None, refused.reason, "", *notices)
    alike = cosine(*vectors)
    mark = similarity(alike)
    if mark < pass_similarity:
        return Comparison("2016", mark, alike, "the similarity is below the pass mark", "", *notices)
    return Comparison("0", mark, alike, "", "", *notices)


def embedding(models: Models, face: Portrait) -> Floats:
    """The unit vector (128,) of a face. Raises PictureRefused."""
    vector = embed_chip(models, face.chip)
    if not np.isfinite(vector).all():
        raise PictureRefused("2015", "the face could not be embedded")
    return vector


def portrait(models: Models, data: bytes, *, card: bool = False) -> Portrait:
    """The one face in an encoded picture. Of a photograph it may be the foremost of several, with a notice; a document's portrait, which
    the person who is verified holds out, must leave no doubt. Raises PictureRefused."""
    gates = CARD if card else PHOTO
    image = decoded(data, gates)
    found = upright(models, image)
    if found is None:
        raise PictureRefused(*nobody(image))
    found = without_ghosts(models, found)
    if not card:
        found = foremost(models, found)
    check(look(found), gates)
    notices: tuple[Notice, ...] = ("other_faces",) if len(found.faces) > 1 else ()
    return Portrait(align(found.image, five_points(found.mesh)), notices)


def decoded(data: bytes, gates: Gates = PHOTO) -> Image:
    """The picture, upright by its EXIF orientation. Raises PictureRefused."""
    try:
        image = decode_picture(data)
    except MediaTooLarge as error:
        raise PictureRefused("2004", error.message) from error
    except MediaUndecodable as error:
        raise PictureRefused("2014", error.message) from error
    if min(image.shape[:2]) < gates.side:
        raise PictureRefused("2004", f"a side of the picture is shorter than {gates.side} pixels")
    return image


def nobody(image: Image) -> tuple[str, str]:
    """Code and reason where no face is found: it may be the light."""
    small = cv2.resize(image, (64, 64), interpolation=cv2.INTER_AREA)
    low, high = np.percentile(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), [10, 90])
    if high < DIM or low > GLARING:
        return "2014", "too dark" if high < DIM else "overexposed"
    return "2013", "no complete face in the picture"


def look(found: Found) -> Look:
    """Measure what the gates judge."""
    seen = quality(found.image, found.faces[0], found.mesh)
    return Look(found.ambiguous, found.missing, seen, detail(found.image, found.mesh))


def check(seen: Look, gates: Gates = PHOTO) -> None:
    """Raises PictureRefused with the gravest of what stands against comparing this face."""
    face = seen.quality
    faults = (
        (seen.ambiguous, "2012", "more than one face in the picture"),
        (seen.missing > INCOMPLETE, "2013", "the face is not complete"),
        (face.luma < gates.luma, "2014", "too dark"),
        (conditions.overexposed(face), "2014", "overexposed"),
        (face.width < gates.width, "2014", "the face is too small"),
        (face.covered > gates.covered, "2017", "the face is covered"),
        (seen.detail < gates.detail, "2014", "the face is blurred"),
    )
    for applies, code, reason in faults:
        if applies:
            raise PictureRefused(code, reason)
