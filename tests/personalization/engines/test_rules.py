"""The rules engine: rules in their order, no product twice, best sellers after them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest

from objectives.conditions import parse
from personalization import situation
from personalization.engines.base import Estimates, Question, Relation
from personalization.engines.rules import RulesEngine
from personalization.markers.live_visit import LiveVisit
from personalization.memory.live import LiveMemory
from personalization.merchandising.counts import NONE, Merchandise
from personalization.merchandising.defaults import DEFAULT_RULES
from personalization.merchandising.rates import PLACES, Rates
from personalization.merchandising.rule import KNOWN_MARKERS, Message, RuleInForce
from personalization.merchandising.strategies import Selection
from tests.personalization.merchandising.sights import FACTS, NOW, SELLING, companions, event, viewing, visit

BEST = [4, 1, 6, 2, 3, 0, 5]  # by SELLING
MEMORY = LiveMemory(
    generation_id=1,
    number=7,
    merchandise=Merchandise(
        selling=SELLING, viewed_with=companions({0: [(5, 2.0), (3, 1.0)]}), bought_with=companions({0: [(5, 1.0)]})
    ),
)


def rule(strategy: str, *, most: int = 2, when: Any = None, name: str = "", **fields: Any) -> RuleInForce:
    condition = parse(when or {"all": []}, KNOWN_MARKERS)
    parameters = {"item_ids": fields.pop("item_ids")} if "item_ids" in fields else {}
    selection = Selection(strategy=strategy, most=most, parameters=parameters) if strategy else None
    return RuleInForce(name=name or strategy, condition=condition, selection=selection, **fields)


def estimated(
    *rules: RuleInForce, lived: LiveVisit | None = None, memory: LiveMemory = MEMORY, **more: Any
) -> Estimates:
    lived = lived or viewing(0)
    question = Question(
        **{
            "store_id": 1,
            "visit": lived,
            "markers": situation.raw(lived),
            "facts": FACTS,
            "eligible": FACTS.buyable,
            "limit": 7,
            "now": datetime.fromtimestamp(NOW, UTC),
            **more,
        }
    )
    return RulesEngine(memory_of=lambda **_: memory, rules_for=lambda **_: rules).estimate(question)


def test_rules_place_their_products_in_their_order_and_best_sellers_come_after() -> None:
    found = estimated(rule("chosen", item_ids=["2", "3"]), rule("viewed_together"))

    assert found.products.tolist() == [2, 3, 5, 4, 1, 6, 0]


def test_a_rule_places_no_more_than_its_share() -> None:
    assert estimated(rule("chosen", most=1, item_ids=["2", "3"]), rule("viewed_together")).products.tolist()[:3] == [
        2,
        5,
        3,
    ]


def test_what_is_already_placed_takes_no_share() -> None:
    found = estimated(rule("chosen", item_ids=["5"]), rule("viewed_together", most=1))

    assert found.products.tolist()[:2] == [5, 3]


def test_only_rules_whose_condition_holds_apply() -> None:
    in_cart = {"marker": "cart_lines", "operator": ">=", "value": 1}
    rules = (rule("chosen", item_ids=["2"], when=in_cart), rule("chosen", item_ids=["3"], when={"not": in_cart}))

    assert estimated(*rules).products[0] == 3
    assert estimated(*rules, lived=visit(event(0, "add_to_cart", 0))).products[0] == 2


@pytest.mark.parametrize(("zone", "first"), [("home", 2), ("product", 4), ("", 4)])
def test_a_rule_may_be_for_some_zones_only(zone: str, first: int) -> None:
    assert estimated(rule("chosen", item_ids=["2"], zones=frozenset({"home"})), zone=zone).products[0] == first


def test_what_may_not_be_shown_makes_room() -> None:
    eligible = FACTS.buyable.copy()
    eligible[[2, 4]] = False

    assert estimated(rule("chosen", most=1, item_ids=["2", "3"]), eligible=eligible).products.tolist()[:2] == [3, 1]


def test_the_limit_holds() -> None:
    assert estimated(rule("chosen", item_ids=["2", "3"]), limit=1).products.tolist() == [2]


def test_a_listing_keeps_all_and_orders_the_rest_by_selling() -> None:
    candidates = np.array([0, 1, 2, 3], np.int32)

    found = estimated(rule("chosen", item_ids=["3", "5"]), candidates=candidates, eligible=np.zeros(7, bool))

    assert found.products.tolist() == [3, 1, 2, 0]


def test_each_product_tells_what_it_owes_its_place_to() -> None:
    found = estimated(rule("viewed_together", most=1))

    assert found.relations[0] == (Relation("rule", origin=0, success=5, start=0, traits=("viewed_together",)),)
    assert found.relations[1] == (Relation("popular", success=4),)
    assert found.support[0] == 20.0  # visits that looked at both
    assert found.details["rules"] == ["viewed_together"]


def rates(**first: float) -> Rates:
    """Frequencies that stay the same at every place: views as told, carts half of them, purchases a tenth."""
    return Rates({name: np.outer([view, view / 2, view / 10], np.ones(PLACES)) for name, view in first.items()})


def remembering(told: Rates) -> LiveMemory:
    return LiveMemory(generation_id=1, number=7, merchandise=MEMORY.merchandise, rates=told)


def test_expectations_are_those_of_the_strategy() -> None:
    memory = remembering(rates(viewed_together=0.5, bestsellers=0.1))

    found = estimated(rule("viewed_together", most=1), memory=memory)

    assert found.view.tolist()[:2] == pytest.approx([0.5, 0.1])
    assert (found.cart[0], found.purchase[0]) == pytest.approx((0.25, 0.05))


@pytest.mark.parametrize(("binding", "expected"), [(True, [0.3, 0.3]), (False, [0.1, 0.5])])
def test_an_order_that_binds_is_never_belied_by_what_is_expected(binding: bool, expected: list[float]) -> None:
    memory = remembering(rates(chosen=0.1, viewed_together=0.5, bestsellers=0.0))
    rules = (
        rule("chosen", most=1, item_ids=["2"], binding=binding),
        rule("viewed_together", most=1, binding=binding),
    )

    found = estimated(*rules, memory=memory)

    assert found.products.tolist()[:2] == [2, 5]
    assert found.view.tolist()[:2] == pytest.approx(expected)


def message(name: str) -> Message:
    return Message(rule_id=1, rule=name, title="", text=name)


def test_the_first_message_of_those_that_apply_is_told() -> None:
    never = {"not": {"all": []}}
    rules = (
        rule("", name="a", when=never, message=message("a")),
        rule("", name="b", message=message("b")),
        rule("chosen", name="c", item_ids=["2"], message=message("c")),
    )

    found = estimated(*rules)

    assert found.details["message"] == message("b")
    assert found.products[0] == 2


def test_without_a_message_none_is_told() -> None:
    assert estimated(rule("chosen", item_ids=["2"])).details["message"] is None


def test_without_a_memory_there_are_still_rules() -> None:
    found = estimated(rule("chosen", item_ids=["2"]), memory=LiveMemory())

    assert found.products[0] == 2
    assert (found.fallback, found.novelty, found.memory_generation) == ("no_memory", 1.0, None)
    assert not found.support.any()


def test_a_catalog_that_changed_is_put_into_order_anew() -> None:
    memories = [MEMORY, LiveMemory(generation_id=2, merchandise=Merchandise(SELLING[::-1].copy(), NONE, NONE))]
    engine = RulesEngine(memory_of=lambda **_: memories[0], rules_for=lambda **_: ())
    lived = visit()
    question = Question(
        store_id=1,
        visit=lived,
        markers=situation.raw(lived),
        facts=FACTS,
        eligible=FACTS.buyable,
        limit=7,
        now=datetime.fromtimestamp(NOW, UTC),
    )
    before = engine.estimate(question).products.tolist()
    memories.pop(0)

    assert before == BEST
    assert engine.estimate(question).products.tolist() == [6 - product for product in BEST]


# --- the default set ----------------------------------------------------------------------------------------------


def names(lived: LiveVisit) -> list[str]:
    return estimated(*DEFAULT_RULES, lived=lived).details["rules"]


def test_who_looks_at_a_product_is_reminded_and_shown_what_goes_with_it() -> None:
    found = estimated(*DEFAULT_RULES, lived=viewing(2, 0))

    assert found.products.tolist()[:4] == [0, 2, 5, 3]  # seen, then looked at together with 0


def test_a_third_look_brings_cheaper_ones() -> None:
    third = "Third look at a product: cheaper alternatives"

    assert third not in names(viewing(0, 1, 0))
    assert third in names(viewing(0, 1, 0, 1, 0))


def test_who_has_just_put_something_into_the_cart_is_shown_what_goes_with_it() -> None:
    found = estimated(*DEFAULT_RULES, lived=visit(event(0, "view_item", 0), event(1, "add_to_cart", 0)))

    assert found.details["rules"][0] == "At the cart: bought together with it"
    assert found.products[0] == 5


def test_a_cart_near_free_shipping_is_brought_there() -> None:
    lived = visit(event(0, "add_to_cart", 0), free_shipping_from=115.0)

    assert names(lived)[0] == "Cart near free shipping: what closes the gap"
    assert "Cart near free shipping: what closes the gap" not in names(visit(event(0, "add_to_cart", 0)))


def test_who_comes_without_a_past_is_shown_what_sells_and_what_is_new() -> None:
    assert names(visit()) == ["Nothing looked at yet: best sellers", "Nothing looked at yet: new arrivals"]


def test_the_default_order_does_not_bind() -> None:
    assert not any(found.binding for found in DEFAULT_RULES)
