"""Exposure budgets are of the installation: all processes take from one, and each stops when it is spent."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from catalog.live_facts import live_facts
from catalog.models import Store
from objectives.models import Campaign, CampaignState
from personalization.models import ProductExposure, VisitorExposure
from tests.personalization.elsewhere import PATIENCE, Web
from tests.personalization.storefront import shop

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def store(transactional_db: None) -> Store:
    return shop()


@pytest.fixture
def webs(store: Store, tmp_path: Path) -> Iterator[list[Web]]:
    running = [Web(tmp_path / str(number), kept=True) for number in range(2)]
    for web in running:  # however long they take to start
        web.shown("early")
    yield running
    for web in running:
        web.stop()


def pinned(store: Store, **budget: Any) -> Campaign:
    made = Campaign.objects.create(store=store, name="Pin", state=CampaignState.APPROVED, holdout=0.0, **budget)
    made.rules.create(kind="pin", products={"item_ids": ["grinder"]}, place=1)
    return made


def asked_in_turn(webs: list[Web], *, until: Callable[[list[bool]], bool], visitor: str = "") -> int:
    """How many answers showed the pinned product first, until a round of all processes is as it should be.

    Without a name each round is another visitor's.
    """
    showed = 0
    patient_until = time.monotonic() + PATIENCE
    for number in count():
        first = [web.shown(visitor or f"visitor-{number}")[0] == "grinder" for web in webs]
        showed += sum(first)
        if until(first):
            break
        assert time.monotonic() < patient_until, showed
        time.sleep(0.05)
    return showed


def none(first: list[bool]) -> bool:
    return not any(first)


def test_all_processes_take_from_one_budget_and_stop_when_it_is_spent(
    store: Store, webs: list[Web], tmp_path: Path
) -> None:
    made = pinned(store, most_per_product=30)

    showed = asked_in_turn(webs, until=all) + asked_in_turn(webs, until=none)

    restarted = Web(tmp_path / "restarted")
    assert restarted.shown()[0] != "grinder"
    # Whatever was overrun, by answers given before they were written and read, is counted to the last one.
    for web in (*webs, restarted):
        web.stop()
    grinder = live_facts(store_id=store.pk).positions["grinder"]
    assert ProductExposure.objects.get(campaign=made, position=grinder).shown == showed >= 30


def test_a_visitor_has_one_budget_wherever_answered(store: Store, webs: list[Web]) -> None:
    made = pinned(store, most_per_visitor=3)
    asked_in_turn(webs, until=all)

    showed = asked_in_turn(webs, until=none, visitor="camille")

    assert all(web.shown("blake")[0] == "grinder" for web in webs)
    for web in webs:
        web.stop()
    assert VisitorExposure.objects.get(campaign=made, visitor_key="v:camille").answers == showed >= 3
