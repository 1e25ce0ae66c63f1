"""The error rates of ISO/IEC 30107-3 from outcomes, and the curves of a cue from its scores.

A rate's `n` counts every presentation of its kind, those without a response included: nothing is dropped. Scores are oriented so
that more is more likely live; a threshold t refuses scores under t.
"""

from collections.abc import Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from openekyc.reports.intervals import one_sided, rate_interval, resampled

Scores = NDArray[np.float64]


class Rate(msgspec.Struct, frozen=True):
    """`errors` of `n` samples of `subjects` people, with the bounds of the 95 % interval. `rate` is None without samples."""

    rate: float | None
    n: int
    low: float
    high: float
    errors: int
    subjects: int


def rate_of(errors: Sequence[bool], subjects: Sequence[str]) -> Rate:
    """The share of errors with its interval, resampled by subject."""
    wrong, (low, high) = sum(errors), rate_interval(errors, subjects)
    return Rate(round(wrong / len(errors), 6) if errors else None, len(errors), round(low, 6), round(high, 6), wrong, len(set(subjects)))


class Separation(msgspec.Struct, frozen=True):
    """How well scores tell bona fide presentations from attacks; None where one of the two is missing. APCER at a BPCER: at the best
    threshold on these very samples, hence optimistic."""

    auc: float | None
    eer: float | None
    apcer_at_bpcer: dict[str, float | None]
    auc_interval: tuple[float, float] | None
    eer_interval: tuple[float, float] | None
    bona_fide: int
    attacks: int


LEVELS = {"1%": 0.01, "5%": 0.05}


def separation(scores: Scores, live: NDArray[np.bool_], subjects: Sequence[str]) -> Separation:
    """Of scores with their labels and subjects, all of one length."""
    good, bad = scores[live], scores[~live]
    at = {name: _rounded(apcer_at_bpcer(good, bad, most)) for name, most in LEVELS.items()}
    area, equal = auc(good, bad), eer(good, bad)
    fewest = _fewest_subjects(live, subjects)
    area_bounds = resampled(lambda picks: auc(scores[picks][live[picks]], scores[picks][~live[picks]]), subjects)
    equal_bounds = resampled(lambda picks: eer(scores[picks][live[picks]], scores[picks][~live[picks]]), subjects)
    return Separation(
        _rounded(area),
        _rounded(equal),
        at,
        _opened(area_bounds, area, one_sided(1.0, fewest)),
        _opened(equal_bounds, equal, one_sided(0.0, fewest)),
        len(good),
        len(bad),
    )


def _fewest_subjects(live: NDArray[np.bool_], subjects: Sequence[str]) -> int:
    return min(len({name for name, one in zip(subjects, live, strict=True) if one == kind}) for kind in (True, False))


def _opened(bounds: tuple[float, float] | None, value: float | None, doubt: tuple[float, float]) -> tuple[float, float] | None:
    """The bounds, or what is left possible where the resampling shows no spread because everything was told apart."""
    if value is None or bounds is None:
        return None
    low, high = doubt if bounds[0] == bounds[1] and value in (0.0, 1.0) else bounds
    return round(low, 6), round(high, 6)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 6)


def auc(good: Scores, bad: Scores) -> float | None:
    """The probability that a bona fide score exceeds an attack's, ties counting half."""
    if not len(good) or not len(bad):
        return None
    ordered = np.sort(bad)
    below, not_above = np.searchsorted(ordered, good, "left"), np.searchsorted(ordered, good, "right")
    return float((below + not_above).mean() / (2 * len(bad)))


def det(good: Scores, bad: Scores) -> tuple[Scores, Scores]:
    """BPCER and APCER at every threshold that makes a difference, by rising BPCER."""
    marks = np.append(np.unique(np.concatenate([good, bad])), np.inf)
    bpcer = np.searchsorted(np.sort(good), marks, "left") / max(len(good), 1)
    apcer = 1.0 - np.searchsorted(np.sort(bad), marks, "left") / max(len(bad), 1)
    return bpcer, apcer


def eer(good: Scores, bad: Scores) -> float | None:
    """The error rate at which BPCER and APCER are equal, between the two nearest thresholds on a straight line."""
    if not len(good) or not len(bad):
        return None
    bpcer, apcer = det(good, bad)
    after = int(np.argmax(bpcer >= apcer))
    if after == 0:
        return float((bpcer[0] + apcer[0]) / 2)
    before, gap = after - 1, bpcer - apcer
    share = -gap[before] / (gap[after] - gap[before])
    return float(bpcer[before] + share * (bpcer[after] - bpcer[before]))


def apcer_at_bpcer(good: Scores, bad: Scores, most: float) -> float | None:
    """The least APCER of any threshold that refuses at most the share `most` of bona fide samples."""
    if not len(good) or not len(bad):
        return None
    mark = np.sort(good)[int(most * len(good) + 1e-9)]
    return float((bad >= mark).mean())
