"""Sessions, and how scores become a list."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.references.base import Model, Sessions, spans, summed
from tests.benchmarks.references.told import ranked, sessions_of


class Said(Model):
    """Scores as it was told, whatever it is asked."""

    def __init__(self, scores: dict[int, float]) -> None:
        self._scores = scores

    def fit(self, sessions: Sessions, catalog: int) -> None: ...

    def scores(self, prefix):
        return np.array(list(self._scores)), np.array(list(self._scores.values()))


def test_the_best_come_first():
    assert ranked(Said({4: 0.1, 7: 0.9, 2: 0.5}), 0) == [7, 2, 4]


def test_what_scores_nothing_or_less_is_not_listed():
    assert ranked(Said({1: 0.0, 2: -0.5, 3: 0.1}), 0) == [3]


def test_of_equal_scores_the_lower_position_comes_first():
    assert ranked(Said({9: 1.0, 3: 1.0, 5: 1.0, 1: 0.5}), 0, k=2) == [3, 5]


def test_a_list_is_no_longer_than_asked():
    assert ranked(Said({1: 3.0, 2: 2.0, 3: 1.0}), 0, k=2) == [1, 2]


def test_ages_are_days_before_the_last_session():
    assert sessions_of([1], [2], [3], days=[0, 2, 5]).ages.tolist() == [5, 3, 0]


@pytest.mark.parametrize(("distance", "pairs"), [(1, [(0, 1), (1, 2), (3, 4)]), (2, [(0, 2)]), (3, [])])
def test_pairs_stay_within_a_session(distance, pairs):
    earlier, later = sessions_of([7, 8, 9], [7, 8]).pairs(distance)
    assert list(zip(earlier.tolist(), later.tolist(), strict=True)) == pairs


def test_spans_follow_each_other():
    assert spans(np.array([5, 0, 9]), np.array([2, 0, 1])).tolist() == [5, 6, 9]


def test_no_spans_are_nothing():
    assert spans(np.array([], np.int64), np.array([], np.int64)).tolist() == []


def test_weights_are_summed_by_item():
    items, weights = summed(np.array([3, 1, 3]), np.array([0.5, 2.0, 0.25]))
    assert (items.tolist(), weights.tolist()) == ([1, 3], [2.0, 0.75])
