"""POST events: verdicts, bounds, keys, beacons, and a database that is away."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from catalog.models import Store
from personalization.models import Event
from tests.catalog.factories import atelier, brico, caller, public_key, secret_key

ADDRESS = "/api/v1/events"


@pytest.fixture
def store(db: None) -> Store:
    return atelier()


@pytest.fixture
def server(store: Store) -> Any:
    """A client with the store's secret key."""
    return caller(secret_key(store))


def view(event_id: str = "e1", **fields: Any) -> dict[str, Any]:
    """A product view a minute ago."""
    return {
        "event_id": event_id,
        "name": "view_item",
        "timestamp": (timezone.now() - timedelta(minutes=1)).isoformat(),
        "visitor_id": "camille",
        "session_id": "s1",
        "items": [{"item_id": "racket", "price": 100}],
        **fields,
    }


def test_a_mixed_batch_is_accepted_with_a_verdict_each(server: Any) -> None:
    bad = view("e2", items=[{"item_id": "racket", "price": "100"}])

    answer = server.post(ADDRESS, {"events": [view("e1"), bad, view("e1")]})

    assert answer.status_code == 202
    assert answer.json() == {
        "stored": 1,
        "duplicates": 1,
        "rejected": 1,
        "verdicts": [
            {"event_id": "e1", "status": "stored", "errors": []},
            {
                "event_id": "e2",
                "status": "rejected",
                "errors": [
                    {
                        "pointer": "/events/1/items/0/price",
                        "code": "type",
                        "detail": "Expected a number from 0 to 1e+09, got “100”.",
                    }
                ],
            },
            {"event_id": "e1", "status": "duplicate", "errors": []},
        ],
    }


def test_what_is_accepted_is_stored_for_the_keys_store(server: Any, store: Store) -> None:
    server.post(ADDRESS, {"events": [view("e1"), view("e2")]})
    assert set(Event.objects.of(store).values_list("event_id", flat=True)) == {"e1", "e2"}
    assert not Event.objects.of(brico()).exists()


def test_a_batch_sent_again_is_all_duplicates(server: Any) -> None:
    server.post(ADDRESS, {"events": [view("e1"), view("e2")]})
    answer = server.post(ADDRESS, {"events": [view("e1"), view("e2")]})
    assert (answer.status_code, answer.json()["duplicates"]) == (202, 2)


def test_one_event_may_come_alone(server: Any) -> None:
    assert server.post(ADDRESS, view("e1")).json()["stored"] == 1


def test_reasons_of_an_event_that_came_alone_point_into_it(server: Any) -> None:
    problem = server.post(ADDRESS, view("e1", value=-1)).json()
    assert [error["pointer"] for error in problem["errors"]] == ["/value"]


def test_a_batch_without_a_valid_event_is_refused_with_every_reason(server: Any) -> None:
    answer = server.post(ADDRESS, {"events": [view(name="nope"), {}]})

    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
    assert [(error["pointer"], error["code"]) for error in answer.json()["errors"]] == [
        ("/events/0/name", "choice"),
        ("/events/1/event_id", "required"),
        ("/events/1/name", "required"),
        ("/events/1/timestamp", "required"),
        ("/events/1/visitor_id", "required"),
    ]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ([], "/events"),
        ("x", "/events"),
        ({"events": {}}, "/events"),
        ({"events": []}, "/events"),
        ({"events": [{}] * 501}, "/events"),
    ],
)
def test_what_is_no_batch_is_refused(server: Any, body: Any, pointer: str) -> None:
    answer = server.post(ADDRESS, body)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, pointer)


def test_500_events_are_accepted_at_once(server: Any) -> None:
    assert server.post(ADDRESS, {"events": [view(f"e{n}") for n in range(500)]}).json()["stored"] == 500


def test_more_than_a_megabyte_is_refused(server: Any) -> None:
    answer = server.post(ADDRESS, view(page={"title": "x" * 1024 * 1024}))
    assert answer.status_code == 413


def test_an_answer_never_outgrows_its_question_by_much(server: Any) -> None:
    nothing = {"items": [{}] * 200}
    answer = server.post(ADDRESS, {"events": [nothing] * 500})
    assert answer.status_code == 422
    assert len(answer.json()["errors"]) == 500 * 20


def test_a_beacon_with_a_public_key_in_the_address_is_accepted(store: Store) -> None:
    answer = caller().post(
        f"{ADDRESS}?key={public_key(store)}",
        json.dumps({"events": [view()]}),
        content_type="text/plain;charset=UTF-8",
    )
    assert (answer.status_code, answer.json()["stored"]) == (202, 1)


def test_a_call_without_key_is_refused(store: Store) -> None:
    assert caller().post(ADDRESS, view()).status_code == 401


def test_a_public_key_is_bound_to_its_origins(store: Store) -> None:
    key = public_key(store, allowed_origins=["https://shop.example"])
    assert caller(key, Origin="https://shop.example").post(ADDRESS, view()).status_code == 202
    assert caller(key, Origin="https://evil.example").post(ADDRESS, view("e2")).status_code == 403


def test_reasons_follow_the_language_of_the_caller(store: Store) -> None:
    client = caller(secret_key(store), **{"Accept-Language": "en"})
    assert client.post(ADDRESS, view(value=-1)).json()["title"] == "The content does not fit"


@pytest.mark.django_db(transaction=True)
def test_with_the_database_away_the_caller_is_asked_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    client = caller(secret_key(atelier()))
    assert client.post(ADDRESS, view("before")).status_code == 202
    connection.close()
    monkeypatch.setitem(connection.settings_dict, "NAME", "gone_away")
    try:
        answer = client.post(ADDRESS, view("during"))
    finally:
        monkeypatch.undo()
        connection.close()

    assert (answer.status_code, answer.json()["type"]) == (503, "urn:netup:problem:unavailable")
    assert int(answer["Retry-After"]) >= 1
    assert client.post(ADDRESS, view("during")).json()["stored"] == 1
