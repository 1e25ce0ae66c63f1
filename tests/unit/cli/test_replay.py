"""What `openekyc replay` calls a difference."""

from msgspec.structs import replace

from openekyc.cli.replay import compare, differences
from openekyc.engine.values import Cue, Verdict

THEN = Verdict("0", cues=(Cue("light", "pass", numbers={"correlation": 0.96, "modulation": 0.2}),))


def test_the_same_verdict_has_no_difference():
    assert compare(THEN, replace(THEN, best_frame=b"jpeg", seconds={"track": 1.0})) == ()


def test_rounding_is_no_difference_and_more_is():
    near, far = (replace(THEN, cues=(replace(THEN.cues[0], numbers={"correlation": c, "modulation": 0.2}),)) for c in (0.9601, 0.91))
    assert compare(THEN, near) == ()
    assert [(one.field, one.then, one.now) for one in compare(THEN, far)] == [("light: correlation", "0.96", "0.91")]


def test_a_changed_decision_is_told_with_its_reason():
    now = Verdict("1005", ("09",), "follow_prompts", cues=(Cue("light", "deny", "1005", ("09",), "no reflection"),))
    fields = [one.field for one in compare(THEN, now)]
    assert fields[:5] == ["code", "tags", "hint", "light: decision", "light: reason"]


def test_what_is_only_on_one_side_is_absent_on_the_other():
    found = differences({"file a": "1"}, {"file b": "2"})
    assert [(one.field, one.then, one.now) for one in found] == [("file a", "1", "(absent)"), ("file b", "(absent)", "2")]
