"""What is drawn keeps to the order asked for, to the time a recording has, and to what eyes can bear."""

import random
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openekyc.engine.values import GESTURES, Colour, GestureStep, HoldStep, LightStep
from openekyc.sessions.challenge import ALIKE, COLOURS, LONGEST_MS, PALETTE, draw, likeness, longest_ms
from openekyc.settings import Settings

SEEDS = st.integers(0, 2**32)
LISTS = st.lists(st.sampled_from(GESTURES), min_size=1, max_size=2, unique=True)


def drawn(level, gestures=("blink",), seed=0, **more):
    return draw(level, gestures, "nonce", rng=random.Random(seed), **more)


def colours_of(challenge):
    return next(step.colours for step in challenge.steps if isinstance(step, LightStep))


def test_level_1_is_a_hold_alone():
    assert drawn(1).steps == (HoldStep(3000),)


@pytest.mark.parametrize(
    ("level", "kinds"),
    [
        (2, [HoldStep, GestureStep, GestureStep, HoldStep]),
        (3, [HoldStep, LightStep, HoldStep]),
        (4, [HoldStep, GestureStep, GestureStep, LightStep, HoldStep]),
    ],
)
def test_each_level_has_its_steps(level, kinds):
    assert [type(step) for step in drawn(level, ("nod", "blink")).steps] == kinds


@given(SEEDS, LISTS, st.integers(0, 4), st.sampled_from([1, 2, 3, 4]))
def test_every_challenge_fits_into_a_recording(seed, gestures, extra, level):
    challenge = drawn(level, gestures, seed, drawn_gestures=extra)
    assert longest_ms(challenge) < LONGEST_MS
    assert longest_ms(challenge) + 1000 < 1000 * Settings().recording_max_s


@given(SEEDS, LISTS, st.integers(0, 4))
def test_gestures_keep_the_order_of_the_list_and_gain_the_drawn_ones(seed, gestures, extra):
    steps = [step for step in drawn(2, gestures, seed, drawn_gestures=extra).steps if isinstance(step, GestureStep)]
    names = iter(step.gesture for step in steps)
    assert all(gesture in names for gesture in gestures)  # a subsequence, in order
    assert len(steps) == min(4, len(gestures) + extra)
    assert all(step.times == (2 if step.gesture == "blink" else 1) for step in steps)
    assert all(500 <= step.wait_ms <= 2000 and 2800 <= step.window_ms <= 4000 for step in steps)


@given(SEEDS)
def test_colours_are_twelve_soft_ones_without_equal_neighbours(seed):
    colours = colours_of(drawn(3, seed=seed))
    assert len(colours) == COLOURS
    assert all((colour.red, colour.green, colour.blue) in PALETTE for colour in colours)
    assert all(first != second for first, second in pairwise(colours))
    assert all(colour.red / (colour.red + colour.green + colour.blue) < 0.8 for colour in colours)


def linear(value):
    share = value / 255
    return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4


def luminance(colour):
    return 0.2126 * linear(colour.red) + 0.7152 * linear(colour.green) + 0.0722 * linear(colour.blue)


def red_share(colour):
    """On linear light, which is stricter than on the 8-bit values: here even the softened red counts as saturated."""
    return linear(colour.red) / (linear(colour.red) + linear(colour.green) + linear(colour.blue))


def uv(colour):
    red, green, blue = linear(colour.red), linear(colour.green), linear(colour.blue)
    x, y = 0.4124 * red + 0.3576 * green + 0.1805 * blue, luminance(colour)
    z = 0.0193 * red + 0.1192 * green + 0.9505 * blue
    return 4 * x / (x + 15 * y + 3 * z), 9 * y / (x + 15 * y + 3 * z)


def general_directions(colours):
    """+1 and -1 for each change of relative luminance by at least 0.1 with the darker state under 0.8 (WCAG 2.2, general flash)."""
    for first, second in pairwise(colours):
        change = luminance(second) - luminance(first)
        counts = abs(change) >= 0.1 and min(luminance(first), luminance(second)) < 0.8
        yield (1 if change > 0 else -1) if counts else 0


def red_directions(colours):
    """+1 into and -1 out of a saturated red across more than 0.2 in the CIE 1976 UCS diagram (WCAG 2.2, red flash)."""
    for first, second in pairwise(colours):
        far = sum((a - b) ** 2 for a, b in zip(uv(first), uv(second), strict=True)) ** 0.5 > 0.2
        involved = far and max(red_share(first), red_share(second)) >= 0.8
        yield (1 if red_share(second) > red_share(first) else -1) if involved else 0


def most_flashes_in_a_second(colours, directions):
    """Pairs of opposing changes within any window of one second."""
    starts = [sum(colour.duration_ms for colour in colours[:index]) for index in range(1, len(colours))]
    changes = [(start, direction) for start, direction in zip(starts, directions(colours), strict=True) if direction]
    return max((opposing([d for start, d in changes if begin <= start <= begin + 1000]) // 2 for begin, _ in changes), default=0)


def opposing(directions):
    kept = [d for d, before in zip(directions, [0, *directions], strict=False) if d != before]
    return len(kept)


@given(SEEDS)
@settings(max_examples=300)
def test_flashes_stay_within_wcag(seed):
    colours = colours_of(drawn(4, seed=seed))
    assert most_flashes_in_a_second(colours, general_directions) <= 3
    assert most_flashes_in_a_second(colours, red_directions) <= 3


def test_the_flash_counter_sees_a_strobe():
    strobe = [Colour(*shade, 100) for _ in range(6) for shade in ((255, 255, 255), (0, 0, 0))]
    assert most_flashes_in_a_second(strobe, general_directions) > 3


@given(SEEDS)
@settings(max_examples=50)
def test_a_retry_never_shows_nearly_the_same_colours(seed):
    rng, recent = random.Random(seed), []
    for _ in range(5):
        colours = colours_of(draw(3, (), "nonce", recent=recent, rng=rng))
        assert all(likeness(colours, other) <= ALIKE for other in recent)
        recent.append(colours)


def test_a_sequence_shifted_by_one_colour_is_a_near_repeat():
    colours = colours_of(drawn(3))
    assert likeness(colours, colours) == pytest.approx(1)
    assert likeness((*colours[1:], colours[0]), colours) > 0.9


def test_draws_differ_without_an_injected_source():
    drawn_colours = {colours_of(draw(3, (), "nonce")) for _ in range(20)}
    waits = {draw(2, ("blink",), "nonce").steps[1].wait_ms for _ in range(50)}
    assert len(drawn_colours) == 20
    assert len(waits) > 20


def test_an_injected_source_draws_the_same_again():
    assert drawn(4, seed=7) == drawn(4, seed=7)
