"""A merchandiser's way through the admin in a real browser: a visit, its situation, the memory, the markers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from catalog.models import Product, Store
from personalization.decisions import LOG
from personalization.memory import arrays
from personalization.models import Decision, Generation, GenerationState, Visit
from personalization.pipeline import personalize
from tests.journeys.desk import harm, merchandiser, signed_in
from tests.personalization.storefront import asking, lived, remembered, shop

pytestmark = pytest.mark.browser


@pytest.fixture
def atelier(transactional_db: None) -> Store:
    """A store with visits, a live memory, an earlier generation, and a decision served in the last visit."""
    store = shop(is_synthetic=True)
    live = remembered(store)
    earlier = Generation.objects.create(
        store=store,
        number=live.number + 1,
        state=GenerationState.READY,
        marker_version=live.marker_version,
        until=live.until,
        settings=live.settings,
    )
    arrays.save(earlier.pk, "scaling", arrays.read(live.pk, "scaling"))
    lived(store, ("view_item", "racket"), ("add_to_cart", "racket"), ("view_item", "balls"))
    personalize(asked=asking(store, engine="inductive"), now=timezone.now(), rng=np.random.default_rng(1))
    LOG.flush()
    merchandiser("olga", superuser=True)
    return store


@pytest.fixture
def desk(browser: Browser, atelier: Store, live_server: Any) -> Iterator[Page]:
    with signed_in(browser, live_server.url, username="olga", locale="fr-FR", height=1000) as page:
        yield page


def test_a_visit_is_walked_through_event_by_event(desk: Page, live_server: Any, atelier: Store) -> None:
    visit = Visit.objects.get(store=atelier, visitor_key="v:camille")
    desk.locator("#nav-sidebar-inner").get_by_role("link", name="Visites", exact=True).click()
    desk.get_by_role("link", name="camille").first.click()
    expect(desk.get_by_role("heading", name="La situation après l’événement 3 sur 3")).to_be_visible()
    desk.get_by_text("A mis au panier").click()
    expect(desk.get_by_role("heading", name="La situation après l’événement 2 sur 3")).to_be_visible()
    assert f"/{visit.pk}/change/?step=2" in desk.url
    desk.get_by_text("Ce qui serait recommandé ici").click()
    desk.get_by_role("button", name="Demander").click()
    expect(desk.locator("#recommended").get_by_text(re.compile("mis au panier .* acheté")).first).to_be_visible()
    assert harm(desk) == []


def test_the_slider_walks_through_the_visit_too(desk: Page, live_server: Any, atelier: Store) -> None:
    visit = Visit.objects.get(store=atelier, visitor_key="v:camille")
    desk.goto(f"{live_server.url}/admin/personalization/visit/{visit.pk}/change/")

    desk.locator("#step").focus()
    desk.keyboard.press("Home")

    expect(desk.get_by_role("heading", name="La situation après l’événement 1 sur 3")).to_be_visible()


def test_another_generation_goes_live_after_a_confirmation(desk: Page, atelier: Store) -> None:
    desk.get_by_role("link", name="Générations", exact=True).click()
    desk.get_by_role("link", name="Génération 2").click()
    desk.get_by_role("link", name="Passer à cette génération").click()
    desk.get_by_role("button", name="Changer maintenant").click()

    expect(desk.get_by_text("La génération 2 est en service.")).to_be_visible()
    assert Generation.objects.live().get(store=atelier).number == 2


LISTS = [
    "",
    "personalization/visit/",
    "personalization/visit/?channel=email",
    "personalization/decision/",
    "personalization/generation/",
    "personalization/generation/markers/",
    "personalization/generation/markers/?q=panier",
    "objectives/zone/",
    "objectives/zone/add/",
    "catalog/product/",
    "catalog/category/",
    "catalog/store/",
    "catalog/apikey/",
    "catalog/apikey/add/",
]


def pages_of(store: Store) -> list[str]:
    """The pages of one visit, one decision, one generation, one product."""
    live = Generation.objects.live().get(store=store)
    visit = Visit.objects.get(store=store, visitor_key="v:camille")
    return [
        f"personalization/generation/{live.pk}/change/",
        f"personalization/generation/{live.pk}/switch/",
        f"personalization/decision/{Decision.objects.get().pk}/change/",
        f"personalization/visit/{visit.pk}/change/?step=1&zone=home",
        f"catalog/product/{Product.objects.of(store).order_by('pk')[0].pk}/change/",
    ]


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_no_screen_keeps_anybody_out(desk: Page, live_server: Any, atelier: Store, colours: Any) -> None:
    desk.emulate_media(color_scheme=colours)
    found = {}
    for path in [*LISTS, *pages_of(atelier)]:
        desk.goto(f"{live_server.url}/admin/{path}")
        if harmful := harm(desk):
            found[path] = harmful

    assert found == {}


def test_amounts_show_in_the_product_form(desk: Page, live_server: Any, atelier: Store) -> None:
    product = Product.objects.get(store=atelier, item_id="balls")

    desk.goto(f"{live_server.url}/admin/catalog/product/{product.pk}/change/")

    expect(desk.locator("[name=sale_price]")).to_have_value("7,90")


def test_the_sign_in_page_keeps_nobody_out(browser: Browser, live_server: Any, transactional_db: None) -> None:
    page = browser.new_page()
    page.goto(f"{live_server.url}/admin/login/")
    found = harm(page)
    page.close()

    assert found == []
