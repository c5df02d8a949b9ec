"""What earlier visits say of a visitor when a new visit begins."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from personalization.markers.intent import FOCUS
from personalization.markers.lived import UNKNOWN, History, products_of
from personalization.round_trip import rows

VISITS: Final = 20  # latest earlier visits that count
EVENTS: Final = 50  # latest events of each of them whose products count
PRODUCTS: Final = 50

# How much one meeting with a product weighs in the past focus: as in today's; bought weighs like carted.
WEIGHTS: Final = {**FOCUS, "purchase": 3.0}

_EARLIER: Final = """
SELECT beginning.number, extract(epoch FROM earlier.started_at)::float8,
       extract(epoch FROM earlier.last_event_at)::float8, earlier.event_count, earlier.revenue::float8,
       done.orders, extract(epoch FROM done.last_order_at)::float8, done.carted,
       ARRAY(
           SELECT lived FROM personalization_event
           WHERE visit_id = earlier.id AND name = ANY(%(focus)b)
           ORDER BY timestamp DESC, event_id DESC LIMIT %(events)b
       ) AS met
FROM {beginnings}
CROSS JOIN LATERAL (
    SELECT id, started_at, last_event_at, event_count, revenue FROM personalization_visit
    WHERE store_id = %(store_id)b AND visitor_key = beginning.visitor_key AND last_event_at < beginning.at
    ORDER BY last_event_at DESC LIMIT %(visits)b
) AS earlier
CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE name = 'purchase') AS orders,
           max(timestamp) FILTER (WHERE name = 'purchase') AS last_order_at,
           coalesce(bool_or(name = 'add_to_cart'), false) AS carted
    FROM personalization_event WHERE visit_id = earlier.id
) AS done
ORDER BY beginning.number, earlier.last_event_at DESC
"""  # only the two below are put in
_EARLIER_THAN_MANY: Final = _EARLIER.format(
    beginnings="""unnest(%(keys)b::text[], %(instants)b::timestamptz[])
        WITH ORDINALITY AS beginning(visitor_key, at, number)"""
)
# An answer to somebody's first page asks this: a plan that holds for any number of beginnings would be thought dear.
_EARLIER_THAN_ONE: Final = _EARLIER.format(
    beginnings="(SELECT 1 AS number, %(keys)b::text AS visitor_key, %(instants)b::timestamptz AS at) AS beginning"
)


@dataclass(frozen=True, slots=True)
class Beginning:
    """A visit that begins: whose, and when."""

    visitor_key: str
    at: datetime

    @property
    def may_look_back(self) -> bool:
        """A bare session can be tied to no other visit."""
        return self.visitor_key.startswith("v:")


def histories(*, store_id: int, beginnings: Sequence[Beginning]) -> dict[Beginning, History]:
    """The history of each beginning that has one, from the visitor's latest visits before it."""
    asked = [beginning for beginning in beginnings if beginning.may_look_back]
    if not asked:
        return {}
    earlier: dict[Beginning, list[_Earlier]] = defaultdict(list)
    keys, instants = [beginning.visitor_key for beginning in asked], [beginning.at for beginning in asked]
    alone = len(asked) == 1
    parameters = {
        "store_id": store_id,
        "keys": keys[0] if alone else keys,
        "instants": instants[0] if alone else instants,
        "focus": list(WEIGHTS),
        "events": EVENTS,
        "visits": VISITS,
    }
    statement = _EARLIER_THAN_ONE if alone else _EARLIER_THAN_MANY
    for number, *figures in rows(statement, parameters, planned_once=alone):
        earlier[asked[number - 1]].append(_Earlier(*figures))
    return {beginning: _history(visits) for beginning, visits in earlier.items()}


@dataclass(frozen=True, slots=True)
class _Earlier:
    """One earlier visit, its instants in seconds; `met`: its packed events about products, newest first."""

    started_at: float
    last_event_at: float
    event_count: int
    revenue: float
    orders: int
    last_order_at: float | None
    carted: bool
    met: list[bytes]


def _history(earlier: list[_Earlier]) -> History:
    """Earlier visits, newest first, as one history."""
    return History(
        visits=len(earlier),
        events=sum(visit.event_count for visit in earlier),
        orders=sum(visit.orders for visit in earlier),
        revenue=round(sum(visit.revenue for visit in earlier), 2),
        abandoned_carts=sum(visit.carted and not visit.orders for visit in earlier),
        first_visit_at=min(visit.started_at for visit in earlier),
        last_visit_at=max(visit.last_event_at for visit in earlier),
        last_order_at=max(visit.last_order_at or 0.0 for visit in earlier),
        products=_products(packed for visit in earlier for packed in visit.met),
    )


def _products(met: Iterable[bytes]) -> tuple[tuple[int, float], ...]:
    """Catalog positions with their weights, the one met last first."""
    weights: dict[int, float] = {}
    for packed in met:
        name, products = products_of(packed)
        for product in products:
            if product != UNKNOWN:
                weights[product] = weights.get(product, 0.0) + WEIGHTS[name]
    return tuple(weights.items())[:PRODUCTS]
