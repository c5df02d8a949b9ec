"""The store's rules as the engine reads them: in order, its own, fresh."""

from __future__ import annotations

import time
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from catalog.models import Store
from objectives.conditions import parse
from personalization.engines.rule_book import FRESH, rule_of, rules_of
from personalization.merchandising.defaults import DEFAULT_RULES
from personalization.merchandising.rule import KNOWN_MARKERS
from personalization.models import Rule
from tests.personalization.storefront import shop, zone

pytestmark = pytest.mark.django_db
LINES = {"marker": "cart_lines", "operator": ">=", "value": 1}


@pytest.fixture
def store() -> Store:
    return shop()


def lay_down(store: Store, name: str = "a rule", **fields: Any) -> Rule:
    return Rule.objects.create(store=store, name=name, **{"strategy": "bestsellers", **fields})


def names(store: Store) -> list[str]:
    return [rule.name for rule in rules_of(store_id=store.pk)]


def test_a_store_without_rules_goes_by_the_default_set(store: Store) -> None:
    assert rules_of(store_id=store.pk) == DEFAULT_RULES


def test_a_stores_own_rules_come_in_their_order(store: Store) -> None:
    lay_down(store, "second", priority=20)
    lay_down(store, "first", priority=5)
    lay_down(store, "paused", priority=1, enabled=False)
    lay_down(shop("brico"), "another store's")

    assert names(store) == ["first", "second"]


def test_a_message_alone_leaves_the_default_set_in_place(store: Store) -> None:
    lay_down(store, "hello", strategy="", message_text="Hello")

    assert names(store) == ["hello", *(rule.name for rule in DEFAULT_RULES)]


def test_a_rule_is_read_whole(store: Store) -> None:
    row = lay_down(
        store,
        condition=LINES,
        strategy="chosen",
        parameters={"item_ids": ["racket"]},
        most=3,
        message_title="Nearly there",
        message_text="A little more for free shipping",
        message_per_visit=2,
        message_quiet_days=7,
    )
    row.zones.add(zone(store, "basket"))

    found = rule_of(row)

    assert found is not None
    assert found.condition == parse(LINES, KNOWN_MARKERS)
    assert found.selection is not None
    assert (found.selection.strategy, found.selection.most) == ("chosen", 3)
    assert found.selection.parameters == {"item_ids": ["racket"]}
    assert found.zones == {"basket"}
    assert found.message is not None
    assert (found.message.title, found.message.per_visit, found.message.quiet_days) == ("Nearly there", 2, 7)
    assert found.binding


def test_a_rule_that_is_not_understood_governs_nothing(store: Store) -> None:
    assert rule_of(lay_down(store, condition={"marker": "no such marker", "operator": "is", "value": 1})) is None


def test_a_change_governs_within_a_second(store: Store) -> None:
    assert rules_of(store_id=store.pk) == DEFAULT_RULES
    lay_down(store, "new")
    time.sleep(FRESH + 0.1)

    assert FRESH < 1
    assert names(store) == ["new"]


def test_an_answer_asks_the_database_nothing_while_they_are_fresh(store: Store) -> None:
    rules_of(store_id=store.pk)

    with CaptureQueriesContext(connection) as asked:
        rules_of(store_id=store.pk)

    assert len(asked) == 0


@pytest.mark.parametrize("fields", [{"strategy": "", "message_text": ""}, {"most": 0}])
def test_a_rule_that_does_nothing_is_not_stored(store: Store, fields: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError):
        lay_down(store, **fields)
