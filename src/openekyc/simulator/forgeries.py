"""Submissions that no camera made: recordings of other sessions replayed, cut, re-timed and looped, and traces that lie about them.

Whoever forges here holds recordings of people who answered earlier challenges, or has the right person at hand and lies about the film;
knows today's steps, and today's colours once they are disclosed; and takes as long as it needs.
"""

from collections.abc import Callable
from typing import Literal, get_args

from openekyc.simulator import cutting, lies
from openekyc.simulator.cutting import Forged, Material

Forgery = Literal[
    "again",
    "again-fitted",
    "reencoded",
    "cropped",
    "mirrored",
    "other-attempt",
    "speed",
    "recut",
    "looped",
    "swung",
    "two-people",
    "two-takes",
    "concatenated",
    "truncated",
    "patched",
    "clock-fitted",
    "marks-fitted",
    "wrong-pixels",
    "wrong-clock",
    "early-marks",
    "missing-steps",
    "swapped-steps",
    "tinted",
    "tinted-face",
    "wrong-nonce",
]
FORGERIES: tuple[Forgery, ...] = get_args(Forgery)
GROUPS: dict[str, tuple[Forgery, ...]] = {
    "replayed": ("again", "again-fitted", "reencoded", "cropped", "mirrored", "other-attempt", "wrong-nonce"),
    "re-timed": ("speed", "recut", "clock-fitted", "marks-fitted"),
    "looped": ("looped", "swung"),
    "spliced": ("two-people", "two-takes", "concatenated", "truncated", "patched"),
    "forged": ("wrong-pixels", "wrong-clock", "early-marks", "missing-steps", "swapped-steps", "tinted", "tinted-face"),
}
"""What each belongs to in the counts."""

SENTENCES: dict[Forgery, str] = {
    "again": "an earlier session's recording and trace, unchanged",
    "again-fitted": "its recording with a trace made for today's steps and colours",
    "reencoded": "the same, encoded anew with a third of the bits in another codec",
    "cropped": "the same, 4 to 10 % cut off at each side and enlarged",
    "mirrored": "the same, mirrored and darkened or brightened",
    "other-attempt": "what the right person answered in this token's first attempt, never submitted, for the second",
    "speed": "played at 0.85 to 1.15 of its speed",
    "recut": "cut so that prompt and colours begin at today's moments",
    "looped": "four seconds with the gesture over and over, in step with today's prompt",
    "swung": "the same forward and backward",
    "two-people": "another person's film up to the prompt, this one's from there, recut",
    "two-takes": "recut; the colours' part from another take, of the same person if there is one",
    "concatenated": "seconds of another recording before it",
    "truncated": "recut, broken off at 0.4 to 0.9 of its bytes or at the middle of the colours",
    "patched": "the right person answers the gesture live, the colours' part comes from an earlier recording",
    "clock-fitted": "recut; the trace's clock moved to where old and drawn colours agree best",
    "marks-fitted": "recut; each colour reported as painted when an old one like it was filmed, as far as this does not look uneven",
    "wrong-pixels": "the right person, live; the frames' colours in the trace are another recording's",
    "wrong-clock": "the right person, live; steps and colours reported 0.6 to 0.95 s early or late",
    "early-marks": "the right person, live; the colours reported 0.5 to 0.9 s before they were shown",
    "missing-steps": "the right person, live; a step or some colours missing in the trace",
    "swapped-steps": "the right person, live; two steps exchanged in the trace",
    "tinted": "recut; colourless seconds in place of the old colours, the whole picture tinted in today's",
    "tinted-face": "the same, only the face tinted",
    "wrong-nonce": "an earlier recording uploaded with another attempt's nonce",
}
FRESH: frozenset[Forgery] = frozenset({"patched", "wrong-pixels", "wrong-clock", "early-marks", "missing-steps", "swapped-steps"})
"""Of somebody who answers today's challenge."""


_MAKERS: dict[Forgery, Callable[[Material], Forged]] = {
    "again": cutting.again,
    "again-fitted": cutting.fitted,
    "reencoded": cutting.reencoded,
    "cropped": cutting.cropped,
    "mirrored": cutting.mirrored,
    "other-attempt": cutting.fitted,
    "speed": cutting.speed,
    "recut": cutting.recut_only,
    "looped": cutting.looped,
    "swung": cutting.swung,
    "two-people": cutting.two_people,
    "two-takes": cutting.two_takes,
    "concatenated": cutting.concatenated,
    "truncated": cutting.truncated,
    "patched": cutting.patched,
    "clock-fitted": lies.clock_fitted,
    "marks-fitted": lies.marks_fitted,
    "wrong-pixels": lies.wrong_pixels,
    "wrong-clock": lies.wrong_clock,
    "early-marks": lies.early_marks,
    "missing-steps": lies.missing_steps,
    "swapped-steps": lies.swapped_steps,
    "tinted": cutting.tinted,
    "tinted-face": cutting.tinted_face,
    "wrong-nonce": cutting.fitted,
}


def forge(kind: Forgery, material: Material) -> Forged:
    """The recording and the trace to submit."""
    return _MAKERS[kind](material)
