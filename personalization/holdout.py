"""Which campaigns each visitor has met of late, and what they then bought: by stratum and arm, in one statement.

A visitor is met at the first answer in which a campaign steered or spared them, and everything they buy from then on
counts, as in `arm_outcomes`. Robots and staff do not.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from catalog.models import Store
from personalization.evaluation.arms import Sums
from personalization.evaluation.strata import Side, Stratum
from personalization.markers.lived import EVENT_PLACES
from personalization.round_trip import rows

_STRATA: Final = f"""
WITH meeting AS (
    SELECT visitor_key, campaigns, spared, min(decided_at) AS at
    FROM personalization_decision
    WHERE store_id = %(store)b AND decided_at >= %(since)b
      AND visitor_key <> '' AND (campaigns <> '{{}}' OR spared <> '{{}}')
    GROUP BY visitor_key, campaigns, spared
),
met AS MATERIALIZED (
    SELECT visitor_key, min(at) AS at, bool_or(campaigns <> '{{}}') AS steered,
           array_agg(DISTINCT campaign ORDER BY campaign) AS campaigns
    FROM meeting CROSS JOIN LATERAL unnest(campaigns || spared) AS campaign
    GROUP BY visitor_key
),
visit AS MATERIALIZED (
    SELECT id, visitor_key, purchased_at, excluded FROM personalization_visit
    WHERE store_id = %(store)b AND consent AND last_event_at >= %(since)b AND (purchased_at >= %(since)b OR excluded)
),
spent AS (
    SELECT visitor_key,
           sum((convert_from(event.lived, 'UTF8')::jsonb -> 1 ->> {EVENT_PLACES["value"]})::float8) AS value
    FROM met JOIN visit USING (visitor_key) JOIN personalization_event AS event ON event.visit_id = visit.id
    WHERE event.name = 'purchase' AND event.timestamp >= met.at
    GROUP BY visitor_key
)
SELECT campaigns, steered, count(*), count(value), sum(value), sum(value ^ 2), sum(value ^ 3)
FROM met LEFT JOIN spent USING (visitor_key)
WHERE visitor_key NOT IN (SELECT visitor_key FROM visit WHERE excluded)
GROUP BY campaigns, steered
"""  # noqa: S608 # nosec B608 - places of fields only


def strata_of(*, store: Store, since: datetime) -> tuple[Stratum, ...]:
    """The visitors met since then, of those who met the same campaigns each."""
    asked: dict[str, Any] = {"store": store.pk, "since": since}
    sides: dict[tuple[int, ...], dict[bool, Side]] = {}
    for campaigns, steered, visitors, buyers, *powers in rows(_STRATA, asked):
        total, squares, cubes = (power or 0.0 for power in powers)
        sides.setdefault(tuple(campaigns), {})[steered] = Side(
            conversion=Sums(visitors=visitors, total=buyers, squares=buyers, cubes=buyers),
            revenue=Sums(visitors=visitors, total=total, squares=squares, cubes=cubes),
        )
    return tuple(Stratum(steered=found.get(True, Side()), spared=found.get(False, Side())) for found in sides.values())
