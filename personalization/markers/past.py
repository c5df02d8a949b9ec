"""Past: what the visitor's earlier visits say of this one; every marker needs consent."""

from __future__ import annotations

from collections.abc import Callable
from math import hypot, log1p
from operator import mul
from typing import TYPE_CHECKING, Final

import numpy as np

from personalization.markers.definition import Marker, Scale, _
from personalization.markers.intent import FOCUS

if TYPE_CHECKING:
    from personalization.markers.live_visit import LiveVisit
    from personalization.markers.lived import History, LivedEvent

_DAY: Final = 86_400.0

_COUNT_HIGH: Final = log1p(1e6)
_MONEY_HIGH: Final = log1p(1e9)
_DAYS_HIGH: Final = log1p(36_500.0)

# Of someone whose last visit or order is not known, recency says neither "yesterday" nor "years ago".
_VISIT_NEUTRAL: Final = log1p(30.0)
_ORDER_NEUTRAL: Final = log1p(90.0)
# Nor is an order of someone who never ordered worth nothing.
_ORDER_VALUE_NEUTRAL: Final = log1p(50.0)


class Past:
    """The history known at the visit's first event, and how much of it today's products meet again."""

    __slots__ = ("_known", "_today", "focus", "met_again")

    def __init__(self) -> None:
        self.focus: list[float] = []  # (32,) of unit length: where past products point, or empty
        self.met_again = 0  # products of today that past visits met
        self._today: set[int] = set()  # catalog positions met in this visit
        self._known: frozenset[int] = frozenset()  # catalog positions met in past visits

    @property
    def known_share(self) -> float:
        return self.met_again / len(self._today) if self._today else 0.0

    def fold(self, event: LivedEvent, visit: LiveVisit) -> None:
        if visit.count == 1:
            self._remember(visit.context.history, visit)
        if event.name in FOCUS:
            for item in event.items:
                self._meet(item.product)

    def _remember(self, history: History, visit: LiveVisit) -> None:
        self._known = frozenset(product for product, _weight in history.products)
        self.focus = _focus(history, visit)

    def _meet(self, product: int) -> None:
        if product >= 0 and product not in self._today:
            self._today.add(product)
            self.met_again += product in self._known


def _focus(history: History, visit: LiveVisit) -> list[float]:
    """Where the weighted products of the past point, of unit length; empty when that is nowhere."""
    coordinates = visit.landscape.coordinates
    known = [(product, weight) for product, weight in history.products if 0 <= product < len(coordinates)]
    if not known:
        return []
    places = coordinates[[product for product, _weight in known]].astype(np.float64)
    weights = np.array([[weight] for _product, weight in known])
    sums = (places * weights).sum(axis=0).tolist()  # row after row: the same floats on every machine
    length = hypot(*sums)
    return [x / length for x in sums] if length > 0.0 else []


def _log_days(since: float, visit: LiveVisit, unknown: float) -> float:
    """Days from then to the visit's beginning; unknown when either never was."""
    if since <= 0.0 or visit.first is None:
        return unknown
    return min(log1p(max(0.0, visit.first.at - since) / _DAY), _DAYS_HIGH)


def _visits(visit: LiveVisit) -> float:
    return min(log1p(visit.context.history.visits), _COUNT_HIGH)


def _days_since_visit(visit: LiveVisit) -> float:
    return _log_days(visit.context.history.last_visit_at, visit, _VISIT_NEUTRAL)


def _days_since_order(visit: LiveVisit) -> float:
    return _log_days(visit.context.history.last_order_at, visit, _ORDER_NEUTRAL)


def _orders(visit: LiveVisit) -> float:
    return min(log1p(visit.context.history.orders), _COUNT_HIGH)


def _revenue(visit: LiveVisit) -> float:
    return min(log1p(max(0.0, visit.context.history.revenue)), _MONEY_HIGH)


def _order_value(visit: LiveVisit) -> float:
    history = visit.context.history
    if history.orders <= 0:
        return _ORDER_VALUE_NEUTRAL
    return min(log1p(max(0.0, history.revenue) / history.orders), _MONEY_HIGH)


def _abandoned_carts(visit: LiveVisit) -> float:
    return min(log1p(visit.context.history.abandoned_carts), _COUNT_HIGH)


def _conversion(visit: LiveVisit) -> float:
    history = visit.context.history
    return min(history.orders / history.visits, 1.0) if history.visits > 0 else 0.0


def _tenure(visit: LiveVisit) -> float:
    return _log_days(visit.context.history.first_visit_at, visit, 0.0)


def _events_per_visit(visit: LiveVisit) -> float:
    history = visit.context.history
    return min(log1p(history.events / history.visits), _COUNT_HIGH) if history.visits > 0 else 0.0


def _known_share(visit: LiveVisit) -> float:
    return visit.past.known_share


def _focus_distance(visit: LiveVisit) -> float:
    past, today = visit.past.focus, visit.intent.recent
    if not past:
        return 1.0
    return max(0.0, min(2.0, 1.0 - sum(map(mul, past, today), 0.0)))


def _marker(name: str, scale: Scale, meaning: str, compute: Callable[[LiveVisit], float]) -> Marker:
    return Marker(f"history_{name}", "history", *scale, meaning, compute, needs_consent=True)


_COUNT: Final = Scale("log count", 0.0, _COUNT_HIGH, 0.0)
_MONEY: Final = Scale("log money", 0.0, _MONEY_HIGH, 0.0)
_ORDER_VALUE: Final = Scale("log money", 0.0, _MONEY_HIGH, _ORDER_VALUE_NEUTRAL)
_SHARE: Final = Scale("share", 0.0, 1.0, 0.0)
_TENURE_DAYS: Final = Scale("log days", 0.0, _DAYS_HIGH, 0.0)
_SINCE_VISIT: Final = Scale("log days", 0.0, _DAYS_HIGH, _VISIT_NEUTRAL)
_SINCE_ORDER: Final = Scale("log days", 0.0, _DAYS_HIGH, _ORDER_NEUTRAL)
_DISTANCE: Final = Scale("cosine distance", 0.0, 2.0, 1.0)

MARKERS: Final[tuple[Marker, ...]] = (
    _marker("visits", _COUNT, _("Visits this visitor made before."), _visits),
    _marker("days_since_visit", _SINCE_VISIT, _("Days since the visitor's last visit."), _days_since_visit),
    _marker("days_since_order", _SINCE_ORDER, _("Days since the visitor's last order."), _days_since_order),
    _marker("orders", _COUNT, _("Orders this visitor placed before."), _orders),
    _marker("revenue", _MONEY, _("What the visitor spent in past orders, all together."), _revenue),
    _marker("order_value", _ORDER_VALUE, _("What the visitor spent in an average past order."), _order_value),
    _marker(
        "abandoned_carts",
        _COUNT,
        _("Past visits that left products in the cart without an order."),
        _abandoned_carts,
    ),
    _marker("conversion", _SHARE, _("Share of the visitor's past visits that ended in an order."), _conversion),
    _marker("tenure", _TENURE_DAYS, _("Days since the visitor's first visit."), _tenure),
    _marker(
        "events_per_visit",
        _COUNT,
        _("How much the visitor does in an average past visit, in events."),
        _events_per_visit,
    ),
    _marker(
        "known_share",
        _SHARE,
        _("Share of today's products that the visitor already met in past visits."),
        _known_share,
    ),
    _marker(
        "focus_distance",
        _DISTANCE,
        _("How far today's interest is from that of past visits: 0 the same, 1 unrelated or unknown, 2 the opposite."),
        _focus_distance,
    ),
)
