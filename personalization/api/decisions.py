"""GET decisions/{id}: why an answer was given."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from catalog.api.store_view import StoreRequest, StoreView
from catalog.facts import ProductFacts
from catalog.live_facts import live_facts
from personalization import decisions
from personalization.api import answers
from personalization.api.answer_shapes import DecisionShape
from personalization.api.recommendations import speaking_to
from personalization.explanation import AnalogueWords, MarkerWords, analogues_in_words
from personalization.models import Decision
from personalization.reasons import likely_carted, reason_text


class DecisionView(StoreView):
    """One answer, explained."""

    @extend_schema(operation_id="explain_decision", tags=["personalization"], responses=DecisionShape)
    def get(self, request: StoreRequest, decision_id: UUID) -> Response:
        """The analogous situations that spoke, what was done in them, and what brought each product here."""
        decision = decisions.find(store_id=request.store.pk, decision_id=decision_id, now=timezone.now())
        if decision is None:
            raise Http404
        facts = live_facts(store_id=request.store.pk)
        with speaking_to(request):
            return Response(_explained(decision, facts))


def _explained(decision: Decision, facts: ProductFacts) -> dict[str, Any]:
    return {
        "recommendation_id": str(decision.id),
        "zone": decision.zone,
        "decided_at": decision.decided_at,
        "engine": decision.engine,
        "variant": None,
        "campaign": answers.campaign_of(decision),
        "memory_generation": decision.memory_generation,
        "novelty": round(decision.novelty, 4),
        "fallback": decision.fallback or None,
        "took_ms": decision.took_ms,
        "stages": decision.stages,
        "items": _items(decision, facts),
        "analogues": [_analogue(analogue, facts) for analogue in analogues_in_words(decision, facts=facts)],
    }


def _items(decision: Decision, facts: ProductFacts) -> list[dict[str, Any]]:
    estimates = answers.estimates_of(decision)
    return [
        {
            **answers.product_of(facts, product),
            "position": place + 1,
            "estimate": estimates[place],
            "propensity": decision.propensities[place],
            **_reasons(decision, place, estimates[place], facts),
        }
        for place, product in enumerate(decision.products)
        if product < len(facts)
    ]


def _reasons(decision: Decision, place: int, estimate: dict[str, float], facts: ProductFacts) -> dict[str, Any]:
    """How the product was reached and what each objective gave; nothing beyond the places that are kept."""
    if place >= len(decision.reasons):
        return {"explored": None, "reasons": [], "contributions": {}}
    kept = decision.reasons[place]
    carted = likely_carted(view=estimate["view"], cart=estimate["cart"])
    return {
        "explored": kept["explored"],
        "reasons": [
            {
                "text": reason_text(relation, facts=facts, explored=False, carted=carted),
                "share": relation["share"],
                **answers.relation_of(relation, facts),
            }
            for relation in kept["relations"]
        ],
        "contributions": kept["contributions"],
    }


def _analogue(analogue: AnalogueWords, facts: ProductFacts) -> dict[str, Any]:
    return {
        "situation_id": analogue.situation_id,
        "visit_id": analogue.visit_id,
        "at": analogue.at,
        "similarity": analogue.similarity,
        "text": analogue.text,
        "did": [
            {
                "item_id": facts.item_ids[deed.product],
                "title": facts.titles[deed.product],
                "did": deed.did,
                "after_seconds": round(deed.after),
            }
            for deed in analogue.deeds
            if 0 <= deed.product < len(facts)
        ],
        "matching_markers": [_marker(words) for words in analogue.alike],
        "differing_markers": [_marker(words) for words in analogue.different],
        "distance_by_family": analogue.distances,
    }


def _marker(words: MarkerWords) -> dict[str, str]:
    return {
        "marker": words.marker.name,
        "family": words.marker.family,
        "meaning": words.meaning,
        "here": words.here,
        "there": words.there,
    }
