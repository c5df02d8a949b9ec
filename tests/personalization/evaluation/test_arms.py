"""Two arms compared: against SciPy on all the visitors, and by the laws that intervals have to keep."""

from __future__ import annotations

from math import inf, isnan, sqrt

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from personalization.evaluation.arms import Contrast, Sums, contrast, sample_ratio

FIGURES = st.lists(st.integers(-50, 200).map(lambda tenths: tenths / 10), min_size=2, max_size=40)


def sums(values: list[float]) -> Sums:
    found = np.array(values)
    return Sums(
        visitors=len(found),
        total=float(found.sum()),
        squares=float((found**2).sum()),
        cubes=float((found**3).sum()),
    )


def bought(buyers: int, visitors: int) -> Sums:
    return Sums(visitors=visitors, total=buyers, squares=buyers, cubes=buyers)


def shares(*, steered: tuple[int, int], spared: tuple[int, int]) -> Contrast:
    """Buyers of visitors, of both arms."""
    return contrast(steered=bought(*steered), spared=bought(*spared))


@given(FIGURES, FIGURES)
def test_difference_and_p_value_are_welchs(steered: list[float], spared: list[float]) -> None:
    assume(np.ptp(steered) > 0 and np.ptp(spared) > 0)

    found = contrast(steered=sums(steered), spared=sums(spared))

    expected = stats.ttest_ind(steered, spared, equal_var=False)
    interval = expected.confidence_interval()
    assert found.p_value == pytest.approx(expected.pvalue, rel=1e-6, abs=1e-12)
    assert (found.steered, found.spared) == (pytest.approx(np.mean(steered)), pytest.approx(np.mean(spared)))
    assert found.difference.value == pytest.approx(np.mean(steered) - np.mean(spared), abs=1e-9)
    assert (found.difference.lower, found.difference.upper) == pytest.approx((interval.low, interval.high), rel=1e-6)


@given(FIGURES, FIGURES)
def test_an_uplift_is_proven_where_the_difference_is(steered: list[float], spared: list[float]) -> None:
    found = contrast(steered=sums(steered), spared=sums(spared))
    assume(not isnan(found.uplift.value))
    assume(min(abs(found.difference.lower), abs(found.difference.upper)) > 1e-9)

    assert found.uplift.excludes_zero == found.difference.excludes_zero
    assert found.uplift.lower <= found.uplift.value <= found.uplift.upper
    assert found.uplift.value == pytest.approx(np.mean(steered) / np.mean(spared) - 1)


def test_the_bounds_of_an_uplift_are_quotients_that_are_just_not_rejected() -> None:
    """As by Fieller: |steered − quotient × spared| is 1.96 of its standard errors."""
    found = shares(steered=(330, 3_000), spared=(300, 3_000))

    for bound in (found.uplift.lower, found.uplift.upper):
        quotient = 1 + bound
        error = sqrt(0.11 * 0.89 / 3_000 + quotient**2 * 0.1 * 0.9 / 3_000)
        assert abs(0.11 - quotient * 0.1) / error == pytest.approx(1.96, rel=1e-3)


def test_what_is_a_share_of_nothing_is_not_told() -> None:
    assert isnan(shares(steered=(5, 100), spared=(0, 100)).uplift.value)
    assert isnan(shares(steered=(5, 100), spared=(1, 100)).uplift.value)  # the spared one may be nothing
    assert isnan(contrast(steered=sums([1.0, 2.0]), spared=sums([-3.0, -4.0])).uplift.value)


@given(FIGURES, FIGURES)
def test_sums_of_an_arm_are_those_of_all_without_the_others(some: list[float], others: list[float]) -> None:
    found, expected = sums(some + others) - sums(others), sums(some)

    assert found.visitors == expected.visitors
    assert (found.total, found.squares, found.cubes) == pytest.approx(
        (expected.total, expected.squares, expected.cubes), abs=1e-6
    )


@given(FIGURES)
def test_skewness_is_that_of_the_visitors(values: list[float]) -> None:
    assume(np.std(values) > 0.05)

    assert sums(values).skewness == pytest.approx(stats.skew(values), rel=1e-5, abs=1e-6)


@pytest.mark.parametrize(
    ("buyers", "visitors", "enough"),
    [
        (45, 10_000, False),
        (46, 10_000, True),
        (15, 30, True),  # not skewed at all
        (14, 29, False),  # too few visitors however little skewed
        (0, 10_000, False),
        (10_000, 10_000, False),  # nothing is known of what does not vary
    ],
)
def test_enough_was_lived_once_a_mean_is_near_to_normal(buyers: int, visitors: int, enough: bool) -> None:
    assert bought(buyers, visitors).is_enough is enough


def test_where_just_enough_was_lived_an_interval_misses_on_either_side_about_as_rarely_as_it_says() -> None:
    """No effect, one in fifty buys, a tenth is spared, of whom 46 buy in the mean."""
    rng = np.random.default_rng(3)
    draws = zip(rng.binomial(20_700, 0.02, 4_000), rng.binomial(2_300, 0.02, 4_000), strict=True)

    found = [
        contrast(steered=bought(all_steered, 20_700), spared=bought(all_spared, 2_300))
        for all_steered, all_spared in draws
    ]

    assert 0.0125 - 0.005 < np.mean([each.difference.upper < 0 for each in found]) < 0.025
    assert 0.025 < np.mean([each.difference.lower > 0 for each in found]) < 0.0375 + 0.005


def test_both_arms_have_to_have_lived_enough() -> None:
    assert not shares(steered=(500, 10_000), spared=(20, 1_000)).enough
    assert shares(steered=(500, 10_000), spared=(60, 1_000)).enough


def test_a_difference_is_proven_when_enough_was_lived_and_its_interval_leaves_zero_out() -> None:
    assert shares(steered=(600, 10_000), spared=(500, 10_000)).proven
    assert not shares(steered=(510, 10_000), spared=(500, 10_000)).proven
    assert not shares(steered=(30, 10_000), spared=(5, 10_000)).proven


def test_where_nothing_varies_or_nobody_is_nothing_is_known() -> None:
    nobody_bought, nobody = shares(steered=(0, 50), spared=(0, 50)), contrast(steered=Sums(), spared=sums([1.0, 2.0]))

    assert nobody_bought.difference.value == 0.0
    assert isnan(nobody_bought.difference.lower)
    assert isnan(nobody_bought.p_value)
    assert not nobody_bought.proven
    assert isnan(nobody.difference.value)
    assert (Sums().skewness, isnan(Sums(visitors=1, total=1.0, squares=1.0).variance)) == (inf, True)


@given(st.integers(1, 5_000), st.integers(0, 5_000), st.floats(0.01, 0.99))
def test_the_sizes_of_arms_are_tested_by_chi_square(steered: int, spared: int, share: float) -> None:
    found, visitors = sample_ratio(steered=steered, spared=spared, share=share), steered + spared

    expected = stats.chisquare([steered, spared], [(1 - share) * visitors, share * visitors])
    assert found.p_value == pytest.approx(expected.pvalue, rel=1e-6, abs=1e-300)


def test_arms_are_sound_unless_they_can_hardly_be_a_draw() -> None:
    assert sample_ratio(steered=9_100, spared=900, share=0.1).sound is False
    assert sample_ratio(steered=9_050, spared=950, share=0.1).sound is True
    assert sample_ratio(steered=0, spared=0, share=0.1).sound is True
