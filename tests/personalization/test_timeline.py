"""Events told as a person would: deeds, products, pauses and how long each held."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import translation

from personalization.ingest.validation import EVENT_NAMES
from personalization.markers.lived import PAGES, LivedEvent, LivedItem
from personalization.timeline import SHOWN, Moment, product_in_words, timeline
from tests.objectives.shelves import facts

SHELF = facts(12)


def event(name: str, at: float = 0.0, *, product: int | None = None, **fields: Any) -> LivedEvent:
    items = () if product is None else (LivedItem(f"p{product}", product=product, price=19.9),)
    return LivedEvent(f"e{at}", name, at, items=items, **fields)


def told(*events: LivedEvent, language: str = "en") -> list[Moment]:
    with translation.override(language):
        return timeline(events=events, facts=SHELF, currency="EUR")


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("name", sorted(EVENT_NAMES))
def test_every_event_has_words_and_a_symbol(name: str, language: str) -> None:
    (moment,) = told(event(name), language=language)

    assert moment.text
    assert moment.text != name
    assert moment.icon != "radio_button_unchecked"


@pytest.mark.parametrize("page", PAGES)
def test_every_page_has_its_words(page: str) -> None:
    others = {told(event("page_view", page=other))[0].text for other in PAGES if other != page}

    assert told(event("page_view", page=page))[0].text not in others


def test_steps_count_from_one_in_the_order_lived() -> None:
    assert [moment.step for moment in told(event("page_view"), event("search", 5), event("page_view", 9))] == [1, 2, 3]


def test_a_product_is_told_with_its_title_and_what_it_then_cost() -> None:
    (moment,) = told(event("view_item", product=1))

    assert [(one.title, one.price, one.product) for one in moment.products] == [("Product 1", "€19.90", 1)]


def test_a_product_the_catalog_does_not_know_keeps_its_id() -> None:
    (moment,) = told(event("view_item", product=-1))

    assert [(one.title, one.product) for one in moment.products] == [("p-1", -1)]


def test_a_product_gone_from_the_catalog_is_said_to_be() -> None:
    with translation.override("en"):
        assert product_in_words(SHELF, 99).title == "a product no longer in the catalog"


def test_a_product_that_was_only_picked_to_be_looked_at_is_pictured_once() -> None:
    picked, looked = told(event("select_item", product=1), event("view_item", 1, product=1))

    assert (len(picked.products), len(looked.products)) == (0, 1)


def test_a_long_list_is_pictured_in_part() -> None:
    (moment,) = told(event("view_item_list", page="home", shown=tuple(range(10))))

    assert (len(moment.products), moment.more, moment.compact) == (SHOWN, 10 - SHOWN, True)


@pytest.mark.parametrize(("gap", "pause"), [(119.0, ""), (120.0, "2 min"), (7_200.0, "2 h 0 min")])
def test_only_long_pauses_are_told(gap: float, pause: str) -> None:
    assert told(event("page_view"), event("page_view", gap))[1].pause == pause


@pytest.mark.parametrize(
    ("engagement", "gap", "stayed"),
    [(42.0, 60.0, "42 s"), (-1.0, 60.0, "1 min"), (-1.0, 4.0, ""), (-1.0, 600.0, ""), (3.0, 60.0, "")],
)
def test_how_long_an_event_held_is_told_when_it_is_known(engagement: float, gap: float, stayed: str) -> None:
    assert told(event("view_item", product=1, engagement=engagement), event("page_view", gap))[0].stayed == stayed


def test_a_search_tells_its_words_and_what_it_found() -> None:
    (moment,) = told(event("search", search_term="kettle", search_results=1))

    assert (moment.text, moment.detail) == ("Searched for “kettle”", "1 result")


def test_an_order_tells_its_worth_and_number() -> None:
    (moment,) = told(event("purchase", product=1, value=76.9, transaction_id="T-1"))

    assert (moment.detail, moment.weight) == ("for €76.90, order T-1", "purchase")
