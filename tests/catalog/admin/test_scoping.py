"""Nobody sees, finds, chooses or changes what belongs to a store they do not work for."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from catalog.models import ApiKey, Category, Membership, Product, Store
from tests.catalog.admin.test_screens import address, filled, signed_in
from tests.catalog.factories import alice, atelier, bob, brico, charlie, issue_key, merchant_row, person, sell

pytestmark = pytest.mark.django_db
THEIRS = "Bobs only"


@pytest.fixture
def theirs() -> dict[str, Any]:
    """One row of each kind in Bob's store, and Alice's own beside it."""
    sell(atelier(), merchant_row("r1"))
    issue_key(atelier())
    store = brico()
    store.name = THEIRS
    store.save()
    (product,) = sell(store, merchant_row("b1", title=THEIRS, brand=f"{THEIRS} brand", product_type=f"{THEIRS} shelf"))
    key, _text = issue_key(store)
    ApiKey.objects.filter(pk=key.pk).update(name=THEIRS)
    return {"store": store, "product": product, "category": product.category, "apikey": key}


@pytest.mark.parametrize("model", ["store", "product", "category", "apikey"])
def test_lists_and_searches_hold_nothing_of_another_store(theirs: dict[str, Any], model: str) -> None:
    client = signed_in(alice())

    for query in ("", "?q=Bobs"):
        assert THEIRS not in client.get(address(model, "changelist") + query).content.decode()
    assert THEIRS in signed_in(bob()).get(address(model, "changelist")).content.decode()


@pytest.mark.parametrize("page", ["change", "delete", "history"])
@pytest.mark.parametrize("model", ["store", "product", "category", "apikey"])
def test_pages_of_another_store_do_not_open(theirs: dict[str, Any], model: str, page: str) -> None:
    client = signed_in(alice())

    answer = client.get(address(model, page, theirs[model].pk))

    assert answer.status_code in {302, 403}  # 302: the admin says it does not exist
    assert THEIRS not in answer.content.decode()


@pytest.mark.parametrize("model", ["product", "category", "apikey"])
def test_what_is_sent_past_the_pages_changes_nothing(theirs: dict[str, Any], model: str) -> None:
    client = signed_in(alice())
    row = theirs[model]
    before = type(row).objects.filter(pk=row.pk).values().get()

    client.post(address(model, "change", row.pk), {"name": "Mine", "title": "Mine"})
    client.post(address(model, "delete", row.pk), {"post": "yes"})
    for action in ("delete_selected", "revoke"):
        client.post(address(model, "changelist"), {"action": action, "_selected_action": [row.pk], "post": "yes"})

    assert type(row).objects.filter(pk=row.pk).values().get() == before


@pytest.mark.parametrize(
    ("model", "field", "owner"),
    [("product", "category", "category"), ("product", "store", "store"), ("apikey", "store", "store")],
)
def test_autocompletes_offer_nothing_of_another_store(
    theirs: dict[str, Any], model: str, field: str, owner: str
) -> None:
    asked = {"app_label": "catalog", "model_name": model, "field_name": field, "term": ""}

    offered = signed_in(alice()).get(reverse("admin:autocomplete"), asked).json()["results"]

    assert offered
    assert str(theirs[owner].pk) not in {row["id"] for row in offered}


def test_nothing_can_be_made_in_another_store(theirs: dict[str, Any]) -> None:
    client = signed_in(alice())
    page = address("apikey", "add")

    answer = client.post(page, filled(client, page, name="spy", kind="secret", store=theirs["store"].pk))

    assert answer.status_code == 200
    assert not ApiKey.objects.filter(name="spy").exists()


def test_a_product_takes_no_category_of_another_store(theirs: dict[str, Any]) -> None:
    own = Product.objects.get(store=atelier())
    both = person("both", store=atelier())
    Membership.objects.create(user=both, store=theirs["store"])

    for user in (alice(), both):
        client = signed_in(user)
        page = address("product", "change", own.pk)
        answer = client.post(page, filled(client, page, category=theirs["category"].pk))
        assert answer.status_code == 200
    assert Product.objects.get(pk=own.pk).category == own.category


def test_a_category_takes_no_parent_of_another_store(theirs: dict[str, Any]) -> None:
    root = person("root", superuser=True)
    own = Category.objects.get(path="Sport")
    client = signed_in(root)
    page = address("category", "change", own.pk)

    answer = client.post(page, filled(client, page, parent=theirs["category"].pk))

    assert answer.status_code == 200
    assert "another store" in answer.content.decode()


@pytest.mark.parametrize("model", ["store", "product", "category", "apikey"])
def test_a_stranger_of_the_staff_sees_nothing(theirs: dict[str, Any], model: str) -> None:
    assert signed_in(charlie()).get(address(model, "changelist")).status_code == 403


@pytest.mark.parametrize("model", ["store", "product", "category", "apikey"])
def test_who_is_not_of_the_staff_is_asked_to_sign_in(theirs: dict[str, Any], model: str) -> None:
    outsider = User.objects.create_user("outsider")
    Membership.objects.create(user=outsider, store=atelier())

    answer = signed_in(outsider).get(address(model, "changelist"))

    assert (answer.status_code, "login" in answer["Location"]) == (302, True)


@pytest.mark.parametrize("name", ["auth_user", "catalog_membership"])
def test_people_and_memberships_are_for_who_runs_the_installation(name: str) -> None:
    atelier()

    assert signed_in(alice()).get(reverse(f"admin:{name}_changelist")).status_code == 403


def test_nobody_gives_themselves_a_store(theirs: dict[str, Any]) -> None:
    user = alice()
    client = signed_in(user)
    page = address("store", "change", atelier().pk)

    client.post(
        page,
        filled(
            client,
            page,
            **{
                "memberships-TOTAL_FORMS": "1",
                "memberships-INITIAL_FORMS": "0",
                "memberships-0-user": user.pk,
                "memberships-0-store": theirs["store"].pk,
            },
        ),
    )
    client.post(address("membership", "add"), {"user": user.pk, "store": theirs["store"].pk})

    assert [membership.store for membership in user.memberships.all()] == [Store.objects.get(slug="atelier")]
    assert client.get(address("store", "add")).status_code == 403
