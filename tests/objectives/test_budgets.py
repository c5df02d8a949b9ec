"""Budgets: what is spent is put forward no longer, by whatever means, and nothing else changes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from objectives.budgets import (
    NO_EXPOSURES,
    NOTHING_SPENT,
    Spent,
    exposures,
    left_by_budgets,
    put_before_the_visitor,
)
from objectives.campaigns import CampaignInForce, Masks, Occasion, Order, set_course, wanted
from objectives.course import NO_COURSE, Course
from objectives.reranking import Ranking, Rules, rerank
from objectives.selection import EVERYTHING, ProductSelection
from tests.objectives.shelves import NOW, expected, facts

COUNT = 6
SHELF = facts(COUNT, quantity=[5, 50, -1, 0, 7, 9])
AT = Occasion(facts=SHELF, markers={}, zone="home", visitor_key="v:ada", now=NOW)
CHANCES = [0.9, 0.8, 0.7, 0.6, 0.5, 0.4]


def items(*positions: int) -> ProductSelection:
    return ProductSelection(item_ids=tuple(f"P{position}" for position in positions))


def campaign(number: int = 1, **fields: Any) -> CampaignInForce:
    pushing = {"id": number, "name": f"campaign {number}", "objectives": (("conversion", 2.0),), "floor": 0.5}
    return CampaignInForce(**pushing | fields)


def order(kind: str, products: ProductSelection, **fields: Any) -> Order:
    return Order(id=1, kind=kind, products=products, **fields)


def spent(**products: list[int]) -> Spent:
    """Catalog positions shown enough by campaign `c1`, `c2` …"""
    return Spent(products={int(name[1:]): np.array(shown, np.int32) for name, shown in products.items()})


def course(*campaigns: CampaignInForce, spent: Spent = NOTHING_SPENT, **occasion: Any) -> Course:
    return set_course(campaigns, replace(AT, spent=spent, **occasion), masks=Masks())


def ranked(steered: Course, *, size: int = 3) -> Ranking:
    estimates = expected(range(COUNT), view=CHANCES, cart=CHANCES, purchase=CHANCES, score=CHANCES)
    return rerank(
        estimates=estimates,
        facts=SHELF,
        eligible=np.ones(COUNT, bool),
        rules=Rules(size=size),
        now=NOW,
        rng=np.random.default_rng(0),
        course=steered,
    )


# --- what is left -----------------------------------------------------------------------------------------------


def test_what_is_sold_down_or_shown_enough_is_left_no_longer() -> None:
    left = left_by_budgets(SHELF, stops_at_stock=5, shown_enough=np.array([4], np.int32))

    assert left is not None
    assert left.tolist() == [False, True, True, False, False, True]


@pytest.mark.parametrize(
    ("stops_at_stock", "shown_enough"), [(None, None), (None, np.empty(0, np.int32)), (None, np.array([99], np.int32))]
)
def test_where_nothing_is_held_back_nothing_is_masked(stops_at_stock: int | None, shown_enough: Any) -> None:
    assert left_by_budgets(SHELF, stops_at_stock=stops_at_stock, shown_enough=shown_enough) is None


# --- a product that is spent ------------------------------------------------------------------------------------


@pytest.mark.parametrize("scope", ["all", "favoured", "only"])
def test_no_objective_counts_for_what_is_spent_and_all_go_on_counting_for_the_rest(scope: str) -> None:
    made = course(campaign(scope=scope, promoted=items(1, 2)), spent=spent(c1=[1]))

    pulled = ranked(made, size=COUNT)
    pull = dict(zip(pulled.products.tolist(), pulled.contributions["conversion@1"].tolist(), strict=True))
    assert pull[1] == 0 < pull[2]


def test_a_list_of_the_promoted_alone_goes_on_with_those_that_are_left() -> None:
    made = course(campaign(scope="only", promoted=items(1, 2)), spent=spent(c1=[1]))

    assert made.only is not None
    assert np.flatnonzero(made.only).tolist() == [2]


def test_what_is_spent_is_neither_boosted_nor_pinned() -> None:
    by_hand = (order("boost", items(3, 4)), order("pin", items(5), place=1))

    made = course(campaign(objectives=(), orders=by_hand), spent=spent(c1=[3, 5]))

    (pull,) = made.pulls
    assert pull.promoted is not None
    assert np.flatnonzero(pull.promoted).tolist() == [4]
    assert made.pins == {}


def test_what_is_sold_down_is_not_pinned() -> None:
    assert course(campaign(orders=(order("pin", items(0), place=1),), stops_at_stock=5)).pins == {}
    assert course(campaign(orders=(order("pin", items(1), place=1),), stops_at_stock=5)).pins == {0: 1}


def test_objectives_that_count_for_every_product_are_not_about_those_that_are_left() -> None:
    """What a course is about is estimated where no engine proposes it: that must not become the whole catalog."""
    assert wanted(course(campaign(), spent=spent(c1=[1]))).tolist() == []
    assert wanted(course(campaign(scope="favoured", promoted=items(1, 2)), spent=spent(c1=[1]))).tolist() == [2]


def test_the_place_of_a_spent_pin_is_free_for_the_next_campaign() -> None:
    first, second = (campaign(number, orders=(order("pin", items(number), place=1),)) for number in (1, 2))

    assert course(first, second, spent=spent(c1=[1])).pins == {0: 2}


# --- a campaign that is used up ---------------------------------------------------------------------------------


@pytest.mark.parametrize("scope", ["favoured", "only"])
@pytest.mark.parametrize("held_out", [0.0, 1.0])
def test_a_campaign_whose_promoted_are_all_cleared_steers_no_longer_and_is_told(scope: str, held_out: float) -> None:
    """Whoever is held out: both arms end at once."""
    clearing = campaign(scope=scope, promoted=items(0, 3), stops_at_stock=5, holdout=held_out)

    made = course(clearing)

    assert made.used_up == (1,)
    assert (made.campaigns, made.spared) == ((), ())
    assert not made.steers
    assert ranked(made).products.tolist() == ranked(NO_COURSE).products.tolist()


def test_what_comes_back_into_stock_is_promoted_again() -> None:
    clearing = campaign(scope="only", promoted=items(0, 3), stops_at_stock=5)

    made = course(clearing, facts=replace(SHELF, quantity=np.array([6, 50, -1, 0, 7, 9], np.int32)))

    assert (made.campaigns, made.used_up) == ((1,), ())


@pytest.mark.parametrize(
    ("fields", "over"),
    [
        ({"promoted": items(1), "scope": "favoured"}, True),
        ({"promoted": items(1, 2), "scope": "favoured"}, False),
        ({"promoted": items(1), "scope": "favoured", "orders": (order("boost", items(2)),)}, False),
        ({"promoted": items(1), "scope": "favoured", "orders": (order("boost", items(1)),)}, True),
        ({"promoted": items(1), "scope": "favoured", "orders": (order("exclude", items(5)),)}, False),
        ({"promoted": items(1), "scope": "favoured", "objectives": (), "orders": (order("bury", items(5)),)}, False),
        ({"objectives": (), "orders": (order("pin", items(1), place=1),)}, True),
        ({"objectives": (), "orders": (order("pin", items(2), place=1),)}, False),
        ({"promoted": items(1)}, False),  # of the scope all: its objectives count for everything
        ({"objectives": ()}, False),  # never had anything to put forward
    ],
)
def test_a_campaign_is_used_up_when_budgets_leave_it_nothing_to_do(fields: dict[str, Any], over: bool) -> None:
    assert (course(campaign(**fields), spent=spent(c1=[1])).used_up == (1,)) is over


def test_a_campaign_of_all_products_is_used_up_when_all_are_spent() -> None:
    assert course(campaign(), spent=spent(c1=list(range(COUNT)))).used_up == (1,)


def test_a_used_up_campaign_that_still_buries_has_no_say_in_the_floor() -> None:
    strict = campaign(1, scope="only", promoted=items(1), floor=1.0, orders=(order("bury", items(5)),))

    made = course(strict, campaign(2, floor=0.7), spent=spent(c1=[1]))

    assert made.floor == 0.7
    assert made.only is None
    assert [pull.campaign for pull in made.pulls] == [2]
    assert made.buried is not None


def test_the_list_passes_to_the_next_campaign_that_wants_its_own_alone() -> None:
    first, second = campaign(1, scope="only", promoted=items(1)), campaign(2, scope="only", promoted=items(2))

    made = course(first, second, spent=spent(c1=[1]))

    assert made.only is not None
    assert np.flatnonzero(made.only).tolist() == [2]


# --- a visitor --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("held_out", [0.0, 1.0])
def test_a_visitor_who_has_had_enough_is_neither_steered_nor_spared(held_out: float) -> None:
    rationed = campaign(most_per_visitor=3, holdout=held_out)

    made = course(rationed, campaign(2), spent=Spent(campaigns=frozenset({1})))

    assert (made.campaigns, made.spared, made.rationed) == ((2,), (), ())


@pytest.mark.parametrize("held_out", [0.0, 1.0])
def test_answers_count_for_the_steered_and_for_the_held_out_alike(held_out: float) -> None:
    made = course(campaign(most_per_visitor=3, holdout=held_out), campaign(2))

    taken = exposures(made, shown=np.array([1], np.int32), visitor_key="v:ada")

    assert (taken.campaigns, taken.visitor_key) == ((1,), "v:ada")


# --- what an answer takes ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "counted"),
    [
        ({}, [0, 1, 2]),
        ({"scope": "favoured", "promoted": items(1, 2, 5)}, [1, 2]),
        ({"scope": "only", "promoted": items(1, 2, 5)}, [1, 2]),
        ({"scope": "favoured", "promoted": items(1, 2, 5), "objectives": ()}, []),
        ({"objectives": (), "orders": (order("pin", items(2), place=1), order("boost", items(0)))}, [0, 2]),
        ({"objectives": (), "orders": (order("bury", items(2)),)}, []),
    ],
)
def test_what_is_shown_of_what_a_campaign_puts_forward_counts(fields: dict[str, Any], counted: list[int]) -> None:
    made = course(campaign(most_per_product=9, **fields))

    taken = exposures(made, shown=np.array([0, 1, 2], np.int32), visitor_key="v:ada")

    assert taken.products[1].tolist() == counted
    assert taken.campaigns == ()


def test_what_is_spent_is_counted_no_more_though_it_may_be_shown() -> None:
    made = course(campaign(most_per_product=9), spent=spent(c1=[1]))

    assert exposures(made, shown=np.array([0, 1], np.int32), visitor_key="v:ada").products[1].tolist() == [0]


def test_the_held_out_are_shown_nothing_that_counts() -> None:
    made = course(campaign(most_per_product=9, holdout=1.0))

    assert exposures(made, shown=np.array([0, 1], np.int32), visitor_key="v:ada") is NO_EXPOSURES


def test_without_budgets_nothing_is_taken() -> None:
    assert exposures(course(campaign()), shown=np.array([0], np.int32), visitor_key="v:ada") is NO_EXPOSURES


def test_a_list_shows_all_that_it_holds_and_a_listing_what_it_lifts() -> None:
    products, before = np.array([7, 8, 9, 6], np.int32), np.array([2, 0, 1, -1], np.int32)

    assert put_before_the_visitor(products, before, complete=False).tolist() == [7, 8, 9, 6]
    assert put_before_the_visitor(products, before, complete=True).tolist() == [7]


# --- laws -------------------------------------------------------------------------------------------------------

positions = st.lists(st.integers(0, COUNT - 1), unique=True, max_size=COUNT)
some = positions.filter(bool).map(lambda found: items(*found))
pins = st.builds(
    lambda product, place: order("pin", items(product), place=place), st.integers(0, COUNT - 1), st.integers(1, 3)
)
by_hand = st.lists(st.one_of(pins, st.builds(order, st.sampled_from(["boost", "bury", "exclude"]), some)), max_size=3)


@st.composite
def campaigns_of_budgets(draw: st.DrawFn) -> list[CampaignInForce]:
    return [
        campaign(
            number,
            scope=draw(st.sampled_from(["all", "favoured", "only"])),
            promoted=draw(st.one_of(st.just(EVERYTHING), some)),
            objectives=draw(st.sampled_from([(), (("conversion", 2.0),), (("margin", 1.0), ("revenue", 3.0))])),
            orders=tuple(draw(by_hand)),
            holdout=draw(st.sampled_from([0.0, 0.0, 1.0])),
            stops_at_stock=draw(st.sampled_from([None, 5, 50])),
            most_per_product=draw(st.sampled_from([None, 1])),
            most_per_visitor=draw(st.sampled_from([None, 1])),
        )
        for number in range(1, draw(st.integers(1, 3)) + 1)
    ]


@st.composite
def spendings(draw: st.DrawFn) -> Spent:
    products = {number: np.array(draw(positions), np.int32) for number in (1, 2, 3)}
    return Spent(products=products, campaigns=frozenset(draw(st.sets(st.integers(1, 3), max_size=1))))


def of(made: Course, number: int) -> list[tuple[str, float, list[bool]]]:
    """What one campaign pulls, and for which products."""
    every = np.ones(COUNT, bool)
    return [
        (pull.name, pull.weight, (every if pull.promoted is None else pull.promoted).tolist())
        for pull in made.pulls
        if pull.campaign == number
    ]


@given(campaigns_of_budgets(), spendings())
@settings(deadline=None)
def test_nothing_is_put_forward_once_it_is_spent(campaigns: list[CampaignInForce], used: Spent) -> None:
    for each in campaigns:
        alone = course(each, spent=used)
        enough = used.products[each.id].tolist()
        if each.stops_at_stock is not None:
            enough += np.flatnonzero((SHELF.quantity >= 0) & (SHELF.quantity <= each.stops_at_stock)).tolist()

        assert not any(held[product] for _name, _weight, held in of(alone, each.id) for product in enough)
        assert not set(alone.pins.values()) & set(enough)
        assert alone.only is None or not alone.only[enough].any()
        assert not any(forward[enough].any() for forward in alone.counted.values())


@given(campaigns_of_budgets(), spendings())
@settings(deadline=None)
def test_what_one_campaign_has_spent_changes_nothing_of_what_others_pull(
    campaigns: list[CampaignInForce], used: Spent
) -> None:
    others = campaigns[1:]
    alone = Spent(products={1: used.products[1]}, campaigns=used.campaigns & {1})

    before, after = course(*campaigns), course(*campaigns, spent=alone)

    for each in others:
        assert of(after, each.id) == of(before, each.id)
        assert (each.id in after.used_up) is (each.id in before.used_up)
        assert (each.id in after.campaigns) is (each.id in before.campaigns)
        assert (each.id in after.rationed) is (each.id in before.rationed)
        assert np.array_equal(after.counted.get(each.id, []), before.counted.get(each.id, []))


@given(campaigns_of_budgets(), spendings(), st.randoms(use_true_random=False))
@settings(deadline=None)
def test_budgets_hold_whatever_the_order_of_campaigns(
    campaigns: list[CampaignInForce], used: Spent, random: Any
) -> None:
    shuffled = random.sample(campaigns, len(campaigns))

    one, other = course(*campaigns, spent=used), course(*shuffled, spent=used)

    for name in ("campaigns", "spared", "used_up", "rationed"):
        assert set(getattr(one, name)) == set(getattr(other, name))
    assert {number: held.tolist() for number, held in one.counted.items()} == {
        number: held.tolist() for number, held in other.counted.items()
    }
    for each in campaigns:
        assert of(one, each.id) == of(other, each.id)


@given(campaigns_of_budgets(), spendings())
@settings(deadline=None)
def test_holding_out_moves_a_visitor_from_one_arm_to_the_other_and_changes_nothing_else(
    campaigns: list[CampaignInForce], used: Spent
) -> None:
    steered, spared = ([replace(each, holdout=share) for each in campaigns] for share in (0.0, 1.0))

    one, other = course(*steered, spent=used), course(*spared, spent=used)

    assert (one.campaigns, one.spared) == (other.spared, other.campaigns)
    assert (one.used_up, one.rationed) == (other.used_up, other.rationed)
