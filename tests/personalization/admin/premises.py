"""Stores with a row of everything an admin shows, and every admin and view there is: what tries of roles run over."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import count
from typing import Any, Final
from uuid import UUID

from django.contrib import admin
from django.db.models import Model
from django.test import Client, RequestFactory
from django.urls import URLPattern, reverse
from django.utils import timezone

from catalog.admin.scoping import StoreScopedAdmin
from catalog.models import ApiKey, Category, Product, Role, Store
from objectives import lifecycle
from objectives.lifecycle import Actor
from objectives.models import Campaign, Zone
from personalization.markers.definition import MARKER_VERSION
from personalization.memory import arrays
from personalization.models import Comparison, Decision, Generation, GenerationState, Rule, Visit
from tests.catalog.factories import StoreFactory, issue_key, merchant_row, person, sell
from tests.objectives.documents import document
from tests.personalization.admin.screens import signed_in
from tests.personalization.storefront import lived, zone

STANDARD: Final = ("changelist", "add", "history", "delete", "change")
_NUMBERS: Final = count(1)


def _named(model: type[Model], **fields: Any) -> Callable[[Store, str], Model]:
    return lambda store, word: model._default_manager.create(
        store=store, **{name: value(word) if callable(value) else value for name, value in fields.items()}
    )


def _key(store: Store, word: str) -> Model:
    key, _text = issue_key(store)
    ApiKey.objects.filter(pk=key.pk).update(name=word)
    return key


def _campaign(store: Store, word: str) -> Model:
    return lifecycle.create(store=store, document=document(store, name=word), by=Actor(name=word), now=timezone.now())


def _visit(store: Store, word: str) -> Model:
    lived(store, ("view_item", word), session=f"s-{word}", visitor_id=word, days_ago=1)
    return Visit.objects.get(store=store)


def _decision(store: Store, word: str) -> Model:
    return Decision.objects.create(
        id=UUID(int=next(_NUMBERS)), store=store, visit=Visit.objects.get(store=store), zone=word, engine="rules",
        decided_at=timezone.now(), novelty=0.0, products=[0], propensities=[1.0], took_ms=1.0,
        estimates=bytes(16), markers=bytes(4 * 232), reasons=[],
    )  # fmt: skip


def _generation(store: Store, _word: str) -> Model:
    """One that is ready to go live; beside it the live one and one to return to."""
    states = (GenerationState.RETIRED, GenerationState.LIVE, GenerationState.READY)
    for number, state in enumerate(states, start=1):
        made = Generation.objects.create(
            store=store, number=number, state=state, marker_version=MARKER_VERSION, until=timezone.now(),
            live_at=timezone.now() - timedelta(days=4 - number),
        )  # fmt: skip
        arrays.save(made.pk, "scaling", [0.0])
    return made


# Admin's model → a row of it in the store, in which everything that is named is named by the word.
ROWS: Final[dict[type[Model], Callable[[Store, str], Model]]] = {
    Store: lambda store, _word: store,
    Product: lambda store, word: Product.objects.get(store=store),
    Category: lambda store, word: Category.objects.get(store=store),
    ApiKey: _key,
    Zone: zone,
    Campaign: _campaign,
    Rule: _named(Rule, name=str, strategy="chosen", parameters=lambda word: {"item_ids": [word]}),
    Visit: _visit,
    Decision: _decision,
    Generation: _generation,
    Comparison: _named(Comparison, state="failed", error=str, settings={}, asked_at=lambda _word: timezone.now()),
}

Premises = dict[type[Model], Any]


def premises(slug: str, word: str) -> Premises:
    """A store of that name with one row for each admin."""
    store = StoreFactory(slug=slug, name=word, exploration=0.0)
    sell(store, merchant_row(word, title=f"{word} racket", brand=f"{word} brand", product_type=f"{word} shelf"))
    return {model: row(store, word) for model, row in ROWS.items()}


def member(store: Store, *roles: Role, name: str = "alice") -> Client:
    """The browser of somebody in these roles at the store."""
    return signed_in(person(name, store=store, roles=roles))


def scoped_admins() -> dict[type[Model], StoreScopedAdmin]:
    """Every registered admin of rows that belong to a store."""
    registered = admin.site._registry.items()
    return {model: one for model, one in registered if isinstance(one, StoreScopedAdmin)}


def page(model: type[Model], name: str, *ids: object) -> str:
    """The address of one of the five pages that Django gives every admin."""
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}", args=ids)


def own_views() -> Iterator[tuple[type[Model], str, str]]:
    """Model, name and the name of the id of every view that an admin has beside the five of Django."""
    for model, one in scoped_admins().items():
        prefix = f"{model._meta.app_label}_{model._meta.model_name}_"
        for pattern in one.get_urls():
            if isinstance(pattern, URLPattern) and pattern.name and pattern.name.removeprefix(prefix) not in STANDARD:
                yield model, pattern.name, "".join(pattern.pattern.converters)


def view_of(rows: Premises, model: type[Model], name: str, converter: str) -> str:
    """That view's address for the store's row; one without an id is told the store by `?store=`."""
    pk, store_id, first = rows[model].pk, rows[Store].pk, 1
    ids = {"": (), "pk": (pk,), "store_id": (store_id,), "pknumber": (pk, first)}[converter]
    asked = "" if ids else f"?store={rows[Store].pk}"
    return reverse(f"admin:{name}", args=ids) + asked


def state_of(rows: Premises) -> dict[str, list[dict[str, Any]]]:
    """All that is stored of the store, to see whether something changed."""
    store = rows[Store]
    of_store = {
        model.__name__: model._default_manager.filter(**{"pk" if model is Store else "store": store.pk})
        for model in ROWS
    }
    return {name: list(found.order_by("pk").values()) for name, found in of_store.items()}


def asked_by(user: Any, address: str) -> Any:
    """A request of that person, as an admin is asked."""
    request = RequestFactory().get(address)
    request.user = user
    return request
