"""Markers of the cart, on visits whose values are known by reasoning."""

from __future__ import annotations

from math import log, log1p
from typing import Any

import pytest

from personalization.markers.cart import MARKERS
from personalization.markers.lived import LivedEvent, LivedItem

from .visits import START, context, event, item, visit

COMPUTE = {marker.name: marker.compute for marker in MARKERS}

# A racket on sale (100 instead of 125), balls, and coffee.
RACKET: dict[str, Any] = {"price": 100.0, "list_price": 125.0, "price_rank": 0.8, "categories": (1, 11)}
BALLS: dict[str, Any] = {"price": 10.0, "list_price": 10.0, "price_rank": 0.4, "categories": (1, 12)}
COFFEE: dict[str, Any] = {"price": 5.0, "price_rank": 0.3, "categories": (2, 21)}


def cart_event(name: str, *items: LivedItem, at: float = 0.0, **fields: Any) -> LivedEvent:
    return event(name, at=at, items=items, **fields)


def add(*items: LivedItem, at: float = 0.0) -> LivedEvent:
    return cart_event("add_to_cart", *items, at=at)


def remove(*items: LivedItem, at: float = 0.0) -> LivedEvent:
    return cart_event("remove_from_cart", *items, at=at)


def view(product: int = 0, *, at: float = 0.0) -> LivedEvent:
    return event("view_item", at=at, items=(item(product),))


# In the end: one racket (100), two balls (20), four coffees (20): 140. One ball was taken out again.
SHOPPING = (
    view(0, at=0),
    view(2, at=5),
    add(item(0, **RACKET), at=10),
    add(item(1, **BALLS, quantity=3), at=20),
    add(item(2, **COFFEE, quantity=4), at=30),
    remove(item(1, **BALLS, quantity=1), at=40),
    event("begin_checkout", at=50, coupon="NOEL"),
    event("view_cart", at=60),
    event("view_cart", at=100),
    event("begin_checkout", at=110),
    event("add_shipping_info", at=120),
    event("other", at=160),
)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("cart_value", log1p(140)),
        ("cart_units_per_line", log(7 / 3)),
        ("cart_lines", log1p(3)),
        ("cart_dearest_share", 100 / 140),
        ("cart_category_concentration", 0.5 / 4),  # none alike of three pairs, and an undecided one
        ("cart_price_level", 0.5),  # (0.8 + 0.4 + 0.3) / 3
        ("cart_discounted_share", 100 / 140),
        ("cart_saving", log1p(25)),
        ("cart_adds", log1p(3)),
        ("cart_removals", log1p(1)),
        ("cart_age", log1p(150)),  # 160 − 10
        ("cart_freshness", 1 / 2),  # 160 − 40 = 120 seconds ago
        ("cart_checkout_step", 2.0),
        ("cart_looks", 0.0),  # the second begin_checkout is a step towards the order
        ("cart_retreats", log1p(1)),  # from the first checkout to the cart
        ("cart_shipping_gap", 0.3),  # (200 − 140) / 200
        ("cart_coupon", 1.0),
        ("cart_purchases", 0.0),
        ("cart_pondered", log1p(25)),  # the coffee, seen at 5, went in at 30
        ("cart_kept", 140 / 150),  # 100 + 30 + 20 before the ball was taken out
    ],
)
def test_a_shopper_fills_the_cart_and_is_asked_for_payment(name: str, value: float) -> None:
    lived = visit(*SHOPPING, context=context(free_shipping_from=200.0))

    assert COMPUTE[name](lived) == pytest.approx(value, abs=1e-12)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("cart_value", 0.0),
        ("cart_units_per_line", 0.0),
        ("cart_lines", 0.0),
        ("cart_dearest_share", 1.0),
        ("cart_category_concentration", 0.5),
        ("cart_price_level", 0.5),
        ("cart_discounted_share", 0.0),
        ("cart_saving", 0.0),
        ("cart_adds", log1p(3)),
        ("cart_removals", log1p(1)),
        ("cart_age", 0.0),
        ("cart_freshness", 1.0),
        ("cart_checkout_step", 0.0),
        ("cart_looks", 0.0),
        ("cart_retreats", log1p(1)),
        ("cart_shipping_gap", 1.0),
        ("cart_coupon", 1.0),
        ("cart_purchases", log1p(1)),
        ("cart_pondered", log1p(25)),
        ("cart_kept", 1.0),
    ],
)
def test_an_order_empties_the_cart(name: str, value: float) -> None:
    order = cart_event("purchase", item(0, **RACKET), at=200, transaction_id="T1")
    lived = visit(*SHOPPING, order, context=context(free_shipping_from=200.0))

    assert COMPUTE[name](lived) == pytest.approx(value, abs=1e-12)


@pytest.mark.parametrize("marker", MARKERS, ids=lambda marker: marker.name)
def test_a_visit_that_never_touched_the_cart_is_neutral(marker: Any) -> None:
    assert marker.compute(visit(view())) == marker.neutral


def test_removing_what_was_never_added_leaves_the_cart_alone() -> None:
    lived = visit(add(item(0, **RACKET)), remove(item(5, price=80.0), at=1))

    assert (lived.cart.value, lived.cart.units, lived.cart.removals) == (100.0, 1, 1)


def test_removing_more_than_there_is_drops_the_line() -> None:
    lived = visit(add(item(0, **RACKET)), remove(item(0, **RACKET, quantity=9), at=1))

    assert (lived.cart.lines, lived.cart.value, lived.cart.units) == ({}, 0.0, 0)


def test_a_cart_emptied_by_hand_was_given_up() -> None:
    lived = visit(add(item(0, **RACKET)), remove(item(0, **RACKET), at=1))

    assert COMPUTE["cart_kept"](lived) == 0.0


def test_the_cart_is_as_old_as_its_present_filling() -> None:
    lived = visit(
        add(item(0, **RACKET), at=0),
        remove(item(0, **RACKET), at=50),
        add(item(1, **BALLS), at=80),
        view(at=90),
    )

    assert COMPUTE["cart_age"](lived) == log1p(10)


@pytest.mark.parametrize("price", [0.0, -12.0])
def test_a_line_without_a_price_counts_and_is_worth_nothing(price: float) -> None:
    lived = visit(add(item(0, price=price, list_price=20.0)))

    assert (lived.cart.value, lived.cart.full_value, lived.cart.units) == (0.0, 0.0, 1)


@pytest.mark.parametrize("quantity", [0, -3])
def test_a_quantity_below_one_is_one(quantity: int) -> None:
    assert visit(add(item(0, **RACKET, quantity=quantity))).cart.units == 1


def test_a_line_keeps_the_instant_it_came_in() -> None:
    lived = visit(add(item(3, **RACKET), at=10), add(item(3, **RACKET), at=60))

    line = lived.cart.lines["P3"]
    assert (line.added_at, line.quantity, line.price, line.product) == (START + 10, 2, 100.0, 3)


def test_the_storefront_tells_what_the_cart_holds() -> None:
    shown = cart_event("view_cart", item(1, **BALLS, quantity=2), item(2, **COFFEE), at=30)
    lived = visit(add(item(0, **RACKET)), add(item(1, **BALLS), at=1), shown)

    assert {item_id: line.quantity for item_id, line in lived.cart.lines.items()} == {"P1": 2, "P2": 1}
    assert lived.cart.value == 25.0


def test_a_look_at_the_cart_as_it_is_changes_nothing() -> None:
    shown = cart_event("view_cart", item(0, **RACKET), at=120)
    lived = visit(add(item(0, **RACKET)), shown)

    assert COMPUTE["cart_freshness"](lived) == 1 / 2


def test_another_price_in_the_cart_is_no_deed_of_the_visitor() -> None:
    shown = cart_event("view_cart", item(0, price=90.0), at=120)
    lived = visit(add(item(0, **RACKET)), shown)

    assert (lived.cart.value, COMPUTE["cart_freshness"](lived)) == (90.0, 1 / 2)


def test_a_line_told_without_a_price_keeps_the_one_it_had() -> None:
    lived = visit(add(item(0, **RACKET)), cart_event("view_cart", item(0, quantity=2), at=5))

    assert lived.cart.value == 200.0


def test_looking_at_the_cart_again_and_again_is_hesitation() -> None:
    lived = visit(add(item(0, **RACKET)), *(event("view_cart", at=at) for at in (1, 2, 3)))

    assert COMPUTE["cart_looks"](lived) == log1p(3)


def test_a_change_ends_the_hesitation() -> None:
    lived = visit(event("view_cart"), event("view_cart", at=1), add(item(0, **RACKET), at=2))

    assert COMPUTE["cart_looks"](lived) == 0.0


@pytest.mark.parametrize("name", ["view_item", "view_cart", "search", "begin_checkout"])
def test_leaving_the_payment_is_a_retreat(name: str) -> None:
    lived = visit(event("add_payment_info"), event(name, at=1))

    assert COMPUTE["cart_retreats"](lived) == log1p(1)


def test_going_on_shopping_from_the_cart_is_a_retreat() -> None:
    lived = visit(add(item(0, **RACKET)), event("view_cart", at=1), view(1, at=2))

    assert COMPUTE["cart_retreats"](lived) == log1p(1)


def test_the_next_step_is_no_retreat() -> None:
    lived = visit(event("begin_checkout"), event("add_payment_info", at=1), event("purchase", at=2))

    assert COMPUTE["cart_retreats"](lived) == 0.0


def test_free_shipping_that_is_reached_leaves_no_gap() -> None:
    lived = visit(add(item(0, **RACKET)), context=context(free_shipping_from=49.0))

    assert COMPUTE["cart_shipping_gap"](lived) == 0.0


def test_a_product_is_pondered_from_the_first_sight_of_its_page() -> None:
    lived = visit(view(0), view(1, at=10), view(0, at=20), add(item(0), at=90))

    assert COMPUTE["cart_pondered"](lived) == log1p(90)


def test_a_product_put_in_unseen_was_not_pondered() -> None:
    lived = visit(view(0), add(item(0), at=90), add(item(1), at=99))

    assert COMPUTE["cart_pondered"](lived) == 0.0


def test_the_dearest_line_is_found_again_when_it_goes() -> None:
    lived = visit(
        add(item(0, **RACKET), item(1, **BALLS, quantity=3), item(2, **COFFEE, quantity=2)),
        remove(item(0, **RACKET), at=1),
    )

    assert COMPUTE["cart_dearest_share"](lived) == 30 / 40


def test_two_lines_of_three_are_of_one_category() -> None:
    lived = visit(add(item(0, **RACKET), item(1, **BALLS), item(2, **COFFEE), item(3, **COFFEE), item(4, **BALLS)))
    lived.fold(remove(item(4, **BALLS), at=1))
    lived.fold(remove(item(0, **RACKET), at=2))

    assert COMPUTE["cart_category_concentration"](lived) == 1.5 / 4  # coffee twice, and balls


def test_adding_and_removing_leave_no_dust() -> None:
    prices = [0.1, 0.2, 0.7, 19.99, 3.3333]
    events = [add(item(n, price=price), at=n) for n, price in enumerate(prices)]
    events += [remove(item(n, price=price), at=9 + n) for n, price in enumerate(prices[:-1])]

    assert visit(*events).cart.value == 3.3333


def test_five_hundred_changes_stay_within_every_range() -> None:
    facts = {"price": 1e7, "list_price": 2e7, "quantity": 10**9, "categories": (1,)}
    changes = [(remove if n % 5 == 4 else add)(item(n % 40, **facts), at=n * 1000.0) for n in range(500)]
    lived = visit(*changes, event("begin_checkout", at=10**9), context=context(free_shipping_from=1e9))

    assert all(marker.low <= marker.compute(lived) <= marker.high for marker in MARKERS)


def test_five_hundred_changes_sum_to_the_lines_that_are_left() -> None:
    changes = [
        (remove if n % 3 == 2 else add)(item(n % 40, price=0.1 + n % 40, quantity=1 + n % 4), at=n) for n in range(500)
    ]
    cart = visit(*changes).cart

    assert cart.value == pytest.approx(sum(line.value for line in cart.lines.values()), abs=1e-6)
    assert cart.units == sum(line.quantity for line in cart.lines.values())
