"""Cues decide one by one; what leaves for the capture side says nothing about which of them saw an attack."""

from itertools import combinations

import pytest

from openekyc.engine.liveness.fuse import ORDER, fuse
from openekyc.engine.values import Cue

PASSING = {name: Cue(name, "pass") for name in ORDER}
DENIALS = (
    Cue("trace", "deny", "1002", ("05",)),
    Cue("silent", "deny", "1002", ("03",)),
    Cue("continuity", "deny", "1005", ("10",)),
    Cue("gestures", "deny", "1005", ("02",)),
    Cue("light", "deny", "1005", ("09",)),
)
RETRIES = (
    Cue("face", "retry", "1004", ("10",), hint="no_face"),
    Cue("quality", "retry", "1201", ("12",), hint="more_light"),
    Cue("light", "retry", "1201", (), hint="less_light"),
    Cue("trace", "retry", "1005", ("12",), hint="recording_incomplete"),
)
UNLIKE = Cue("compare", "deny", "2016", hint="try_again")


def verdict(*cues, level=4):
    return fuse(list((PASSING | {cue.name: cue for cue in cues}).values()), level)


def test_all_pass():
    assert (verdict().code, verdict().hint, verdict().tags) == ("0", "", ())


@pytest.mark.parametrize("cue", DENIALS, ids=lambda cue: cue.name)
def test_one_denial_refuses_whatever_the_others_say(cue):
    found = verdict(cue)
    assert (found.code, found.tags) == (cue.code, cue.tags)


def test_all_denying_cues_give_their_tags():
    assert verdict(*DENIALS).tags == ("02", "03", "05", "09", "10")
    assert verdict(*DENIALS).code == "1002"


@pytest.mark.parametrize("level", [1, 2, 3, 4])
def test_the_tip_after_a_denial_is_the_same_whichever_cue_denied(level):
    tips = {verdict(*cues, level=level).hint for count in (1, 2) for cues in combinations((*DENIALS, *RETRIES), count) if denies(cues)}
    assert len(tips) == 1


def denies(cues):
    return any(cue.decision == "deny" for cue in cues) and len({cue.name for cue in cues}) == len(cues)


@pytest.mark.parametrize("cue", RETRIES, ids=lambda cue: f"{cue.name} {cue.hint}")
def test_what_cannot_be_judged_is_asked_again_with_its_own_tip(cue):
    found = verdict(cue)
    assert (found.code, found.hint) == (cue.code, cue.hint)


def test_a_denial_outweighs_bad_conditions():
    assert verdict(RETRIES[1], DENIALS[3]).code == "1005"


def test_liveness_comes_before_likeness():
    assert verdict(UNLIKE).code == "2016"
    assert verdict(UNLIKE, DENIALS[0]).code == "1002"
    assert verdict(UNLIKE, RETRIES[0]).code == "1004"


@pytest.mark.parametrize("cue", [*DENIALS, *RETRIES], ids=lambda cue: f"{cue.name} {cue.decision}")
def test_likeness_never_buys_back_a_failure_of_liveness(cue):
    alike = Cue("compare", "pass", numbers={"similarity": 100.0})
    assert verdict(alike, cue).code == cue.code


def test_what_is_only_recorded_does_not_decide():
    assert verdict(Cue("silent", "recorded", "1002", ("03",))).code == "0"
