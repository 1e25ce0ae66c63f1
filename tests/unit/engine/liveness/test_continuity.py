"""One person from the first frame to the last."""

import numpy as np

from openekyc.engine.compare.embed import unit
from openekyc.engine.liveness.continuity import decide, jumps, spread
from tests.unit.engine.liveness.tracks import mesh, observation

ONE, OTHER = unit(np.eye(1, 128, 0)[0]), unit(np.eye(1, 128, 1)[0])


def walk(*places, fps=15.0):
    return [observation(i, i / fps, mesh(x=x)) for i, x in enumerate(places)]


def test_the_same_face_throughout_passes():
    assert decide([ONE, ONE, ONE], 0).decision == "pass"


def test_a_change_of_person_is_refused():
    cue = decide([ONE, ONE, OTHER], 0)
    assert (cue.decision, cue.code, cue.tags) == ("deny", "1005", ("10",))


def test_a_jump_is_refused():
    assert decide([ONE, ONE], 1).decision == "deny"


def test_one_frontal_still_is_not_enough():
    assert decide([ONE], 0).decision == "retry"


def test_heads_move_but_do_not_jump():
    assert jumps(walk(300, 320, 345, 370, 340)) == 0
    assert jumps(walk(150, 152, 450, 451)) == 1
    assert jumps(walk(150, 450, fps=2)) == 0


def test_stills_are_spread_over_the_recording():
    assert spread(list(range(9))) == [0, 4, 8]
    assert spread([7]) == [7]
    assert spread([]) == []
