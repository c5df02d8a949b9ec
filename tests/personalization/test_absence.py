"""With the database away, a process answers from what it last knew, and says so."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from catalog.models import Store
from personalization.decisions import LOG
from personalization.last_known import ABSENCE, REST, DatabaseAwayError, LastKnown, attempt
from personalization.models import Decision
from tests.catalog.factories import caller, secret_key
from tests.personalization.storefront import BY_POPULARITY, lived, remembered, shop

pytestmark = pytest.mark.django_db(transaction=True)
ASKED = {"zone": "home", "session_id": "s1", "visitor_id": "camille"}
STALE = 1.2  # seconds after which everything a process holds is asked anew


@pytest.fixture(autouse=True)
def _present() -> Iterator[None]:
    yield
    ABSENCE.forget()


@contextmanager
def database_away() -> Iterator[None]:
    """This thread's connection is cut, and the next one finds no database."""
    name = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = "no_such_database"
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = name
        ABSENCE.forget()


def recommend(client: Any, **fields: Any) -> Any:
    return client.post("/api/v1/recommendations", {**ASKED, **fields})


@pytest.fixture
def store() -> Store:
    return shop()


@pytest.mark.parametrize("with_memory", [False, True])
def test_recommendations_go_on_and_say_that_they_are_degraded(store: Store, with_memory: bool) -> None:
    if with_memory:
        remembered(store)
    lived(store, ("view_item", "racket"))
    client = caller(secret_key(store))
    before = recommend(client).json()
    time.sleep(STALE)

    with database_away():
        answer = recommend(client, page={"type": "product", "item_id": "onesie"})
        again = recommend(client)

    assert [answer.status_code, again.status_code] == [200, 200]
    assert (before["degraded"], answer.json()["degraded"], again.json()["degraded"]) == (False, True, True)
    assert len(answer.json()["items"]) == 4
    assert answer.json()["memory_generation"] == before["memory_generation"]
    if with_memory:  # from the onesie others went on to the rattle: the process's own trails still know
        assert answer.json()["items"][0]["item_id"] == "rattle"


def test_the_events_sent_along_stand_in_for_the_visit(store: Store) -> None:
    client = caller(secret_key(store))
    recommend(client)
    time.sleep(STALE)
    carted = {
        "event_id": "e1",
        "name": "add_to_cart",
        "timestamp": time.time() - 60,
        "session_id": "s1",
        "items": [{"item_id": "racket"}],
    }

    with database_away():
        without = recommend(client, limit=8).json()
        with_events = recommend(client, limit=8, events=[carted, {"name": "nonsense"}, 5]).json()

    shown = [{item["item_id"] for item in answer["items"]} for answer in (without, with_events)]
    assert shown[0] - shown[1] == {"racket"}


def test_listings_go_on_too(store: Store) -> None:
    client = caller(secret_key(store))
    body = {"zone": "shelf", "session_id": "s1", "item_ids": [*BY_POPULARITY, "x"]}
    client.post("/api/v1/listings", body)
    time.sleep(STALE)

    with database_away():
        answer = client.post("/api/v1/listings", body)

    assert answer.status_code == 200
    assert sorted(answer.json()["item_ids"]) == sorted(body["item_ids"])


def test_decisions_made_meanwhile_are_kept_when_it_is_back(store: Store) -> None:
    client = caller(secret_key(store))
    recommend(client)
    time.sleep(STALE)
    with database_away():
        answer = recommend(client).json()
        assert not LOG.flush()

    assert LOG.flush()
    assert Decision.objects.filter(pk=answer["recommendation_id"]).exists()


def test_a_process_that_never_knew_the_store_says_when_to_come_back(store: Store) -> None:
    client = caller(secret_key(store))
    client.get("/api/v1/store")  # it knows the key, and nothing else

    with database_away():
        answer = recommend(client)

    assert answer.status_code == 503
    assert int(answer["Retry-After"]) >= 1


def test_a_decision_cannot_be_explained_meanwhile(store: Store) -> None:
    client = caller(secret_key(store))
    answer = recommend(client).json()

    with database_away():
        explained = client.get(f"/api/v1/decisions/{answer['recommendation_id']}")

    assert explained.status_code == 503


def test_a_process_that_knows_a_store_stays_ready_though_degraded(store: Store, client: Client) -> None:
    recommend(caller(secret_key(store)))

    with database_away():
        answer = client.get("/health/ready")

    assert (answer.status_code, answer.json()["status"]) == (200, "degraded")


# --- what was last known ----------------------------------------------------------------------------------------


def failing() -> Callable[[int], int]:
    """Answers once, then meets a database that is away."""
    answers = iter([7])

    def read(store_id: int) -> int:
        for answer in answers:
            return answer
        connection.ensure_connection()
        raise AssertionError

    return read


def test_the_last_value_stands_in_and_is_called_old() -> None:
    known = LastKnown(failing())
    assert known.of(1) == (7, False)

    with database_away():
        assert known.of(1) == (7, True)


def test_a_fresh_value_is_not_read_again() -> None:
    known = LastKnown(failing(), fresh_for=60.0)
    known.of(1)

    with database_away():
        assert known.of(1) == (7, False)


def test_nothing_known_is_said() -> None:
    known = LastKnown(lambda store_id: connection.ensure_connection())

    with database_away(), pytest.raises(DatabaseAwayError):
        known.of(1)


def test_an_absence_just_found_is_not_looked_for_again() -> None:
    asked = []

    def read() -> None:
        asked.append(1)
        connection.ensure_connection()

    with database_away():
        for _ in range(3):
            with pytest.raises(DatabaseAwayError):
                attempt(read)
    assert len(asked) == 1


def test_an_absence_is_looked_for_again_after_a_rest() -> None:
    ABSENCE.found()
    with pytest.raises(DatabaseAwayError):
        attempt(connection.ensure_connection)
    time.sleep(REST)

    attempt(connection.ensure_connection)
