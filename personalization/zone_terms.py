"""What a zone and its request ask of an answer: the ranking's rules, what is left out, what campaigns judge by."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from catalog.facts import UNKNOWN
from objectives.campaigns import Occasion
from objectives.eligibility import Filters, department_of, eligible
from objectives.models.zone import ZoneKind
from objectives.reranking import Rules
from personalization.markers.plain import PlainMarkers
from personalization.present import category_of
from personalization.scene import Scene


def rules_of(scene: Scene) -> Rules:
    """What the zone and the request ask of the ranking."""
    zone, asked = scene.zone, scene.asked
    listing = zone.kind == ZoneKind.LISTING
    return Rules(
        size=len(scene.listed) if listing else asked.limit or zone.size,
        exploration=asked.store.exploration,
        max_per_brand=zone.max_per_brand,
        max_per_category=zone.max_per_category,
        complete=listing,
    )


def filters_of(scene: Scene) -> Filters:
    """What the zone and the request leave out, by catalog position; a listing leaves out nothing."""
    if scene.zone.kind == ZoneKind.LISTING:
        return Filters()
    facts, visit, zone = scene.facts, scene.visit, scene.zone
    out = set(scene.asked.exclude) | {scene.asked.page.item_id}
    if zone.exclude_seen:
        out |= visit.choice.products.keys()
    if zone.exclude_in_cart:
        out |= visit.cart.lines.keys()
    if zone.exclude_bought:
        out |= scene.bought
    department = UNKNOWN
    if zone.same_department:
        department = department_of(facts=facts, category=category_of(page=scene.asked.page, facts=facts))
    filters = Filters(excluded={facts.positions.get(i, UNKNOWN) for i in out}, department=department)
    return _rotated(filters, scene) if zone.rotate_after else filters


def _rotated(filters: Filters, scene: Scene) -> Filters:
    """The filters, with what the visit was shown often enough and never looked at left out while others fill the list.

    It looks a product up by position: what is no longer in the catalog is in no answer anyway.
    """
    facts, visit, often = scene.facts, scene.visit, scene.zone.rotate_after or 0
    met = {facts.positions.get(item_id, UNKNOWN) for item_id in visit.choice.products}
    tired = {product for product, times in visit.shown.items() if times >= often} - met
    rested = Filters(excluded={*filters.excluded, *tired}, department=filters.department)
    fills = tired and np.count_nonzero(eligible(facts=facts, filters=rested)) >= rules_of(scene).size
    return rested if fills else filters


def occasion_of(scene: Scene, markers: NDArray[np.float32]) -> Occasion:
    """What campaigns judge by."""
    return Occasion(
        facts=scene.facts,
        markers=PlainMarkers(markers),
        zone=scene.zone.slug,
        visitor_key=scene.visitor_key,
        now=scene.now.timestamp(),
    )
