"""Does a living head move, or a picture of one? The cue of level 1, where nothing is asked of the person.

The recording's last seconds are cut into windows of 4 s. It is refused if the eyes are too calm in two windows one after the
other, or in the only one, or if the background moves with the face as one plane in every window that can tell.

It stops carelessness only: stills that software or a hand moves. A replay of a real person has living eyes and passes, a print
moved by hand passes, whoever animates the eyes passes.
"""

from collections.abc import Sequence
from itertools import pairwise

from openekyc.engine.face.values import FaceSample, Track
from openekyc.engine.liveness import shimmer
from openekyc.engine.values import Cue, Hint

WINDOW_S = 4.0
WHOLE = 0.8  # of a window must be held by its samples
CALM_TWICE, CALM_ONCE = 0.15, 0.10  # eye shimmer below which two windows, or the only one, are those of a still picture
ONE_PLANE = 0.3  # the background misses the face's motion by less than this share of it
MOST_WINDOWS = 4

Windows = tuple[shimmer.Seen, ...]


def judge(track: Track, *, denies: bool) -> Cue:
    """The cue `motion`. With `denies=False` it is recorded and decides nothing."""
    seen = windows(track)
    numbers = _numbers(seen)
    if found := _complaint(seen):
        if not denies:
            return Cue("motion", "recorded", "1002", ("03",), f"{found} (sandbox: not judged)", numbers=numbers)
        return Cue("motion", "deny", "1002", ("03",), found, numbers=numbers)
    if any(one.shimmer is not None for one in seen):
        return Cue("motion", "pass", numbers=numbers)
    reason, tip = _unseen(seen)
    return Cue("motion", "retry" if denies else "recorded", "1004", ("12",), reason, tip, numbers)


def windows(track: Track) -> Windows:
    """What each window shows, counted back from the recording's end, in the order of time."""
    seen: list[shimmer.Seen] = []
    end = track.samples[-1].time if track.samples else 0.0
    while len(seen) < MOST_WINDOWS:
        inside = [one for one in track.samples if end - WINDOW_S < one.time <= end]
        if not _holds(inside):
            break
        seen.append(shimmer.look(inside))
        end -= WINDOW_S
    return tuple(reversed(seen))


def _holds(inside: Sequence[FaceSample]) -> bool:
    return len(inside) > 1 and inside[-1].time - inside[0].time >= WHOLE * WINDOW_S


def _complaint(seen: Windows) -> str:
    told = [one.shimmer for one in seen]
    if len(seen) == 1 and told[0] is not None and told[0] < CALM_ONCE:
        return "the eyes are as still as a picture's"
    if any(a is not None and b is not None and max(a, b) < CALM_TWICE for a, b in pairwise(told)):
        return "the eyes are as still as a picture's"
    together = [one.together for one in seen if one.together is not None]
    if together and max(together) < ONE_PLANE:
        return "face and background move as one sheet"
    return ""


def _unseen(seen: Windows) -> tuple[str, Hint]:
    if not seen:
        return "the face is not seen for four seconds on end", "recording_too_short"
    why = seen[-1].why
    return why, "move_closer" if why == "the eyes are too small" else "try_again"


def _numbers(seen: Windows) -> dict[str, float]:
    numbers = {"windows": float(len(seen))}
    for place, one in enumerate(seen, 1):
        if one.shimmer is not None:
            numbers[f"shimmer_{place}"] = round(one.shimmer, 3)
        if one.together is not None:
            numbers[f"background_{place}"] = round(one.together, 3)
    return numbers
