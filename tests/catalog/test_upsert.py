"""Laws of the catalog's only entrance."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.models import Category, Product, Store
from catalog.upsert import delete_products, register_items, update_products, upsert_products
from tests.catalog.factories import NOW, StoreFactory, atelier, brico, merchant_row, sell

LATER = NOW + timedelta(hours=1)


@pytest.mark.django_db
def test_a_new_product_is_created_with_every_attribute() -> None:
    store = atelier()
    row = merchant_row(
        "r1",
        description="Strung",
        link="https://atelier.example/r1",
        sale_price="99.90 EUR",
        sale_price_effective_date="2026-03-01T00:00+01:00/2026-03-31T00:00+02:00",
        cost_of_goods_sold="60.00 EUR",
        rating=4.5,
        rating_count=12,
        attributes={"colour": "blue", "sizes": ["2", "3"]},
        custom_label_0="spring",
        launched_at="2026-01-05",
    )

    upsert = upsert_products(store=store, rows=[row], now=NOW)

    product = Product.objects.get()
    assert (upsert.created, upsert.version) == (1, 1)
    assert (product.position, product.version, product.title) == (0, 1, "Racket r1")
    assert (str(product.price), str(product.sale_price)) == ("120.00", "99.90")
    assert product.sale_price_starts is not None
    assert product.sale_price_starts.isoformat() == "2026-02-28T23:00:00+00:00"
    assert product.launched_at.isoformat() == "2026-01-04T23:00:00+00:00"  # midnight in Paris
    assert product.attributes == {"colour": "blue", "sizes": ["2", "3"]}
    assert (product.rating, product.rating_count, product.quantity) == (4.5, 12, 5)
    assert product.category is not None
    assert product.category.path == "Sport > Tennis > Rackets"


@pytest.mark.django_db
def test_the_same_row_again_changes_nothing() -> None:
    store = atelier()
    sell(store, merchant_row("r1"))

    upsert = upsert_products(store=store, rows=[merchant_row("r1")], now=LATER)

    product = Product.objects.get()
    assert (upsert.unchanged, upsert.version) == (1, 1)
    assert (product.version, product.updated_at) == (1, NOW)
    assert Store.objects.get(pk=store.pk).catalog_version == 1


@pytest.mark.django_db
def test_only_the_changed_row_gets_the_new_version() -> None:
    store = atelier()
    sell(store, merchant_row("r1"), merchant_row("r2"))

    upsert = upsert_products(store=store, rows=[merchant_row("r1"), merchant_row("r2", price="110.00 EUR")], now=LATER)

    assert [verdict.outcome for verdict in upsert.verdicts] == ["unchanged", "updated"]
    assert dict(Product.objects.values_list("item_id", "version")) == {"r1": 1, "r2": 2}


@pytest.mark.django_db
def test_a_full_row_empties_what_it_leaves_out_but_keeps_what_merchant_feeds_do_not_carry() -> None:
    store = atelier()
    sell(store, merchant_row("r1", sale_price="90.00 EUR", published=False, launched_at="2026-01-05"))

    upsert_products(store=store, rows=[{"id": "r1", "title": "Racket", "price": "120.00 EUR"}], now=LATER)

    product = Product.objects.get()
    assert (product.sale_price, product.brand, product.category) == (None, "", None)
    assert (product.quantity, product.published, product.launched_at.day) == (5, False, 4)


@pytest.mark.django_db
def test_a_delta_changes_only_what_it_names() -> None:
    store = atelier()
    sell(store, merchant_row("r1"))

    upsert = update_products(store=store, rows=[{"id": "r1", "quantity": 0, "brand": None}], now=LATER)

    product = Product.objects.get()
    assert upsert.updated == 1
    assert (product.quantity, product.brand, product.title, str(product.price)) == (
        0,
        "",
        "Racket r1",
        "120.00",
    )


@pytest.mark.django_db
def test_a_delta_of_an_unknown_product_is_rejected_by_name() -> None:
    store = atelier()
    sell(store, merchant_row("r1"))
    sell(brico(), merchant_row("elsewhere"))

    upsert = update_products(
        store=store, rows=[{"id": "elsewhere", "quantity": 1}, {"id": "r1", "quantity": 1}], now=LATER
    )

    (rejected,) = upsert.rejected
    assert (rejected.index, rejected.faults[0].pointer, rejected.faults[0].code) == (0, "/id", "unknown")
    assert upsert.verdicts[1].outcome == "updated"


@pytest.mark.django_db
def test_valid_rows_are_stored_beside_invalid_ones() -> None:
    store = atelier()
    rows = [merchant_row("r1"), merchant_row("r2", price="12 USD"), merchant_row("r1"), merchant_row("r3")]

    upsert = upsert_products(store=store, rows=rows, now=NOW)

    assert [verdict.outcome for verdict in upsert.verdicts] == ["created", "rejected", "rejected", "created"]
    assert [verdict.faults[0].code for verdict in upsert.rejected] == ["currency", "repeated"]
    assert dict(Product.objects.values_list("item_id", "position")) == {"r1": 0, "r3": 1}


@pytest.mark.django_db
def test_a_deleted_product_keeps_its_position_and_comes_back_to_it() -> None:
    store = atelier()
    sell(store, merchant_row("r1"), merchant_row("r2"))

    assert delete_products(store=store, item_ids=["r1", "nobody"], now=LATER) == ["r1"]
    assert delete_products(store=store, item_ids=["r1"], now=LATER) == []
    sell(store, merchant_row("r3"))
    revived = upsert_products(store=store, rows=[merchant_row("r1")], now=LATER)

    assert revived.updated == 1
    assert dict(Product.objects.listed().values_list("item_id", "position")) == {"r1": 0, "r2": 1, "r3": 2}


@pytest.mark.django_db
def test_categories_grow_from_the_root_once() -> None:
    store = atelier()

    sell(store, merchant_row("r1"), merchant_row("b1", product_type="Sport >  Tennis>Balls"))

    paths = {category.path: category.parent and category.parent.path for category in Category.objects.all()}
    assert paths == {
        "Sport": None,
        "Sport > Tennis": "Sport",
        "Sport > Tennis > Rackets": "Sport > Tennis",
        "Sport > Tennis > Balls": "Sport > Tennis",
    }


@pytest.mark.django_db
def test_bare_items_are_registered_once_and_leave_known_products_alone() -> None:
    store = atelier()
    sell(store, merchant_row("r1"))

    upsert = register_items(store=store, item_ids=["r1", "x", "x", "y"], now=LATER)

    assert upsert.created == 2
    assert dict(Product.objects.values_list("item_id", "title")) == {"r1": "Racket r1", "x": "x", "y": "y"}


rows = st.fixed_dictionaries(
    {"id": st.sampled_from("abcdefgh"), "title": st.sampled_from(["One", "Two"])},
    optional={
        "price": st.sampled_from(["1.00 EUR", "2.5 EUR", None, "3 USD"]),
        "quantity": st.integers(-1, 3),
        "product_type": st.sampled_from(["A > B", "A", "C > D > E"]),
        "availability": st.sampled_from(["in stock", "backorder", "gone"]),
    },
)


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batches=st.lists(st.lists(rows, max_size=8), min_size=1, max_size=4), deleted=st.sampled_from("abcdefgh"))
def test_laws_of_upsert(batches: list[list[dict[str, object]]], deleted: str) -> None:
    store = StoreFactory()
    places: dict[str, int] = {}
    for batch in batches:
        first = upsert_products(store=store, rows=batch, now=NOW)
        again = upsert_products(store=store, rows=batch, now=LATER)
        delete_products(store=store, item_ids=[deleted], now=LATER)
        now_placed = dict(Product.objects.of(store).values_list("item_id", "position"))

        assert again.created == again.updated == 0  # idempotent
        assert again.version == first.version
        assert len(first.verdicts) == len(batch)  # stored + unchanged + rejected = sent
        assert sorted(now_placed.values()) == list(range(len(now_placed)))  # dense
        assert places.items() <= now_placed.items()  # never moved, never reused
        places = now_placed


@pytest.mark.django_db(transaction=True)
def test_writers_at_the_same_time_take_turns() -> None:
    store = atelier()

    def write(writer: int) -> list[int]:
        try:
            return [
                upsert_products(
                    store=store,
                    rows=[merchant_row(f"{writer}-{batch}"), merchant_row("shared", quantity=writer)],
                    now=NOW,
                ).version
                for batch in range(8)
            ]
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        versions = list(pool.map(write, range(4)))

    positions = sorted(Product.objects.values_list("position", flat=True))
    assert positions == list(range(33))
    assert all(own == sorted(set(own)) for own in versions)  # each writer saw its versions grow
    assert len({version for own in versions for version in own}) == 32  # and no version was given out twice
    assert Store.objects.get(pk=store.pk).catalog_version == 32
