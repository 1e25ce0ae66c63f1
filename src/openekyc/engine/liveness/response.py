"""How a colour in the picture answers the colours on the screen: the linear-light model behind the light cue.

A screen that shows S(t) adds k*S(t) to the ambient light, so skin of albedo a sends b*(1 + k*S(t)). In chromaticity (which cancels
exposure and brightness) that is, to first order, k * c*(S - c.S) with c the mean chromaticity: the template. One least-squares fit
per lag gives the correlation and k, the **modulation**: screen light as a share of ambient light.
"""

from dataclasses import dataclass
from itertools import takewhile
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Series = NDArray[np.float64]

LAG_STEP_S = 0.01
HALF_EXPOSURE_S = 0.01
EQUAL = 1e-9  # of correlations: less than rounding


class Fit(NamedTuple):
    """The best lag in seconds, the correlation there, and the modulation k (screen light over ambient light)."""

    lag: float
    correlation: float
    modulation: float


@dataclass(frozen=True, slots=True)
class Show:
    """The colours as shown: `times` (m + 1,) on the recording's clock, the last one being the end; `light` (m, 3) linear RGB."""

    times: Series
    light: Series

    def at(self, times: Series) -> Series:
        """Linear RGB on the screen at `times`; dark before and after."""
        place = np.searchsorted(self.times, times, side="right") - 1
        inside = (place >= 0) & (place < len(self.light))
        return np.where(inside[:, None], self.light[np.clip(place, 0, len(self.light) - 1)], 0.0)

    def exposed(self, times: Series, lag: float) -> Series:
        """The same in frames taken `lag` seconds later, averaged over an exposure of 20 ms."""
        return (self.at(times - lag - HALF_EXPOSURE_S) + self.at(times - lag + HALF_EXPOSURE_S)) / 2


def fit(times: Series, colour: Series, show: Show, lags: tuple[float, float]) -> Fit:
    """Fit the template to linear RGB (n, 3) at every lag of the window and keep the best.

    Lags between which no frame changes its colour fit equally well, up to a whole frame of them where frames keep step with the
    colours; the middle of them is at most half a frame from the truth.
    """
    chroma = chromaticity(colour)
    drift, mean = slow(times), chroma.mean(axis=0)
    measured = without(drift, chroma)
    steps = np.arange(lags[0], lags[1] + LAG_STEP_S / 2, LAG_STEP_S)
    fits = [Fit(float(lag), *_project(measured, without(drift, _change(mean, show.exposed(times, float(lag)))))) for lag in steps]
    best = max(fits, key=lambda one: one.correlation)
    equal = list(takewhile(lambda one: one.correlation > best.correlation - EQUAL, fits[fits.index(best) :]))
    return equal[len(equal) // 2]


def template(times: Series, show: Show, lag: float, mean: Series) -> Series:
    """The chromaticity change (n, 3) per unit of modulation of a colour of mean chromaticity `mean` (3,), without slow drift."""
    return detrend(times, _change(mean, show.exposed(times, lag)))


def chromaticity(colour: Series) -> Series:
    """Shares of red, green and blue (n, 3)."""
    shares: Series = colour / np.maximum(colour.sum(axis=1, keepdims=True), 1e-6)
    return shares


def detrend(times: Series, values: Series) -> Series:
    """Without the best parabola over time: white balance and exposure drift slowly."""
    return without(slow(times), values)


def slow(times: Series) -> Series:
    """An orthonormal basis (n, 3) of parabolas over time."""
    middle = (times - times.mean()) / max(float(np.ptp(times)), 1e-6)
    return np.asarray(np.linalg.qr(np.stack([np.ones_like(middle), middle, middle**2], axis=1))[0], np.float64)


def without(drift: Series, values: Series) -> Series:
    """`values` (n, ...) less their projection on the columns of `drift`."""
    rest: Series = values - drift @ (drift.T @ values)
    return rest


def stir(times: Series, colour: Series, show: Show, lag: float) -> float:
    """All that the chromaticity changed, in units of modulation: how strong a screen would explain it if nothing else had moved."""
    chroma = chromaticity(colour)
    expected = template(times, show, lag, chroma.mean(axis=0))
    return float(np.sqrt((detrend(times, chroma) ** 2).sum() / max(float((expected**2).sum()), 1e-12)))


def shares_shown(times: Series, colour: Series, show: Show, best: Fit) -> Series:
    """For every drawn colour (m,), how much of its own response was seen while it was on: 1 = all, 0 = none, negative = the opposite."""
    chroma = chromaticity(colour)
    measured, expected = detrend(times, chroma), best.modulation * template(times, show, best.lag, chroma.mean(axis=0))
    own = np.searchsorted(show.times, times - best.lag, side="right") - 1
    spans = [own == place for place in range(len(show.light))]
    return np.array([float((measured[span] * expected[span]).sum() / max((expected[span] ** 2).sum(), 1e-12)) for span in spans])


def _change(mean: Series, light: Series) -> Series:
    change: Series = mean * (light - (light @ mean)[:, None])
    return change


def _project(measured: Series, expected: Series) -> tuple[float, float]:
    both, own = float((measured * expected).sum()), float((expected**2).sum())
    scale = np.sqrt(own * float((measured**2).sum()))
    return (both / float(scale), both / own) if scale > 0 else (0.0, 0.0)
