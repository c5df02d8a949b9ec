"""What two campaigns cannot both have."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from objectives.campaigns import CampaignInForce, Order
from objectives.conflicts import Conflict, conflicts
from objectives.selection import ProductSelection
from tests.objectives.shelves import NOW, facts

SHELF = replace(facts(4, brand=[0, 0, 1, 1]), brands=["Wilson", "Head"])
WILSON, HEAD = (ProductSelection(brands=(brand,)) for brand in ("Wilson", "Head"))


def item(position: int) -> ProductSelection:
    return ProductSelection(item_ids=(f"P{position}",))


def pin(position: int, *, place: int) -> Order:
    return Order(id=position, kind="pin", products=item(position), place=place)


def campaign(number: int = 1, **fields: Any) -> CampaignInForce:
    return CampaignInForce(**{"id": number, "name": str(number)} | fields)


def told(one: CampaignInForce, other: CampaignInForce) -> list[tuple[str, list[int], int]]:
    found: list[Conflict] = conflicts(one, [other], facts=SHELF, now=NOW)
    assert {conflict.other for conflict in found} <= {other.id}
    return [(conflict.kind.value, conflict.products.tolist(), conflict.place) for conflict in found]


EXCLUDING = Order(id=9, kind="exclude", products=WILSON)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ({"orders": (pin(0, place=1),)}, {"orders": (pin(1, place=1),)}, [("same_place", [0, 1], 1)]),
        ({"orders": (pin(0, place=1),)}, {"orders": (pin(0, place=1),)}, []),
        ({"orders": (pin(0, place=1),)}, {"orders": (pin(0, place=2),)}, [("same_product", [0], 0)]),
        ({"orders": (pin(0, place=1),)}, {"orders": (EXCLUDING,)}, [("same_product", [0], 0)]),
        ({"orders": (EXCLUDING,)}, {"orders": (pin(1, place=1),)}, [("same_product", [1], 0)]),
        ({"orders": (pin(2, place=1),)}, {"orders": (EXCLUDING,)}, []),
        ({"scope": "only", "promoted": WILSON}, {"scope": "only", "promoted": HEAD}, [("both_alone", [0, 1, 2, 3], 0)]),
        ({"scope": "only", "promoted": WILSON}, {"scope": "only", "promoted": item(1)}, []),
        ({"scope": "favoured", "promoted": item(1)}, {"orders": (EXCLUDING,)}, [("withdrawn", [1], 0)]),
        ({"orders": (EXCLUDING,)}, {"scope": "favoured", "promoted": WILSON}, [("withdrawn", [0, 1], 0)]),
        ({}, {"orders": (EXCLUDING,)}, []),
    ],
)
def test_what_only_one_can_have_is_named(one: dict[str, Any], other: dict[str, Any], expected: list[Any]) -> None:
    assert told(campaign(1, **one), campaign(2, **other)) == expected


@pytest.mark.parametrize(
    "apart",
    [
        ({"zones": frozenset({"home"})}, {"zones": frozenset({"cart"})}),
        ({"ends": NOW}, {"starts": NOW}),
    ],
)
def test_campaigns_that_never_meet_are_at_peace(apart: tuple[dict[str, Any], dict[str, Any]]) -> None:
    one, other = ({"orders": (pin(place, place=1),), **fields} for place, fields in enumerate(apart))

    assert told(campaign(1, **one), campaign(2, **other)) == []


def test_a_campaign_is_at_peace_with_itself() -> None:
    one, saved = campaign(orders=(pin(0, place=1),)), campaign(orders=(pin(1, place=1),))

    assert conflicts(one, [saved], facts=SHELF, now=NOW) == []
