"""What visitors did after they first met a campaign, summed by arm in one statement; nothing is read row by row.

The statement asks about *subjects*: the campaign itself, among all who met it, and its merchandising rules, each among
those whom the campaign steered. It answers with sums over all visitors and, of each subject, over those whom it spared.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, TypeAlias

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from personalization.decisions import first_uuid7
from personalization.evaluation.arms import Sums
from personalization.markers.lived import EVENT_PLACES, ITEM_PLACES
from personalization.round_trip import rows

CAMPAIGN: Final = 0  # as a subject; the others are database ids of rules
LONGEST_VISIT: Final = timedelta(days=1)  # what is done later than this after the end of the period is not waited for


class Metric(TextChoices):
    """What is compared, each per visitor: of all that a visitor did from their first meeting on."""

    CONVERSION = "conversion", _("visitors who bought")  # 1 for who did, 0 for who did not
    REVENUE = "revenue", _("revenue")  # of purchases; refunds are not taken off
    MARGIN = "margin", _("margin")  # (price − cost) × quantity of what was bought, where the cost is known
    PROMOTED = "promoted", _("units bought of its products")
    CLICKS = "clicks", _("clicks on what zones showed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked.

    Attributes:
        since, until: the first meeting lies between the two.
        products: subject → catalog positions that it is about.
    """

    store_id: int
    campaign: int
    since: datetime
    until: datetime
    products: Mapping[int, list[int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Arms:
    """Sums by metric of the visitors of both arms; each holds the number of its visitors."""

    steered: Mapping[Metric, Sums]
    spared: Mapping[Metric, Sums]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The arms of each subject; `mixed` are visitors who were in both of the campaign's, and count in neither."""

    arms: Mapping[int, Arms]
    mixed: int


# A visitor is met at the first answer in which the campaign steered or spared them, and counts in one arm or in none:
# robots and staff do not, nor who was in both. A merchandising rule is drawn wherever its campaign steers, so that any
# answer tells which of them the visitor is spared.
_SUMS: Final = f"""
WITH met AS MATERIALIZED (
    SELECT visitor_key, min(decided_at) AS at,
           bool_or(%(campaign)b = ANY(campaigns)) AS steered, bool_or(%(campaign)b = ANY(spared)) AS spared,
           any_value(spared_rules) AS spared_rules
    FROM personalization_decision
    WHERE store_id = %(store)b AND decided_at >= %(since)b AND decided_at < %(until)b
      AND visitor_key <> '' AND (campaigns <> '{{}}' OR spared <> '{{}}')
      AND (%(campaign)b = ANY(campaigns) OR %(campaign)b = ANY(spared))
    GROUP BY visitor_key
),
visit AS NOT MATERIALIZED (
    SELECT * FROM personalization_visit
    WHERE store_id = %(store)b AND consent AND started_at < %(until)b
      AND last_event_at >= %(since)b AND last_event_at < %(last)b
),
visitor AS MATERIALIZED (
    SELECT visitor_key, at, CASE WHEN spared THEN ARRAY[{CAMPAIGN}]::bigint[] ELSE spared_rules END AS spared_by
    FROM met
    WHERE NOT (steered AND spared)
      AND NOT EXISTS (SELECT FROM visit WHERE visit.visitor_key = met.visitor_key AND visit.excluded)
),
purchase AS MATERIALIZED (
    SELECT visitor_key, spared_by, convert_from(event.lived, 'UTF8')::jsonb AS told
    FROM visitor JOIN visit USING (visitor_key) JOIN personalization_event AS event ON event.visit_id = visit.id
    WHERE visit.purchased_at >= %(since)b AND event.name = 'purchase' AND event.timestamp >= visitor.at
),
line AS MATERIALIZED (
    SELECT visitor_key, spared_by, (item->>{ITEM_PLACES["product"]})::integer AS product,
           (item->>{ITEM_PLACES["quantity"]})::float8 AS quantity,
           (item->>{ITEM_PLACES["price"]})::float8 AS price, (item->>{ITEM_PLACES["cost"]})::float8 AS cost
    FROM purchase CROSS JOIN LATERAL jsonb_array_elements(told -> 2) AS item
),
about AS (SELECT * FROM unnest(%(subjects)b::bigint[], %(products)b::integer[]) AS about (subject, product)),
done (subject, metric, spared_by, value) AS MATERIALIZED (
    SELECT NULL::bigint, 'conversion', any_value(spared_by), 1::float8 FROM purchase GROUP BY visitor_key
    UNION ALL
    SELECT NULL, 'revenue', any_value(spared_by), sum((told -> 1 ->> {EVENT_PLACES["value"]})::float8)
    FROM purchase GROUP BY visitor_key
    UNION ALL
    SELECT NULL, 'margin', any_value(spared_by), sum((price - cost) * quantity)
    FROM line WHERE cost > 0 GROUP BY visitor_key
    UNION ALL
    SELECT subject, 'promoted', any_value(spared_by), sum(quantity)
    FROM line JOIN about USING (product) GROUP BY subject, visitor_key
    UNION ALL
    SELECT NULL, 'clicks', any_value(spared_by), count(*)
    FROM personalization_event AS event JOIN visit ON visit.id = event.visit_id JOIN visitor USING (visitor_key)
    WHERE event.store_id = %(store)b AND event.name = 'select_item' AND event.timestamp >= visitor.at
      AND event.recommendation_id >= %(first_id)b AND event.recommendation_id < %(last_id)b
    GROUP BY visitor_key
)
SELECT 'mixed', NULL::bigint, NULL::bigint, count(*), 0, 0, 0 FROM met WHERE steered AND spared
UNION ALL
SELECT 'visitors', NULL, NULL, count(*), 0, 0, 0 FROM visitor
UNION ALL
SELECT 'visitors', NULL, spared.subject, count(*), 0, 0, 0
FROM visitor CROSS JOIN LATERAL unnest(spared_by) AS spared (subject)
WHERE spared_by <> '{{}}' GROUP BY spared.subject
UNION ALL
SELECT metric, subject, NULL, 0, sum(value), sum(value ^ 2), sum(value ^ 3) FROM done GROUP BY metric, subject
UNION ALL
SELECT metric, done.subject, spared.subject, 0, sum(value), sum(value ^ 2), sum(value ^ 3)
FROM done CROSS JOIN LATERAL unnest(spared_by) AS spared (subject)
WHERE spared_by <> '{{}}' AND (done.subject IS NULL OR spared.subject IN ({CAMPAIGN}, done.subject))
GROUP BY metric, done.subject, spared.subject
"""  # noqa: S608 # nosec B608 - places of fields only


def ask(question: Question) -> Answer:
    """Sums of what the visitors of both arms of each subject did."""
    pairs = [(subject, product) for subject, positions in question.products.items() for product in positions]
    last = question.until + LONGEST_VISIT
    told = {
        "store": question.store_id,
        "campaign": question.campaign,
        "since": question.since,
        "until": question.until,
        "last": last,
        "first_id": first_uuid7(question.since),
        "last_id": first_uuid7(last),
        "subjects": [subject for subject, _product in pairs],
        "products": [product for _subject, product in pairs],
    }
    found = {(metric, about, spared): sums for metric, about, spared, *sums in rows(_SUMS, told)}
    return Answer(
        arms={subject: _arms(subject, found) for subject in question.products},
        mixed=int(found["mixed", None, None][0]),
    )


# Metric or “visitors”, the subject of whose products it is told, and the subject that spared the visitors, None for
# everybody → visitors, and the sums of three powers.
_Found: TypeAlias = Mapping[tuple[str, int | None, int | None], list[Any]]


def _arms(subject: int, found: _Found) -> Arms:
    steered, spared = {}, {}
    for metric in Metric:
        everybody, spared[metric] = (_sums(metric, subject, found, spared_by=by) for by in (None, subject))
        steered[metric] = everybody - spared[metric]
        if subject != CAMPAIGN:  # whom the campaign spared, no rule of it has steered
            steered[metric] -= _sums(metric, subject, found, spared_by=CAMPAIGN)
    return Arms(steered=steered, spared=spared)


def _sums(metric: Metric, subject: int, found: _Found, *, spared_by: int | None) -> Sums:
    """Of everybody, or of who was spared by a subject; nothing stands in the answer of what nobody did."""
    about = subject if metric == Metric.PROMOTED else None
    _none, total, squares, cubes = found.get((metric, about, spared_by), (0, 0.0, 0.0, 0.0))
    visitors, *_none = found.get(("visitors", None, spared_by), [0])
    return Sums(visitors=int(visitors), total=float(total), squares=float(squares), cubes=float(cubes))
