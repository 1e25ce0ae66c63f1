"""What an attacker who prepared a recording in advance would have to guess, in bits, per source. Pure.

Every figure is the min-entropy of the very distribution `challenge.py` draws from: -log2 of the chance of the best single guess. `drawn` is
what the draw itself holds; `worth` is what is left of it after the tolerance of the judgement, for a guess need not be exact to be
accepted. Only `worth` counts as security: a prompt's moment is drawn among thousands, yet the window for the answer is so wide that one
moment answers them all.
"""

import math
from collections.abc import Sequence
from itertools import product

import msgspec

from openekyc.engine.values import GESTURES, LEVELS_WITH_GESTURES, LEVELS_WITH_LIGHT, Challenge, Gesture, GestureStep, Level
from openekyc.sessions import challenge as drawing

COLOURS_WORTH = 7.2
"""Bits of the twelve colours against a guess that only has to resemble them, by a client that also lies about when each was painted:
of 4,000 pairs of draws 15 passed the light cue's bars on a perfect camera (95 %: at most 26; `python -m tools.colour_guess --lying`).
With an honest trace it were 25 of 20,000, at least 9.0 bits."""

ANSWER_MS = (150, 300)  # from the prompt to the earliest answer that counts, and what may follow its window


class Source(msgspec.Struct, frozen=True):
    """One thing that is drawn: colours, gestures or timing; bits, and why they are what they are."""

    name: str
    drawn: float
    worth: float
    why: str


class Entropy(msgspec.Struct, frozen=True):
    """All sources of one level."""

    level: Level
    sources: tuple[Source, ...]
    attempts: int = 1

    @property
    def drawn(self) -> float:
        """Bits of all draws together."""
        return sum(source.drawn for source in self.sources)

    @property
    def worth(self) -> float:
        """Bits left against one guess."""
        return sum(source.worth for source in self.sources)

    @property
    def worth_per_token(self) -> float:
        """Bits left against as many guesses as a token has attempts."""
        return max(0.0, self.worth - math.log2(self.attempts))


def entropy(level: Level, gestures: Sequence[Gesture], *, drawn_gestures: int = 0, attempts: int = 1) -> Entropy:
    """What a challenge of this level holds before it is drawn. `gestures` are the caller's, who may be the attacker's accomplice or
    simply always ask for the same: they count for nothing."""
    sources = []
    if level in LEVELS_WITH_LIGHT:
        sources.append(colours())
    if level in LEVELS_WITH_GESTURES:
        sources += [gesture_order(gestures, drawn_gestures), timing(len(gestures) + _added(gestures, drawn_gestures))]
    return Entropy(level, tuple(sources), attempts)


def of_challenge(level: Level, challenge: Challenge, asked: Sequence[Gesture], attempts: int = 1, *, chosen: bool = False) -> Entropy:
    """The same for a challenge that was drawn; gestures beyond those `asked` for by the caller were drawn. `chosen`: the person named
    gestures they cannot do, so all of them count as known."""
    made = [step.gesture for step in challenge.steps if isinstance(step, GestureStep)]
    if chosen:
        return entropy(level, made, attempts=attempts)
    return entropy(level, asked, drawn_gestures=max(0, len(made) - len(asked)), attempts=attempts)


# --- sources --------------------------------------------------------------------------------------------------------------


def colours() -> Source:
    """The first colour is any of the palette, each further one any but its predecessor. Whoever knows the refused
    near-repeats gains 0.03 bits for each earlier attempt of the token and less than 0.1 for the account's newest 16 draws together."""
    size = len(drawing.PALETTE)
    bits = math.log2(size) + (drawing.COLOURS - 1) * math.log2(size - 1)
    return Source("colours", bits, min(bits, COLOURS_WORTH), f"{drawing.COLOURS} colours of {size}, no two neighbours alike")


def gesture_order(asked: Sequence[Gesture], drawn: int) -> Source:
    """Only gestures that were drawn count; the caller's are fixed."""
    best = max(orders(tuple(asked), _added(asked, drawn)).values())
    bits = abs(math.log2(best))
    why = "fixed by the caller's ActionList" if not bits else f"{_added(asked, drawn)} drawn beside the caller's {len(asked)}"
    return Source("gestures", bits, bits, why)


def timing(prompts: int) -> Source:
    """Each prompt's moment is drawn to the millisecond, and `always_answered` says why that is worth nothing."""
    if not prompts:
        return Source("timing", 0.0, 0.0, "no prompt")
    latest, window = moments(prompts)
    bits = prompts * math.log2(latest - drawing.WAIT_MS[0] + 1)
    why = f"drawn between {drawing.WAIT_MS[0]} and {latest} ms, but answered within {window} ms: one fixed moment answers every draw"
    return Source("timing", bits, 0.0, why)


def orders(asked: tuple[Gesture, ...], drawn: int) -> dict[tuple[Gesture, ...], float]:
    """Every sequence that may come out, with its chance: `challenge.py` adds one gesture after the other, at any place, not one that is
    already there as long as another is left."""
    found = {asked: 1.0}
    for _ in range(drawn):
        grown: dict[tuple[Gesture, ...], float] = {}
        for plan, chance in found.items():
            choices = [gesture for gesture in GESTURES if gesture not in plan] or list(GESTURES)
            for place, gesture in product(range(len(plan) + 1), choices):
                longer = (*plan[:place], gesture, *plan[place:])
                grown[longer] = grown.get(longer, 0.0) + chance / ((len(plan) + 1) * len(choices))
        found = grown
    return found


def moments(prompts: int) -> tuple[int, int]:
    """The latest drawn wait and the window of each of so many prompts, in ms."""
    share = drawing.GESTURES_MS // max(1, prompts)
    window = min(drawing.WINDOW_MS, share - share // 5)
    return min(drawing.WAIT_MS[1], share - window), window


def _added(asked: Sequence[Gesture], drawn: int) -> int:
    return max(0, min(drawn, drawing.MOST_GESTURES - len(asked)))


def always_answered(prompts: int) -> bool:
    """Whether one fixed moment lies in the window of every prompt, however its moment and those before were drawn. The test of this module
    holds it true: were it false, timing would be worth something and `timing` would have to say how much."""
    latest, window = moments(prompts)
    return prompts * (latest - drawing.WAIT_MS[0]) <= window + ANSWER_MS[1] - ANSWER_MS[0]
