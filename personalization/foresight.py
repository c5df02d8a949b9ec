"""Foresight: what campaigns would change on the store's own recent visits, before anybody is served by them.

Each visit is stopped at one of its events and answered twice from the same estimates, with the campaigns that would
then be in force and without. What differs is steering alone: nothing of the engine, the catalog or chance. What memory
knows of how the visit went on is left out.

What a campaign has shown as often as it may stays spent. Neither what these visits would take from budgets nor what
their visitors have taken is counted: each stands for many to come.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import reduce
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
from personalization.campaign_book import to_be_estimated
from personalization.engines import ENGINES
from personalization.engines.base import Estimates, Question
from personalization.evaluation.intervals import Interval, difference, intervals
from personalization.exposures import shown_enough
from personalization.memory.live import LiveMemory, live_memory
from personalization.moments import VISITS, Moment, recent_moments
from personalization.pipeline import WIDE
from personalization.rehearsal import scene_of
from personalization.scene import DEFAULT_ENGINE, Scene
from personalization.zone_terms import filters_of, occasion_of, rules_of

PER: Final = 1_000.0  # visits that figures are told of
FLOORS: Final = (1.0, 0.995, 0.99, 0.98, 0.97, 0.95, 0.93, 0.9, 0.85, 0.8, 0.7, 0.6, 0.5)
FIGURES: Final = ("conversion", "revenue", "margin", "promoted")
MOST_ESTIMATES: Final = 2_000  # held for the next look


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
class _Alternative:
    """Campaigns, and what is spent of their budgets; nobody is held out of them."""

    campaigns: Sequence[CampaignInForce]
    spent: Spent


class Foreseer:
    """Looks ahead for one store; estimates are kept for the next look, while memory and catalog stand."""

    def __init__(self, store: Store, *, visits: int = VISITS) -> None:
        self.store, self._visits = store, visits
        self._key: tuple[int | None, int] = (None, -1)
        self._moments: list[Moment] = []
        self._estimates: dict[Hashable, Estimates] = {}
        self._masks = Masks()

    def sights(
        self, *, zone: Zone, before: Sequence[CampaignInForce], after: Sequence[CampaignInForce], now: datetime
    ) -> list[Sight]:
        """Every recent visit in a zone; who would be held out is steered all the same, to be seen."""
        self._refreshed()
        return self.answered(self._moments, zone=zone, before=before, after=after, now=now)

    def answered(
        self,
        moments: Iterable[Moment],
        *,
        zone: Zone,
        before: Sequence[CampaignInForce],
        after: Sequence[CampaignInForce],
        now: datetime,
    ) -> list[Sight]:
        """Each of these moments, answered as `sights` answers."""
        memory, facts = self._refreshed()
        alternatives = [_Alternative(campaigns, self._spent(campaigns)) for campaigns in (before, after)]
        seen = (
            (moment, *self._at_each(moment, zone, alternatives, memory=memory, facts=facts, now=now))
            for moment in moments
        )
        return [Sight(moment, estimates, *rankings) for moment, estimates, rankings in seen]

    def curve(
        self,
        *,
        zone: Zone,
        campaigns: Sequence[CampaignInForce],
        bent: int,
        promoted: NDArray[np.bool_],
        now: datetime,
        floors: Sequence[float] = FLOORS,
    ) -> list[Point]:
        """What objectives reach against what relevance is left, by the floor of one of the campaigns, by its id."""
        memory, facts = self._refreshed()
        spent = self._spent(campaigns)  # whatever the floor
        by_floor = [
            _Alternative([replace(each, floor=floor) if each.id == bent else each for each in campaigns], spent)
            for floor in floors
        ]
        seen = [self._at_each(moment, zone, by_floor, memory=memory, facts=facts, now=now) for moment in self._moments]
        points = []
        for number, floor in enumerate(floors):
            rankings = [ranked[number] for _estimates, ranked in seen]
            kept = [ranking.kept for ranking in rankings]
            sums = _sums(rankings, [estimates for estimates, _ranked in seen], facts, promoted, now)
            means = {name: float(column.mean() * PER) if len(column) else 0.0 for name, column in sums.items()}
            points.append(Point(floor, float(np.mean(kept or [1.0])), min(kept, default=1.0), means))
        return points

    def _refreshed(self) -> tuple[LiveMemory, ProductFacts]:
        memory, facts = live_memory(store_id=self.store.pk), live_facts(store_id=self.store.pk)
        key = (memory.generation_id, facts.version)
        if key != self._key:
            self._key, self._estimates = key, {}
            self._moments = list(recent_moments(self.store, memory, most=self._visits))
        return memory, facts

    def _spent(self, campaigns: Sequence[CampaignInForce]) -> Spent:
        return Spent(products=shown_enough(store_id=self.store.pk, campaigns=campaigns))

    def _at_each(
        self,
        moment: Moment,
        zone: Zone,
        alternatives: Sequence[_Alternative],
        *,
        memory: LiveMemory,
        facts: ProductFacts,
        now: datetime,
    ) -> tuple[Estimates, list[Ranking]]:
        """One moment's estimates, and its answer under each of the alternatives."""
        then = moment.at or now
        scene = scene_of(self.store, zone, moment.visit, moment.visitor_key, then)
        scene = replace(scene, asked=replace(scene.asked, limit=moment.size), listed=moment.listed)
        occasion = replace(occasion_of(scene, moment.markers), now=now.timestamp())  # campaigns are those of now
        courses = [
            set_course(
                (replace(campaign, holdout=0.0) for campaign in each.campaigns),
                replace(occasion, spent=each.spent),
                masks=self._masks,
            )
            for each in alternatives
        ]
        wanted = [to_be_estimated(course, moment.visit, memory) for course in courses]
        estimates = self._estimated(moment, facts, reduce(np.union1d, wanted).astype(np.int32), then)
        showable = eligible(facts=scene.facts, filters=filters_of(scene))
        return estimates, [self._ranked(estimates, scene, showable, course) for course in courses]

    def _estimated(self, moment: Moment, facts: ProductFacts, wanted: NDArray[np.int32], now: datetime) -> Estimates:
        wanted = wanted[facts.buyable[wanted]]
        key = (moment.visit_id, moment.visit.count, moment.listed, wanted.tobytes())
        if key not in self._estimates:
            if len(self._estimates) >= MOST_ESTIMATES:
                self._estimates.clear()
            question = Question(
                store_id=self.store.pk,
                visit=moment.visit,
                markers=moment.markers,
                facts=facts,
                eligible=facts.buyable,
                limit=WIDE,
                now=now,
                wanted=wanted,
                candidates=np.array(moment.listed, np.int32) if moment.listed else None,
                visitor_key=moment.visitor_key,
                but=moment.visit_id,
            )
            self._estimates[key] = ENGINES[DEFAULT_ENGINE].estimate(question)
        return self._estimates[key]

    def _ranked(self, estimates: Estimates, scene: Scene, showable: NDArray[np.bool_], course: Course) -> Ranking:
        rules = replace(rules_of(scene), exploration=0.0)
        if rules.complete:  # no storefront has handed in a listing: what the engine proposes stands for one
            rules = replace(rules, size=len(estimates.products))
        return rerank(
            estimates=estimates,
            facts=scene.facts,
            eligible=showable,
            rules=rules,
            now=scene.now.timestamp(),
            rng=np.random.default_rng(0),  # without exploration nothing is drawn
            course=course,
        )


def changes(
    sights: Sequence[Sight], *, facts: ProductFacts, promoted: NDArray[np.bool_], now: datetime
) -> dict[str, Change]:
    """What would change, figure by figure; `promoted` bool (products,), whose units are counted."""
    estimates = [sight.estimates for sight in sights]
    before = _sums([sight.before for sight in sights], estimates, facts, promoted, now)
    after = _sums([sight.after for sight in sights], estimates, facts, promoted, now)
    visits = np.full(len(sights), 1 / PER)
    found = intervals(
        {name: difference((after[name], visits), (before[name], visits)) for name in FIGURES},
        clusters=[sight.moment.visit_id for sight in sights],
    )
    mean = {name: (before[name].mean() * PER, after[name].mean() * PER) if len(sights) else (0, 0) for name in FIGURES}
    return {name: Change(float(mean[name][0]), float(mean[name][1]), found[name]) for name in FIGURES}


def worth(
    estimates: Estimates, *, facts: ProductFacts, promoted: NDArray[np.bool_], now: datetime
) -> dict[str, NDArray[np.float64]]:
    """figure → float64 (n,): expected of each product where it is shown."""
    found = {
        "conversion": estimates.purchase,
        "revenue": revenue(estimates, facts, now.timestamp()),
        "margin": margin(estimates, facts, now.timestamp()),
        "promoted": estimates.purchase * promoted[estimates.products],
    }
    return {name: column.astype(np.float64) for name, column in found.items()}


def _sums(
    rankings: Sequence[Ranking],
    estimates: Sequence[Estimates],
    facts: ProductFacts,
    promoted: NDArray[np.bool_],
    now: datetime,
) -> dict[str, NDArray[np.float64]]:
    """figure → float64 (lists,): expected of each list."""
    found = {name: np.zeros(len(rankings)) for name in FIGURES}
    for number, (ranking, found_there) in enumerate(zip(rankings, estimates, strict=True)):
        for name, column in worth(found_there, facts=facts, promoted=promoted, now=now).items():
            found[name][number] = column[ranking.rows].sum()
    return found
