"""How often does a face that answers one drawn colour sequence pass for another? What the twelve colours are worth against guessing.

    python -m tools.colour_guess [--pairs N] [--seed N] [--lying]

A perfect attack on a perfect camera: skin lit by the guessed sequence, no noise, 30 frames a second, the prompts at the same moments. Each
pair of independent draws is judged by the light cue's own fit over its whole window of lags. Prints how many of the pairs pass the
bar, and the bits that this is worth with the upper end of the 95 % interval (3 / n where none passed).

With `--lying` the trace is forged, too: it reports every colour as painted when one like it was filmed, as far as the light cue's bounds on
uneven painting allow, and begins up to 0.4 s off (`openekyc.simulator.lies`). That is slower: 4,000 pairs take some minutes.
"""

import argparse
import math
from random import Random

import numpy as np

from openekyc.engine.liveness import light
from openekyc.engine.values import Colour
from openekyc.sessions.challenge import COLOUR_MS, COLOURS, draw
from openekyc.simulator.lies import best_marks

ALBEDO = np.array([0.45, 0.33, 0.22])
MODULATION = 0.25
LAG_S = 0.09


def show(rng: Random) -> light.Show:
    """The colours of a fresh level-3 challenge, from second 1 of the recording."""
    return light.Show(1.0 + np.arange(COLOURS + 1) * COLOUR_MS / 1000, linear(colours(rng)))


def colours(rng: Random) -> tuple[Colour, ...]:
    """Those of a fresh level-3 challenge."""
    return draw(3, (), "", rng=rng).steps[1].colours  # type: ignore[union-attr]


def lied(rng: Random) -> float:
    """The correlation where the trace chooses the moments of the drawn colours; 0 where the lag or too few colours give it away."""
    filmed, drawn = colours(rng), colours(rng)
    marks = np.array(best_marks(filmed, drawn)) / 1000 + 1
    times = np.arange(marks[0] - 0.2, marks[-1] + 0.7, 1 / 30)
    film = light.Show(1 + np.arange(COLOURS + 1) * COLOUR_MS / 1000, linear(filmed))
    face = ALBEDO * (1 + MODULATION * film.at(times - LAG_S))
    claimed = light.Show(np.append(marks, marks[-1] + COLOUR_MS / 1000), linear(drawn))
    best = light.fit(times, face, claimed, light.SEARCH_S)
    seen = float(np.mean(light.shares_shown(times, face, claimed, best) >= light.SHOWN))
    low, high = light.lag_window(times)
    return best.correlation if low <= best.lag <= high and seen >= light.COLOURS_SHOWN else 0.0


def linear(colours: tuple[Colour, ...]) -> light.Series:
    """Their linear light (n, 3)."""
    return light.LINEAR[np.array([(colour.red, colour.green, colour.blue) for colour in colours])].astype(float)


def guessed(rng: Random) -> float:
    """The correlation where the trace tells the truth."""
    filmed, drawn = show(rng), show(rng)
    times = np.arange(0.8, 1.4 + COLOURS * COLOUR_MS / 1000, 1 / 30)
    face = ALBEDO * (1 + MODULATION * filmed.at(times - LAG_S))
    return light.fit(times, face, drawn, light.lag_window(times)).correlation


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--lying", action="store_true", help="the trace chooses the colours' moments")
    options = parser.parse_args()
    rng, one = Random(options.seed), lied if options.lying else guessed
    best = [one(rng) for _ in range(options.pairs)]
    for bar in (0.5, 0.6, light.CORRELATES, 0.8):
        passed = sum(correlation >= bar for correlation in best)
        high = (passed + 2 * math.sqrt(passed) + 3) / options.pairs
        print(f"correlation >= {bar}: {passed} of {options.pairs} pairs; at least {-math.log2(high):.1f} bits")


if __name__ == "__main__":
    main()
