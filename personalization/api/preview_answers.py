"""What a campaign would change, and its conflicts, told as JSON."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, Final

import numpy as np

from catalog.facts import ProductFacts
from catalog.models import Store
from objectives.conflicts import Conflict, ConflictKind
from objectives.models import Campaign
from objectives.reranking import Ranking
from personalization.campaign_preview import Foreseen, Trial
from personalization.evaluation.intervals import Interval
from personalization.foresight import Change, Point, Sight

MOST_SHOWN: Final = 100  # products of a list
MOST_CONFLICTS: Final = 200
MOST_NAMED: Final = 20  # products of a conflict


def preview(
    trial: Trial, found: Foreseen, points: tuple[str, list[Point]], conflicts: list[Conflict]
) -> dict[str, Any]:
    """The body of `POST campaigns/preview`."""
    kept = [sight.after.kept for sight in found.sights] or [1.0]
    figure, curve = points
    return {
        "zone": trial.zone.slug,
        "at": trial.at,
        "visits": len(found.sights),
        "applies": found.applies,
        "moved": found.moved,
        "kept": {"mean": float(np.mean(kept)), "least": float(min(kept))},
        "figures": {name: told_change(change) for name, change in found.figures.items()},
        "curve": {"figure": figure, "points": [_point(point) for point in curve]},
        "conflicts": told_conflicts(conflicts, store=trial.store, facts=trial.facts),
        "visit": None if found.chosen is None else _visit(found.sights[found.chosen], trial.facts),
        "visit_ids": [sight.moment.visit_id for sight in found.sights],
    }


def told_conflicts(found: list[Conflict], *, store: Store, facts: ProductFacts) -> list[dict[str, Any]]:
    """Each conflict with the campaign it is with."""
    told = found[:MOST_CONFLICTS]
    with_whom = {conflict.other for conflict in told}
    names = dict(Campaign.objects.of(store).filter(pk__in=with_whom).values_list("pk", "name"))
    return [
        {
            "kind": conflict.kind,
            "campaign": {"id": str(conflict.other), "name": names.get(conflict.other, "")},
            "place": conflict.place if conflict.kind == ConflictKind.SAME_PLACE else None,
            "item_ids": [facts.item_ids[product] for product in conflict.products[:MOST_NAMED]],
            "products": len(conflict.products),
        }
        for conflict in told
    ]


def told_change(change: Change) -> dict[str, Any]:
    """A figure before and after, with the interval of the difference."""
    return {"before": change.before, "after": change.after, "change": told_interval(change.change)}


def told_interval(interval: Interval) -> dict[str, float | None]:
    """Its value and bounds, None where nothing was asked."""
    bounds = {"value": interval.value, "lower": interval.lower, "upper": interval.upper}
    return {name: None if math.isnan(bound) else bound for name, bound in bounds.items()}


def _point(point: Point) -> dict[str, Any]:
    return {
        "floor": point.floor,
        "kept": {"mean": point.kept, "least": point.least_kept},
        "figures": point.figures,
    }


def _visit(sight: Sight, facts: ProductFacts) -> dict[str, Any]:
    return {
        "id": sight.moment.visit_id,
        "before": list(_shown(sight.before, sight, facts)),
        "after": list(_shown(sight.after, sight, facts)),
    }


def _shown(ranking: Ranking, sight: Sight, facts: ProductFacts) -> Iterable[dict[str, Any]]:
    for place, row in enumerate(ranking.rows[:MOST_SHOWN].tolist()):
        product = int(ranking.products[place])
        yield {
            "item_id": facts.item_ids[product],
            "title": facts.titles[product],
            "position": place + 1,
            "purchase": float(sight.estimates.purchase[row]),
        }
