"""Which way up a recording is whose headers do not say: told by the face, before anything is measured.

Only the first frames are asked. Where the first of them shows a face that surely stands upright, as nearly always, that is one
detection; else the quarter turns are tried on a few frames, and one turn is chosen for the whole recording.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Protocol

from openekyc.engine.face.detect import FRAME_SIDE, detect
from openekyc.engine.face.landmarks import landmarks
from openekyc.engine.face.values import Image
from openekyc.engine.media import MediaLimits, Source, Video, open_video
from openekyc.engine.orientation import turned
from openekyc.engine.runtime import Models

TURNS = (0, 90, 270, 180)
TIMES = (0.0, 0.2, 0.4, 0.7, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0, 10.0)  # s, of the frames that are asked
SURE = 0.91  # detection score from which no other turn is tried; faces on their heads were taken for upright ones at up to .89
STANDS = 50.0  # degrees of roll up to which a face counts as upright
VOTES = 3  # frames that have to agree; a recording turned by fewer than
FEWEST = 2  # is left as it is


class Picture(Protocol):
    """One frame."""

    @property
    def time(self) -> float: ...
    @property
    def image(self) -> Image: ...


def open_upright(models: Models, source: Source, limits: MediaLimits | None = None) -> Video:
    """Open a recording so that its person is upright. Raises MediaTooLarge or MediaUndecodable."""
    return open_video(source, limits, quarter_turn(models, open_video(source, limits)))


def quarter_turn(models: Models, frames: Iterable[Picture]) -> int:
    """By how many degrees clockwise the pictures have to be turned; 0 where no face tells."""
    votes: Counter[int] = Counter()
    for image in _asked(frames):
        turn, sure = _best(models, image)
        if sure and turn == 0:
            return 0
        if turn is not None:
            votes[turn] += 1
            if votes[turn] == VOTES:
                break
    turn, most = max(votes.items(), key=lambda item: (item[1], item[0] == 0), default=(0, 0))
    return turn if most >= FEWEST and most > votes[0] else 0


def _asked(frames: Iterable[Picture]) -> Iterator[Image]:
    times = iter(TIMES)
    due = next(times)
    for frame in frames:
        if frame.time < due:
            continue
        yield frame.image
        while due <= frame.time:
            if (following := next(times, None)) is None:
                return
            due = following


def _best(models: Models, image: Image) -> tuple[int | None, bool]:
    """The turn in which a face stands upright most surely, and whether that leaves no doubt; None if there is none."""
    best, most = None, 0.0
    for turn in TURNS:
        score = _standing(models, turned(image, turn))
        if score >= SURE:
            return turn, True
        if score > most:
            best, most = turn, score
    return best, False


def _standing(models: Models, image: Image) -> float:
    """The detector's score of the largest face, if the mesh agrees that it stands upright; else 0."""
    faces = detect(models, image, FRAME_SIDE)
    mesh = landmarks(models, image, faces[0]) if faces else None
    return faces[0].score if mesh is not None and abs(mesh.pose.roll) <= STANDS else 0.0
