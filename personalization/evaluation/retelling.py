"""Retelling: a file's rows as a storefront would have sent them, and how a query's items are told alike.

A file of nothing but purchases is a box of receipts: of each visit it keeps what was bought, all lines at one
instant. A storefront that sold them would have sent each line as it went into the cart, and the order at the end;
so are they retold. Otherwise a past basket would be a row of orders of which nothing was ever in focus or in a
cart, and no situation of today's basket could be recognised in it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median, median_low
from typing import Any, Final

from personalization.evaluation.sessions import TrainingRow

LONGEST_GAP: Final = 1500.0  # seconds: a query is one visit, whatever the file's times
_ORDER_LINES: Final = 200  # an event holds no more
_SETTLEMENTS: Final = frozenset({"purchase", "refund"})
# What a query's items may be lived as: other events tell that a list was shown or a cart was opened.
_MEETING: Final = ("view_item", "select_item", "add_to_wishlist", "add_to_cart")


@dataclass(frozen=True, slots=True)
class Told:
    """An event, and the row it tells of (of a whole order: its last line)."""

    event: dict[str, Any]
    row: TrainingRow


@dataclass(frozen=True, slots=True)
class Manner:
    """How visits go in a file, so that a query, of which only the items are known, is lived the same way.

    Attributes:
        receipts: the file knows nothing but purchases.
        event: the file's most frequent event that meets a product; a query's items are lived as that one.
        gap: median seconds between neighbouring rows of a session, at most LONGEST_GAP.
        quantities: by item id, the median quantity of its rows that state one; a query's items are taken by as many.
    """

    receipts: bool
    event: str
    gap: float
    quantities: Mapping[str, int] = field(default_factory=dict)


def manner_of(rows: Sequence[TrainingRow]) -> Manner:
    """How the visits of these rows go."""
    counts = Counter(row.event for row in rows)
    receipts = set(counts) <= _SETTLEMENTS
    # Of receipts the lines are told as they went into the cart; so is a query, which is a basket so far.
    event = "add_to_cart" if receipts else max(_MEETING, key=lambda name: counts[name])
    return Manner(receipts=receipts, event=event, gap=_gap(rows), quantities=_quantities(rows))


def retold(rows: Iterable[TrainingRow], *, manner: Manner) -> Iterator[Told]:
    """The rows as events, in their order; of receipts each session's order after its last line."""
    if not manner.receipts:
        yield from (Told(sent(row, name=row.event), row) for row in rows)
        return
    rows = list(rows)
    last = {row.session_id: row.number for row in rows}
    orders: dict[str, list[TrainingRow]] = {}
    for row in rows:
        bought = row.event == "purchase"
        yield Told(sent(row, name="add_to_cart" if bought else row.event), row)
        if bought:
            orders.setdefault(row.session_id, []).append(row)
        if last[row.session_id] == row.number and row.session_id in orders:
            yield from _orders(orders.pop(row.session_id))


def sent(row: TrainingRow, *, name: str) -> dict[str, Any]:
    """One row as a storefront would send it."""
    # Events of one instant are ordered by their ids, as text: padded, they keep the order of the file.
    event_id = f"{row.number:012d}"
    told: dict[str, Any] = {
        "event_id": event_id,
        "name": name,
        "timestamp": row.at,
        "visitor_id": row.visitor_id or f"session {row.session_id}",
        "session_id": row.session_id,
        "items": [_item(row)],
    }
    return told | {"transaction_id": event_id} if name in _SETTLEMENTS else told


def _orders(lines: list[TrainingRow]) -> Iterator[Told]:
    """The session's order, in as few purchases as hold its lines."""
    last = lines[-1]
    for start in range(0, len(lines), _ORDER_LINES):
        order = sent(last, name="purchase")
        order["event_id"] = order["transaction_id"] = f"{order['event_id']}p{start:06d}"  # after the line of that id
        order["timestamp"] = max(row.at for row in lines)
        order["items"] = [_item(row) for row in lines[start : start + _ORDER_LINES]]
        yield Told(order, last)


def _item(row: TrainingRow) -> dict[str, Any]:
    stated = {"item_id": row.item_id, "price": row.price, "quantity": row.quantity}
    return {name: value for name, value in stated.items() if value is not None}


def _quantities(rows: Iterable[TrainingRow]) -> dict[str, int]:
    stated: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        if row.quantity is not None:
            stated[row.item_id].append(row.quantity)
    return {item_id: median_low(quantities) for item_id, quantities in stated.items()}


def _gap(rows: Iterable[TrainingRow]) -> float:
    before: dict[str, float] = {}
    gaps: list[float] = []
    for row in rows:
        if row.session_id in before:
            gaps.append(row.at - before[row.session_id])
        before[row.session_id] = row.at
    return min(max(median(gaps), 0.0), LONGEST_GAP) if gaps else 0.0
