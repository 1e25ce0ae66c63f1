"""Drawing an attempt's challenge: what to do, when, and under which colours, so that nothing recorded earlier can fit.

Gestures follow the ActionList's order; the moments of their prompts, the operator's additional gestures and the colours are drawn.
A blink is asked for twice because one natural blink falls into a window of 6 s with probability 0.83, two within 4 s with 0.29.
Twelve colours of six, 0.3 s each: of 500 random pairs of sequences 0.2 % correlated above 0.6 within +-140 ms, none above 0.7.

Photosensitivity (WCAG 2.2, success criterion 2.3.1): a change every 0.3 s is at most four changes, so two flashes, in any second, where
three are allowed, for red as for others: the softened red is R/(R+G+B) = 0.67 of 8-bit values, but 0.91 of linear light, where 0.8
counts as saturated.
"""

import random
import secrets
from collections.abc import Sequence

from openekyc.engine.values import (
    GESTURES,
    LEVELS_WITH_GESTURES,
    LEVELS_WITH_LIGHT,
    Challenge,
    Colour,
    Gesture,
    GestureStep,
    HoldStep,
    Level,
    LightStep,
    Step,
)

STRONG, WEAK = 255, 64
PALETTE: tuple[tuple[int, int, int], ...] = (
    (STRONG, WEAK, WEAK),
    (WEAK, STRONG, WEAK),
    (WEAK, WEAK, STRONG),
    (WEAK, STRONG, STRONG),
    (STRONG, WEAK, STRONG),
    (STRONG, STRONG, WEAK),
)
COLOURS = 12
COLOUR_MS = 300
ALIKE = 0.5  # a token's sequences that correlate more than this, shifted by up to one colour, count as near-repeats: 2 % of random pairs do
ALIKE_OTHERS = 0.6  # the same against the account's other draws: 0.4 % do, and the light cue accepts from 0.7
REDRAWS = 64

HOLD_ALONE_MS = 6500  # with what is recorded before and after it holds two of the four-second windows that the cue `motion` looks at
HOLD_MS = 1000
LONGEST_MS = 20_000  # all steps; leaves room for the 1 s tail and slow starts within a recording of 30 s
GESTURES_MS = LONGEST_MS - 2 * HOLD_MS - COLOURS * COLOUR_MS - 400
MOST_GESTURES = 4
WINDOW_MS = 4000
WAIT_MS = (500, 2000)

Colours = tuple[Colour, ...]


def draw(
    level: Level,
    gestures: Sequence[Gesture],
    nonce: str,
    *,
    drawn_gestures: int = 0,
    unable: Sequence[Gesture] = (),
    recent: Sequence[Colours] = (),
    others: Sequence[Colours] = (),
    rng: random.Random | None = None,
) -> Challenge:
    """A fresh challenge. In place of gestures the person is `unable` to do others are drawn. Its colours must not resemble `recent`, the
    token's earlier ones, nor repeat `others`, the account's newest ones; `rng` replaces the operating system's CSPRNG in tests only."""
    rng = rng or secrets.SystemRandom()
    if level not in LEVELS_WITH_GESTURES | LEVELS_WITH_LIGHT:
        return Challenge(nonce, (HoldStep(HOLD_ALONE_MS),))
    steps: list[Step] = [HoldStep(HOLD_MS)]
    if level in LEVELS_WITH_GESTURES:
        steps += _gesture_steps(_with_drawn(_possible(gestures, unable, rng), drawn_gestures, unable, rng), rng)
    if level in LEVELS_WITH_LIGHT:
        steps.append(LightStep(_colours(recent, others, rng)))
    return Challenge(nonce, (*steps, HoldStep(HOLD_MS)))


def longest_ms(challenge: Challenge) -> int:
    """How long the challenge takes a person who uses every window to its end."""
    return sum(_longest_step_ms(step) for step in challenge.steps)


def light_ms(challenge: Challenge) -> int:
    """How long the light step takes; 0 if there is none."""
    return sum(_longest_step_ms(step) for step in challenge.steps if isinstance(step, LightStep))


def light_step(challenge: Challenge) -> LightStep | None:
    return next((step for step in challenge.steps if isinstance(step, LightStep)), None)


def likeness(first: Colours, second: Colours) -> float:
    """-1..1: the largest correlation of the two sequences' components when one is shifted by at most one colour."""
    a, b = [_components(colour) for colour in first], [_components(colour) for colour in second]
    return max(_correlation(a, b), _correlation(a[1:], b[:-1]), _correlation(a[:-1], b[1:]))


def _longest_step_ms(step: Step) -> int:
    match step:
        case HoldStep(duration_ms=duration):
            return duration
        case GestureStep(wait_ms=wait, window_ms=window):
            return wait + window
        case LightStep(colours=colours):
            return sum(colour.duration_ms for colour in colours)


def _possible(gestures: Sequence[Gesture], unable: Sequence[Gesture], rng: random.Random) -> list[Gesture]:
    """Each gesture that cannot be done is replaced by one that can, as long as one is left that is not asked for anyway."""
    plan: list[Gesture | None] = [None if gesture in unable else gesture for gesture in gestures]
    for place, gesture in enumerate(plan):
        if gesture is None and (others := [other for other in GESTURES if other not in unable and other not in plan]):
            plan[place] = rng.choice(others)
    return [gesture for gesture in plan if gesture is not None]


def _with_drawn(gestures: Sequence[Gesture], extra: int, unable: Sequence[Gesture], rng: random.Random) -> list[Gesture]:
    plan, can = list(gestures), [gesture for gesture in GESTURES if gesture not in unable]
    for _ in range(min(extra, MOST_GESTURES - len(plan))):
        unused = [gesture for gesture in can if gesture not in plan]
        plan.insert(rng.randint(0, len(plan)), rng.choice(unused or can))
    return plan


def _gesture_steps(gestures: Sequence[Gesture], rng: random.Random) -> list[Step]:
    """Full windows while they fit; with three or four gestures prompts come sooner and windows shrink (to 2.8 s at four)."""
    share = GESTURES_MS // max(1, len(gestures))
    window = min(WINDOW_MS, share - share // 5)
    latest = min(WAIT_MS[1], share - window)
    return [GestureStep(gesture, 2 if gesture == "blink" else 1, rng.randint(WAIT_MS[0], latest), window) for gesture in gestures]


def _colours(recent: Sequence[Colours], others: Sequence[Colours], rng: random.Random) -> Colours:
    """Redraw near-repeats; if every draw resembled something (it takes dozens of recent sequences), the least alike."""
    known = [*((one, ALIKE) for one in recent), *((one, ALIKE_OTHERS) for one in others)]
    candidates: list[tuple[float, Colours]] = []
    for _ in range(REDRAWS):
        colours = _draw_colours(rng)
        excess = max((likeness(colours, one) - bar for one, bar in known), default=-1.0)
        if excess <= 0:
            return colours
        candidates.append((excess, colours))
    return min(candidates, key=lambda pair: pair[0])[1]


def _draw_colours(rng: random.Random) -> Colours:
    picks = [rng.randrange(len(PALETTE))]
    while len(picks) < COLOURS:
        picks.append((picks[-1] + rng.randint(1, len(PALETTE) - 1)) % len(PALETTE))
    return tuple(Colour(*PALETTE[pick], COLOUR_MS) for pick in picks)


def _components(colour: Colour) -> tuple[int, int, int]:
    return colour.red, colour.green, colour.blue


def _correlation(a: Sequence[tuple[int, int, int]], b: Sequence[tuple[int, int, int]]) -> float:
    """Pearson's r over all components, each channel centred by itself; 0 where one side does not vary."""
    xs, ys = _centred(a), _centred(b)
    scale = (sum(x * x for x in xs) * sum(y * y for y in ys)) ** 0.5
    return sum(x * y for x, y in zip(xs, ys, strict=True)) / scale if scale else 0.0


def _centred(series: Sequence[tuple[int, int, int]]) -> list[float]:
    channels = list(zip(*series, strict=True))
    means = [sum(channel) / len(channel) for channel in channels]
    return [value - means[index] for colours in series for index, value in enumerate(colours)]
