"""Reading visits back: live and later, they are the same."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from catalog.models import Store
from personalization import situation
from personalization.markers.live_visit import VisitContext
from personalization.markers.lived import History
from personalization.visits import live_visit, lived_events, relive
from tests.catalog.factories import StoreFactory, atelier, brico

from .ingest.sending import START, receive, sent, visits
from .markers.visits import SmallLandscape

pytestmark = pytest.mark.django_db
LANDSCAPE = SmallLandscape()


def names(store: Store, *, at: float, key: str = "v:camille") -> list[str] | None:
    """Names of the events of the visit that is live `at` minutes after START; None when there is none."""
    visit, _lived = live_visit(store=store, visitor_key=key, now=START + timedelta(minutes=at), landscape=LANDSCAPE)
    return visit and [event.name for event in lived_events(visit_ids=[visit.pk])[visit.pk]]


def test_a_visit_is_live_until_30_minutes_after_its_last_event() -> None:
    store = atelier()
    receive(store, sent("page_view", at=0), sent("view_item", at=5))
    assert names(store, at=35) == ["page_view", "view_item"]
    assert names(store, at=35 + 1e-6) is None


def test_the_visit_of_another_visitor_or_store_is_not_ours() -> None:
    store = atelier()
    receive(store, sent(visitor_id="dominique"))
    receive(brico(), sent())
    assert names(store, at=1) is None


def test_events_are_folded_in_the_order_in_which_they_were_lived() -> None:
    store = atelier()
    late = sent("page_view", event_id="b", at=0)
    receive(store, sent("view_item", event_id="z", at=1), sent("view_cart", event_id="a", at=1))
    receive(store, late, sent("search", event_id="a0", at=1))

    _visit, lived = live_visit(store=store, visitor_key="v:camille", now=START, landscape=LANDSCAPE)

    assert names(store, at=1) == ["page_view", "view_cart", "search", "view_item"]
    assert lived.last is not None
    assert lived.last.event_id == "z"


def test_a_visit_read_live_and_later_is_the_same_situation_bit_by_bit() -> None:
    store = atelier()
    receive(store, sent(at=-100), sent("purchase", at=-99))
    receive(store, sent(at=0), sent("add_to_cart", at=2), sent("search", at=3))
    visit, live = live_visit(store=store, visitor_key="v:camille", now=START, landscape=LANDSCAPE)
    assert visit is not None

    later = relive(store=store, visit=visits(store)[1], landscape=LANDSCAPE)

    assert situation.raw(live).tobytes() == situation.raw(later).tobytes()


def test_the_context_is_that_of_store_and_visit() -> None:
    store = StoreFactory(
        slug="ny", time_zone="America/New_York", country="US", language="en", free_shipping_from=Decimal("49.90")
    )
    receive(store, sent(at=0))
    _visit, live = live_visit(store=store, visitor_key="v:camille", now=START, landscape=LANDSCAPE)
    assert live.context == VisitContext(
        time_zone=ZoneInfo("America/New_York"), country="US", language="en", free_shipping_from=49.9
    )


def test_a_visitor_who_comes_back_is_known_before_the_first_event_arrives() -> None:
    store = atelier()
    receive(store, sent("purchase", at=-100, value=40))

    visit, live = live_visit(store=store, visitor_key="v:camille", now=START, landscape=LANDSCAPE)

    assert visit is None
    assert (live.count, live.context.history.visits, live.context.history.revenue) == (0, 1, 40.0)


def test_the_live_visit_is_the_stored_one_in_every_field() -> None:
    store = atelier()
    receive(store, sent(at=-100))
    receive(store, sent("purchase", at=0, value=12.5, device={"category": "tablet"}))
    visit, _live = live_visit(store=store, visitor_key="v:camille", now=START, landscape=LANDSCAPE)
    assert visit is not None
    assert {**vars(visit), "_state": None} == {**vars(visits(store)[1]), "_state": None}


def test_without_consent_there_is_no_history() -> None:
    store = atelier()
    receive(store, sent(at=-100), sent(at=0, consent=False))
    for now in (START, START + timedelta(days=1)):
        _visit, live = live_visit(store=store, visitor_key="s:s1", now=now, landscape=LANDSCAPE)
        assert (live.context.consent, live.context.history) == (False, History())
