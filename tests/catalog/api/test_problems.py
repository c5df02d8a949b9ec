"""Errors have one shape, whoever raises them."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import override_settings

from tests.catalog.factories import atelier, caller, merchant_row, public_key, secret_key

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("method", "address", "headers", "status", "kind"),
    [
        ("get", "/api/v1/nowhere", {}, 404, "not-found"),
        ("get", "/api/nowhere", {}, 404, "not-found"),
        ("get", "/api/v1/products/nobody", {}, 404, "not-found"),
        ("post", "/api/v1/products", {}, 405, "method-not-allowed"),
        ("get", "/api/v1/products", {"HTTP_ACCEPT": "application/xml"}, 406, "not-acceptable"),
    ],
)
def test_problem_details(method: str, address: str, headers: dict[str, str], status: int, kind: str) -> None:
    answer = getattr(caller(secret_key(atelier())), method)(address, **headers)

    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert {"type", "title", "status", "detail", "instance", "request_id"} <= problem.keys()
    assert (problem["type"], problem["status"], problem["instance"]) == (
        f"urn:netup:problem:{kind}",
        status,
        address,
    )


def test_a_refused_method_names_those_that_are_answered() -> None:
    answer = caller(secret_key(atelier())).post("/api/v1/products")

    assert answer["Allow"] == "GET, PUT, PATCH, HEAD, OPTIONS"


def test_a_page_of_the_site_that_is_not_there_stays_a_page() -> None:
    assert caller().get("/nowhere")["Content-Type"].startswith("text/html")


@pytest.mark.django_db(transaction=True)
def test_with_the_database_away_the_caller_is_asked_to_come_back() -> None:
    client = caller(secret_key(atelier()))
    assert client.get("/api/v1/store").status_code == 200

    connection.connection.close()
    answer = client.get("/api/v1/store")
    connection.close()

    assert (answer.status_code, answer["Retry-After"]) == (503, "2")
    assert answer.json()["type"] == "urn:netup:problem:unavailable"


def test_an_error_that_nobody_foresaw_tells_nothing_of_itself() -> None:
    client = caller(secret_key(atelier()))
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE catalog_product RENAME COLUMN title TO lost")  # the test's own transaction

    answer = client.put("/api/v1/products", {"products": [merchant_row("r1")]})

    assert answer.status_code == 500
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["type"] == "urn:netup:problem:server-error"
    assert "title" not in answer.json()["detail"]


def test_words_follow_the_reader_and_codes_do_not() -> None:
    client = caller(secret_key(atelier()))

    english = client.put("/api/v1/products/r1", {}, HTTP_ACCEPT_LANGUAGE="en")
    french = client.put("/api/v1/products/r1", {}, HTTP_ACCEPT_LANGUAGE="fr")

    assert english.json()["type"] == french.json()["type"]
    assert english.json()["errors"][0]["code"] == french.json()["errors"][0]["code"] == "required"
    assert (english["Content-Language"], french["Content-Language"]) == ("en", "fr")


@pytest.mark.parametrize("given", ["abc-1.2_3:4", "x" * 128])
def test_a_well_formed_request_id_is_echoed(given: str) -> None:
    answer = caller().get("/api/v1/store", HTTP_X_REQUEST_ID=given)

    assert answer["X-Request-ID"] == given
    assert answer.json()["request_id"] == given


@pytest.mark.parametrize("given", ["", "x" * 129, "a b", "<script>", "é"])
def test_any_other_request_id_is_replaced(given: str) -> None:
    answer = caller().get("/api/v1/store", HTTP_X_REQUEST_ID=given)

    assert re.fullmatch("[0-9a-f]{32}", answer["X-Request-ID"])


@override_settings(API_REQUESTS_PER_SECOND=0.001, API_BURST=2)
def test_a_key_that_asks_too_fast_is_told_when_to_come_back() -> None:
    fast, other = caller(secret_key(atelier())), caller(public_key(atelier()))

    answers = [fast.get("/api/v1/store") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2].json()["type"] == "urn:netup:problem:too-many-requests"
    assert 900 < int(answers[2]["Retry-After"]) <= 1000
    assert other.get("/api/v1/store").status_code == 200
