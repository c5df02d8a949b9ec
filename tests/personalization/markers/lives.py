"""Visits of any valid shape, for laws that hold for all of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from personalization.markers.live_visit import LiveVisit, VisitContext
from personalization.markers.lived import PAGES, History, LivedEvent, LivedItem

from .visits import START

EVENT_NAMES: Final = (
    "page_view", "view_item_list", "select_item", "view_item", "add_to_cart", "remove_from_cart",
    "add_to_wishlist", "view_cart", "begin_checkout", "add_shipping_info", "add_payment_info", "purchase",
    "refund", "search",
    "view_promotion", "select_promotion",
)  # fmt: skip
PRODUCTS: Final = 200
DAY: Final = 86_400.0


@dataclass(frozen=True, slots=True)
class WideLandscape:
    """Products all over the space, none on an axis."""

    coordinates: NDArray[np.float32]
    popularity: NDArray[np.float32]


def _wide_landscape() -> WideLandscape:
    rng = np.random.default_rng(7)
    places = rng.standard_normal((PRODUCTS, 32)).astype(np.float32)
    places /= np.linalg.norm(places, axis=1, keepdims=True)
    places[::50] = 0.0  # nothing is known of every fiftieth
    return WideLandscape(places, rng.random(PRODUCTS, dtype=np.float32))


LANDSCAPE: Final = _wide_landscape()


@dataclass(frozen=True, slots=True)
class Life:
    """One visit with its circumstances."""

    context: VisitContext
    events: tuple[LivedEvent, ...]

    def visit(self) -> LiveVisit:
        """The visit before its first event."""
        return LiveVisit(context=self.context, landscape=LANDSCAPE)

    def lived(self) -> LiveVisit:
        """The visit after its last event."""
        return LiveVisit(context=self.context, landscape=LANDSCAPE, events=self.events)


_money = st.floats(0, 1e7, allow_nan=False) | st.just(0.0) | st.sampled_from([0.01, 9.99, 49.9, 1e7])
_text = st.text(max_size=12) | st.sampled_from(["chaussures de tennis", "tennis", "café", "  "])
_position = st.integers(-1, PRODUCTS + 20)

items = st.builds(
    LivedItem,
    item_id=st.integers(0, 12).map(lambda number: f"P{number}"),
    product=_position,
    quantity=st.integers(1, 10_000),
    price=_money,
    list_price=_money,
    cost=_money,
    stock=st.integers(-1, 2_000_000_000),
    categories=st.lists(st.integers(1, 30), max_size=5, unique=True).map(tuple),
    brand=st.sampled_from(["", "Alba", "Borea", "Ciel"]),
    price_rank=st.floats(0, 1),
    age_days=st.just(-1.0) | st.floats(0, 40_000),
    rating=st.just(-1.0) | st.floats(0, 5),
    index=st.integers(-1, 2_000),
)

_event_fields: Final = {
    "name": st.sampled_from(EVENT_NAMES),
    "page": st.sampled_from(PAGES),
    "items": st.lists(items, max_size=4).map(tuple),
    "shown": st.lists(_position, max_size=12).map(tuple),
    "value": _money,
    "search_term": st.just("") | _text,
    "search_results": st.integers(-1, 100_000),
    "scroll": st.just(-1.0) | st.floats(0, 1),
    "engagement": st.just(-1.0) | st.floats(0, 1e6),
    "transaction_id": st.sampled_from(["", "T1", "T2"]),
    "coupon": st.sampled_from(["", "NOEL"]),
    "shipping": _money,
    "list_id": st.sampled_from(["", "related", "home"]),
    "path": st.sampled_from(["", "/", "/tennis?page=2", "/p/P3"]) | _text,
    "referrer": st.sampled_from(["", "www.google.fr", "m.facebook.com", "news.example"]) | _text,
    "device": st.sampled_from(["", "mobile", "desktop", "tablet"]),
    "language": st.sampled_from(["", "fr", "fr-FR", "en-GB", "zz"]) | _text,
    "source": st.sampled_from(["", "google", "newsletter"]) | _text,
    "medium": st.sampled_from(["", "cpc", "email", "organic", "affiliate"]) | _text,
    "campaign": _text,
}

_histories = st.just(History()) | st.builds(
    History,
    visits=st.integers(0, 10_000),
    events=st.integers(0, 10_000_000),
    orders=st.integers(0, 10_000),
    revenue=_money,
    abandoned_carts=st.integers(0, 10_000),
    first_visit_at=st.just(0.0) | st.floats(1.0, START + DAY),
    last_visit_at=st.just(0.0) | st.floats(1.0, START + DAY),
    last_order_at=st.just(0.0) | st.floats(1.0, START + DAY),
    products=st.lists(st.tuples(_position, st.floats(0, 100)), max_size=8).map(tuple),
)

_contexts = st.builds(
    VisitContext,
    time_zone=st.sampled_from([ZoneInfo(name) for name in ("Europe/Paris", "Pacific/Auckland", "UTC")]),
    country=st.sampled_from(["FR", "DE", "JP", ""]),
    language=st.sampled_from(["fr", "en", ""]),
    free_shipping_from=_money,
    consent=st.booleans(),
    history=_histories,
)


@st.composite
def lives(draw: st.DrawFn, *, consent: bool | None = None, max_events: int = 12) -> Life:
    """Any valid visit: every field at its ends, gaps from nothing to half an hour."""
    context = draw(_contexts)
    if consent is not None:
        context = replace(context, consent=consent)
    at = draw(st.floats(0.0, START + 365 * DAY))
    events = []
    for number in range(draw(st.integers(1, max_events))):
        at += draw(st.just(0.0) | st.floats(0.0, 1_800.0))
        fields = draw(st.fixed_dictionaries({}, optional=_event_fields))
        events.append(LivedEvent(**{"name": "view_item", **fields, "event_id": f"{number:03}", "at": at}))
    return Life(context, tuple(events))
