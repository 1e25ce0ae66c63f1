"""Gestures are found in time series, by the person's own rest."""

import numpy as np
import pytest

from openekyc.engine.face.landmarks import BLENDSHAPES
from openekyc.engine.liveness import events
from tests.unit.engine.liveness.tracks import acted, bumps, mesh, observation, track


def found(seen, gesture):
    return [event for event in events.events(events.signals(seen)) if event.gesture == gesture]


def test_places_of_the_blendshapes_are_the_publishers():
    named = (BLENDSHAPES[events.EYE_BLINK_LEFT], BLENDSHAPES[events.EYE_BLINK_RIGHT], BLENDSHAPES[events.JAW_OPEN])
    assert named == ("eyeBlinkLeft", "eyeBlinkRight", "jawOpen")


@pytest.mark.parametrize("fps", [15, 24, 30, 60])
@pytest.mark.parametrize("rest", [0.0, 0.1, 0.32])
def test_two_blinks_are_two_events(fps, rest):
    seen = found(acted(fps=fps, blink=bumps(3.0, 3.6, rest=rest, peak=rest + 0.35)), "blink")
    assert [round(event.start, 1) for event in seen] == pytest.approx([3.0, 3.6], abs=0.11)


def test_narrow_eyes_at_rest_are_no_blink():
    assert not found(acted(blink=lambda t: 0.45), "blink")


def test_a_long_closure_is_no_blink():
    assert not found(acted(blink=bumps(3.0, length=1.2)), "blink")


def test_a_wink_is_no_blink():
    def winking(t):
        face = mesh()
        face.blendshapes[9] = 0.8 if 3.0 <= t < 3.2 else 0.1
        return face

    seen = track([observation(i, i / 30, winking(i / 30)) for i in range(300)])
    assert not found(seen, "blink")


def test_a_blink_while_the_head_turns_is_not_judged():
    assert not found(acted(blink=bumps(3.0), yaw=lambda t: 40.0 if 2.5 < t < 3.5 else 0.0), "blink")
    assert not found(acted(blink=bumps(3.0), pitch=lambda t: 15.0 if t > 2.85 else 0.0), "blink")


def test_a_blink_that_goes_along_with_the_heads_return_counts():
    assert found(acted(blink=bumps(3.0), pitch=lambda t: 15.0 if t > 3.1 else 0.0), "blink")


def test_a_head_that_is_turned_or_tipped_from_the_start_has_not_moved_yet():
    """Where a recording begins in mid-movement nobody knows the person's rest, and a frontal start can count as the other side."""
    assert not found(acted(yaw=lambda t: -18.0 if t < 0.3 else 18.0 if 0.6 < t < 1.0 else 0.0), "shake")
    assert not found(acted(pitch=lambda t: 14.0 if 0.2 < t < 0.7 else 0.0), "nod")
    assert found(acted(yaw=lambda t: -18.0 if 0.2 < t < 0.5 else 18.0 if 0.6 < t < 1.0 else 0.0), "shake")
    assert found(acted(pitch=lambda t: 14.0 if 0.5 < t < 1.0 else 0.0), "nod")


def test_a_mouth_must_open_jaw_and_lips_and_be_held():
    wide = bumps(4.0, length=0.5, rest=0.0, peak=0.5)
    assert len(found(acted(jaw=wide, lips=wide), "mouth")) == 1
    assert not found(acted(jaw=wide), "mouth")
    brief = bumps(4.0, length=0.1, rest=0.0, peak=0.5)
    assert not found(acted(jaw=brief, lips=brief), "mouth")


def test_a_mouth_that_stays_open_at_the_end_counts():
    wide = bumps(9.0, length=5.0, rest=0.0, peak=0.5)
    assert len(found(acted(jaw=wide, lips=wide), "mouth")) == 1


@pytest.mark.parametrize("degrees", [12.0, -12.0])
def test_a_nod_goes_and_comes_back(degrees):
    assert len(found(acted(pitch=bumps(4.0, length=0.6, rest=2.0, peak=2.0 + degrees)), "nod")) == 1


def test_a_nod_of_eight_degrees_or_to_the_side_is_none():
    assert not found(acted(pitch=bumps(4.0, length=0.6, rest=0.0, peak=8.0)), "nod")
    assert not found(acted(pitch=bumps(4.0, length=0.6, rest=0.0, peak=14.0), yaw=lambda t: 20.0), "nod")


def test_a_shake_needs_both_sides():
    def both(t):
        return 18.0 if 4.0 <= t < 4.5 else -18.0 if 4.8 <= t < 5.3 else 0.0

    assert len(found(acted(yaw=both), "shake")) == 1
    assert not found(acted(yaw=bumps(4.0, length=0.5, rest=0.0, peak=18.0)), "shake")


def test_sides_far_apart_are_no_shake():
    assert not found(acted(seconds=20, yaw=lambda t: 18.0 if 4 <= t < 4.5 else -18.0 if 9 <= t < 9.5 else 0.0), "shake")


def test_a_frozen_face_does_nothing():
    assert events.events(events.signals(acted())) == ()


def test_nothing_seen_is_nothing_found():
    assert events.events(events.signals(track([]))) == ()


def test_noise_alone_is_no_gesture():
    random = np.random.default_rng(3)
    noisy = {"blink": 0.04, "jaw": 0.04, "yaw": 2.0, "pitch": 1.5}
    seen = acted(seconds=60, **{name: (lambda t, s=size: abs(random.normal(0, s))) for name, size in noisy.items()})
    assert events.events(events.signals(seen)) == ()
