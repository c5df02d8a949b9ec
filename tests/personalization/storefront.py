"""A small store with zones, what its visitors do, and an engine whose answers are known by reasoning."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

import numpy as np
from django.utils import timezone

from catalog.models import Store
from objectives.models.zone import PageType, Zone, ZoneKind
from personalization.engines.base import Analogue, Estimates, Question, Relation
from personalization.ingest import ingest
from personalization.memory import rebuild
from personalization.models import Generation
from personalization.scene import Asked
from personalization.shortening import neutral
from tests.catalog.factories import StoreFactory, merchant_row, sell

# Item id → attributes; rating_count is what the popularity engine ranks by.
ASSORTMENT: Final[dict[str, dict[str, Any]]] = {
    "racket": {"rating_count": 90, "link": "https://shop.example/racket", "image_link": "https://shop.example/r.png"},
    "balls": {"rating_count": 80, "price": "9.90 EUR", "sale_price": "7.90 EUR"},
    "shoes": {"rating_count": 70, "product_type": "Sport > Tennis > Shoes", "brand": "Asics"},
    "strings": {"rating_count": 60},
    "bag": {"rating_count": 50},
    "onesie": {"rating_count": 40, "product_type": "Baby > Clothes", "brand": "Cotton"},
    "rattle": {"rating_count": 30, "product_type": "Baby > Toys", "brand": "Wood"},
    "grinder": {"rating_count": 20, "product_type": "Coffee > Grinders", "brand": "Mill"},
    "sold-out": {"rating_count": 100, "availability": "out_of_stock", "quantity": 0},
}
BY_POPULARITY: Final = ["racket", "balls", "shoes", "strings", "bag", "onesie", "rattle", "grinder"]
EVERYTHING: Final = [*BY_POPULARITY, "sold-out"]


class PopularityEngine:
    """Ranks by the number of ratings n: P(view) = n / (n + 100), a third of it carts, a tenth buys."""

    name = "popularity"

    def estimate(self, question: Question) -> Estimates:
        products = question.candidates
        if products is None:
            products = np.flatnonzero(question.eligible).astype(np.int32)
        ratings = question.facts.rating_count[products].astype(np.float32)
        best = np.argsort(-ratings, kind="stable")
        if question.candidates is None:
            best = best[: question.limit]
        view = (ratings / (ratings + 100))[best]
        return Estimates(
            products=products[best],
            view=view,
            cart=view / 3,
            purchase=view / 10,
            shortening=neutral(len(best)),
            score=ratings[best],
            support=ratings[best],
            relations=[(Relation("popular"),)] * len(best),
            analogues=[Analogue(1, 2, 0.5)],
            novelty=0.25,
            stages={"counting": 0.1},
        )


def shop(slug: str = "atelier", **attributes: Any) -> Store:
    """A store without exploration that sells the assortment, with a zone of each sort."""
    store = StoreFactory(slug=slug, **{"exploration": 0.0, **attributes})
    sell(store, *(merchant_row(item_id, **row) for item_id, row in ASSORTMENT.items()), now=timezone.now())
    zone(store, "home", page_type=PageType.HOME, size=4)
    zone(store, "shelf", page_type=PageType.CATEGORY, kind=ZoneKind.LISTING)
    return store


def zone(store: Store, slug: str, **attributes: Any) -> Zone:
    return Zone.objects.create(store=store, slug=slug, name=slug, **{"page_type": PageType.HOME, **attributes})


def lived(
    store: Store, *names_and_items: tuple[str, str], session: str = "s1", days_ago: float = 0, **fields: Any
) -> datetime:
    """Events of one visit, a minute apart, the last one a minute ago; returns the instant of the last."""
    now = timezone.now() - timedelta(days=days_ago)
    count = len(names_and_items)
    events = []
    for number, (name, item_id) in enumerate(names_and_items):
        at = now - timedelta(minutes=count - number)
        event = {
            "event_id": f"{session}-{number}-{at.timestamp()}",
            "name": name,
            "timestamp": at.isoformat(),
            "visitor_id": "camille",
            "session_id": session,
            "items": [{"item_id": item_id, "price": 10.0}],
            **fields,
        }
        if name == "purchase":
            event |= {"transaction_id": f"t-{session}-{number}", "value": 10.0}
        events.append(event)
    verdicts = ingest(store=store, events=events, now=timezone.now())
    assert verdicts.stored == count, verdicts
    return now - timedelta(minutes=1)


def remembered(store: Store, *, visits: int = 60) -> Generation:
    """A live memory of visits that went from the racket to the balls, or from the onesie to the rattle."""
    for number in range(visits):
        came, went = ("racket", "balls") if number % 2 else ("onesie", "rattle")
        lived(
            store,
            ("view_item", came),
            ("view_item", went),
            ("add_to_cart", went),
            session=f"past-{number}",
            days_ago=1 + number / 10,
            visitor_id=f"visitor-{number}",
        )
    generation = rebuild.prepare(store=store, now=timezone.now())
    rebuild.work(generation)
    rebuild.finish(generation, now=timezone.now())
    return Generation.objects.live().get(store=store)


def asking(store: Store, zone: str = "home", **fields: Any) -> Asked:
    return Asked(
        store=store,
        zone=zone,
        **{"visitor_id": "camille", "session_id": "s1", "engine": PopularityEngine.name, **fields},
    )
