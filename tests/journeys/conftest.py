"""A real browser before the demo storefront; skipped only where no Chromium is installed."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, sync_playwright

from catalog.models import ApiKey, Store
from catalog.models.api_key import KeyKind
from catalog.upsert import upsert_products
from netup.demo.casting import build_assortment
from netup.demo.departments import KIND_BY_SLUG
from netup.demo.installation import ZONES
from objectives.models import Zone
from tests.journeys.desk import signed_in

CHROMIUM = Path("/usr/bin/chromium")
KINDS = ("raquette-tennis", "cordage", "balles-tennis", "surgrip", "coffret-naissance", "doudou", "machine-grains",
         "detartrant", "tasses")  # fmt: skip


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.skip("Chromium is not installed")
    # Playwright keeps a loop in this thread; Django's ORM must not take it for an asynchronous view.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-quic", "--disable-background-networking"]
        )
        yield chromium
        chromium.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(params=["light", "dark"])
def desk(browser: Browser, atelier: Store, live_server: Any, request: pytest.FixtureRequest) -> Iterator[Page]:
    """Camille's, in either theme, at the store that the module names `atelier`."""
    with signed_in(
        browser, live_server.url, username="camille", locale="fr-FR", height=1300, theme=request.param
    ) as page:
        yield page


@pytest.fixture
def page(browser: Browser, store: Store, live_server: object) -> Iterator[Page]:
    """A fresh French browser; it has left the shop before the database is emptied."""
    context = browser.new_context(locale="fr-FR", viewport={"width": 1280, "height": 900})
    context.set_default_timeout(10_000)
    page = context.new_page()
    yield page
    page.unroute_all(behavior="ignoreErrors")
    page.goto("about:blank")
    page.wait_for_timeout(300)  # the last beacon arrives
    context.close()


@pytest.fixture
def store(transactional_db: None, settings: object, tmp_path: Path) -> Store:
    """The demo store with a few shelves, its zones and a working public key."""
    settings.VAR_DIR = tmp_path  # type: ignore[attr-defined]
    store = Store.objects.create(slug="demo", name="Le Comptoir", is_synthetic=True, free_shipping_from=50)
    now = timezone.now() - timedelta(hours=1)
    kinds = [KIND_BY_SLUG[slug] for slug in KINDS]
    assortment = build_assortment(kinds=kinds, now=now, rng=np.random.default_rng(3))
    rows = [article.merchant(shop_url="http://shop.example") for article in assortment.articles]
    upsert_products(store=store, rows=rows, now=now)
    for zone in ZONES:
        Zone.objects.create(store=store, **zone)
    _key, text = ApiKey.objects.all().issue(store=store, kind=KeyKind.PUBLIC, name="shop")
    (tmp_path / "demo.json").write_text(json.dumps({"public_key": text}))
    return store
