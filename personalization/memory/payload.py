"""What followed a past situation, packed beside its vector so that one query answers recall.

A payload is a run of 13-byte records. First the focus, the products last met before the situation, newest first
(kind FOCUS); then what happened afterwards in the visit, one record a product and kind, in the order lived.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from personalization.markers.lived import LivedEvent

FOCUS, VIEW, CART, PURCHASE = 0, 1, 2, 3

RECORD = np.dtype([("product", "<i4"), ("kind", "u1"), ("delay", "<f4"), ("value", "<f4")])

FOCUS_PRODUCTS = 3
OUTCOMES = 24  # later ones are left out: they say little of this situation

KINDS = {"view_item": VIEW, "select_item": VIEW, "add_to_cart": CART, "purchase": PURCHASE}


@dataclass(frozen=True, slots=True)
class Happening:
    """One product and what was done to it at an instant."""

    product: int
    kind: int  # VIEW, CART or PURCHASE
    at: float  # seconds since 1970
    value: float  # unit price × quantity, money


def happenings(event: LivedEvent) -> list[Happening]:
    """What an event does to products of the catalog; empty for events that touch none."""
    kind = KINDS.get(event.name)
    if kind is None:
        return []
    return [
        Happening(item.product, kind, event.at, item.price * item.quantity) for item in event.items if item.product >= 0
    ]


def pack(*, focus: list[int], followed: list[Happening], at: float) -> bytes:
    """The payload of a situation taken at `at`. `focus` newest first; `followed` in the order lived."""
    first: dict[tuple[int, int], Happening] = {}
    for happening in followed:
        first.setdefault((happening.product, happening.kind), happening)
        if len(first) == OUTCOMES:
            break
    focus = focus[:FOCUS_PRODUCTS]
    records = np.zeros(len(focus) + len(first), RECORD)
    for row, product in enumerate(focus):
        records[row] = (product, FOCUS, 0.0, 0.0)
    for row, happening in enumerate(first.values(), start=len(focus)):
        records[row] = (happening.product, happening.kind, happening.at - at, happening.value)
    return records.tobytes()


def unpack(payloads: list[bytes]) -> tuple[NDArray[np.void], NDArray[np.int64]]:
    """Every record of the payloads, RECORD (r,), and which payload each belongs to, int64 (r,)."""
    lengths = np.array([len(payload) for payload in payloads], dtype=np.int64) // RECORD.itemsize
    records = np.frombuffer(b"".join(payloads), RECORD)
    return records, np.repeat(np.arange(len(payloads)), lengths)
