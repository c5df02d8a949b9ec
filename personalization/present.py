"""The present: the page the visitor is looking at, lived as an event that is not stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import numpy as np

from catalog.facts import UNKNOWN, ProductFacts
from catalog.models import Store
from personalization.ingest.enrichment import PAGE_OF_EVENT, Shelf, enrich
from personalization.ingest.validation import RefusedEventError, terms_of, validate
from personalization.markers.lived import LivedEvent, LivedItem

SHOWN: Final = 24  # products of a listing that count as shown
_EVENT_ID: Final = "present"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Where the visitor is. Empty texts are unknown."""

    type: str = ""  # a PageType
    item_id: str = ""
    category: str = ""  # path of a category, “Sport > Tennis”
    search_term: str = ""


NO_PAGE: Final = Page()


def page_event(
    *, page: Page, shelf: Shelf, last: LivedEvent | None, now: datetime, shown: tuple[int, ...] = ()
) -> LivedEvent | None:
    """The event of looking at the page; None when it says nothing, or the visit's last event already told.

    Args:
        page: where the visitor is.
        shelf: the store's products.
        last: the visit's last event.
        now: the instant of the request.
        shown: catalog positions of the listing's products, when they are known.
    """
    at = now.timestamp()
    if last is not None and last.at > at:
        return None
    if page.item_id:
        return _item_event(page, shelf, last, at)
    if page.search_term:
        if last is not None and last.search_term == page.search_term:
            return None
        return LivedEvent(_EVENT_ID, "search", at, page="search", search_term=page.search_term, shown=shown[:SHOWN])
    if page.category:
        if last is not None and last.name == "view_item_list":
            return None
        shown = shown or _shelved(shelf.facts, page.category)
        return LivedEvent(_EVENT_ID, "view_item_list", at, page="category", shown=shown[:SHOWN])
    return None


def events_sent_along(*, store: Store, events: Sequence[Any], shelf: Shelf, now: datetime) -> list[LivedEvent]:
    """What a storefront itself remembers of the visit, in the order lived; what is not a valid event is left out."""
    terms = terms_of(store, now=now)
    lived = []
    for number, sent in enumerate(events):
        try:
            lived.append(enrich(validate(sent, terms=terms), number=number, shelf=shelf).event)
        except RefusedEventError:
            continue
    return sorted(lived, key=lambda event: (event.at, event.event_id))


def category_of(*, page: Page, facts: ProductFacts) -> int:
    """Index of the category the page is about, by its product or its path; −1 when unknown."""
    product = facts.positions.get(page.item_id, UNKNOWN)
    if product != UNKNOWN:
        return int(facts.category[product])
    try:
        return facts.category_paths.index(page.category)
    except ValueError:
        return UNKNOWN


def _item_event(page: Page, shelf: Shelf, last: LivedEvent | None, at: float) -> LivedEvent | None:
    if last is not None and any(item.item_id == page.item_id for item in last.items):
        return None
    name = "add_to_cart" if page.type == "added_to_cart" else "view_item"
    item = shelf.item({"item_id": page.item_id}, at=at)
    return LivedEvent(_EVENT_ID, name, at, page=PAGE_OF_EVENT[name], items=(item,), value=_value(name, item))


def _value(name: str, item: LivedItem) -> float:
    return item.price if name == "add_to_cart" else 0.0


def _shelved(facts: ProductFacts, path: str) -> tuple[int, ...]:
    """The first buyable products of the category of this path."""
    if path not in facts.category_paths:
        return ()
    here = facts.buyable & (facts.category == facts.category_paths.index(path))
    return tuple(np.flatnonzero(here)[:SHOWN].tolist())
