"""Steered against spared visitors, within strata of those who met the same campaigns."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from personalization.evaluation.arms import Sums, contrast
from personalization.evaluation.strata import Comparison, Side, Stratum, compare


def sums(values: Sequence[float]) -> Sums:
    spent = np.array(values, np.float64)
    return Sums(visitors=len(spent), total=spent.sum(), squares=(spent**2).sum(), cubes=(spent**3).sum())


def side(spent: Sequence[float]) -> Side:
    return Side(conversion=sums([float(amount > 0) for amount in spent]), revenue=sums(spent))


def stratum(steered: Sequence[float], spared: Sequence[float]) -> Stratum:
    return Stratum(steered=side(steered), spared=side(spared))


def buyers(count: int, visitors: int, amount: float = 10.0) -> list[float]:
    return [amount] * count + [0.0] * (visitors - count)


def compared(*strata: Stratum) -> Comparison:
    found = compare(strata)
    assert found is not None
    return found


spendings = st.lists(st.sampled_from([0.0, 0.0, 5.0, 20.0]), min_size=2, max_size=30)


@given(spendings, spendings)
def test_of_a_single_stratum_it_is_the_plain_contrast(steered: list[float], spared: list[float]) -> None:
    found = compared(stratum(steered, spared)).revenue
    plain = contrast(steered=sums(steered), spared=sums(spared))

    assert (found.steered, found.spared, found.difference.value, found.enough) == pytest.approx(
        (plain.steered, plain.spared, plain.difference.value, plain.enough)
    )


@given(spendings, spendings)
def test_who_is_called_steered_only_turns_the_difference_round(one: list[float], other: list[float]) -> None:
    found, turned = compared(stratum(one, other)).revenue, compared(stratum(other, one)).revenue

    assert turned.difference.value == pytest.approx(-found.difference.value)
    assert turned.difference.lower == pytest.approx(-found.difference.upper)


@given(st.lists(st.tuples(spendings, spendings), min_size=1, max_size=4))
def test_the_difference_lies_between_those_of_the_strata(arms: list[tuple[list[float], list[float]]]) -> None:
    strata = [stratum(steered, spared) for steered, spared in arms]
    alone = [compared(one).revenue.difference.value for one in strata]

    found = compared(*strata).revenue.difference

    assert min(alone) - 1e-9 <= found.value <= max(alone) + 1e-9
    assert found.lower <= found.value <= found.upper


def test_active_visitors_are_no_merit_of_the_campaigns() -> None:
    """Who met two campaigns buys twice as often, and is spared by both twice as rarely; no campaign does anything."""
    one, both = stratum(buyers(90, 900), buyers(10, 100)), stratum(buyers(190, 950), buyers(10, 50))

    found = compared(one, both).conversion

    assert found.difference.value == pytest.approx(0.0)
    everybody = (90 + 190) / (900 + 950) - (10 + 10) / (100 + 50)
    assert everybody > 0.015


def test_a_true_difference_is_proven() -> None:
    found = compared(stratum(buyers(200, 1000), buyers(100, 1000))).conversion

    assert found.proven
    assert found.difference.value == pytest.approx(0.1)


def test_few_buyers_prove_nothing_however_far_apart() -> None:
    found = compared(stratum(buyers(60, 1000), buyers(3, 500))).conversion

    assert found.difference.excludes_zero
    assert not found.enough
    assert not found.proven


def test_a_stratum_without_both_arms_is_left_out_and_counted() -> None:
    found = compared(stratum(buyers(2, 20), buyers(1, 10)), stratum(buyers(5, 30), []), stratum([], buyers(5, 7)))

    assert (found.steered, found.spared, found.left_out) == (20, 10, 37)


@pytest.mark.parametrize("strata", [[], [stratum(buyers(5, 30), [])], [stratum(buyers(5, 30), [0.0])]])
def test_without_both_arms_nothing_is_compared(strata: list[Stratum]) -> None:
    assert compare(strata) is None


def test_as_many_more_visitors_as_it_says_would_show_a_difference_of_a_tenth() -> None:
    few = compared(stratum(buyers(90, 900), buyers(60, 600))).conversion
    assert few.more is not None
    times = (1500 + few.more) / 1500

    many = compared(
        stratum(buyers(round(90 * times), round(900 * times)), buyers(round(60 * times), round(600 * times)))
    )

    assert not few.difference.excludes_zero
    assert many.conversion.difference.upper == pytest.approx(0.1 * many.conversion.spared, rel=0.02)


def test_visitors_enough_are_said_to_be() -> None:
    found = compared(stratum(buyers(10_000, 20_000), buyers(10_000, 20_000))).conversion

    assert (found.enough, found.proven, found.more) == (True, False, 0)


def test_where_nobody_of_an_arm_has_bought_nobody_knows_how_many_more_it_takes() -> None:
    assert compared(stratum(buyers(5, 100), buyers(0, 100))).conversion.more is None
