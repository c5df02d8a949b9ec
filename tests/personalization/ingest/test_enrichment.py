"""What an event carries of its products, its page and its arrival."""

from __future__ import annotations

from typing import Any

import pytest

from catalog.live_facts import forget_facts
from catalog.models import Store
from personalization.markers.lived import LivedEvent, LivedItem, unpack
from personalization.models import Event
from tests.catalog.factories import atelier, merchant_row, sell

from .sending import NOW, START, receive, sent

pytestmark = pytest.mark.django_db


@pytest.fixture
def store() -> Store:
    """Five rackets from 20 to 100 euros, and balls on sale around START."""
    store = atelier()
    rackets = [merchant_row(f"r{n}", price=f"{n * 20}.00 EUR", rating=4.5) for n in range(1, 6)]
    balls = merchant_row(
        "balls",
        product_type="Sport > Tennis > Balls",
        price="9.90 EUR",
        sale_price="7.90 EUR",
        sale_price_effective_date="2026-03-11T09:10:00+00:00/2026-03-11T09:20:00+00:00",
        cost_of_goods_sold="4.00 EUR",
        quantity=12,
        launched_at="2026-03-01T09:00:00+00:00",
    )
    sell(store, *rackets, balls, now=NOW)
    forget_facts(store_id=store.pk)
    return store


def lived(store: Store, event: dict[str, Any]) -> LivedEvent:
    """The event as it was stored."""
    verdicts = receive(store, event)
    assert verdicts.stored == 1, verdicts
    return unpack(Event.objects.get(event_id=event["event_id"]).lived)


def item(store: Store, **fields: Any) -> LivedItem:
    at = fields.pop("at", 0.0)
    return lived(store, sent(at=at, items=[fields])).items[0]


def test_an_item_carries_the_facts_of_its_product(store: Store) -> None:
    balls = item(store, item_id="balls", quantity=3, index=2)

    sport, tennis, shelf = balls.categories
    assert sport != tennis != shelf
    assert balls == LivedItem(
        item_id="balls",
        product=5,
        quantity=3,
        price=9.9,
        list_price=9.9,
        cost=4.0,
        stock=12,
        categories=balls.categories,
        brand="Babolat",
        price_rank=0.5,  # alone in its category
        age_days=10.0,
        rating=-1.0,
        index=2,
    )


@pytest.mark.parametrize(("at", "price"), [(9.9, 9.9), (10, 7.9), (19.9, 7.9), (20, 9.9)])
def test_the_price_is_the_one_in_force_at_the_event(store: Store, at: float, price: float) -> None:
    assert item(store, item_id="balls", at=at).price == price


def test_the_price_the_visitor_saw_wins_over_the_catalog(store: Store) -> None:
    seen = item(store, item_id="r3", price=45.5)
    assert (seen.price, seen.list_price) == (45.5, 60.0)


def test_a_free_gift_costs_nothing(store: Store) -> None:
    assert item(store, item_id="r3", price=0).price == 0.0


@pytest.mark.parametrize(("item_id", "rank"), [("r1", 0.0), ("r2", 0.25), ("r3", 0.5), ("r5", 1.0)])
def test_the_price_rank_is_the_share_of_the_category_that_costs_less(store: Store, item_id: str, rank: float) -> None:
    assert item(store, item_id=item_id).price_rank == rank


def test_a_product_the_catalog_does_not_know_comes_from_the_event_alone(store: Store) -> None:
    assert item(store, item_id="lost", price=5, quantity=2, item_brand="Wilson") == LivedItem(
        item_id="lost", quantity=2, price=5.0, brand="Wilson"
    )


def test_the_facts_are_those_of_the_receipt_and_a_later_change_rewrites_nothing(store: Store) -> None:
    event = sent(items=[{"item_id": "r1"}])
    before = lived(store, event)
    sell(store, merchant_row("r1", price="500.00 EUR"), now=NOW)
    forget_facts(store_id=store.pk)

    receive(store, event)

    assert unpack(Event.objects.get(event_id=event["event_id"]).lived) == before
    assert item(store, item_id="r1").price == 500.0


@pytest.mark.parametrize("name", ["view_item_list", "view_promotion", "select_promotion"])
def test_what_is_only_shown_is_kept_as_positions(store: Store, name: str) -> None:
    event = lived(store, sent(name, items=[{"item_id": "r2"}, {"item_id": "lost"}, {"item_id": "balls"}]))
    assert (event.items, event.shown) == ((), (1, 5))


@pytest.mark.parametrize(
    ("name", "page", "kind"),
    [
        ("view_item", {}, "product"),
        ("search", {}, "search"),
        ("begin_checkout", {}, "checkout"),
        ("purchase", {}, "confirmation"),
        ("page_view", {}, "other"),
        ("page_view", {"type": "home"}, "home"),
        ("add_to_cart", {"type": "category"}, "category"),
    ],
)
def test_the_kind_of_page_is_told_or_follows_from_the_name(
    store: Store, name: str, page: dict[str, str], kind: str
) -> None:
    assert lived(store, sent(name, page=page)).page == kind


def test_a_list_of_search_results_is_on_a_search_page(store: Store) -> None:
    assert lived(store, sent("view_item_list", search_term="raquette")).page == "search"


def test_everything_an_event_tells_is_kept(store: Store) -> None:
    event = sent(
        "search",
        search_term=" raquette ",
        search_results=7,
        scroll_depth=0.5,
        engagement_ms=1500,
        item_list_id="results",
        language="fr-FR",
        device={"category": "mobile"},
        campaign={"source": "google", "medium": "cpc", "name": "soldes"},
        page={
            "location": "https://www.shop.example/recherche?q=raquette#haut",
            "referrer": "https://www.google.com/",
        },
    )
    assert lived(store, event) == LivedEvent(
        event_id=event["event_id"],
        name="search",
        at=START.timestamp(),
        page="search",
        search_term="raquette",
        search_results=7,
        scroll=0.5,
        engagement=1.5,
        list_id="results",
        path="/recherche?q=raquette",
        referrer="google.com",
        device="mobile",
        language="fr-FR",
        source="google",
        medium="cpc",
        campaign="soldes",
    )


@pytest.mark.parametrize(
    ("referrer", "host"),
    [
        ("https://shop.example/panier", ""),
        ("https://WWW.Shop.Example/", ""),
        ("https://news.example/a", "news.example"),
        ("", ""),
        ("https://[", ""),
        ("android-app://com.google.android.gm/", "com.google.android.gm"),
    ],
)
def test_the_referrer_is_the_host_that_led_here(store: Store, referrer: str, host: str) -> None:
    page = {"location": "https://shop.example/", "referrer": referrer}
    assert lived(store, sent("page_view", page=page)).referrer == host


@pytest.mark.parametrize(
    ("location", "path"),
    [("https://shop.example", "/"), ("/relative?a=1", "/relative?a=1"), ("https://[", ""), ("", "")],
)
def test_the_path_is_that_of_the_address(store: Store, location: str, path: str) -> None:
    assert lived(store, sent("page_view", page={"location": location})).path == path
