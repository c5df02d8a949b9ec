"""Foresight: what campaigns would change on the store's own recent visits, before anybody is served by them.

Each visit is stopped at one of its events and answered twice from the same estimates, with the campaigns that would
then be in force and without. What differs is steering alone: nothing of the engine, the catalog or chance.

What a campaign has shown as often as it may stays spent. Neither what these visits would take from budgets nor what
their visitors have taken is counted: each stands for many to come.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

import numpy as np
from numpy.typing import NDArray

from catalog.facts import ProductFacts
from catalog.live_facts import live_facts
from catalog.models import Store
from objectives.budgets import Spent
from objectives.campaigns import CampaignInForce, Masks, set_course
from objectives.course import Course
from objectives.eligibility import eligible
from objectives.measures import margin, revenue
from objectives.models import Zone
from objectives.reranking import Ranking, rerank
from personalization import situation
from personalization.campaign_book import to_be_estimated
from personalization.engines import ENGINES
from personalization.engines.base import Estimates, Question
from personalization.evaluation.intervals import Interval, difference, intervals
from personalization.exposures import shown_enough
from personalization.markers.live_visit import LiveVisit
from personalization.memory.live import LiveMemory, live_memory
from personalization.memory.reading import relive
from personalization.models import Visit
from personalization.pipeline import WIDE
from personalization.rehearsal import scene_of
from personalization.scene import DEFAULT_ENGINE, Scene
from personalization.zone_terms import filters_of, occasion_of, rules_of

VISITS: Final = 120
PER: Final = 1_000.0  # visits that figures are told of
FLOORS: Final = (1.0, 0.995, 0.99, 0.98, 0.97, 0.95, 0.93, 0.9, 0.85, 0.8, 0.7, 0.6, 0.5)
FIGURES: Final = ("conversion", "revenue", "margin", "promoted")
MOST_ESTIMATES: Final = 2_000  # held for the next look


@dataclass(frozen=True, slots=True)
class Moment:
    """A recent visit, stopped at one of its events.

    Attributes:
        markers: float32 (232,), raw.
    """

    visit_id: int
    visit: LiveVisit
    markers: NDArray[np.float32]
    visitor_key: str


@dataclass(frozen=True, slots=True)
class Sight:
    """One moment, answered without and with the campaigns."""

    moment: Moment
    estimates: Estimates
    before: Ranking
    after: Ranking


@dataclass(frozen=True, slots=True)
class Change:
    """A figure of FIGURES per 1,000 visits: as it is, as it would be, and the difference with its interval.

    Purchases, money, and units expected of promoted products, of what the zone shows; intervals are 95 %, over visits.
    """

    before: float
    after: float
    change: Interval


@dataclass(frozen=True, slots=True)
class Point:
    """What a floor would bring: conversion kept, in the mean and at least, and each figure per 1,000 visits."""

    floor: float
    kept: float
    least_kept: float
    figures: dict[str, float]


@dataclass(frozen=True, slots=True)
class _Side:
    """Campaigns that nobody is held out of, and what is spent of their budgets."""

    campaigns: Sequence[CampaignInForce]
    spent: Spent


class Foreseer:
    """Looks ahead for one store; estimates are kept for the next look, while memory and catalog stand."""

    def __init__(self, store: Store, *, visits: int = VISITS) -> None:
        self._store, self._visits = store, visits
        self._key: tuple[int | None, int] = (None, -1)
        self._moments: list[Moment] = []
        self._estimates: dict[tuple[int, bytes], Estimates] = {}
        self._masks = Masks()

    def sights(
        self, *, zone: Zone, before: Sequence[CampaignInForce], after: Sequence[CampaignInForce], now: datetime
    ) -> list[Sight]:
        """Every recent visit in a zone; who would be held out is steered all the same, to be seen."""
        memory, facts = self._refreshed()
        sides = [self._side(campaigns) for campaigns in (before, after)]
        return [self._sight(moment, zone, sides=sides, memory=memory, facts=facts, now=now) for moment in self._moments]

    def curve(
        self,
        *,
        zone: Zone,
        before: Sequence[CampaignInForce],
        after: Sequence[CampaignInForce],
        promoted: NDArray[np.bool_],
        now: datetime,
        floors: Sequence[float] = FLOORS,
    ) -> list[Point]:
        """What objectives reach against what relevance is left, by the floor of the campaigns that are new."""
        known = {campaign.id for campaign in before}
        points = []
        for floor in floors:
            bent = [campaign if campaign.id in known else replace(campaign, floor=floor) for campaign in after]
            seen = self.sights(zone=zone, before=before, after=bent, now=now)
            kept = [sight.after.kept for sight in seen]
            sums = _sums([sight.after for sight in seen], seen, live_facts(store_id=self._store.pk), promoted, now)
            means = {name: float(column.mean() * PER) if len(column) else 0.0 for name, column in sums.items()}
            points.append(Point(floor, float(np.mean(kept or [1.0])), min(kept, default=1.0), means))
        return points

    def _refreshed(self) -> tuple[LiveMemory, ProductFacts]:
        memory, facts = live_memory(store_id=self._store.pk), live_facts(store_id=self._store.pk)
        key = (memory.generation_id, facts.version)
        if key != self._key:
            self._key, self._estimates = key, {}
            self._moments = list(recent_moments(self._store, memory, most=self._visits))
        return memory, facts

    def _side(self, campaigns: Sequence[CampaignInForce]) -> _Side:
        spent = Spent(products=shown_enough(store_id=self._store.pk, campaigns=campaigns))
        return _Side([replace(campaign, holdout=0.0) for campaign in campaigns], spent)

    def _sight(
        self,
        moment: Moment,
        zone: Zone,
        *,
        sides: Sequence[_Side],
        memory: LiveMemory,
        facts: ProductFacts,
        now: datetime,
    ) -> Sight:
        scene = scene_of(self._store, zone, moment.visit, moment.visitor_key, now)
        occasion = occasion_of(scene, moment.markers)
        courses = [set_course(side.campaigns, replace(occasion, spent=side.spent), masks=self._masks) for side in sides]
        wanted = [to_be_estimated(course, moment.visit, memory) for course in courses]
        estimates = self._estimated(moment, facts, np.union1d(*wanted).astype(np.int32), now)
        rankings = [self._ranked(estimates, scene, course) for course in courses]
        return Sight(moment, estimates, *rankings)

    def _estimated(self, moment: Moment, facts: ProductFacts, wanted: NDArray[np.int32], now: datetime) -> Estimates:
        wanted = wanted[facts.buyable[wanted]]
        key = (moment.visit_id, wanted.tobytes())
        if key not in self._estimates:
            if len(self._estimates) >= MOST_ESTIMATES:
                self._estimates.clear()
            question = Question(
                store_id=self._store.pk,
                visit=moment.visit,
                markers=moment.markers,
                facts=facts,
                eligible=facts.buyable,
                limit=WIDE,
                now=now,
                wanted=wanted,
                visitor_key=moment.visitor_key,
            )
            self._estimates[key] = ENGINES[DEFAULT_ENGINE].estimate(question)
        return self._estimates[key]

    def _ranked(self, estimates: Estimates, scene: Scene, course: Course) -> Ranking:
        rules = replace(rules_of(scene), exploration=0.0)
        if rules.complete:  # no storefront has handed in a listing: what the engine proposes stands for one
            rules = replace(rules, size=len(estimates.products))
        return rerank(
            estimates=estimates,
            facts=scene.facts,
            eligible=eligible(facts=scene.facts, filters=filters_of(scene)),
            rules=rules,
            now=scene.now.timestamp(),
            rng=np.random.default_rng(0),  # without exploration nothing is drawn
            course=course,
        )


def recent_moments(store: Store, memory: LiveMemory, *, most: int = VISITS) -> Iterable[Moment]:
    """The store's newest visits, each stopped at an event drawn evenly from its own, the same every time."""
    newest = Visit.objects.of(store).memorable().order_by("-last_event_at")
    for visit, context, events in relive(list(newest.select_related("store")[:most])):
        stop = int(np.random.default_rng(visit.pk).integers(1, len(events) + 1))
        lived = LiveVisit(context=context, landscape=memory.landscape, events=events[:stop])
        yield Moment(visit.pk, lived, situation.raw(lived), visit.visitor_key)


def changes(
    sights: Sequence[Sight], *, facts: ProductFacts, promoted: NDArray[np.bool_], now: datetime
) -> dict[str, Change]:
    """What would change, figure by figure; `promoted` bool (products,), whose units are counted."""
    before = _sums([sight.before for sight in sights], sights, facts, promoted, now)
    after = _sums([sight.after for sight in sights], sights, facts, promoted, now)
    visits = np.full(len(sights), 1 / PER)
    found = intervals(
        {name: difference((after[name], visits), (before[name], visits)) for name in FIGURES},
        clusters=[sight.moment.visit_id for sight in sights],
    )
    mean = {name: (before[name].mean() * PER, after[name].mean() * PER) if len(sights) else (0, 0) for name in FIGURES}
    return {name: Change(float(mean[name][0]), float(mean[name][1]), found[name]) for name in FIGURES}


def _sums(
    rankings: Sequence[Ranking],
    sights: Sequence[Sight],
    facts: ProductFacts,
    promoted: NDArray[np.bool_],
    now: datetime,
) -> dict[str, NDArray[np.float64]]:
    """figure → float64 (sights,): expected of each list."""
    found = {name: np.zeros(len(rankings)) for name in FIGURES}
    for number, (ranking, sight) in enumerate(zip(rankings, sights, strict=True)):
        rows, estimates = ranking.rows, sight.estimates
        found["conversion"][number] = estimates.purchase[rows].sum()
        found["revenue"][number] = revenue(estimates, facts, now.timestamp())[rows].sum()
        found["margin"][number] = margin(estimates, facts, now.timestamp())[rows].sum()
        found["promoted"][number] = estimates.purchase[rows][promoted[ranking.products]].sum()
    return found
