"""The start page: what the stores lived, and what is next to do."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.catalog.factories import charlie, person
from tests.personalization.admin.screens import signed_in, text_of, visited, works_for
from tests.personalization.storefront import shop

pytestmark = pytest.mark.django_db


def today() -> str:
    return reverse("admin:index")


@pytest.mark.parametrize(("language", "told"), [("en", "Latest visits"), ("fr", "Dernières visites")])
def test_it_shows_the_latest_visits_of_the_persons_stores_alone(language: str, told: str) -> None:
    alice = works_for(visited("atelier", "camille", name="Atelier").store)
    visited("brico", "robert", name="Brico")

    page = text_of(signed_in(alice, language), today())

    assert told in page
    assert "camille" in page
    assert "robert" not in page
    assert "Brico" not in page


def test_a_new_store_is_told_its_next_steps() -> None:
    store = shop()

    page = text_of(signed_in(works_for(store)), today())

    assert "To do before the store recommends by itself" in page
    assert "Receive the first visits" in page


def test_without_any_store_an_administrator_is_asked_to_make_one() -> None:
    page = text_of(signed_in(person("root", superuser=True)), today())

    assert "Make the first store" in page


def test_who_works_for_no_store_is_told_whom_to_ask() -> None:
    page = text_of(signed_in(charlie()), today())

    assert "You do not work for any store yet" in page
    assert reverse("admin:catalog_product_changelist") not in page


def test_simulated_stores_are_called_so_on_every_page() -> None:
    store = shop(is_synthetic=True)

    page = text_of(signed_in(works_for(store)), reverse("admin:objectives_zone_changelist"))

    assert "Synthetic data" in page


def test_real_stores_are_not() -> None:
    page = text_of(signed_in(works_for(shop())), today())

    assert "Synthetic data" not in page


def test_the_language_can_be_changed() -> None:
    client = signed_in(works_for(shop()), "en")

    client.post(reverse("set_language"), {"language": "fr", "next": today()})

    assert "Ce que vivent les visiteurs" in text_of(client, today())
