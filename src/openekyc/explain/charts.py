"""The drawings of one record: the time line, the gesture curves, the reflection."""

from collections.abc import Iterator, Sequence

from openekyc.engine.record import Found, Prompt, Record, Reflection
from openekyc.explain import svg
from openekyc.explain.svg import Axis

WIDTH = 960.0
LEFT, RIGHT = 92.0, 950.0
LANE = 30.0
PANEL = 96.0
GAP = 14.0

PANELS: tuple[tuple[str, tuple[str, ...], float], ...] = (
    ("eyes shut", ("left", "right"), 1.0),
    ("mouth open", ("jaw", "lips"), 1.0),
    ("nod, degrees", ("pitch",), 30.0),
    ("turn, degrees", ("yaw",), 40.0),
)
"""Title, the curves in it, and the height of its scale."""

GESTURE_PANELS = {"blink": 0, "mouth": 1, "nod": 2, "shake": 3}


def time_axis(record: Record) -> Axis:
    """All drawings of a record share it."""
    ends = [prompt.end_s for prompt in record.prompts if prompt.end_s is not None]
    return Axis(0.0, max([record.film.duration_s, *ends, 1.0]), LEFT, RIGHT)


def timeline(record: Record) -> str:
    """Asked, shown, seen, and the colours: one lane each."""
    x = time_axis(record)
    lanes = [("asked", _asked(record, x)), ("shown", _shown(record, x)), ("seen", _seen(record, x))]
    if record.colours:
        lanes.append(("colours", _colours(record, x)))
    bottom = len(lanes) * LANE
    names = [svg.text(LEFT - 8, place * LANE + 19, name, "label", "end") for place, (name, _) in enumerate(lanes)]
    drawn = [_down(place * LANE, "".join(lane)) for place, (_, lane) in enumerate(lanes)]
    shapes = [svg.seconds(x, 0, bottom), *names, *drawn]
    return svg.picture(WIDTH, bottom + 18, shapes, "Time line: what was asked, shown and seen, in seconds of the recording")


def _asked(record: Record, x: Axis) -> Iterator[str]:
    for prompt in _timed(record.prompts):
        left, right = x.at(prompt.begin_s or 0.0), x.at(prompt.end_s or 0.0)
        yield svg.box(left, 4, right, 26, f"step {prompt.kind}", prompt.asked)
        name = prompt.gesture or prompt.kind
        if right - left > 7 * len(name):
            yield svg.text((left + right) / 2, 19, name, "inside", "middle")


def _shown(record: Record, x: Axis) -> Iterator[str]:
    for prompt in _timed(record.prompts):
        if prompt.shown_s is not None:
            yield svg.box(x.at(prompt.shown_s), 9, x.at(prompt.shown_s + prompt.window_ms / 1000), 21, "window", "time to answer")
            yield svg.rule(x.at(prompt.shown_s), 2, x.at(prompt.shown_s), 28, "shown")


def _seen(record: Record, x: Axis) -> Iterator[str]:
    answers = [prompt.seen for prompt in record.prompts if prompt.seen]
    for found in record.found:
        title = f"{found.gesture}, {found.start_s:.2f} to {found.end_s:.2f} s, strength {found.strength:.2f}"
        style = "seen answer" if any(_part_of(found, answer) for answer in answers) else "seen other"
        yield svg.box(x.at(found.start_s), 6, max(x.at(found.end_s), x.at(found.start_s) + 3), 24, style, title)


def _part_of(found: Found, answer: Found) -> bool:
    """An answer may be made of several gestures: two blinks in quick succession."""
    return found.gesture == answer.gesture and answer.start_s <= found.start_s and found.end_s <= answer.end_s


def _colours(record: Record, x: Axis) -> Iterator[str]:
    for shown in record.colours:
        rgb = _css(shown.rgb)
        yield svg.box(x.at(shown.begin_s), 4, x.at(shown.end_s), 26, "colour", f"{rgb} at {shown.begin_s:.2f} s", rgb)


def _timed(prompts: Sequence[Prompt]) -> list[Prompt]:
    return [prompt for prompt in prompts if prompt.begin_s is not None and prompt.end_s is not None]


# --- gestures -------------------------------------------------------------------------------------------------------------


def gestures(record: Record) -> str:
    """The curves gestures are read from; windows of prompts shaded, gestures that were seen marked. Empty without curves."""
    if len(record.curves.time) < 2:
        return ""
    x = time_axis(record)
    bottom = len(PANELS) * (PANEL + GAP) - GAP
    panels = ("".join(_panel(record, x, place)) for place in range(len(PANELS)))
    shapes = [svg.seconds(x, 0, bottom), *(_down(place * (PANEL + GAP), panel) for place, panel in enumerate(panels))]
    return svg.picture(WIDTH, bottom + 18, shapes, "Curves of eyes, mouth and head over the recording")


def _panel(record: Record, x: Axis, place: int) -> Iterator[str]:
    title, names, height = PANELS[place]
    y = Axis(0.0 if height == 1.0 else -height, height, PANEL, 0)
    yield svg.box(LEFT, 0, RIGHT, PANEL, "panel")
    for prompt in record.prompts:
        if prompt.shown_s is not None and GESTURE_PANELS.get(prompt.gesture) == place:
            yield svg.box(x.at(prompt.shown_s), 0, x.at(prompt.shown_s + prompt.window_ms / 1000), PANEL, "window", "time to answer")
    for found in record.found:
        if GESTURE_PANELS.get(found.gesture) == place:
            yield svg.box(x.at(found.start_s), 0, x.at(found.end_s), PANEL, "seen soft", found.gesture)
    if height != 1.0:
        yield svg.rule(LEFT, y.at(0), RIGHT, y.at(0), "zero")
    for number, name in enumerate(names):
        yield svg.line(record.curves.time, getattr(record.curves, name), x, y, f"curve c{number}")
    yield svg.text(LEFT - 8, 14, title, "label", "end")
    for number, name in enumerate(names if len(names) > 1 else ()):
        yield svg.text(LEFT - 8, 32 + 15 * number, name, f"small t{number}", "end")
    yield svg.text(RIGHT + 2, 9, f"{height:g}", "small")


# --- light ----------------------------------------------------------------------------------------------------------------


def reflection(record: Record, found: Reflection) -> str:
    """Shares of red, green and blue on the face against what the colours let expect."""
    x = Axis(min(found.time, default=0.0), max(found.time, default=1.0), LEFT, RIGHT)
    most = max((abs(value) for triple in (*found.measured, *found.expected) for value in triple), default=0.0) or 1.0
    y = Axis(-most, most, PANEL, 0)
    bottom = LANE + 3 * (PANEL + GAP) - GAP
    panels = ("".join(_share(found, x, y, place)) for place in range(3))
    drawn = [_down(LANE + place * (PANEL + GAP), panel) for place, panel in enumerate(panels)]
    shapes = [svg.seconds(x, 0, bottom), *_code(record, found.lag_ms / 1000, x), *drawn]
    return svg.picture(WIDTH, bottom + 18, shapes, "Colour of the face against the colours on the screen")


def _code(record: Record, lag_s: float, x: Axis) -> Iterator[str]:
    """The colours, when the camera saw them."""
    yield svg.text(LEFT - 8, 15, "code", "label", "end")
    for shown in record.colours:
        yield svg.box(x.at(shown.begin_s + lag_s), 0, x.at(shown.end_s + lag_s), LANE - 8, "colour", "", _css(shown.rgb))


def _share(found: Reflection, x: Axis, y: Axis, place: int) -> Iterator[str]:
    name = ("red", "green", "blue")[place]
    yield svg.box(LEFT, 0, RIGHT, PANEL, "panel")
    yield svg.rule(LEFT, PANEL / 2, RIGHT, PANEL / 2, "zero")
    yield svg.line(found.time, [triple[place] for triple in found.expected], x, y, "expected")
    yield svg.line(found.time, [triple[place] for triple in found.measured], x, y, f"measured {name}")
    yield svg.text(LEFT - 8, 14, name, "label", "end")


def _down(by: float, shapes: str) -> str:
    return f'<g transform="translate(0 {by:g})">{shapes}</g>'


def _css(rgb: tuple[int, int, int]) -> str:
    return "#{:02x}{:02x}{:02x}".format(*(min(max(level, 0), 255) for level in rgb))
