"""What a zone would recommend in the situation of a stored visit: the pipeline's own steps, with nothing logged."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from catalog.live_facts import live_facts
from catalog.models import Store
from objectives.eligibility import eligible
from objectives.models import Zone
from objectives.reranking import rerank
from personalization import situation
from personalization.campaign_book import course_of, to_be_estimated
from personalization.engines import ENGINES
from personalization.engines.base import Estimates, Question, Relation
from personalization.markers.live_visit import LiveVisit
from personalization.memory.live import live_memory
from personalization.pipeline import WIDE, told
from personalization.present import Page
from personalization.reasons import likely_carted, reason_text
from personalization.scene import DEFAULT_ENGINE, Asked, Scene
from personalization.zone_terms import filters_of, occasion_of, rules_of


@dataclass(frozen=True, slots=True)
class Recommended:
    """One product that would be shown.

    Attributes:
        product: catalog position.
        reason: one sentence in the active language.
        view, cart, purchase: calibrated probabilities.
    """

    product: int
    reason: str
    view: float
    cart: float
    purchase: float
    support: float


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What would be shown; `fallback` and `novelty` as in `engines.base.Estimates`."""

    recommended: tuple[Recommended, ...]
    fallback: str
    novelty: float


def rehearse(*, store: Store, zone: Zone, visit: LiveVisit, visitor_key: str, now: datetime) -> Rehearsal:
    """Today's catalog and today's memory, asked as if the visitor stood there now; without exploration.

    A memory that has already taken the visit in knows how it went on: its own trail is then among the evidence.
    """
    scene, markers = scene_of(store, zone, visit, visitor_key, now), situation.raw(visit)
    mask, rules = eligible(facts=scene.facts, filters=filters_of(scene)), rules_of(scene)
    course = course_of(occasion_of(scene, markers))
    wanted = to_be_estimated(course, visit, scene.memory)
    question = Question(
        store_id=store.pk,
        visit=visit,
        markers=markers,
        facts=scene.facts,
        eligible=mask,
        limit=WIDE,
        now=now,
        wanted=wanted[mask[wanted]],
        visitor_key=visitor_key,
        zone=zone.slug,
    )
    found = ENGINES[DEFAULT_ENGINE].estimate(question)
    ranking = rerank(
        estimates=found,
        facts=scene.facts,
        eligible=mask,
        rules=replace(rules, exploration=0.0),
        now=now.timestamp(),
        rng=np.random.default_rng(0),  # without exploration nothing is drawn
        course=course,
    )
    recommended = (_recommended(row, found, scene) for row in ranking.rows.tolist())
    return Rehearsal(tuple(recommended), found.fallback, found.novelty)


def scene_of(store: Store, zone: Zone, visit: LiveVisit, visitor_key: str, now: datetime) -> Scene:
    """The scene of an answer to the visit as it stands, on the page it is on."""
    last = visit.last
    on_product = last is not None and last.page == "product" and len(last.items) == 1
    page = Page(type="product", item_id=last.items[0].item_id) if last is not None and on_product else Page()
    return Scene(
        asked=Asked(store=store, zone=zone.slug, session_id="", page=page),
        zone=zone,
        facts=live_facts(store_id=store.pk),
        memory=live_memory(store_id=store.pk),
        listed=(),
        visit=visit,
        visit_id=None,
        visitor_key=visitor_key,
        bought=frozenset(),
        now=now,
        degraded=False,
    )


def _recommended(row: int, found: Estimates, scene: Scene) -> Recommended:
    view, cart = float(found.view[row]), float(found.cart[row])
    relation = told(next(iter(found.relations[row]), Relation("popular")))
    carted = likely_carted(view=view, cart=cart)
    return Recommended(
        product=int(found.products[row]),
        reason=reason_text(relation, facts=scene.facts, explored=False, carted=carted),
        view=view,
        cart=cart,
        purchase=float(found.purchase[row]),
        support=float(found.support[row]),
    )
