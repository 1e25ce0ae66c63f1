"""What the engine said about one sample, cut down to what a report needs."""

from collections.abc import Callable, Sequence
from typing import Literal

import msgspec

from openekyc.engine.values import Cue, CueDecision
from openekyc.reports.manifest import Sample

Outcome = Literal["bona_fide", "attack", "none"]
Kind = Literal["picture", "recording", "unreadable"]

NOT_PAD = frozenset({"compare", "quality", "face"})
"""Cues that say nothing about an attack; they can only leave a sample without a response."""

NUMBERS: dict[str, tuple[str, str]] = {
    "silent": ("silent", "live"),
    "silent_own": ("silent_own", "live"),
    "light": ("light", "correlation"),
    "light.relief": ("light", "relief"),
    "continuity": ("continuity", "lowest_cosine"),
}
"""Scored as name -> cue and its number, more meaning more likely live. Every other cue is scored by its decision: pass 1, deny 0."""


class Judged(msgspec.Struct, frozen=True):
    """One sample with every cue's own decision and numbers. `seconds` is the time it took."""

    sample: Sample
    kind: Kind
    cues: tuple[Cue, ...]
    seconds: float = 0.0

    @property
    def outcome(self) -> Outcome:
        """What the attempt would have been taken for."""
        return outcome(self.cues)

    @property
    def reason(self) -> str:
        """Why it was not taken for a bona fide presentation; empty if it was."""
        wanted = "deny" if self.outcome == "attack" else "retry"
        return "; ".join(f"{cue.name}: {cue.reason}" for cue in self.cues if cue.decision == wanted and cue.name != "compare")


def outcome(cues: Sequence[Cue], without: str = "") -> Outcome:
    """Denied by any cue: taken for an attack. Else left open by any: no response. `without` leaves one cue out."""
    said = {cue.decision for cue in cues if cue.name not in (without, "compare")}
    if "deny" in said:
        return "attack"
    return "none" if "retry" in said or not said else "bona_fide"


def score(judged: Judged, name: str) -> float | None:
    """The sample's score of that name, None where the cue did not say."""
    cue_name, number = NUMBERS.get(name, (name, ""))
    cue = next((cue for cue in judged.cues if cue.name == cue_name), None)
    if cue is None or cue.decision == "skipped":
        return None
    if number:
        return cue.numbers.get(number)
    return {"pass": 1.0, "deny": 0.0}.get(cue.decision)


def score_names(judged: Sequence[Judged]) -> tuple[str, ...]:
    """The scores that any sample has, in the order of the engine's cues."""
    spoken = dict.fromkeys(cue.name for one in judged for cue in one.cues if cue.decision != "skipped" and cue.name not in NOT_PAD)
    names = [name for cue in spoken for name in (cue, *(extra for extra in NUMBERS if extra.startswith(f"{cue}.")))]
    return tuple(name for name in names if any(score(one, name) is not None for one in judged))


def decided(name: str) -> Callable[[Judged], CueDecision | None]:
    """What the cue of that name said about a sample."""
    return lambda judged: next((cue.decision for cue in judged.cues if cue.name == name), None)
