"""What a campaign would change, before it is saved: recent visits answered without and with it, side by side."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from threading import Lock
from typing import Final

import numpy as np
from numpy.typing import NDArray

from catalog.facts import ProductFacts
from catalog.live_facts import live_facts
from catalog.models import Store
from objectives import conflicts
from objectives.campaign_reading import Document
from objectives.campaigns import CampaignInForce
from objectives.measures import MEASURES, lying_heavily
from objectives.models import Campaign, Scope, Zone
from objectives.models.campaign import Measure
from personalization.campaign_book import campaigns_of, understood
from personalization.evaluation.typical import most_typical
from personalization.foresight import Change, Foreseer, Point, Sight, changes
from personalization.hindsight import Hindsight, logged_changes

NEW: Final = 0  # id of a campaign that is not stored yet
TYPICAL: Final = "typical"
CURVE_FLOORS: Final = (1.0, 0.99, 0.98, 0.97, 0.95, 0.93, 0.9, 0.85, 0.8, 0.7)
CURVE_VISITS: Final = 40
MOST_STORES: Final = 20  # whose estimates a process keeps for the next look

# Which figure of a curve an objective is read by.
READ_BY: Final[Mapping[str, str]] = {
    Measure.REVENUE: "revenue",
    Measure.MARGIN: "margin",
    Measure.CLEARANCE: "promoted",
    Measure.DISCOVERY: "promoted",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A campaign put to the test in one zone.

    Attributes:
        planned: the campaign as it is told.
        tried: the same, its period left aside.
        without, alongside: the campaigns that would then be in force, without and with it, by precedence.
        at: the instant that is looked at: now, or when the campaign starts.
        promoted: bool (products,), those whose units are counted; of a campaign for all, what lies heavily.
    """

    store: Store
    zone: Zone
    facts: ProductFacts
    planned: CampaignInForce
    tried: CampaignInForce
    without: tuple[CampaignInForce, ...]
    alongside: tuple[CampaignInForce, ...]
    at: datetime
    promoted: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreseen:
    """What came out.

    Attributes:
        sights: every recent visit, answered twice.
        chosen: which of them is shown in full; None without any visit.
        applies: in how many the campaign applies.
        moved: in how many it changes what is shown.
        figures: name → change per 1,000 visits.
    """

    sights: Sequence[Sight]
    chosen: int | None
    applies: int
    moved: int
    figures: Mapping[str, Change]


def trial_of(
    document: Document, *, store: Store, zone: Zone, campaign: Campaign | None, now: datetime, against_stored: bool
) -> Trial:
    """Put a document to the test; `against_stored` compares it with the campaign as it stands, not with none."""
    facts = live_facts(store_id=store.pk)
    planned = understood(document, campaign_id=campaign.pk if campaign else NEW)
    at = instant_of(planned, now=now)
    tried = replace(planned, starts=-np.inf, ends=np.inf)
    in_force = campaigns_of(store_id=store.pk)
    others = tuple(one for one in in_force if one.id != tried.id)
    precedence = dict(Campaign.objects.of(store).values_list("pk", "priority"))
    precedence[tried.id] = document["priority"]
    alongside = sorted((*others, tried), key=lambda one: (precedence.get(one.id, 0), one.id or np.inf))
    everything = document["scope"] == Scope.ALL or tried.promoted.is_everything
    seconds = at.timestamp()
    return Trial(
        store=store,
        zone=zone,
        facts=facts,
        planned=planned,
        tried=tried,
        without=in_force if against_stored else others,
        alongside=tuple(alongside),
        at=at,
        promoted=lying_heavily(facts, seconds) if everything else tried.promoted.mask(facts, now=seconds),
    )


def instant_of(campaign: CampaignInForce, *, now: datetime) -> datetime:
    """The instant at which a campaign is looked at: now, or when it starts."""
    return now if np.isinf(campaign.starts) else max(now, datetime.fromtimestamp(campaign.starts, UTC))


def foresee(trial: Trial, *, visit: str) -> Foreseen:
    """Answer the recent visits twice; `visit` is the id of the one to be shown, or TYPICAL."""
    with _LOOKING[trial.store.pk]:
        sights = _foreseer(trial.store).sights(
            zone=trial.zone, before=trial.without, after=trial.alongside, now=trial.at
        )
    applying = [number for number, sight in enumerate(sights) if trial.tried.id in sight.after.campaigns]
    return Foreseen(
        sights=sights,
        chosen=_chosen(sights, applying, visit),
        applies=len(applying),
        moved=sum(not np.array_equal(sight.before.products, sight.after.products) for sight in sights),
        figures=changes(sights, facts=trial.facts, promoted=trial.promoted, now=trial.at),
    )


def curve(trial: Trial) -> tuple[str, list[Point]]:
    """The figure that the campaign's first objective is read by, and what each floor brings of it."""
    with _LOOKING[trial.store.pk]:
        points = _foreseer(trial.store, visits=CURVE_VISITS).curve(
            zone=trial.zone,
            campaigns=trial.alongside,
            bent=trial.tried.id,
            promoted=trial.promoted,
            now=trial.at,
            floors=CURVE_FLOORS,
        )
    return figure_of(trial.tried), points


def look_back(trial: Trial) -> Hindsight:
    """What the logs say that the campaign would have changed."""
    with _LOOKING[trial.store.pk]:
        return logged_changes(
            _foreseer(trial.store),
            zone=trial.zone,
            before=trial.without,
            after=trial.alongside,
            promoted=trial.promoted,
            now=trial.at,
        )


def figure_of(campaign: CampaignInForce) -> str:
    """What a campaign is after, as a figure of the preview."""
    if campaign.scope != Scope.ALL:
        return "promoted"
    strongest = max(campaign.objectives, key=lambda objective: objective[1], default=("", 0.0))[0]
    return READ_BY.get(strongest, "conversion")


def conflicts_of(trial: Trial) -> list[conflicts.Conflict]:
    """With the other campaigns of the store, over the campaign's own period."""
    return conflicts_with_others(trial.planned, store=trial.store, now=trial.at)


def conflicts_with_others(campaign: CampaignInForce, *, store: Store, now: datetime) -> list[conflicts.Conflict]:
    """Of a campaign with those of its store that are in force or will be, over its own period."""
    at, facts = instant_of(campaign, now=now), live_facts(store_id=store.pk)
    return conflicts.conflicts(campaign, campaigns_of(store_id=store.pk), facts=facts, now=at.timestamp())


def pulls_of(sight: Sight, row: int, campaign: int) -> dict[str, float]:
    """Objective → what it gave a product of the list after, in units of relevance, of one campaign's alone.

    A boost is named `boost`.
    """
    found: dict[str, float] = {}
    for name, values in sight.after.contributions.items():
        measure, _at, owner = name.partition("@")
        if owner.partition(".")[0] == str(campaign) and (measure in MEASURES or measure == "boost"):
            found[measure] = found.get(measure, 0.0) + float(values[row])
    return found


def _chosen(sights: Sequence[Sight], applying: Sequence[int], visit: str) -> int | None:
    if not sights:
        return None
    if visit != TYPICAL:
        named = (number for number, sight in enumerate(sights) if str(sight.moment.visit_id) == visit)
        if (found := next(named, None)) is not None:
            return found
    among = list(applying) or list(range(len(sights)))
    return among[most_typical(np.stack([sights[number].moment.markers for number in among]))]


_LOOKING: Final[defaultdict[int, Lock]] = defaultdict(Lock)  # one look at a time for each store
_FORESEERS: Final[dict[tuple[int, int], Foreseer]] = {}


def _foreseer(store: Store, *, visits: int | None = None) -> Foreseer:
    """The store's, with the estimates of the last look."""
    key = (store.pk, visits or 0)
    if key not in _FORESEERS:
        if len(_FORESEERS) >= MOST_STORES:
            _FORESEERS.pop(next(iter(_FORESEERS)))
        _FORESEERS[key] = Foreseer(store, visits=visits) if visits else Foreseer(store)
    return _FORESEERS[key]
