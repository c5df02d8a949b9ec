"""A merchandiser gives the three orders in a real browser, sees what each would change, and the answers go by them."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from catalog.models import Role, Store
from objectives import lifecycle
from objectives.lifecycle import PLATFORM
from objectives.models import Campaign, Standing
from personalization import campaign_book
from personalization.engines import ENGINES
from personalization.pipeline import personalize
from tests.journeys.desk import harm, merchandiser, signed_in
from tests.journeys.orders import MARGIN, SMOOTH, STOCK, begin, choose_products, give, see
from tests.objectives.documents import document
from tests.personalization.storefront import PopularityEngine, asking, lived, shop

pytestmark = pytest.mark.browser


@pytest.fixture
def atelier(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A store with six visits, whose engine goes by popularity."""
    monkeypatch.setitem(ENGINES, PopularityEngine.name, PopularityEngine())
    monkeypatch.setattr(campaign_book._CAMPAIGNS, "_fresh_for", 0.0)
    store = shop()
    for number in range(6):
        lived(store, ("view_item", "racket"), ("view_item", "balls"), session=f"s{number}", visitor_id=f"v{number}")
    merchandiser("camille", store=store)
    return store


def served(store: Store) -> list[str]:
    answer = personalize(asked=asking(store, "home"), now=timezone.now(), rng=np.random.default_rng(0))
    return [answer.facts.item_ids[product] for product in answer.decision.products]


def test_maximise_margin_today(desk: Page, atelier: Store) -> None:
    begin(desk, MARGIN)
    see(desk)
    assert harm(desk) == []
    give(desk)

    campaign = Campaign.objects.get(store=atelier)
    assert campaign.is_live(timezone.now())
    assert [one.measure for one in campaign.objectives.all()] == ["margin"]
    assert harm(desk) == []


def test_push_this_stock_tomorrow(desk: Page, atelier: Store) -> None:
    begin(desk, STOCK)
    choose_products(desk, ["grinder", "onesie"])
    see(desk)
    assert harm(desk) == []
    give(desk)

    campaign = Campaign.objects.get(store=atelier)
    assert campaign.standing(timezone.now()) == Standing.SCHEDULED
    assert campaign.promoted == {"item_ids": ["grinder", "onesie"]}
    tomorrow = timezone.now().astimezone(atelier.zone_info) + timedelta(days=1)
    assert campaign.starts_at is not None
    assert campaign.starts_at.astimezone(atelier.zone_info).date() == tomorrow.date()


def test_smooth_conversion_tonight(desk: Page, atelier: Store) -> None:
    begin(desk, SMOOTH)
    see(desk)
    give(desk)

    campaign = Campaign.objects.get(store=atelier)
    assert campaign.ends_at is not None
    assert campaign.ends_at.astimezone(atelier.zone_info).hour == 0


def test_a_pin_is_set_by_hand_governs_at_once_and_is_undone(desk: Page, atelier: Store) -> None:
    before = served(atelier)
    begin(desk, MARGIN)
    give(desk)
    desk.get_by_role("button", name="Ajouter une règle").click()
    by_hand = desk.get_by_role("group", name=re.compile("épingler"))
    by_hand.get_by_role("combobox", name="Rechercher par titre").fill("grinder")
    desk.get_by_role("option", name=re.compile("grinder")).click()
    expect(desk.get_by_text("Épinglé à cette place.")).to_be_visible(timeout=30_000)
    desk.get_by_label("Groupe témoin").fill("0")  # of whom whoever asks below may be
    with desk.expect_navigation():  # the page of before says "saved", too: of the campaign
        desk.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(desk.get_by_text("est enregistrée")).to_be_visible()
    assert served(atelier)[0] == "grinder"

    desk.get_by_role("link", name="Historique").click()
    expect(desk.locator("ins", has_text="épingler")).to_be_visible()
    assert harm(desk) == []
    desk.get_by_role("button", name="Revenir à cet état").first.click()
    expect(desk.get_by_text("est de nouveau comme avant")).to_be_visible()
    assert served(atelier)[0] == before[0]


def test_the_floor_is_dragged_along_the_curve(desk: Page, atelier: Store) -> None:
    begin(desk, MARGIN)
    see(desk)
    floor, slider = desk.get_by_label("Plancher de pertinence"), desk.get_by_role("slider", name="Plancher")
    slider.focus()
    desk.keyboard.press("Home")

    expect(floor).to_have_value("70")
    curve = desk.locator(".np-curve")
    curve.scroll_into_view_if_needed()
    box = curve.bounding_box()
    assert box is not None
    desk.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    desk.mouse.down()
    desk.mouse.move(box["x"] + 4, box["y"] + box["height"] / 2, steps=5)
    desk.mouse.up()
    expect(floor).to_have_value("100")


def test_who_may_not_change_it_sees_what_it_changes(browser: Browser, atelier: Store, live_server: Any) -> None:
    begun = lifecycle.create(
        store=atelier,
        document=document(
            atelier,
            objectives=[{"measure": "margin", "weight": 5}],
            condition={"marker": "cart_value", "operator": ">=", "value": 5000},
        ),
        by=PLATFORM,
        now=timezone.now(),
    )
    merchandiser("noor", store=atelier, roles=[Role.ANALYST])
    with signed_in(browser, live_server.url, username="noor", locale="fr-FR", height=1300) as page:
        page.goto(f"{live_server.url}/admin/objectives/campaign/{begun.pk}/change/")
        expect(page.get_by_text("S’applique à 0 des 6 dernières visites")).to_be_visible(timeout=30_000)
        expect(page.get_by_label("Nom", exact=True)).to_be_disabled()
        expect(page.get_by_role("button", name="Enregistrer")).to_have_count(0)


def test_it_is_usable_at_the_width_of_a_phone(desk: Page, atelier: Store) -> None:
    begin(desk, MARGIN)
    desk.set_viewport_size({"width": 360, "height": 800})
    see(desk)

    assert desk.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert harm(desk) == []
