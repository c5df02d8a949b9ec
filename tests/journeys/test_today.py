"""The admin's first page in a real browser: in both languages, both themes, on a desk and on a phone, by keyboard."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from catalog.models import Store
from objectives.lifecycle import PLATFORM, create, take
from objectives.models import Action
from personalization.models import Generation
from tests.journeys.desk import harm, merchandiser, signed_in
from tests.objectives.documents import document
from tests.personalization.admin.screens import belongs
from tests.personalization.met_campaigns import answered, did
from tests.personalization.storefront import lived, shop
from tests.personalization.told_days import answered_at, remembering

pytestmark = pytest.mark.browser
PHONE = {"width": 360, "height": 780}


@pytest.fixture
def atelier(transactional_db: None) -> Store:
    """A store with a little of everything that the page shows."""
    cache.clear()
    store, now = shop(name="L’Atelier"), timezone.now()
    remembering(
        store, until=now - timedelta(hours=5), situation_count=6_200, visit_count=900, validation={"hr_20": 0.7}
    )
    members: dict[str, Any] = {"objectives": [{"measure": "margin", "weight": 10}], "zones": ["home"]}
    for name, actions in {
        "Marge du jour": (Action.STARTED,),
        "Une très longue campagne pour écouler les raquettes de l’été avant l’inventaire": (Action.STARTED,),
        "Coffrets": (Action.STARTED, Action.GUARDED),
        "Un brouillon": (),
    }.items():
        ends = (now + timedelta(hours=30)).isoformat()
        campaign = create(
            store=store, document=document(store, name=name, ends_at=ends, **members), by=PLATFORM, now=now
        )
        for action in actions:
            campaign = take(campaign=campaign, action=action, by=PLATFORM, now=now)
    for number in range(12):
        lived(store, ("view_item", "racket"), session=f"s{number}", visitor_id=f"v{number}", days_ago=number)
        arm = {"steered" if number % 3 else "spared": (campaign,)}
        answered(store, f"v{number}", at=now - timedelta(hours=number), **arm)
        answered_at(store, now - timedelta(hours=number), fallback="no_analogue" if number % 4 else "")
    did(store, "v1", "purchase", at=now - timedelta(minutes=1))
    merchandiser("camille", store=store)
    return store


def fits(page: Page) -> bool:
    """Whether nothing is wider than the screen."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def test_it_keeps_nobody_out_on_a_desk_and_on_a_phone(desk: Page) -> None:
    expect(desk.get_by_role("heading", name="Ce qui pilote en ce moment")).to_be_visible()
    desk.get_by_text("Jour par jour").click()
    assert harm(desk) == []

    desk.set_viewport_size(PHONE)  # type: ignore[arg-type]

    assert fits(desk)
    assert harm(desk) == []


def test_a_store_where_nothing_steers_yet_keeps_nobody_out(
    browser: Browser, transactional_db: None, live_server: Any
) -> None:
    cache.clear()
    merchandiser("nadia", store=shop("neuve", name="Neuve"))
    with signed_in(browser, live_server.url, username="nadia", locale="en-GB", height=1000) as page:
        page.set_viewport_size(PHONE)  # type: ignore[arg-type]
        expect(page.get_by_role("heading", name="Now steering")).to_be_visible()
        assert fits(page)
        assert harm(page) == []

        page.get_by_role("link", name=re.compile("Push this stock tomorrow")).click()

        expect(page.get_by_label("Name", exact=True)).to_have_value("Push this stock tomorrow")


def test_an_alert_leads_to_what_it_is_about(desk: Page) -> None:
    alert = desk.get_by_role("listitem").filter(has_text="a été suspendue par son garde-fou")

    alert.get_by_role("link", name="Voir la campagne").click()

    expect(desk.get_by_role("heading", name="Coffrets").first).to_be_visible()


def test_everything_is_reached_by_keyboard(desk: Page) -> None:
    desk.get_by_text("Jour par jour").focus()
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("table").first).to_be_visible()

    desk.get_by_role("link", name="Marge du jour").focus()
    desk.keyboard.press("Enter")

    expect(desk.get_by_label("Nom", exact=True)).to_have_value("Marge du jour")


def test_pictures_have_names_for_those_who_cannot_see_them(desk: Page) -> None:
    for name in ("Visites", "Conversion", "Chiffre d’affaires", "Sans analogue"):
        expect(desk.get_by_role("img", name=re.compile(f"^{name}"))).to_be_visible()


def test_another_store_is_chosen_by_its_name(browser: Browser, atelier: Store, live_server: Any) -> None:
    brico = shop("brico", name="Brico")
    belongs(merchandiser("camille"), brico)
    with signed_in(browser, live_server.url, username="camille", locale="fr-FR", height=1000) as page:
        expect(page.get_by_role("link", name="Marge du jour")).to_be_visible()

        page.get_by_label("Boutique", exact=True).select_option("Brico")

        expect(page.get_by_text("Rien ne pilote en ce moment")).to_be_visible()
        assert f"store={brico.pk}" in page.url
        assert Generation.objects.live().filter(store=atelier).exists()
