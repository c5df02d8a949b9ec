"""A batch of events: a verdict each, the valid ones stored, repeats counted once."""

from __future__ import annotations

from typing import Any

import pytest

from personalization.ingest import Verdicts
from personalization.models import Event, Visit
from tests.catalog.factories import atelier, brico

from .sending import receive, sent, visits

pytestmark = pytest.mark.django_db


def figures(verdicts: Verdicts) -> tuple[int, int, int]:
    return verdicts.stored, verdicts.duplicates, verdicts.rejected


def test_valid_events_of_a_mixed_batch_are_stored_and_the_others_named() -> None:
    verdicts = receive(
        atelier(), sent(event_id="a"), sent(event_id="b", name="nope"), sent(event_id="c"), sent(event_id="a")
    )

    assert [(v.event_id, v.status) for v in verdicts.verdicts] == [
        ("a", "stored"),
        ("b", "rejected"),
        ("c", "stored"),
        ("a", "duplicate"),
    ]
    assert [fault.pointer for fault in verdicts.verdicts[1].errors] == ["/events/1/name"]
    assert set(Event.objects.values_list("event_id", flat=True)) == {"a", "c"}


@pytest.mark.parametrize(
    "batch",
    [
        [],
        [None, 3, "x", []],
        [sent(), sent(event_id=...), {}],
        [sent(event_id="same"), sent(event_id="same"), sent(event_id="same", value=-1)],
    ],
)
def test_whatever_is_sent_every_event_has_one_verdict(batch: list[Any]) -> None:
    verdicts = receive(atelier(), *batch)

    assert sum(figures(verdicts)) == len(verdicts.verdicts) == len(batch)
    assert verdicts.stored == Event.objects.count()


def test_a_repeated_batch_changes_nothing() -> None:
    store = atelier()
    batch = [sent("view_item"), sent("purchase", at=1)]
    receive(store, *batch)
    before = list(Visit.objects.values()), list(Event.objects.values())

    assert figures(receive(store, *batch)) == (0, 2, 0)
    assert (list(Visit.objects.values()), list(Event.objects.values())) == before


def test_a_purchase_is_counted_once_by_its_transaction() -> None:
    store = atelier()
    receive(store, sent("purchase", transaction_id="T1", value=80))

    again = receive(store, sent("purchase", transaction_id="T1", value=80, visitor_id="dominique"))

    assert figures(again) == (0, 1, 0)
    assert [visit.revenue for visit in visits(store)] == [80]


def test_a_duplicate_event_does_not_claim_the_transaction_of_another() -> None:
    store = atelier()
    receive(store, sent(event_id="a"))

    verdicts = receive(
        store,
        sent("purchase", event_id="a", transaction_id="T1"),
        sent("purchase", event_id="b", transaction_id="T1"),
    )

    assert [verdict.status for verdict in verdicts.verdicts] == ["duplicate", "stored"]


def test_a_transaction_may_be_refunded_in_parts() -> None:
    store = atelier()
    receive(
        store,
        sent("purchase", transaction_id="T1", value=100),
        sent("refund", transaction_id="T1", value=30, at=1),
        sent("refund", transaction_id="T1", value=20.5, at=2),
    )
    assert [str(visit.revenue) for visit in visits(store)] == ["49.50"]


def test_a_purchase_without_value_is_worth_its_items() -> None:
    store = atelier()
    items = [{"item_id": "a", "price": 10.1, "quantity": 3}, {"item_id": "b", "price": 0.2}]
    receive(store, sent("purchase", value=..., items=items))
    assert [str(visit.revenue) for visit in visits(store)] == ["30.50"]


def test_stores_share_nothing() -> None:
    ours, theirs = atelier(), brico()
    batch = [sent("view_item"), sent("purchase", at=1)]
    receive(ours, *batch)

    assert figures(receive(theirs, *batch)) == (2, 0, 0)
    assert [(visit.event_count, visit.revenue) for visit in visits(ours)] == [(2, 100)]
    assert [(visit.event_count, visit.revenue) for visit in visits(theirs)] == [(2, 100)]


def test_a_refused_event_without_readable_id_still_has_its_verdict() -> None:
    verdict = receive(atelier(), sent(event_id=["a"])).verdicts[0]
    assert (verdict.event_id, verdict.status, verdict.errors[0].pointer) == (
        "",
        "rejected",
        "/events/0/event_id",
    )


def test_revenue_beyond_what_the_column_holds_is_held_at_its_bound() -> None:
    store = atelier()
    receive(store, *[sent("purchase", at=number / 100, value=1e9) for number in range(1001)])
    assert [str(visit.revenue) for visit in visits(store)] == ["999999999999.99"]
