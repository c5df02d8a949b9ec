"""Zones are marked out by those who work for the store."""

from __future__ import annotations

from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from objectives.models import Zone
from tests.personalization.admin.screens import signed_in, text_of, works_for
from tests.personalization.met_campaigns import governing
from tests.personalization.storefront import shop

pytestmark = pytest.mark.django_db
ZONE = {"name": "Basket", "slug": "basket", "page_type": "cart", "kind": "recommendation", "size": 4, "enabled": "on"}


def page(name: str, *ids: object) -> str:
    return reverse(f"admin:objectives_zone_{name}", args=ids)


@pytest.mark.parametrize(("language", "told"), [("en", "recommendation"), ("fr", "recommandation")])
def test_zones_are_listed_in_the_readers_language(language: str, told: str) -> None:
    assert told in text_of(signed_in(works_for(shop()), language), page("changelist"))


def test_a_zone_is_added() -> None:
    store = shop()

    signed_in(works_for(store)).post(page("add"), {**ZONE, "store": store.pk})

    assert Zone.objects.get(store=store, slug="basket").size == 4


def test_no_zone_is_added_to_another_store() -> None:
    theirs = shop("brico")

    signed_in(works_for(shop("atelier"))).post(page("add"), {**ZONE, "store": theirs.pk})

    assert not Zone.objects.filter(slug="basket").exists()


def test_the_identifier_the_storefront_asks_by_stands() -> None:
    store = shop()
    zone = store.zones.get(slug="home")

    signed_in(works_for(store)).post(page("change", zone.pk), {**ZONE, "slug": "other"})

    zone.refresh_from_db()
    assert (zone.slug, zone.name) == ("home", "Basket")


def test_another_stores_zone_does_not_open() -> None:
    theirs = shop("brico", name="Brico")
    client = signed_in(works_for(shop("atelier")))

    assert "Brico" not in text_of(client, page("changelist"))
    assert client.get(page("change", theirs.zones.first().pk)).status_code in {302, 403}


@pytest.mark.parametrize("asked", ["alone", "with others"])
def test_a_zone_that_a_campaign_is_for_stays(asked: str) -> None:
    store = shop()
    zone = store.zones.get(slug="home")
    governing(store, since=timezone.now()).zones.add(zone)
    marked = {"action": "delete_selected", "_selected_action": [zone.pk], "post": "yes"}
    address, body = (page("delete", zone.pk), {"post": "yes"}) if asked == "alone" else (page("changelist"), marked)

    answer = signed_in(works_for(store)).post(address, body)

    assert Zone.objects.filter(pk=zone.pk).exists()
    assert "“Push” is for this zone" in unescape(answer.content.decode())


def test_a_zone_that_nothing_is_for_goes() -> None:
    store = shop()
    zone = store.zones.get(slug="home")

    signed_in(works_for(store)).post(page("delete", zone.pk), {"post": "yes"})

    assert not Zone.objects.filter(pk=zone.pk).exists()
