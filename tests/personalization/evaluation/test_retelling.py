"""How rows are told as a storefront's events."""

from __future__ import annotations

from typing import Any

import pytest

from personalization.evaluation.retelling import LONGEST_GAP, Manner, manner_of, retold
from personalization.evaluation.sessions import TrainingRow

AT = 1_700_000_000.0


def row(number: int, item_id: str, *, at: float = AT, session_id: str = "s1", **stated: Any) -> TrainingRow:
    return TrainingRow(number, session_id, item_id, at, **stated)


def events(*rows: TrainingRow) -> list[dict[str, Any]]:
    return [told.event for told in retold(rows, manner=manner_of(rows))]


def test_a_view_is_told_as_it_is() -> None:
    assert events(row(7, "racket")) == [
        {
            "event_id": "000000000007",
            "name": "view_item",
            "timestamp": AT,
            "visitor_id": "session s1",
            "session_id": "s1",
            "items": [{"item_id": "racket"}],
        }
    ]


def test_a_purchase_among_views_is_an_order_of_its_own() -> None:
    _viewed, bought = events(row(0, "racket"), row(1, "racket", visitor_id="ada", event="purchase", price=9.9))

    assert (bought["name"], bought["transaction_id"], bought["visitor_id"]) == ("purchase", "000000000001", "ada")
    assert bought["items"] == [{"item_id": "racket", "price": 9.9}]


def test_a_receipt_is_its_lines_put_into_the_cart_then_bought_together() -> None:
    told = events(
        row(0, "racket", event="purchase", price=50.0, quantity=2),
        row(1, "balls", event="purchase", price=5.0),
        row(2, "net", event="purchase", session_id="s2"),
    )

    assert [(event["name"], [item["item_id"] for item in event["items"]]) for event in told] == [
        ("add_to_cart", ["racket"]),
        ("add_to_cart", ["balls"]),
        ("purchase", ["racket", "balls"]),
        ("add_to_cart", ["net"]),
        ("purchase", ["net"]),
    ]
    assert told[2]["items"][0] == {"item_id": "racket", "price": 50.0, "quantity": 2}
    assert len({event["event_id"] for event in told}) == 5


def test_events_of_one_instant_keep_the_order_of_the_file_as_text_orders_their_ids() -> None:
    rows = [row(number, f"i{number}", event="purchase") for number in range(8, 112)]

    told = events(*rows)

    assert sorted(told, key=lambda event: (event["timestamp"], event["event_id"])) == told


def test_an_order_longer_than_an_event_may_be_is_several() -> None:
    told = events(*(row(number, f"i{number}", event="purchase") for number in range(450)))

    orders = [event for event in told if event["name"] == "purchase"]
    assert [len(order["items"]) for order in orders] == [200, 200, 50]
    assert len({order["transaction_id"] for order in orders}) == 3


def test_what_was_given_back_is_in_no_order() -> None:
    told = events(row(0, "racket", event="purchase"), row(1, "net", event="refund"))

    assert [event["name"] for event in told] == ["add_to_cart", "refund", "purchase"]
    assert told[-1]["items"] == [{"item_id": "racket"}]


@pytest.mark.parametrize(
    ("names", "lived_as"),
    [
        (["view_item", "view_item", "add_to_cart"], "view_item"),
        (["view_item", "add_to_cart", "add_to_cart"], "add_to_cart"),
        (["purchase", "purchase", "view_item"], "view_item"),
        (["purchase", "purchase"], "add_to_cart"),
    ],
)
def test_a_query_is_lived_as_what_the_file_shows_most(names: list[str], lived_as: str) -> None:
    assert manner_of([row(n, "racket", event=name) for n, name in enumerate(names)]).event == lived_as


def test_a_query_keeps_the_pace_of_the_file() -> None:
    pace = [row(n, "racket", at=AT + seconds) for n, seconds in enumerate((0, 10, 40, 41))]
    later = [row(9, "racket", at=AT + 90_000, session_id="s2")]  # of another session

    assert manner_of([*pace, *later]).gap == 10
    assert manner_of([row(0, "racket"), row(1, "net")]).gap == 0
    assert manner_of([row(0, "racket"), row(1, "net", at=AT + 86_400)]).gap == LONGEST_GAP
    assert manner_of([row(0, "racket")]) == Manner(receipts=False, event="view_item", gap=0.0)


def test_a_query_takes_as_many_of_an_item_as_the_file_usually_does() -> None:
    told = [row(n, "racket", quantity=quantity) for n, quantity in enumerate((1, 12, 6, None))]

    assert manner_of([*told, row(9, "net")]).quantities == {"racket": 6}
