"""Figures of the evaluation, by hand."""

from __future__ import annotations

import pytest

from personalization.evaluation.figures import Outcome, hit_rate, mean_reciprocal_rank, summary


@pytest.mark.parametrize(
    ("ranks", "hits", "reciprocal"),
    [
        ([1, 2, 4, 0], 3 / 4, (1 + 1 / 2 + 1 / 4) / 4),
        ([1, 1], 1, 1),
        ([0, 0, 0], 0, 0),
        ([], 0, 0),
    ],
)
def test_hits_and_reciprocal_ranks(ranks: list[int], hits: float, reciprocal: float) -> None:
    assert hit_rate(ranks) == hits
    assert mean_reciprocal_rank(ranks) == pytest.approx(reciprocal)


def test_targets_not_met_before_are_told_apart() -> None:
    outcomes = [
        Outcome(1, is_new=False, answered=True, milliseconds=1.0),
        Outcome(2, is_new=True, answered=True, milliseconds=2.0),
        Outcome(0, is_new=True, answered=True, milliseconds=3.0),
        Outcome(0, is_new=True, answered=False, milliseconds=10.0),
    ]

    assert summary(outcomes, listed=30, catalog=120) == {
        "n": 4,
        "hr": 0.5,
        "mrr": 0.375,
        "n_new": 3,
        "hr_new": 0.33333,
        "mrr_new": 0.16667,
        "coverage": 0.25,
        "answered": 0.75,
        "ms_mean": 4.0,
        "ms_p50": 2.5,
        "ms_p99": 9.79,
    }


def test_no_query_is_no_figure() -> None:
    found = summary([], listed=0, catalog=0)

    assert set(found.values()) == {0}
