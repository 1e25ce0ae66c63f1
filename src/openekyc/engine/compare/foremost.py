"""The person a reference picture is about, where somebody else stands behind them.

Only for a picture the integrator sends. A document comes from the person who is to be verified, and a recording is made by them: there a
second face that could be meant is refused, for else whoever holds the camera could choose which of two faces counts.
"""

from openekyc.engine.compare.find import Found, find_mesh, levelled, outside, stands
from openekyc.engine.face.detect import area
from openekyc.engine.face.quality import box_detail
from openekyc.engine.face.values import Face, Image
from openekyc.engine.runtime import Models

LARGER = 2.5  # times the visible area of every other face


def foremost(models: Models, found: Found) -> Found:
    """An ambiguous picture with its largest face first and `settled`, if that is much larger than every other face and sharper; else as it
    is."""
    if not found.ambiguous:
        return found
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
