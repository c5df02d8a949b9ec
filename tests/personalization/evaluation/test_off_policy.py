"""Off-policy estimators against a world whose truth is known, and the laws that hold of any log."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from personalization.evaluation.intervals import Interval, intervals
from personalization.evaluation.off_policy import (
    Estimate,
    Log,
    Policy,
    difference,
    direct,
    doubly_robust,
    ips,
    ratio,
    snips,
    weights,
)
from tests.personalization.evaluation import shoppers
from tests.personalization.evaluation.any_logs import logged
from tests.personalization.evaluation.shoppers import BOUGHT, PLACES, SERVED, VALUE, VALUE_SERVED, serve

TIMES: Final = 2_000
VISITS: Final = 250
WRONG: Final = np.full_like(BOUGHT, 0.5)
TOP: Final = SERVED[:, :PLACES]


def gain(log: Log, one: Policy, other: Policy) -> Estimate:
    return difference(doubly_robust(log, one), doubly_robust(log, other))


@pytest.fixture(scope="module")
def replicated() -> dict[str, list[Estimate]]:
    """Each estimator, asked of TIMES logs of the same world."""
    rng = np.random.default_rng(20)
    found: dict[str, list[Estimate]] = {name: [] for name in ("ips", "snips", "robust", "misled", "gain")}
    for _ in range(TIMES):
        served = serve(VISITS, rng=rng)
        log, policy, misled = served.log(), served.policy(), served.policy(model=WRONG)
        found["ips"].append(ips(log, policy))
        found["snips"].append(snips(log, policy))
        found["robust"].append(doubly_robust(log, policy))
        found["misled"].append(doubly_robust(log, misled))
        found["gain"].append(gain(log, policy, served.policy(TOP)))
    return found


def values(estimates: list[Estimate]) -> Any:
    return np.array([estimate.value for estimate in estimates])


TRUTH: Final = {"ips": VALUE, "snips": VALUE, "robust": VALUE, "misled": VALUE, "gain": VALUE - VALUE_SERVED}


# --- in a world whose truth is known -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["ips", "robust", "misled", "gain"])
def test_an_unbiased_estimator_is_right_in_the_mean(replicated: dict[str, list[Estimate]], name: str) -> None:
    found = values(replicated[name])

    assert abs(found.mean() - TRUTH[name]) < 3 * found.std() / np.sqrt(TIMES)


@pytest.mark.parametrize("name", TRUTH)
def test_intervals_hold_the_truth_as_often_as_they_say(replicated: dict[str, list[Estimate]], name: str) -> None:
    intervals = [estimate.interval for estimate in replicated[name]]

    holding = np.mean([interval.lower <= TRUTH[name] <= interval.upper for interval in intervals])
    assert holding == pytest.approx(0.95, abs=0.02)


@pytest.mark.parametrize("name", TRUTH)
def test_standard_errors_are_how_far_estimates_vary(replicated: dict[str, list[Estimate]], name: str) -> None:
    said = np.mean([estimate.standard_error for estimate in replicated[name]])

    assert said == pytest.approx(values(replicated[name]).std(), rel=0.05)


def test_a_good_model_takes_variance_away(replicated: dict[str, list[Estimate]]) -> None:
    assert values(replicated["robust"]).std() < 0.9 * values(replicated["ips"]).std()


def test_the_self_normalised_estimate_comes_ever_closer() -> None:
    rng = np.random.default_rng(3)

    def error(visits: int) -> float:
        found = []
        for _ in range(40):
            served = serve(visits, rng=rng)
            found.append(snips(served.log(), served.policy()).value - VALUE)
        return float(np.sqrt(np.mean(np.square(found))))

    few, many = error(100), error(6_400)
    assert many < few / 5  # eight times, in the long run
    assert many < 0.05


def test_the_direct_method_is_as_wrong_as_its_model() -> None:
    served = serve(VISITS, rng=np.random.default_rng(4))

    wrong, right = (direct(served.log(), served.policy(model=model)).value for model in (WRONG, BOUGHT))

    assert wrong == 0.5 * PLACES
    assert right == pytest.approx(VALUE, abs=0.05)


def test_propensities_given_what_stands_above_are_not_those_that_are_asked_for() -> None:
    """A product that would stand higher is at this place only when it was displaced, and then surely."""
    rng, share = np.random.default_rng(5), 0.2
    served = serve(40_000, rng=rng, share=share)
    left = shoppers.PRODUCTS - np.arange(PLACES)
    firsts = [
        [rank == min(set(range(5)) - set(row[:k])) for k, rank in enumerate(row)] for row in served.ranks.tolist()
    ]
    given_above = (1 - share) * np.array(firsts) + share / left
    log = served.log()

    marginal = ips(log, served.policy()).value
    conditional = ips(replace(log, propensities=given_above.ravel()), served.policy()).value

    assert marginal == pytest.approx(VALUE, abs=0.05)
    assert conditional < 0.8 * VALUE


# --- laws --------------------------------------------------------------------------------------------------------


ESTIMATORS: Final = (direct, ips, snips, doubly_robust)


@given(logged())
def test_without_a_model_the_doubly_robust_is_the_propensity_score(found: tuple[Log, Policy]) -> None:
    log, policy = found
    nothing = np.zeros(len(log))

    blind = replace(policy, expected=nothing, expected_served=nothing)

    assert doubly_robust(log, blind).value == pytest.approx(ips(log, blind).value)


@given(logged())
def test_what_the_server_would_do_again_is_worth_what_it_was(found: tuple[Log, Policy]) -> None:
    log, policy = found
    again = replace(policy, agreement=log.propensities, expected=policy.expected_served)

    served = log.rewards.sum() / log.count
    for estimator in (ips, snips, doubly_robust):
        assert estimator(log, again).value == pytest.approx(served)


@given(logged())
def test_a_model_that_is_never_wrong_is_not_put_right(found: tuple[Log, Policy]) -> None:
    log, policy = found
    right = replace(policy, expected_served=log.rewards)

    assert doubly_robust(log, right).value == pytest.approx(direct(log, right).value)


@given(logged(), st.floats(-3, 3))
def test_the_self_normalised_estimate_moves_with_what_is_added_to_every_reward(
    found: tuple[Log, Policy], more: float
) -> None:
    log, policy = found

    moved = snips(log.rewarded(log.rewards + more), policy).value - snips(log, policy).value

    assert moved == pytest.approx(more * len(log) / log.count, abs=1e-6)


@given(logged(), st.floats(0.5, 10))
def test_weights_that_are_held_expect_no_more(found: tuple[Log, Policy], most: float) -> None:
    log, policy = found

    assert weights(log, policy, most=most).max() <= most
    assert ips(log, policy, most=most).value <= ips(log, policy).value + 1e-12


@given(logged(), st.sampled_from(ESTIMATORS), st.randoms(use_true_random=False))
def test_the_order_of_rows_plays_no_part(
    found: tuple[Log, Policy], estimator: Callable[..., Estimate], shuffler: Any
) -> None:
    log, policy = found
    rows = list(range(len(log)))
    shuffler.shuffle(rows)

    one, other = estimator(log, policy), estimator(log.at(np.array(rows)), policy.at(np.array(rows)))

    assert other.value == pytest.approx(one.value)
    assert other.influence == pytest.approx(one.influence)


@given(logged(), st.sampled_from(ESTIMATORS))
def test_influence_is_even_in_the_mean(found: tuple[Log, Policy], estimator: Callable[..., Estimate]) -> None:
    assert estimator(*found).influence.mean() == pytest.approx(0.0, abs=1e-9)


@given(logged(), st.sampled_from(ESTIMATORS), st.floats(0.1, 9))
def test_estimates_are_of_the_rewards_unit(
    found: tuple[Log, Policy], estimator: Callable[..., Estimate], unit: float
) -> None:
    log, policy = found
    told = replace(policy, expected=unit * policy.expected, expected_served=unit * policy.expected_served)

    one, other = estimator(log, policy), estimator(log.rewarded(unit * log.rewards), told)

    assert other.value == pytest.approx(unit * one.value)
    assert other.standard_error == pytest.approx(unit * one.standard_error, abs=1e-9)


@given(logged())
def test_a_policy_differs_from_itself_by_nothing(found: tuple[Log, Policy]) -> None:
    estimate = doubly_robust(*found)

    assert difference(estimate, estimate).interval == Interval(0.0, 0.0, 0.0)


# --- edges -------------------------------------------------------------------------------------------------------


def test_rows_of_one_visit_are_one_observation() -> None:
    rng = np.random.default_rng(9)
    rewards, propensities = rng.random(60), rng.uniform(0.2, 1, 60)
    once = Log(visits=np.arange(60), count=60, propensities=propensities, rewards=rewards)
    often = once.at(np.repeat(np.arange(60), 4))
    policy = Policy(agreement=np.ones(60), expected=np.zeros(60), expected_served=np.zeros(60))

    repeated = ips(often, policy.at(np.repeat(np.arange(60), 4)))

    assert repeated.standard_error == pytest.approx(4 * ips(once, policy).standard_error)


def test_a_ratio_varies_as_if_whole_visits_were_drawn_again() -> None:
    rng = np.random.default_rng(10)
    below = rng.integers(1, 5, 400).astype(float)
    above = below * rng.random(400)

    found, drawn = ratio(above, below), intervals({"ratio": (above, below)}, clusters=range(400))["ratio"]

    assert found.value == drawn.value
    assert found.interval.lower == pytest.approx(drawn.lower, abs=0.005)
    assert found.interval.upper == pytest.approx(drawn.upper, abs=0.005)


def test_visits_that_were_served_nothing_count() -> None:
    log = Log(visits=np.zeros(1, int), count=4, propensities=np.ones(1), rewards=np.ones(1))
    policy = Policy(agreement=np.ones(1), expected=np.ones(1), expected_served=np.ones(1))

    assert [estimator(log, policy).value for estimator in ESTIMATORS] == [0.25] * 4


def test_where_nothing_agrees_the_self_normalised_estimate_says_nothing() -> None:
    log = Log(visits=np.arange(3), count=3, propensities=np.ones(3), rewards=np.ones(3))
    policy = Policy(agreement=np.zeros(3), expected=np.ones(3), expected_served=np.ones(3))

    found = snips(log, policy)

    assert np.isnan(found.value)
    assert np.isnan(found.interval.lower)


@pytest.mark.parametrize("count", [0, 1])
def test_too_few_visits_give_no_interval(count: int) -> None:
    log = Log(visits=np.zeros(count, int), count=count, propensities=np.ones(count), rewards=np.ones(count))
    policy = Policy(agreement=np.ones(count), expected=np.ones(count), expected_served=np.ones(count))

    for estimator in ESTIMATORS:
        assert np.isnan(estimator(log, policy).interval.lower)


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"propensities": np.array([0.0, 0.5])}, "propensities"),
        ({"propensities": np.array([1.5, 0.5])}, "propensities"),
        ({"propensities": np.array([np.nan, 0.5])}, "propensities"),
        ({"propensities": np.ones(3)}, "propensities"),
        ({"rewards": np.ones(1)}, "rewards"),
        ({"visits": np.array([0, 2])}, "visits"),
        ({"visits": np.array([-1, 0])}, "visits"),
    ],
)
def test_a_log_that_cannot_be_is_refused(fields: dict[str, Any], named: str) -> None:
    sound = {"visits": np.array([0, 1]), "count": 2, "propensities": np.ones(2), "rewards": np.ones(2)}

    with pytest.raises(ValueError, match=named):
        Log(**{**sound, **fields})


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"agreement": np.array([0.0, 1.5])}, "agreement"),
        ({"agreement": np.array([0.0, -0.5])}, "agreement"),
        ({"expected": np.ones(3)}, "expected"),
        ({"expected_served": np.ones(3)}, "expected_served"),
    ],
)
def test_a_policy_that_cannot_be_is_refused(fields: dict[str, Any], named: str) -> None:
    sound = {"agreement": np.ones(2), "expected": np.ones(2), "expected_served": np.ones(2)}

    with pytest.raises(ValueError, match=named):
        Policy(**{**sound, **fields})


def test_a_policy_of_other_places_is_refused() -> None:
    log = Log(visits=np.arange(3), count=3, propensities=np.ones(3), rewards=np.ones(3))

    with pytest.raises(ValueError, match="agreement"):
        weights(log, Policy(agreement=np.ones(2), expected=np.ones(2), expected_served=np.ones(2)))
