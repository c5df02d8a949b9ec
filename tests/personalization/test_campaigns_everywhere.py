"""A saved campaign governs every process of the installation, also one that is started after it."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from django.utils import timezone

from catalog.models import Store
from objectives.models import Campaign, CampaignState, MerchandisingRule
from tests.personalization.elsewhere import environment
from tests.personalization.storefront import shop

pytestmark = pytest.mark.django_db(transaction=True)

PATIENCE: Final = 30.0  # seconds a busy machine is given; how fast it is, is measured elsewhere

# Answers each line it reads with the item ids that the zone then shows.
ANSWERING: Final = """
import sys, json, django
django.setup()
import numpy as np
from django.utils import timezone
from catalog.models import Store
from personalization.decisions import LOG
from personalization.pipeline import personalize
from personalization.scene import Asked
LOG.writes_behind = False
store = Store.objects.get()
for line in sys.stdin:
    asked = Asked(store=store, zone="home", session_id=line.strip(), visitor_id="camille")
    answer = personalize(asked=asked, now=timezone.now(), rng=np.random.default_rng(0))
    LOG.clear()
    print(json.dumps([answer.facts.item_ids[product] for product in answer.decision.products]), flush=True)
"""


class Web:
    """A process that answers, as those of the web server do."""

    def __init__(self, memory_dir: Path) -> None:
        self._asked = 0
        self._process = subprocess.Popen(
            [sys.executable, "-c", ANSWERING],
            env=environment(memory_dir=memory_dir),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def shown(self) -> list[str]:
        """By a visitor who has not asked before."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._asked += 1
        self._process.stdin.write(f"session-{self._asked}\n")
        self._process.stdin.flush()
        return list(json.loads(self._process.stdout.readline()))

    def stop(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(PATIENCE)
        assert self._process.stdout is not None
        self._process.stdout.close()


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
