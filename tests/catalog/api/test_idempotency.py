"""A repeated write is done once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from catalog.models import IdempotentAnswer, Store
from tests.catalog.factories import atelier, brico, caller, merchant_row, secret_key, sell

URL = "/api/v1/products"


def put(client: Any, quantity: int, key: str = "order-1") -> Any:
    body = {"products": [merchant_row("r1", quantity=quantity)]}
    return client.put(URL, body, HTTP_IDEMPOTENCY_KEY=key)


@pytest.fixture
def client(db: None) -> Any:
    return caller(secret_key(atelier()))


def test_a_repeat_is_answered_alike_and_changes_nothing(client: Any) -> None:
    first = put(client, 1)
    put(client, 2, key="order-2")

    repeat = put(client, 1)

    assert (repeat.status_code, repeat.json()) == (first.status_code, first.json())
    assert repeat["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first
    assert client.get(f"{URL}/r1").json()["quantity"] == 2


def test_an_answer_without_content_is_replayed_too(client: Any) -> None:
    sell(atelier(), merchant_row("r1"))

    answers = [client.delete(f"{URL}/r1", HTTP_IDEMPOTENCY_KEY="gone") for _ in range(2)]

    assert [answer.status_code for answer in answers] == [204, 204]


def test_a_key_that_comes_with_another_request_is_refused(client: Any) -> None:
    put(client, 1)

    other = put(client, 2)

    assert (other.status_code, other.json()["type"]) == (422, "urn:netup:problem:idempotency-key-reused")


def test_a_refused_request_may_be_mended_under_its_key(client: Any) -> None:
    refused = client.put(f"{URL}/r1", {"title": ""}, HTTP_IDEMPOTENCY_KEY="k")
    mended = client.put(f"{URL}/r1", {"title": "Racket"}, HTTP_IDEMPOTENCY_KEY="k")

    assert (refused.status_code, mended.status_code) == (422, 201)


def test_keys_of_another_store_are_other_keys(client: Any) -> None:
    put(client, 1)

    assert put(caller(secret_key(brico())), 2).json()["created"] == 1


def test_after_a_day_the_key_is_new_again(client: Any) -> None:
    put(client, 1)
    IdempotentAnswer.objects.update(created_at=timezone.now() - timedelta(hours=24, seconds=1))

    assert put(client, 2).json()["updated"] == 1


@pytest.mark.parametrize("key", ["", "x" * 256, "a b", "é"])
def test_a_malformed_key_is_refused(client: Any, key: str) -> None:
    assert put(client, 1, key=key).status_code == 400


@pytest.mark.django_db(transaction=True)
def test_of_repeats_at_the_same_time_one_is_done() -> None:
    store = atelier()
    key = secret_key(store)

    def send(_number: int) -> Any:
        try:
            return put(caller(key), 1)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(send, range(8)))

    assert {answer.status_code for answer in answers} == {200}
    assert {answer.content for answer in answers} == {answers[0].content}
    assert sum("Idempotent-Replayed" not in answer for answer in answers) == 1
    assert Store.objects.get(pk=store.pk).catalog_version == 1
