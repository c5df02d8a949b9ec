"""What a shopper's browser does: events that arrive, consent that is kept, answers that are shown or missed."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from catalog.models import Product, Store
from personalization.markers.lived import unpack
from personalization.models import Event, Visit

pytestmark = pytest.mark.browser


def in_stock(store: Store, kind: str) -> Product:
    return Product.objects.filter(store=store, item_id__startswith=kind, quantity__gt=3).first()


def accept(page: Page) -> None:
    page.get_by_role("button", name=re.compile("^(Yes|Oui)$")).click()


def waiting(page: Page) -> int:
    """How many events the tag still keeps."""
    return int(page.evaluate("JSON.parse(sessionStorage.getItem('netup.waiting') || '[]').length"))


def wait_until_sent(page: Page) -> None:
    """Every event of the tag has been accepted; the page's own policy forbids Playwright's `wait_for_function`."""
    page.wait_for_load_state("networkidle")
    for _ in range(100):
        if not waiting(page):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"{waiting(page)} events are still waiting")


def test_a_purchase_arrives_step_by_step_and_the_order_counts_once(page, live_server, store):
    racket = in_stock(store, "raquette")
    page.goto(live_server.url)
    accept(page)
    page.goto(f"{live_server.url}/produits/{racket.item_id}")
    page.locator("[data-adds] button").click()
    page.goto(f"{live_server.url}/panier")
    page.locator(".total .button").click()
    page.locator("[data-orders] button").click()
    page.wait_for_url("**/merci")
    page.reload()
    wait_until_sent(page)
    names = [event.name for event in Event.objects.of(store).lived()]
    steps = ["view_item", "add_to_cart", "view_cart", "begin_checkout", "add_shipping_info", "add_payment_info"]
    assert [name for name in names if name in steps][:2] == steps[:2]
    assert set(steps) <= set(names)
    assert names.count("purchase") == 1


def test_all_of_one_stroll_is_one_visit_of_one_visitor(page, live_server, store):
    page.goto(live_server.url)
    accept(page)
    for path in ("/rayons/sport/tennis", "/recherche?q=doudou", "/panier"):
        page.goto(live_server.url + path)
        wait_until_sent(page)
    keys = set(Visit.objects.of(store).values_list("visitor_key", flat=True))
    assert any(key.startswith("v:") for key in keys)


def test_without_consent_nothing_stays_in_the_browser_and_no_visitor_is_named(page, live_server, store):
    page.goto(live_server.url)
    page.get_by_role("button", name=re.compile("^(No|Non)$")).click()
    page.goto(f"{live_server.url}/produits/{in_stock(store, 'raquette').item_id}")
    wait_until_sent(page)
    assert page.evaluate("localStorage.getItem('netup.visitor')") is None
    assert all(visit.visitor_key.startswith("s:") for visit in Visit.objects.of(store))


def test_before_the_visitor_has_answered_there_is_no_consent(page, live_server, store):
    page.goto(f"{live_server.url}/produits/{in_stock(store, 'raquette').item_id}")
    wait_until_sent(page)
    assert {visit.consent for visit in Visit.objects.of(store)} == {False}


def test_a_zone_shows_products_with_their_reason_and_the_exposure_is_told(page, live_server, store):
    page.goto(f"{live_server.url}/produits/{in_stock(store, 'raquette').item_id}")
    zone = page.locator("[data-zone=product]")
    expect(zone).to_be_visible()
    zone.scroll_into_view_if_needed()
    zone.locator("summary").first.click()
    expect(zone.locator("details p").first).not_to_be_empty()
    page.wait_for_timeout(300)
    wait_until_sent(page)
    exposures = Event.objects.of(store).filter(name="view_item_list", recommendation_id__isnull=False)
    assert str(exposures.get().recommendation_id) == zone.get_attribute("data-netup-recommendation")


def test_what_was_clicked_carries_its_answer_to_the_cart(page, live_server, store):
    page.goto(f"{live_server.url}/produits/{in_stock(store, 'raquette').item_id}")
    zone = page.locator("[data-zone=product]")
    expect(zone).to_be_visible()
    answer = zone.get_attribute("data-netup-recommendation")
    zone.locator("a").first.click()
    page.locator("[data-adds] button").click()
    page.wait_for_url("**added=1")
    wait_until_sent(page)
    added = Event.objects.of(store).get(name="add_to_cart")
    assert str(added.recommendation_id) == answer


@pytest.mark.parametrize("broken", ["abort", "error"])
def test_a_page_is_whole_without_answers(page, live_server, store, broken):
    def refuse(route):
        route.abort() if broken == "abort" else route.fulfill(status=503)

    page.route("**/api/v1/recommendations", refuse)
    page.goto(f"{live_server.url}/produits/{in_stock(store, 'raquette').item_id}")
    page.wait_for_load_state("networkidle")
    assert page.locator("[data-zone=product]").is_hidden()
    expect(page.locator("[data-adds] button")).to_be_visible()


def test_events_wait_while_the_interface_is_away_and_count_once_afterwards(page, live_server, store):
    away = [True]

    def sometimes(route):
        route.fulfill(status=503, headers={"Retry-After": "1"}) if away[0] else route.continue_()

    page.route("**/api/v1/events*", sometimes)
    racket = in_stock(store, "raquette")
    page.goto(f"{live_server.url}/produits/{racket.item_id}")
    page.wait_for_timeout(1500)
    assert waiting(page) > 0
    assert not Event.objects.of(store).exists()
    away[0] = False
    wait_until_sent(page)
    assert Event.objects.of(store).filter(name="view_item").count() == 1


def test_an_event_tells_page_device_and_language(page, live_server, store):
    page.goto(f"{live_server.url}/rayons/sport/tennis?utm_source=newsletter&utm_medium=email&utm_campaign=mai")
    wait_until_sent(page)
    first = unpack(Event.objects.of(store).lived().first().lived)
    assert (first.page, first.device, first.language) == ("category", "desktop", "fr-FR")
    assert (first.source, first.medium, first.campaign) == ("newsletter", "email", "mai")
    assert first.path.startswith("/rayons/sport/tennis")


def test_no_page_breaks_its_own_security_policy(page, live_server, store):
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    for path in ("/", "/rayons/sport", f"/produits/{in_stock(store, 'machine').item_id}", "/panier", "/recherche?q=x"):
        page.goto(live_server.url + path)
        page.wait_for_load_state("networkidle")
    assert complaints == []


@pytest.mark.parametrize("width", [360, 1280])
def test_no_page_scrolls_sideways(page, live_server, store, width):
    page.set_viewport_size({"width": width, "height": 800})
    for path in ("/", "/rayons/sport/tennis", f"/produits/{in_stock(store, 'machine').item_id}", "/panier"):
        page.goto(live_server.url + path)
        page.wait_for_load_state("networkidle")
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path


def test_every_page_is_accessible(browser: Browser, live_server, store):
    context = browser.new_context(locale="fr-FR", bypass_csp=True)  # axe is injected as an inline script
    page = context.new_page()
    page.goto(f"{live_server.url}/produits/{in_stock(store, 'machine').item_id}")
    page.locator("[data-adds] button").click()
    for path in (
        "/",
        "/rayons/sport/tennis",
        f"/produits/{in_stock(store, 'raquette').item_id}",
        "/panier",
        "/commande",
    ):
        page.goto(live_server.url + path)
        page.wait_for_load_state("networkidle")
        found = Axe().run(page).response["violations"]
        assert [(path, one["id"], one["nodes"][0]["html"]) for one in found] == []
    page.goto("about:blank")
    page.wait_for_timeout(300)
    context.close()
