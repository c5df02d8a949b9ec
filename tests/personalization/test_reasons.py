"""One sentence a merchant understands for every way a product can be reached."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import translation

from personalization.api.answer_shapes import RELATION_KINDS
from personalization.merchandising.strategies import STRATEGIES
from personalization.reasons import SELECTED, TRAITS, likely_carted, reason_text
from tests.objectives.shelves import facts

SHELF = facts(4)


def sentence(kind: str, *, explored: bool = False, carted: bool = False, **relation: Any) -> str:
    whole = {"kind": kind, "origin": 1, "success": 2, "start": 3, "traits": [], "share": 1.0, **relation}
    with translation.override("en"):
        return reason_text(whole, facts=SHELF, explored=explored, carted=carted)


@pytest.mark.parametrize(
    ("kind", "carted", "expected"),
    [
        ("followed", False, "After “Product 1”, visitors often came to this"),
        ("followed", True, "After “Product 1”, visitors often put this into their cart"),
        ("recalled", False, "Visitors in the same situation then looked at this"),
        ("recalled", True, "Visitors in the same situation then put this into their cart"),
        (
            "transposed",
            False,
            "Visitors in the same situation went from “Product 1” to “Product 2”: the same step from “Product 3”",
        ),
        ("substitute", False, "Stands in for “Product 2”, which cannot be bought now"),
        ("seen", False, "Already looked at in this visit"),
        ("beside", False, "Bought together with “Product 1”"),
        ("shelf", False, "Often chosen in this category"),
        ("kindred", False, "Looked at in the same kind of visits as “Product 1”"),
        ("listed", False, "Stands in the list just looked at"),
        ("popular", False, "Popular in the store"),
        ("affinity", False, "Suits those who like “Product 1”, as this visitor does"),
        ("lookalike", False, "Visitors with similar tastes looked at this"),
        ("lookalike", True, "Visitors with similar tastes put this into their cart"),
    ],
)
def test_each_relation_has_its_sentence(kind: str, carted: bool, expected: str) -> None:
    assert sentence(kind, carted=carted) == expected


@pytest.mark.parametrize(
    "kind",
    [*RELATION_KINDS, "unheard of"],
)
@pytest.mark.parametrize("carted", [False, True])
def test_a_relation_without_products_names_none(kind: str, carted: bool) -> None:
    text = sentence(kind, carted=carted, origin=-1, success=-1, start=-1, traits=["complement"])

    assert text
    assert "“" not in text


@pytest.mark.parametrize(
    ("traits", "expected"),
    [
        ([], "This visitor met it on an earlier visit"),
        (["bought"], "This visitor bought it on an earlier visit"),
    ],
)
def test_the_visitors_own_past_is_told_as_it_was(traits: list[str], expected: str) -> None:
    assert sentence("own", origin=-1, start=-1, traits=traits) == expected


@pytest.mark.parametrize(
    ("carted", "expected"),
    [
        (False, "Visitors who met the same products often came to this"),
        (True, "Visitors who met the same products often put this into their cart"),
    ],
)
def test_what_several_products_lead_to_names_none_of_them(carted: bool, expected: str) -> None:
    assert sentence("followed", carted=carted, origin=-1) == expected


def test_traits_are_told_after_the_sentence() -> None:
    text = sentence("recalled", traits=["same_brand", "cheaper", "complement", "unheard of"])

    assert text.endswith(" (same brand, cheaper, goes with “Product 3”)")


@pytest.mark.parametrize(
    ("strategy", "start", "expected"),
    [
        ("viewed_together", 3, "Looked at together with “Product 3”"),
        ("viewed_together", -1, "Looked at together with what is on display"),
        ("cheaper", 3, "Cheaper than “Product 3”, same category"),
        ("chosen", 3, "Chosen by the shop"),
        ("unheard of", 3, "Selected by a rule of the shop"),
    ],
)
def test_a_rule_tells_what_it_selects(strategy: str, start: int, expected: str) -> None:
    assert sentence("rule", traits=[strategy], start=start) == expected


def test_every_strategy_has_its_reason() -> None:
    assert SELECTED.keys() == STRATEGIES.keys()


def test_exploration_is_told_as_such() -> None:
    assert sentence("followed", explored=True) == "Shown to learn from: drawn evenly from all that suits."


def test_a_product_gone_from_the_catalog_is_not_named() -> None:
    assert sentence("followed", origin=99) == "Visitors who met the same products often came to this"


def test_every_trait_of_a_relation_has_words() -> None:
    assert TRAITS.keys() == {
        "same_category",
        "same_brand",
        "cheaper",
        "dearer",
        "similar_price",
        "complement",
        "newer",
    }


@pytest.mark.parametrize(("view", "cart", "expected"), [(0.3, 0.1, True), (0.3, 0.09, False), (0.0, 0.0, False)])
def test_a_third_of_the_views_makes_it_likely_carted(view: float, cart: float, expected: bool) -> None:
    assert likely_carted(view=view, cart=cart) == expected
