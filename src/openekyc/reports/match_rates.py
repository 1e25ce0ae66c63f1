"""The error rates of comparison: FMR, FNMR, EER, accuracy, from embeddings, with intervals that resample people.

Impostors are all pairs of pictures of different people, not only the listed ones: low false match rates need many. There may be tens of
millions, so they are counted block by block into a histogram, and only the highest cosines are kept one by one. A person drawn k times
in a resampling counts k times with each genuine pair, and a pair of people as often as both were drawn together.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from openekyc.reports.intervals import DRAWS, SEED, Interval, one_sided

Cosines = NDArray[np.float64]
Places = NDArray[np.intp]
Weights = NDArray[np.float64]

BINS = 20_000  # of the histogram over -1..1
TAIL = 0.03  # share of impostor pairs, the highest, that is kept exactly
FEWEST = 5_000  # or this many
_BLOCK = 512


class Impostors(NamedTuple):
    """All pairs of different people: how many, their histogram, and the highest by falling cosine with the two people of each (as
    numbers), and how many pictures each person has."""

    total: int
    histogram: Weights
    tail: Cosines
    first: Places
    second: Places
    pictures: Weights


def impostors(vectors: NDArray[np.float32], owner: Places, people: int) -> Impostors:
    """Of unit vectors (n, d), each of the person `owner` (n,) under `people`."""
    histogram = np.zeros(BINS)
    for cosines, _, _ in _blocks(vectors, owner):
        histogram += np.histogram(cosines, BINS, (-1.0, 1.0))[0]
    count = int(histogram.sum())
    from_top = np.cumsum(histogram[::-1])
    enough = int(np.searchsorted(from_top, min(max(TAIL * count, FEWEST), count)))
    floor = 1.0 - 2.0 * (enough + 1) / BINS
    kept = [tuple(part[block[0] >= floor] for part in block) for block in _blocks(vectors, owner)] or [(np.zeros(0),) * 3]
    tail, first, second = (np.concatenate(part) for part in zip(*kept, strict=True))
    order = np.argsort(-tail, kind="stable")
    pictures = np.bincount(owner, minlength=people).astype(np.float64)
    return Impostors(count, histogram, tail[order], first[order].astype(np.intp), second[order].astype(np.intp), pictures)


def _blocks(vectors: NDArray[np.float32], owner: Places) -> Iterator[tuple[Cosines, Places, Places]]:
    """Cosines of pairs of different people with the two people, a block of rows at a time; every pair once."""
    for begin in range(0, len(vectors), _BLOCK):
        rows = slice(begin, begin + _BLOCK)
        block = np.clip(vectors[rows] @ vectors[begin:].T, -1.0, 1.0).astype(np.float64)
        above = np.triu(np.ones(block.shape, dtype=bool), 1) & (owner[rows, None] != owner[None, begin:])
        first, second = np.nonzero(above)
        yield block[above], owner[rows][first], owner[begin:][second]


class Genuine(NamedTuple):
    """Cosines of pairs of one person, and that person's number."""

    cosines: Cosines
    owner: Places


class Threshold(NamedTuple):
    """Cosines over `cosine` match, and the share of genuine pairs that do not."""

    cosine: float
    fnmr: float


def at_fmr(genuine: Genuine, others: Impostors, rates: Sequence[float], weights: Weights | None = None) -> list[Threshold]:
    """For each false match rate the lowest threshold that does not exceed it. With fewer impostor pairs than 1 / rate that is the highest
    impostor cosine itself."""
    own = np.ones(len(others.pictures)) if weights is None else weights
    drawn = own * others.pictures
    total = (drawn.sum() ** 2 - (drawn**2).sum()) / 2
    passed = np.cumsum(own[others.first] * own[others.second])
    found = []
    for rate in rates:
        place = int(np.searchsorted(passed, rate * total * (1 + 1e-12), "right"))
        cosine = float(others.tail[min(place, len(others.tail) - 1)])
        found.append(Threshold(cosine, _share(genuine.cosines <= cosine, own[genuine.owner])))
    return found


def fmr(others: Impostors, cosine: float, weights: Weights | None = None) -> tuple[int, float]:
    """How many impostor pairs reach a cosine, and their share. Exact within the kept tail, else to the histogram's bins."""
    own = np.ones(len(others.pictures)) if weights is None else weights
    if cosine < others.tail[-1]:
        reached = float(others.histogram[int((cosine + 1.0) / 2.0 * BINS) :].sum())
        return int(reached), reached / others.total
    drawn = own * others.pictures
    total = (drawn.sum() ** 2 - (drawn**2).sum()) / 2
    over = int(np.searchsorted(-others.tail, -cosine, "right"))
    return over, float((own[others.first[:over]] * own[others.second[:over]]).sum() / max(total, 1e-9))


def curve(genuine: Genuine, others: Impostors) -> tuple[Cosines, Cosines]:
    """FNMR and FMR at every edge of the histogram, by rising cosine."""
    fmrs = np.append(np.cumsum(others.histogram[::-1])[::-1], 0.0) / max(others.total, 1)
    edges = np.linspace(-1.0, 1.0, BINS + 1)
    return np.searchsorted(np.sort(genuine.cosines), edges, "left") / max(len(genuine.cosines), 1), fmrs


def crossing(fnmrs: Cosines, fmrs: Cosines) -> float:
    """The error rate at which a rising FNMR meets a falling FMR, on a straight line between the two nearest thresholds."""
    after = int(np.argmax(fnmrs >= fmrs))
    if after == 0:
        return float((fnmrs[0] + fmrs[0]) / 2)
    gap = fnmrs - fmrs
    share = -gap[after - 1] / (gap[after] - gap[after - 1])
    return float(fnmrs[after - 1] + share * (fnmrs[after] - fnmrs[after - 1]))


def eer(cosines: Cosines, same: NDArray[np.bool_], weights: Weights | None = None) -> float | None:
    """Of listed pairs. None without pairs of either kind."""
    own = np.ones(len(cosines)) if weights is None else weights
    good, bad = own[same].sum(), own[~same].sum()
    if good <= 0 or bad <= 0:
        return None
    order = np.argsort(cosines, kind="stable")
    ranked = cosines[order]
    marks = np.append(np.flatnonzero(np.append(True, np.diff(ranked) > 0)), len(ranked))  # ties move together
    below = np.append(0.0, np.cumsum(own[order] * same[order]))[marks]
    above = bad - np.append(0.0, np.cumsum(own[order] * ~same[order]))[marks]
    return crossing(below / good, above / bad)


# --- accuracy in ten folds --------------------------------------------------------------------------------------------------


def folds(same: NDArray[np.bool_], count: int = 10) -> Places:
    """The fold of each pair: pairs of each kind fall into `count` blocks in the list's order, as in the protocol of Labeled Faces in the
    Wild, whose blocks hold no person twice."""
    fold = np.zeros(len(same), np.intp)
    for kind in (True, False):
        places = np.flatnonzero(same == kind)
        fold[places] = np.arange(len(places)) * count // max(len(places), 1)
    return fold


def right(cosines: Cosines, same: NDArray[np.bool_], fold: Places) -> NDArray[np.bool_]:
    """For each pair whether it is told right at the threshold that is best on the other folds."""
    found = np.zeros(len(same), dtype=bool)
    for number in np.unique(fold):
        test = fold == number
        found[test] = (cosines[test] >= best_threshold(cosines[~test], same[~test])) == same[test]
    return found


def best_threshold(cosines: Cosines, same: NDArray[np.bool_]) -> float:
    """The threshold with the fewest errors, halfway between two cosines."""
    order = np.argsort(cosines, kind="stable")
    edges = np.concatenate([[-2.0], cosines[order], [2.0]])
    kinds = same[order]
    errors = np.append(0, np.cumsum(kinds)) + np.append(np.cumsum(~kinds[::-1])[::-1], 0)
    place = int(np.argmin(np.where(np.diff(edges) > 0, errors, len(cosines) + 1)))
    return float((edges[place] + edges[place + 1]) / 2)


# --- intervals --------------------------------------------------------------------------------------------------------------


class Draws:
    """How often each of `people` was drawn, in each of DRAWS resamplings (fixed seed). Drawn anew at each pass, as all of them together
    would take 320 MB for 20,000 people."""

    def __init__(self, people: int) -> None:
        self._people = people

    def __iter__(self) -> Iterator[Weights]:
        random = np.random.default_rng(SEED)
        for _ in range(DRAWS):
            picks = random.integers(0, self._people, self._people)
            yield np.bincount(picks, minlength=self._people).astype(np.float64)


def interval(values: Iterable[float | None], value: float | None, people: int) -> Interval:
    """95 % bounds of `value` from those of the draws (None where it does not exist), opened where nothing but right or wrong was seen."""
    found = [one for one in values if one is not None]
    if value is None or not found:
        return 0.0, 1.0
    if value in (0.0, 1.0):
        return one_sided(value, people)
    low, high = np.percentile(found, [2.5, 97.5])
    return min(float(low), value), max(float(high), value)


def _share(wrong: NDArray[np.bool_], weights: Weights) -> float:
    return float((wrong * weights).sum() / max(weights.sum(), 1e-9))
