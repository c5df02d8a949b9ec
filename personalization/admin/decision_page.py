"""The page of one decision: each product with its reason and estimates, the analogues that spoke, the time it took."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.facts import ProductFacts
from catalog.live_facts import live_facts
from catalog.models import Store
from objectives.models import Zone
from personalization.admin.visit_page import FALLBACKS, product_links
from personalization.explanation import AnalogueWords, MarkerWords, analogues_in_words
from personalization.memory.live import scaling_of
from personalization.models import Decision, Generation, Visit
from personalization.portrait import FAMILY_NAMES, portrait
from personalization.reasons import likely_carted, reason_text
from personalization.timeline import product_in_words
from personalization.wording import instant_in_words, share_in_words

SERVED: Final = 60  # products told; a listing may order a thousand
SPEAKING: Final = 6  # analogues told

STAGE_NAMES: Final = {
    "zone": gettext_lazy("zone"),
    "facts": gettext_lazy("catalog"),
    "memory": gettext_lazy("memory"),
    "visit": gettext_lazy("visit and markers"),
    "estimate": gettext_lazy("recall, transposition, estimates"),
    "estimate_again": gettext_lazy("estimates for this zone alone"),
    "rank": gettext_lazy("ranking"),
    "decide": gettext_lazy("decision"),
}


def decision_page(decision: Decision) -> dict[str, Any]:
    """What the page shows."""
    store = decision.store
    facts = live_facts(store_id=store.pk)
    analogues = analogues_in_words(decision, facts=facts)[:SPEAKING]
    visits = Visit.objects.filter(store_id=store.pk, pk__in=[analogue.visit_id for analogue in analogues])
    kept = set(visits.values_list("pk", flat=True))
    zone = Zone.objects.of(store).filter(slug=decision.zone).first()
    return {
        "decision": decision,
        "store": store,
        "zone_name": zone.name if zone else decision.zone,
        "rests_on": FALLBACKS.get(decision.fallback, _("analogous situations")),
        "novelty": share_in_words(decision.novelty),
        "took": _("%(ms)s ms") % {"ms": number_format(round(decision.took_ms, 1), 1)},
        "served": _served(decision, facts),
        "unserved": max(len(decision.products) - SERVED, 0),
        "analogues": [_analogue(analogue, store, facts, kept=analogue.visit_id in kept) for analogue in analogues],
        "families": _families(decision),
        "stages": _stages(decision),
    }


def _served(decision: Decision, facts: ProductFacts) -> list[dict[str, Any]]:
    estimates = np.frombuffer(bytes(decision.estimates), dtype=np.float32).reshape(-1, 4)
    links = product_links(decision.store, decision.products[:SERVED])
    return [
        {
            "place": place + 1,
            "words": product_in_words(facts, product),
            "link": links.get(product, ""),
            "view": share_in_words(float(estimates[place, 0]), decimals=1),
            "cart": share_in_words(float(estimates[place, 1]), decimals=1),
            "purchase": share_in_words(float(estimates[place, 2]), decimals=1),
            "support": number_format(round(float(estimates[place, 3]), 1), 1),
            **_reason(decision, place, estimates[place].tolist(), facts),
        }
        for place, product in enumerate(decision.products[:SERVED])
    ]


def _reason(decision: Decision, place: int, estimate: list[float], facts: ProductFacts) -> dict[str, Any]:
    """The strongest reason in words; nothing beyond the places that are kept."""
    if place >= len(decision.reasons):
        return {"reason": "", "explored": False}
    kept = decision.reasons[place]
    relation = (kept["relations"] or [{"kind": "popular", "origin": -1, "success": -1, "start": -1, "traits": []}])[0]
    carted = likely_carted(view=estimate[0], cart=estimate[1])
    return {
        "reason": reason_text(relation, facts=facts, explored=kept["explored"], carted=carted),
        "explored": kept["explored"],
    }


def _analogue(analogue: AnalogueWords, store: Store, facts: ProductFacts, *, kept: bool) -> dict[str, Any]:
    farthest = sorted(analogue.distances.items(), key=lambda share: -share[1])[:3]
    return {
        "link": reverse("admin:personalization_visit_change", args=[analogue.visit_id]) if kept else "",
        "at": instant_in_words(analogue.at, store.zone_info) if analogue.at else "",
        "alike": share_in_words(analogue.similarity),
        "text": analogue.text,
        "products": [product_in_words(facts, deed.product) for deed in _distinct(analogue)][:6],
        "matching": [_marker(words) for words in analogue.alike[:3]],
        "differing": [_marker(words) for words in analogue.different[:3]],
        "apart": ", ".join(
            f"{FAMILY_NAMES[family]} {share_in_words(share)}" for family, share in farthest if share >= 0.05
        ),
    }


def _distinct(analogue: AnalogueWords) -> list[Any]:
    """One deed a product, in the order lived."""
    return list({deed.product: deed for deed in reversed(analogue.deeds)}.values())[::-1]


def _marker(words: MarkerWords) -> dict[str, str]:
    return {"meaning": words.meaning, "here": words.here, "there": words.there}


def _families(decision: Decision) -> list[Any]:
    """The markers that stood out when it was decided; none when they were not kept."""
    markers = np.frombuffer(bytes(decision.markers), dtype=np.float32)
    number: Any = decision.memory_generation
    generation = Generation.objects.of(decision.store).filter(number=number).first() if number else None
    scaling = scaling_of(generation.pk) if generation else None
    if scaling is None or len(markers) != len(scaling.centre):
        return []
    return portrait(markers=markers, scaling=scaling, currency=decision.store.currency)


def _stages(decision: Decision) -> list[dict[str, Any]]:
    """The parts of the answer that took time, the longest with a full bar."""
    outer = {name: ms for name, ms in decision.stages.items() if not name.startswith("engine_")}
    longest = max(outer.values(), default=0.0) or 1.0
    return [
        {
            "name": STAGE_NAMES.get(name, name),
            "ms": _("%(ms)s ms") % {"ms": number_format(round(ms, 2), 2)},
            "percent": round(100 * ms / longest),
        }
        for name, ms in outer.items()
    ]
