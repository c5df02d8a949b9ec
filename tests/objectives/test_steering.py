"""The laws of steering: the floor holds, objectives are monotone in their weights, pins and caps are exact."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from objectives.course import Course, Pull
from objectives.eligibility import Filters, eligible
from objectives.measures import MEASURES
from objectives.reranking import Ranking, Rules, rerank
from tests.objectives.shelves import NOW, expected, facts

OBJECTIVES = ("margin", "revenue", "clearance", "discovery")
shares = st.floats(0, 1, width=32)
weights = st.floats(0, 20, width=32)


@st.composite
def situations(draw: st.DrawFn, *, least: int = 0) -> tuple[Any, Any, Rules]:
    """A shelf, what is expected of some of its products, and a zone."""
    count = draw(st.integers(least, 14))
    several = st.lists(st.integers(-1, 3), min_size=count, max_size=count)
    chances = st.lists(shares, min_size=count, max_size=count)
    money = st.lists(st.floats(0, 500, width=32), min_size=count, max_size=count)
    shelf = facts(
        count,
        brand=draw(several),
        category=draw(several),
        category_parents=[-1] * 4,
        group=draw(several),
        buyable=draw(st.lists(st.booleans(), min_size=count, max_size=count)),
        list_price=draw(money),
        cost=draw(money),
        quantity=draw(st.lists(st.integers(-1, 90), min_size=count, max_size=count)),
    )
    estimates = expected(
        list(range(count)), view=draw(chances), cart=draw(chances), purchase=draw(chances), score=draw(chances)
    )
    caps = st.none() | st.integers(1, 3)
    rules = Rules(
        size=draw(st.integers(1, 6)),
        max_per_brand=draw(caps),
        max_per_category=draw(caps),
        complete=draw(st.booleans()),
    )
    return shelf, estimates, replace(rules, size=max(count, 1)) if rules.complete else rules


@st.composite
def courses(draw: st.DrawFn, *, pins: bool = False, objectives: int = 4) -> Course:
    names = draw(st.lists(st.sampled_from(OBJECTIVES[:objectives]), unique=True, max_size=objectives))
    pinned = draw(st.dictionaries(st.integers(0, 5), st.integers(0, 13), max_size=3)) if pins else {}
    assume(len(set(pinned.values())) == len(pinned))
    return Course(pulls=tuple(Pull(1, name, draw(weights)) for name in names), floor=draw(st.floats(0, 1)), pins=pinned)


def ranked(situation: tuple[Any, Any, Rules], course: Course, *, exploration: float = 0.0) -> Ranking:
    shelf, estimates, rules = situation
    return rerank(
        estimates=estimates,
        facts=shelf,
        eligible=eligible(facts=shelf, filters=Filters()),
        rules=replace(rules, exploration=exploration),
        now=NOW,
        rng=np.random.default_rng(0),
        course=course,
    )


def total(measure: str, situation: tuple[Any, Any, Rules], ranking: Ranking) -> float:
    """What the list has of a measure, each place counting as the zone's kind has it."""
    shelf, estimates, rules = situation
    shown = ranking.rows[shelf.buyable[ranking.products]]  # a listing's last ones are not for sale
    values = MEASURES[measure](estimates, shelf, NOW)[shown].astype(np.float64)
    return float(values @ (1 / np.log2(np.arange(len(values)) + 2) if rules.complete else np.ones(len(values))))


@given(situations(), courses())
def test_the_floor_holds_of_what_is_shown(situation: tuple[Any, Any, Rules], course: Course) -> None:
    steered, unsteered = ranked(situation, course), ranked(situation, Course())

    best, had = (total("conversion", situation, ranking) for ranking in (unsteered, steered))
    assert had >= course.floor * best * (1 - 1e-6)


@given(situations(), courses(), st.integers(0, 3), st.floats(0, 10, width=32))
def test_a_larger_weight_never_brings_less_of_its_objective(
    situation: tuple[Any, Any, Rules], course: Course, which: int, more: float
) -> None:
    assume(which < len(course.pulls))
    pull = course.pulls[which]
    pulls = list(course.pulls)
    pulls[which] = replace(pull, weight=pull.weight + more)

    before, after = ranked(situation, course), ranked(situation, replace(course, pulls=tuple(pulls)))

    had, has = (total(pull.measure, situation, ranking) for ranking in (before, after))
    assert has >= had - 1e-4 * max(1.0, abs(had))


@given(situations(least=1), courses(pins=True), st.randoms(use_true_random=False))
def test_the_order_of_the_candidates_plays_no_part(
    situation: tuple[Any, Any, Rules], course: Course, random: Any
) -> None:
    shelf, estimates, rules = situation
    order = list(range(len(estimates.products)))
    random.shuffle(order)
    columns = ("products", "view", "cart", "purchase", "score")
    shuffled = replace(estimates, **{name: getattr(estimates, name)[order] for name in columns})

    again = ranked((shelf, shuffled, rules), course)

    assert again.products.tolist() == ranked(situation, course).products.tolist()


@given(situations(), courses(pins=True), shares)
def test_pins_stand_where_they_were_set_whatever_is_explored(
    situation: tuple[Any, Any, Rules], course: Course, exploration: float
) -> None:
    shelf, _, rules = situation
    served = ranked(situation, course, exploration=exploration).products.tolist()
    possible = int(np.count_nonzero(shelf.buyable))

    for place, product in course.pins.items():
        if product < len(shelf.buyable) and shelf.buyable[product] and place < min(rules.size, possible, len(served)):
            assert served[place] == product


@given(situations(), courses())
def test_caps_are_exact_while_anything_else_is_left(situation: tuple[Any, Any, Rules], course: Course) -> None:
    shelf, estimates, rules = situation
    assume(not rules.complete)
    served = ranked(situation, course).products

    groups = [group for group in shelf.group[served].tolist() if group >= 0]
    assert len(groups) == len(set(groups))
    for column, cap in ((shelf.brand, rules.max_per_brand), (shelf.category, rules.max_per_category)):
        if cap is None or (rules.max_per_brand is not None and rules.max_per_category is not None):
            continue  # both at once can leave a place that neither alone would
        counted = Counter(column[served].tolist())
        over = [kind for kind, count in counted.items() if kind >= 0 and count > cap]
        for product in estimates.products.tolist() if over else []:
            other = shelf.buyable[product] and product not in served and shelf.group[product] not in groups
            assert not (other and counted[int(column[product])] < cap and column[product] >= 0)


@given(situations(), courses(pins=True))
def test_a_listing_loses_nothing_and_nothing_is_shown_twice(situation: tuple[Any, Any, Rules], course: Course) -> None:
    _, estimates, rules = situation
    served = ranked(situation, course).products.tolist()

    assert len(served) == len(set(served))
    if rules.complete:
        assert sorted(served) == sorted(estimates.products.tolist())


# --- by hand ------------------------------------------------------------------------------------------------------

SHELF = facts(4, list_price=[100] * 4, cost=[90, 80, 50, 10])
ESTIMATES = expected(range(4), purchase=[0.10, 0.098, 0.09, 0.02], cart=[0.1, 0.098, 0.09, 0.02])


def margin(floor: float, *, weight: float = 100.0, **course: Any) -> list[int]:
    pull = Pull(7, "margin", weight)
    return ranked((SHELF, ESTIMATES, Rules(size=2)), Course(pulls=(pull,), floor=floor, **course)).products.tolist()


def test_margin_is_taken_as_far_as_the_floor_allows() -> None:
    """Unsteered 0 and 1 convert 0.198; 1 and 2, which bring the most margin of all, keep 94.9 % of it, 0 and 2 96.0 %.

    No mixture of conversion and margin puts 0 and 2 in front of 1: the list lies between those that mixtures lead to.
    """
    assert set(margin(1.0)) == {0, 1}
    assert set(margin(0.95)) == {0, 2}
    assert set(margin(0.94)) == set(margin(0.0)) == {1, 2}


def test_without_weight_nothing_moves() -> None:
    assert margin(0.0, weight=0.0) == [0, 1]


def test_an_objective_counts_for_promoted_products_alone() -> None:
    promoted = np.array([False, False, False, True])
    course = Course(pulls=(Pull(7, "conversion", 50.0, promoted),), floor=0.5)

    assert 3 in ranked((SHELF, ESTIMATES, Rules(size=2)), course).products


def test_a_list_of_the_selection_alone_is_filled_with_others_only_when_it_is_short() -> None:
    course = Course(only=np.array([False, False, True, True]), floor=1.0)

    assert ranked((SHELF, ESTIMATES, Rules(size=2)), course).products.tolist() == [2, 3]
    assert ranked((SHELF, ESTIMATES, Rules(size=3)), course).products.tolist() == [2, 3, 0]


def test_what_is_buried_comes_when_nothing_else_is_left() -> None:
    course = Course(buried=np.array([True, False, False, False]))

    assert ranked((SHELF, ESTIMATES, Rules(size=4)), course).products.tolist() == [1, 2, 3, 0]


def test_a_ranking_tells_what_it_kept_and_where_each_would_have_stood() -> None:
    found = ranked((SHELF, ESTIMATES, Rules(size=2)), Course(pins={0: 3}, campaigns=(4,)))

    assert found.products.tolist() == [3, 0]
    assert found.before.tolist() == [-1, 0]
    assert found.kept == pytest.approx(0.12 / 0.198, abs=1e-3)
    assert found.campaigns == (4,)


def test_contributions_of_pulls_are_in_the_units_of_what_the_zone_maximises() -> None:
    found = ranked((SHELF, ESTIMATES, Rules(size=2)), Course(pulls=(Pull(7, "margin", 1.0),), floor=0.0))

    assert set(found.contributions) == {"basket", "conversion", "margin@7"}
    assert found.value == pytest.approx(sum(found.contributions.values()))


def test_burying_spends_of_the_floor_and_objectives_take_no_more_of_it() -> None:
    """Without 0 and 1 the best list converts 0.11 of 0.198: below a floor of 60 %, whatever margin might bring."""
    buried = np.array([True, True, False, False])
    pull = Pull(7, "margin", 100.0)

    found = ranked((SHELF, ESTIMATES, Rules(size=2)), Course(pulls=(pull,), floor=0.6, buried=buried))

    assert found.products.tolist() == [2, 3]
    assert found.kept == pytest.approx(0.11 / 0.198, abs=1e-3)


def test_where_each_would_have_stood_is_told_of_the_list_before_anything_was_excluded() -> None:
    found = ranked((SHELF, ESTIMATES, Rules(size=2)), Course(excluded=np.array([True, False, False, False])))

    assert (found.products.tolist(), found.before.tolist()) == ([1, 2], [1, -1])
    assert found.left_out["excluded"] == 1
