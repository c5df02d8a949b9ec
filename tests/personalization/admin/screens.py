"""Who opens the screens, and where they are."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from catalog.models import Membership, Role, Store
from personalization.models import Visit
from tests.catalog.factories import person
from tests.personalization.storefront import lived, shop


def works_for(store: Store, name: str = "alice") -> User:
    """A merchandiser of the store, who looks at its memory."""
    return person(name, store=store, roles=[Role.MERCHANDISER])


def steers(store: Store, name: str = "olga") -> User:
    """An operator of the store, who may switch and rebuild its memory."""
    return person(name, store=store, roles=[Role.OPERATOR])


def signed_in(user: User, language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def address(model: str, page: str, *ids: object) -> str:
    return reverse(f"admin:personalization_{model}_{page}", args=ids)


def text_of(client: Client, page: str) -> str:
    answer: Any = client.get(page, follow=True)
    assert answer.status_code == 200, answer
    return str(answer.content.decode())


def visited(slug: str = "atelier", visitor: str = "camille", **store: Any) -> Visit:
    """A store in which one visitor looked at a racket, put it into the cart and bought it."""
    found = Store.objects.filter(slug=slug).first() or shop(slug, **store)
    lived(
        found,
        ("view_item", "racket"),
        ("add_to_cart", "racket"),
        ("purchase", "racket"),
        session=f"s-{visitor}",
        visitor_id=visitor,
        days_ago=1,
    )
    return Visit.objects.get(store=found, visitor_key=f"v:{visitor}")


def belongs(user: User, store: Store) -> None:
    Membership.objects.create(user=user, store=store)
