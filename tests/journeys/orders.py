"""How somebody new gives the orders of a merchandiser: what they click and type, from any page of the admin."""

from __future__ import annotations

import re
from collections.abc import Sequence

from playwright.sync_api import Page, expect

MARGIN, STOCK, SMOOTH = (
    "Maximiser la marge aujourd’hui",
    "Pousser ce stock demain",
    "Fluidifier la conversion ce soir",
)
PREVIEWED = re.compile(r"S’applique à \d+ des \d+ dernières visites")


def begin(page: Page, order: str) -> None:
    """From the sidebar to the form of an order."""
    page.get_by_role("link", name="Campagnes", exact=True).click()
    page.get_by_role("link", name=order).click()
    expect(page.get_by_label("Nom", exact=True)).to_have_value(order)


def choose_products(page: Page, searches: Sequence[str]) -> None:
    """Pick the first product that each search finds."""
    promoted = page.get_by_role("region", name="Quels produits")
    for typed in searches:
        promoted.get_by_role("combobox", name="Rechercher par titre, marque ou identifiant").fill(typed)
        page.get_by_role("option", name=re.compile(typed, re.IGNORECASE)).first.click()


def see(page: Page) -> None:
    """Wait for what the order would change."""
    expect(page.get_by_text(PREVIEWED)).to_be_visible(timeout=60_000)
    expect(page.locator(".np-curve")).to_be_visible(timeout=60_000)


def give(page: Page) -> None:
    """Put it into force."""
    page.get_by_role("button", name="Enregistrer et mettre en service").click()
    expect(page.get_by_role("button", name="Suspendre")).to_be_visible()
