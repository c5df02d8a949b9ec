"""Which visit an event lands in, and what a visit then says of itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from catalog.models import Store
from personalization.models import Decision, Event, Visit
from tests.catalog.factories import atelier

from .sending import NOW, START, minutes, receive, sent, visits

pytestmark = pytest.mark.django_db


def spans(store: Store) -> list[tuple[float, float, int]]:
    """Of each visit: first and last event in minutes after START, and how many events."""
    return [(*minutes(visit), visit.event_count) for visit in visits(store)]


def test_events_30_minutes_apart_are_one_visit() -> None:
    store = atelier()
    receive(store, sent(at=0), sent(at=30), sent(at=60))
    assert spans(store) == [(0, 60, 3)]


def test_events_more_than_30_minutes_apart_are_two_visits() -> None:
    store = atelier()
    receive(store, sent(at=0), sent(at=30 + 1e-6))
    assert [count for *_, count in spans(store)] == [1, 1]


@pytest.mark.parametrize(("gap", "expected"), [(30, [2]), (30 + 1e-6, [1, 1])])
def test_the_gap_is_the_same_between_two_batches(gap: float, expected: list[int]) -> None:
    store = atelier()
    receive(store, sent(at=0))
    receive(store, sent(at=gap))
    assert [count for *_, count in spans(store)] == expected


@pytest.mark.parametrize("zone", ["+00:00", "+01:00"])
def test_midnight_ends_no_visit(zone: str) -> None:
    store = atelier()
    receive(
        store,
        sent(timestamp=f"2026-03-10T23:50:00{zone}"),
        sent(timestamp=f"2026-03-11T00:10:00{zone}"),
    )
    assert [visit.event_count for visit in visits(store)] == [2]


def test_a_late_event_lands_in_the_visit_it_belongs_to() -> None:
    store = atelier()
    receive(store, sent(at=0), sent(at=60))
    receive(store, sent(at=10))
    assert spans(store) == [(0, 10, 2), (60, 60, 1)]


def test_a_late_event_can_begin_a_visit_earlier() -> None:
    store = atelier()
    receive(store, sent(at=20))
    receive(store, sent(at=0))
    assert spans(store) == [(0, 20, 2)]


def test_a_late_event_can_be_a_visit_of_its_own() -> None:
    store = atelier()
    receive(store, sent(at=100))
    receive(store, sent(at=0))
    assert spans(store) == [(0, 0, 1), (100, 100, 1)]


def test_an_event_between_two_visits_makes_them_one() -> None:
    store = atelier()
    receive(store, sent(at=0), sent(at=10), sent("purchase", at=60, value=40), sent("refund", at=61, value=15))

    receive(store, sent(at=35))

    assert spans(store) == [(0, 61, 5)]
    assert visits(store)[0].revenue == 25


def test_several_visits_can_become_one_in_one_batch() -> None:
    store = atelier()
    receive(store, sent(at=0), sent(at=50), sent(at=100))
    receive(store, sent(at=75), sent(at=25))
    assert spans(store) == [(0, 100, 5)]


def test_a_bridged_visit_keeps_the_earlier_identity_with_its_history_and_decisions() -> None:
    store = atelier()
    receive(store, sent(at=-100))
    receive(store, sent(at=0))
    receive(store, sent(at=60))
    _oldest, earlier, later = visits(store)
    decision = decide(later)

    receive(store, sent(at=30))

    kept = visits(store)[1]
    assert (kept.pk, kept.history) == (earlier.pk, earlier.history)
    assert not Visit.objects.filter(pk=later.pk).exists()
    decision.refresh_from_db()
    assert decision.visit_id == earlier.pk
    assert Event.objects.filter(visit=kept).count() == 3


def decide(visit: Visit) -> Decision:
    """An answer that was given in the visit."""
    return Decision.objects.create(
        id=uuid4(), store=visit.store, visit=visit, zone="home", decided_at=NOW, engine="inductive", novelty=0.0,
        products=[], propensities=[], estimates=b"", markers=b"", took_ms=1.0,
    )  # fmt: skip


def test_visitors_have_their_own_visits() -> None:
    store = atelier()
    receive(store, sent(visitor_id="camille"), sent(visitor_id="dominique"))
    assert [visit.visitor_key for visit in visits(store)] == ["v:camille", "v:dominique"]


def test_one_visitor_in_two_sessions_is_one_visit() -> None:
    store = atelier()
    receive(store, sent(session_id="phone"), sent(session_id="desk", at=5))
    assert [(visit.event_count, visit.session_id) for visit in visits(store)] == [(2, "phone")]


def test_receipt_is_noted_as_it_happened() -> None:
    store = atelier()
    receive(store, sent(at=0), now=NOW)
    receive(store, sent("purchase", at=1), now=NOW + timedelta(minutes=1))
    receive(store, sent(at=2), now=NOW + timedelta(minutes=2))

    visit = visits(store)[0]

    assert visit.purchased_at == NOW + timedelta(minutes=1)
    assert visit.changed_at == NOW + timedelta(minutes=2)
    assert set(Event.objects.values_list("received_at", flat=True)) == {NOW + timedelta(minutes=n) for n in range(3)}


def test_what_is_stored_after_a_batch_received_later_still_counts_as_a_change() -> None:
    store = atelier()
    receive(store, sent(at=0), now=NOW)
    receive(store, sent("purchase", at=1), now=NOW - timedelta(seconds=1))

    visit = visits(store)[0]

    assert visit.changed_at > NOW
    assert visit.purchased_at == visit.changed_at


@pytest.mark.parametrize("flag", ["staff", "bot"])
def test_a_visit_of_staff_or_robots_is_excluded(flag: str) -> None:
    store = atelier()
    receive(store, sent(at=0), sent(at=1, **{flag: True}), sent(at=2))
    assert [visit.excluded for visit in visits(store)] == [True]


def test_a_visitor_id_is_not_stored_without_consent() -> None:
    store = atelier()
    receive(store, sent(consent=False, visitor_id="camille@example.fr", session_id="s9"))

    assert [(visit.visitor_key, visit.consent) for visit in visits(store)] == [("s:s9", False)]
    assert b"camille" not in bytes(Event.objects.get().lived)


def test_one_event_without_consent_makes_its_session_one_without() -> None:
    store = atelier()
    receive(store, sent(visitor_id=..., at=0))
    receive(store, sent(visitor_id=..., at=1, consent=False))
    receive(store, sent(visitor_id=..., at=2))
    assert [(visit.visitor_key, visit.consent) for visit in visits(store)] == [("s:s1", False)]


def arriving(at: float, **fields: Any) -> dict[str, Any]:
    return sent("page_view", at=at, page={"location": "https://shop.example/", **fields})


def test_channel_is_that_of_the_first_event_whatever_arrives_first() -> None:
    store = atelier()
    receive(store, arriving(5), arriving(6))
    receive(store, sent("page_view", at=0, campaign={"source": "lettre", "medium": "email"}))
    assert [visit.channel for visit in visits(store)] == ["email"]


def test_device_is_the_first_one_told_whatever_arrives_first() -> None:
    store = atelier()
    receive(store, sent(at=9, device={"category": "desktop"}))
    receive(store, sent(at=0), sent(at=3, device={"category": "mobile"}))
    assert [visit.device for visit in visits(store)] == ["mobile"]


def test_timestamps_keep_their_microseconds() -> None:
    store = atelier()
    receive(store, sent(timestamp="2026-03-11T09:00:00.123457Z"))
    assert Event.objects.get().timestamp == START.replace(microsecond=123457)
