"""The laws of a ranking: what it may hold, in which order, and how likely each placement was."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from objectives.eligibility import Filters, department_of, eligible
from objectives.exploring import explore
from objectives.reranking import Ranking, Rules, UnknownMeasureError, rerank
from tests.objectives.shelves import NOW, expected, facts

probabilities = st.floats(0, 1, width=32)


def ranked(estimates: Any, shelf: Any, rules: Rules, *, seed: int = 0, filters: Filters | None = None) -> Ranking:
    return rerank(
        estimates=estimates,
        facts=shelf,
        eligible=eligible(facts=shelf, filters=filters or Filters()),
        rules=rules,
        now=NOW,
        rng=np.random.default_rng(seed),
    )


# --- eligibility ----------------------------------------------------------------------------------------


def test_what_cannot_be_bought_is_not_eligible() -> None:
    mask = eligible(facts=facts(2, buyable=[True, False]), filters=Filters())

    assert mask.tolist() == [True, False]


def test_what_is_excluded_is_not_eligible_and_unknown_positions_are_ignored() -> None:
    mask = eligible(facts=facts(3), filters=Filters(excluded={1, -1, 99}))

    assert mask.tolist() == [True, False, True]


def test_a_department_holds_its_whole_branch_and_nothing_else() -> None:
    # Categories: 0 root, 1 under 0, 2 under 1, 3 another root.
    shelf = facts(5, category=[0, 1, 2, 3, -1], category_parents=[-1, 0, 1, -1])

    mask = eligible(facts=shelf, filters=Filters(department=0))

    assert mask.tolist() == [True, True, True, False, False]


def test_eligibility_leaves_the_facts_as_they_were() -> None:
    shelf = facts(2)

    eligible(facts=shelf, filters=Filters(excluded={0}))

    assert shelf.buyable.tolist() == [True, True]


@pytest.mark.parametrize(("category", "root"), [(-1, -1), (0, 0), (2, 0), (3, 3)])
def test_the_department_of_a_category_is_its_root(category: int, root: int) -> None:
    shelf = facts(0, category_parents=[-1, 0, 1, -1])

    assert department_of(facts=shelf, category=category) == root


# --- objectives -----------------------------------------------------------------------------------------


def test_by_default_a_purchase_counts_as_four_views() -> None:
    # 0: .4 + 4 × 0 = .4 · 1: .1 + 4 × .1 = .5 · 2: .3 + 0 = .3
    estimates = expected([0, 1, 2], view=[0.4, 0.1, 0.3], purchase=[0.0, 0.1, 0.0])

    ranking = ranked(estimates, facts(3), Rules(size=3))

    assert ranking.products.tolist() == [1, 0, 2]


def test_equal_values_fall_to_the_engines_order_and_then_to_the_position() -> None:
    estimates = expected([3, 2, 1, 0], view=[0.5] * 4, score=[1.0, 2.0, 1.0, 0.0])

    ranking = ranked(estimates, facts(4), Rules(size=4))

    assert ranking.products.tolist() == [2, 1, 3, 0]


def test_each_contribution_is_kept_and_they_sum_to_the_value() -> None:
    estimates = expected([0, 1], view=[0.5, 0.25], purchase=[0.1, 0.2])

    ranking = ranked(estimates, facts(2), Rules(size=2, weights={"relevance": 2.0, "revenue": 0.5}))

    # 1: 2 × .25 + .5 × .2 × 10 = 1.5 · 0: 2 × .5 + .5 × .1 × 10 = 1.5, tie to the lower position
    assert ranking.contributions["relevance"].tolist() == pytest.approx([1.0, 0.5])
    assert ranking.contributions["revenue"].tolist() == pytest.approx([0.5, 1.0])
    assert ranking.value.tolist() == pytest.approx([1.5, 1.5])


def test_an_objective_nobody_knows_is_refused_by_name() -> None:
    with pytest.raises(UnknownMeasureError, match="fame"):
        ranked(expected([0]), facts(1), Rules(size=1, weights={"fame": 1.0}))


# --- variants and caps ----------------------------------------------------------------------------------


def test_of_the_variants_of_one_thing_the_best_is_shown() -> None:
    estimates = expected([0, 1, 2, 3], cart=[0.1, 0.9, 0.5, 0.4])

    ranking = ranked(estimates, facts(4, group=[7, 7, -1, -1]), Rules(size=4))

    assert ranking.products.tolist() == [1, 2, 3]
    assert ranking.left_out == {"eligibility": 0, "variants": 1}


def test_a_brand_at_its_cap_makes_room_for_the_others() -> None:
    estimates = expected([0, 1, 2, 3], cart=[0.9, 0.8, 0.7, 0.1])

    ranking = ranked(estimates, facts(4, brand=[5, 5, 5, 6]), Rules(size=3, max_per_brand=2))

    assert ranking.products.tolist() == [0, 1, 3]


def test_a_cap_yields_rather_than_leave_the_zone_half_empty() -> None:
    estimates = expected([0, 1, 2], cart=[0.9, 0.8, 0.7])

    ranking = ranked(estimates, facts(3, category=[0, 0, 0], category_parents=[-1]), Rules(size=3, max_per_category=1))

    assert ranking.products.tolist() == [0, 1, 2]


def test_both_caps_hold_together() -> None:
    # After 0 (brand 1, shelf 0): 1 (brand 1, shelf 1) breaks a cap, 2 (brand 2, shelf 0) the other, 3 fits.
    shelf = facts(4, brand=[1, 1, 2, 3], category=[0, 1, 0, 1], category_parents=[-1, -1])
    estimates = expected([0, 1, 2, 3], cart=[0.9, 0.8, 0.7, 0.1])

    ranking = ranked(estimates, shelf, Rules(size=2, max_per_brand=1, max_per_category=1))

    assert ranking.products.tolist() == [0, 3]


def test_products_without_a_brand_share_no_cap() -> None:
    estimates = expected([0, 1], cart=[0.9, 0.8])

    ranking = ranked(estimates, facts(2), Rules(size=2, max_per_brand=1))

    assert ranking.products.tolist() == [0, 1]


# --- listings -------------------------------------------------------------------------------------------


def test_a_listing_puts_what_cannot_be_bought_last() -> None:
    estimates = expected([0, 1, 2], cart=[0.9, 0.5, 0.7])

    ranking = ranked(estimates, facts(3, buyable=[False, True, True]), Rules(size=3, complete=True))

    assert ranking.products.tolist() == [2, 1, 0]


# --- laws -----------------------------------------------------------------------------------------------


@st.composite
def shelves(draw: st.DrawFn) -> tuple[Any, Any]:
    """A catalog of up to 12 products, and estimates of some of them."""
    count = draw(st.integers(1, 12))

    def column(values: st.SearchStrategy[Any]) -> list[Any]:
        return draw(st.lists(values, min_size=count, max_size=count))

    shelf = facts(
        count,
        buyable=column(st.booleans()),
        brand=column(st.integers(-1, 2)),
        category=column(st.integers(-1, 1)),
        category_parents=[-1, 0],
        group=column(st.integers(-1, 2)),
        quantity=column(st.integers(-1, 5)),
        list_price=column(st.one_of(st.just(float("nan")), st.floats(0, 100, width=32))),
    )
    products = draw(st.permutations(range(count)))[: draw(st.integers(0, count))]
    views = draw(st.lists(probabilities, min_size=len(products), max_size=len(products)))
    purchases = draw(st.lists(probabilities, min_size=len(products), max_size=len(products)))
    return shelf, expected(products, view=views, purchase=purchases)


def all_rules() -> st.SearchStrategy[Rules]:
    caps = st.one_of(st.none(), st.integers(1, 2))
    return st.builds(
        Rules,
        size=st.integers(1, 15),
        weights=st.sampled_from([{"relevance": 1.0}, {"margin": 1.0, "clearance": 2.0}, {}]),
        exploration=st.floats(0, 1),
        max_per_brand=caps,
        max_per_category=caps,
        complete=st.booleans(),
    )


@given(shelves(), all_rules(), st.integers(0, 99))
def test_no_product_is_placed_twice_and_each_was_a_candidate(drawn: tuple[Any, Any], rules: Rules, seed: int) -> None:
    shelf, estimates = drawn

    served = ranked(estimates, shelf, rules, seed=seed).products.tolist()

    assert len(served) == len(set(served))
    assert set(served) <= set(estimates.products.tolist())


@given(shelves(), all_rules(), st.integers(0, 99))
def test_propensities_are_probabilities_above_zero(drawn: tuple[Any, Any], rules: Rules, seed: int) -> None:
    shelf, estimates = drawn

    ranking = ranked(estimates, shelf, rules, seed=seed)

    for told in (ranking.propensities, ranking.marginals):
        assert ((told > 0) & (told <= 1)).all()
        assert len(told) == len(ranking.products)


@given(shelves(), all_rules(), st.integers(0, 99), st.randoms(use_true_random=False))
def test_the_order_of_the_candidates_plays_no_part(
    drawn: tuple[Any, Any], rules: Rules, seed: int, shuffler: Any
) -> None:
    shelf, estimates = drawn
    rows = list(range(len(estimates.products)))
    shuffler.shuffle(rows)
    shuffled = type(estimates)(**{name: column[rows] for name, column in vars(estimates).items()})

    first = ranked(estimates, shelf, rules, seed=seed)
    second = ranked(shuffled, shelf, rules, seed=seed)

    assert first.products.tolist() == second.products.tolist()
    assert first.propensities.tolist() == second.propensities.tolist()


@given(shelves(), st.floats(0, 1), st.integers(0, 99))
def test_a_listing_loses_nothing(drawn: tuple[Any, Any], share: float, seed: int) -> None:
    shelf, estimates = drawn
    rules = Rules(size=len(estimates.products), exploration=share, complete=True)

    served = ranked(estimates, shelf, rules, seed=seed).products.tolist()

    assert sorted(served) == sorted(estimates.products.tolist())


@given(shelves(), all_rules())
def test_what_is_shown_in_a_recommendation_can_be_bought(drawn: tuple[Any, Any], rules: Rules) -> None:
    shelf, estimates = drawn
    recommendation = Rules(size=rules.size, exploration=rules.exploration)

    served = ranked(estimates, shelf, recommendation).products

    assert shelf.buyable[served].all()


@given(shelves())
def test_without_exploration_every_placement_is_certain(drawn: tuple[Any, Any]) -> None:
    shelf, estimates = drawn

    ranking = ranked(estimates, shelf, Rules(size=5))

    assert ranking.propensities.tolist() == [1.0] * len(ranking.products)


# --- exploration ----------------------------------------------------------------------------------------


def test_nothing_to_explore_is_nothing_explored() -> None:
    found = explore(order=[], size=5, share=0.5, rng=np.random.default_rng(1))

    assert (found.order, found.propensities, found.marginals, found.explored) == ([], [], [], [])


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 1.0])
def test_each_placement_is_as_frequent_as_its_propensity_says(share: float) -> None:
    """Counted over draws: how often a product stood at a position after the same beginning."""
    draws, rng = 20_000, np.random.default_rng(7)
    seen: Counter[tuple[int, ...]] = Counter()
    said: dict[tuple[int, ...], float] = {}

    for _ in range(draws):
        found = explore(order=[4, 5, 6, 7], size=3, share=share, rng=rng)
        for i in range(3):
            seen[tuple(found.order[: i + 1])] += 1
            said[tuple(found.order[: i + 1])] = found.propensities[i]

    for beginning, propensity in said.items():
        before = seen[beginning[:-1]] if len(beginning) > 1 else draws
        spread = np.sqrt(propensity * (1 - propensity) / before)
        assert abs(seen[beginning] / before - propensity) <= 5 * spread + 1e-9, beginning


def test_the_propensities_of_all_that_could_be_placed_sum_to_one() -> None:
    rng, said = np.random.default_rng(3), {}
    for _ in range(2_000):
        found = explore(order=[0, 1, 2, 3, 4], size=1, share=0.4, rng=rng)
        said[found.order[0]] = found.propensities[0]

    assert sum(said.values()) == pytest.approx(1.0)


def test_a_share_of_one_half_explores_about_half_of_the_positions() -> None:
    found = explore(order=list(range(4_000)), size=4_000, share=0.5, rng=np.random.default_rng(5))

    assert np.mean(found.explored) == pytest.approx(0.5, abs=0.04)  # 5 spreads of 1 / (2 √4000)
