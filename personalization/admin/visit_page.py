"""The page of one visit: its timeline, the situation after a chosen event, and what analogous visits did."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import numpy as np
from django.urls import reverse
from django.utils.translation import gettext_lazy
from numpy.typing import NDArray

from catalog.facts import ProductFacts
from catalog.live_facts import live_facts
from catalog.models import Product, Store
from catalog.money import format_money
from objectives.models import Zone, ZoneKind
from personalization import situation
from personalization.analogues import PastVisit, past_visits
from personalization.markers.live_visit import LiveVisit
from personalization.memory.live import LiveMemory, live_memory
from personalization.models import Decision, Visit
from personalization.portrait import portrait
from personalization.rehearsal import Rehearsal, rehearse
from personalization.timeline import ProductWords, product_in_words, timeline
from personalization.visits import context_of, lived_events
from personalization.wording import duration_in_words, instant_in_words, share_in_words

SHOWN_EVENTS: Final = 400  # of a visit; what a robot did after them is not told
ANALOGUES: Final = 6
SERVED: Final = 60  # answers listed
FOLLOWED: Final = 5  # products pictured per deed of an analogous visit


def visit_page(*, visit: Visit, asked: Mapping[str, str], now: datetime) -> dict[str, Any]:
    """What the page shows; `asked` may name the step to stand at and the zone to ask."""
    store = visit.store
    facts, memory = live_facts(store_id=store.pk), live_memory(store_id=store.pk)
    events = lived_events(visit_ids=[visit.pk])[visit.pk]
    step = _step(asked.get("step", ""), min(len(events), SHOWN_EVENTS))
    here = LiveVisit(context=context_of(store=store, visit=visit), landscape=memory.landscape, events=events[:step])
    markers = situation.raw(here)
    return {
        "visit": visit,
        "began": instant_in_words(visit.started_at, store.zone_info),
        "store": store,
        "moments": timeline(events=events[:SHOWN_EVENTS], facts=facts, currency=store.currency),
        "untold": max(len(events) - SHOWN_EVENTS, 0),
        "step": step,
        "steps": len(events[:SHOWN_EVENTS]),
        "lasted": duration_in_words((visit.last_event_at - visit.started_at).total_seconds()),
        "revenue": format_money(visit.revenue, store.currency) if visit.revenue else "",
        "generation": memory.number,
        "decisions": _decisions(visit),
        **_situation(visit, markers, here, memory, facts),
        **_recommended(asked.get("zone", ""), visit, here, facts, now),
    }


FALLBACKS: Final = {
    "no_analogue": gettext_lazy("no analogue: trails and popularity"),
    "no_memory": gettext_lazy("no memory yet: popularity"),
    "no_profile": gettext_lazy("nothing known of the person: popularity"),
    "memory_away": gettext_lazy("memory out of reach: trails"),
}


@dataclass(frozen=True, slots=True)
class AnalogueWords:
    """An analogous visit for the page."""

    link: str
    at: str
    alike: str
    followed: tuple[tuple[str, tuple[ProductWords, ...], int], ...]  # deed, products pictured, how many more


def _step(asked: str, last: int) -> int:
    """The event to stand after, from 1; the last one unless asked otherwise."""
    return min(max(int(asked), 1), last) if asked.isdecimal() else last


def _situation(
    visit: Visit, markers: NDArray[np.float32], here: LiveVisit, memory: LiveMemory, facts: ProductFacts
) -> dict[str, Any]:
    if memory.scaling is None:
        return {"families": [], "focus": [], "analogues": []}
    found = past_visits(memory=memory, markers=markers, most=ANALOGUES, but=visit.pk)
    kept = set(
        Visit.objects.filter(store_id=visit.store_id, pk__in=[past.visit_id for past in found]).values_list(
            "pk", flat=True
        )
    )
    return {
        "families": portrait(markers=markers, scaling=memory.scaling, currency=visit.store.currency),
        "focus": _focus(here, facts),
        "analogues": [_analogue(past, visit.store, facts) for past in found if past.visit_id in kept],
    }


def _decisions(visit: Visit) -> list[dict[str, Any]]:
    """What was served in the visit, in order."""
    served = Decision.objects.filter(visit=visit).order_by("decided_at").values_list("pk", "zone", "decided_at")
    return [
        {"link": reverse("admin:personalization_decision_change", args=[pk]), "zone": zone, "at": at}
        for pk, zone, at in served[:SERVED]
    ]


def _focus(here: LiveVisit, facts: ProductFacts) -> list[ProductWords]:
    """The products that the visit is about, the newest first."""
    return [product_in_words(facts, product) for product in here.intent.last_products[:4]]


def _analogue(past: PastVisit, store: Store, facts: ProductFacts) -> AnalogueWords:
    return AnalogueWords(
        link=reverse("admin:personalization_visit_change", args=[past.visit_id]),
        at=instant_in_words(past.at, store.zone_info),
        alike=share_in_words(past.similarity),
        followed=tuple(
            (
                deed,
                tuple(product_in_words(facts, product) for product in products[:FOLLOWED]),
                max(len(products) - FOLLOWED, 0),
            )
            for deed, products in past.followed.items()
            if products
        ),
    )


def _recommended(slug: str, visit: Visit, here: LiveVisit, facts: ProductFacts, now: datetime) -> dict[str, Any]:
    """The zones that can be asked, and what the asked one would show."""
    store = visit.store
    zones = list(Zone.objects.of(store).filter(enabled=True, kind=ZoneKind.RECOMMENDATION).order_by("slug"))
    zone = next((zone for zone in zones if zone.slug == slug), None)
    if zone is None:
        return {"zones": zones, "zone": None}
    found = rehearse(store=store, zone=zone, visit=here, visitor_key=visit.visitor_key, now=now)
    return {
        "zones": zones,
        "zone": zone,
        "fallback": FALLBACKS.get(found.fallback, ""),
        "recommended": _pictured(found, store, facts, now),
    }


def _pictured(found: Rehearsal, store: Store, facts: ProductFacts, now: datetime) -> list[dict[str, Any]]:
    products = [one.product for one in found.recommended]
    prices = facts.price_at(now.timestamp(), np.array(products, dtype=np.int32)).tolist()
    links = product_links(store, products)
    return [
        {
            "words": product_in_words(
                facts, one.product, price="" if np.isnan(price) else format_money(price, store.currency)
            ),
            "reason": one.reason,
            "cart": share_in_words(one.cart, decimals=1),
            "purchase": share_in_words(one.purchase, decimals=1),
            "link": links.get(one.product, ""),
        }
        for one, price in zip(found.recommended, prices, strict=True)
    ]


def product_links(store: Store, products: Iterable[int]) -> dict[int, str]:
    """Where the admin edits the products of these positions."""
    found = Product.objects.of(store).listed().filter(position__in=list(products)).values_list("position", "pk")
    return {position: reverse("admin:catalog_product_change", args=[pk]) for position, pk in found}
