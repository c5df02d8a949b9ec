"""Through the real ingestion: what an answer sees live is what a rebuild sees later, bit for bit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from random import Random
from typing import Any, Final

import numpy as np
import pytest

from catalog.models import Store
from catalog.upsert import upsert_products
from netup.demo.installation import SHOP_URL
from netup.demo.traffic import Town, found_town, live
from personalization import situation
from personalization.ingest import ingest
from personalization.memory.reading import relive
from personalization.memory.remembering import remember
from personalization.models import Visit
from personalization.models.visit import visitor_key
from personalization.visits import live_visit
from tests.catalog.factories import StoreFactory

from .markers.lives import WideLandscape

pytestmark = pytest.mark.django_db

UNTIL: Final = datetime(2026, 3, 10, 9, tzinfo=UTC)

Events = Sequence[dict[str, Any]]
# A situation by visitor and instant.
Situations = dict[tuple[str, float], bytes]


@pytest.fixture(scope="module")
def town() -> Town:
    return found_town(until=UNTIL, shoppers=12)


@pytest.fixture
def visits(town: Town) -> list[Events]:
    """Two dozen visits of a dozen shoppers, some of whom come back, some without consent."""
    return [events for events in islice(live(town), 24) if events]


@pytest.fixture
def landscape(town: Town) -> WideLandscape:
    """A place for all but the last hundred products: they were launched since."""
    rng = np.random.default_rng(5)
    places = rng.standard_normal((len(town.shop.assortment.articles) - 100, 32)).astype(np.float32)
    places /= np.linalg.norm(places, axis=1, keepdims=True)
    return WideLandscape(places, rng.random(len(places), dtype=np.float32))


def stocked(town: Town, slug: str) -> Store:
    store = StoreFactory(slug=slug)
    rows = [article.merchant(shop_url=SHOP_URL) for article in town.shop.assortment.articles]
    assert not upsert_products(store=store, rows=rows, now=UNTIL).rejected
    return store


def send(store: Store, events: Events) -> None:
    assert ingest(store=store, events=list(events), now=UNTIL).rejected == 0


def key_of(event: dict[str, Any]) -> str:
    return visitor_key(
        visitor_id=event.get("visitor_id", ""),
        session_id=event.get("session_id", ""),
        consent=event.get("consent", True),
    )


def live_situation(store: Store, event: dict[str, Any], landscape: WideLandscape) -> tuple[tuple[str, float], bytes]:
    """What an answer would see right after the event was received."""
    at = datetime.fromisoformat(event["timestamp"])
    _stored, visit = live_visit(store=store, visitor_key=key_of(event), now=at, landscape=landscape)
    return (key_of(event), at.timestamp()), situation.raw(visit).tobytes()


def rebuilt_situations(store: Store, landscape: WideLandscape) -> Situations:
    """What a rebuild remembers of every visit of the store."""
    found: Situations = {}
    visits = list(Visit.objects.of(store).select_related("store"))
    for visit, context, events in relive(visits):
        remembered = remember(events, context=context, landscape=landscape)
        for at, markers in zip(remembered.at.tolist(), remembered.markers, strict=True):
            found[visit.visitor_key, at] = markers.tobytes()
    return found


def shuffled(visits: Iterable[Events], rng: Random) -> Iterable[Events]:
    """Each visit's events in any order, in batches of any size."""
    for events in visits:
        left = rng.sample(events, len(events))
        while left:
            size = rng.randint(1, 7)
            yield left[:size]
            left = left[size:]


def test_a_rebuild_sees_each_situation_as_it_was_seen_live(
    town: Town, visits: list[Events], landscape: WideLandscape
) -> None:
    store = stocked(town, "atelier")
    seen: Situations = {}
    for event in (event for events in visits for event in events):
        send(store, [event])
        instant, vector = live_situation(store, event, landscape)
        seen[instant] = vector

    rebuilt = rebuilt_situations(store, landscape)

    assert len(rebuilt) > 100
    assert {instant: seen[instant] for instant in rebuilt} == rebuilt


def test_events_in_any_order_make_the_same_situations(
    town: Town, visits: list[Events], landscape: WideLandscape
) -> None:
    in_order, in_any_order = stocked(town, "atelier"), stocked(town, "brico")
    for events in visits:
        send(in_order, events)
    for events in shuffled(visits, Random(4)):
        send(in_any_order, events)

    assert rebuilt_situations(in_any_order, landscape) == rebuilt_situations(in_order, landscape)


def test_a_visit_ends_live_as_the_rebuild_leaves_it_when_events_come_late(
    town: Town, visits: list[Events], landscape: WideLandscape
) -> None:
    store = stocked(town, "atelier")
    for events in shuffled(visits, Random(6)):
        send(store, events)

    lasting = {
        (visit.visitor_key, visit.last_event_at.timestamp())
        for visit in Visit.objects.of(store)
        if visit.last_event_at < UNTIL - timedelta(hours=1)
    }
    rebuilt = {instant: raw for instant, raw in rebuilt_situations(store, landscape).items() if instant in lasting}
    live_ones = dict(live_situation(store, events[-1], landscape) for events in visits)
    assert len(rebuilt) > 10
    assert {instant: live_ones[instant] for instant in rebuilt} == rebuilt
