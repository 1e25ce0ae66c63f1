"""AUC, EER, APCER at a BPCER and the DET curve, against their definitions."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openekyc.reports.rates import apcer_at_bpcer, auc, det, eer, separation

SCORES = st.lists(st.integers(0, 20).map(lambda n: n / 20), min_size=1, max_size=30).map(np.array)


@given(SCORES, SCORES)
def test_auc_is_the_share_of_pairs_in_the_right_order(good: np.ndarray, bad: np.ndarray) -> None:
    pairs = [(g > b) + 0.5 * (g == b) for g in good for b in bad]
    assert auc(good, bad) == pytest.approx(np.mean(pairs))


@given(SCORES, SCORES, st.sampled_from([0.01, 0.05, 0.3]))
def test_apcer_at_bpcer_is_the_best_of_all_thresholds(good: np.ndarray, bad: np.ndarray, most: float) -> None:
    marks = [*np.unique(np.concatenate([good, bad])), 2.0]
    allowed = [(bad >= mark).mean() for mark in marks if (good < mark).mean() <= most + 1e-12]
    assert apcer_at_bpcer(good, bad, most) == pytest.approx(min(allowed))


@given(SCORES, SCORES)
def test_the_eer_lies_between_the_rates_around_the_crossing(good: np.ndarray, bad: np.ndarray) -> None:
    bpcer, apcer = det(good, bad)
    value = eer(good, bad)
    assert value is not None
    assert np.maximum(bpcer, apcer).min() + 1e-9 >= value >= np.minimum(bpcer, apcer).max() - 1e-9


def test_scores_that_are_told_apart_leave_room_for_doubt() -> None:
    scores, live = np.array([0.9, 0.8, 0.7, 0.2, 0.1, 0.0]), np.array([True] * 3 + [False] * 3)
    found = separation(scores, live, list("abcdef"))
    assert (found.auc, found.eer, found.apcer_at_bpcer) == (1.0, 0.0, {"1%": 0.0, "5%": 0.0})
    assert found.auc_interval is not None
    assert found.auc_interval[0] < 0.5
    assert found.eer_interval is not None
    assert found.eer_interval[1] > 0.5


def test_one_kind_alone_has_no_separation() -> None:
    found = separation(np.array([0.1, 0.2]), np.array([True, True]), ["a", "b"])
    assert (found.auc, found.eer, found.apcer_at_bpcer["1%"], found.auc_interval) == (None, None, None, None)
