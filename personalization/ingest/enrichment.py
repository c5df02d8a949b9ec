"""From a clean event to what is lived: the facts of its products at that instant travel inside it.

The facts are those the catalog knows when the event is received: for a historical event they are today's
stock, cost and rating, with the sale price that was in force at its instant. A price that the event itself
states is what the visitor saw, and wins over the catalog's.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from math import isnan
from typing import Any, Final
from uuid import UUID

import numpy as np

from catalog.facts import ProductFacts
from personalization.ingest import addresses
from personalization.ingest.values import moment
from personalization.markers.lived import UNKNOWN, LivedEvent, LivedItem
from personalization.models.visit import visitor_key

# Events whose items were shown rather than met.
SHOWING: Final = frozenset({"view_item_list", "view_promotion", "select_promotion"})

# The kind of page an event tells by its name alone.
PAGE_OF_EVENT: Final = {
    "view_item_list": "category",
    "select_item": "category",
    "view_item": "product",
    "add_to_cart": "product",
    "add_to_wishlist": "product",
    "remove_from_cart": "cart",
    "view_cart": "cart",
    "begin_checkout": "checkout",
    "add_shipping_info": "checkout",
    "add_payment_info": "checkout",
    "purchase": "confirmation",
    "search": "search",
}
_NOTHING: Final[Mapping[str, Any]] = {}


@dataclass(frozen=True, slots=True)
class Enriched:
    """An event ready to be stored.

    Attributes:
        number: its place in the batch, from 0.
        revenue: what it adds to its visit's revenue, below 0 for a refund.
    """

    number: int
    visitor_key: str
    session_id: str
    consent: bool
    excluded: bool
    timestamp: datetime
    recommendation_id: UUID | None
    revenue: float
    event: LivedEvent


class Shelf:
    """One version of a store's products, as items of events need them; it remembers what it looked up."""

    def __init__(self, facts: ProductFacts, *, now: float) -> None:
        self.facts = facts
        self._now = now
        self._known: dict[int, tuple[Any, ...]] = {}
        self._prices: dict[int, list[float]] = {}

    def holds(self, facts: ProductFacts, *, now: float) -> bool:
        """Whether it is still true: of this version, and no sale began or ended since."""
        return facts is self.facts and self._now <= now < self._until

    def item(self, sent: Mapping[str, Any], *, at: float) -> LivedItem:
        """The item with its product's facts; what the catalog does not know comes from the event alone."""
        item_id = sent.get("item_id", "")
        position = self.facts.positions.get(item_id, UNKNOWN)
        if position == UNKNOWN:
            return LivedItem(
                item_id=item_id,
                quantity=sent.get("quantity", 1),
                price=sent.get("price", 0.0),
                brand=sent.get("item_brand", ""),
                index=sent.get("index", UNKNOWN),
            )
        list_price, cost, stock, category, lineage, brand, rating, launched_at = self._facts_of(position)
        price = sent.get("price")
        if price is None:
            price = self._price_at(position, at) or list_price
        return LivedItem(
            item_id=item_id,
            product=position,
            quantity=sent.get("quantity", 1),
            price=price,
            list_price=list_price,
            cost=cost,
            stock=stock,
            categories=lineage,
            brand=brand,
            price_rank=self._price_rank(category, price),
            age_days=max(0.0, at - launched_at) / 86_400 if launched_at > 0 else -1.0,
            rating=rating,
            index=sent.get("index", UNKNOWN),
        )

    def _facts_of(self, position: int) -> tuple[Any, ...]:
        """List price, cost, stock, category index, lineage, brand, rating and launch of a product."""
        known = self._known.get(position)
        if known is None:
            facts = self.facts
            brand, category = int(facts.brand[position]), int(facts.category[position])
            known = self._known[position] = (
                _amount(facts.list_price[position]),
                _amount(facts.cost[position]),
                int(facts.quantity[position]),
                category,
                facts.lineage(category),
                facts.brands[brand] if brand != UNKNOWN else "",
                round(_known_or(facts.rating[position], -1.0), 4),
                _known_or(facts.launched_at[position], 0.0),
            )
        return known

    def _price_at(self, position: int, at: float) -> float:
        """What the product cost at `at`, sales applied; 0 when unknown."""
        facts = self.facts
        if self._has_sales and facts.sale_starts[position] <= at < facts.sale_ends[position]:
            on_sale = _amount(facts.sale_price[position])
            if on_sale:
                return on_sale
        return 0.0

    def _price_rank(self, category: int, price: float) -> float:
        """Share of the other products of the category that cost less; 0.5 when nothing can be compared."""
        if category == UNKNOWN or price <= 0:
            return 0.5
        prices = self._prices.get(category)
        if prices is None:
            here = self._prices_now[(self.facts.category == category) & self.facts.listed]
            prices = self._prices[category] = sorted(round(float(p), 2) for p in here if p > 0)
        others = len(prices) - 1
        return round(min(1.0, bisect_left(prices, price) / others), 4) if others > 0 else 0.5

    @cached_property
    def _prices_now(self) -> np.ndarray[Any, np.dtype[np.float32]]:
        return self.facts.price_at(self._now)

    @cached_property
    def _has_sales(self) -> bool:
        return bool(np.any(~np.isnan(self.facts.sale_price)))

    @cached_property
    def _until(self) -> float:
        """The next instant at which a sale begins or ends."""
        turns = np.concatenate([self.facts.sale_starts, self.facts.sale_ends])
        coming = turns[turns > self._now]
        return float(coming.min()) if len(coming) else float("inf")


# What each store's shelf remembers, kept as long as its facts are true.
_shelves: dict[int, Shelf] = {}


def shelf_of(facts: ProductFacts, *, now: datetime) -> Shelf:
    """The shelf of these facts, the one this process used last if it still is true."""
    shelf = _shelves.get(facts.store_id)
    if shelf is None or not shelf.holds(facts, now=now.timestamp()):
        shelf = _shelves[facts.store_id] = Shelf(facts, now=now.timestamp())
    return shelf


def enrich(clean: dict[str, Any], *, number: int, shelf: Shelf) -> Enriched:
    """The event with the facts of its products, and what its visit needs to know of it."""
    consent = clean.get("consent", True)
    event = _lived(clean, shelf)
    visitor_id, session_id = clean.get("visitor_id", ""), clean.get("session_id", "")
    return Enriched(
        number=number,
        visitor_key=visitor_key(visitor_id=visitor_id, session_id=session_id, consent=consent),
        session_id=session_id,
        consent=consent,
        excluded=clean.get("staff", False) or clean.get("bot", False),
        timestamp=moment(event.at),
        recommendation_id=clean.get("recommendation_id"),
        revenue={"purchase": event.value, "refund": -event.value}.get(event.name, 0.0),
        event=event,
    )


def _lived(clean: dict[str, Any], shelf: Shelf) -> LivedEvent:
    name, at = clean["name"], clean["timestamp"]
    page, campaign = clean.get("page", _NOTHING), clean.get("campaign", _NOTHING)
    location = page.get("location", "")
    items = tuple([shelf.item(item, at=at) for item in clean["items"]])
    showing = name in SHOWING
    return LivedEvent(
        event_id=clean["event_id"],
        name=name,
        at=at,
        page=page.get("type") or _page(name, clean),
        items=() if showing else items,
        shown=tuple([item.product for item in items if item.product != UNKNOWN]) if showing else (),
        value=_value(clean, items),
        search_term=clean.get("search_term", ""),
        search_results=clean.get("search_results", UNKNOWN),
        scroll=clean.get("scroll_depth", -1.0),
        engagement=clean["engagement_ms"] / 1000 if "engagement_ms" in clean else -1.0,
        transaction_id=clean.get("transaction_id", ""),
        coupon=clean.get("coupon", ""),
        shipping=clean.get("shipping", 0.0),
        list_id=clean.get("item_list_id", ""),
        path=addresses.path_of(location) if location else "",
        referrer=addresses.referrer_of(page["referrer"], location=location) if page.get("referrer") else "",
        device=clean.get("device", _NOTHING).get("category", ""),
        language=clean.get("language", ""),
        source=campaign.get("source", ""),
        medium=campaign.get("medium", ""),
        campaign=campaign.get("name", ""),
    )


def _page(name: str, clean: dict[str, Any]) -> str:
    if name == "view_item_list" and clean.get("search_term"):
        return "search"
    return PAGE_OF_EVENT.get(name, "other")


def _value(clean: dict[str, Any], items: tuple[LivedItem, ...]) -> float:
    """The event's value; of a settlement that states none, what its items cost."""
    value = clean.get("value")
    if value is None and clean["name"] in ("purchase", "refund"):
        return round(sum(item.price * item.quantity for item in items), 2)
    return float(value or 0.0)


def _amount(money: Any) -> float:
    """Money of a float32 column to the cent, 0 when unknown."""
    return round(_known_or(money, 0.0), 2)


def _known_or(value: Any, unknown: float) -> float:
    number = float(value)
    return unknown if isnan(number) else number
