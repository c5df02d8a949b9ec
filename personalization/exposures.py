"""Exposures counted with the decisions that made them, and read back: what is spent of campaigns' budgets.

A product's budget is overrun by what all processes serve between the answer that spends it and the moment at which
each knows: until that answer's decision is written (0.2 s, and as long as the writing takes; longer while the database
is away) and until the process next reads its campaigns (0.5 s). A visitor's is read with each answer, so that it is
overrun by what the visitor is served until the decisions are written: the zones of one page asked at once, say.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from objectives.budgets import Exposures
from objectives.campaigns import CampaignInForce
from personalization.models import Decision, ProductExposure, VisitorExposure
from personalization.round_trip import execute, rows

Counted: TypeAlias = tuple[Decision, Exposures]  # an answer, and what it takes from budgets

_PRODUCTS: Final = ProductExposure._meta.db_table  # noqa: SLF001 - Django documents it
_VISITORS: Final = VisitorExposure._meta.db_table  # noqa: SLF001

# A campaign that was deleted meanwhile counts nothing more. In one order, so that no two writers wait for each other.
_COUNT_PRODUCTS: Final = f"""
INSERT INTO {_PRODUCTS} AS kept (store_id, campaign_id, position, shown)
SELECT campaign.store_id, campaign.id, told.position, told.shown
FROM unnest(%(stores)b::bigint[], %(campaigns)b::bigint[], %(positions)b::integer[], %(shown)b::bigint[])
    AS told (store_id, campaign_id, position, shown)
JOIN objectives_campaign AS campaign ON campaign.id = told.campaign_id AND campaign.store_id = told.store_id
ORDER BY campaign.id, told.position
ON CONFLICT (campaign_id, position) DO UPDATE SET shown = kept.shown + EXCLUDED.shown
"""  # noqa: S608 # nosec B608
_COUNT_VISITORS: Final = f"""
INSERT INTO {_VISITORS} AS kept (store_id, campaign_id, visitor_key, answers, began_at)
SELECT campaign.store_id, campaign.id, told.visitor_key, told.answers, %(now)b
FROM unnest(%(stores)b::bigint[], %(campaigns)b::bigint[], %(visitors)b::text[], %(answers)b::bigint[])
    AS told (store_id, campaign_id, visitor_key, answers)
JOIN objectives_campaign AS campaign ON campaign.id = told.campaign_id AND campaign.store_id = told.store_id
ORDER BY campaign.id, told.visitor_key
ON CONFLICT (visitor_key, campaign_id) DO UPDATE SET answers = kept.answers + EXCLUDED.answers
"""  # noqa: S608 # nosec B608
_SHOWN_ENOUGH: Final = f"""
SELECT budget.campaign_id, array_agg(kept.position)
FROM unnest(%(campaigns)b::bigint[], %(most)b::bigint[]) AS budget (campaign_id, most)
JOIN {_PRODUCTS} AS kept ON kept.campaign_id = budget.campaign_id AND kept.shown >= budget.most
WHERE kept.store_id = %(store)b
GROUP BY budget.campaign_id
"""  # noqa: S608 # nosec B608
_ANSWERED_ENOUGH: Final = f"""
SELECT kept.campaign_id
FROM unnest(%b::bigint[], %b::bigint[]) AS budget (campaign_id, most)
JOIN {_VISITORS} AS kept ON kept.campaign_id = budget.campaign_id AND kept.answers >= budget.most
WHERE kept.visitor_key = %b AND kept.store_id = %b
"""  # noqa: S608 # nosec B608


def count(answers: Sequence[Counted]) -> None:
    """Count what answers take from budgets, in the transaction that keeps their decisions.

    Since no decision is kept twice, no answer is counted twice.
    """
    _count_products(answers)
    _count_visitors(answers)


def shown_enough(*, store_id: int, campaigns: Iterable[CampaignInForce]) -> dict[int, NDArray[np.int32]]:
    """campaign → int32 (n,): catalog positions that it has shown as often as it may; asked only if any has a budget."""
    budgets = {each.id: each.most_per_product for each in campaigns if each.most_per_product is not None}
    if not budgets:
        return {}
    told = {"campaigns": list(budgets), "most": list(budgets.values()), "store": store_id}
    return {campaign: np.array(positions, np.int32) for campaign, positions in rows(_SHOWN_ENOUGH, told)}


def answered_enough(*, store_id: int, visitor_key: str, campaigns: Iterable[CampaignInForce]) -> frozenset[int]:
    """Those of the campaigns that have had all the answers to the visitor that they may have; asked as above."""
    budgets = {each.id: each.most_per_visitor for each in campaigns if each.most_per_visitor is not None}
    if not budgets:
        return frozenset()
    told = [list(budgets), list(budgets.values()), visitor_key, store_id]
    return frozenset(campaign for (campaign,) in rows(_ANSWERED_ENOUGH, told, planned_once=True))


def _count_products(answers: Sequence[Counted]) -> None:
    shown = Counter(
        (decision.store_id, campaign, position)
        for decision, taken in answers
        for campaign, positions in taken.products.items()
        for position in positions.tolist()
    )
    if shown:
        stores, campaigns, positions = (list(column) for column in zip(*shown, strict=True))
        times = list(shown.values())
        told = {"stores": stores, "campaigns": campaigns, "positions": positions, "shown": times}
        execute(_COUNT_PRODUCTS, told)


def _count_visitors(answers: Sequence[Counted]) -> None:
    answered = Counter(
        (decision.store_id, campaign, taken.visitor_key) for decision, taken in answers for campaign in taken.campaigns
    )
    if answered:
        stores, campaigns, visitors = (list(column) for column in zip(*answered, strict=True))
        told = {"stores": stores, "campaigns": campaigns, "visitors": visitors, "answers": list(answered.values())}
        execute(_COUNT_VISITORS, told | {"now": _first(answers)})


def _first(answers: Sequence[Counted]) -> datetime:
    return min(decision.decided_at for decision, _taken in answers)
