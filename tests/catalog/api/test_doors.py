"""Who gets in, with which key, from where."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from catalog.api.known_keys import forget_keys, usable_key
from catalog.models import ApiKey, Product
from catalog.models.api_key import KeyKind
from tests.catalog.factories import (
    alice,
    atelier,
    brico,
    caller,
    issue_key,
    merchant_row,
    public_key,
    secret_key,
    sell,
)

OPEN_TO_PUBLIC_KEYS = "/api/v1/store"
SECRET_ONLY = [
    ("get", "/api/v1/products"),
    ("put", "/api/v1/products"),
    ("patch", "/api/v1/products"),
    ("get", "/api/v1/products/r1"),
    ("put", "/api/v1/products/r1"),
    ("patch", "/api/v1/products/r1"),
    ("delete", "/api/v1/products/r1"),
]
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("method", "address"), [*SECRET_ONLY, ("get", OPEN_TO_PUBLIC_KEYS)])
def test_without_a_key_nothing_opens(method: str, address: str) -> None:
    answer = getattr(caller(), method)(address)

    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"
    assert answer.json()["type"] == "urn:netup:problem:unauthenticated"


@pytest.mark.parametrize(("method", "address"), SECRET_ONLY)
def test_a_public_key_opens_no_call_of_servers(method: str, address: str) -> None:
    answer = getattr(caller(public_key(atelier())), method)(address)

    assert answer.status_code == 403
    assert answer.json()["type"] == "urn:netup:problem:forbidden"


@pytest.mark.parametrize(
    "authorization",
    ["Bearer sk_wrong", "Bearer", "Bearer ", "Basic c2s6", "sk_wrong", "Bearer " + "x" * 5000, "Bearer é\u00ff"],
)
def test_what_is_no_key_is_refused(authorization: str) -> None:
    answer = caller().get(OPEN_TO_PUBLIC_KEYS, HTTP_AUTHORIZATION=authorization)

    assert answer.status_code == 401


def test_the_session_of_the_admin_opens_nothing() -> None:
    client = caller()
    client.force_login(alice())

    assert client.get(OPEN_TO_PUBLIC_KEYS).status_code == 401


def test_a_revoked_key_is_refused_within_a_second() -> None:
    key, text = issue_key(atelier())
    client = caller(text)
    assert client.get(OPEN_TO_PUBLIC_KEYS).status_code == 200

    ApiKey.objects.filter(pk=key.pk).update(revoked_at=timezone.now())

    deadline = time.monotonic() + 20
    while client.get(OPEN_TO_PUBLIC_KEYS).status_code == 200 and time.monotonic() < deadline:
        time.sleep(0.05)
    assert client.get(OPEN_TO_PUBLIC_KEYS).status_code == 401


def test_an_expired_key_is_refused_even_while_it_is_remembered() -> None:
    key, text = issue_key(atelier())
    now = timezone.now()
    key.expires_at = now + timedelta(days=1)
    key.save()

    assert usable_key(text=text, now=now) == key
    assert usable_key(text=text, now=now + timedelta(days=1)) is None


def test_an_unknown_key_that_is_then_issued_opens() -> None:
    key, text = issue_key(atelier())
    hashed = key.hashed_key
    ApiKey.objects.filter(pk=key.pk).update(hashed_key="0" * 64)
    assert usable_key(text=text, now=timezone.now()) is None

    ApiKey.objects.filter(pk=key.pk).update(hashed_key=hashed)
    forget_keys()

    assert usable_key(text=text, now=timezone.now()) == key


@pytest.mark.django_db(transaction=True)
def test_a_known_key_still_opens_while_the_database_is_away() -> None:
    key, text = issue_key(atelier())
    now = timezone.now()
    assert usable_key(text=text, now=now) == key
    time.sleep(1.05)  # what is remembered for a second must be asked again

    connection.connection.close()
    found = usable_key(text=text, now=now)
    connection.close()

    assert found == key


def test_use_is_noted_once_a_minute() -> None:
    key, text = issue_key(atelier())
    now = timezone.now()

    seen = []
    for seconds in (0, 30, 61):
        forget_keys()
        usable_key(text=text, now=now + timedelta(seconds=seconds))
        key.refresh_from_db()
        seen.append(key.last_used_at)

    assert seen == [now, now, now + timedelta(seconds=61)]


@pytest.mark.parametrize(
    ("allowed", "origin", "status"),
    [
        ([], "https://anywhere.example", 200),
        ([], None, 200),
        (["https://atelier.example"], "https://atelier.example", 200),
        (["https://Atelier.example/"], "https://atelier.example", 200),
        (["https://atelier.example"], "https://evil.example", 403),
        (["https://atelier.example"], "http://atelier.example", 403),
        (["https://atelier.example"], "https://atelier.example.evil.example", 403),
        (["https://atelier.example"], "null", 403),
        (["https://atelier.example"], None, 403),
    ],
)
def test_a_public_key_answers_its_origins_only(allowed: list[str], origin: str | None, status: int) -> None:
    client = caller(public_key(atelier(), allowed_origins=allowed))
    headers = {"HTTP_ORIGIN": origin} if origin else {}

    assert client.get(OPEN_TO_PUBLIC_KEYS, **headers).status_code == status


def test_a_public_key_may_stand_in_the_address_for_beacons() -> None:
    assert caller().get(OPEN_TO_PUBLIC_KEYS, {"key": public_key(atelier())}).status_code == 200


def test_a_secret_key_in_the_address_is_refused() -> None:
    answer = caller().get(OPEN_TO_PUBLIC_KEYS, {"key": secret_key(atelier())})

    assert answer.status_code == 401
    assert "revoke" in answer.json()["detail"]


def test_the_text_of_a_key_is_nowhere_in_the_database() -> None:
    _key, text = issue_key(atelier())

    row = ApiKey.objects.values().get()
    assert text not in str(row)
    assert text.startswith(row["prefix"])


@pytest.mark.parametrize("kind", list(KeyKind))
def test_a_key_shows_its_own_store_only(kind: KeyKind) -> None:
    _key, text = issue_key(brico(), kind)
    atelier()

    assert caller(text).get(OPEN_TO_PUBLIC_KEYS).json()["slug"] == "brico"


def test_another_stores_products_can_be_neither_read_nor_written() -> None:
    mine, theirs = atelier(), brico()
    sell(theirs, merchant_row("r1", title="Theirs"), merchant_row("secret"))
    before = list(Product.objects.of(theirs).values())
    client: Any = caller(secret_key(mine))

    answers = {
        "list": client.get("/api/v1/products").json()["results"],
        "read": client.get("/api/v1/products/secret").status_code,
        "delta": client.patch("/api/v1/products", {"products": [{"id": "r1", "title": "Mine"}]}).json()["rejected"],
        "change": client.patch("/api/v1/products/r1", {"title": "Mine"}).status_code,
        "delete": client.delete("/api/v1/products/r1").status_code,
        "put": client.put("/api/v1/products/r1", {"title": "Mine"}).status_code,
        "bulk": client.put("/api/v1/products", {"products": [merchant_row("secret")]}).json()["created"],
    }

    assert answers == {"list": [], "read": 404, "delta": 1, "change": 404, "delete": 404, "put": 201, "bulk": 1}
    assert list(Product.objects.of(theirs).values()) == before
    theirs.refresh_from_db()
    assert theirs.catalog_version == 1
