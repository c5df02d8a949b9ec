"""From features to probabilities: planted tastes are found again, and what cannot be told is not invented."""

from __future__ import annotations

from math import log
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from personalization.estimation import (
    AGAINST,
    LEAST,
    OUTCOMES,
    UNTAUGHT,
    Estimator,
    Prior,
    _sampled,
    conditional_logit,
    expected_calibration_error,
    fit,
)
from personalization.features import FEATURES, features

from .one_question import CATALOG, EVIDENCE, SHELVES, floats

LIKED, MILDLY, DISLIKED = (FEATURES.index(name) for name in ("followed_view", "walked", "price_gap"))
STEPS, CARTED = FEATURES.index("steps"), FEATURES.index("in_cart")
PLANTED = {LIKED: 2.0, MILDLY: 1.0, DISLIKED: -1.0}

# --- One choice among several -------------------------------------------------------------------------------------


def choices(*, seed: int, questions: int, weights: Any, candidates: int = 10) -> tuple[Any, Any, Any]:
    """Rows, what was chosen and question numbers: one choice a question, by the utilities that the weights give."""
    rng = np.random.default_rng(seed)
    rows = rng.normal(size=(questions * candidates, len(weights)))
    utility = (rows @ np.array(weights) + rng.gumbel(size=len(rows))).reshape(questions, candidates)
    chosen = np.zeros((questions, candidates), bool)
    chosen[np.arange(questions), utility.argmax(axis=1)] = True
    return rows, chosen.ravel(), np.repeat(np.arange(questions), candidates)


def weighed(rows: Any, chosen: Any, questions: Any, mean: float = 0.0) -> Any:
    prior = Prior(np.full(rows.shape[1], mean), 3.0)
    return conditional_logit(rows, chosen, questions, offset=np.zeros(len(rows)), prior=prior)


def three_of_four(*, questions: int) -> tuple[Any, Any, Any]:
    """Two candidates a question, the first of which, with the feature, is chosen three times in four."""
    rows = np.tile([[1.0], [0.0]], (questions, 1))
    chosen = np.tile([True, False] * 3 + [False, True], questions // 4)
    return rows, chosen, np.repeat(np.arange(questions), 2)


def test_of_two_the_odds_are_those_of_being_chosen() -> None:
    (weight,) = weighed(*three_of_four(questions=4000))

    assert weight == pytest.approx(log(3), abs=0.01)


def test_few_questions_move_weights_little() -> None:
    few, more, most = (abs(weighed(*three_of_four(questions=count))[0]) for count in (4, 40, 400))

    assert 0 < few < more < most < log(3)


def test_few_questions_leave_what_was_believed_little() -> None:
    few, more, most = (abs(weighed(*three_of_four(questions=count), mean=-2.0)[0] + 2.0) for count in (4, 40, 400))

    assert 0 < few < more < most < 2.0 + log(3)


def test_planted_weights_are_found_again() -> None:
    assert weighed(*choices(seed=1, questions=2000, weights=[2.0, 1.0, -1.0, 0.0])) == pytest.approx(
        [2.0, 1.0, -1.0, 0.0], abs=0.15
    )


def test_equal_columns_weigh_equally() -> None:
    rows, chosen, questions = choices(seed=2, questions=200, weights=[1.0, 0.5])

    first, _, again = weighed(np.column_stack([rows, rows[:, 0]]), chosen, questions)

    assert first == pytest.approx(again)


@given(seed=st.integers(0, 1000), shift=st.floats(-50, 50))
@settings(max_examples=15, deadline=None)
def test_what_all_of_a_question_share_tells_nothing(seed: int, shift: float) -> None:
    rows, chosen, questions = choices(seed=seed, questions=40, weights=[1.0, -1.0])
    shifted = rows + shift * np.random.default_rng(seed).normal(size=40)[questions][:, None]

    assert weighed(shifted, chosen, questions) == pytest.approx(weighed(rows, chosen, questions), abs=1e-3)


def test_several_things_chosen_are_as_many_choices_and_their_question_counts_once() -> None:
    one, _, _ = choices(seed=3, questions=1, weights=[1.0, 1.0], candidates=6)
    rows, questions = np.tile(one, (20, 1)), np.repeat(np.arange(20), 6)
    both, first, second = (np.isin(np.arange(6), chosen) for chosen in ([0, 1], [0], [1]))

    together = weighed(rows, np.tile(both, 20), questions)
    apart = weighed(rows, np.tile(np.concatenate([first, second]), 10), questions)

    assert together == pytest.approx(apart, abs=1e-4)


# --- What choices are learned against -----------------------------------------------------------------------------


def sample(*, hardest: int) -> tuple[list[int], Any]:
    """The first question has more others than are wanted, in the second nothing happened, in the third little did."""
    sizes = [2 * AGAINST, 3, 3]
    happened = np.zeros(sum(sizes), bool)
    happened[[0, 1, 2 * AGAINST + 3]] = True
    score = np.arange(sum(sizes), dtype=np.float32)
    rng = np.random.default_rng(4)
    rows, more = _sampled(happened, np.repeat(np.arange(3), sizes), score, hardest=hardest, rng=rng)
    return rows.tolist(), more


def test_learned_from_is_what_happened_and_so_many_others_of_the_same_question() -> None:
    rows, _ = sample(hardest=10)

    assert rows == sorted(set(rows))
    assert {0, 1} < set(rows)
    assert sum(row < 2 * AGAINST for row in rows) == 2 + AGAINST
    assert rows[-3:] == [2 * AGAINST + 3, 2 * AGAINST + 4, 2 * AGAINST + 5]


def test_the_hardest_others_are_always_among_them() -> None:
    rows, more = sample(hardest=10)

    hardest = range(2 * AGAINST - 10, 2 * AGAINST)
    assert set(hardest) < set(rows)
    assert not more[[rows.index(row) for row in hardest]].any()


@pytest.mark.parametrize("hardest", [0, 10])
def test_the_others_drawn_stand_for_all_that_were_not(hardest: int) -> None:
    rows, more = sample(hardest=hardest)

    assert np.exp(more[np.array(rows) < 2 * AGAINST]).sum() == pytest.approx(2 * AGAINST)
    assert not more[-3:].any()  # of a question of few others, each stands for itself


# --- Fitting ------------------------------------------------------------------------------------------------------


def planted(*, questions: int = 400, candidates: int = 20) -> tuple[Any, Any, Any]:
    """Rows, outcomes and question numbers: next and viewed is what the planted weights choose; nothing is carted."""
    rng = np.random.default_rng(3)
    rows = np.zeros((questions * candidates, len(FEATURES)), np.float32)
    rows[:, list(PLANTED)] = rng.normal(size=(len(rows), len(PLANTED)))
    rows[:, FEATURES.index("popularity")] = 0.7  # says nothing: it is always the same
    rows[:, STEPS] = np.repeat(rng.normal(size=questions), candidates)
    utility = rows[:, list(PLANTED)] @ np.array(list(PLANTED.values())) + rng.gumbel(size=len(rows))
    chosen = np.zeros((questions, candidates), bool)
    chosen[np.arange(questions), utility.reshape(questions, candidates).argmax(axis=1)] = True
    nothing = np.zeros(len(rows), bool)
    outcomes = np.stack([chosen.ravel(), chosen.ravel(), nothing, nothing], axis=1)
    return rows, outcomes, np.repeat(np.arange(questions), candidates)


def fitted(rows: Any, outcomes: Any, questions: Any) -> Estimator:
    everything = np.ones(len(rows), bool)
    return fit(rows, outcomes, questions=questions, drawn=everything, rng=np.random.default_rng(1))


@pytest.fixture(scope="module")
def taught() -> Estimator:
    return fitted(*planted())


def test_planted_tastes_are_found_in_their_order(taught: Estimator) -> None:
    weights = taught.weights[0]

    assert weights[LIKED] > weights[MILDLY] > 0 > weights[DISLIKED]
    assert weights[LIKED] / weights[MILDLY] == pytest.approx(2, abs=0.35)


def test_what_is_expected_of_all_candidates_together_is_what_happened(taught: Estimator) -> None:
    rows, outcomes, _ = planted()

    chances = taught.probabilities(rows)

    assert chances[:, 0].mean() == pytest.approx(outcomes[:, 0].mean(), rel=0.02)


def test_a_feature_that_does_not_vary_weighs_nothing(taught: Estimator) -> None:
    still = [column for column in range(len(FEATURES)) if column not in (*PLANTED, STEPS)]

    assert not taught.weights[:, still].any()


def test_what_tells_visits_apart_moves_chances_and_no_order() -> None:
    """Of visits of many steps alone anything comes."""
    rows, outcomes, questions = planted()
    outcomes &= (rows[:, STEPS] > 0)[:, None]

    estimator = fitted(rows, outcomes, questions)

    assert estimator.weights[0, STEPS] > 0.5
    of_one = rows[:20].copy()
    order = np.argsort(-estimator.probabilities(of_one)[:, 0]).tolist()
    of_one[:, STEPS] += 1.0
    assert np.argsort(-estimator.probabilities(of_one)[:, 0]).tolist() == order


def carted_in(outcomes: Any, questions: Any, count: int) -> Any:
    """The outcomes, what was viewed being carted, too, in so many questions."""
    carted = outcomes.copy()
    carted[:, 2] = outcomes[:, 1] & (questions < count)
    return carted


def test_an_outcome_too_rare_to_learn_keeps_the_shape_of_the_one_before_shifted_to_its_frequency() -> None:
    rows, outcomes, questions = planted()

    estimator = fitted(rows, carted_in(outcomes, questions, LEAST - 1), questions)

    assert estimator.weights[2].tolist() == estimator.weights[1].tolist()
    shift = estimator.intercepts[2] - estimator.intercepts[1]
    assert shift == pytest.approx(log((LEAST - 1 + 0.5) / (400 + 1)))


def test_an_outcome_of_enough_questions_is_learned_of_itself() -> None:
    rows, outcomes, questions = planted()

    estimator = fitted(rows, carted_in(outcomes, questions, LEAST), questions)

    assert estimator.weights[2].tolist() != estimator.weights[1].tolist()


def test_what_few_questions_do_not_tell_is_believed_to_be_as_of_the_next() -> None:
    """As few as are learned from put anything at all into the cart."""
    rows, outcomes, questions = planted()
    outcomes[:, 2] = np.isin(
        np.arange(len(rows)), np.random.default_rng(5).integers(20, size=LEAST) + 20 * np.arange(LEAST)
    )

    weights = fitted(rows, outcomes, questions).weights[2]

    assert weights[LIKED] > weights[MILDLY] > 0 > weights[DISLIKED]


def test_what_is_in_the_cart_already_teaches_no_choice() -> None:
    """What is most disliked stands in every cart, and is bought; besides it what is liked is."""
    rows, outcomes, questions = planted()
    worst = [int(part[np.argmin(rows[part, LIKED])]) for part in np.split(np.arange(len(rows)), 400)]
    rows[worst, CARTED] = 1
    outcomes[:, 2] = outcomes[:, 0]
    outcomes[worst, 2] = True

    estimator = fitted(rows, outcomes, questions)

    assert estimator.weights[2, LIKED] > 0
    assert estimator.weights[2, CARTED] > 0


def test_where_much_happens_that_nobody_expected_evidence_still_speaks_for_itself() -> None:
    """Of four hundred, forty are met by chance and three for being liked: the hardest to tell are mostly not met."""
    rows, outcomes, questions = planted(questions=60, candidates=400)
    utility = rows[:, LIKED] + np.random.default_rng(6).gumbel(size=len(rows))
    by_taste = (-utility.reshape(60, 400)).argsort(axis=1).argsort(axis=1) < 3
    by_chance = np.random.default_rng(7).random((60, 400)).argsort(axis=1) < 40
    outcomes[:, 1] = (by_taste | by_chance).ravel()

    assert fitted(rows, outcomes, questions).weights[1, LIKED] > 0.05


def test_questions_sought_out_tell_what_is_chosen_and_not_how_often() -> None:
    rows, outcomes, questions = planted()
    nothing = outcomes & (questions < 100)[:, None]  # after the others nothing comes
    drawn = np.ones(len(rows), bool)
    evenly = fit(rows, nothing, questions=questions, drawn=drawn, rng=np.random.default_rng(1))

    more = np.concatenate([rows, rows[: 100 * 10]])
    happened = np.concatenate([nothing, nothing[: 100 * 10]])
    numbers = np.concatenate([questions, questions[: 100 * 10] + 400])
    drawn = numbers < 400
    sought = fit(more, happened, questions=numbers, drawn=drawn, rng=np.random.default_rng(1))

    assert sought.probabilities(rows)[:, 0].mean() == pytest.approx(evenly.probabilities(rows)[:, 0].mean(), rel=0.02)


def test_too_few_questions_teach_nothing() -> None:
    estimator = fitted(*planted(questions=LEAST - 1))

    assert estimator.weights.tolist() == UNTAUGHT.weights.tolist()


def test_what_always_happens_teaches_nothing() -> None:
    rows, outcomes, questions = planted(questions=LEAST)

    estimator = fitted(rows, np.ones_like(outcomes), questions)

    assert estimator.weights[0].tolist() == UNTAUGHT.weights[0].tolist()


def test_a_store_without_any_purchase_still_ranks_by_what_is_most_likely_to_be_viewed(taught: Estimator) -> None:
    rows, _, _ = planted()

    chances = taught.probabilities(rows[:50])

    assert np.argsort(chances[:, 3], kind="stable").tolist() == np.argsort(chances[:, 1], kind="stable").tolist()
    assert (chances[:, 3] < chances[:, 1]).all()


def test_the_same_questions_teach_the_same(taught: Estimator) -> None:
    np.testing.assert_array_equal(fitted(*planted()).weights, taught.weights)


# --- Probabilities ------------------------------------------------------------------------------------------------


def of_one_feature(weight: float = 1.0) -> Estimator:
    weights = np.zeros((len(OUTCOMES), len(FEATURES)))
    weights[:, 0] = weight
    return Estimator(weights=weights, intercepts=np.zeros(len(OUTCOMES)))


def rows_of(*values: float) -> Any:
    rows = np.zeros((len(values), len(FEATURES)), np.float32)
    rows[:, 0] = values
    return rows


def test_probabilities_follow_the_logistic_curve_to_its_very_ends() -> None:
    chances = of_one_feature().probabilities(rows_of(log(3), -500.0, 500.0))

    assert chances[:, 0].tolist() == pytest.approx([0.75, 0.0, 1.0])


@given(st.lists(st.floats(-100, 100, width=32), min_size=2))
def test_a_higher_score_is_never_a_smaller_chance(scores: list[float]) -> None:
    chances = of_one_feature().probabilities(rows_of(*sorted(scores)))

    assert (np.diff(chances[:, 0]) >= 0).all()


def test_the_untaught_prefer_more_evidence() -> None:
    table = features(np.arange(CATALOG, dtype=np.int32), EVIDENCE, shelves=SHELVES)

    chances = UNTAUGHT.probabilities(table)

    # Trails and analogues speak for 4, walks and trails for 3, walks and analogues less for 5, nothing for 1.
    assert chances[4, 0] > chances[3, 0] > chances[1, 0]
    assert ((chances > 0) & (chances < 1)).all()


# --- Kept and read again ------------------------------------------------------------------------------------------


def test_an_estimator_comes_back_as_it_was_kept(taught: Estimator) -> None:
    back = Estimator.from_json(taught.to_json())

    np.testing.assert_array_equal(back.weights, taught.weights)
    np.testing.assert_array_equal(back.intercepts, taught.intercepts)


def test_features_are_matched_by_name_and_unknown_ones_weigh_nothing() -> None:
    names = ["forgotten since", FEATURES[3], FEATURES[0]]

    back = Estimator.from_json(
        {"features": names, "weights": [[9.0, 3.0, 1.0]] * len(OUTCOMES), "intercepts": [0.5] * len(OUTCOMES)}
    )

    assert back.weights[0].tolist() == [1.0, 0.0, 0.0, 3.0, *[0.0] * (len(FEATURES) - 4)]


# --- Calibration --------------------------------------------------------------------------------------------------


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
