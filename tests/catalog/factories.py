"""The cast: Alice sells at atelier, Bob at brico, Charlie is a stranger to both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import factory
from django.contrib.auth.models import User
from factory.django import DjangoModelFactory
from rest_framework.test import APIClient

from catalog.models import ApiKey, Membership, Product, Role, Store
from catalog.models.api_key import KeyKind
from catalog.upsert import upsert_products

NOW = datetime(2026, 3, 10, 9, 30, tzinfo=UTC)
PASSWORD = "correct horse battery staple"


class StoreFactory(DjangoModelFactory[Store]):
    """A French store in euros."""

    class Meta:
        model = Store
        django_get_or_create = ("slug",)

    slug = factory.Sequence("store-{}".format)
    name = factory.LazyAttribute(lambda store: store.slug.title())
    currency = "EUR"
    time_zone = "Europe/Paris"


class UserFactory(DjangoModelFactory[User]):
    """A person of the staff, without any store."""

    class Meta:
        model = User
        django_get_or_create = ("username",)
        skip_postgeneration_save = True

    username = factory.Sequence("person-{}".format)
    is_staff = True


def person(
    username: str, *, store: Store | None = None, roles: Sequence[str] = Role.values, superuser: bool = False
) -> User:
    """A staff member; one who works for a store is everything there, unless the roles are named."""
    user = UserFactory(username=username, is_superuser=superuser)
    if store is not None:
        Membership.objects.get_or_create(user=user, store=store, defaults={"roles": list(roles)})
    return user


def atelier() -> Store:
    """Alice's store."""
    return StoreFactory(slug="atelier", name="Atelier")


def brico() -> Store:
    """Bob's store."""
    return StoreFactory(slug="brico", name="Brico")


def alice() -> User:
    return person("alice", store=atelier())


def bob() -> User:
    return person("bob", store=brico())


def charlie() -> User:
    return person("charlie")


def issue_key(
    store: Store, kind: KeyKind = KeyKind.SECRET, *, allowed_origins: list[str] | None = None
) -> tuple[ApiKey, str]:
    """A key of the store, and its text."""
    return ApiKey.objects.issue(store=store, kind=kind, name="tests", allowed_origins=allowed_origins)


def secret_key(store: Store) -> str:
    return issue_key(store)[1]


def public_key(store: Store, *, allowed_origins: list[str] | None = None) -> str:
    return issue_key(store, KeyKind.PUBLIC, allowed_origins=allowed_origins)[1]


def merchant_row(item_id: str, **attributes: object) -> dict[str, object]:
    """A product as its merchant describes it: a racket at 120.00 EUR unless told otherwise."""
    return {
        "id": item_id,
        "title": f"Racket {item_id}",
        "price": "120.00 EUR",
        "brand": "Babolat",
        "product_type": "Sport > Tennis > Rackets",
        "availability": "in_stock",
        "quantity": 5,
        **attributes,
    }


def sell(store: Store, *rows: Mapping[str, object], now: datetime = NOW) -> list[Product]:
    """Store these merchant rows and return their products, in the order of the rows."""
    upsert = upsert_products(store=store, rows=rows, now=now)
    assert not upsert.rejected, [fault.detail for verdict in upsert.rejected for fault in verdict.faults]
    found = {product.item_id: product for product in Product.objects.of(store)}
    return [found[str(row["id"])] for row in rows]


def caller(key: str = "", **headers: str) -> APIClient:
    """A client of the API that sends this key, and errors as answers rather than exceptions."""
    client = APIClient(raise_request_exception=False, headers=headers)
    if key:
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {key}")
    return client
