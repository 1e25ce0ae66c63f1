"""From independent cues to one verdict.

Precedence: (1) any cue that denies refuses, and all denying cues give their tags; (2) else any cue that cannot judge asks for another
try; (3) else the comparison decides; (4) else the person passes. Within a step the order of the cues decides whose code and tip are
shown. Cues are never averaged: noise-limited scores added up let an attack buy back one failure with another cue's margin.

A denial's tip depends on the level alone. It is the same whichever cue denied, so the capture side learns nothing about what saw an
attack.
"""

from collections.abc import Sequence

from openekyc.engine.values import LEVELS_WITH_GESTURES, LEVELS_WITH_LIGHT, Cue, Hint, Level, Verdict

ORDER = ("trace", "silent", "silent_own", "motion", "continuity", "gestures", "light", "replay", "face", "quality", "compare")
"""Whose result code is shown if several cues speak: signs of a forged recording before an unfinished challenge."""


def fuse(cues: Sequence[Cue], level: Level) -> Verdict:
    """The verdict without media: code, tags, tip and the cues themselves."""
    ranked = sorted(cues, key=lambda cue: ORDER.index(cue.name))
    liveness = [cue for cue in ranked if cue.name != "compare"]
    if denying := [cue for cue in liveness if cue.decision == "deny"]:
        return Verdict(denying[0].code, _tags(denying), neutral_hint(level), cues=tuple(cues))
    if waiting := [cue for cue in reversed(liveness) if cue.decision == "retry"]:
        return Verdict(waiting[0].code, _tags(waiting), waiting[0].hint or "try_again", cues=tuple(cues))
    if unlike := [cue for cue in ranked if cue.decision in ("deny", "retry")]:
        return Verdict(unlike[0].code, _tags(unlike), unlike[0].hint or "try_again", cues=tuple(cues))
    return Verdict("0", cues=tuple(cues))


def neutral_hint(level: Level) -> Hint:
    """The tip after a denial."""
    if level in LEVELS_WITH_GESTURES:
        return "follow_prompts"
    return "keep_facing_screen" if level in LEVELS_WITH_LIGHT else "try_again"


def _tags(cues: Sequence[Cue]) -> tuple[str, ...]:
    return tuple(sorted({tag for cue in cues for tag in cue.tags}))
