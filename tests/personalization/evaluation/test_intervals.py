"""Intervals by drawing visits again: what they must be, whatever is drawn."""

from __future__ import annotations

import numpy as np
import pytest

from personalization.evaluation.intervals import Interval, Quotient, difference, intervals, wilson


def hits(*found: float) -> Quotient:
    return np.array(found), np.ones(len(found))


def test_a_figure_is_the_quotient_of_its_sums() -> None:
    found = intervals({"value": (np.array([3.0, 0.0, 1.0]), np.array([4.0, 2.0, 2.0]))}, clusters="abc")

    assert found["value"].value == 0.5
    assert found["value"].lower <= 0.5 <= found["value"].upper


def test_what_never_varies_is_sure() -> None:
    assert intervals({"hr": hits(1, 1, 1, 1)}, clusters="abcd")["hr"] == Interval(1.0, 1.0, 1.0)


def test_the_interval_of_a_mean_is_as_wide_as_theory_says() -> None:
    sample = np.random.default_rng(1).random(400)

    found = intervals({"mean": (sample, np.ones(400))}, clusters=range(400), draws=2000)["mean"]

    reach = 1.96 * sample.std() / 20
    assert found.lower == pytest.approx(sample.mean() - reach, abs=0.1 * reach)
    assert found.upper == pytest.approx(sample.mean() + reach, abs=0.1 * reach)


def test_questions_of_one_visit_count_as_one_observation() -> None:
    sample = np.random.default_rng(1).integers(0, 2, 50).astype(float)
    asked_often = np.repeat(sample, 8)

    once = intervals({"hr": hits(*sample)}, clusters=range(50))["hr"]
    often = intervals({"hr": hits(*asked_often)}, clusters=np.repeat(np.arange(50), 8).tolist())["hr"]

    assert often == once


def test_the_same_seed_draws_the_same() -> None:
    asked = {"hr": hits(*(n % 3 == 0 for n in range(60)))}

    one, same, other = (intervals(asked, clusters=range(60), seed=seed) for seed in (0, 0, 1))

    assert one == same
    assert one != other


def test_engines_asked_the_same_are_compared_visit_by_visit() -> None:
    easy = np.random.default_rng(2).random(200) < 0.5  # visits differ much more than the engines do
    better, worse = hits(*easy.astype(float)), hits(*(easy & (np.arange(200) % 10 > 0)).astype(float))

    found = intervals({"better": better, "worse": worse, "gap": difference(better, worse)}, clusters=range(200))

    assert found["better"].lower < found["worse"].upper
    assert found["gap"].excludes_zero
    assert found["gap"].value == pytest.approx(found["better"].value - found["worse"].value)


def test_engines_asked_otherwise_are_not_compared() -> None:
    with pytest.raises(ValueError, match="expected the denominators of one"):
        difference(hits(1, 0), (np.array([1.0, 0.0]), np.array([1.0, 0.0])))


def test_where_nothing_was_asked_there_is_no_figure() -> None:
    nothing = (np.zeros(2), np.zeros(2))

    assert intervals({"hr": nothing}, clusters="ab")["hr"].to_json() == [None, None, None]
    assert intervals({"hr": hits()}, clusters="")["hr"].to_json() == [None, None, None]


def test_a_share_of_few_trials() -> None:
    found = wilson(0, 10)

    assert (found.value, found.lower) == (0.0, 0.0)
    assert found.upper == pytest.approx(0.2775, abs=1e-3)  # Wilson (1927): z² / (n + z²)
    assert wilson(5, 10).lower == pytest.approx(0.2366, abs=1e-3)
