"""Markers of the path, on visits whose pages are known by heart."""

from __future__ import annotations

from math import log, log1p

import pytest

from personalization.markers.lived import LivedEvent
from personalization.markers.path import MARKERS

from .visits import event, item, visit

COMPUTE = {marker.name: marker.compute for marker in MARKERS}


def product(number: int, *, at: float) -> LivedEvent:
    return event("view_item", at=at, page="product", path=f"/p/{number}", items=(item(number),))


def category(*, at: float, path: str = "/c/sport/tennis") -> LivedEvent:
    return event("view_item_list", at=at, page="category", path=path, shown=(0, 1))


# Home, category, product 0, back to the category, product 1, product 0 again and into the cart, the cart, a search:
# eight pages, of which one home, two categories, three products, one cart and one search.
COMPARER = (
    event("page_view", at=0, page="home", path="/"),
    event("view_promotion", at=1, page="home", path="/", shown=(3,)),
    category(at=10),
    event("select_item", at=20, page="category", path="/c/sport/tennis", items=(item(0),)),
    product(0, at=21),
    category(at=40),
    product(1, at=60),
    product(0, at=90),
    event("add_to_cart", at=120, page="product", path="/p/0", items=(item(0),)),
    event("view_cart", at=130, page="cart", path="/cart", items=(item(0),)),
    event("search", at=140, page="search", path="/s?q=balles", search_term="balles"),
)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        # Shares are among eight pages and an imagined one.
        ("path_home_share", 1 / 9),
        ("path_category_share", 2 / 9),
        ("path_search_share", 1 / 9),
        ("path_product_share", 3 / 9),
        ("path_cart_share", 1 / 9),
        ("path_checkout_share", 0.0),
        ("path_others_share", 0.0),
        # Of three kinds an eighth each, of one a quarter, of one three eighths.
        (
            "path_entropy",
            (3 / 8 * log(8) + 1 / 4 * log(4) + 3 / 8 * log(8 / 3)) / log(10),
        ),
        ("path_deepest", log1p(3)),  # c, sport, tennis
        ("path_back_and_forth", 1 / 9),  # category, product 0, category
        ("path_run", log1p(1)),
        ("path_products", log1p(2)),
        ("path_revisits", log1p(1)),
        ("path_detour", log1p(2)),  # product 0 was looked at two looks before
        ("path_product_views", log1p(2)),
        ("path_list_to_product", 2 / 3),  # both category pages, and an imagined one
        ("path_product_to_product", 1 / 4),  # one of three each, and an imagined one
        ("path_product_to_list", 1 / 4),
        ("path_product_to_cart", 1 / 4),
        ("path_list_choice", 1 / 3),  # one choice from two lists, and an imagined one
        ("path_furthest_step", 3 / 6),  # the cart
        ("path_retreat", 2 / 6),  # back from the cart to a list
        ("path_search_lean", -1 / 4),  # one search, two categories
        ("path_promotions", log1p(1)),
        ("path_now_category", 0.0),
        ("path_now_search", 1.0),
        ("path_now_product", 0.0),
        ("path_now_checkout", 0.0),
    ],
)
def test_a_comparer_goes_back_and_forth(name: str, value: float) -> None:
    assert COMPUTE[name](visit(*COMPARER)) == pytest.approx(value, abs=1e-12)


@pytest.mark.parametrize(
    ("page", "name"),
    [
        ("category", "path_now_category"),
        ("search", "path_now_search"),
        ("product", "path_now_product"),
        ("cart", "path_now_checkout"),
        ("checkout", "path_now_checkout"),
    ],
)
def test_the_page_now_open(page: str, name: str) -> None:
    assert COMPUTE[name](visit(event("page_view", page=page, path="/x"))) == 1.0


@pytest.mark.parametrize("page", ["account", "content", "other", "confirmation"])
def test_other_pages(page: str) -> None:
    assert COMPUTE["path_others_share"](visit(event("page_view", page=page, path="/x"))) == 1 / 2


@pytest.mark.parametrize(
    ("name", "step"),
    [
        ("page_view", 0),
        ("view_item_list", 1),
        ("search", 1),
        ("view_item", 2),
        ("add_to_cart", 3),
        ("view_cart", 3),
        ("begin_checkout", 4),
        ("add_shipping_info", 5),
        ("add_payment_info", 5),
        ("purchase", 6),
    ],
)
def test_the_steps_of_events_that_do_not_tell_their_page(name: str, step: int) -> None:
    assert COMPUTE["path_furthest_step"](visit(event(name, items=(item(0),)))) == step / 6


def test_whoever_leaves_the_payment_for_the_home_page_has_retreated_five_steps() -> None:
    lived = visit(event("add_payment_info", page="checkout"), event("page_view", at=9, page="home", path="/"))

    assert COMPUTE["path_retreat"](lived) == 5 / 6


def test_checkout_pages_follow_the_product() -> None:
    lived = visit(product(0, at=0), event("begin_checkout", at=9, page="checkout", path="/checkout"))

    assert [COMPUTE[f"path_{name}"](lived) for name in ("product_to_cart", "checkout_share")] == [1 / 2, 1 / 3]


def test_products_one_after_the_other_are_a_run() -> None:
    lived = visit(category(at=0), product(0, at=1), product(1, at=2), product(2, at=3))

    assert COMPUTE["path_run"](lived) == log1p(3)


def test_a_new_product_ends_the_detour() -> None:
    lived = visit(product(0, at=0), product(0, at=1), product(1, at=2))

    assert COMPUTE["path_detour"](lived) == 0.0


def test_the_third_view_of_the_same_product_is_told() -> None:
    lived = visit(product(0, at=0), product(1, at=1), product(0, at=2), product(2, at=3), product(0, at=4))

    assert COMPUTE["path_product_views"](lived) == log1p(3)


def test_a_category_of_a_product_without_address_tells_its_depth() -> None:
    lived = visit(event("view_item", items=(item(0, categories=(1, 4, 9)),)))

    assert COMPUTE["path_deepest"](lived) == log1p(4)  # three categories and the product itself


def test_going_to_and_fro_between_two_products() -> None:
    lived = visit(*(product(n % 2, at=n) for n in range(4)))

    assert COMPUTE["path_back_and_forth"](lived) == 2 / 5  # 0 1 0 and 1 0 1, among four pages and an imagined one


@pytest.mark.parametrize("marker", MARKERS, ids=lambda marker: marker.name)
def test_before_the_first_event_the_path_is_neutral(marker) -> None:  # type: ignore[no-untyped-def]
    assert marker.compute(visit()) == marker.neutral


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("path_product_share", 1 / 2),
        ("path_products", log1p(1)),
        ("path_product_views", log1p(1)),
        ("path_furthest_step", 2 / 6),
        ("path_entropy", 0.0),
        ("path_run", log1p(1)),
        ("path_product_to_product", 0.0),
    ],
)
def test_a_single_look(name: str, value: float) -> None:
    assert COMPUTE[name](visit(product(0, at=0))) == value


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("path_products", log1p(8)),
        ("path_revisits", log1p(492)),
        ("path_product_views", log1p(63)),  # 500 looks at eight products: 63 at 0 … 3, 62 at the others
        ("path_run", log1p(500)),
        ("path_product_share", 500 / 501),
        ("path_product_to_product", 499 / 500),
        ("path_entropy", 0.0),
        ("path_detour", log1p(8)),
    ],
)
def test_five_hundred_looks_round_and_round(name: str, value: float) -> None:
    lived = visit(*(product(n % 8, at=n) for n in range(500)))  # the last is product 3

    assert COMPUTE[name](lived) == pytest.approx(value, abs=1e-12)


def shown(page: str, *products: int, at: float) -> LivedEvent:
    return event("view_item_list", at=at, page=page, path=f"/{page}", shown=products)


@pytest.mark.parametrize("page", ["category", "search"])
def test_the_list_in_front_is_the_last_one_shown_to_choose_from(page: str) -> None:
    lived = visit(shown("category", 1, 2, at=0), shown(page, 5, 3, at=9), product(3, at=20))

    assert lived.path.listed == (5, 3)


@pytest.mark.parametrize("page", ["home", "product", "cart", ""])
def test_a_strip_of_products_is_no_list_to_choose_from(page: str) -> None:
    lived = visit(shown("category", 1, 2, at=0), shown(page, 5, 3, at=9))

    assert lived.path.listed == (1, 2)
