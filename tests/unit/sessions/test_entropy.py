"""The bits that are claimed are those of the distributions challenges are really drawn from."""

import math
from collections import Counter
from random import Random

import pytest

from openekyc.engine.values import GestureStep, LightStep
from openekyc.sessions import challenge, entropy
from openekyc.sessions.challenge import draw

SAME = 1e-9


def gestures_of(drawn):
    return tuple(step.gesture for step in drawn.steps if isinstance(step, GestureStep))


def test_level_1_leaves_nothing_to_guess():
    assert entropy.entropy(1, ("blink",)) == entropy.Entropy(1, ())
    assert entropy.entropy(1, ("blink",)).worth == 0.0


@pytest.mark.parametrize("level", [2, 4])
def test_gestures_that_the_caller_fixes_are_worth_nothing(level):
    found = entropy.entropy(level, ("blink", "nod"))
    assert next(source for source in found.sources if source.name == "gestures").worth == 0.0
    assert {gestures_of(draw(level, ("blink", "nod"), "", rng=Random(seed))) for seed in range(50)} == {("blink", "nod")}


def test_colours_hold_what_their_draw_holds():
    """By chain rule: the first colour is uniform over the palette, each next one over all the others."""
    first, following = Counter(), Counter()
    for seed in range(4000):
        light = next(step for step in draw(3, (), "", rng=Random(seed)).steps if isinstance(step, LightStep))
        first[light.colours[0]] += 1
        following.update(zip(light.colours, light.colours[1:], strict=False))
        assert len(light.colours) == challenge.COLOURS
    assert len(first) == len(challenge.PALETTE)
    assert len(following) == len(challenge.PALETTE) * (len(challenge.PALETTE) - 1)
    assert max(first.values()) / 4000 == pytest.approx(1 / 6, rel=0.15)
    assert max(following.values()) / (4000 * (challenge.COLOURS - 1)) == pytest.approx(1 / 30, rel=0.15)
    assert entropy.colours().drawn == pytest.approx(math.log2(6) + 11 * math.log2(5))


def test_no_more_is_claimed_for_colours_than_was_measured():
    """25 of 20,000 pairs, with the upper end of the 95 % interval of a Poisson count: 36.9."""
    assert entropy.colours().worth <= -math.log2(36.9 / 20_000)
    assert entropy.colours().worth <= entropy.colours().drawn


@pytest.mark.parametrize(
    ("asked", "drawn"), [(("blink",), 1), (("blink", "nod"), 1), (("blink",), 2), (("blink", "mouth", "nod", "shake"), 2)]
)
def test_drawn_gestures_hold_what_their_draw_holds(asked, drawn):
    rounds = 6000
    seen = Counter(gestures_of(draw(2, asked, "", drawn_gestures=drawn, rng=Random(seed))) for seed in range(rounds))
    claimed = entropy.orders(asked, entropy._added(asked, drawn))
    assert sum(claimed.values()) == pytest.approx(1.0)
    assert set(seen) == set(claimed)
    for plan, chance in claimed.items():
        assert abs(seen[plan] / rounds - chance) <= 4 * math.sqrt(chance * (1 - chance) / rounds) + SAME
    assert entropy.gesture_order(asked, drawn).worth == pytest.approx(-math.log2(max(claimed.values())))


@pytest.mark.parametrize("prompts", [1, 2, 3, 4])
def test_the_moments_of_prompts_are_drawn_as_claimed(prompts):
    latest, window = entropy.moments(prompts)
    asked = ("blink", "mouth", "nod", "shake")[:prompts]
    steps = [step for seed in range(300) for step in draw(2, asked, "", rng=Random(seed)).steps if isinstance(step, GestureStep)]
    assert {step.window_ms for step in steps} == {window}
    assert min(step.wait_ms for step in steps) >= challenge.WAIT_MS[0]
    assert latest - 25 <= max(step.wait_ms for step in steps) <= latest


@pytest.mark.parametrize("prompts", [1, 2, 3, 4])
def test_one_fixed_moment_answers_every_draw_so_timing_is_worth_nothing(prompts):
    assert entropy.always_answered(prompts)
    source = entropy.timing(prompts)
    assert source.drawn > 7 * prompts
    assert source.worth == 0.0


def test_attempts_are_guesses():
    found = entropy.entropy(3, (), attempts=4)
    assert found.worth_per_token == pytest.approx(found.worth - 2)
    assert entropy.entropy(1, (), attempts=5).worth_per_token == 0.0


def test_a_drawn_challenge_tells_how_many_gestures_were_drawn():
    drawn = draw(4, ("blink",), "", drawn_gestures=1, rng=Random(1))
    assert entropy.of_challenge(4, drawn, ("blink",)) == entropy.entropy(4, ("blink",), drawn_gestures=1)
