"""Is it one and the same person from the first frame to the last? Stops recordings that change hands or are spliced.

Embeddings of stills from the start, the middle and the end must belong together, and the face may not jump across the picture.
"""

from collections.abc import Sequence
from itertools import combinations, pairwise

import numpy as np

from openekyc.engine.compare.embed import cosine, embed
from openekyc.engine.face.values import Floats, Image, Mesh, Observation, Track
from openekyc.engine.runtime import Models
from openekyc.engine.values import Cue

SAME_PERSON = 0.30  # cosine; stills of one recording measured far above, two people reach it in about 0.4 % of pairs
JUMP_WIDTHS = 0.5  # shift of the face in face widths between frames at most `JUMP_S` apart
JUMP_S = 0.12
FRONTAL = (25.0, 20.0)  # yaw and pitch up to which an embedding is steady


def judge(models: Models, track: Track) -> Cue:
    """The cue `continuity`."""
    chosen = spread([still for still in track.stills if _frontal(still[0])])
    vectors = [embed(models, image, seen.mesh) for seen, image in chosen if seen.mesh is not None]
    return decide(vectors, jumps(track.observations))


def decide(vectors: Sequence[Floats], jumped: int) -> Cue:
    """The decision over the embeddings (unit vectors) and the number of jumps."""
    alike = min((cosine(a, b) for a, b in combinations(vectors, 2)), default=1.0)
    numbers = {"stills": float(len(vectors)), "lowest_cosine": round(alike, 4), "jumps": float(jumped)}
    if len(vectors) < 2:
        return Cue("continuity", "retry", "1004", ("10",), "too few frontal frames of the face", "keep_facing_screen", numbers)
    if alike < SAME_PERSON:
        return Cue("continuity", "deny", "1005", ("10",), "more than one person in the course of the recording", numbers=numbers)
    if jumped:
        return Cue("continuity", "deny", "1005", ("10",), "the face jumps within the picture", numbers=numbers)
    return Cue("continuity", "pass", numbers=numbers)


def spread(stills: Sequence[tuple[Observation, Image]], count: int = 3) -> list[tuple[Observation, Image]]:
    """The first, the middle and the last still."""
    places = sorted({round(place) for place in np.linspace(0, len(stills) - 1, count)}) if stills else []
    return [stills[place] for place in places]


def jumps(observations: Sequence[Observation]) -> int:
    """How often the face moves further between neighbouring frames than a head can."""
    seen = [(o.time, *_centre_and_width(o.mesh)) for o in observations if o.mesh is not None]
    return sum(
        later[0] - earlier[0] <= JUMP_S and float(np.linalg.norm(later[1] - earlier[1])) > JUMP_WIDTHS * max(earlier[2], later[2])
        for earlier, later in pairwise(seen)
    )


def _centre_and_width(mesh: Mesh) -> tuple[Floats, float]:
    points = mesh.points[:, :2]
    return points.mean(axis=0), float(np.ptp(points[:, 0]))


def _frontal(seen: Observation) -> bool:
    yaw, pitch = FRONTAL
    return seen.mesh is not None and abs(seen.mesh.pose.yaw) <= yaw and abs(seen.mesh.pose.pitch) <= pitch
