"""Flashes as WCAG 2.2 counts them (success criterion 2.3.1), in colours over time."""

from collections.abc import Callable, Sequence

import numpy as np

Colour = tuple[float, float, float]  # sRGB, 0..255
Timed = Sequence[tuple[float, Colour]]  # seconds, in order
STEP = 0.1  # of the largest relative luminance
DARK = 0.8
RED_STEP = 20.0
RED_SHARE = 0.8
WINDOW_S = 1.0


def most_flashes(colours: Timed) -> float:
    """The most flashes, general or red, in any second: a flash is two opposing changes."""
    return max(_most(_general(colours)), _most(_red(colours))) / 2


def _most(moments: list[float]) -> int:
    return max((sum(first <= moment < first + WINDOW_S for moment in moments) for first in moments), default=0)


def _general(colours: Timed) -> list[float]:
    return _turns([(time, luminance(colour)) for time, colour in colours], lambda a, b: abs(a - b) >= STEP and min(a, b) < DARK)


def _red(colours: Timed) -> list[float]:
    saturated = [_saturated_red(colour) for _, colour in colours]
    values = [max(0.0, 320 * (red - green - blue)) for red, green, blue in (linear(colour) for _, colour in colours)]
    return [
        time
        for place, (time, _) in enumerate(colours)
        if place and (saturated[place] or saturated[place - 1]) and abs(values[place] - values[place - 1]) > RED_STEP
    ]


def _turns(values: list[tuple[float, float]], counts: Callable[[float, float], bool]) -> list[float]:
    """When the value changed enough, each change opposite to the one before; slow changes add up."""
    moments: list[float] = []
    trough = peak = values[0][1]
    way = 0
    for time, value in values:
        trough, peak = min(trough, value), max(peak, value)
        if way <= 0 and value > trough and counts(value, trough):
            moments.append(time)
            way, peak = 1, value
        elif way >= 0 and value < peak and counts(value, peak):
            moments.append(time)
            way, trough = -1, value
    return moments


def luminance(colour: Colour) -> float:
    """Relative luminance, 0..1."""
    return float(np.dot(linear(colour), (0.2126, 0.7152, 0.0722)))


def linear(colour: Colour) -> tuple[float, float, float]:
    """sRGB to linear light."""
    parts = [part / 255 for part in colour]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return red, green, blue


def _saturated_red(colour: Colour) -> bool:
    red, green, blue = linear(colour)
    return red + green + blue > 0 and red / (red + green + blue) >= RED_SHARE
