"""95 % intervals of error rates whose samples are not independent.

Samples of one subject resemble each other, so subjects are drawn, not samples (cluster bootstrap; the seed is fixed, so a report
can be repeated). Where no error or nothing but errors was seen a bootstrap knows no doubt; then the bound is the rate at which that
many subjects would show it in one case of twenty: 1 - 0.05^(1/n), close to the "rule of three", 3/n. An interval is never narrower than
Wilson's for independent samples, and never a single point.
"""

from collections.abc import Callable, Sequence
from math import exp, sqrt

import numpy as np
from numpy.typing import NDArray

SEED = 20_240_607
DRAWS = 2_000  # resamplings behind every interval of the project, whatever is measured
Z = 1.959964  # of the normal distribution at 97.5 %

Interval = tuple[float, float]


def rate_interval(errors: Sequence[bool], subjects: Sequence[str]) -> Interval:
    """Of the share of `errors`, one for each sample with its subject. (0, 1) without samples."""
    if not errors:
        return 0.0, 1.0
    wrong, total = counts(errors, subjects)
    rate, groups = float(wrong.sum() / total.sum()), len(total)
    if rate in (0.0, 1.0):
        return one_sided(rate, groups)
    outer = wilson(rate, 1 if groups == 1 else len(errors))
    drawn = np.random.default_rng(SEED).integers(0, groups, (DRAWS, groups))
    rates = wrong[drawn].sum(axis=1) / total[drawn].sum(axis=1)
    low, high = np.percentile(rates, [2.5, 97.5])
    return min(float(low), outer[0]), max(float(high), outer[1])


def counts(errors: Sequence[bool], subjects: Sequence[str]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Errors and samples of each subject."""
    _, member = np.unique(np.asarray(subjects, dtype=object).astype(str), return_inverse=True)
    wrong = np.bincount(member, weights=np.asarray(errors, dtype=np.float64))
    return wrong.astype(np.float64), np.bincount(member).astype(np.float64)


def one_sided(rate: float, groups: int) -> Interval:
    """What `groups` subjects that all went well (`rate` 0) or all went wrong (1) leave possible."""
    doubt = 1.0 - 0.05 ** (1.0 / max(groups, 1))
    return (0.0, doubt) if rate == 0.0 else (1.0 - doubt, 1.0)


def wilson(rate: float, n: int) -> Interval:
    """The score interval of `rate` over `n` independent samples. Source: E. B. Wilson, 1927."""
    middle = rate + Z * Z / (2 * n)
    half = Z * sqrt(rate * (1 - rate) / n + Z * Z / (4 * n * n))
    return max((middle - half) / (1 + Z * Z / n), 0.0), min((middle + half) / (1 + Z * Z / n), 1.0)


def resampled(statistic: Callable[[NDArray[np.intp]], float | None], subjects: Sequence[str]) -> Interval | None:
    """Of any statistic of the samples, given their places; draws in which it does not exist are left out. None if it hardly ever does."""
    names, member = np.unique(np.asarray(subjects, dtype=object).astype(str), return_inverse=True)
    places = [np.flatnonzero(member == index) for index in range(len(names))]
    random, values = np.random.default_rng(SEED), []
    for _ in range(DRAWS if len(places) > 1 else 0):
        value = statistic(np.concatenate([places[pick] for pick in random.integers(0, len(places), len(places))]))
        if value is not None:
            values.append(value)
    if len(values) < DRAWS // 4:
        return None
    low, high = np.percentile(values, [2.5, 97.5])
    return float(low), float(high)


def poisson_interval(events: int, exposure: float) -> Interval:
    """Of a rate per unit of `exposure` at which `events` were counted: exact (Garwood, 1936)."""
    if exposure <= 0:
        return 0.0, float("inf")
    low = 0.0 if events == 0 else _solve(lambda mean: 1.0 - _at_most(events - 1, mean), 0.025, events + 10.0)
    high = _solve(lambda mean: 1.0 - _at_most(events, mean), 0.95 if events == 0 else 0.975, 2.0 * events + 20.0)
    return low / exposure, high / exposure


def _at_most(count: int, mean: float) -> float:
    """The probability of at most `count` events where `mean` are expected."""
    term = total = exp(-mean)
    for step in range(1, count + 1):
        term *= mean / step
        total += term
    return total


def _solve(rising: Callable[[float], float], target: float, top: float) -> float:
    low, high = 0.0, top
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if rising(middle) < target else (low, middle)
    return (low + high) / 2
