"""A merchandiser has the approaches compared in a real browser, and reads the verdict."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from catalog.models import Store
from personalization.evaluation import comparing
from personalization.memory.live import forget_held
from tests.journeys.desk import harm, merchandiser, signed_in
from tests.personalization.memory.past import live_many, shop

pytestmark = pytest.mark.browser


@pytest.fixture
def atelier(
    transactional_db: None, settings: Any, tmp_path: Path, broker: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> Store:
    """A store with forty visits, which shall be enough."""
    settings.MEMORY_DIR = tmp_path / "memory"
    forget_held()
    broker(broker_url="redis://127.0.0.1:1/0", broker_transport_options={"socket_connect_timeout": 0.2})
    for name, enough in {"NEEDED": 40, "JUDGED_LEAST": 10}.items():
        monkeypatch.setattr(comparing, name, enough)
    store = shop()
    live_many(store, visits=40, ended=timezone.now())
    merchandiser("olga", store=store)
    return store


@pytest.fixture
def desk(browser: Browser, atelier: Store, live_server: Any) -> Iterator[Page]:
    with signed_in(browser, live_server.url, username="olga", locale="fr-FR", height=1200) as page:
        yield page


def test_a_comparison_is_asked_for_watched_and_read(desk: Page, atelier: Store) -> None:
    desk.get_by_role("link", name="Comparaison des approches").click()
    expect(desk.get_by_text("Rien n’a encore été comparé")).to_be_visible()
    assert harm(desk) == []
    desk.get_by_role("button", name="Comparer maintenant").click()
    expect(desk.get_by_role("progressbar", name="Avancement de la comparaison")).to_be_visible()
    expect(desk.get_by_text("en attente d’un worker libre")).to_be_visible()
    assert harm(desk) == []

    comparing.carry_out_next()

    verdict = desk.get_by_role("heading", name="Sur 10 visites récentes")
    expect(verdict).to_be_visible()  # the page looks again by itself
    expect(desk.get_by_role("button", name="Comparer maintenant")).to_be_visible()
    found = desk.get_by_role("img", name="Ce que trouve chaque approche")
    expect(found).to_be_visible()
    expect(found.locator("text", has_text="Situation reconnue").first).to_be_visible()


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_the_report_keeps_nobody_out(desk: Page, atelier: Store, live_server: Any, colours: Any) -> None:
    comparing.ask(store=atelier, now=timezone.now())
    comparing.carry_out_next()
    desk.emulate_media(color_scheme=colours)
    desk.goto(f"{live_server.url}/admin/personalization/comparison/")

    for summary in desk.get_by_text("Les chiffres en tableau").all():
        summary.click()

    expect(desk.get_by_role("table")).to_have_count(5)
    assert harm(desk) == []
