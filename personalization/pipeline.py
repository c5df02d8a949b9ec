"""One visit in, one ranking out: the whole flow of an answer."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from catalog.facts import ProductFacts
from objectives.budgets import Exposures, exposures, put_before_the_visitor
from objectives.course import Course
from objectives.eligibility import eligible
from objectives.models.zone import ZoneKind
from objectives.reranking import Ranking, rerank
from personalization import situation
from personalization.campaign_book import course_of, to_be_estimated
from personalization.decisions import LOG, uuid7
from personalization.engines import ENGINES
from personalization.engines.base import Estimates, Question, Relation
from personalization.engines.rules import RulesEngine
from personalization.merchandising.rule import Message
from personalization.metrics import ANSWER_MS, ANSWERS, NOVELTY, RECALLS_SHARED, STAGE_MS
from personalization.models import Decision
from personalization.pop_ups import Audience, claimed
from personalization.scene import Asked, Clock, Scene, set_scene
from personalization.shared_recall import SharedRecall
from personalization.zone_terms import filters_of, occasion_of, rules_of

WIDE: Final = 300  # products estimated for a visit state, from which every zone of the page is served
EXPLAINED: Final = 100  # products of an answer whose reasons are kept
MEMORY_AWAY: Final = "memory_away"


class UnknownEngineError(LookupError):
    """There is no such engine; `known` names those there are."""

    def __init__(self, engine: str) -> None:
        self.known = sorted(ENGINES)
        super().__init__(f"engine “{engine}”: expected one of {self.known}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What is served, and what it rests on.

    Attributes:
        decision: as logged; its id is the recommendation id.
        unknown: item ids of a listing that the catalog does not know, in the order given.
        degraded: the database was away: the answer rests on what this process last knew.
        message: what a pop-up tells the visitor, None for none.
    """

    decision: Decision
    facts: ProductFacts
    ranking: Ranking
    estimates: Estimates
    unknown: tuple[str, ...]
    degraded: bool
    message: Message | None


@dataclass(frozen=True, slots=True)
class Recognised:
    """A visit state made sense of: its raw markers float32 (232,), and what an engine expects."""

    markers: NDArray[np.float32]
    estimates: Estimates


RECALLS: Final[SharedRecall[Recognised]] = SharedRecall()


def personalize(*, asked: Asked, now: datetime, rng: np.random.Generator) -> Answer:
    """Recognise the situation, estimate, rank, decide.

    Raises:
        UnknownEngineError: nobody answers to the engine's name.
        UnknownZoneError: the store has no enabled zone of this name and kind.
        DatabaseAwayError: the database is away and this process never knew the store.
    """
    if asked.engine not in ENGINES:
        raise UnknownEngineError(asked.engine)
    clock = Clock()
    scene = set_scene(asked=asked, now=now, clock=clock)
    showable = eligible(facts=scene.facts, filters=filters_of(scene))
    markers = situation.raw(scene.visit)
    clock.lap("markers")
    course = course_of(occasion_of(scene, markers))
    clock.lap("course")
    recognised = _recognise(scene, markers, showable, course, clock)
    ranking = _rank(scene, showable, recognised, course, rng, clock)
    decision = _decide(scene, recognised, ranking, course, clock)
    LOG.put(decision, _taken(scene, ranking, course))
    degraded = scene.degraded or recognised.estimates.fallback == MEMORY_AWAY
    _count(scene, decision, degraded)
    return Answer(
        decision=decision,
        facts=scene.facts,
        ranking=ranking,
        estimates=recognised.estimates,
        unknown=tuple(item_id for item_id in asked.item_ids if item_id not in scene.facts.positions),
        degraded=degraded,
        message=claimed(recognised.estimates.details.get("message"), _audience(scene)),
    )


def told(relation: Relation) -> dict[str, Any]:
    """A relation as a decision keeps it."""
    return {
        "kind": relation.kind,
        "origin": int(relation.origin),
        "success": int(relation.success),
        "start": int(relation.start),
        "traits": list(relation.traits),
        "share": round(float(relation.share), 4),
    }


def _recognise(
    scene: Scene, markers: NDArray[np.float32], showable: NDArray[np.bool_], course: Course, clock: Clock
) -> Recognised:
    """Estimates of the visit state, shared with the page's other zones that campaigns want the same of.

    The zone's own filters come after, so that one recall serves them all; only when they leave too little of
    what the engine proposed is it asked again, for what the zone may show alone.
    """
    wanted = to_be_estimated(course, scene.visit, scene.memory)
    wanted = wanted[scene.facts.buyable[wanted]]
    recognised, shared = _recalled(scene, markers, wanted)
    if shared:
        RECALLS_SHARED.inc()
    clock.lap("estimate")
    enough = min(2 * rules_of(scene).size, int(np.count_nonzero(showable)))
    proposed = int(np.count_nonzero(showable[recognised.estimates.products]))
    if scene.zone.kind == ZoneKind.RECOMMENDATION and proposed < enough:
        recognised = _estimate(scene, markers, showable, wanted[showable[wanted]])
        clock.lap("estimate_again")
    return recognised


def _recalled(scene: Scene, markers: NDArray[np.float32], wanted: NDArray[np.int32]) -> tuple[Recognised, bool]:
    """The estimates of the visit state, and whether another zone had asked for them.

    Rules may speak of a zone and change at any moment, and they cost little: they are asked each time.
    """
    if scene.asked.engine == RulesEngine.name:
        return _estimate(scene, markers, scene.facts.buyable, wanted), False
    state = (_state(scene), wanted.tobytes())
    return RECALLS.get(state, lambda: _estimate(scene, markers, scene.facts.buyable, wanted))


def _state(scene: Scene) -> Hashable:
    """All that the estimates depend on, but for the passing of a few seconds."""
    visit, asked, last = scene.visit, scene.asked, scene.visit.last
    return (
        asked.store.pk,
        scene.visitor_key,
        visit.count,
        last and (last.event_id, last.name),
        asked.page,
        asked.engine,
        scene.memory.generation_id,
        scene.facts.version,
        scene.zone.kind,
        scene.listed,
    )


def _estimate(
    scene: Scene, markers: NDArray[np.float32], showable: NDArray[np.bool_], wanted: NDArray[np.int32]
) -> Recognised:
    listing = scene.zone.kind == ZoneKind.LISTING
    question = Question(
        store_id=scene.asked.store.pk,
        visit=scene.visit,
        markers=markers,
        facts=scene.facts,
        eligible=showable,
        limit=WIDE,
        now=scene.now,
        wanted=wanted,
        candidates=np.array(scene.listed, dtype=np.int32) if listing else None,
        visitor_key=scene.visitor_key,
        zone=scene.zone.slug,
    )
    return Recognised(markers, ENGINES[scene.asked.engine].estimate(question))


def _rank(
    scene: Scene,
    showable: NDArray[np.bool_],
    recognised: Recognised,
    course: Course,
    rng: np.random.Generator,
    clock: Clock,
) -> Ranking:
    ranking = rerank(
        estimates=recognised.estimates,
        facts=scene.facts,
        eligible=showable,
        rules=rules_of(scene),
        now=scene.now.timestamp(),
        rng=rng,
        course=course,
    )
    clock.lap("rank")
    return ranking


def _audience(scene: Scene) -> Audience:
    return Audience(visitor_key=scene.visitor_key, session_id=scene.asked.session_id)


def _decide(scene: Scene, recognised: Recognised, ranking: Ranking, course: Course, clock: Clock) -> Decision:
    """The decision to be logged, in the order served."""
    found, rows = recognised.estimates, ranking.rows
    # Without consent nothing may outlast the visit: what no stored visit can take with it keeps no markers.
    nameless = not scene.asked.consent and scene.visit_id is None
    decision = Decision(
        id=uuid7(now=scene.now),
        store_id=scene.asked.store.pk,
        visit_id=scene.visit_id,
        visitor_key=scene.visitor_key if scene.asked.consent else "",
        zone=scene.zone.slug,
        decided_at=scene.now,
        engine=scene.asked.engine,
        fallback=found.fallback,
        novelty=float(found.novelty),
        memory_generation=found.memory_generation,
        products=ranking.products.tolist(),
        propensities=ranking.propensities.tolist(),
        marginals=ranking.marginals.tolist(),
        estimates=np.stack([column[rows] for column in _columns(found)], axis=1).astype(np.float32).tobytes(),
        markers=b"" if nameless else recognised.markers.astype(np.float32).tobytes(),
        reasons=_reasons(found, ranking),
        campaigns=list(course.campaigns),
        spared=list(course.spared),
        spared_rules=list(course.spared_rules),
        analogues=[[a.situation_id, a.visit_id, round(a.similarity, 6)] for a in found.analogues],
        stages={},
        took_ms=0.0,
    )
    clock.lap("decide")
    inside = {f"engine_{name}": ms for name, ms in found.stages.items()}
    decision.stages = {name: round(ms, 3) for name, ms in (clock.stages | inside).items()}
    decision.took_ms = round(clock.total(), 3)
    return decision


def _taken(scene: Scene, ranking: Ranking, course: Course) -> Exposures:
    """What the answer takes from the budgets of campaigns."""
    listing = scene.zone.kind == ZoneKind.LISTING
    shown = put_before_the_visitor(ranking.products, ranking.before, complete=listing)
    return exposures(course, shown=shown, visitor_key=scene.visitor_key)


def _columns(found: Estimates) -> tuple[NDArray[np.float32], ...]:
    return found.view, found.cart, found.purchase, found.support


def _reasons(found: Estimates, ranking: Ranking) -> list[dict[str, Any]]:
    """Of the first products served: how each was reached, and what each objective gave."""
    rows = ranking.rows[:EXPLAINED].tolist()
    contributions = {name: values[:EXPLAINED].tolist() for name, values in ranking.contributions.items()}
    return [
        {
            "relations": [told(relation) for relation in found.relations[row]],
            "contributions": {name: round(values[place], 6) for name, values in contributions.items()},
            "explored": bool(ranking.explored[place]),
        }
        for place, row in enumerate(rows)
    ]


def _count(scene: Scene, decision: Decision, degraded: bool) -> None:
    kind = scene.zone.kind
    ANSWERS.labels(kind, decision.engine, decision.fallback, str(degraded).lower()).inc()
    ANSWER_MS.labels(kind).observe(decision.took_ms)
    NOVELTY.observe(decision.novelty)
    for stage, ms in decision.stages.items():
        STAGE_MS.labels(stage).observe(ms)
