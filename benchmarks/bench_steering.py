"""What the merchandiser's orders change on visits that the memory does not know, and how soon a change governs.

The orders are those of the admin, as they come out of its form. The demo town's last days are ingested after its memory
was built, and each of their visits is stopped at one of its events and answered without and with the order: what is
told is what the calibrated probabilities expect of both lists. How soon a saved change governs is read off two
processes of their own, which answer without a pause while campaigns are put into force here.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any, Final

import numpy as np
from django.utils import timezone
from numpy.typing import NDArray
from tqdm import tqdm

from benchmarks import town
from catalog.live_facts import live_facts
from catalog.models import Store
from netup.demo.traffic import SEED
from objectives import lifecycle
from objectives.campaign_reading import read_campaign
from objectives.campaigns import CampaignInForce
from objectives.lifecycle import PLATFORM
from objectives.measures import lying_heavily
from objectives.models import Action, Zone
from personalization.admin.campaign_presets import PRESETS
from personalization.campaign_book import understood
from personalization.foresight import Foreseer, changes
from personalization.markers.lived import products_of
from personalization.merchandising.rule import KNOWN_MARKERS
from personalization.models import Event

ORDERS: Final = ("margin", "stock", "slow stock", "smooth")
STOCK: Final = "stock"
ZONES: Final = ("home", "product")
PUSHED: Final = 40  # products of a stock that is pushed, drawn evenly from what lies heavily
PROCESSES: Final = 2
CHANGES: Final = 20
PATIENCE: Final = 30.0  # seconds

# Answers without a pause, and says which campaigns governed whenever that changes.
ANSWERING: Final = """
import sys, time, django
django.setup()
import numpy as np
from django.utils import timezone
from numpy.typing import NDArray
from catalog.models import Store
from netup.demo.traffic import SEED
from personalization.decisions import LOG
from personalization.pipeline import RECALLS, personalize
from personalization.scene import Asked
LOG.writes_behind = False
asked = Asked(store=Store.objects.get(pk=int(sys.argv[1])), zone="home", session_id="steering", visitor_id="steering")
told = None
while True:
    answer = personalize(asked=asked, now=timezone.now(), rng=np.random.default_rng(0))
    LOG.clear()
    RECALLS.clear()
    if answer.decision.campaigns != told:
        told = answer.decision.campaigns
        print(time.time(), *told, flush=True)
"""


def add_options(parser: argparse.ArgumentParser) -> None:
    town.add_options(parser)
    parser.add_argument("--visits", type=int, default=300, help="held-out visits, each answered twice")


def measure(asked: argparse.Namespace) -> tuple[dict[str, Any], dict[str, Any]]:
    """Raise the town, let its last days be visited, foresee each order, time changes."""
    standing = town.standing_town(shoppers=asked.shoppers, seed=asked.seed)
    town.ingest_visits(standing.store, (outing.events for outing in standing.held_out))
    protocol = standing.protocol | {
        "visits_answered": asked.visits,
        "pushed": PUSHED,
        "processes": PROCESSES,
        "changes": CHANGES,
    }
    return {"orders": _foreseen(standing.store, asked.visits), "immediacy": _immediacy(standing.store)}, protocol


def show(figures: dict[str, Any]) -> None:
    """Each order by zone, then the seconds until a change governs."""
    print(f"\n{'order':<12}{'zone':<10}{'figure':<12}{'without':>10}{'with':>10}{'change':>9}   95 % of the difference")
    for order, zones in figures["orders"].items():
        for zone, told in zones.items():
            for name, figure in told["figures"].items():
                share = figure["after"] / figure["before"] - 1 if figure["before"] else float("nan")
                span = f"[{figure['lower']:+.2f} {figure['upper']:+.2f}]"
                amounts = f"{figure['before']:>10.2f}{figure['after']:>10.2f}{share:>+9.1%}"
                print(f"{order:<12}{zone:<10}{name:<12}{amounts}   {span}")
            print(f"{'':<20}conversion kept: mean {told['kept']:.4f}, least {told['least_kept']:.4f}")
    immediacy = figures["immediacy"]
    print(f"a saved change governs after {immediacy['p50']} s (median), {immediacy['longest']} s at most")


def _foreseen(store: Store, visits: int) -> dict[str, Any]:
    """Order → zone → what it would change per 1,000 visits."""
    facts = live_facts(store_id=store.pk)
    lying = np.flatnonzero(lying_heavily(facts, town.UNTIL.timestamp()))
    foreseer = Foreseer(store, visits=visits)
    found = {}
    for order in ORDERS:
        among = np.setdiff1d(lying, _sold(store)) if order == "slow stock" else lying
        drawn = np.random.default_rng(SEED).choice(among, PUSHED, replace=False)
        item_ids = [facts.item_ids[product] for product in drawn]
        found[order] = _by_zone(foreseer, store, _campaign(order, store, item_ids), item_ids)
    return found


def _sold(store: Store) -> NDArray[np.int64]:
    """int64 (n,): catalog positions of what was bought at least once."""
    bought = Event.objects.filter(store=store, name="purchase").values_list("lived", flat=True)
    return np.unique([product for packed in bought for product in products_of(packed)[1]])


def _campaign(order: str, store: Store, item_ids: list[str]) -> CampaignInForce:
    """As the admin's form saves the order."""
    preset = PRESETS[STOCK if STOCK in order else order]
    told = {"name": order, **preset.document} | ({"promoted": {"item_ids": item_ids}} if STOCK in order else {})
    return understood(read_campaign(told, store=store, known_markers=KNOWN_MARKERS), campaign_id=1)


def _by_zone(foreseer: Foreseer, store: Store, campaign: CampaignInForce, item_ids: list[str]) -> dict[str, Any]:
    facts = live_facts(store_id=store.pk)
    promoted = np.isin(np.arange(len(facts)), [facts.positions[item_id] for item_id in item_ids])
    found = {}
    for slug in tqdm(ZONES, desc=campaign.name):
        zone = Zone.objects.of(store).get(slug=slug)
        sights = foreseer.sights(zone=zone, before=(), after=(campaign,), now=town.UNTIL)
        kept = [sight.after.kept for sight in sights]
        told = changes(sights, facts=facts, promoted=promoted, now=town.UNTIL)
        found[slug] = {
            "visits": len(sights),
            "kept": float(np.mean(kept)),
            "least_kept": float(np.min(kept)),
            "figures": {
                name: {"before": change.before, "after": change.after, **_bounds(asdict(change.change))}
                for name, change in told.items()
            },
        }
    return found


def _bounds(interval: Mapping[str, float]) -> dict[str, float]:
    return {"change": interval["value"], "lower": interval["lower"], "upper": interval["upper"]}


def _immediacy(store: Store) -> dict[str, float]:
    """Seconds from a campaign's being saved to the first answers of every process that go by it, and by its end."""
    with _answering(store) as webs:
        waited = []
        for _number in tqdm(range(CHANGES // 2), desc="changing"):
            document = read_campaign({"name": "now", "holdout": 0}, store=store, known_markers=KNOWN_MARKERS)
            campaign = lifecycle.create(store=store, document=document, by=PLATFORM, now=timezone.now())
            for action, governing in ((Action.STARTED, [str(campaign.pk)]), (Action.ENDED, [])):
                lifecycle.take(campaign=campaign, action=action, by=PLATFORM, now=timezone.now())
                saved = time.time()
                waited.append(max(_governed(web, governing) for web in webs) - saved)
                time.sleep(float(np.random.default_rng(_number).uniform(0, 1)))  # at any instant of their reading
    return {"p50": round(float(np.median(waited)), 3), "longest": round(max(waited), 3), "changes": len(waited)}


@contextmanager
def _answering(store: Store) -> Iterator[list[subprocess.Popen[str]]]:
    command = [sys.executable, "-c", ANSWERING, str(store.pk)]
    webs = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(PROCESSES)]  # noqa: S603
    try:
        for web in webs:
            _governed(web, [])  # it answers
        yield webs
    finally:
        for web in webs:
            web.kill()
            web.wait(PATIENCE)


def _governed(web: subprocess.Popen[str], campaigns: list[str]) -> float:
    """When the process first answered by these campaigns, seconds since 1970."""
    if web.stdout is None:
        raise ValueError("the process has no output")
    for line in web.stdout:
        at, *told = line.split()
        if told == campaigns:
            return float(at)
    raise RuntimeError("a process that answered has ended")
