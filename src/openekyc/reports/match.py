"""From embeddings of listed pictures to the match report: FMR and FNMR in the terms of ISO/IEC 19795, with intervals by subject.

Genuine pairs are the listed ones of one person. Thresholds for a false match rate come from all pairs of pictures of different people.
A picture that fails to acquire has no score: it is counted as such, and once more every figure is given in which its genuine pairs count
as not matched (the false reject rate at that threshold) and its other pairs as told apart.
"""

from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import version
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from openekyc.engine.compare.similarity import CORNERS, similarity
from openekyc.engine.runtime import Models
from openekyc.reports import match_rates
from openekyc.reports.embeddings import Acquired
from openekyc.reports.intervals import Interval
from openekyc.reports.match_rates import Cosines, Draws, Genuine, Impostors, Places, Weights
from openekyc.reports.pairs import Pairs
from openekyc.reports.rates import Rate, rate_of

TITLE = "Self-test of face comparison"
LEVELS = {"1e-2": 1e-2, "1e-3": 1e-3, "1e-4": 1e-4}
MARKS = (70.0, 80.0)

Bounds = tuple[float, float]


class Mark(msgspec.Struct, frozen=True):
    """A shipped pass mark: the error rates it has on these pictures."""

    cosine: float
    fmr: Rate
    fnmr: Rate
    fnmr_with_failures: Rate


class WithFailures(msgspec.Struct, frozen=True):
    """The figures if pictures that could not be acquired count as not matched."""

    accuracy: float | None
    fnmr_at_fmr: dict[str, float | None]


class Intervals(msgspec.Struct, frozen=True):
    """95 % bounds, resampled by subject."""

    eer: Bounds
    accuracy: Bounds
    fnmr_at_fmr: dict[str, Bounds]
    failure_to_acquire: Bounds


class Counts(msgspec.Struct, frozen=True):
    """What the figures rest on: all that was listed, and in `compared_*` what both pictures were acquired of."""

    pairs: int
    genuine: int
    impostor: int
    compared_genuine: int
    compared_impostor: int
    cross_identity: int  # all pairs of acquired pictures of different people
    pictures: int
    failed: int
    subjects: int
    subjects_in_genuine: int


class MatchReport(msgspec.Struct, frozen=True):
    """The whole report. Rates are None where nothing was measured."""

    title: str
    openekyc: str
    weights: dict[str, str]  # file -> SHA-256
    subjects_by: str
    counts: Counts
    eer: float | None
    eer_cross_identity: float | None
    accuracy: float | None
    accuracy_folds: list[float]
    accuracy_deviation: float | None
    fnmr_at_fmr: dict[str, float | None]
    similarity_at_fmr: dict[str, float | None]
    cosine_at_fmr: dict[str, float | None]
    failure_to_acquire: float | None
    with_failures: WithFailures
    marks: dict[str, Mark]
    failures: dict[str, int]
    intervals: Intervals


class Scored(NamedTuple):
    """Everything with a score. `cosines` are those of the listed pairs, NaN where a picture failed; `first` and `second` the people."""

    people: int
    cosines: Cosines
    same: NDArray[np.bool_]
    first: Places
    second: Places
    others: Impostors

    @property
    def compared(self) -> NDArray[np.bool_]:
        """Which listed pairs have a score."""
        return np.isfinite(self.cosines)

    @property
    def genuine(self) -> Genuine:
        """The listed pairs of one person that have a score."""
        kept = self.compared & self.same
        return Genuine(self.cosines[kept], self.first[kept])


def score(pairs: Pairs, acquired: Mapping[str, Acquired]) -> Scored:
    """Compare every listed pair, and every picture with all of other people."""
    names = {name: place for place, name in enumerate(dict.fromkeys(pairs.subjects.values()))}
    vectors = {picture: vector for picture, one in acquired.items() if (vector := one.embedding) is not None}
    rows = np.stack(list(vectors.values())) if vectors else np.zeros((0, 1), np.float32)
    owner = np.array([names[pairs.subjects[picture]] for picture in vectors], np.intp)
    return Scored(
        people=len(names),
        cosines=np.array([_cosine(vectors, pair.a, pair.b) for pair in pairs.pairs]),
        same=np.array([pair.same for pair in pairs.pairs]),
        first=np.array([names[pairs.subjects[pair.a]] for pair in pairs.pairs], np.intp),
        second=np.array([names[pairs.subjects[pair.b]] for pair in pairs.pairs], np.intp),
        others=match_rates.impostors(rows, owner, len(names)),
    )


def _cosine(vectors: Mapping[str, NDArray[np.float32]], a: str, b: str) -> float:
    if a not in vectors or b not in vectors:
        return float("nan")
    return float(np.clip(vectors[a] @ vectors[b], -1.0, 1.0))


def report(models: Models, pairs: Pairs, acquired: Mapping[str, Acquired], scored: Scored) -> MatchReport:
    """The report over all listed pairs."""
    draws = match_rates.Draws(scored.people)
    failed = [acquired[picture].code != "0" for picture in pairs.pictures]
    failing = rate_of(failed, [pairs.subjects[picture] for picture in pairs.pictures])
    low, thresholds = _low_rates(scored, draws)
    told = _told(scored, draws)
    equal, around = _eer(scored, draws)
    return MatchReport(
        title=TITLE,
        openekyc=version("openekyc"),
        weights={item.file: item.sha256 for item in models.files.values()},
        subjects_by=pairs.rule,
        counts=_counts(pairs, scored, sum(failed)),
        eer=equal,
        eer_cross_identity=_eer_cross_identity(scored),
        accuracy=told.accuracy,
        accuracy_folds=told.folds,
        accuracy_deviation=_rounded(float(np.std(told.folds))) if told.folds else None,
        fnmr_at_fmr={name: rate for name, (rate, _) in low.items()},
        similarity_at_fmr={name: similarity(cosine) if cosine is not None else None for name, cosine in thresholds.items()},
        cosine_at_fmr={name: _rounded(cosine) for name, cosine in thresholds.items()},
        failure_to_acquire=failing.rate,
        with_failures=WithFailures(told.with_failures, _with_failures(scored, thresholds)),
        marks={f"{mark:g}": _mark(scored, mark, draws) for mark in MARKS} if scored.others.total else {},
        failures=_failures(acquired, pairs.pictures),
        intervals=Intervals(around, told.bounds, {name: bounds for name, (_, bounds) in low.items()}, (failing.low, failing.high)),
    )


def _counts(pairs: Pairs, scored: Scored, failed: int) -> Counts:
    compared, same = scored.compared, scored.same
    return Counts(
        pairs=len(same),
        genuine=int(same.sum()),
        impostor=int((~same).sum()),
        compared_genuine=int((compared & same).sum()),
        compared_impostor=int((compared & ~same).sum()),
        cross_identity=scored.others.total,
        pictures=len(pairs.subjects),
        failed=failed,
        subjects=scored.people,
        subjects_in_genuine=len(np.unique(scored.first[same])),
    )


def _failures(acquired: Mapping[str, Acquired], pictures: Sequence[str]) -> dict[str, int]:
    """Why pictures could not be acquired, the most frequent first."""
    found: dict[str, int] = {}
    for one in (acquired[picture] for picture in pictures):
        if one.code != "0":
            found[f"{one.code}: {one.reason}"] = found.get(f"{one.code}: {one.reason}", 0) + 1
    return dict(sorted(found.items(), key=lambda item: -item[1]))


def _low_rates(scored: Scored, draws: Draws) -> tuple[dict[str, tuple[float | None, Bounds]], dict[str, float | None]]:
    """FNMR at each FMR with its bounds, and the thresholds."""
    genuine, others, rates = scored.genuine, scored.others, list(LEVELS.values())
    if not others.total or not len(genuine.cosines):
        return dict.fromkeys(LEVELS, (None, (0.0, 1.0))), dict.fromkeys(LEVELS)
    found = match_rates.at_fmr(genuine, others, rates)
    again = [match_rates.at_fmr(genuine, others, rates, weights) for weights in draws if weights[genuine.owner].any()]
    people, low = len(np.unique(genuine.owner)), {}
    for place, (name, point) in enumerate(zip(LEVELS, found, strict=True)):
        bounds = match_rates.interval([one[place].fnmr for one in again], point.fnmr, people)
        low[name] = (_rounded(point.fnmr), _both(bounds))
    return low, {name: point.cosine for name, point in zip(LEVELS, found, strict=True)}


def _eer(scored: Scored, draws: Draws) -> tuple[float | None, Bounds]:
    kept = scored.compared
    cosines, same = scored.cosines[kept], scored.same[kept]
    value = match_rates.eer(cosines, same)
    weigh = _pair_weights(scored, kept)
    bounds = match_rates.interval((match_rates.eer(cosines, same, weigh(one)) for one in draws), value, scored.people)
    return _rounded(value), _both(bounds)


def _eer_cross_identity(scored: Scored) -> float | None:
    if not scored.others.total or not len(scored.genuine.cosines):
        return None
    return _rounded(match_rates.crossing(*match_rates.curve(scored.genuine, scored.others)))


class _Told(NamedTuple):
    accuracy: float | None
    with_failures: float | None
    folds: list[float]
    bounds: Bounds


def _told(scored: Scored, draws: Draws) -> _Told:
    """Accuracy in the ten-fold manner, over pairs with a score and over all."""
    kept = scored.compared
    same = scored.same[kept]
    count = min(10, int(same.sum()), int((~same).sum()))
    if count < 2:
        return _Told(None, None, [], (0.0, 1.0))
    fold = match_rates.folds(same, count)
    hits = match_rates.right(scored.cosines[kept], same, fold)
    weigh = _pair_weights(scored, kept)

    def accuracy(weights: Weights) -> float | None:
        own = weigh(weights)
        return float((hits * own).sum() / own.sum()) if own.sum() else None

    bounds = match_rates.interval(map(accuracy, draws), float(hits.mean()), scored.people)
    whole = (hits.sum() + (~kept & ~scored.same).sum()) / len(kept)
    by_fold = [round(float(hits[fold == number].mean()), 6) for number in np.unique(fold)]
    return _Told(_rounded(float(hits.mean())), _rounded(float(whole)), by_fold, _both(bounds))


def _pair_weights(scored: Scored, kept: NDArray[np.bool_]) -> Callable[[Weights], Weights]:
    """Weights of listed pairs from how often each person was drawn."""
    first, second, same = scored.first[kept], scored.second[kept], scored.same[kept]
    return lambda weights: np.where(same, weights[first], weights[first] * weights[second])


def _with_failures(scored: Scored, thresholds: Mapping[str, float | None]) -> dict[str, float | None]:
    own = scored.cosines[scored.same]
    if not len(own):
        return dict.fromkeys(thresholds)
    return {n: None if c is None else _rounded(float((~(own > c)).mean())) for n, c in thresholds.items()}


def _mark(scored: Scored, mark: float, draws: Draws) -> Mark:
    cosine = next(corner for corner, value in CORNERS if value == mark)
    reached, share = match_rates.fmr(scored.others, cosine)
    people = int((scored.others.pictures > 0).sum())
    low, high = match_rates.interval((match_rates.fmr(scored.others, cosine, one)[1] for one in draws), share, people)
    own, subjects = scored.cosines[scored.same], [str(place) for place in scored.first[scored.same]]
    with_score = np.isfinite(own)
    missed = [bool(one) for one in own[with_score] < cosine]
    return Mark(
        cosine=cosine,
        fmr=Rate(_rounded(share, 9), scored.others.total, round(low, 9), round(high, 9), reached, people),
        fnmr=rate_of(missed, [name for name, one in zip(subjects, with_score, strict=True) if one]),
        fnmr_with_failures=rate_of([bool(one) for one in ~(own >= cosine)], subjects),
    )


def _rounded(value: float | None, digits: int = 6) -> float | None:
    return None if value is None else round(value, digits)


def _both(bounds: Interval) -> Bounds:
    return round(bounds[0], 6), round(bounds[1], 6)
