"""The person a reference picture is about, where somebody else stands behind them.

Only for a picture the integrator sends. A document comes from the person who is to be verified, and a recording is made by them: there a
second face that could be meant is refused, for else whoever holds the camera could choose which of two faces counts.
"""

from openekyc.engine.compare.find import COMPANY, Found, find_mesh, levelled, outside, prominence, stands
from openekyc.engine.face.detect import area
from openekyc.engine.face.landmarks import landmarks
from openekyc.engine.face.quality import box_detail
from openekyc.engine.face.values import Face, Image
from openekyc.engine.runtime import Models

LARGER = 2.5  # times the visible area of every other face
MOST = 8  # faces of much the same prominence that are looked at: more are a crowd


def foremost(models: Models, found: Found) -> Found:
    """An ambiguous picture `settled`, if only the detector takes what makes it so for a face; or with its largest face first, if that is
    much larger than every other face and sharper. Else as it is."""
    if not found.ambiguous:
        return found
    return found._replace(settled=True) if _alone(models, found) else _larger(models, found)


def _alone(models: Models, found: Found) -> bool:
    """Whether the mesh finds no face in anything that makes the picture ambiguous: a cheek cut off by the edge, the back of a head, a
    pattern. It has to agree with the detector here as it has to for the face that is compared."""
    least = COMPANY * prominence(found.faces[0], found.image)
    near = [face for face in found.faces[1:] if prominence(face, found.image) >= least]
    return len(near) <= MOST and all(landmarks(models, found.image, face) is None for face in near)


def _larger(models: Models, found: Found) -> Found:
    faces = sorted(found.faces, key=lambda face: visible(face, found.image), reverse=True)
    first, *others = faces
    size, detail = visible(first, found.image), box_detail(found.image, first)
    if any(size < LARGER * visible(other, found.image) or detail <= box_detail(found.image, other) for other in others):
        return found
    if first is found.faces[0]:
        return found._replace(settled=True)
    again = find_mesh(models, found.image, (first, *others))
    if again is None or not stands(again):
        return found
    return levelled(models, again)[0]._replace(settled=True)


def visible(face: Face, image: Image) -> float:
    """The area of the face's box inside the picture, in square pixels."""
    return area(face) * (1.0 - outside(face, image))
