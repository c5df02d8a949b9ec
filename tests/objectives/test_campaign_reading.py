"""A campaign read from JSON: complete and normal, or every value that does not fit named."""

from __future__ import annotations

from typing import Any

import pytest

from catalog.models import Store
from objectives.campaign_reading import InvalidCampaignError, read_campaign
from tests.objectives.documents import KNOWN, WHOLE, document
from tests.personalization.storefront import shop

PIN = {"kind": "pin", "products": {"item_ids": ["racket"]}, "place": 1}


@pytest.fixture
def store(db: None) -> Store:
    return shop()


def faults(store: Store, data: object) -> set[tuple[str, str]]:
    with pytest.raises(InvalidCampaignError) as refused:
        read_campaign(data, store=store, known_markers=KNOWN)
    return {(fault.pointer, fault.code) for fault in refused.value.faults}


def test_a_name_is_enough(store: Store) -> None:
    found = document(store)

    assert (found["floor"], found["holdout"], found["scope"], found["condition"]) == (0.95, 0.1, "all", {"all": []})
    assert found["objectives"] == found["rules"] == found["zones"] == []


def test_what_was_read_reads_the_same_again(store: Store) -> None:
    found = read_campaign(WHOLE, store=store, known_markers=KNOWN)

    assert found == WHOLE
    assert read_campaign(found, store=store, known_markers=KNOWN) == found


def test_the_order_in_which_things_are_told_plays_no_part(store: Store) -> None:
    turned = {name: value[::-1] if isinstance(value, list) else value for name, value in WHOLE.items()}

    assert read_campaign(turned, store=store, known_markers=KNOWN) == document(store, **WHOLE)


def test_a_campaign_has_only_so_much_to_say(store: Store) -> None:
    many = {"item_ids": [f"{number:0>100}" for number in range(5_000)]}
    rules = [{"kind": "boost", "products": many}]

    assert faults(store, {"name": "Push", "promoted": many, "rules": rules}) == {("", "length")}


def test_an_instant_without_an_offset_is_the_stores(store: Store) -> None:
    assert document(store, starts_at="2026-07-01T08:00")["starts_at"] == "2026-07-01T06:00:00+00:00"


@pytest.mark.parametrize(
    ("members", "pointer", "code"),
    [
        ({"name": " "}, "/name", "length"),
        ({"colour": "red"}, "/colour", "unknown"),
        ({"priority": -1}, "/priority", "range"),
        ({"floor": 1.01}, "/floor", "range"),
        ({"holdout": True}, "/holdout", "type"),
        ({"guardrail": "half"}, "/guardrail", "type"),
        ({"most_per_visitor": 0}, "/most_per_visitor", "range"),
        ({"starts_at": "tomorrow"}, "/starts_at", "format"),
        ({"starts_at": "2026-07-02T08:00Z", "ends_at": "2026-07-02T08:00Z"}, "/ends_at", "range"),
        ({"zones": ["home", "attic"]}, "/zones/1", "choice"),
        ({"zones": "home"}, "/zones", "type"),
        ({"condition": {"marker": "colour", "operator": "is", "value": 1}}, "/condition/marker", "condition"),
        ({"promoted": {"price": [2, 1]}}, "/promoted/price", "selection"),
        ({"scope": "some"}, "/scope", "choice"),
        ({"scope": "only"}, "/promoted", "required"),
        ({"objectives": [{"measure": "margin"}, {"measure": "luck"}]}, "/objectives/1/measure", "choice"),
        ({"objectives": [{"measure": "margin"}] * 2}, "/objectives/1", "repeated"),
        ({"objectives": [{"measure": "margin", "weight": -1}]}, "/objectives/0/weight", "range"),
        ({"rules": [{**PIN, "place": None}]}, "/rules/0/place", "required"),
        ({"rules": [{**PIN, "place": 0}]}, "/rules/0/place", "range"),
        ({"rules": [{**PIN, "products": {"item_ids": ["racket", "bag"]}}]}, "/rules/0/products", "content"),
        ({"rules": [{**PIN, "products": {"item_ids": ["ghost"]}}]}, "/rules/0/products/item_ids/0", "choice"),
        ({"rules": [PIN, {**PIN, "products": {"item_ids": ["bag"]}}]}, "/rules/1", "repeated"),
        ({"rules": [{"kind": "bury", "products": {}}]}, "/rules/0/products", "required"),
        ({"rules": [{"kind": "bury", "products": {"brands": ["Head"]}, "place": 1}]}, "/rules/0/place", "content"),
    ],
)
def test_what_does_not_fit_is_named(store: Store, members: dict[str, Any], pointer: str, code: str) -> None:
    assert faults(store, {"name": "Push", **members}) == {(pointer, code)}


def test_everything_wrong_is_told_at_once(store: Store) -> None:
    wrong = {"name": "Push", "floor": 2, "objectives": [{"measure": "luck"}, {"measure": "margin", "weight": "much"}]}

    assert faults(store, wrong) == {
        ("/floor", "range"),
        ("/objectives/0/measure", "choice"),
        ("/objectives/1/weight", "type"),
    }


@pytest.mark.parametrize("data", [None, [], "Push", 1])
def test_what_is_no_object_is_no_campaign(store: Store, data: object) -> None:
    assert faults(store, data) == {("", "type")}


def test_another_stores_zones_and_products_do_not_exist(store: Store) -> None:
    other = shop("brico", name="Brico")
    other.zones.create(slug="brico-only", name="Only there", page_type="home")

    assert faults(store, {"name": "Push", "zones": ["brico-only"]}) == {("/zones/0", "choice")}
