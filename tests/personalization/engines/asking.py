"""Questions of somebody who has met products of the small shop, for the engines that know persons."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from catalog.live_facts import live_facts
from catalog.models import Store
from personalization import situation
from personalization.engines.base import Estimates, Question
from personalization.markers.live_visit import LiveVisit
from personalization.markers.lived import LivedEvent, LivedItem
from personalization.memory.live import live_memory
from personalization.visits import beginning_context
from tests.personalization.memory.past import NOW

LATER = NOW + timedelta(hours=1)


def question(store: Store, visitor: str, *viewed: str, now: datetime = LATER, **more: Any) -> Question:
    """What this visitor asks after looking at these products, a second each; nobody without a name."""
    facts = live_facts(store_id=store.pk)
    key = f"v:{visitor}" if visitor else ""
    visit = LiveVisit(
        context=beginning_context(store=store, visitor_key=key or "v:", now=now),
        landscape=live_memory(store_id=store.pk).landscape,
        events=[
            LivedEvent(
                str(number),
                "view_item",
                now.timestamp() + number,
                page="product",
                items=(LivedItem(item_id, product=facts.positions[item_id], price=10.0),),
            )
            for number, item_id in enumerate(viewed)
        ],
    )
    return Question(
        store_id=store.pk,
        visit=visit,
        markers=situation.raw(visit),
        facts=facts,
        eligible=facts.buyable,
        limit=6,
        now=now,
        visitor_key=key,
        **more,
    )


def items(store: Store, estimates: Estimates) -> list[str]:
    return [live_facts(store_id=store.pk).item_ids[product] for product in estimates.products.tolist()]


def kinds(store: Store, estimates: Estimates) -> dict[str, str]:
    """By item id, the kind of the strongest relation."""
    strongest = [ways[0].kind for ways in estimates.relations]
    return dict(zip(items(store, estimates), strongest, strict=True))
