"""Can this recording be judged at all? The cues `face` and `quality`: they ask for another try and never speak of an attack.

The bars are low on purpose: they only stop what the other cues could not judge fairly.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from openekyc.engine.face.values import Observation, Quality, Track
from openekyc.engine.values import Cue, Hint

PRESENT = 0.7  # share of looked-at frames that must show a face
SHORTEST_S = 1.9  # s after which the passive networks have the ten crops they ask for, at five looks a second
FEWEST = 10  # looked-at frames
FEWEST_FPS = 4.0  # frames a second, below which a person moves unseen
SIDEWAYS = 60.0  # degrees of roll, median over the frames
ACCOMPANIED = 0.25  # share of frames with a second face of comparable size
NARROWEST = 60.0  # face width in pixels
DARK_LUMA, DARK_SHARE = 35.0, 0.7
BRIGHT_LUMA, BRIGHT_SHARE = 235.0, 0.5
BLURRED = 8.0  # variance of the Laplacian at 112 px
COVERED = 0.7


class Complaint(NamedTuple):
    """Why a recording cannot be judged, and the tip for the person."""

    code: str
    tags: tuple[str, ...]
    hint: Hint
    reason: str


def face(track: Track, *, compare: bool) -> Cue:
    """The cue `face` (one face, there nearly all the time)."""
    looked = track.observations
    present = float(np.mean([seen.mesh is not None for seen in looked])) if looked else 0.0
    company = float(np.mean([seen.others > 0 for seen in looked])) if looked else 0.0
    numbers = {"frames": float(len(looked)), "present": round(present, 3), "accompanied": round(company, 3)}
    if complaint := _length(track):
        return _retry("face", complaint, numbers)
    if present < PRESENT:
        return _retry("face", Complaint("1004", ("10",), "no_face", "no face, or the face was lost"), numbers)
    if sideways(track):
        return _retry("face", Complaint("1004", ("11",), "hold_upright", "the face lies on its side or stands on its head"), numbers)
    if company > ACCOMPANIED:
        code = "2012" if compare else "1004"
        return _retry("face", Complaint(code, ("10",), "one_person_only", "more than one face"), numbers)
    return Cue("face", "pass", numbers=numbers)


def _length(track: Track) -> Complaint | None:
    """What is wrong with how much there is to look at."""
    if track.duration < SHORTEST_S and track.truncated:
        return Complaint("1004", ("12",), "recording_damaged", "the recording breaks off")
    if track.duration < SHORTEST_S:
        return Complaint("1004", ("12",), "recording_too_short", f"the recording is shorter than {SHORTEST_S:g} seconds")
    if len(track.observations) < FEWEST or track.fps < FEWEST_FPS:
        return Complaint("1004", ("12",), "recording_too_few_frames", "the recording has too few frames")
    return None


def sideways(track: Track) -> bool:
    """Whether the face lies on its side, or worse, in most frames that show one. Nothing else can then be said of it."""
    rolls = [abs(seen.mesh.pose.roll) for seen in track.observations if seen.mesh is not None]
    return bool(rolls) and float(np.median(rolls)) > SIDEWAYS


def quality(track: Track, *, compare: bool) -> Cue:
    """The cue `quality`, from the medians over the recording; skipped where there is too little of it to speak of."""
    if _length(track):
        return Cue("quality", "skipped")
    measured = [seen.quality for seen in track.observations if seen.quality is not None]
    if not measured:
        return _retry("quality", Complaint("1004", ("11",), "no_face", "no frame could be measured"), {})
    middle = median(measured)
    numbers = {name: round(getattr(middle, name), 3) for name in Quality.__slots__}
    complaint = next(iter(complaints(middle, compare=compare)), None)
    return _retry("quality", complaint, numbers) if complaint else Cue("quality", "pass", numbers=numbers)


def complaints(seen: Quality, *, compare: bool) -> Sequence[Complaint]:
    """Everything that stands against judging a face of this quality, the gravest first."""
    poor, hidden = ("2014", "2017") if compare else ("1004", "1004")
    checks = (
        (too_dark(seen), Complaint("1201", ("12",), "more_light", "too dark")),
        (overexposed(seen), Complaint("1201", ("12",), "less_light", "overexposed")),
        (seen.width < NARROWEST, Complaint(poor, ("11",), "move_closer", "the face is too small")),
        (seen.covered > COVERED, Complaint(hidden, ("11",), "face_covered", "the face is covered")),
        (seen.sharpness < BLURRED, Complaint(poor, ("11",), "hold_still", "the face is blurred")),
    )
    return [complaint for applies, complaint in checks if applies]


def too_dark(seen: Quality) -> bool:
    """Whether too little light falls on the face."""
    return seen.luma < DARK_LUMA or seen.dark > DARK_SHARE


def overexposed(seen: Quality) -> bool:
    """Whether too much of it is white."""
    return seen.luma > BRIGHT_LUMA or seen.bright > BRIGHT_SHARE


def median(measured: Sequence[Quality]) -> Quality:
    """The median of each measure."""
    return Quality(**{name: float(np.median([getattr(one, name) for one in measured])) for name in Quality.__slots__})


def _retry(name: str, complaint: Complaint, numbers: dict[str, float]) -> Cue:
    return Cue(name, "retry", complaint.code, complaint.tags, complaint.reason, complaint.hint, numbers)


def best_still(track: Track) -> int | None:
    """The place in `track.stills` of the frame to show and to compare: frontal, eyes open, sharp; None without stills."""
    if not track.stills:
        return None
    return max(range(len(track.stills)), key=lambda place: _merit(track.stills[place][0]))


def _merit(seen: Observation) -> float:
    if seen.mesh is None or seen.quality is None:
        return -1e3
    pose, shapes = seen.mesh.pose, seen.mesh.blendshapes
    turned = abs(pose.yaw) + abs(pose.pitch) + 0.5 * abs(pose.roll)
    shut, agape = float(max(shapes[9], shapes[10])), float(shapes[25])
    return -turned / 10.0 - 4.0 * shut - 2.0 * agape + float(np.log1p(seen.quality.sharpness)) - 3.0 * seen.quality.covered
