"""From evidence to probabilities, each column and each figure worked out by hand."""

from __future__ import annotations

from math import log, log1p, sqrt
from typing import Any

import numpy as np
import pytest

from personalization.estimation import (
    EPSILON,
    FEATURES,
    NOTHING_RECALLED,
    OUTCOMES,
    UNTAUGHT,
    Estimator,
    Evidence,
    Here,
    Recalled,
    expected_calibration_error,
    features,
    fit,
    looked_up,
    propose,
)
from personalization.trails import NOTHING as NOTHING_FOLLOWED
from personalization.trails import Followed
from personalization.transposition import NOTHING as NOTHING_TRANSPOSED
from personalization.transposition import Transposed

CATALOG = 8


def floats(*values: float) -> Any:
    return np.array(values, np.float32)


def ints(*values: int) -> Any:
    return np.array(values, np.int32)


HERE = Here(seen=ints(2, 1), times=floats(3, 1), in_cart=ints(1), focus=floats(1, *[0] * 31), steps=4)
FOLLOWED = Followed(
    products=ints(3, 4),
    view=floats(1.0, 3.0),
    cart=floats(0.5, 0.0),
    purchase=floats(0.25, 0.0),
    after=floats(0.0, 2.0),
    origin=ints(2, 2),
    support=floats(2, 3),
    mass=4.0,
)
RECALLED = Recalled(
    products=ints(4, 5),
    view=floats(2.0, 1.0),
    cart=floats(1.0, 0.0),
    purchase=floats(0.0, 0.5),
    support=floats(2, 1),
    mass=10.0,
    cart_mass=3.0,
    purchase_mass=1.0,
)
TRANSPOSED = Transposed(
    products=ints(6), view=floats(5.0), cart=floats(0.0), purchase=floats(2.0), origin=ints(0), success=ints(1)
)
EVIDENCE = Evidence(here=HERE, followed=FOLLOWED, recalled=RECALLED, transposed=TRANSPOSED)
SILENCE = Evidence(
    here=Here(ints(), floats(), ints(), floats(*[0] * 32), 0),
    followed=NOTHING_FOLLOWED,
    recalled=NOTHING_RECALLED,
    transposed=NOTHING_TRANSPOSED,
)

COORDINATES = np.zeros((CATALOG, 32), np.float32)
COORDINATES[:, 0] = np.linspace(0, 0.7, CATALOG)
POPULARITY = np.linspace(0, 1, CATALOG).astype(np.float32)
PRICES = floats(10, 20, 40, 40, 80, float("nan"), 20, 0)
CATEGORIES = ints(0, 0, 1, 1, 0, -1, 1, 0)


def table(evidence: Evidence = EVIDENCE) -> Any:
    return features(
        np.arange(CATALOG, dtype=np.int32),
        evidence,
        coordinates=COORDINATES,
        popularity=POPULARITY,
        prices=PRICES,
        categories=CATEGORIES,
    )


def column(name: str, evidence: Evidence = EVIDENCE) -> list[float]:
    return [float(value) for value in table(evidence)[:, FEATURES.index(name)]]


def shares(**known: float) -> Any:
    """log(EPSILON + share), by product (p3=…), of nothing elsewhere."""
    return pytest.approx([log(EPSILON + known.get(f"p{product}", 0.0)) for product in range(CATALOG)], abs=1e-5)


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("followed_view", {"p3": 1 / 4, "p4": 3 / 4}),
        ("followed_cart", {"p3": 0.5 / 4}),
        ("followed_purchase", {"p3": 0.25 / 4}),
        ("followed_after", {"p4": 2 / 4}),
        ("recalled_view", {"p4": 2 / 10, "p5": 1 / 10}),
        ("recalled_cart", {"p4": 1 / 10}),
        ("recalled_purchase", {"p5": 0.5 / 10}),
        ("transposed_view", {"p6": 5 / 10}),
        ("transposed_purchase", {"p6": 2 / 10}),
    ],
)
def test_evidence_counts_as_the_logarithm_of_its_share(name: str, known: dict[str, float]) -> None:
    assert column(name) == shares(**known)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("popularity", POPULARITY.tolist()),
        ("is_last", [0, 0, 1, 0, 0, 0, 0, 0]),
        ("seen_recency", [0, 1 / 2, 0, 0, 0, 0, 0, 0]),  # the last one tells it by itself
        ("seen_times", [0, log1p(1), log1p(3), 0, 0, 0, 0, 0]),
        ("in_cart", [0, 1, 0, 0, 0, 0, 0, 0]),
        ("focus_cosine", COORDINATES[:, 0].tolist()),
        ("price_gap", [log(4), log(2), 0, 0, log(2), 0, log(2), 0]),  # to the last one's 40; unknown: none
        ("same_category", [0, 0, 1, 1, 0, 0, 1, 0]),
        ("analogues_cart", [log(EPSILON + 0.3)] * CATALOG),
        ("analogues_purchase", [log(EPSILON + 0.1)] * CATALOG),
        ("steps", [log1p(4)] * CATALOG),
        ("cart_rival", [1, 0, 0, 0, 1, 0, 0, 1]),  # product 1 is in the cart; 0, 4 and 7 share its category
        ("followed_view_root", [0, 0, 0, sqrt(1 / 4), sqrt(3 / 4), 0, 0, 0]),
        ("recalled_view_root", [0, 0, 0, 0, sqrt(0.2), sqrt(0.1), 0, 0]),
    ],
)
def test_the_visit_and_the_catalog_bear_on_candidates(name: str, expected: list[float]) -> None:
    assert column(name) == pytest.approx(expected, abs=2e-4)


def test_what_leads_to_new_products_says_nothing_of_seen_ones() -> None:
    unseen, all_of_them = column("followed_view_unseen"), column("followed_view")

    assert [unseen[product] for product in (1, 2)] == [0, 0]
    assert [unseen[product] for product in (3, 4)] == [all_of_them[product] for product in (3, 4)]


def test_silence_makes_a_table_too() -> None:
    found = table(SILENCE)

    assert found.shape == (CATALOG, len(FEATURES))
    assert np.isfinite(found).all()


def test_proposals_are_what_evidence_or_popularity_speaks_for() -> None:
    found = propose(EVIDENCE, popular=ints(7), eligible=np.ones(CATALOG, bool), most=100)

    assert found.tolist() == [1, 2, 3, 4, 5, 6, 7]


def test_only_what_may_be_shown_is_proposed() -> None:
    eligible = np.ones(CATALOG, bool)
    eligible[[2, 4]] = False

    found = propose(EVIDENCE, popular=ints(4, 7, 900, -1), eligible=eligible, most=100)

    assert found.tolist() == [1, 3, 5, 6, 7]


def test_of_much_evidence_the_strongest_is_proposed() -> None:
    found = propose(EVIDENCE, popular=ints(), eligible=np.ones(CATALOG, bool), most=6)

    assert found.tolist() == [1, 2, 3, 4, 5, 6]  # three of trails, two of analogues, one transposed
    fewer = propose(EVIDENCE, popular=ints(), eligible=np.ones(CATALOG, bool), most=3)
    assert fewer.tolist() == [1, 2, 4]  # one of trails and one of analogues, the strongest each


def test_values_are_looked_up_by_product() -> None:
    assert looked_up(ints(5, 1, 9), ints(9, 5), floats(0.9, 0.5)).tolist() == pytest.approx([0.5, 0.0, 0.9])
    assert looked_up(ints(5, 1), ints(9, 5), ints(7, 8), absent=-1).tolist() == [8, -1]
    assert looked_up(ints(5), ints(), floats()).tolist() == [0.0]


# --- fitting -----------------------------------------------------------------------------------------------------


def planted(*, rows: int = 20_000) -> tuple[Any, Any]:
    """Views with log-odds 2·x − 2, where x is the first feature; carts and purchases as told in the tests."""
    rng = np.random.default_rng(3)
    values = np.zeros((rows, len(FEATURES)), np.float32)
    values[:, 0] = rng.normal(size=rows)
    values[:, 1] = 0.7  # says nothing: it is always the same
    happened = rng.random(rows) < 1 / (1 + np.exp(-(2 * values[:, 0] - 2)))
    outcomes = np.stack([happened, happened, np.zeros(rows, bool), np.zeros(rows, bool)], axis=1)
    return values, outcomes


def test_a_known_relation_is_recovered() -> None:
    estimator = fit(*planted())

    assert estimator.weights[0, 0] == pytest.approx(2, abs=0.15)
    assert estimator.intercepts[0] == pytest.approx(-2, abs=0.15)


def test_a_feature_that_never_varies_weighs_nothing() -> None:
    estimator = fit(*planted())

    assert not estimator.weights[:, 1:].any()


def test_an_outcome_too_rare_to_learn_keeps_the_shape_of_the_one_before_shifted_to_its_frequency() -> None:
    values, outcomes = planted()
    outcomes[np.flatnonzero(outcomes[:, 1])[:9], 2] = True

    estimator = fit(values, outcomes)

    assert estimator.weights[2].tolist() == estimator.weights[1].tolist()
    shift = estimator.intercepts[2] - estimator.intercepts[1]
    assert shift == pytest.approx(log(9.5 / (outcomes[:, 1].sum() + 1)))


def test_too_few_outcomes_teach_nothing() -> None:
    values, outcomes = planted(rows=60)
    few = np.zeros_like(outcomes)
    few[np.flatnonzero(outcomes[:, 0])[:9], :2] = True

    estimator = fit(values, few)

    assert estimator.weights.tolist() == UNTAUGHT.weights.tolist()


def test_what_always_happens_teaches_nothing() -> None:
    values, outcomes = planted(rows=60)

    estimator = fit(values, np.ones_like(outcomes))

    assert estimator.weights[0].tolist() == UNTAUGHT.weights[0].tolist()


def test_a_store_without_any_purchase_still_ranks_by_what_is_most_likely_to_be_viewed() -> None:
    values, outcomes = planted()

    chances = fit(values, outcomes).probabilities(values[:50])

    assert np.argsort(chances[:, 3], kind="stable").tolist() == np.argsort(chances[:, 1], kind="stable").tolist()
    assert (chances[:, 3] < chances[:, 1]).all()


def test_probabilities_follow_the_logistic_curve_to_its_very_ends() -> None:
    weights = np.zeros((len(OUTCOMES), len(FEATURES)))
    weights[:, 0] = 1.0
    rows = np.zeros((3, len(FEATURES)), np.float32)
    rows[:, 0] = [log(3), -500.0, 500.0]

    chances = Estimator(weights=weights, intercepts=np.zeros(4)).probabilities(rows)

    assert chances[:, 0].tolist() == pytest.approx([0.75, 0.0, 1.0])


def test_the_untaught_prefer_more_evidence() -> None:
    chances = UNTAUGHT.probabilities(table())

    assert chances[4, 0] > chances[3, 0] > chances[0, 0]
    assert ((chances > 0) & (chances < 1)).all()


# --- kept and read again -----------------------------------------------------------------------------------------


def test_an_estimator_comes_back_as_it_was_kept() -> None:
    estimator = fit(*planted(rows=2000))

    back = Estimator.from_json(estimator.to_json())

    np.testing.assert_array_equal(back.weights, estimator.weights)
    np.testing.assert_array_equal(back.intercepts, estimator.intercepts)


def test_features_are_matched_by_name_and_unknown_ones_weigh_nothing() -> None:
    names = ["forgotten since", FEATURES[3], FEATURES[0]]

    back = Estimator.from_json(
        {"features": names, "weights": [[9.0, 3.0, 1.0]] * len(OUTCOMES), "intercepts": [0.5] * len(OUTCOMES)}
    )

    assert back.weights[0].tolist() == [1.0, 0.0, 0.0, 3.0, *[0.0] * (len(FEATURES) - 4)]


# --- calibration -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("predicted", "happened", "error"),
    [
        ([0.0, 0.0, 1.0, 1.0], [0, 0, 1, 1], 0.0),
        ([0.5, 0.5, 0.5, 0.5], [0, 1, 1, 0], 0.0),  # half of each bin happened
        ([0.5, 0.5, 0.5, 0.5], [0, 0, 1, 1], 0.5),  # nothing of one, all of the other
        ([0.2, 0.2, 0.6, 0.6], [0, 0, 1, 1], (0.2 + 0.4) / 2),
        ([0.9, 0.1, 0.9, 0.1], [0, 1, 0, 1], 0.9),  # sorted first: both tenths happened, both nine tenths did not
    ],
)
def test_the_calibration_error_is_the_mean_gap_over_bins(
    predicted: list[float], happened: list[int], error: float
) -> None:
    found = expected_calibration_error(floats(*predicted), np.array(happened, bool), bins=2)

    assert found == pytest.approx(error, abs=1e-6)


def test_nothing_predicted_is_no_error() -> None:
    assert expected_calibration_error(floats(), np.array([], bool)) == 0.0
