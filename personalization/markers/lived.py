"""What was lived: events as markers read them, with the facts of their products as they were at that instant.

An event is packed once, at ingest, and unpacked wherever a visit is read: live, in a rebuild, in the admin. Because
the facts travel inside, a later price change rewrites no past.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from typing import Any, Final

import orjson

UNKNOWN: Final = -1

# Kinds of page, in the order used wherever pages are counted.
PAGES: Final = (
    "home",
    "category",
    "search",
    "product",
    "cart",
    "checkout",
    "confirmation",
    "account",
    "content",
    "other",
)


class UnreadableEventError(ValueError):
    """The packed bytes are not an event of a format this version knows."""


@dataclass(frozen=True, slots=True)
class LivedItem:
    """A product as an event met it. Money is in the store's currency."""

    item_id: str
    product: int = UNKNOWN  # catalog position, −1 when the catalog does not know it
    quantity: int = 1  # units the event is about
    price: float = 0.0  # unit price then asked, 0 when unknown
    list_price: float = 0.0  # unit price before any sale, 0 when unknown
    cost: float = 0.0  # unit cost of goods sold, 0 when unknown
    stock: int = UNKNOWN  # units in stock, −1 when unknown
    categories: tuple[int, ...] = ()  # category ids from the root to the leaf
    brand: str = ""
    price_rank: float = 0.5  # share of its leaf category's products that cost less, 0.5 when unknown
    age_days: float = -1.0  # days since launch, −1 when unknown
    rating: float = -1.0  # 0 … 5, −1 when unknown
    index: int = UNKNOWN  # position in the list it was taken from


@dataclass(frozen=True, slots=True)
class LivedEvent:
    """One event of a visit."""

    event_id: str
    name: str  # GA4 name
    at: float  # seconds since 1970-01-01 UTC
    page: str = "other"  # one of PAGES
    items: tuple[LivedItem, ...] = ()  # empty for lists and promotions, see `shown`
    shown: tuple[int, ...] = ()  # catalog positions shown by view_item_list and view_promotion
    value: float = 0.0  # the event's `value`
    search_term: str = ""
    search_results: int = UNKNOWN
    scroll: float = -1.0  # share of the page seen, −1 when unknown
    engagement: float = -1.0  # seconds the page was in the foreground, −1 when unknown
    transaction_id: str = ""
    coupon: str = ""
    shipping: float = 0.0
    list_id: str = ""
    path: str = ""  # path and query of the page's address
    referrer: str = ""  # host that led here, empty when none or the store itself
    device: str = ""  # mobile, desktop or tablet
    language: str = ""  # BCP 47, for example fr-FR
    source: str = ""
    medium: str = ""
    campaign: str = ""


@dataclass(frozen=True, slots=True)
class History:
    """What was known of a visitor's past when the visit began. All zero and empty without consent."""

    visits: int = 0
    events: int = 0
    orders: int = 0
    revenue: float = 0.0
    abandoned_carts: int = 0
    first_visit_at: float = 0.0  # seconds since 1970, 0 when there is none
    last_visit_at: float = 0.0
    last_order_at: float = 0.0
    products: tuple[tuple[int, float], ...] = field(default=())  # (catalog position, weight): past focus, newest first

    def to_json(self) -> dict[str, Any]:
        return {f.name: getattr(self, f.name) for f in fields(self)}

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> History:
        known = {f.name: stored[f.name] for f in fields(cls) if f.name in stored}
        if "products" in known:
            known["products"] = tuple((int(product), float(weight)) for product, weight in known["products"])
        return cls(**known)


PACKING_VERSION: Final = 1
_ITEM_FIELDS: Final = tuple(f.name for f in fields(LivedItem))
_EVENT_FIELDS: Final = tuple(f.name for f in fields(LivedEvent) if f.name != "items")
# Where what is packed lies, for statements that read it: `-> 1 -> place`; of an item `-> 2 -> number -> place`.
EVENT_PLACES: Final = {name: place for place, name in enumerate(_EVENT_FIELDS)}
ITEM_PLACES: Final = {name: place for place, name in enumerate(_ITEM_FIELDS)}


def pack(event: LivedEvent) -> bytes:
    """The event as compact JSON: a version, its fields in order, then its items' fields in order."""
    return orjson.dumps(
        [
            PACKING_VERSION,
            [getattr(event, name) for name in _EVENT_FIELDS],
            [[getattr(item, name) for name in _ITEM_FIELDS] for item in event.items],
        ]
    )


def unpack(packed: bytes | memoryview) -> LivedEvent:
    """The event that `pack` was given, float for float.

    Raises:
        UnreadableEventError: the bytes are of another version.
    """
    version, event, items = orjson.loads(packed)
    if version != PACKING_VERSION:
        raise UnreadableEventError(f"packing version: expected {PACKING_VERSION}, got {version!r}")
    named = dict(zip(_EVENT_FIELDS, event, strict=True))
    named["shown"] = tuple(named["shown"])
    return LivedEvent(**named, items=tuple(_item(values) for values in items))


def products_of(packed: bytes | memoryview) -> tuple[str, list[int]]:
    """An event's name and the catalog positions of its items, without unpacking the rest."""
    _version, event, items = orjson.loads(packed)
    return event[EVENT_PLACES["name"]], [item[ITEM_PLACES["product"]] for item in items]


def in_order(packed: Iterable[bytes | memoryview]) -> list[LivedEvent]:
    """A visit's events in the one order in which they are folded, whatever the database's collation."""
    return sorted(map(unpack, packed), key=lambda event: (event.at, event.event_id))


def _item(values: list[Any]) -> LivedItem:
    named = dict(zip(_ITEM_FIELDS, values, strict=True))
    named["categories"] = tuple(named["categories"])
    return LivedItem(**named)
