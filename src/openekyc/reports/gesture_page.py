"""The page of the gesture report, and the courses of each recording's signals as pictures."""

from collections.abc import Iterator, Sequence

import numpy as np

from openekyc.engine.liveness.events import Event
from openekyc.engine.values import Gesture
from openekyc.reports.gestures import GestureReport, Score, Watched, looked_at
from openekyc.reports.page import document, figure, heading, paragraph, percent, plural, table
from openekyc.reports.plots import Panel, Series, time_plot

NOTICE = (
    "This is a self-test, run by whoever made this page on recordings and labels of their own choice; it is no certification. It counts "
    "single gesture events. A challenge asks more: the right gesture in its own window, and a blink twice in quick succession."
)
METHOD = (
    "An event hits a label of its gesture if both overlap within 0.15 s; each event hits one label at most. An event that touches neither "
    "a label nor a span marked `ignore` is false. Minutes are those in which a false gesture would count; in total, their mean over the "
    "gestures. Intervals are 95 %: recall resampled by recording, false gestures by the Poisson distribution."
)


def page(report: GestureReport, every: Sequence[Watched]) -> str:
    """The whole page."""
    watched = looked_at(every)
    seconds = sum(one.duration for one in watched)
    title = f"{report.title} ({plural(report.total.labels, 'label')} in {plural(len(watched), 'recording')}, {seconds:.0f} s)"
    return document(
        report.title,
        [
            heading(title, 1),
            paragraph(NOTICE, "note"),
            *_summary(report),
            *(part for one in watched for part in _clip(report, one)),
        ],
    )


def _summary(report: GestureReport) -> Iterator[str]:
    yield paragraph(f"All gestures: {told(report.total)}.")
    if report.from_15_fps != report.total:
        yield paragraph(f"Without recordings under 15 frames a second: {told(report.from_15_fps)}.")
    for gesture, score in report.gestures.items():
        yield paragraph(f"{gesture}: {told(score)}.")
    yield paragraph(METHOD)
    if report.analysed_fps:
        yield paragraph(f"Recordings were thinned to {report.analysed_fps:g} frames a second.")
    if report.unknown_actions:
        yield paragraph(f"Labels this report does not measure: {', '.join(report.unknown_actions)}.")
    for note in notes(report):
        yield paragraph(note, "note")
    columns = ("recording", "frames a second", "seconds", "found", "missed", "false")
    yield table(columns, [(c.clip, f"{c.fps:.1f}", f"{c.seconds:.1f}", *_counts(c.hits, c.missed, c.false)) for c in report.clips])


def notes(report: GestureReport) -> Iterator[str]:
    """What is not counted as it might be expected to be, a sentence each."""
    for out in report.left_out:
        yield f"{out.clip} is left out, with {plural(out.labels, 'label')}: {out.reason.rstrip('.')}."
    for clip in report.clips:
        if clip.fault:
            yield f"{clip.clip} could not be analysed, so all its labels count as missed: {clip.fault}"
        if clip.late_labels:
            yield f"{clip.clip} ends at {clip.seconds:.1f} s; not counted: {plural(clip.late_labels, 'label')} after that."


def _counts(hits: dict[str, int], missed: dict[str, list[float]], false: dict[str, list[float]]) -> tuple[str, str, str]:
    return str(sum(hits.values())), str(sum(map(len, missed.values()))), str(sum(map(len, false.values())))


def told(score: Score) -> str:
    """Both rates with all that they rest on."""
    return f"{recall_told(score)}; {false_told(score)}"


def recall_told(score: Score) -> str:
    """Recall in words."""
    if score.recall is None:
        return f"recall not measured (0 labels in {plural(score.clips, 'recording')})"
    low, high = score.recall_interval
    return f"recall {percent(score.recall)} ({score.hits} of {plural(score.labels, 'label')}; interval {percent(low)} to {percent(high)})"


def false_told(score: Score) -> str:
    """False gestures in words."""
    if score.false_per_minute is None:
        return "false gestures not measured (0 minutes)"
    low, high = score.false_interval
    around = f"interval {low:.2f} to {high:.2f}" if high is not None else "no interval"
    return f"{score.false_per_minute:.2f} false a minute ({score.false} in {score.minutes:.2f} minutes; {around})"


def _clip(report: GestureReport, watched: Watched) -> Iterator[str]:
    own = next(one for one in report.clips if one.clip == watched.clip.clip)
    yield heading(f"{own.clip} ({own.kind or 'no kind given'}, {own.fps:.1f} frames a second)")
    if watched.fault:
        yield paragraph(f"Could not be analysed, so all its labels count as missed: {watched.fault}", "note")
        return
    for what, moments in (("Missed", own.missed), ("False", own.false)):
        for gesture, starts in moments.items():
            yield paragraph(f"{what} {gesture} at {', '.join(f'{start:.2f} s' for start in starts)}.")
    yield figure(curves(watched))


def curves(watched: Watched) -> str:
    """The signals of one recording with what was labelled and what was found, as an SVG document."""
    series = watched.series
    rows: tuple[tuple[Gesture, list[tuple[str, Series]], float, float], ...] = (
        ("blink", [("left eye", series.left), ("right eye", series.right)], 0.0, 1.0),
        ("mouth", [("jaw", series.jaw), ("lips", np.clip(series.lips, 0, 1))], 0.0, 1.0),
        ("nod", [("pitch", series.pitch)], -40.0, 40.0),
        ("shake", [("yaw", series.yaw)], -60.0, 60.0),
    )
    panels = [_panel(watched, *row) for row in rows]
    return time_plot(series.time, panels, max(watched.duration, 0.1), f"{watched.clip.clip}: signals and gestures")


def _panel(watched: Watched, gesture: Gesture, series: list[tuple[str, Series]], low: float, high: float) -> Panel:
    labelled = [(span.start, span.end) for span in watched.clip.labelled(gesture)]
    ignored = [(span.start, span.end) for span in watched.clip.ignored(gesture)]
    found = watched.found[gesture]
    marked = [*_spans((*found.hits, *found.other), right=True), *_spans(found.false, right=False)]
    return Panel(gesture, series, low, high, labelled, ignored, marked)


def _spans(events: Sequence[Event], *, right: bool) -> list[tuple[float, float, bool]]:
    return [(event.start, event.end, right) for event in events]
