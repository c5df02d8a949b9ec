"""Rules are laid down by those who work for the store, tried on its visits, and kept to it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client
from django.utils.translation import override

from catalog.models import Store
from objectives.models import Zone
from personalization.admin.condition_words import building_blocks, in_words, phrase_of
from personalization.engines.rule_book import rule_of
from personalization.markers import MARKERS
from personalization.markers.plain import ROWS
from personalization.merchandising.defaults import DEFAULT_RULES
from personalization.models import Rule
from tests.personalization.admin.screens import address, belongs, signed_in, text_of, works_for
from tests.personalization.storefront import lived, shop

pytestmark = pytest.mark.django_db
CARTED = {"marker": "cart_lines", "operator": ">=", "value": 1.0}


@pytest.fixture(autouse=True)
def _no_visits_kept_from_before() -> None:
    cache.clear()


@pytest.fixture
def store() -> Store:
    return shop()


@pytest.fixture
def alice(store: Store) -> User:
    return works_for(store)


def sent(store: Store, **fields: Any) -> dict[str, Any]:
    return {
        "store": store.pk,
        "name": "A rule",
        "enabled": "on",
        "priority": 10,
        "condition": json.dumps({"all": [CARTED]}),
        "strategy": "bestsellers",
        "item_ids": "[]",
        "most": 4,
        "message_title": "",
        "message_text": "",
        "message_per_visit": 1,
        "message_quiet_days": 0,
        **fields,
    }


def added(client: Client, store: Store, **fields: Any) -> Rule | None:
    client.post(address("rule", "add"), sent(store, **fields))
    return Rule.objects.filter(name="A rule").first()


def errors(client: Client, store: Store, **fields: Any) -> dict[str, list[str]]:
    answer: Any = client.post(address("rule", "add"), sent(store, **fields))
    assert answer.status_code == 200, answer
    return dict(answer.context["adminform"].form.errors)


def lay_down(store: Store, name: str = "A rule", **fields: Any) -> Rule:
    return Rule.objects.create(store=store, name=name, **{"strategy": "bestsellers", **fields})


# --- The list -----------------------------------------------------------------------------------------------------


def test_rules_are_listed_with_what_they_say(store: Store, alice: User) -> None:
    lay_down(store, condition={"all": [CARTED]}, most=3, message_text="Hello")

    page = text_of(signed_in(alice), address("rule", "changelist"))

    assert "“How many different products the cart holds”: at least 1" in page
    assert "best sellers of the store, at most 3, and a message" in page


def test_without_rules_the_page_says_what_to_do_next(alice: User) -> None:
    page = text_of(signed_in(alice), address("rule", "changelist"))

    assert "No rule of your own yet" in page
    assert "Copy them for Atelier" in page


def test_a_rule_of_another_store_is_not_seen(alice: User) -> None:
    theirs = lay_down(shop("brico"), "Theirs")

    client = signed_in(alice)

    assert "Theirs" not in text_of(client, address("rule", "changelist"))
    assert client.get(address("rule", "change", theirs.pk)).status_code == 302


def test_rules_are_paused_and_enabled(store: Store, alice: User) -> None:
    rule, client = lay_down(store), signed_in(alice)

    for action, expected in (("disable", False), ("enable", True)):
        client.post(address("rule", "changelist"), {"action": action, "_selected_action": [rule.pk]})
        rule.refresh_from_db()
        assert rule.enabled is expected


def test_the_default_set_is_copied_to_be_ones_own(store: Store, alice: User) -> None:
    signed_in(alice).post(address("rule", "defaults", store.pk))

    own = list(Rule.objects.of(store).governing())
    copied = [rule_of(row) for row in own]
    assert [row.name for row in own] == [rule.name for rule in DEFAULT_RULES]
    assert [(rule.condition, rule.selection) for rule in copied if rule] == [
        (rule.condition, rule.selection) for rule in DEFAULT_RULES
    ]


def test_once_a_store_has_rules_the_default_set_is_not_offered(store: Store, alice: User) -> None:
    lay_down(store)

    assert "Copy them for" not in text_of(signed_in(alice), address("rule", "changelist"))


# --- The form -----------------------------------------------------------------------------------------------------


def test_a_rule_is_laid_down(store: Store, alice: User) -> None:
    zone = Zone.objects.get(store=store, slug="home")

    rule = added(signed_in(alice), store, zones=[zone.pk], strategy="chosen", item_ids='["bag", "balls", "bag"]')

    assert rule is not None
    assert rule.condition == {"all": [CARTED]}
    assert rule.parameters == {"item_ids": ["bag", "balls"]}
    assert list(rule.zones.all()) == [zone]


def test_new_arrivals_know_for_how_long(store: Store, alice: User) -> None:
    rule = added(signed_in(alice), store, strategy="new_arrivals", days=14)

    assert rule is not None
    assert rule.parameters == {"days": 14}


@pytest.mark.parametrize(
    ("fields", "at", "told"),
    [
        ({"condition": "{"}, "condition", "The condition could not be read."),
        ({"condition": "[" * 100_000}, "condition", "The condition could not be read."),
        (
            {"condition": json.dumps({"all": [{**CARTED, "value": None}]})},
            "condition",
            "The condition is not complete: at /all/0/value, expected a number from 0 to 10000.",
        ),
        ({"strategy": ""}, "strategy", "Required: what the rule shows, or a message."),
        ({"message_title": "Hello"}, "message_text", "Required: the text, as a title alone says nothing."),
        ({"strategy": "chosen"}, "item_ids", "Required: at least one product."),
        (
            {"strategy": "chosen", "item_ids": '["bag", "moon"]'},
            "item_ids",
            "Expected a product of the store, got “moon”.",
        ),
        ({"most": 0}, "most", "Ensure this value is greater than or equal to 1."),
    ],
)  # fmt: skip
def test_what_is_not_complete_is_told(store: Store, alice: User, fields: dict[str, Any], at: str, told: str) -> None:
    found = errors(signed_in(alice), store, **fields)

    assert found == {at: [told]}
    assert not Rule.objects.exists()


def test_a_message_alone_is_a_rule(store: Store, alice: User) -> None:
    rule = added(signed_in(alice), store, strategy="", message_text="Hello")

    assert rule is not None
    assert (rule.strategy, rule.message_text) == ("", "Hello")


def test_zones_of_another_store_are_not_chosen(store: Store, alice: User) -> None:
    theirs = shop("brico")
    belongs(alice, theirs)
    zone = Zone.objects.get(store=theirs, slug="home")

    assert errors(signed_in(alice), store, zones=[zone.pk]) == {"zones": ["A zone belongs to another store."]}


def test_no_rule_is_laid_down_for_another_store(alice: User) -> None:
    assert added(signed_in(alice), shop("brico")) is None


def test_an_opened_rule_shows_its_products(store: Store, alice: User) -> None:
    rule = lay_down(store, strategy="chosen", parameters={"item_ids": ["rattle"]})

    assert "Racket rattle" in text_of(signed_in(alice), address("rule", "change", rule.pk))


# --- Trying it ----------------------------------------------------------------------------------------------------


def tried(client: Client, store: Store, condition: Any) -> Any:
    body = condition if isinstance(condition, str) else json.dumps(condition)
    return client.post(f"{address('rule', 'check')}?store={store.pk}", body, content_type="application/json")


def test_a_condition_is_tried_on_the_last_visits(store: Store, alice: User) -> None:
    lived(store, ("add_to_cart", "racket"), visitor_id="a")
    lived(store, ("view_item", "racket"), session="s2", visitor_id="b")

    answer = tried(signed_in(alice), store, CARTED).json()

    assert (answer["matched"], answer["of"]) == (1, 2)
    assert answer["text"] == "It would have applied in 1 of the last 2 visits (50%)."
    assert answer["sentence"] == "“How many different products the cart holds”: at least 1"


def test_without_visits_there_is_nothing_to_try_it_on(store: Store, alice: User) -> None:
    assert tried(signed_in(alice), store, CARTED).json()["text"] == "The store has no visit yet on which to try it."


@pytest.mark.parametrize("condition", ["{", "[" * 99_000, {"any": []}, {"marker": "cart_lines"}])
def test_what_is_no_condition_is_not_tried(store: Store, alice: User, condition: Any) -> None:
    answer = tried(signed_in(alice), store, condition)

    assert answer.status_code == 400
    assert answer.json()["error"].startswith("The condition ")


def test_nothing_is_tried_on_another_stores_visits(alice: User) -> None:
    assert tried(signed_in(alice), shop("brico"), CARTED).status_code == 404


def test_looking_changes_nothing(store: Store, alice: User) -> None:
    client = signed_in(alice)

    assert client.get(address("rule", "check"), {"store": store.pk}).status_code == 405
    assert client.get(address("rule", "defaults", store.pk)).status_code == 405


# --- Picking products ---------------------------------------------------------------------------------------------


def found(client: Client, store: Store, asked: str) -> list[str]:
    answer = client.get(address("rule", "products"), {"store": store.pk, "q": asked})
    return [product["id"] for product in answer.json()["products"]]


@pytest.mark.parametrize(
    ("asked", "expected"), [("rattle", ["rattle"]), ("wood RATT", ["rattle"]), ("moon", []), ("mo\0on", [])]
)
def test_products_are_found_by_title_brand_and_id(store: Store, alice: User, asked: str, expected: list[str]) -> None:
    assert found(signed_in(alice), store, asked) == expected


@pytest.mark.parametrize("asked", ["", "0", "x", "9" * 30])
def test_products_of_no_store_are_not_found(alice: User, asked: str) -> None:
    assert signed_in(alice).get(address("rule", "products"), {"store": asked}).status_code == 404


# --- Words --------------------------------------------------------------------------------------------------------


def test_the_builder_knows_every_marker_in_plain_units() -> None:
    blocks = building_blocks("EUR")
    markers = {marker["name"]: marker for family in blocks["families"] for marker in family["markers"]}

    assert list(markers) == [marker.name for marker in MARKERS]
    assert (markers["cart_value"]["unit"], markers["cart_value"]["high"]) == ("EUR", None)
    assert (markers["rhythm_hurry"]["unit"], markers["rhythm_hurry"]["high"]) == ("%", 100)
    assert markers["path_now_product"]["flag"]


def test_a_flag_is_told_as_what_is_then_the_case() -> None:
    assert phrase_of(MARKERS[ROWS["path_now_product"]]) == "The page now open is a product page"
    assert phrase_of(MARKERS[ROWS["arrival_mobile"]]) == "On a mobile phone"


def test_money_is_told_in_the_stores_currency(store: Store) -> None:
    condition = {"marker": "cart_value", "operator": ">=", "value": 50}

    assert in_words(condition, store=store) == "“How much the cart is worth”: at least €50.00"


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "not understood: at /any, expected at least one condition"),
        ("fr", "non comprise : en /any, attendu : au moins une condition"),
    ],
)
def test_a_condition_that_is_none_says_so(store: Store, language: str, told: str) -> None:
    with override(language):
        assert in_words({"any": []}, store=store).replace("\N{NO-BREAK SPACE}", " ") == told
