"""Bad conditions ask for another try, with a tip, and never speak of an attack."""

from dataclasses import replace

import pytest

from openekyc.engine.liveness.conditions import best_still, face, quality
from tests.unit.engine.liveness.tracks import GOOD, mesh, observation, track


def seen(count=40, *, present=40, others=0, measured=GOOD):
    frames = [observation(i, i / 15, mesh() if i < present else None) for i in range(count)]
    return track([replace(one, others=others, quality=measured if one.mesh else None) for one in frames])


def thinned(recording, count):
    looked = recording.observations
    return replace(recording, observations=looked[:: len(looked) // count])


def rolled(degrees, **changes):
    recording = seen(**changes)
    face = mesh()
    turned = replace(face, pose=replace(face.pose, roll=degrees))
    return replace(recording, observations=tuple(replace(one, mesh=turned) for one in recording.observations))


def test_a_good_recording_passes_both():
    assert face(seen(), compare=False).decision == quality(seen(), compare=False).decision == "pass"


@pytest.mark.parametrize(
    ("recording", "compare", "code", "hint"),
    [
        (track([]), False, "1004", "recording_too_short"),
        (seen(20, present=20), False, "1004", "recording_too_short"),
        (replace(seen(20, present=20), truncated=True), False, "1004", "recording_damaged"),
        (thinned(seen(), 5), False, "1004", "recording_too_few_frames"),
        (replace(seen(), fps=3.0), False, "1004", "recording_too_few_frames"),
        (rolled(85.0), False, "1004", "hold_upright"),
        (rolled(-170.0, others=1), False, "1004", "hold_upright"),
        (rolled(30.0, others=1), False, "1004", "one_person_only"),
        (seen(present=0), False, "1004", "no_face"),
        (seen(present=20), False, "1004", "no_face"),
        (seen(others=1), False, "1004", "one_person_only"),
        (seen(others=1), True, "2012", "one_person_only"),
    ],
)
def test_faces(recording, compare, code, hint):
    cue = face(recording, compare=compare)
    assert (cue.decision, cue.code, cue.hint) == ("retry", code, hint)


@pytest.mark.parametrize(
    ("change", "compare", "code", "hint"),
    [
        ({"luma": 20.0}, False, "1201", "more_light"),
        ({"bright": 0.8}, False, "1201", "less_light"),
        ({"width": 30.0}, False, "1004", "move_closer"),
        ({"sharpness": 1.0}, False, "1004", "hold_still"),
        ({"covered": 0.95}, False, "1004", "face_covered"),
        ({"covered": 0.95}, True, "2017", "face_covered"),
    ],
)
def test_qualities(change, compare, code, hint):
    cue = quality(seen(measured=replace(GOOD, **change)), compare=compare)
    assert (cue.decision, cue.code, cue.hint) == ("retry", code, hint)


def test_the_best_still_is_frontal_with_open_eyes():
    candidates = [mesh(yaw=25.0), mesh(blink=0.8), mesh(), mesh(jaw=0.7), mesh(pitch=-20.0)]
    stills = tuple((observation(i, i / 15, face), i) for i, face in enumerate(candidates))
    assert best_still(track([], stills=stills)) == 2
    assert best_still(track([])) is None
