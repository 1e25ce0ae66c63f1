"""Is the person in the recording the one in the reference picture? The cue `compare` of compare mode.

It never speaks before liveness: `fuse` asks it last. A print held before the camera is as like its own file as anything can be.
"""

from openekyc.engine.compare.embed import cosine, embed
from openekyc.engine.compare.find import Found
from openekyc.engine.compare.pictures import INCOMPLETE, PictureRefused, embedding, portrait
from openekyc.engine.compare.similarity import similarity
from openekyc.engine.face.values import Track
from openekyc.engine.liveness.conditions import best_still
from openekyc.engine.runtime import Models
from openekyc.engine.values import Cue, Hint


def match(models: Models, track: Track, reference: bytes | None, pass_similarity: float, *, card: bool = False) -> Cue:
    """Compare the best frame with the encoded reference picture; `card`: it is a portrait cut out of a document."""
    if reference is None:
        return Cue("compare", "skipped")
    denied: Hint = "document_not_accepted" if card else "try_again"
    try:
        taken = portrait(models, reference, card=card)
        wanted = embedding(models, taken)
    except PictureRefused as refused:
        return Cue("compare", "deny", refused.code, (), f"reference picture: {refused.reason}", denied)
    place = best_still(track)
    if place is None or (mesh := track.stills[place][0].mesh) is None:
        return Cue("compare", "retry", "2015", (), "no frame to compare with", "no_face")
    seen, image = track.stills[place]
    if seen.face is not None and Found(image, (seen.face,), mesh).missing > INCOMPLETE:
        return Cue("compare", "retry", "2013", (), "the face is not complete in the best frame", "move_back")
    alike = cosine(wanted, embed(models, image, mesh))
    mark = similarity(alike)
    numbers = {"similarity": mark, "cosine": round(alike, 4)}
    if mark < pass_similarity:
        return Cue("compare", "deny", "2016", (), "the similarity is below the pass mark", denied, numbers, taken.notices)
    return Cue("compare", "pass", numbers=numbers, notices=taken.notices)
