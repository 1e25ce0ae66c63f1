"""How often does a face that answers one drawn colour sequence pass for another? What the twelve colours are worth against guessing.

    python -m tools.colour_guess [--pairs N] [--seed N]

A perfect attack on a perfect camera: skin lit by the guessed sequence, no noise, 30 frames a second, the prompts at the same moments. Each
pair of independent draws is judged by the light cue's own fit over its whole window of lags. Prints how many of the pairs pass the
bar, and the bits that this is worth with the upper end of the 95 % interval (3 / n where none passed).
"""

import argparse
import math
from random import Random

import numpy as np

from openekyc.engine.liveness import light
from openekyc.sessions.challenge import COLOUR_MS, COLOURS, draw

ALBEDO = np.array([0.45, 0.33, 0.22])
MODULATION = 0.25
LAG_S = 0.09


def show(rng: Random) -> light.Show:
    """The colours of a fresh level-3 challenge, from second 1 of the recording."""
    step = draw(3, (), "", rng=rng).steps[1]
    levels = [(colour.red, colour.green, colour.blue) for colour in step.colours]  # type: ignore[union-attr]
    return light.Show(1.0 + np.arange(COLOURS + 1) * COLOUR_MS / 1000, light.LINEAR[np.array(levels)].astype(float))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    rng, best = Random(options.seed), []
    times = np.arange(0.8, 1.4 + COLOURS * COLOUR_MS / 1000, 1 / 30)
    for _ in range(options.pairs):
        guessed, drawn = show(rng), show(rng)
        face = ALBEDO * (1 + MODULATION * guessed.at(times - LAG_S))
        best.append(light.fit(times, face, drawn, light.LAGS_S).correlation)
    for bar in (0.5, 0.6, light.CORRELATES, 0.8):
        passed = sum(one >= bar for one in best)
        high = (passed + 2 * math.sqrt(passed) + 3) / options.pairs
        print(f"correlation >= {bar}: {passed} of {options.pairs} pairs; at least {-math.log2(high):.1f} bits")


if __name__ == "__main__":
    main()
