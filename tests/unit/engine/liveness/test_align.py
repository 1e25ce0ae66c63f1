"""The client's clock is laid over the recording's by colours, and lies in the trace are seen."""

import numpy as np
import pytest

from openekyc.engine.liveness.align import Alignment, align, judge
from openekyc.engine.values import Challenge, Colour, ColourMark, FrameSample, GestureStep, HoldStep, LightStep, StepMark, Trace
from tests.unit.engine.liveness.tracks import mesh, observation, trace_of, track


def flickering(seconds=8.0, fps=15.0, seed=2):
    """A recording in which something is going on."""
    steps = np.random.default_rng(seed).normal(0, 6, (int(seconds / 0.4) + 1, 3))
    return track([observation(i, i / fps, mesh(), tuple(110 + steps[int(i / fps / 0.4)])) for i in range(int(seconds * fps))])


def still(seconds=8.0):
    return track([observation(i, i / 15, mesh()) for i in range(int(seconds * 15))])


@pytest.mark.parametrize("error_ms", [-900, -175, -50, 0, 50, 300, 1200])
def test_the_offset_is_found_whatever_the_recorder_claims(error_ms):
    seen = flickering()
    told = Trace(frames=trace_of(seen, 5_000.0, noise=0.5).frames, recorder_started_ms=5_000.0 + error_ms)
    found = align(seen, told)
    assert found.measured
    assert found.correlation > 0.9
    assert found.offset_ms == pytest.approx(5_000.0, abs=25)


def test_the_client_may_see_more_than_the_recording_holds():
    seen = flickering()
    late = track([observation(i, o.time - 1.0, o.mesh, o.frame_rgb) for i, o in enumerate(seen.observations) if o.time >= 1.0])
    found = align(late, trace_of(seen, 5_000.0))
    assert found.offset_ms == pytest.approx(6_000.0, abs=25)


def test_a_static_scene_keeps_the_nominal_start():
    found = align(still(), trace_of(still(), 5_000.0, noise=0.1))
    assert (found.measured, found.offset_ms) == (False, 5_000.0)


@pytest.mark.parametrize("told", [Trace(), Trace(frames=(FrameSample(1.0, (1.0, 2.0, 3.0)),) * 50)])
def test_an_empty_or_frozen_trace_does_not_crash(told):
    assert not align(flickering(), told).measured


CHALLENGE = Challenge("n", (HoldStep(1000), GestureStep("blink", 2, 1000, 3000), HoldStep(1000)))
MARKS = (StepMark(0, 5_100, 6_100), StepMark(1, 6_100, 10_100, 7_100), StepMark(2, 10_100, 11_100))


def told(steps=MARKS, **changes):
    return Trace(frames=trace_of(flickering(), 5_000.0).frames, steps=steps, **changes)


def cue(trace, challenge=CHALLENGE, seen=None):
    seen = seen or flickering()
    return judge(seen, challenge, trace, align(seen, trace))


def test_a_faithful_trace_passes():
    assert cue(told()).decision == "pass"


def test_colours_of_another_recording_are_tampering():
    other = Trace(frames=trace_of(flickering(seed=9), 5_000.0).frames, steps=MARKS)
    found = cue(other)
    assert (found.decision, found.code, found.tags) == ("deny", "1002", ("05",))


def glimmering(deviation, seed=2, ramp=0.0):
    """Changes as faint as today's colours in a bright room; in the first second the camera finds its exposure, `ramp` levels up."""
    steps = np.random.default_rng(seed).normal(0, deviation, (21, 3))
    rgb = [tuple(110 + steps[i * 10 // 60] - ramp * max(0.0, 1 - i / 12)) for i in range(120)]
    return track([observation(i, i / 15, mesh(), one) for i, one in enumerate(rgb)])


@pytest.mark.parametrize(("recorded", "told_of"), [(0.35, 1.4), (1.4, 0.35), (0.7, 0.7), (0.45, 0.6)])
def test_faint_colours_of_another_recording_are_tampering_too(recorded, told_of):
    trace = Trace(frames=trace_of(glimmering(told_of, seed=9), 5_000.0, noise=0.05).frames, steps=MARKS)
    assert cue(trace, seen=glimmering(recorded)).code == "1002"


@pytest.mark.parametrize("deviation", [0.1, 0.35, 0.7, 1.4])
def test_faint_colours_of_its_own_recording_pass(deviation):
    seen = glimmering(deviation)
    assert cue(Trace(frames=trace_of(seen, 5_000.0, noise=0.05).frames, steps=MARKS), seen=seen).decision == "pass"


def test_that_both_cameras_found_their_exposure_alike_proves_nothing():
    trace = Trace(frames=trace_of(glimmering(1.0, seed=9, ramp=40), 5_000.0).frames, steps=MARKS)
    assert cue(trace, seen=glimmering(1.0, ramp=40)).code == "1002"


def test_an_encoder_may_take_a_third_of_the_changes_away():
    seen = glimmering(1.0)
    paler = track([observation(o.index, o.time, o.mesh, tuple(0.65 * level + 38.5 for level in o.frame_rgb)) for o in seen.observations])
    assert cue(Trace(frames=trace_of(seen, 5_000.0, noise=0.2).frames, steps=MARKS), seen=paler).decision == "pass"


def test_colours_of_a_picture_that_never_changes_are_tampering():
    lively = track([observation(o.index, o.time, o.mesh, o.frame_rgb) for o in flickering().observations])
    assert cue(Trace(frames=trace_of(still(), 5_000.0).frames, steps=MARKS), seen=lively).decision == "deny"


@pytest.mark.parametrize(
    "steps",
    [
        (MARKS[0], StepMark(1, 6_100, 10_100, 6_500), MARKS[2]),
        (MARKS[1], MARKS[0], MARKS[2]),
        (StepMark(0, 5_100, 5_400), MARKS[1], MARKS[2]),
        (MARKS[0], StepMark(1, 6_100, 16_100, 13_000), StepMark(2, 16_100, 17_100)),
        (MARKS[0], StepMark(1, 5_500, 10_100, 6_600), MARKS[2]),
        (*MARKS, StepMark(7, 11_100, 12_000)),
    ],
    ids=["prompt too soon", "order", "hold cut short", "prompt far too late", "overlap", "unknown step"],
)
def test_steps_that_contradict_the_challenge_are_tampering(steps):
    assert cue(told(steps)).code == "1002"


@pytest.mark.parametrize(
    "steps", [(), MARKS[:2], (MARKS[0], StepMark(1, 6_100, 10_100), MARKS[2])], ids=["none", "one missing", "no prompt"]
)
def test_missing_steps_are_incomplete_not_tampering(steps):
    found = cue(told(steps))
    assert (found.decision, found.hint) == ("retry", "recording_incomplete")


def test_a_recording_shorter_than_its_steps_is_incomplete():
    seen = flickering(seconds=3.0)
    found = cue(told(), seen=seen)
    assert (found.decision, found.hint) == ("retry", "recording_incomplete")


LIGHT = Challenge("n", (LightStep((Colour(255, 64, 64, 300), Colour(64, 255, 64, 300), Colour(64, 64, 255, 300))),))
LIT = (StepMark(0, 6_000, 6_950),)


@pytest.mark.parametrize(
    ("painted", "decision"),
    [
        ((6_020, 6_320, 6_620), "pass"),
        ((6_020, 6_320), "retry"),
        ((6_020, 6_320, 7_620), "deny"),
        ((5_900, 6_320, 6_620), "deny"),
    ],
)
def test_the_colours_times_must_fit(painted, decision):
    marks = tuple(ColourMark(place, 6_000 + place * 300, time) for place, time in enumerate(painted))
    assert cue(told(LIT, colours=marks), LIGHT).decision == decision


def test_seconds_are_counted_from_the_first_frame():
    assert Alignment(5_000.0, 1.0, measured=True).seconds(6_500.0) == 1.5
