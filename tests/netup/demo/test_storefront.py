"""The demo storefront's pages, asked like a browser without scripts would."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from django.utils import timezone

from catalog.models import Product, Store
from catalog.upsert import upsert_products
from netup.demo.casting import build_assortment
from netup.demo.departments import KIND_BY_SLUG

pytestmark = pytest.mark.django_db
KINDS = ("raquette-tennis", "cordage", "balles-tennis", "coffret-naissance", "machine-grains", "detartrant")
SYNTHETIC = "its products, brands and shoppers are synthetic"


@pytest.fixture(autouse=True)
def store(settings, tmp_path) -> Store:
    settings.VAR_DIR = tmp_path
    (tmp_path / "demo.json").write_text(json.dumps({"public_key": "pk_of_the_shop"}))
    store = Store.objects.create(slug="demo", name="Le Comptoir", is_synthetic=True, free_shipping_from=50)
    now = timezone.now() - timedelta(hours=1)
    kinds = [KIND_BY_SLUG[slug] for slug in KINDS]
    assortment = build_assortment(kinds=kinds, now=now, rng=np.random.default_rng(3))
    rows = [article.merchant(shop_url="http://shop.example") for article in assortment.articles]
    upsert_products(store=store, rows=rows, now=now)
    return store


def in_stock(kind: str) -> Product:
    return Product.objects.filter(item_id__startswith=kind, quantity__gt=3).first()


def told(response) -> dict:
    found = re.search(r'<script id="visit-page" type="application/json">(.*?)</script>', response.text)
    return json.loads(found.group(1))


@pytest.mark.parametrize("path", ["/", "/rayons/sport", "/rayons/sport/tennis/raquettes", "/recherche?q=raquette",
                                  "/recherche", "/panier"])  # fmt: skip
def test_every_page_says_that_it_is_synthetic_and_carries_the_public_key(client, path):
    response = client.get(path)
    assert response.status_code == 200
    assert SYNTHETIC in response.text
    assert 'data-key="pk_of_the_shop"' in response.text


def test_no_page_needs_an_inline_script_or_style(client):
    for path in ("/", "/rayons/sport", f"/produits/{in_stock('raquette').item_id}", "/panier"):
        text = client.get(path).text
        assert not re.search(r"<script(?![^>]*(src=|application/json))", text)
        assert not re.search(r"\son\w+=|\sstyle=", text)


def test_a_product_page_shows_price_and_tells_that_it_was_viewed(client):
    racket = in_stock("raquette")
    response = client.get(f"/produits/{racket.item_id}")
    assert racket.title in response.text
    assert told(response)["events"][0]["items"][0]["item_id"] == racket.item_id
    assert told(response)["page"] == {"type": "product", "item_id": racket.item_id}


def test_a_running_sale_shows_both_prices(client, settings):
    settings.LANGUAGE_CODE = "en"
    racket = in_stock("raquette")
    now = timezone.now()
    Product.objects.filter(pk=racket.pk).update(
        price="100.00",
        sale_price="79.90",
        sale_price_starts=now - timedelta(days=1),
        sale_price_ends=now + timedelta(days=1),
    )
    text = client.get(f"/produits/{racket.item_id}", headers={"accept-language": "fr"}).text
    assert "79,90\xa0€" in text
    assert "100,00\xa0€" in text


def test_an_ended_sale_is_over(client):
    racket = in_stock("raquette")
    now = timezone.now()
    Product.objects.filter(pk=racket.pk).update(
        price="100.00",
        sale_price="79.90",
        sale_price_starts=now - timedelta(days=9),
        sale_price_ends=now - timedelta(days=1),
    )
    assert "79.90" not in client.get(f"/produits/{racket.item_id}", headers={"accept-language": "en"}).text


def test_what_is_out_of_stock_cannot_be_added(client):
    racket = in_stock("raquette")
    Product.objects.filter(pk=racket.pk).update(quantity=0)
    text = client.get(f"/produits/{racket.item_id}").text
    assert 'value="add"' not in text


def test_a_search_forgives_accents_and_plurals(client):
    found = told(client.get("/recherche", {"q": "detartrants"}))["events"][0]
    assert found["search_results"] == Product.objects.filter(item_id__startswith="detartrant").count()


def test_a_search_without_result_says_so(client):
    response = client.get("/recherche", {"q": "hélicoptère"})
    assert told(response)["events"][0]["search_results"] == 0


def test_a_cart_keeps_what_was_added_until_it_is_removed(client):
    racket = in_stock("raquette")
    for _ in range(2):
        client.post("/panier/modifier", {"item_id": racket.item_id, "action": "add"})
    assert told(client.get("/panier"))["events"][0]["items"][0]["quantity"] == 2
    client.post("/panier/modifier", {"item_id": racket.item_id, "action": "remove"})
    assert told(client.get("/panier"))["events"][0]["items"] == []


def test_delivery_costs_below_the_threshold_and_is_free_above(client):
    racket = in_stock("raquette")
    client.post("/panier/modifier", {"item_id": racket.item_id, "action": "add"})
    Product.objects.filter(pk=racket.pk).update(price="40.00", sale_price=None)
    assert "44.90" in client.get("/commande", headers={"accept-language": "en"}).text
    Product.objects.filter(pk=racket.pk).update(price="60.00")
    assert "60.00" in client.get("/commande", headers={"accept-language": "en"}).text


def test_an_order_is_told_under_its_transaction_and_empties_the_cart(client):
    racket = in_stock("raquette")
    client.post("/panier/modifier", {"item_id": racket.item_id, "action": "add"})
    response = client.post("/commande", follow=True)
    event = told(response)["events"][0]
    assert event["name"] == "purchase"
    assert event["transaction_id"].startswith("CE-")
    assert event["event_id"] == f"purchase-{event['transaction_id']}"
    assert [item["item_id"] for item in event["items"]] == [racket.item_id]
    assert told(client.get("/panier"))["events"][0]["items"] == []


def test_a_forged_cart_is_empty(client):
    client.cookies["panier"] = "raquette-tennis-01:3"
    assert told(client.get("/panier"))["events"][0]["items"] == []


def test_a_picture_may_be_kept_by_the_browser(client):
    response = client.get(f"/demo/pictures/{in_stock('raquette').item_id}.svg")
    assert response["content-type"] == "image/svg+xml"
    assert "max-age=86400" in response["cache-control"]
    assert ET.fromstring(response.content).tag.endswith("svg")  # noqa: S314 - drawn by ourselves


@pytest.mark.parametrize("path", ["/produits/unknown", "/rayons/unknown", "/demo/pictures/unknown.svg", "/merci/x"])
def test_what_does_not_exist_is_not_found(client, path):
    assert client.get(path).status_code == 404


def test_a_product_of_another_store_is_not_sold_here(client):
    other = Store.objects.create(slug="other", name="Other")
    rows = [{"id": "vase-01", "title": "Vase", "price": "10.00 EUR"}]
    upsert_products(store=other, rows=rows, now=timezone.now())
    assert client.get("/produits/vase-01").status_code == 404


def test_without_a_demo_store_the_front_door_leads_to_the_admin(client, store):
    Store.objects.filter(pk=store.pk).update(slug="another")
    assert client.get("/")["location"] == "/admin/"


def test_the_page_follows_the_language_of_the_browser(client):
    assert '<html lang="fr">' in client.get("/", headers={"accept-language": "fr"}).text
    assert '<html lang="en">' in client.get("/", headers={"accept-language": "en"}).text
