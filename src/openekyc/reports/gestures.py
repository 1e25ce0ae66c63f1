"""How many labelled gestures are found, and how many are found that nobody made: the single events, before any rule of a challenge.

An event hits a label of its gesture if the two overlap with `PLAY_S` of play; each event hits one label at most. An event that touches
neither a label nor an ignored span is false. Minutes are those in which a false one would count: the recordings without the spans
ignored for that gesture; in total their mean over the gestures.

A recording of any length is read piece by piece. One that is too large, or longer than was asked for, is left out and named with its
labels; so are labels that begin after the last frame. Neither is ever counted as missed.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np

from openekyc.engine.face.track import Picture, Plan, observations
from openekyc.engine.face.upright import open_upright
from openekyc.engine.face.values import Observation
from openekyc.engine.liveness.events import Event, Signals, events, signals_of
from openekyc.engine.media import Video
from openekyc.engine.runtime import Models
from openekyc.engine.values import GESTURES, Gesture
from openekyc.engine.verify import OWN_FILE
from openekyc.errors import MediaError, MediaTooLarge
from openekyc.reports.intervals import poisson_interval, rate_interval
from openekyc.reports.labels import Clip, Span, unknown_actions

TITLE = "Self-test of gesture detection"
PLAY_S = 0.15
SLOWEST_FPS = 15.0  # slower recordings are reported, and once more left out
EVERYWHERE = ((0.0, math.inf),)


class Found(msgspec.Struct, frozen=True):
    """One gesture in one recording: a mark for each label whether it was hit, the events that count as hits, as false and as repeated or
    ignored, and the minutes in which a false one counts."""

    hit: tuple[bool, ...]
    hits: tuple[Event, ...]
    false: tuple[Event, ...]
    other: tuple[Event, ...]
    minutes: float


class Watched(msgspec.Struct, frozen=True):
    """One recording, analysed. `fault` tells why nothing could be seen in it; its labels then count as missed. `late` are labels that begin
    after the last frame: they are no part of `clip`. `left_out` tells why the whole recording was not looked at."""

    clip: Clip
    fps: float
    duration: float
    series: Signals
    found: dict[Gesture, Found]
    fault: str = ""
    late: tuple[Span, ...] = ()
    left_out: str = ""


class Looking(NamedTuple):
    """How recordings are looked at: every frame or `fps` frames a second; those over `longest` seconds are left out."""

    fps: float | None = None
    longest: float | None = None


def watch(models: Models, folder: Path, clips: Iterable[Clip], looking: Looking) -> Iterator[Watched]:
    """Analyse each recording."""
    for clip in clips:
        try:
            with (folder / clip.clip).open("rb") as file:
                yield _seen(models, open_upright(models, file, OWN_FILE), clip, looking)
        except MediaTooLarge as error:
            yield _unseen(clip, left_out=error.message)
        except MediaError as error:
            yield _unseen(clip, fault=error.message)


def _unseen(clip: Clip, *, fault: str = "", left_out: str = "") -> Watched:
    nothing = Signals(*np.zeros((7, 0)))
    return Watched(clip, 0.0, 0.0, nothing, {gesture: compare(clip, gesture, (), 0.0) for gesture in GESTURES}, fault, (), left_out)


def _seen(models: Models, video: Video, clip: Clip, looking: Looking) -> Watched:
    plan = Plan(every=() if looking.fps else EVERYWHERE, rate=looking.fps or 15.0, crops=0, stills=0)
    frames = _Frames(video, looking.longest)
    series = signals_of(frames.counted(observations(models, frames, plan)))
    duration, own = frames.seconds, events(series)
    late = tuple(span for span in clip.events if span.start > duration + PLAY_S)
    clip = msgspec.structs.replace(clip, events=tuple(span for span in clip.events if span not in late))
    found = {gesture: compare(clip, gesture, [event for event in own if event.gesture == gesture], duration) for gesture in GESTURES}
    analysed = (frames.analysed - 1) / duration if duration > 0 else 0.0
    return Watched(clip, analysed, duration, series, found, late=late)


class _Frames:
    """The frames of a recording, and how far they went. Raises MediaTooLarge where they go on after `longest` seconds: at once, if the
    file tells its length."""

    def __init__(self, video: Video, longest: float | None) -> None:
        self._video = video
        self._longest = math.inf if longest is None else longest
        self.seconds = 0.0
        self.analysed = 0
        self._check(video.info.duration)

    def __iter__(self) -> Iterator[Picture]:
        for frame in self._video:
            self._check(frame.time)
            self.seconds = frame.time
            yield frame

    def counted(self, seen: Iterable[Observation]) -> Iterator[Observation]:
        for one in seen:
            self.analysed += 1
            yield one

    def _check(self, seconds: float) -> None:
        if seconds > self._longest + PLAY_S:
            raise MediaTooLarge(f"longer than {self._longest:g} s")


def compare(clip: Clip, gesture: Gesture, own: Sequence[Event], duration: float) -> Found:
    """The events of one gesture against its labels."""
    labels, ignored = clip.labelled(gesture), clip.ignored(gesture)
    pairs = _pairs(own, labels)
    touching = [event for event in own if any(_meets(event, span) for span in (*labels, *ignored))]
    return Found(
        hit=tuple(place in pairs for place in range(len(labels))),
        hits=tuple(pairs.values()),
        false=tuple(event for event in own if event not in touching),
        other=tuple(event for event in touching if event not in pairs.values()),
        minutes=max(duration - covered(ignored, duration), 0.0) / 60.0,
    )


def _pairs(own: Sequence[Event], labels: Sequence[Span]) -> dict[int, Event]:
    """Label -> its event, in order of time. Taking the label that ends first for each event in turn finds the most pairs."""
    pairs: dict[int, Event] = {}
    order = sorted(range(len(labels)), key=lambda place: labels[place].end)
    for event in sorted(own, key=lambda one: one.end):
        place = next((place for place in order if place not in pairs and _meets(event, labels[place])), None)
        if place is not None:
            pairs[place] = event
    return pairs


def _meets(event: Event, span: Span) -> bool:
    return event.start <= span.end + PLAY_S and event.end >= span.start - PLAY_S


def covered(spans: Iterable[Span], duration: float) -> float:
    """Seconds of a recording that lie in any of the spans."""
    total, reached = 0.0, 0.0
    for span in sorted(spans, key=lambda one: one.start):
        begin, end = max(span.start, reached), min(span.end, duration)
        total, reached = total + max(end - begin, 0.0), max(reached, end)
    return total


# --- the report -------------------------------------------------------------------------------------------------------------


class Score(msgspec.Struct, frozen=True):
    """Recall and false gestures a minute with their 95 % intervals and all that they rest on. None where nothing was labelled or no minute
    counts."""

    recall: float | None
    recall_interval: tuple[float, float]
    hits: int
    labels: int
    false_per_minute: float | None
    false_interval: tuple[float, float | None]
    false: int
    minutes: float
    clips: int


class ClipScore(msgspec.Struct, frozen=True):
    """One recording: what was missed and what was false, with the moments in seconds."""

    clip: str
    kind: str
    fps: float
    seconds: float
    fault: str
    hits: dict[str, int]
    missed: dict[str, list[float]]
    false: dict[str, list[float]]
    late_labels: int = 0  # begin after the last frame, not counted


class LeftOut(msgspec.Struct, frozen=True):
    """A recording that was not looked at: nothing of it is counted."""

    clip: str
    reason: str
    labels: int


class GestureReport(msgspec.Struct, frozen=True):
    """The whole report. The totals stand beside the scores of each gesture; `from_15_fps` leaves slower recordings out."""

    title: str
    recall: float | None
    false_per_minute: float | None
    total: Score
    gestures: dict[str, Score]
    from_15_fps: Score
    clips: tuple[ClipScore, ...]
    analysed_fps: float | None
    unknown_actions: tuple[str, ...]
    left_out: tuple[LeftOut, ...] = ()


def report(every: Sequence[Watched], analysed_fps: float | None = None) -> GestureReport:
    """The report over all recordings."""
    watched = looked_at(every)
    total = total_score(watched)
    return GestureReport(
        title=TITLE,
        recall=total.recall,
        false_per_minute=total.false_per_minute,
        total=total,
        gestures={gesture: score(watched, (gesture,)) for gesture in GESTURES},
        from_15_fps=total_score([one for one in watched if one.fps >= SLOWEST_FPS - 0.5]),
        clips=tuple(map(clip_score, watched)),
        analysed_fps=analysed_fps,
        unknown_actions=unknown_actions(tuple(one.clip for one in every)),
        left_out=tuple(LeftOut(one.clip.clip, one.left_out, len(one.clip.events)) for one in every if one.left_out),
    )


def looked_at(every: Sequence[Watched]) -> list[Watched]:
    """Without the recordings that were left out."""
    return [one for one in every if not one.left_out]


def total_score(watched: Sequence[Watched]) -> Score:
    """Of all gestures together."""
    return score(watched, GESTURES)


def score(watched: Sequence[Watched], gestures: Sequence[Gesture]) -> Score:
    """Of some gestures together: labels pooled, minutes averaged over the gestures."""
    found = [(one.clip.clip, one.found[gesture]) for one in watched for gesture in gestures]
    marks = [(mark, name) for name, own in found for mark in own.hit]
    false, minutes = sum(len(own.false) for _, own in found), sum(own.minutes for _, own in found) / len(gestures)
    hits, (low, high) = sum(mark for mark, _ in marks), rate_interval([mark for mark, _ in marks], [name for _, name in marks])
    least, most = poisson_interval(false, minutes)
    return Score(
        recall=round(hits / len(marks), 4) if marks else None,
        recall_interval=(round(low, 4), round(high, 4)),
        hits=hits,
        labels=len(marks),
        false_per_minute=round(false / minutes, 4) if minutes > 0 else None,
        false_interval=(round(least, 4), round(most, 4) if minutes > 0 else None),
        false=false,
        minutes=round(minutes, 4),
        clips=len({name for name, _ in found}),
    )


def clip_score(watched: Watched) -> ClipScore:
    """One recording's misses and false gestures."""
    clip, found = watched.clip, watched.found
    missed = {g: [s.start for s, hit in zip(clip.labelled(g), own.hit, strict=True) if not hit] for g, own in found.items()}
    return ClipScore(
        clip=clip.clip,
        kind=clip.kind,
        fps=round(watched.fps, 2),
        seconds=round(watched.duration, 3),
        fault=watched.fault,
        hits={gesture: sum(own.hit) for gesture, own in found.items()},
        missed={gesture: starts for gesture, starts in missed.items() if starts},
        false={gesture: [round(event.start, 2) for event in own.false] for gesture, own in found.items() if own.false},
        late_labels=len(watched.late),
    )
