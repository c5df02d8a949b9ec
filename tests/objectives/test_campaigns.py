"""Which campaigns apply, and the one course that they set together."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from objectives.campaigns import (
    MOST_APPLYING,
    MOST_SPARED,
    CampaignInForce,
    Masks,
    Occasion,
    Order,
    set_course,
    wanted,
)
from objectives.conditions import Comparison
from objectives.course import NO_COURSE, Course
from objectives.selection import ProductSelection
from tests.objectives.shelves import NOW, facts

SHELF = replace(facts(4, brand=[0, 0, 1, 1], quantity=[5, 50, -1, 0]), brands=["Wilson", "Head"])
WILSON, HEAD = (ProductSelection(brands=(brand,)) for brand in ("Wilson", "Head"))
AT = Occasion(facts=SHELF, markers={"cart_value": 30.0}, zone="product", visitor_key="v:ada", now=NOW)


def campaign(number: int = 1, **fields: Any) -> CampaignInForce:
    return CampaignInForce(**{"id": number, "name": f"campaign {number}", "objectives": (("margin", 2.0),)} | fields)


def course(*campaigns: CampaignInForce, **occasion: Any) -> Course:
    return set_course(campaigns, replace(AT, **occasion), masks=Masks())


def item(position: int) -> ProductSelection:
    return ProductSelection(item_ids=(f"P{position}",))


def order(number: int, kind: str, products: ProductSelection, **fields: Any) -> Order:
    return Order(id=number, kind=kind, products=products, **fields)


@pytest.mark.parametrize(
    ("fields", "applies"),
    [
        ({}, True),
        ({"zones": frozenset({"product", "cart"})}, True),
        ({"zones": frozenset({"home"})}, False),
        ({"condition": Comparison("cart_value", ">=", 30, 30)}, True),
        ({"condition": Comparison("cart_value", ">=", 31, 31)}, False),
        ({"starts": NOW, "ends": NOW + 1}, True),
        ({"starts": NOW + 1}, False),
        ({"ends": NOW}, False),
    ],
)
def test_a_campaign_applies_in_its_zones_its_situations_and_its_period(fields: dict[str, Any], applies: bool) -> None:
    assert (course(campaign(**fields)).campaigns == (1,)) is applies


def test_without_a_campaign_that_applies_there_is_no_course() -> None:
    assert course() is NO_COURSE
    assert course(campaign(zones=frozenset({"home"}))) is NO_COURSE


def test_objectives_of_all_campaigns_add_up_under_the_strictest_floor() -> None:
    found = course(campaign(1, floor=0.9), campaign(2, floor=0.97, objectives=(("margin", 1.0), ("discovery", 3.0))))

    assert [(pull.name, pull.weight) for pull in found.pulls] == [("margin@1", 2), ("margin@2", 1), ("discovery@2", 3)]
    assert found.floor == 0.97


def test_a_campaign_that_pulls_nothing_has_no_say_in_the_floor() -> None:
    pinning = campaign(2, floor=1.0, objectives=(), orders=(order(1, "pin", item(0), place=1),))

    assert course(campaign(1, floor=0.9), pinning).floor == 0.9


def test_objectives_count_for_favoured_products_alone_and_for_all_elsewhere() -> None:
    favouring, all_over = course(campaign(promoted=HEAD, scope="favoured")), course(campaign(promoted=HEAD))

    assert favouring.pulls[0].promoted is not None
    assert favouring.pulls[0].promoted.tolist() == [False, False, True, True]
    assert all_over.pulls[0].promoted is None


def test_what_is_sold_down_is_promoted_no_longer() -> None:
    found = course(campaign(promoted=WILSON, scope="only", stops_at_stock=5))

    assert found.only is not None
    assert found.only.tolist() == [False, True, False, False]


def test_the_first_in_precedence_has_its_way() -> None:
    first = campaign(1, scope="only", promoted=WILSON, orders=(order(1, "pin", item(0), place=2),))
    second = campaign(
        2,
        scope="only",
        promoted=HEAD,
        orders=(
            order(2, "pin", item(1), place=2),
            order(3, "pin", item(2), place=1),
            order(4, "exclude", WILSON),
            order(5, "bury", item(0)),
        ),
    )

    found = course(first, second)

    assert found.pins == {1: 0, 0: 2}
    assert found.only is not None
    assert found.only.tolist() == [True, True, False, False]
    assert found.excluded is not None
    assert found.excluded.tolist() == [False, True, False, False]
    assert found.buried is None


def test_what_was_excluded_first_is_not_pinned_later() -> None:
    found = course(
        campaign(1, orders=(order(1, "exclude", item(3)),)), campaign(2, orders=(order(2, "pin", item(3), place=1),))
    )

    assert found.pins == {}


def test_a_boost_pulls_its_products_under_the_floor() -> None:
    found = course(campaign(objectives=(), floor=0.9, orders=(order(8, "boost", HEAD, strength=4.0),)))

    (pull,) = found.pulls
    assert (pull.name, pull.measure, pull.weight) == ("boost@1.8", "conversion", 4.0)
    assert pull.promoted is not None
    assert pull.promoted.tolist() == [False, False, True, True]
    assert found.floor == 0.9


def test_an_unknown_item_is_pinned_nowhere() -> None:
    assert course(campaign(orders=(order(1, "pin", ProductSelection(item_ids=("gone",)), place=1),))).pins == {}


def test_what_a_course_is_about_is_to_be_estimated() -> None:
    pinning = (order(1, "pin", item(0), place=1),)

    assert wanted(course(campaign(promoted=HEAD, scope="favoured", orders=pinning))).tolist() == [0, 2, 3]
    assert wanted(course(campaign(promoted=HEAD))).tolist() == []


def test_the_held_out_are_spared_and_told() -> None:
    found = course(campaign(1, holdout=1.0), campaign(2, holdout=0.0))

    assert (found.campaigns, found.spared) == ((2,), (1,))
    assert course(campaign(1, holdout=1.0)).spared == (1,)
    assert not course(campaign(1, holdout=1.0)).steers


def test_a_share_of_the_visitors_is_held_out_always_the_same_and_by_each_campaign_on_its_own() -> None:
    visitors = [f"v:{number}" for number in range(4_000)]
    one, other = campaign(1, holdout=0.25), campaign(2, holdout=0.25)

    by_one, by_other = ({key for key in visitors if held.spares(key)} for held in (one, other))

    assert len(by_one) == pytest.approx(1_000, abs=5 * np.sqrt(4_000 * 0.25 * 0.75))
    assert len(by_one & by_other) == pytest.approx(250, abs=5 * np.sqrt(4_000 * 0.0625 * 0.9375))
    assert by_one == {key for key in visitors if replace(one, name="renamed").spares(key)}


RULES = (
    order(1, "pin", item(0), place=1),
    order(2, "boost", HEAD),
    order(3, "bury", item(1)),
    order(4, "exclude", item(3)),
)
VISITORS = [f"v:{number}" for number in range(4_000)]


def test_each_rule_but_an_exclusion_is_spared_for_the_share_by_itself_and_whatever_the_campaign_drew() -> None:
    ruled, spread = campaign(holdout=0.25, orders=RULES), 5 * np.sqrt(4_000 * 0.25 * 0.75)
    spared = {key: ruled.spared_rules(key) for key in VISITORS}

    by_rule = [{key for key in VISITORS if number in spared[key]} for number in (1, 2, 3, 4)]
    by_campaign = {key for key in VISITORS if ruled.spares(key)}

    assert [len(keys) for keys in by_rule] == [pytest.approx(1_000, abs=spread)] * 3 + [0]
    for one, other in ((by_rule[0], by_rule[1]), (by_rule[1], by_rule[2]), (by_rule[0], by_campaign)):
        assert len(one & other) == pytest.approx(250, abs=spread)


def test_a_visitor_is_spared_the_same_rules_whatever_becomes_of_the_campaign() -> None:
    ruled = campaign(holdout=0.25, orders=RULES)
    renamed = replace(ruled, name="renamed", orders=RULES[1:])

    assert all(set(renamed.spared_rules(key)) == set(ruled.spared_rules(key)) - {1} for key in VISITORS)


def test_who_is_spared_rules_is_steered_without_them_and_told_which() -> None:
    ruled = campaign(holdout=0.25, orders=RULES)
    keys = [key for key in VISITORS if not ruled.spares(key)]
    whole = next(key for key in keys if not ruled.spared_rules(key))
    bare = next(key for key in keys if len(ruled.spared_rules(key)) == 3)

    with_rules, without = course(ruled, visitor_key=whole), course(ruled, visitor_key=bare)

    assert (with_rules.spared_rules, without.spared_rules) == ((), (1, 2, 3))
    assert (with_rules.pins, without.pins) == ({0: 0}, {})
    assert [len(found.pulls) for found in (with_rules, without)] == [2, 1]
    assert [found.buried is None for found in (with_rules, without)] == [False, True]
    assert without.excluded is not None
    assert without.campaigns == (1,)


def test_rules_of_a_campaign_that_is_spared_itself_are_not_told() -> None:
    ruled = campaign(holdout=0.25, orders=RULES)
    key = next(key for key in VISITORS if ruled.spares(key) and ruled.spared_rules(key))

    assert course(ruled, visitor_key=key).spared_rules == ()


def test_nobody_is_spared_a_rule_without_a_hold_out() -> None:
    ruled = campaign(holdout=0.0, orders=RULES)

    assert not any(ruled.spared_rules(key) for key in VISITORS)


def test_one_answer_names_no_more_than_its_log_can_hold() -> None:
    many = [
        campaign(number, holdout=0.9, objectives=(), orders=(order(number, "boost", HEAD),)) for number in range(1_500)
    ]

    found = course(*many)
    bare = course(*(replace(each, holdout=0.0) for each in many))

    assert len(found.campaigns) + len(found.spared) == MOST_APPLYING
    assert len(found.spared_rules) <= MOST_SPARED
    assert bare.campaigns == tuple(range(MOST_APPLYING))


def test_masks_are_worked_out_once_a_catalog_version_and_minute() -> None:
    masks = Masks()
    first = masks.of(WILSON, SHELF, now=NOW)

    assert masks.of(ProductSelection(brands=("Wilson",)), SHELF, now=NOW) is first
    assert masks.of(WILSON, replace(SHELF, version=SHELF.version + 1), now=NOW) is not first
    assert masks.of(WILSON, SHELF, now=NOW + 60) is not first
