"""The regressions of SLIST and S-Walk: by hand on one session, and against the closed form of the papers, dense."""

from __future__ import annotations

from math import e

import numpy as np
import pytest
from scipy import sparse

from benchmarks.references.item_rows import top_of_rows
from benchmarks.references.regression import Regression, later_from_earlier, ridge, whole_sessions
from benchmarks.references.slist import Slist
from benchmarks.references.swalk import SWalk
from tests.benchmarks.references.told import fitted, ranked, scores, sessions_of

FADES = {"train_fade": 1.0, "predict_fade": 1.0, "fade_days": 1e9}


def test_whole_sessions_share_out_one_among_their_items():
    data = whole_sessions(sessions_of([0, 1, 1]), 2, fade_days=1e9)
    np.testing.assert_allclose(data.gram.toarray(), np.full((2, 2), 0.25))
    np.testing.assert_allclose(data.cross.toarray(), np.full((2, 2), 0.5))


def test_older_sessions_weigh_less():
    data = whole_sessions(sessions_of([0], [1], days=[0, 10]), 2, fade_days=10.0)
    np.testing.assert_allclose(np.diag(data.gram.toarray()), [e**-1, 1.0])


def test_later_clicks_are_told_by_the_last_alone():
    data = later_from_earlier(sessions_of([0, 1, 2]), 3, fade_clicks=1.0, fade_days=1e9, last_only=True)
    np.testing.assert_allclose(data.gram.toarray(), np.diag([1.0, 1.0, 0.0]))
    np.testing.assert_allclose(data.cross.toarray(), [[0, 1, e**-1], [0, 0, 1], [0, 0, 0]])


def test_later_clicks_are_told_by_all_so_far():
    data = later_from_earlier(sessions_of([0, 1, 2]), 3, fade_clicks=1.0, fade_days=1e9, last_only=False)
    # at the second cut the inputs are 1 and, a click back, 0; they sum to 1
    near, far = 1 / (1 + e**-1), e**-1 / (1 + e**-1)
    np.testing.assert_allclose(data.gram.toarray(), [[1 + far**2, near * far, 0], [near * far, near**2, 0], [0, 0, 0]])
    np.testing.assert_allclose(data.cross.toarray(), [[0, 1, e**-1 + far], [0, 0, near], [0, 0, 0]])


def test_ridge_by_hand():
    weights = ridge(whole_sessions(sessions_of([0, 1]), 2, fade_days=1e9), reg=1.0, support=5)
    # (0.25 + 0.25 + 1) b = 0.5
    np.testing.assert_allclose(weights.toarray(), np.full((2, 2), 1 / 3), rtol=1e-6)


def test_ridge_is_the_dense_closed_form_where_all_items_meet():
    rng = np.random.default_rng(3)
    sessions = sessions_of(*[rng.integers(0, 5, size=6).tolist() for _ in range(40)])
    data = whole_sessions(sessions, 5, fade_days=20.0) + later_from_earlier(
        sessions, 5, fade_clicks=2.0, fade_days=20.0, last_only=False
    )
    exact = np.linalg.solve(data.gram.toarray() + 3.0 * np.eye(5), data.cross.toarray())
    np.testing.assert_allclose(ridge(data, reg=3.0, support=5).toarray(), exact, rtol=1e-5)


def test_ridge_restricts_each_target_to_those_most_met_with_it():
    gram = sparse.csr_array(np.diag([1.0, 2.0, 3.0]))
    cross = sparse.csr_array([[4.0, 0.0, 1.0], [1.0, 0.0, 2.0], [2.0, 0.0, 3.0]])
    weights = ridge(Regression(gram, cross), reg=1.0, support=2)
    np.testing.assert_allclose(weights.toarray(), [[2, 0, 0], [0, 0, 2 / 3], [0.5, 0, 0.75]], rtol=1e-6)


def test_slist_blends_what_belongs_together_with_what_comes_later():
    model = fitted(Slist(alpha=0.25, **FADES, reg=1.0), sessions_of([0, 1]), catalog=2)
    # gram 0.25 of whole sessions, 0.75 of the one cut; target 1 is told both ways
    gram = 0.25 * np.full((2, 2), 0.25) + 0.75 * np.diag([1.0, 0.0])
    cross = 0.25 * np.full((2, 2), 0.5) + 0.75 * np.array([[0, 1], [0, 0]])
    exact = np.linalg.solve(gram + np.eye(2), cross)
    assert scores(model, 0) == pytest.approx({0: exact[0, 0], 1: exact[0, 1]}, rel=1e-5)


def test_clicks_further_back_say_less():
    model = fitted(Slist(alpha=0.5, **FADES), sessions_of([0, 1], [2, 3]))
    one, other = scores(model, 0)[1], scores(model, 2)[3]
    found = scores(model, 0, 2)
    assert found[1] == pytest.approx(one * e**-1)
    assert found[3] == pytest.approx(other)


def test_swalk_reaches_what_never_met_the_item():
    past = sessions_of([0, 1], [1, 2])
    assert 2 not in ranked(fitted(Slist(alpha=0.5, **FADES), past), 0)
    assert 2 in ranked(fitted(SWalk(**FADES, restart=0.9), past), 0)


def test_swalk_is_the_papers_series():
    rng = np.random.default_rng(4)
    sessions = sessions_of(*[rng.integers(0, 6, size=7).tolist() for _ in range(50)])
    model = fitted(SWalk(**FADES, restart=0.7, walk=0.4, steps=40), sessions, catalog=6)
    slit = later_from_earlier(sessions, 6, fade_clicks=1.0, fade_days=1e9, last_only=False)
    step, together = _transitions(slit), _transitions(whole_sessions(sessions, 6, fade_days=1e9))
    exact = 0.6 * (0.7 * together + 0.3 * np.eye(6)) @ np.linalg.inv(np.eye(6) - 0.4 * step)
    np.testing.assert_allclose(model.matrix.toarray(), exact, rtol=1e-4)


def _transitions(data: Regression) -> np.ndarray:
    weights = np.maximum(np.linalg.solve(data.gram.toarray() + 10.0 * np.eye(6), data.cross.toarray()), 0)
    return weights / weights.sum(axis=1, keepdims=True)


def test_the_strongest_of_each_row_are_kept_whatever_their_sign():
    kept = top_of_rows(sparse.csr_array([[1.0, -3.0, 2.0], [0.0, 0.5, 0.0]]), 2)
    assert kept.toarray().tolist() == [[0.0, -3.0, 2.0], [0.0, 0.5, 0.0]]
