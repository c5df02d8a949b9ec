"""A merchandiser lays down a rule in a real browser, tries it on recent visits, and the storefront goes by it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from catalog.models import Store
from personalization.models import Rule
from personalization.pipeline import Answer, personalize
from tests.journeys.desk import harm, merchandiser, signed_in
from tests.personalization.storefront import asking, lived, shop

pytestmark = pytest.mark.browser


@pytest.fixture
def atelier(transactional_db: None) -> Store:
    """A store with ten visits, of which three put something into the cart."""
    cache.clear()
    store = shop()
    for number in range(10):
        deed = "add_to_cart" if number < 3 else "view_item"
        lived(store, ("view_item", "racket"), (deed, "racket"), session=f"s{number}", visitor_id=f"v{number}")
    merchandiser("olga", store=store)
    return store


@pytest.fixture
def desk(browser: Browser, atelier: Store, live_server: Any) -> Iterator[Page]:
    with signed_in(browser, live_server.url, username="olga", locale="en-GB", height=1300) as page:
        yield page


def answered(store: Store, **asked: Any) -> Answer:
    return personalize(asked=asking(store, engine="rules", **asked), now=timezone.now(), rng=np.random.default_rng(1))


def choose_marker(page: Page, typed: str, phrase: str) -> None:
    """By keyboard alone: the new row has the focus."""
    page.keyboard.type(typed)
    expect(page.get_by_role("option", name=re.compile(phrase))).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")


def test_a_rule_is_built_tried_and_governs(desk: Page, atelier: Store) -> None:
    desk.get_by_role("link", name="Rules", exact=True).click()
    desk.get_by_role("link", name="Add rule").first.click()
    desk.get_by_label("Name", exact=False).first.fill("Cart holds something")
    desk.get_by_role("button", name="Add a condition").click()
    choose_marker(desk, "different cart", "How many different products the cart holds")
    desk.get_by_label("Value", exact=True).fill("1")
    desk.get_by_role("button", name="Try it on recent visits").click()
    expect(desk.get_by_role("status").filter(has_text="3 of the last 10 visits (30%)")).to_be_visible()
    desk.get_by_label("Shows").select_option("chosen")
    desk.get_by_role("combobox", name="Search by title").fill("grinder")
    desk.get_by_role("option", name=re.compile("grinder")).click()
    desk.get_by_label("Text").fill("Only a little more for free shipping")
    assert harm(desk) == []
    desk.get_by_role("button", name="Save", exact=True).click()
    desk.wait_for_url("**/personalization/rule/")

    rule = Rule.objects.get(store=atelier)

    assert rule.condition == {"all": [{"marker": "cart_lines", "operator": ">=", "value": 1.0}]}
    assert (rule.strategy, rule.parameters) == ("chosen", {"item_ids": ["grinder"]})
    lived(atelier, ("add_to_cart", "racket"))
    answer = answered(atelier, session_id="s1")
    assert answer.facts.item_ids[answer.decision.products[0]] == "grinder"
    assert answer.message is not None
    assert answer.message.text == "Only a little more for free shipping"
    expect(desk.get_by_text("“How many different products the cart holds”: at least 1")).to_be_visible()
    assert harm(desk) == []


def test_a_built_rule_is_opened_and_built_further(desk: Page, live_server: Any, atelier: Store) -> None:
    on_product = {"marker": "path_now_product", "operator": "is", "value": 1.0}
    rule = Rule.objects.create(store=atelier, name="On a product", condition={"any": [on_product]}, strategy="cheaper")
    desk.goto(f"{live_server.url}/admin/personalization/rule/{rule.pk}/change/")
    expect(desk.get_by_role("combobox", name="Marker")).to_have_value("The page now open is a product page")

    desk.get_by_role("button", name="Add a group").click()
    choose_marker(desk, "hurry", "hurry against browsing")
    desk.get_by_label("Comparison").last.select_option("between")
    desk.get_by_label("Lower value").fill("25")
    desk.get_by_label("Upper value").fill("50")
    desk.get_by_label("How the conditions go together").last.select_option("none")
    desk.get_by_role("button", name="Save", exact=True).click()
    desk.wait_for_url("**/personalization/rule/")

    rule.refresh_from_db()
    hurried = {"marker": "rhythm_hurry", "operator": "between", "value": [0.25, 0.5]}  # typed in percent
    assert rule.condition == {"any": [on_product, {"not": {"any": [hurried]}}]}
