"""How often the same colours in another order, or another draw's, would be taken for the drawn ones: a calculation without noise.

    python -m tools.permuted_colours [--draws 1500] [--unrelated]

A face that answers exactly, 0.1 s after the screen, seen 20 times a second, is held against the drawn colours as the light cue does. Its
bars for correlation, lag and colours shown are asked; relief and background are taken for right. The order is that of the rig's species
`permuted`. Before late answers had to correlate better, one bar for all lags let through what the other lines say.
"""

import argparse
from collections.abc import Sequence
from random import Random

import numpy as np

from openekyc.engine.liveness.light import COLOURS_SHOWN, CORRELATES, LINEAR, SEARCH_S, SHOWN, lag_window, least_correlation
from openekyc.engine.liveness.response import Fit, Show, fit, shares_shown
from openekyc.engine.values import Colour
from openekyc.reports.intervals import wilson
from openekyc.sessions.challenge import draw, light_step
from openekyc.simulator.injected import permuted

FPS, LAG_S, MODULATION = 20, 0.1, 0.15
SKIN = np.array([0.5, 0.3, 0.2])
BARS = (CORRELATES, 0.75, 0.80)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--draws", type=int, default=1500)
    parser.add_argument("--unrelated", action="store_true", help="colours of another draw instead of the same in another order")
    chosen = parser.parse_args()
    random = Random(5)
    found = []
    for number in range(chosen.draws):
        drawn = _drawn(random)
        found.append(answered(drawn, _drawn(random) if chosen.unrelated else permuted(drawn, Random(number)), random))
    _say("as the cue decides", sum(one.correlation >= least_correlation(one.lag) for one in found), chosen.draws)
    for bar in BARS:
        _say(f"correlation from {bar:.2f} at every lag", sum(one.correlation >= bar for one in found), chosen.draws)


def _say(rule: str, passed: int, draws: int) -> None:
    low, high = wilson(passed / draws, draws)
    print(f"{rule}: {passed} of {draws} pass, {100 * passed / draws:.2f} % [{100 * low:.2f}, {100 * high:.2f}]")


def answered(drawn: Sequence[Colour], shown: Sequence[Colour], random: Random) -> Fit:
    """How a face under `shown` fits `drawn`; with a correlation of 0 if another bar refuses it."""
    asked, real = _show(drawn), _show(shown)
    times = np.arange(-0.2, 4.0, 1 / FPS) + random.random() / FPS
    best = fit(times, colour := SKIN * (1 + MODULATION * real.exposed(times, LAG_S)), asked, SEARCH_S)
    enough = np.mean(shares_shown(times, colour, asked, best) >= SHOWN) >= COLOURS_SHOWN
    low, high = lag_window(times)
    return best if enough and low <= best.lag <= high else best._replace(correlation=0.0)


def _drawn(random: Random) -> Sequence[Colour]:
    step = light_step(draw(3, [], nonce="", rng=random))
    return step.colours if step else ()


def _show(colours: Sequence[Colour]) -> Show:
    starts = np.cumsum([0, *(colour.duration_ms for colour in colours)]) / 1000
    return Show(starts, LINEAR[[(colour.red, colour.green, colour.blue) for colour in colours]].astype(np.float64))


if __name__ == "__main__":
    main()
