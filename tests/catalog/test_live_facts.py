"""Facts of products: right, fresh in every process, and whole for every reader."""

from __future__ import annotations

import math
import multiprocessing
import threading
import time
from collections.abc import Callable
from datetime import timedelta

import numpy as np
import pytest
from django.db import connection

from catalog.category_tree import save_category
from catalog.facts import UNKNOWN, ProductFacts
from catalog.facts_loading import load_facts
from catalog.live_facts import facts_are_stale, forget_facts, last_facts, live_facts
from catalog.models import Category, Store
from catalog.upsert import delete_products, save_product, touch_catalog, update_products, upsert_products
from tests.catalog.factories import NOW, atelier, merchant_row, sell

LATER = NOW + timedelta(hours=1)
PATIENCE = 20.0  # seconds until a condition that must come true counts as never coming


def eventually(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.05)
    return False


@pytest.mark.django_db
def test_facts_hold_each_attribute_at_the_products_position() -> None:
    store = atelier()
    racket, socks = sell(
        store,
        merchant_row(
            "racket",
            sale_price="100.00 EUR",
            sale_price_effective_date="2026-03-01T00:00Z/2026-03-31T00:00Z",
            cost_of_goods_sold="60.00 EUR",
            rating=4.5,
            rating_count=8,
            item_group_id="rackets",
            link="https://atelier.example/racket",
        ),
        {"id": "socks", "title": "Socks", "product_type": "Sport", "published": False},
    )

    facts = load_facts(store_id=store.pk)

    assert (facts.version, len(facts)) == (1, 2)
    assert facts.positions == {"racket": racket.position, "socks": socks.position} == {"racket": 0, "socks": 1}
    assert facts.titles == ["Racket racket", "Socks"]
    assert facts.links == ["https://atelier.example/racket", ""]
    assert facts.listed.tolist() == [True, False]
    assert facts.list_price[0] == 120
    assert math.isnan(facts.list_price[1])
    assert facts.price_at(NOW.timestamp())[0] == 100
    assert facts.price_at((NOW + timedelta(days=30)).timestamp())[0] == 120
    assert (facts.cost[0], facts.quantity.tolist()) == (60, [5, UNKNOWN])
    assert (facts.rating[0], facts.rating_count.tolist()) == (4.5, [8, 0])
    assert facts.launched_at.tolist() == [NOW.timestamp()] * 2
    assert [facts.brands[0], facts.brand.tolist()] == ["Babolat", [0, UNKNOWN]]
    assert (facts.groups, facts.group.tolist()) == (["rackets"], [0, UNKNOWN])
    paths = dict(Category.objects.values_list("id", "path"))
    assert [paths[identity] for identity in facts.lineage(int(facts.category[0]))] == [
        "Sport",
        "Sport > Tennis",
        "Sport > Tennis > Rackets",
    ]
    assert facts.category_paths[facts.category[1]] == "Sport"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("attributes", "buyable"),
    [
        ({"availability": "in_stock", "quantity": 1}, True),
        ({"availability": "in_stock", "quantity": None}, True),  # unknown is not none
        ({"availability": "in_stock", "quantity": 0}, False),
        ({"availability": "backorder", "quantity": 0}, True),  # sold while none is there: its very point
        ({"availability": "preorder", "quantity": 0}, True),
        ({"availability": "out_of_stock", "quantity": 4}, False),
        ({"published": False}, False),
    ],
)
def test_buyable(attributes: dict[str, object], *, buyable: bool) -> None:
    store = atelier()
    sell(store, merchant_row("r1", **attributes))

    assert load_facts(store_id=store.pk).buyable.tolist() == [buyable]


@pytest.mark.django_db
def test_what_is_reloaded_after_changes_equals_what_is_loaded_anew() -> None:
    store = atelier()
    sell(store, merchant_row("r1"), merchant_row("r2", brand="Head"))
    live_facts(store_id=store.pk)

    sell(store, merchant_row("r3", brand="Wilson", product_type="Home > Lamps", item_group_id="g"))
    delete_products(store=store, item_ids=["r2"], now=LATER)
    update_products(store=store, rows=[{"id": "r1", "price": "99.00 EUR", "product_type": None}], now=LATER)

    assert eventually(lambda: live_facts(store_id=store.pk).version == 4)
    assert_same(live_facts(store_id=store.pk), load_facts(store_id=store.pk))
    assert live_facts(store_id=store.pk).listed.tolist() == [True, False, True]


ARRAYS = """
    listed buyable list_price sale_price sale_starts sale_ends cost quantity rating rating_count launched_at
    category category_parents
"""
LISTS = "version item_ids positions titles links image_links category_ids category_paths"


def assert_same(left: ProductFacts, right: ProductFacts) -> None:
    """Equal in every field; brands and groups by name, as their numbers depend on the order of arrival."""
    for name in LISTS.split():
        assert getattr(left, name) == getattr(right, name), name
    for name in ARRAYS.split():
        np.testing.assert_array_equal(getattr(left, name), getattr(right, name), err_msg=name)
        assert getattr(left, name).dtype == getattr(right, name).dtype, name
    assert names(left.brand, left.brands) == names(right.brand, right.brands)
    assert names(left.group, left.groups) == names(right.group, right.groups)


def names(indices: np.ndarray, register: list[str]) -> list[str]:
    return [register[index] if index != UNKNOWN else "" for index in indices]


@pytest.mark.django_db
def test_a_reader_keeps_the_facts_it_holds_while_they_change() -> None:
    store = atelier()
    sell(store, merchant_row("r1"))
    held = live_facts(store_id=store.pk)

    update_products(store=store, rows=[{"id": "r1", "price": "1.00 EUR", "title": "Cheap"}], now=LATER)
    assert eventually(lambda: live_facts(store_id=store.pk).version == 2)

    assert (held.list_price.tolist(), held.titles) == ([120], ["Racket r1"])


@pytest.mark.django_db
def test_an_edit_in_the_admin_reaches_the_facts() -> None:
    store = atelier()
    (product,) = sell(store, merchant_row("r1"))
    live_facts(store_id=store.pk)

    product.title = "Renamed"
    save_product(product=product)

    assert eventually(lambda: live_facts(store_id=store.pk).titles == ["Renamed"])


@pytest.mark.django_db
def test_a_renamed_shelf_reaches_the_facts_with_all_below_it() -> None:
    store = atelier()
    sell(store, merchant_row("r1"))
    live_facts(store_id=store.pk)

    shelf = Category.objects.get(path="Sport > Tennis")
    shelf.name = "Rackets sports"
    save_category(category=shelf)
    touch_catalog(store_id=store.pk)

    assert eventually(lambda: "Sport > Rackets sports > Rackets" in live_facts(store_id=store.pk).category_paths)


@pytest.mark.django_db
def test_facts_of_a_change_that_was_taken_back_are_read_anew() -> None:
    store = atelier()
    sell(store, merchant_row("r1"))
    sell(store, merchant_row("r1", title="Taken back"))
    live_facts(store_id=store.pk)

    Store.objects.filter(pk=store.pk).update(catalog_version=1)
    store.products.update(title="As before", version=1)

    assert eventually(lambda: live_facts(store_id=store.pk).titles == ["As before"])


@pytest.mark.django_db
def test_an_unknown_store_has_no_facts() -> None:
    with pytest.raises(Store.DoesNotExist):
        live_facts(store_id=10**9)

    assert last_facts(store_id=10**9) is None


@pytest.mark.django_db(transaction=True)
def test_with_the_database_away_the_last_copy_is_served() -> None:
    store = atelier()
    sell(store, merchant_row("r1"))
    held = live_facts(store_id=store.pk)

    connection.connection.close()

    assert eventually(lambda: live_facts(store_id=store.pk) is held and facts_are_stale(store_id=store.pk))
    connection.close()  # what Django does at the start of the next request
    assert eventually(lambda: live_facts(store_id=store.pk) is held and not facts_are_stale(store_id=store.pk))


@pytest.mark.django_db(transaction=True)
def test_readers_in_other_threads_never_see_half_a_change() -> None:
    store = atelier()
    rows = [merchant_row(f"r{number}") for number in range(50)]
    sell(store, *rows)
    live_facts(store_id=store.pk)
    done = threading.Event()
    torn: list[list[float]] = []

    def read() -> None:
        try:
            while not done.is_set():
                prices = live_facts(store_id=store.pk).list_price.tolist()
                if len(set(prices)) != 1:
                    torn.append(prices)
        finally:
            connection.close()

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for price in range(1, 6):
        changed = [row | {"price": f"{price}.00 EUR"} for row in rows]
        upsert_products(store=store, rows=changed, now=LATER)
        reached = eventually(lambda wanted=price: live_facts(store_id=store.pk).list_price[0] == wanted)
        assert reached
    done.set()
    for reader in readers:
        reader.join()

    assert torn == []


def _await_title(store_id: int, title: str, ready: object, seen: object) -> None:
    """In another process: reads the facts once, says so, then says whether the title came."""
    connection.close()
    live_facts(store_id=store_id)
    ready.set()  # type: ignore[attr-defined]
    found = eventually(lambda: live_facts(store_id=store_id).titles == [title])
    connection.close()
    seen.value = int(found)  # type: ignore[attr-defined]


@pytest.mark.django_db(transaction=True)
def test_a_change_reaches_another_process() -> None:
    store = atelier()
    sell(store, merchant_row("r1"))
    forget_facts(store_id=store.pk)
    connection.close()
    context = multiprocessing.get_context("fork")
    ready, seen = context.Event(), context.Value("i", 0)
    process = context.Process(target=_await_title, args=(store.pk, "Renamed", ready, seen))
    process.start()
    assert ready.wait(PATIENCE)

    update_products(store=store, rows=[{"id": "r1", "title": "Renamed"}], now=LATER)
    process.join(PATIENCE)

    assert seen.value == 1
