"""The visit as markers read it: events folded in one by one, each family keeping what its markers need.

The same class serves the live answer, the rebuild of a memory and the admin: folding the same events gives
the same floats everywhere, bit for bit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from personalization.markers.arrival import Arrival
from personalization.markers.cart import Cart
from personalization.markers.choice import Choice
from personalization.markers.intent import Intent
from personalization.markers.lived import History, LivedEvent
from personalization.markers.moment import Moment
from personalization.markers.offer import Offer
from personalization.markers.past import Past
from personalization.markers.path import Path
from personalization.markers.price import Price
from personalization.markers.rhythm import Rhythm
from personalization.markers.search import Search


class Landscape(Protocol):
    """What a generation knows of every product, by catalog position."""

    @property
    def coordinates(self) -> NDArray[np.float32]:
        """(products, 32): where each product stands; rows of unit length, or zero where nothing is known."""

    @property
    def popularity(self) -> NDArray[np.float32]:
        """(products,) in [0, 1]: percentile rank of recent views; 0 when never viewed."""


@dataclass(frozen=True, slots=True)
class VisitContext:
    """What holds for the whole visit."""

    time_zone: ZoneInfo
    country: str = "FR"  # ISO 3166-1, whose holidays count
    language: str = "fr"  # the store's own language
    free_shipping_from: float = 0.0  # 0 when the store has no threshold
    consent: bool = True
    history: History = field(default_factory=History)


class LiveVisit:
    """A visit up to its last folded event.

    Every family has a small state (`visit.cart`, `visit.path` …) with one method, `fold(event, visit)`,
    called once an event in the order of the vector's families; a state may read those folded before it.
    Folding costs constant (amortised) time an event, so a rebuild that takes a situation after each event
    stays linear.
    """

    __slots__ = (
        "arrival",
        "cart",
        "choice",
        "context",
        "count",
        "first",
        "intent",
        "landscape",
        "last",
        "moment",
        "offer",
        "past",
        "path",
        "price",
        "rhythm",
        "search",
        "shown",
    )

    def __init__(self, *, context: VisitContext, landscape: Landscape, events: Iterable[LivedEvent] = ()) -> None:
        self.context = context
        self.landscape = landscape
        self.count = 0  # events folded
        self.first: LivedEvent | None = None
        self.last: LivedEvent | None = None
        self.shown: Counter[int] = Counter()  # catalog position → times that a list or a promotion showed it
        # Annotated, because the families' own modules read these through the cycle of their types.
        self.moment: Moment = Moment()
        self.arrival: Arrival = Arrival()
        self.rhythm: Rhythm = Rhythm()
        self.path: Path = Path()
        self.search: Search = Search()
        self.price: Price = Price()
        self.cart: Cart = Cart()
        self.choice: Choice = Choice()
        self.offer: Offer = Offer()
        self.past: Past = Past()
        self.intent: Intent = Intent()
        for event in events:
            self.fold(event)

    def fold(self, event: LivedEvent) -> None:
        """Live through one more event; events come in the order of (at, event_id)."""
        if self.first is None:
            self.first = event
        self.last = event
        self.count += 1
        if event.shown:
            self.shown.update(event.shown)
        self.moment.fold(event, self)
        self.arrival.fold(event, self)
        self.rhythm.fold(event, self)
        self.path.fold(event, self)
        self.search.fold(event, self)
        self.price.fold(event, self)
        self.cart.fold(event, self)
        self.choice.fold(event, self)
        self.offer.fold(event, self)
        self.past.fold(event, self)
        self.intent.fold(event, self)
