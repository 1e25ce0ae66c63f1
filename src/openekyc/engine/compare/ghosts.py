"""Ghost portraits: a page of a passport or a card prints its holder a second time, smaller and paler. That is no second person."""

from openekyc.engine.compare.embed import cosine, embed
from openekyc.engine.compare.find import COMPANY, Found, prominence
from openekyc.engine.face.landmarks import landmarks
from openekyc.engine.runtime import Models

SAME = 0.4234  # cosine that 1 in 10,000 pairs of different people reach (`similarity.CORNERS`)
SMALLER = 0.7  # of the portrait's area: two faces of one size are no portrait and its ghost


def without_ghosts(models: Models, found: Found) -> Found:
    """The picture with its largest face alone, if every other face that makes it ambiguous is smaller and of the same person; else as it
    is."""
    if not found.ambiguous:
        return found
    most = prominence(found.faces[0], found.image)
    company = [face for face in found.faces if prominence(face, found.image) >= COMPANY * most]
    company.sort(key=lambda face: face.box[2] * face.box[3], reverse=True)
    area = company[0].box[2] * company[0].box[3]
    if any(face.box[2] * face.box[3] > SMALLER * area for face in company[1:]):
        return found
    meshes = [landmarks(models, found.image, face) for face in company]
    vectors = [embed(models, found.image, mesh) for mesh in meshes if mesh is not None]
    if len(vectors) < len(company) or meshes[0] is None or any(cosine(vectors[0], other) < SAME for other in vectors[1:]):
        return found
    return Found(found.image, (company[0],), meshes[0])
