"""When a capture client does what: a challenge's steps laid out on its clock."""

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from openekyc.capture.messages import PlannedLight
from openekyc.engine.values import Challenge, Colour, GestureStep, HoldStep, Level, LightStep

AnyStep = HoldStep | GestureStep | LightStep | PlannedLight


class Slot(msgspec.Struct, frozen=True):
    """Step `index` from `begin_ms` to `end_ms`; a gesture's prompt is shown at `prompt_ms`."""

    index: int
    step: AnyStep
    begin_ms: float
    end_ms: float
    prompt_ms: float | None = None


def slots(steps: Iterable[AnyStep], start_ms: float) -> Iterator[Slot]:
    """The steps one after the other, each as long as it may last."""
    for index, step in enumerate(steps):
        prompt_ms = start_ms + step.wait_ms if isinstance(step, GestureStep) else None
        end_ms = start_ms + duration_ms(step)
        yield Slot(index, step, start_ms, end_ms, prompt_ms)
        start_ms = end_ms


def duration_ms(step: AnyStep) -> float:
    """How long a step lasts."""
    match step:
        case GestureStep(wait_ms=wait, window_ms=window):
            return wait + window
        case LightStep(colours=colours):
            return sum(colour.duration_ms for colour in colours)
        case _:
            return step.duration_ms


def starts(colours: Sequence[Colour], begin_ms: float) -> Iterator[tuple[Colour, float]]:
    """Every colour with the moment it is due."""
    for colour in colours:
        yield colour, begin_ms
        begin_ms += colour.duration_ms


def level_of(steps: Sequence[AnyStep]) -> Level:
    """The level whose challenges look like this."""
    gestures = any(isinstance(step, GestureStep) for step in steps)
    light = any(isinstance(step, LightStep | PlannedLight) for step in steps)
    return (4 if light else 2) if gestures else (3 if light else 1)


def gestures_of(challenge: Challenge | Sequence[AnyStep]) -> tuple[GestureStep, ...]:
    """The gesture steps, in order."""
    steps = challenge.steps if isinstance(challenge, Challenge) else challenge
    return tuple(step for step in steps if isinstance(step, GestureStep))
