"""The page a visitor is on, as the event it will have been."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from personalization.ingest.enrichment import Shelf
from personalization.markers.lived import LivedEvent, LivedItem
from personalization.present import NO_PAGE, SHOWN, Page, category_of, page_event
from tests.objectives.shelves import NOW, facts

WHEN = datetime.fromtimestamp(NOW, tz=UTC)
SHELF = facts(40, category=[0] * 30 + [1] * 10, category_parents=[-1, 0], buyable=[False] + [True] * 39)


def event(page: Page, *, last: LivedEvent | None = None, **fields: Any) -> LivedEvent | None:
    return page_event(page=page, shelf=Shelf(SHELF, now=NOW), last=last, now=WHEN, **fields)


def happened(name: str, *, at: float = NOW - 60, **fields: Any) -> LivedEvent:
    return LivedEvent("e1", name, at, **fields)


def test_a_product_page_is_a_view_of_the_product() -> None:
    found = event(Page(type="product", item_id="P3"))

    assert found is not None
    assert (found.name, found.page, found.at) == ("view_item", "product", NOW)
    assert [(item.item_id, item.product, item.price) for item in found.items] == [("P3", 3, 10.0)]


def test_the_pop_in_after_adding_is_an_addition_to_the_cart() -> None:
    found = event(Page(type="added_to_cart", item_id="P3"))

    assert found is not None
    assert (found.name, found.value) == ("add_to_cart", 10.0)


def test_a_product_the_catalog_does_not_know_is_still_a_view() -> None:
    found = event(Page(type="product", item_id="unknown"))

    assert found is not None
    assert [(item.item_id, item.product) for item in found.items] == [("unknown", -1)]


def test_a_search_page_is_a_search_that_shows_its_listing() -> None:
    found = event(Page(search_term="ball"), shown=(5, 6))

    assert found is not None
    assert (found.name, found.page, found.search_term, found.shown) == ("search", "search", "ball", (5, 6))


def test_a_category_page_shows_what_is_for_sale_there() -> None:
    found = event(Page(category="0"))

    assert found is not None
    assert (found.name, found.page) == ("view_item_list", "category")
    assert found.shown == tuple(range(1, SHOWN + 1))  # the product at position 0 cannot be bought


@pytest.mark.parametrize("page", [NO_PAGE, Page(type="home"), Page(type="cart")])
def test_a_page_about_nothing_is_no_event(page: Page) -> None:
    assert event(page) is None


@pytest.mark.parametrize(
    ("page", "last"),
    [
        (Page(item_id="P3"), happened("view_item", items=(LivedItem("P3", 3),))),
        (Page(type="added_to_cart", item_id="P3"), happened("add_to_cart", items=(LivedItem("P3", 3),))),
        (Page(search_term="ball"), happened("search", search_term="ball")),
        (Page(category="0"), happened("view_item_list")),
        (Page(item_id="P3"), happened("view_item", at=NOW + 1, items=(LivedItem("P4", 4),))),
    ],
)
def test_what_the_last_event_told_is_not_lived_again(page: Page, last: LivedEvent) -> None:
    assert event(page, last=last) is None


def test_another_product_than_the_last_is_lived() -> None:
    assert event(Page(item_id="P3"), last=happened("view_item", items=(LivedItem("P4", 4),))) is not None


@pytest.mark.parametrize(
    ("page", "category"),
    [(Page(item_id="P35"), 1), (Page(category="1"), 1), (Page(category="nowhere"), -1), (NO_PAGE, -1)],
)
def test_the_category_of_a_page_comes_from_its_product_or_its_path(page: Page, category: int) -> None:
    assert category_of(page=page, facts=SHELF) == category
