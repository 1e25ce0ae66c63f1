"""Steps laid out on the client's clock."""

from openekyc.capture.messages import PlannedLight
from openekyc.engine.values import Colour, GestureStep, HoldStep
from openekyc.simulator.script import level_of, slots, starts

STEPS = (HoldStep(1000), GestureStep("nod", 1, wait_ms=700, window_ms=4000), PlannedLight(2, 600), HoldStep(500))


def test_steps_follow_each_other() -> None:
    hold, nod, light, last = slots(STEPS, 100.0)
    assert (hold.begin_ms, hold.end_ms, hold.prompt_ms) == (100, 1100, None)
    assert (nod.begin_ms, nod.prompt_ms, nod.end_ms) == (1100, 1800, 5800)
    assert (light.begin_ms, light.end_ms) == (5800, 6400)
    assert (last.index, last.end_ms) == (3, 6900)


def test_colours_follow_each_other() -> None:
    colours = (Colour(255, 64, 64, 300), Colour(64, 255, 64, 200))
    assert [moment for _, moment in starts(colours, 50)] == [50, 350]


def test_the_level_shows_in_the_steps() -> None:
    assert level_of(STEPS) == 4
    assert level_of(STEPS[:2]) == 2
    assert level_of(STEPS[2:]) == 3
    assert level_of(STEPS[:1]) == 1
