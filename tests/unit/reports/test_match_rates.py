"""FMR, FNMR, EER and accuracy against their definitions, and the report over made-up embeddings."""

import base64
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openekyc.reports import match, match_rates, rates
from openekyc.reports.embeddings import Acquired, append, read_cache
from openekyc.reports.match_page import page
from openekyc.reports.match_rates import Genuine, impostors
from openekyc.reports.pairs import Pair, Pairs


def crowd(people: int, each: int, noise: float, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    owner = np.repeat(np.arange(people), each)
    rows = random.normal(size=(people, 16))[owner] + noise * random.normal(size=(people * each, 16))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32), owner


def plain(vectors: np.ndarray, owner: np.ndarray, *, same: bool) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    first, second = np.triu_indices(len(owner), 1)
    kept = (owner[first] == owner[second]) == same
    first, second = first[kept], second[kept]
    return np.einsum("ij,ij->i", vectors[first], vectors[second]).astype(float), owner[first], owner[second]


def test_every_pair_of_two_people_is_counted_once() -> None:
    vectors, owner = crowd(300, 2, 0.5)
    cosines, _, _ = plain(vectors, owner, same=False)
    found = impostors(vectors, owner, 300)
    assert found.total == len(cosines)
    assert found.histogram.sum() == found.total
    np.testing.assert_allclose(found.tail, np.sort(cosines)[::-1][: len(found.tail)], atol=1e-6)
    assert len(found.tail) >= 5_000


@pytest.mark.parametrize("rate", [1e-1, 1e-2, 1e-3])
def test_the_threshold_is_the_lowest_that_keeps_the_rate(rate: float) -> None:
    vectors, owner = crowd(60, 3, 0.8)
    good, who, _ = plain(vectors, owner, same=True)
    bad, _, _ = plain(vectors, owner, same=False)
    (found,) = match_rates.at_fmr(Genuine(good, who), impostors(vectors, owner, 60), [rate])
    assert (bad > found.cosine + 1e-6).mean() <= rate < (bad > found.cosine - 1e-6).mean() + 1e-12
    assert found.fnmr == pytest.approx((good <= found.cosine).mean(), abs=1e-9)


def test_a_person_drawn_twice_counts_twice() -> None:
    vectors, owner = crowd(20, 3, 0.8)
    good, who, _ = plain(vectors, owner, same=True)
    bad, a, b = plain(vectors, owner, same=False)
    weights = np.random.default_rng(3).integers(0, 3, 20).astype(float)
    everyone = impostors(vectors, owner, 20)
    (found,) = match_rates.at_fmr(Genuine(good, who), everyone, [0.02], weights)
    heavy = weights[a] * weights[b]
    assert heavy[bad > found.cosine + 1e-6].sum() / heavy.sum() <= 0.02
    assert found.fnmr == pytest.approx((weights[who] * (good <= found.cosine)).sum() / weights[who].sum())
    over, share = match_rates.fmr(everyone, 0.5, weights)
    assert over == (bad >= 0.5).sum()
    assert share == pytest.approx(heavy[bad >= 0.5].sum() / heavy.sum())


def test_fewer_impostors_than_the_rate_asks_for_leave_the_highest_one() -> None:
    vectors, owner = crowd(5, 2, 0.3)
    good, who, _ = plain(vectors, owner, same=True)
    bad, _, _ = plain(vectors, owner, same=False)
    (found,) = match_rates.at_fmr(Genuine(good, who), impostors(vectors, owner, 5), [1e-4])
    assert found.cosine == pytest.approx(bad.max(), abs=1e-6)


@given(st.lists(st.tuples(st.integers(0, 20), st.booleans()), min_size=2, max_size=40))
def test_the_eer_is_that_of_the_other_report(scored: list[tuple[int, bool]]) -> None:
    cosines, same = np.array([value / 20 for value, _ in scored]), np.array([kind for _, kind in scored])
    expected = rates.eer(cosines[same], cosines[~same])
    found = match_rates.eer(cosines, same)
    assert found == (None if expected is None else pytest.approx(expected))


@given(st.lists(st.tuples(st.integers(0, 20), st.booleans()), min_size=1, max_size=40))
def test_the_best_threshold_has_the_fewest_errors(scored: list[tuple[int, bool]]) -> None:
    cosines, same = np.array([value / 20 for value, _ in scored]), np.array([kind for _, kind in scored])
    best = match_rates.best_threshold(cosines, same)
    least = min(((cosines >= mark) != same).sum() for mark in [*cosines, 2.0])
    assert ((cosines >= best) != same).sum() == least


def test_folds_are_blocks_of_each_kind_in_the_order_of_the_list() -> None:
    same = np.array([True] * 20 + [False] * 10 + [True] * 20 + [False] * 10)
    fold = match_rates.folds(same)
    assert [int(((fold == one) & same).sum()) for one in range(10)] == [4] * 10
    assert [int(((fold == one) & ~same).sum()) for one in range(10)] == [2] * 10
    assert (np.diff(fold[same]) >= 0).all()


# --- the report -------------------------------------------------------------------------------------------------------------


class Weights:
    files: dict[str, object] = {}


def listed(lost: tuple[str, ...] = ()) -> tuple[Pairs, dict[str, Acquired]]:
    vectors, owner = crowd(40, 3, 0.35)
    names = [f"P{person}_{number}.jpg" for person in range(40) for number in range(3)]
    pairs = [Pair(0, names[3 * one], names[3 * one + 1], same=True) for one in range(40)]
    pairs += [Pair(0, names[3 * one], names[3 * ((one + 1) % 40) + 2], same=False) for one in range(40)]
    acquired = {
        name: Acquired("", "", "2013", "no face") if name in lost else Acquired("", "", vector=base64.b64encode(vector.tobytes()).decode())
        for name, vector in zip(names, vectors, strict=True)
    }
    subjects = {name: f"P{person}" for name, person in zip(names, owner, strict=True)}
    return Pairs(Path(), tuple(pairs), subjects, "named"), acquired


def made(lost: tuple[str, ...] = ()) -> tuple[match.MatchReport, match.Scored]:
    pairs, acquired = listed(lost)
    scored = match.score(pairs, acquired)
    return match.report(Weights(), pairs, acquired, scored), scored  # type: ignore[arg-type]


def test_plain_figures_with_their_intervals() -> None:
    found, _ = made()
    assert found.counts.cross_identity == 120 * 117 // 2
    assert list(found.fnmr_at_fmr) == ["1e-2", "1e-3", "1e-4"]
    assert found.eer is not None
    assert found.accuracy is not None
    assert found.intervals.eer[0] <= found.eer <= found.intervals.eer[1] < 1
    assert found.intervals.accuracy[0] <= found.accuracy <= found.intervals.accuracy[1]
    assert found.failure_to_acquire == 0
    assert 0 < found.intervals.failure_to_acquire[1] < 0.2
    for name, rate in found.fnmr_at_fmr.items():
        low, high = found.intervals.fnmr_at_fmr[name]
        assert rate is not None
        assert low <= rate <= high > 0


def test_a_picture_that_fails_is_counted_and_its_genuine_pair_missed() -> None:
    whole, _ = made()
    found, scored = made(("P0_0.jpg", "P7_1.jpg"))
    assert (found.counts.failed, found.failures) == (2, {"2013: no face": 2})
    assert found.failure_to_acquire == pytest.approx(2 / 120, abs=1e-6)
    assert (found.counts.compared_genuine, found.counts.genuine) == (38, 40)
    assert found.marks["70"].fnmr_with_failures.errors == found.marks["70"].fnmr.errors + 2
    assert found.with_failures.accuracy is not None
    assert whole.accuracy is not None
    assert found.with_failures.accuracy <= whole.accuracy
    text = page(found, scored)
    assert "Self-test" in text
    assert "2013: no face" in text
    assert "<script" not in text


def test_nothing_acquired_is_a_report_too() -> None:
    pairs, _ = listed()
    found, scored = made(tuple(pairs.subjects))
    assert (found.eer, found.accuracy, found.failure_to_acquire) == (None, None, 1.0)
    assert set(found.fnmr_at_fmr.values()) == {None}
    assert "100.00 %" in page(found, scored)


def test_the_cache_survives_a_cut_line_and_another_engine(tmp_path: Path) -> None:
    path = tmp_path / "cache"
    append(path, Acquired("one", "engine", "2013", "no face"))
    append(path, Acquired("two", "older engine"))
    with path.open("ab") as file:
        file.write(b'{"content":"three","eng')
    append(path, Acquired("four", "engine"))
    assert list(read_cache(path, "engine")) == ["one", "four"]
    assert path.stat().st_mode & 0o077 == 0
    assert read_cache(tmp_path / "none", "engine") == {}
