"""The counting of flashes itself, on sequences whose count is plain."""

import pytest

from tests.browser.flashes import Colour, luminance, most_flashes

BLACK, WHITE, GREY, RED, SOFT_RED = (0.0, 0.0, 0.0), (255.0, 255.0, 255.0), (242.0, 242.0, 242.0), (255.0, 0.0, 0.0), (255.0, 64.0, 64.0)


def alternating(first: Colour, second: Colour, every_s: float) -> list[tuple[float, Colour]]:
    return [(place * every_s, (first, second)[place % 2]) for place in range(40)]


@pytest.mark.parametrize(
    ("first", "second", "every_s", "count"),
    [
        (BLACK, WHITE, 0.1, 5),
        (BLACK, WHITE, 0.3, 2),
        (GREY, WHITE, 0.1, 0),  # both are bright
        (RED, SOFT_RED, 0.1, 5),
        (BLACK, BLACK, 0.1, 0),
    ],
)
def test_flashes_are_pairs_of_opposing_changes_in_a_second(first: Colour, second: Colour, every_s: float, count: float) -> None:
    assert most_flashes(alternating(first, second, every_s)) == count


def test_slow_changes_add_up() -> None:
    ramp = [(place * 0.01, (float(place), float(place), float(place))) for place in range(256)]
    assert most_flashes(ramp) == 0.5
    assert luminance(WHITE) == pytest.approx(1)
