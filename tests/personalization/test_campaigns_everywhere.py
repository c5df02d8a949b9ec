"""A saved campaign governs every process of the installation, also one that is started after it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from catalog.models import Store
from objectives.models import Campaign, CampaignState, MerchandisingRule
from tests.personalization.elsewhere import PATIENCE, Web
from tests.personalization.storefront import shop

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def webs(store: Store, tmp_path: Path) -> Iterator[list[Web]]:
    running = [Web(tmp_path / str(number)) for number in range(2)]
    yield running
    for web in running:
        web.stop()


@pytest.fixture
def store(transactional_db: None) -> Store:
    return shop()


def pinned(store: Store, item_id: str) -> Campaign:
    made = Campaign.objects.create(store=store, name="Pin", state=CampaignState.APPROVED, holdout=0.0)
    MerchandisingRule.objects.create(campaign=made, kind="pin", products={"item_ids": [item_id]}, place=1)
    return made


def eventually(web: Web, *, first: str, otherwise: bool = False) -> Any:
    """Ask until the first product is this one (or no longer is)."""
    patient_until = time.monotonic() + PATIENCE
    while ((shown := web.shown())[0] == first) is otherwise:
        assert time.monotonic() < patient_until, shown
        time.sleep(0.1)
    return shown


def test_a_change_reaches_all_processes_and_outlasts_a_restart(store: Store, webs: list[Web], tmp_path: Path) -> None:
    assert all(web.shown()[0] != "grinder" for web in webs)

    campaign = pinned(store, "grinder")

    for web in webs:
        eventually(web, first="grinder")
    restarted = Web(tmp_path / "restarted")
    assert restarted.shown()[0] == "grinder"
    restarted.stop()

    campaign.ends_at = timezone.now()
    campaign.save()
    for web in webs:
        eventually(web, first="grinder", otherwise=True)
