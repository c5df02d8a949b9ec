"""Visits that a zone answered through the real pipeline, and what was then bought, by chances that are known."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from catalog.models import Store
from personalization.decisions import LOG
from personalization.models import Decision
from personalization.pipeline import personalize
from tests.personalization.storefront import asking, lived

MINUTE = 1 / 24 / 60  # of a day


def answered(
    store: Store, zone: str = "home", *, session: str = "s1", days_ago: float = 1.0, seed: int = 0, **fields: Any
) -> Decision:
    """A visit that looked at a list, and what a zone then showed it; the decision is logged."""
    at = lived(store, ("view_item_list", "shoes"), session=session, days_ago=days_ago, visitor_id=session)
    return asked(store, zone, session=session, now=at + timedelta(seconds=1), seed=seed, **fields)


def asked(store: Store, zone: str, *, session: str, now: datetime, seed: int = 0, **fields: Any) -> Decision:
    """What a zone showed a visit, logged."""
    whole = asking(store, zone, session_id=session, visitor_id=session, **fields)
    answer = personalize(asked=whole, now=now, rng=np.random.default_rng(seed))
    LOG.flush()
    return answer.decision


def bought(store: Store, item_id: str, *, session: str = "s1", days_ago: float = 1.0, **fields: Any) -> None:
    """An order some minutes after the visit was answered."""
    lived(store, ("purchase", item_id), session=session, days_ago=days_ago - 5 * MINUTE, visitor_id=session, **fields)


def served_visits(
    store: Store, *, visits: int, chances: Mapping[str, float], seed: int = 0, zone: str = "home", **fields: Any
) -> None:
    """Ended visits, each answered once; each product shown is bought with its chance, which nobody else knows."""
    rng = np.random.default_rng(seed)
    for number in range(visits):
        session, days_ago = f"served-{seed}-{number}", 1 + number / 100
        decision = answered(store, zone, session=session, days_ago=days_ago, seed=int(rng.integers(2**32)), **fields)
        for item_id in shown(store, decision):
            if rng.random() < chances.get(item_id, 0.0):
                bought(store, item_id, session=session, days_ago=days_ago)


def shown(store: Store, decision: Decision) -> list[str]:
    """The item ids of a decision."""
    ids = dict(store.products.values_list("position", "item_id"))
    return [ids[product] for product in decision.products]
