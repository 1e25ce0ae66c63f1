"""Were the asked gestures made, each after its own prompt? One cue of levels 2 and 4.

An event counts only inside the window of its prompt and after a human reaction time. A blink is asked for twice in quick
succession, because people blink by themselves: a random window of six seconds holds one blink with probability .83. What was not
asked for counts only if it contradicts: a window in which two other deliberate gestures are made was not answered but filled. A nod or
shake must be a head's: a sheet that is turned in front of the camera is refused.
Gestures stop still pictures. They do not stop a replay of the right movements; see `docs/explanation/liveness.md`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from openekyc.engine.face.values import Track
from openekyc.engine.liveness.align import Alignment
from openekyc.engine.liveness.events import Event, Signals, events, signals
from openekyc.engine.liveness.plane import Parallax, parallax
from openekyc.engine.values import Challenge, Cue, Gesture, GestureStep, StepMark, Trace

REACTION_S = 0.15  # nobody answers a prompt sooner
GRACE_S = 0.3  # a gesture begun in its window may end this much later
QUICK_S = 1.0  # two blinks belong together if the second starts within this time after the first
SPARE_BLINKS = 1  # natural blinks tolerated beside the asked ones; restless blinking is no answer
SLOWEST_FPS = 12.0  # below it blinks are lost; the person is asked again, not refused
DELIBERATE: frozenset[Gesture] = frozenset({"mouth", "nod", "shake"})  # nobody does these by accident as often as blinking
OTHERS = 2  # kinds of deliberate gestures nobody asked for that contradict; one may come along (a wide mouth tips the head)
TURNS: frozenset[Gesture] = frozenset({"nod", "shake"})
SHUT = 0.55  # eyeBlink over which eyes count as shut


@dataclass(frozen=True, slots=True)
class Prompt:
    """One gesture asked for: the window on the recording's own clock in which it must begin."""

    step: GestureStep
    start: float
    end: float


def judge(track: Track, challenge: Challenge, trace: Trace, alignment: Alignment) -> Cue:
    """The cue `gestures`: every gesture of the challenge inside the window of its own prompt."""
    series = signals(track)
    found = events(series)
    asked = prompts(challenge, trace, alignment)
    answers = [answer(prompt, found) for prompt in asked]
    turns = _turns(track, answers)
    numbers = _numbers(series, asked, answers) | {f"parallax_{place}": round(turn.share, 3) for place, turn in turns.items()}
    if any(turn.flat for turn in turns.values()):
        return _flat(numbers)
    missed = [prompt for prompt, got in zip(asked, answers, strict=True) if got is None]
    if not missed and len(asked) == _gesture_count(challenge) > 0:
        return Cue("gestures", "pass", numbers=numbers)
    return _refuse(series, missed, numbers)


def judge_anywhere(track: Track, challenge: Challenge) -> Cue:
    """The same cue for a recording without prompts: the gestures anywhere in it, in the order of the challenge."""
    series = signals(track)
    found, start = events(series), -REACTION_S
    steps = [step for step in challenge.steps if isinstance(step, GestureStep)]
    for step in steps:
        got = _first(Prompt(step, start, track.duration), found)
        if got is None:
            return _refuse(series, [Prompt(step, max(start, 0.0), track.duration)], {"asked": float(len(steps))})
        if any(turn.flat for turn in _turns(track, [got]).values()):
            return _flat({"asked": float(len(steps))})
        start = got.end - REACTION_S
    return Cue("gestures", "pass", numbers={"asked": float(len(steps))})


def prompts(challenge: Challenge, trace: Trace, alignment: Alignment) -> tuple[Prompt, ...]:
    """The windows of all gesture steps the client reports to have run."""
    marks = {mark.index: mark for mark in trace.steps}
    steps = ((step, marks.get(index)) for index, step in enumerate(challenge.steps) if isinstance(step, GestureStep))
    return tuple(_prompt(step, mark, alignment) for step, mark in steps if mark is not None)


def _prompt(step: GestureStep, mark: StepMark, alignment: Alignment) -> Prompt:
    shown = mark.prompt_ms if mark.prompt_ms is not None else mark.begin_ms + step.wait_ms
    return Prompt(step, alignment.seconds(shown), alignment.seconds(shown + step.window_ms))


def answer(prompt: Prompt, found: Sequence[Event]) -> Event | None:
    """The event that answers a prompt, from the first to the last repetition; None if there is none."""
    own = _own(prompt, found)
    if prompt.step.gesture == "blink" and len(own) > prompt.step.times + SPARE_BLINKS:
        return None
    return None if contradicted(prompt, found) else _first(prompt, found)


def contradicted(prompt: Prompt, found: Sequence[Event]) -> bool:
    """Whether so many other gestures fill the window that this is no answer to the prompt."""
    others = {e.gesture for e in found if e.start >= prompt.start + REACTION_S and e.end <= prompt.end}
    return len((others & DELIBERATE) - {prompt.step.gesture}) >= OTHERS


def _turns(track: Track, answers: Sequence[Event | None]) -> dict[int, Parallax]:
    """The parallax of every nod and shake among the answers, by its place from 1."""
    return {place: parallax(track, got) for place, got in enumerate(answers, 1) if got is not None and got.gesture in TURNS}


def _flat(numbers: dict[str, float]) -> Cue:
    return Cue("gestures", "deny", "1005", ("02",), "what turned is flat", numbers=numbers)


def _first(prompt: Prompt, found: Sequence[Event]) -> Event | None:
    own, times = _own(prompt, found), prompt.step.times
    for first, last in zip(own, own[times - 1 :], strict=False):
        if last.start - first.start <= QUICK_S * (times - 1):
            return Event(first.gesture, first.start, last.end, min(first.strength, last.strength))
    return None


def _own(prompt: Prompt, found: Sequence[Event]) -> list[Event]:
    earliest, latest = prompt.start + REACTION_S, prompt.end + GRACE_S
    return [e for e in found if e.gesture == prompt.step.gesture and e.start >= earliest and e.end <= latest]


def _refuse(series: Signals, missed: Sequence[Prompt], numbers: dict[str, float]) -> Cue:
    if any(fps_within(series, prompt) < SLOWEST_FPS for prompt in missed):
        return Cue("gestures", "retry", "1005", ("12",), "frame rate too low to see a gesture", "try_again", numbers)
    if eyes_shut(series):
        return Cue("gestures", "deny", "1005", ("01", "02"), "the eyes are shut all the time", numbers=numbers)
    names = ", ".join(prompt.step.gesture for prompt in missed) or "no prompt was run"
    return Cue("gestures", "deny", "1005", ("02",), f"not done at the prompt: {names}", numbers=numbers)


def eyes_shut(series: Signals) -> bool:
    """Whether both eyes are shut nearly all the time."""
    return bool(len(series.time)) and float(np.percentile(np.minimum(series.left, series.right), 10)) > SHUT


def fps_within(series: Signals, prompt: Prompt) -> float:
    """Analysed frames per second in the part of the prompt's window that was recorded."""
    inside = series.time[(series.time >= prompt.start) & (series.time <= prompt.end)]
    if len(inside) < 3:
        return float("inf")  # nothing recorded there: a gesture that was not made, not a slow camera
    return 1.0 / max(float(np.median(np.diff(inside))), 1e-3)


def _gesture_count(challenge: Challenge) -> int:
    return sum(isinstance(step, GestureStep) for step in challenge.steps)


def _numbers(series: Signals, asked: Sequence[Prompt], answers: Sequence[Event | None]) -> dict[str, float]:
    numbers = {"asked": float(len(asked)), "answered": float(sum(got is not None for got in answers))}
    for place, (prompt, got) in enumerate(zip(asked, answers, strict=True), 1):
        numbers[f"fps_{place}"] = round(min(fps_within(series, prompt), 999.0), 1)
        if got is not None:
            numbers[f"reaction_s_{place}"] = round(got.start - prompt.start, 3)
            numbers[f"strength_{place}"] = round(got.strength, 3)
    return numbers
