"""Visits told in both languages, one store at a time, and to those who work there alone."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from personalization.models import Decision
from tests.catalog.factories import charlie
from tests.personalization.admin.screens import address, belongs, signed_in, text_of, visited, works_for
from tests.personalization.storefront import remembered, shop

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", ["Looked at a product", "Put into the cart", "Placed an order", "What happened"]),
        ("fr", ["A consulté un produit", "A mis au panier", "A passé commande", "Ce qui s’est passé"]),
    ],
)
def test_a_visit_is_told_event_by_event(language: str, told: list[str]) -> None:
    visit = visited()

    page = text_of(signed_in(works_for(visit.store), language), address("visit", "change", visit.pk))

    assert [words for words in told if words not in page] == []
    assert "https://shop.example/r.png" in page


def test_prices_are_told_as_the_reader_writes_them() -> None:
    visit = visited()
    page = address("visit", "change", visit.pk)

    assert "€10.00" in text_of(signed_in(works_for(visit.store), "en"), page)
    assert "10,00\N{NO-BREAK SPACE}€" in text_of(signed_in(works_for(visit.store), "fr"), page)


@pytest.mark.parametrize(("step", "shown"), [("1", 1), ("2", 2), ("99", 3), ("0", 1), ("-1", 3), ("one", 3), ("", 3)])
def test_the_situation_is_that_after_the_asked_event(step: str, shown: int) -> None:
    visit = visited()

    page = text_of(signed_in(works_for(visit.store)), f"{address('visit', 'change', visit.pk)}?step={step}")

    assert f"The situation after event {shown} of 3" in page


def test_without_a_memory_the_page_says_what_to_do() -> None:
    visit = visited()

    page = text_of(signed_in(works_for(visit.store)), address("visit", "change", visit.pk))

    assert "The store has no live memory yet" in page
    assert address("generation", "changelist") in page


def test_with_a_memory_the_page_tells_what_stands_out_and_links_analogous_visits() -> None:
    store = shop()
    remembered(store)
    visit = visited()

    page = text_of(signed_in(works_for(store)), f"{address('visit', 'change', visit.pk)}?step=1")

    assert "above usual" in page or "below usual" in page or "rare here" in page
    assert f"{address('visit', 'changelist')}" in page
    assert page.count(" alike</span>") == 6
    assert address("visit", "change", visit.pk) not in page.split("Analogous situations in the past")[1]


def test_a_zone_can_be_asked_what_it_would_recommend_and_nothing_is_logged() -> None:
    store = shop()
    remembered(store)
    visit = visited()

    page = text_of(signed_in(works_for(store)), f"{address('visit', 'change', visit.pk)}?step=1&zone=home")

    assert page.count("put into the cart ") >= 4
    assert not Decision.objects.exists()


def test_without_consent_the_visitor_is_a_session() -> None:
    store = shop()
    visit = visited()
    type(visit).objects.filter(pk=visit.pk).update(visitor_key="s:abcdef", consent=False)

    page = text_of(signed_in(works_for(store)), address("visit", "changelist"))

    assert "session abcdef" in page
    assert "not given" in page


def test_a_visitor_is_found_by_how_the_id_begins() -> None:
    store = visited(visitor="camille").store
    visited(visitor="robert")

    found = text_of(signed_in(works_for(store)), address("visit", "changelist") + "?q=cam")

    assert "camille" in found
    assert "robert" not in found


def test_the_list_counts_nothing() -> None:
    store = visited().store
    client = signed_in(works_for(store))

    with CaptureQueriesContext(connection) as asked:
        client.get(address("visit", "changelist"))

    assert not [
        query for query in asked.captured_queries if "COUNT(" in query["sql"].upper() and "visit" in query["sql"]
    ]


def test_lists_and_searches_hold_nothing_of_another_store() -> None:
    alice = works_for(visited("atelier", "camille").store)
    theirs = visited("brico", "robert")

    for query in ("", "?q=rob", f"?store={theirs.store_id}", f"?store__id__exact={theirs.store_id}"):
        page = text_of(signed_in(alice), address("visit", "changelist") + query)
        assert "robert" not in page
        assert "Brico" not in page


def test_a_page_guessed_by_its_id_does_not_open() -> None:
    alice = works_for(visited("atelier", "camille").store)
    theirs = visited("brico", "robert")

    answer = signed_in(alice).get(address("visit", "change", theirs.pk))

    assert answer.status_code == 404


def test_a_stranger_sees_no_visit() -> None:
    visit = visited()
    client = signed_in(charlie())

    assert client.get(address("visit", "changelist")).status_code == 403
    assert client.get(address("visit", "change", visit.pk)).status_code in {403, 404}


def test_who_works_for_several_stores_sees_one_at_a_time() -> None:
    first, second = visited("atelier", "camille").store, visited("brico", "robert").store
    alice = works_for(first)
    belongs(alice, second)

    page = text_of(signed_in(alice), address("visit", "changelist") + f"?store={second.pk}")

    assert "robert" in page
    assert "camille" not in page


def test_a_visit_is_never_edited_or_deleted() -> None:
    visit = visited()
    client = signed_in(works_for(visit.store))

    client.post(address("visit", "change", visit.pk), {"visitor_key": "v:x"})
    answer = client.post(address("visit", "delete", visit.pk), {"post": "yes"})

    visit.refresh_from_db()
    assert visit.visitor_key == "v:camille"
    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("language", "told"), [("en", "Visits appear here as soon as"), ("fr", "Les visites apparaissent")]
)
def test_an_empty_list_says_what_to_do_next(language: str, told: str) -> None:
    page = text_of(signed_in(works_for(shop()), language), address("visit", "changelist"))

    assert told in page


def test_a_filter_that_leaves_nothing_can_be_taken_away() -> None:
    store = visited().store

    page = text_of(signed_in(works_for(store)), address("visit", "changelist") + "?channel=email")

    assert "Nothing matches" in page
