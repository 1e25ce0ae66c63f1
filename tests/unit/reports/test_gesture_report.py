"""Events against labels: hits, misses, false ones, and spans that count neither way."""

import re
from xml.etree import ElementTree

import numpy as np
import pytest

from openekyc.engine.liveness.events import Event, Signals
from openekyc.engine.values import GESTURES
from openekyc.reports.gesture_page import curves, page
from openekyc.reports.gestures import Watched, compare, covered, report
from openekyc.reports.labels import Clip, Span


def blink(start: float, end: float) -> Event:
    return Event("blink", start, end, 0.5)


CLIP = Clip("a & b.mp4", (Span("blink", 1, 1.3), Span("blink", 3, 3.3), Span("ignore:blink", 5, 7), Span("ignore:blink", 6, 999)), "live")


def test_hits_misses_and_false_ones_are_told_apart() -> None:
    found = compare(CLIP, "blink", [blink(1.2, 1.4), blink(4.0, 4.1), blink(5.5, 5.6)], 10.0)
    assert found.hit == (True, False)
    assert [event.start for event in found.false] == [4.0]
    assert [event.start for event in found.other] == [5.5]
    assert found.minutes == pytest.approx(5 / 60)  # what is ignored is no minute in which to be wrong


def test_one_event_hits_one_label_only() -> None:
    clip = Clip("a", (Span("blink", 1, 1.2), Span("blink", 1.3, 1.5)))
    assert compare(clip, "blink", [blink(1.1, 1.4)], 2.0).hit == (True, False)
    assert compare(clip, "blink", [blink(1.0, 1.2), blink(1.3, 1.4)], 2.0).hit == (True, True)


def test_a_near_miss_within_the_play_is_a_hit_and_beyond_it_false() -> None:
    assert compare(CLIP, "blink", [blink(0.7, 0.86)], 10.0).hit[0]
    late = compare(CLIP, "blink", [blink(1.5, 1.6)], 10.0)
    assert (late.hit[0], len(late.false)) == (False, 1)


def test_a_repeat_inside_one_label_is_neither_hit_nor_false() -> None:
    found = compare(CLIP, "blink", [blink(1.0, 1.1), blink(1.2, 1.3)], 10.0)
    assert (found.hit, len(found.false), len(found.other)) == ((True, False), 0, 1)


def test_overlapping_spans_are_counted_once() -> None:
    assert covered([Span("x", 5, 7), Span("x", 6, 999), Span("x", 0, 1)], 10.0) == pytest.approx(6.0)


def watched(clip: Clip, events: list[Event], fps: float = 30.0, fault: str = "") -> Watched:
    time = np.arange(0, 10, 1 / 30)
    found = {gesture: compare(clip, gesture, events if gesture == "blink" else [], 0.0 if fault else 10.0) for gesture in GESTURES}
    return Watched(clip, fps, 10.0, Signals(time, *[np.zeros_like(time)] * 6), found, fault)


def test_totals_and_gestures_hold_recall_and_false_per_minute() -> None:
    found = report([watched(CLIP, [blink(1.0, 1.2), blink(4.0, 4.1)])])
    assert (found.recall, found.gestures["blink"].recall, found.gestures["nod"].recall) == (0.5, 0.5, None)
    assert found.gestures["blink"].false_per_minute == pytest.approx(12.0)
    assert found.false_per_minute == pytest.approx(1 / ((5 + 3 * 10) / 4 / 60), abs=1e-3)
    assert found.clips[0].missed == {"blink": [3.0]}
    assert found.clips[0].false == {"blink": [4.0]}


def test_slow_recordings_are_also_left_out() -> None:
    found = report([watched(CLIP, [blink(1.0, 1.2), blink(3.0, 3.1)]), watched(CLIP, [], fps=10.0)])
    assert (found.recall, found.from_15_fps.recall) == (0.5, 1.0)


def test_a_recording_that_cannot_be_seen_counts_as_missed() -> None:
    found = report([watched(CLIP, [], fps=0.0, fault="The recording is neither WebM, Matroska nor MP4.")])
    assert (found.recall, found.total.labels, found.false_per_minute) == (0.0, 2, None)
    assert "neither WebM" in page(found, [watched(CLIP, [], fault="neither WebM")])


def test_the_page_and_the_curves_stand_alone() -> None:
    seen = [watched(CLIP, [blink(1.0, 1.2), blink(4.0, 4.1)])]
    text = page(report(seen), seen)
    assert "Self-test" in re.findall(r"<title>(.*?)</title>", text)[0]
    assert not re.search(r"(src|href)=|<script|url\(|https?://(?!www\.w3\.org/2000/svg)", text)
    assert "1 of 2 labels" in text
    ElementTree.fromstring(curves(seen[0]))  # well-formed, with the ampersand of the clip's name
