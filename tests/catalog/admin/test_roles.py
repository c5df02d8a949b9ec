"""What the roles of a member add up to, who gives them, and what somebody with different roles at two stores may do."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.db import IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.test import Client, RequestFactory
from django.urls import reverse

from catalog.admin.memberships import DEEDS, deeds_of
from catalog.admin.scoping import may, may_somewhere, permitted_store, rights, stores_with, within_stores
from catalog.models import Category, Membership, Product, Right, Role, Store
from catalog.models.membership import EVERY_RIGHT, RIGHTS
from tests.catalog.admin.test_screens import address, filled, signed_in
from tests.catalog.factories import StoreFactory, alice, atelier, bob, brico, charlie, merchant_row, person, sell

pytestmark = pytest.mark.django_db
TEAMS = [team for size in range(1, len(Role) + 1) for team in combinations(Role, size)]


def asked_by(user: Any) -> Any:
    request = RequestFactory().get("/admin/")
    request.user = user
    return request


# --- What roles add up to -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("team", TEAMS, ids="+".join)
def test_several_roles_add_up(team: tuple[Role, ...]) -> None:
    user = person("dora", store=atelier(), roles=team)

    assert Membership.objects.rights_of(user) == {atelier().pk: frozenset().union(*(RIGHTS[role] for role in team))}


def test_every_role_looks_and_together_they_do_everything() -> None:
    assert set(RIGHTS) == set(Role)
    assert all(Right.SEE in held for held in RIGHTS.values())
    assert frozenset().union(*RIGHTS.values()) == EVERY_RIGHT


def test_whoever_approves_is_not_whoever_merchandises() -> None:
    assert {role for role in Role if Right.APPROVE in RIGHTS[role]} == {Role.APPROVER}


def test_roles_count_at_their_store_alone() -> None:
    user = person("dora", store=atelier(), roles=[Role.ANALYST])
    person("dora", store=brico(), roles=[Role.OPERATOR])

    assert Membership.objects.rights_of(user) == {
        atelier().pk: RIGHTS[Role.ANALYST],
        brico().pk: RIGHTS[Role.OPERATOR],
    }


def test_who_is_not_signed_in_or_works_nowhere_may_do_nothing() -> None:
    atelier()

    assert [Membership.objects.rights_of(user) for user in (AnonymousUser(), charlie())] == [{}, {}]


@pytest.mark.parametrize("superuser", [True, False])
def test_copies_made_by_evaluations_are_nobodys(superuser: bool) -> None:
    copy = StoreFactory(slug="copy", is_evaluation=True)
    user = person("root", store=copy, superuser=superuser)

    assert Membership.objects.rights_of(user) == {}


def test_a_superuser_may_do_everything_everywhere() -> None:
    stores = (atelier().pk, brico().pk)

    assert Membership.objects.rights_of(person("root", superuser=True)) == dict.fromkeys(stores, EVERY_RIGHT)


@pytest.mark.parametrize("roles", [[], ["owner"], ["analyst", "owner"]])
def test_the_database_refuses_a_member_without_a_known_role(roles: list[str]) -> None:
    with pytest.raises(IntegrityError, match="membership_has_known_roles"), transaction.atomic():
        Membership.objects.create(user=charlie(), store=atelier(), roles=roles)


def test_a_new_member_merchandises() -> None:
    assert Membership.objects.create(user=charlie(), store=atelier()).roles == [Role.MERCHANDISER]


def test_roles_are_told_in_their_order() -> None:
    membership = Membership(user=charlie(), store=atelier(), roles=[Role.OPERATOR, Role.APPROVER])

    assert membership.roles_in_words == "approver, operator"


def test_whoever_worked_for_a_store_before_there_were_roles_keeps_all_they_could_do() -> None:
    alice(), bob()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # else the rows just made hold their tables against changes

    for name in ("0004_approval", "0005_roles"):
        MigrationExecutor(connection).migrate([("catalog", name)])

    assert list(Membership.objects.values_list("roles", flat=True)) == [list(Role)] * 2


# --- What a request may -------------------------------------------------------------------------------------------


def test_rights_are_asked_once_a_request(django_assert_num_queries: Any) -> None:
    user, store = alice(), atelier()
    request = asked_by(User.objects.get(pk=user.pk))

    with django_assert_num_queries(1):
        assert may(request, Right.STEER, store.pk)
        assert may_somewhere(request, Right.KEYS)
        assert stores_with(request, Right.SEE) == {store.pk}


def test_who_is_not_of_the_staff_has_no_rights() -> None:
    outsider = User.objects.create_user("outsider")
    Membership.objects.create(user=outsider, store=atelier())

    assert rights(asked_by(outsider)) == {}


def test_a_right_held_somewhere_is_not_held_elsewhere() -> None:
    request = asked_by(person("dora", store=atelier(), roles=[Role.ANALYST]))
    person("dora", store=brico(), roles=[Role.DEVELOPER])

    assert may_somewhere(request, Right.KEYS)
    assert not may(request, Right.KEYS, atelier().pk)
    assert list(within_stores(Store.objects.all(), request, Right.KEYS)) == [brico()]
    assert not may(request, Right.SEE, 0)


def test_a_store_is_handed_out_to_who_may_do_it_there() -> None:
    request = asked_by(person("dora", store=atelier(), roles=[Role.ANALYST]))

    assert permitted_store(request, Right.ANALYSE, atelier().pk) == atelier()


def test_a_superuser_may_begin_before_there_is_any_store() -> None:
    request = asked_by(person("root", superuser=True))

    assert may_somewhere(request, Right.SETTINGS)


# --- Different roles at two stores --------------------------------------------------------------------------------


@pytest.fixture
def dora() -> Client:
    """A developer at atelier, who only analyses at brico; both sell a racket."""
    sell(atelier(), merchant_row("r1"))
    sell(brico(), merchant_row("r2"))
    user = person("dora", store=atelier(), roles=[Role.DEVELOPER])
    person("dora", store=brico(), roles=[Role.ANALYST])
    return signed_in(user)


def racket(store: Store) -> Product:
    return Product.objects.get(store=store)


def test_both_stores_are_seen(dora: Client) -> None:
    listed = dora.get(address("product", "changelist")).content.decode()

    assert "Racket r1" in listed
    assert "Racket r2" in listed


def test_the_form_is_to_be_filled_in_at_one_and_to_be_read_at_the_other(dora: Client) -> None:
    pages = {store: dora.get(address("product", "change", racket(store).pk)) for store in (atelier(), brico())}

    assert {store.slug: 'name="_save"' in answer.content.decode() for store, answer in pages.items()} == {
        "atelier": True,
        "brico": False,
    }
    assert "Racket r2" in pages[brico()].content.decode()


@pytest.mark.parametrize("name", ["change", "delete"])
def test_what_is_only_read_is_refused_when_sent(dora: Client, name: str) -> None:
    answer = dora.post(address("product", name, racket(brico()).pk), {"title": "Mine", "post": "yes"})

    assert answer.status_code == 403
    assert racket(brico()).title == "Racket r2"


@pytest.mark.parametrize("across", ["0", "1", "", "false"])
def test_an_action_on_rows_of_both_is_refused_whole_and_says_so(dora: Client, across: str) -> None:
    chosen = [racket(atelier()).pk, racket(brico()).pk]
    sent = {"action": "delete_selected", "_selected_action": chosen, "select_across": across, "post": "yes"}

    answer = dora.post(address("product", "changelist"), sent, follow=True)

    assert "of a store where you may only look: nothing was done" in answer.content.decode()
    assert Product.objects.filter(deleted_at=None).count() == 2


def test_an_action_on_rows_of_the_one_is_carried_out(dora: Client) -> None:
    sent = {"action": "delete_selected", "_selected_action": [racket(atelier()).pk], "post": "yes"}

    dora.post(address("product", "changelist"), sent)

    assert list(Product.objects.filter(deleted_at=None)) == [racket(brico())]


def test_a_new_row_is_of_the_store_where_it_may_be_made(dora: Client) -> None:
    page = address("product", "add")
    proposed = dora.get(page).context["adminform"].form["store"].value()

    answer = dora.post(page, filled(dora, page, item_id="r3", title="Mine", price="1.00", store=brico().pk))

    assert proposed == str(atelier().pk)
    assert "store" in answer.context["adminform"].form.errors
    assert not Product.objects.filter(item_id="r3").exists()


def test_a_category_is_not_put_below_one_that_may_only_be_looked_at(dora: Client) -> None:
    page, theirs = address("category", "add"), Category.objects.filter(store=brico()).first()

    answer = dora.post(page, {"store": atelier().pk, "name": "Mine", "parent": theirs.pk if theirs else 0})

    assert "parent" in answer.context["adminform"].form.errors


def test_a_category_without_a_store_is_refused_rather_than_failing(dora: Client) -> None:
    answer = dora.post(address("category", "add"), {"store": brico().pk, "name": "Mine"})

    assert list(answer.context["adminform"].form.errors) == ["store"]


def test_a_form_completes_its_store_with_those_where_it_may_be_saved(dora: Client) -> None:
    asked = {"app_label": "catalog", "field_name": "store", "term": ""}

    offered = {
        model: [row["text"] for row in answer.json()["results"]]
        for model in ("product", "apikey", "membership")
        if (answer := dora.get(reverse("admin:autocomplete"), {**asked, "model_name": model}))
    }

    # Of a membership, which is no store's, she sees what she sees anyway.
    assert offered == {"product": ["Atelier"], "apikey": ["Atelier"], "membership": ["Atelier", "Brico"]}


def test_keys_are_seen_where_they_may_be_made(dora: Client) -> None:
    assert stores_with(asked_by(User.objects.get(username="dora")), Right.KEYS) == {atelier().pk}
    assert dora.get(address("apikey", "changelist")).status_code == 200


# --- Settings of a store ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", Role)
def test_whether_campaigns_need_approval_is_for_operators_to_say(role: Role) -> None:
    client = signed_in(person("dora", store=atelier(), roles=[role]))
    page = address("store", "change", atelier().pk)

    answer = client.post(page, {**filled(signed_in(person("root", superuser=True)), page), "approval_required": "on"})

    assert answer.status_code == (302 if role == Role.OPERATOR else 403)
    assert Store.objects.get(slug="atelier").approval_required is (role == Role.OPERATOR)


# --- Giving roles -------------------------------------------------------------------------------------------------


@pytest.fixture
def root() -> Client:
    return signed_in(person("root", superuser=True))


def test_every_right_but_looking_has_words() -> None:
    assert set(DEEDS) == EVERY_RIGHT - {Right.SEE}
    assert deeds_of(Role.ANALYST) == "has approaches compared"


@pytest.mark.parametrize("page", ["auth_user", "catalog_store"])
def test_roles_are_chosen_with_words_for_what_each_may_do(root: Client, page: str) -> None:
    row = {"auth_user": alice().pk, "catalog_store": atelier().pk}[page]

    text = root.get(reverse(f"admin:{page}_change", args=[row])).content.decode()

    assert text.count('name="memberships-0-roles"') == len(Role)
    assert "rebuilds, switches and rolls back the memory" in text


@pytest.mark.parametrize(
    ("sent", "kept"), [(["analyst", "operator"], ["analyst", "operator"]), ([], list(Role)), (["owner"], list(Role))]
)
def test_roles_are_changed_to_known_ones_and_at_least_one(root: Client, sent: list[str], kept: list[str]) -> None:
    membership = Membership.objects.get(user=alice())
    page = address("membership", "change", membership.pk)

    root.post(page, {"user": membership.user_id, "store": membership.store_id, "roles": sent})

    membership.refresh_from_db()
    assert membership.roles == kept


def test_a_person_is_given_a_role_on_their_own_page(root: Client) -> None:
    user = charlie()
    page = reverse("admin:auth_user_change", args=[user.pk])
    row = {"memberships-TOTAL_FORMS": "1", "memberships-0-store": atelier().pk, "memberships-0-roles": ["developer"]}

    root.post(page, filled(root, page, **row))

    assert [(one.store, one.roles) for one in user.memberships.all()] == [(atelier(), ["developer"])]


def test_people_are_listed_with_their_roles_and_memberships_found_by_role(root: Client) -> None:
    person("dora", store=atelier(), roles=[Role.ANALYST])
    bob()

    people = root.get(reverse("admin:auth_user_changelist")).content.decode()
    analysts = root.get(address("membership", "changelist") + "?role=analyst&store__id__exact=" + str(atelier().pk))

    assert "Atelier: analyst" in people
    assert [one.user.username for one in analysts.context["cl"].result_list] == ["dora"]


def test_a_new_person_is_made_before_stores_are_given(root: Client) -> None:
    page = root.get(reverse("admin:auth_user_add")).content.decode()

    assert "memberships-TOTAL_FORMS" not in page
