"""Whoever works for one store neither sees, counts nor changes anything of another, in whatever role, on any screen."""

from __future__ import annotations

import json
from typing import Any, Final

import pytest
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.auth.models import Permission
from django.db.models import ForeignKey, Model
from django.test import Client
from django.urls import reverse

from catalog.admin.scoping import StoreScopedAdmin, SuperusersOnly
from catalog.models import Category, Role, Store
from personalization.models import Decision, Rule
from tests.catalog.factories import person
from tests.personalization.admin.premises import (
    ROWS,
    Premises,
    asked_by,
    member,
    own_views,
    page,
    premises,
    scoped_admins,
    state_of,
    view_of,
)

pytestmark = pytest.mark.django_db
OURS, THEIRS = "Ourword", "Theirword"
OF_OTHERS: Final = {"axes", "django_celery_beat"}  # apps whose rows are no store's, and go by Django's permissions
MODELS: Final = list(scoped_admins())
VIEWS: Final = list(own_views())


@pytest.fixture
def ours() -> Premises:
    return premises("atelier", OURS)


@pytest.fixture
def theirs() -> Premises:
    return premises("brico", THEIRS)


def everything(ours: Premises) -> Client:
    """Alice, who is everything at her store: what she is refused, no role may do."""
    return member(ours[Store], *Role)


def holds(answer: Any, word: str) -> bool:
    return word in answer.content.decode()


def test_every_admin_is_of_stores_or_for_superusers() -> None:
    others = {
        model._meta.label
        for model, one in admin.site._registry.items()
        if not isinstance(one, StoreScopedAdmin | SuperusersOnly) and model._meta.app_label not in OF_OTHERS
    }

    assert others == set()


def test_every_admin_of_stores_is_tried_here() -> None:
    assert set(MODELS) == set(ROWS)


def test_nothing_is_edited_within_a_list() -> None:
    # There rows would be saved without asking whether the person may change this one.
    assert [one for one in scoped_admins().values() if one.list_editable] == []


def test_screens_of_the_installation_stay_shut_whatever_permissions_somebody_was_given(ours: Premises) -> None:
    client = everything(ours)
    person("alice").user_permissions.set(Permission.objects.all())
    shut = [model for model, one in admin.site._registry.items() if isinstance(one, SuperusersOnly)]

    opened = {client.get(page(model, name)).status_code for model in shut for name in ("changelist", "add")}

    assert (len(shut), opened) == (3, {403})


# --- Looking ------------------------------------------------------------------------------------------------------


def foreign_queries(model: type[Model], theirs: Premises, client: Client) -> list[str]:
    """Searches, facets, and each filter of the list set to each id and word of the other store."""
    one = scoped_admins()[model]
    listed = one.get_changelist_instance(asked_by(person("alice"), page(model, "changelist")))
    queries = ["", f"?q={THEIRS}", f"?q={theirs[Decision].pk}", "?_facets=True", f"?store={theirs[Store].pk}"]
    for spec in listed.filter_specs:
        related = getattr(getattr(spec, "field", None), "related_model", None)
        values = [theirs[related].pk] if related else [THEIRS, f"{THEIRS} brand", theirs[Store].pk]
        queries += [f"?{name}={value}&_facets=True" for name in spec.expected_parameters() if name for value in values]
    return queries


@pytest.mark.parametrize("model", MODELS)
def test_no_list_shows_finds_or_filters_by_what_is_theirs(model: type[Model], ours: Premises, theirs: Premises) -> None:
    client = everything(ours)

    queries = foreign_queries(model, theirs, client)
    answers = {query: client.get(page(model, "changelist") + query, follow=True) for query in queries}

    assert holds(answers[""], OURS)
    assert {query for query, answer in answers.items() if answer.status_code != 200} == set()
    echoed = {query for query in queries if THEIRS in query}  # the page repeats what was typed
    assert {query for query, answer in answers.items() if holds(answer, THEIRS)} - echoed == set()
    assert all(f"/{theirs[model].pk}/" not in answer.content.decode() for answer in answers.values())


@pytest.mark.parametrize("model", MODELS)
def test_no_page_of_theirs_opens_or_takes_what_is_sent(model: type[Model], ours: Premises, theirs: Premises) -> None:
    client, before = everything(ours), state_of(theirs)
    pages = [page(model, name, theirs[model].pk) for name in ("change", "history", "delete")]

    answers = [client.get(one) for one in pages]
    answers += [client.post(one, {"post": "yes", "name": "Mine", "title": "Mine"}) for one in pages]

    # 302: Django's own pages lead a stranger back to where they came from.
    assert {answer.status_code for answer in answers} <= {302, 403, 404}
    assert not any(holds(answer, THEIRS) for answer in answers)
    assert state_of(theirs) == before


@pytest.mark.parametrize(("model", "name", "converter"), VIEWS)
def test_no_view_of_an_admins_own_tells_or_does_anything_at_their_store(
    model: type[Model], name: str, converter: str, ours: Premises, theirs: Premises
) -> None:
    client, before = everything(ours), state_of(theirs)
    address = view_of(theirs, model, name, converter)

    sent = client.post(address, json.dumps({"all": []}), content_type="application/json")
    looked = client.get(address)

    assert not any(holds(answer, THEIRS) for answer in (looked, sent))
    assert 200 not in {looked.status_code, sent.status_code} or "markers" in name  # those say what is ours
    assert state_of(theirs) == before


@pytest.mark.parametrize("model", MODELS)
def test_no_field_of_a_form_is_completed_from_their_rows(model: type[Model], ours: Premises, theirs: Premises) -> None:
    client = everything(ours)
    fields = [field for field in model._meta.get_fields() if isinstance(field, ForeignKey)]
    named = {"app_label": model._meta.app_label, "model_name": model._meta.model_name}

    answers = [
        client.get(reverse("admin:autocomplete"), {**named, "field_name": field.name, "term": term})
        for field in fields
        for term in ("", THEIRS)
        if field.related_model in ROWS
    ]

    assert {answer.status_code for answer in answers} <= {200, 404}  # 404: rows of that kind are not searched
    assert not any(holds(answer, THEIRS) for answer in answers)


# --- Doing --------------------------------------------------------------------------------------------------------


def actions() -> list[tuple[type[Model], str]]:
    return [
        (model, name)
        for model, one in scoped_admins().items()
        for name in one.get_actions(asked_by(superuser(), page(model, "changelist")))
    ]


def superuser() -> Any:
    """Somebody to whom every action is offered, without asking the database."""
    return type("Root", (), {"is_active": True, "is_staff": True, "is_superuser": True})()


@pytest.mark.parametrize("across", ["0", "1"])
@pytest.mark.parametrize(("model", "action"), actions())
def test_no_action_reaches_their_rows(
    model: type[Model], action: str, across: str, ours: Premises, theirs: Premises
) -> None:
    client, before = everything(ours), state_of(theirs)
    chosen = {ACTION_CHECKBOX_NAME: [theirs[model].pk], "action": action, "select_across": across, "post": "yes"}

    answers = [client.post(page(model, "changelist"), {**chosen, **more}) for more in ({}, {"index": "0"})]

    assert not any(holds(answer, THEIRS) for answer in answers)
    assert state_of(theirs) == before


@pytest.mark.parametrize("model", MODELS)
def test_nothing_is_added_to_their_store(model: type[Model], ours: Premises, theirs: Premises) -> None:
    client, before = everything(ours), state_of(theirs)

    answer = client.post(page(model, "add"), {"store": theirs[Store].pk, "name": "Mine", "title": "Mine"})

    assert answer.status_code == 403 or errors_of(answer)
    assert state_of(theirs) == before


def errors_of(answer: Any) -> Any:
    """What a form refuses; that of a campaign does not ask for the store, and knows only the person's own."""
    form = answer.context["adminform"].form if "adminform" in answer.context else answer.context["form"]
    return form.errors


@pytest.mark.parametrize("model", MODELS)
def test_no_form_to_add_tells_what_is_theirs(model: type[Model], ours: Premises, theirs: Premises) -> None:
    client = everything(ours)
    shelf = theirs[Category].pk
    asked = {"store": theirs[Store].pk, "item_ids": json.dumps([THEIRS]), "category": shelf, "parent": shelf}

    answers = [client.get(page(model, "add"), asked), client.post(page(model, "add"), asked)]

    assert {answer.status_code for answer in answers} <= {200, 403}
    # Beside the item id that was sent: titles and paths, names of stores as choices.
    assert not any(holds(answer, f"{THEIRS} ") or holds(answer, f">{THEIRS}") for answer in answers)


def test_a_picked_product_of_theirs_is_not_told_by_its_id(ours: Premises, theirs: Premises) -> None:
    rule, client = ours[Rule], everything(ours)
    Rule.objects.filter(pk=rule.pk).update(parameters={"item_ids": [THEIRS]})

    assert not holds(client.get(page(Rule, "change", rule.pk)), f"{THEIRS} racket")
