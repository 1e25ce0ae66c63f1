"""The labels of recordings whose gestures somebody marked: a JSON list of {clip, kind, events: [{action, start, end}]}.

Times are seconds of the recording, `clip` is relative to the file. An action is a gesture, or `ignore:GESTURE` for a span that could not
be judged and counts neither as hit nor as false. Other actions are left out and named in the report.
"""

from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from openekyc.engine.values import GESTURES, Gesture
from openekyc.reports.manifest import ManifestInvalid, listed_file, read_text

IGNORE = "ignore:"
REMEDY = "Give a list of {clip, kind, events: [{action, start, end}]}, times in seconds."

Seconds = Annotated[float, Meta(ge=0, le=1e6)]


class Span(msgspec.Struct, frozen=True):
    """One label: what is done from `start` to `end`."""

    action: Annotated[str, Meta(min_length=1, max_length=64)]
    start: Seconds
    end: Seconds


class Clip(msgspec.Struct, frozen=True):
    """One recording and its labels; `kind` is free text, as in live or replay."""

    clip: Annotated[str, Meta(min_length=1, max_length=1000)]
    events: Annotated[tuple[Span, ...], Meta(max_length=10_000)]
    kind: Annotated[str, Meta(max_length=64)] = ""

    def labelled(self, gesture: Gesture) -> tuple[Span, ...]:
        """Where the gesture is made."""
        return tuple(span for span in self.events if span.action == gesture)

    def ignored(self, gesture: Gesture) -> tuple[Span, ...]:
        """Where nothing can be said about it."""
        return tuple(span for span in self.events if span.action == IGNORE + gesture)


Clips = Annotated[tuple[Clip, ...], Meta(min_length=1, max_length=10_000)]


def read_labels(path: Path) -> tuple[Clip, ...]:
    """Every recording with its labels; each file is there. Raises ManifestInvalid naming the place and the remedy."""
    try:
        clips: tuple[Clip, ...] = msgspec.json.decode(read_text(path), type=Clips)
    except msgspec.DecodeError as error:
        raise ManifestInvalid(f"{path} is not valid: {error}.", REMEDY) from None
    for place, clip in enumerate(clips):
        _check(path, place, clip)
    return clips


def _check(path: Path, place: int, clip: Clip) -> None:
    listed_file(f"{path}, entry {place}", path, clip.clip)
    for span in clip.events:
        if span.end < span.start:
            raise ManifestInvalid(f"{path}, entry {place} ({clip.clip}): {span.action} ends before it starts at {span.start:g} s.", REMEDY)


def unknown_actions(clips: tuple[Clip, ...]) -> tuple[str, ...]:
    """Actions that are no gesture this engine looks for."""
    known = {*GESTURES, *(IGNORE + gesture for gesture in GESTURES)}
    return tuple(sorted({span.action for clip in clips for span in clip.events} - known))
