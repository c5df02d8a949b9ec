"""The catalog's screens open, speak the reader's language, and write by the catalog's own way."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from catalog.live_facts import live_facts
from catalog.models import ApiKey, Category, Membership, Product, Store
from catalog.models.api_key import hash_key
from catalog.upsert import upsert_products
from tests.catalog.factories import NOW, alice, atelier, caller, issue_key, merchant_row, person, sell
from tests.catalog.test_live_facts import eventually

pytestmark = pytest.mark.django_db

MODELS = ["store", "apikey", "product", "category"]


def signed_in(user: Any) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


def address(model: str, page: str, *ids: object) -> str:
    return reverse(f"admin:catalog_{model}_{page}", args=ids)


def filled(client: Client, page: str, **changes: object) -> dict[str, object]:
    """What the form of this page would send, with these changes."""
    response = client.get(page)
    form = response.context["adminform"].form
    data: dict[str, object] = {}
    for name, field in form.fields.items():
        value = field.prepare_value(form.get_initial_for_field(field, name)) if name in form.fields else None
        data |= _as_sent(form, name, value)
    for inline in response.context["inline_admin_formsets"]:
        data |= {
            f"{inline.formset.prefix}-{name}": value for name, value in inline.formset.management_form.initial.items()
        }
    return {name: value for name, value in (data | changes).items() if value is not None}


def _as_sent(form: Any, name: str, value: Any) -> dict[str, object]:
    widget = form.fields[name].widget
    if hasattr(widget, "widgets_names"):
        values = widget.decompress(value)
        return {
            form.add_prefix(name) + suffix: part.format_value(one)
            for suffix, part, one in zip(widget.widgets_names, widget.widgets, values, strict=True)
        }
    if isinstance(value, bool):
        return {name: "on"} if value else {}
    return {name: getattr(value, "pk", value)}


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("model", MODELS)
def test_lists_and_forms_open(model: str, language: str) -> None:
    store = atelier()
    sell(store, merchant_row("r1", sale_price="90.00 EUR", cost_of_goods_sold="50.00 EUR", image_link="/r1.svg"))
    issue_key(store)
    client = signed_in(alice())
    client.cookies["django_language"] = language
    of_model = {"store": Store, "apikey": ApiKey, "product": Product, "category": Category}[model]

    pages = [address(model, "changelist"), address(model, "changelist") + "?q=r"]
    pages += [address(model, "change", row.pk) for row in of_model.objects.all()]
    pages += [address(model, "add")] if model != "store" else []

    assert {page: client.get(page).status_code for page in pages} == dict.fromkeys(pages, 200)


@pytest.mark.parametrize(
    ("language", "price"), [("en", "€1,234.50"), ("fr", "1\N{NARROW NO-BREAK SPACE}234,50\N{NO-BREAK SPACE}€")]
)
def test_money_is_written_as_the_reader_writes_it(language: str, price: str) -> None:
    sell(atelier(), merchant_row("r1", price="1234.50 EUR"))
    client = signed_in(alice())
    client.cookies["django_language"] = language

    page = client.get(address("product", "changelist")).content.decode()

    assert price in page.replace("\N{NO-BREAK SPACE}234", "\N{NARROW NO-BREAK SPACE}234")


def test_a_sale_shows_the_former_price_and_the_margin_of_the_price_to_pay() -> None:
    sell(atelier(), merchant_row("r1", price="120.00 EUR", sale_price="100.00 EUR", cost_of_goods_sold="60.00 EUR"))

    page = signed_in(alice()).get(address("product", "changelist")).content.decode()

    assert "<del>€120.00</del>" in page
    assert "€40.00" in page
    assert "40 %" in page


def test_an_edit_takes_a_new_version_and_reaches_the_facts() -> None:
    store = atelier()
    (product,) = sell(store, merchant_row("r1"))
    live_facts(store_id=store.pk)
    client = signed_in(alice())
    page = address("product", "change", product.pk)

    answer = client.post(page, filled(client, page, title="Renamed", price="99.00"))

    assert answer.status_code == 302
    product.refresh_from_db()
    assert (product.title, product.price, product.version, product.position) == ("Renamed", Decimal(99), 2, 0)
    assert eventually(lambda: live_facts(store_id=store.pk).titles == ["Renamed"])


def test_amounts_are_typed_as_the_reader_writes_them() -> None:
    (product,) = sell(atelier(), merchant_row("r1", link="https://atelier.example/r1"))
    client = signed_in(alice())
    client.cookies["django_language"] = "fr"
    page = address("product", "change", product.pk)

    shown = client.get(page).content.decode()
    answer = client.post(page, filled(client, page, price="99,90", cost_of_goods_sold="12,5"))

    product.refresh_from_db()
    assert 'value="120,00"' in shown
    assert answer.status_code == 302
    assert (product.price, product.cost_of_goods_sold) == (Decimal("99.90"), Decimal("12.50"))


def test_a_product_made_by_hand_gets_the_next_position() -> None:
    store = atelier()
    sell(store, merchant_row("r1"))
    client = signed_in(alice())
    page = address("product", "add")

    answer = client.post(page, filled(client, page, item_id="r2", title="By hand", price="5.00"))

    assert answer.status_code == 302
    assert Product.objects.get(item_id="r2").position == 1
    assert Store.objects.get(pk=store.pk).next_position == 2


def test_a_deletion_keeps_the_position() -> None:
    store = atelier()
    first, second = sell(store, merchant_row("r1"), merchant_row("r2"))
    client = signed_in(alice())

    client.post(address("product", "delete", first.pk), {"post": "yes"})
    client.post(
        address("product", "changelist"),
        {"action": "delete_selected", "_selected_action": [second.pk], "post": "yes"},
    )

    assert not Product.objects.of(store).listed().exists()
    assert list(Product.objects.of(store).values_list("position", flat=True)) == [0, 1]


def test_settings_of_a_store_are_saved_without_taking_its_version_back() -> None:
    store = atelier()
    client = signed_in(alice())
    page = address("store", "change", store.pk)
    data = filled(client, page, name="Atelier Paris")
    upsert_products(store=store, rows=[merchant_row("r1")], now=NOW)

    answer = client.post(page, data)

    store.refresh_from_db()
    assert answer.status_code == 302
    assert (store.name, store.catalog_version, store.next_position) == ("Atelier Paris", 1, 1)


def test_a_renamed_category_takes_those_below_along() -> None:
    sell(atelier(), merchant_row("r1"))
    client = signed_in(alice())
    page = address("category", "change", Category.objects.get(path="Sport > Tennis").pk)

    answer = client.post(page, filled(client, page, name="Padel"))

    assert answer.status_code == 302
    assert sorted(Category.objects.values_list("path", flat=True)) == [
        "Sport",
        "Sport > Padel",
        "Sport > Padel > Rackets",
    ]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": "A > B"}, "cannot contain"),
        ({"name": "Balls"}, "already"),
        ({"parent": "itself"}, "below itself"),
        ({"parent": "below"}, "below itself"),
    ],
)
def test_a_category_stays_a_tree_with_paths_of_their_own(changes: dict[str, object], message: str) -> None:
    sell(
        atelier(),
        merchant_row("r1", product_type="Sport > Tennis > Rackets"),
        merchant_row("r2", product_type="Sport > Balls"),
    )
    tennis, rackets = (Category.objects.get(path=path) for path in ("Sport > Tennis", "Sport > Tennis > Rackets"))
    places = {"itself": tennis.pk, "below": rackets.pk}
    client = signed_in(alice())
    page = address("category", "change", tennis.pk)
    sent = {name: places.get(str(value), value) for name, value in changes.items()}

    answer = client.post(page, filled(client, page, **sent))

    assert answer.status_code == 200
    assert message in answer.content.decode()


def test_a_key_is_shown_once_and_works() -> None:
    store = atelier()
    client = signed_in(alice())
    page = address("apikey", "add")
    sent = filled(client, page, name="theme", kind="public", allowed_origins="https://a.example\r\nhttps://b.example/")

    shown = client.post(page, sent)

    key = ApiKey.objects.get()
    text = shown.context["key_text"]
    assert text in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    assert key.hashed_key == hash_key(text)
    assert (key.store, key.allowed_origins) == (store, ["https://a.example", "https://b.example"])
    later = client.get(address("apikey", "change", key.pk)).content.decode()
    assert text not in later
    assert key.prefix in later
    assert caller(text).get("/api/v1/store", HTTP_ORIGIN="https://b.example").status_code == 200


@pytest.mark.parametrize("origin", ["example.fr", "https://example.fr/page", "javascript:alert(1)"])
def test_an_origin_that_no_browser_sends_is_refused(origin: str) -> None:
    atelier()
    client = signed_in(alice())
    page = address("apikey", "add")

    answer = client.post(page, filled(client, page, name="theme", kind="public", allowed_origins=origin))

    assert answer.status_code == 200
    assert "is not an origin" in answer.content.decode()
    assert not ApiKey.objects.exists()


def test_selected_keys_are_revoked() -> None:
    key, _text = issue_key(atelier())
    client = signed_in(alice())

    client.post(address("apikey", "changelist"), {"action": "revoke", "_selected_action": [key.pk]})

    key.refresh_from_db()
    assert key.revoked_at is not None


def test_a_key_tells_its_state() -> None:
    store = atelier()
    now = timezone.now()
    issue_key(store)
    expired, revoked = issue_key(store)[0], issue_key(store)[0]
    ApiKey.objects.filter(pk=expired.pk).update(expires_at=now - timedelta(days=1))
    ApiKey.objects.filter(pk=revoked.pk).update(revoked_at=now)

    page = signed_in(alice()).get(address("apikey", "changelist")).content.decode()

    assert all(word in page for word in ("usable", "expired", "revoked"))


def test_whoever_runs_the_installation_makes_stores_and_says_who_works_there() -> None:
    client = signed_in(person("root", superuser=True))
    colleague = person("dora")
    made = client.post(
        address("store", "add"),
        filled(client, address("store", "add"), name="Nursery", slug="nursery"),
    )
    store = Store.objects.get(slug="nursery")

    client.post(address("membership", "add"), {"user": colleague.pk, "store": store.pk, "roles": ["operator"]})

    assert made.status_code == 302
    membership = Membership.objects.get(user=colleague)
    assert (membership.store, membership.roles) == (store, ["operator"])
    assert client.get(reverse("admin:auth_user_changelist")).status_code == 200


def test_the_admin_may_run_its_scripts_and_show_pictures_of_any_shop() -> None:
    policy = signed_in(alice()).get(address("product", "changelist"))["Content-Security-Policy"]

    assert "script-src 'self' 'unsafe-eval' 'unsafe-inline'" in policy
    assert "img-src 'self' data: https:" in policy
