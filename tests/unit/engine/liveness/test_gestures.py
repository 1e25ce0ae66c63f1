"""A gesture answers its own prompt or none."""

import pytest

from openekyc.engine.liveness.align import Alignment
from openekyc.engine.liveness.gestures import judge, judge_anywhere
from openekyc.engine.values import Challenge, GestureStep, HoldStep, StepMark, Trace
from tests.unit.engine.liveness.tracks import acted, bumps, track

ALIGNED = Alignment(10_000.0, 0.99, measured=True)
BLINK = Challenge("n", (HoldStep(1000), GestureStep("blink", 2, 1000, 4000), HoldStep(1000)))


def trace(prompt_ms=12_000.0):
    marks = (StepMark(0, 10_000, 11_000), StepMark(1, 11_000, prompt_ms + 4000, prompt_ms), StepMark(2, prompt_ms + 4000, prompt_ms + 5000))
    return Trace(steps=marks)


def decided(seen, challenge=BLINK, told=None):
    return judge(seen, challenge, told or trace(), ALIGNED)


def test_two_quick_blinks_after_the_prompt_pass():
    cue = decided(acted(blink=bumps(2.6, 3.2)))
    assert cue.decision == "pass"
    assert cue.numbers["reaction_s_1"] == pytest.approx(0.57, abs=0.05)


@pytest.mark.parametrize(
    "blinks",
    [(), (2.6,), (0.5, 1.1), (2.05, 2.4), (2.6, 4.2), (7.0, 7.5), (2.3, 2.8, 3.3, 3.8), (2.3, 3.4, 4.5, 5.6)],
    ids=["none", "one", "before", "sooner than anybody reacts", "too far apart", "after", "restless", "regular"],
)
def test_anything_else_is_action_not_done(blinks):
    cue = decided(acted(blink=bumps(*blinks)))
    assert (cue.decision, cue.code, cue.tags) == ("deny", "1005", ("02",))


def test_a_natural_blink_beside_the_two_is_forgiven():
    assert decided(acted(blink=bumps(2.5, 2.9, 4.6))).decision == "pass"


def test_eyes_shut_all_the_time_have_their_own_tag():
    assert "01" in decided(acted(blink=lambda t: 0.8)).tags


def test_a_slow_camera_is_asked_again_not_refused():
    cue = decided(acted(fps=7))
    assert (cue.decision, cue.hint) == ("retry", "try_again")


def test_a_recording_that_ends_before_the_prompt_did_not_do_it():
    assert decided(acted(seconds=1.5)).decision == "deny"


def test_no_frames_at_all_is_no_crash():
    assert decided(track([])).decision == "deny"


def test_a_challenge_without_gestures_is_not_passed_by_doing_nothing():
    assert decided(acted(), Challenge("n", (HoldStep(1000),)), Trace(steps=(StepMark(0, 10_000, 11_000),))).decision == "deny"


def test_each_gesture_needs_its_own_prompt():
    challenge = Challenge("n", (GestureStep("mouth", 1, 0, 3000), GestureStep("nod", 1, 0, 3000)))
    told = Trace(steps=(StepMark(0, 10_000, 13_000, 10_000), StepMark(1, 13_000, 16_000, 13_000)))
    wide = bumps(1.0, length=0.5, rest=0.0, peak=0.5)
    in_order = acted(jaw=wide, lips=wide, pitch=bumps(4.0, length=0.6, rest=0.0, peak=14.0))
    late = bumps(4.0, length=0.5, rest=0.0, peak=0.5)
    swapped = acted(jaw=late, lips=late, pitch=bumps(1.0, length=0.6, rest=0.0, peak=14.0))
    assert decided(in_order, challenge, told).decision == "pass"
    assert decided(swapped, challenge, told).decision == "deny"


def test_without_prompts_the_order_counts():
    wide = bumps(4.0, length=0.5, rest=0.0, peak=0.5)
    seen = acted(blink=bumps(1.0, 1.6), jaw=wide, lips=wide)
    blink, mouth = GestureStep("blink", 2, 0, 0), GestureStep("mouth", 1, 0, 0)
    assert judge_anywhere(seen, Challenge("", (blink, mouth))).decision == "pass"
    assert judge_anywhere(seen, Challenge("", (mouth, blink))).decision == "deny"


def test_a_window_full_of_other_gestures_is_no_answer():
    wide = bumps(2.6, length=0.5, rest=0.0, peak=0.5)
    tipped = acted(blink=bumps(4.0, 4.5), jaw=wide, lips=wide)
    everything = acted(blink=bumps(4.0, 4.5), jaw=wide, lips=wide, pitch=lambda t: 14.0 if 2.4 <= t < 2.9 else 0.0)
    assert decided(tipped).decision == "pass"
    assert decided(everything).decision == "deny"
