"""Within their own store people do what their roles allow, look at the rest, and meet no door that stays shut."""

from __future__ import annotations

import re
from collections import deque
from html import unescape
from typing import Any, Final
from urllib.parse import urljoin

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from catalog.models import ApiKey, Category, Membership, Product, Role, Store
from objectives.models import Campaign, Zone
from personalization.models import Generation, Rule, Visit
from tests.catalog.factories import person
from tests.personalization.admin.premises import (
    Premises,
    member,
    own_views,
    page,
    premises,
    scoped_admins,
    state_of,
    view_of,
)
from tests.personalization.admin.screens import signed_in, text_of
from tests.personalization.storefront import remembered, shop

pytestmark = pytest.mark.django_db
EVERYBODY: Final = set(Role)
STEERING: Final = {Role.MERCHANDISER, Role.APPROVER}
OPERATING: Final = {Role.OPERATOR}

# Who sees a screen, where not everybody; who changes its rows, where anybody does.
SEES: Final = {ApiKey: {Role.DEVELOPER, Role.OPERATOR}}
CHANGES: Final[dict[type[Model], set[Role]]] = {
    Store: OPERATING,
    ApiKey: {Role.DEVELOPER, Role.OPERATOR},
    Category: {Role.MERCHANDISER, Role.DEVELOPER},
    Product: {Role.MERCHANDISER, Role.DEVELOPER},
    Zone: STEERING,
    Campaign: STEERING,
    Rule: STEERING,
}
# Who may ask for the views that admins have of their own.
ASKS: Final = {
    "objectives_campaign_preview": EVERYBODY,
    "objectives_campaign_curve": EVERYBODY,
    "objectives_campaign_hindsight": EVERYBODY,
    "objectives_campaign_export": EVERYBODY,
    "objectives_campaign_verdict": EVERYBODY,
    "objectives_campaign_import": STEERING,
    "objectives_campaign_step": STEERING,
    "objectives_campaign_undo": STEERING,
    "personalization_comparison_progress": EVERYBODY,
    "personalization_comparison_compare": {Role.MERCHANDISER, Role.ANALYST},
    "personalization_generation_markers": EVERYBODY,
    "personalization_generation_progress": EVERYBODY,
    "personalization_generation_switch": OPERATING,
    "personalization_generation_roll_back": OPERATING,
    "personalization_generation_rebuild": OPERATING,
    "personalization_rule_check": STEERING,
    "personalization_rule_products": STEERING,
    "personalization_rule_defaults": STEERING,
    "personalization_visit_erase": OPERATING,
}
MODELS: Final = list(scoped_admins())
VIEWS: Final = list(own_views())


@pytest.fixture
def rows() -> Premises:
    return premises("atelier", "Ourword")


def by_role(rows: Premises) -> dict[Role, Client]:
    """One person for each role at the store."""
    return {role: member(rows[Store], role, name=role) for role in Role}


def allowed(statuses: dict[Role, int], refused: int = 403) -> set[Role]:
    return {role for role, status in statuses.items() if status != refused}


@pytest.mark.parametrize("model", MODELS)
def test_who_sees_a_screen(model: type[Model], rows: Premises) -> None:
    statuses = {
        role: {client.get(address).status_code for address in (page(model, "changelist"), row_of(rows, model))}
        for role, client in by_role(rows).items()
    }

    assert statuses == {role: {200} if role in SEES.get(model, EVERYBODY) else {403} for role in Role}


def row_of(rows: Premises, model: type[Model]) -> str:
    return page(model, "change", rows[model].pk)


@pytest.mark.parametrize("name", ["change", "delete", "add"])
@pytest.mark.parametrize("model", CHANGES)
def test_what_a_role_may_not_change_is_refused_when_sent(model: type[Model], name: str, rows: Premises) -> None:
    before, address = state_of(rows), page(model, name, *([] if name == "add" else [rows[model].pk]))
    refused = [client for role, client in by_role(rows).items() if role not in CHANGES[model]]

    statuses = {
        client.post(address, {"post": "yes", "name": "Mine", "title": "Mine"}).status_code for client in refused
    }

    assert statuses == {403}
    assert state_of(rows) == before


@pytest.mark.parametrize("model", MODELS)
def test_forms_can_be_filled_in_by_those_alone_who_may_save_them(model: type[Model], rows: Premises) -> None:
    saves = {
        role: re.search(r'name="(_save|then)"', text_of(client, row_of(rows, model))) is not None
        for role, client in by_role(rows).items()
        if role in SEES.get(model, EVERYBODY)
    }

    assert {role for role, offered in saves.items() if offered} == CHANGES.get(model, set())


@pytest.mark.parametrize("model", CHANGES)
def test_lists_take_actions_from_those_alone_who_may_change_rows(model: type[Model], rows: Premises) -> None:
    chosen = {"action": "no such action", ACTION_CHECKBOX_NAME: [rows[model].pk]}

    statuses = {
        role: client.post(page(model, "changelist"), chosen).status_code for role, client in by_role(rows).items()
    }

    assert allowed(statuses) == CHANGES[model]


@pytest.mark.parametrize("name", ["enable", "disable", "delete_selected"])
def test_an_onlooker_acts_on_no_rule(name: str, rows: Premises) -> None:
    before = state_of(rows)
    chosen = {"action": name, ACTION_CHECKBOX_NAME: [rows[Rule].pk], "post": "yes"}

    statuses = {role: client.post(page(Rule, "changelist"), chosen).status_code for role, client in onlookers(rows)}

    assert set(statuses.values()) == {403}
    assert state_of(rows) == before


def onlookers(rows: Premises) -> list[tuple[Role, Client]]:
    """Those who may not steer."""
    return [(role, client) for role, client in by_role(rows).items() if role not in STEERING]


@pytest.mark.parametrize(("model", "name", "converter"), VIEWS)
def test_who_may_ask_for_a_view_of_an_admins_own(model: type[Model], name: str, converter: str, rows: Premises) -> None:
    address = view_of(rows, model, name, converter)

    statuses = {role: client.get(address).status_code for role, client in by_role(rows).items()}

    assert allowed(statuses) == ASKS[name]


@pytest.mark.parametrize(("model", "name", "converter"), VIEWS)
def test_what_a_role_may_not_do_is_not_done_by_sending_it(
    model: type[Model], name: str, converter: str, rows: Premises
) -> None:
    before, clients = state_of(rows), by_role(rows)
    address = view_of(rows, model, name, converter)

    statuses = {role: client.post(address).status_code for role, client in clients.items() if role not in ASKS[name]}

    assert set(statuses.values()) <= {403}
    assert state_of(rows) == before


# --- Doors --------------------------------------------------------------------------------------------------------


def doors(text: str, at: str) -> set[str]:
    """The admin's addresses that a page leads to: links, forms, and what its scripts ask by themselves."""
    found = re.findall(r'(?:href|action|data-progress|hx-get)="([^"]*)"', text)
    addresses = {urljoin(at, unescape(one).partition("#")[0]) for one in found}
    return {one for one in addresses if one.startswith("/admin/") and "logout" not in one}


@pytest.mark.parametrize("role", Role)
def test_no_page_leads_to_a_door_that_stays_shut(role: Role, rows: Premises) -> None:
    client = member(rows[Store], role)
    begin = reverse("admin:index")
    answers: dict[str, int] = {}
    waiting = deque([begin])
    while waiting and len(answers) < 400:
        address = waiting.popleft()
        path = address.partition("?")[0]
        if path in answers:
            continue
        answer: Any = client.get(address, follow=True)
        answers[path] = answer.status_code
        if answer.status_code == 200 and "html" in answer["Content-Type"]:
            waiting.extend(sorted(doors(answer.content.decode(), path)))

    assert {path for path, status in answers.items() if status not in {200, 405}} == set()  # 405: to be sent
    assert len(answers) > 20


def test_keys_are_offered_in_the_sidebar_to_those_who_may_see_them(rows: Premises) -> None:
    keys = page(ApiKey, "changelist")

    offered = {role for role, client in by_role(rows).items() if f'href="{keys}"' in text_of(client, "/admin/")}

    assert offered == {Role.DEVELOPER, Role.OPERATOR}


def test_people_and_memberships_are_offered_to_superusers(rows: Premises) -> None:
    people = page(Membership, "changelist")

    assert people in text_of(signed_in(person("root", superuser=True)), "/admin/")
    assert people not in text_of(member(rows[Store], *Role), "/admin/")


# --- Rules, to be read --------------------------------------------------------------------------------------------


def test_an_onlooker_reads_a_rule_in_words(rows: Premises) -> None:
    told = text_of(member(rows[Store], Role.ANALYST), row_of(rows, Rule))

    assert [words for words in ("Ourword racket", "chosen products, at most 8", "always") if words not in told] == []
    assert "data-condition-builder" not in told


# --- Erasing ------------------------------------------------------------------------------------------------------


def erasing(visit: Visit) -> str:
    return reverse("admin:personalization_visit_erase", args=[visit.pk])


@pytest.fixture
def visit() -> Visit:
    """One that the store's memory holds."""
    store = shop()
    remembered(store)
    return Visit.objects.get(store=store, visitor_key="v:visitor-1")


def test_erasing_asks_first_and_erases_nothing_by_looking(visit: Visit) -> None:
    client = member(visit.store, Role.OPERATOR)
    offered = text_of(client, page(Visit, "change", visit.pk))

    asked = text_of(client, erasing(visit))

    assert erasing(visit) in offered
    assert "Erase visitor visitor-1?" in asked
    assert Visit.objects.filter(pk=visit.pk).exists()


def test_an_operator_erases_a_visitor_out_of_the_memory_too(visit: Visit) -> None:
    told = member(visit.store, Role.OPERATOR).post(erasing(visit), follow=True).content.decode()

    assert "visitor-1 is erased: 1 visits, 3 events, 0 decisions. Generations that held something of it: 1." in told
    assert not Visit.objects.filter(pk=visit.pk).exists()


def test_without_a_memory_no_generation_is_told(visit: Visit) -> None:
    Generation.objects.all().delete()

    told = member(visit.store, Role.OPERATOR).post(erasing(visit), follow=True).content.decode()

    assert "Generations that held something of it: none." in told


def test_a_visit_without_consent_goes_by_itself(rows: Premises) -> None:
    visit, client = rows[Visit], member(rows[Store], Role.OPERATOR)
    Visit.objects.filter(pk=visit.pk).update(consent=False)

    assert client.post(erasing(visit)).status_code == 404
    assert erasing(visit) not in text_of(client, row_of(rows, Visit))
