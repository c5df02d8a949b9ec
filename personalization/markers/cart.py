"""Cart: what it holds, how it grew and shrank, how near it is to the order, and what holds it back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from math import log, log1p
from typing import TYPE_CHECKING, Final

from personalization.markers.cart_lines import CartLines, line_of, lines_told
from personalization.markers.definition import Marker, Scale, _

if TYPE_CHECKING:
    from personalization.markers.live_visit import LiveVisit
    from personalization.markers.lived import LivedEvent

# How near to the order an event is, 0 being shopping. Those past it carry the whole cart when they carry items.
STAGES: Final = {
    "search": 0,
    "select_item": 0,
    "view_item": 0,
    "view_cart": 1,
    "begin_checkout": 2,
    "add_shipping_info": 3,
    "add_payment_info": 4,
}

_FRESH_SECONDS: Final = 120.0  # a change so long ago is half as fresh

_MONEY_HIGH: Final = log1p(1e9)
_COUNT_HIGH: Final = log1p(10_000)
_SECONDS_HIGH: Final = log1p(86_400)


@dataclass(slots=True, eq=False)
class Cart(CartLines):
    """The cart as the visit's events tell it.

    `view_cart` and the checkout's events say what the cart holds, which also tells of lines added in earlier
    visits; a purchase empties it.
    """

    adds: int = 0  # add_to_cart events
    removals: int = 0  # remove_from_cart events
    purchases: int = 0
    met: dict[str, float] = field(default_factory=dict)  # item id → when its page was first seen
    pondered: float = 0.0  # seconds from then until the product put in last went in
    coupon: bool = False  # a coupon was given in this visit
    filled_at: float = 0.0  # when the cart stopped being empty, 0 while it is
    changed_at: float = 0.0  # when a line last came, went or changed, 0 when never
    peak: float = 0.0  # the highest value since the last purchase
    looks: int = 0  # view_cart since the cart last changed or moved towards the order
    stage: int = 0  # how near to the order, of STAGES
    retreats: int = 0  # times the visitor went back to an earlier stage

    def fold(self, event: LivedEvent, visit: LiveVisit) -> None:
        name = event.name
        if event.coupon:
            self.coupon = True
        if name in STAGES:
            self._reach(STAGES[name], event)
        if name == "view_item":
            for item in event.items:
                self.met.setdefault(item.item_id, event.at)
        elif name == "add_to_cart":
            self._add(event)
        elif name == "remove_from_cart":
            self._remove(event)
        elif name == "purchase":
            self._purchase(event)

    def _reach(self, stage: int, event: LivedEvent) -> None:
        self.retreats += stage < self.stage
        if stage > 0:
            self._agree(event)
        if stage == 1:
            self.looks += 1
        elif stage > self.stage:
            self.looks = 0
        self.stage = stage

    def _add(self, event: LivedEvent) -> None:
        self.adds += 1
        for item in event.items:
            held = self.lines.get(item.item_id)
            quantity = max(1, item.quantity) + (held.quantity if held else 0)
            added_at = held.added_at if held else event.at
            self.put(item.item_id, line_of(item, quantity=quantity, added_at=added_at))
            self.pondered = max(0.0, event.at - self.met.get(item.item_id, event.at))
        self._changed(event.at)

    def _remove(self, event: LivedEvent) -> None:
        self.removals += 1
        for item in event.items:
            self.take(item.item_id, quantity=max(1, item.quantity))
        self._changed(event.at)

    def _agree(self, event: LivedEvent) -> None:
        """Make the cart what the storefront says it holds; an event without items says nothing."""
        told = lines_told(event.items, held=self.lines, at=event.at)
        if not told or told == self.lines:
            return
        before = {item_id: line.quantity for item_id, line in self.lines.items()}
        for item_id in before:  # in the order of the lines, so that the sums are the same in every process
            if item_id not in told:
                self.drop(item_id)
        for item_id, line in told.items():
            self.put(item_id, line)
        if before != {item_id: line.quantity for item_id, line in told.items()}:
            self._changed(event.at)  # other prices alone are no deed of the visitor

    def _purchase(self, event: LivedEvent) -> None:
        self.clear()
        self.purchases += 1
        self.stage = 0
        self.peak = 0.0
        self._changed(event.at)

    def _changed(self, at: float) -> None:
        self.changed_at = at
        self.looks = 0
        self.peak = max(self.peak, self.value)
        if not self.lines:
            self.filled_at = 0.0
        elif not self.filled_at:
            self.filled_at = at


def _share(part: float, whole: float, neutral: float = 0.0) -> float:
    return min(1.0, max(0.0, part / whole)) if whole > 0.0 else neutral


def _log_count(count: int) -> float:
    return min(log1p(count), _COUNT_HIGH)


def _units_per_line(visit: LiveVisit) -> float:
    cart = visit.cart
    return min(log(cart.units / len(cart.lines)), _COUNT_HIGH) if cart.lines else 0.0


def _saving(visit: LiveVisit) -> float:
    cart = visit.cart
    return min(log1p(max(0.0, cart.full_value - cart.value)), _MONEY_HIGH)


def _age(visit: LiveVisit) -> float:
    filled_at = visit.cart.filled_at
    if not filled_at or visit.last is None:
        return 0.0
    return min(log1p(max(0.0, visit.last.at - filled_at)), _SECONDS_HIGH)


def _freshness(visit: LiveVisit) -> float:
    changed_at = visit.cart.changed_at
    if not changed_at or visit.last is None:
        return 0.0
    return _FRESH_SECONDS / (_FRESH_SECONDS + max(0.0, visit.last.at - changed_at))


def _shipping_gap(visit: LiveVisit) -> float:
    threshold = visit.context.free_shipping_from
    return max(0.0, 1.0 - visit.cart.value / threshold) if threshold > 0.0 else 0.0


def _marker(name: str, scale: Scale, meaning: str, compute: Callable[[LiveVisit], float]) -> Marker:
    return Marker(f"cart_{name}", "cart", *scale, meaning, compute)


_MONEY: Final = Scale("log money", 0.0, _MONEY_HIGH, 0.0)
_COUNT: Final = Scale("log count", 0.0, _COUNT_HIGH, 0.0)
_SECONDS: Final = Scale("log seconds", 0.0, _SECONDS_HIGH, 0.0)
_SHARE: Final = Scale("share", 0.0, 1.0, 0.0)
_HALF: Final = Scale("share", 0.0, 1.0, 0.5)
_WHOLE: Final = Scale("share", 0.0, 1.0, 1.0)

MARKERS: Final[tuple[Marker, ...]] = (
    _marker(
        "value",
        _MONEY,
        _("How much the cart is worth."),
        lambda visit: min(log1p(visit.cart.value), _MONEY_HIGH),
    ),
    _marker(
        "units_per_line",
        _COUNT,
        _("How many units of each product the cart holds: 0 for one each, more when stocking up."),
        _units_per_line,
    ),
    _marker(
        "lines",
        _COUNT,
        _("How many different products the cart holds."),
        lambda visit: _log_count(len(visit.cart.lines)),
    ),
    _marker(
        "dearest_share",
        _WHOLE,
        _("How much of the cart's value its dearest line makes up: 1 when there are no others."),
        lambda visit: visit.cart.dearest_share,
    ),
    _marker(
        "category_concentration",
        _HALF,
        _("How much the cart keeps to one category: the chance that two of its products share it."),
        lambda visit: visit.cart.concentration,
    ),
    _marker(
        "price_level",
        _HALF,
        _("How dear the products in the cart are within their categories: 0 the cheapest, 1 the dearest."),
        lambda visit: _share(visit.cart.price_ranks, len(visit.cart.lines), 0.5),
    ),
    _marker(
        "discounted_share",
        _SHARE,
        _("How much of the cart's value is on sale."),
        lambda visit: _share(visit.cart.discounted, visit.cart.value),
    ),
    _marker(
        "saving",
        _MONEY,
        _("How much money the cart saves against the prices before any sale."),
        _saving,
    ),
    _marker(
        "adds",
        _COUNT,
        _("How many times something was put into the cart in this visit."),
        lambda visit: _log_count(visit.cart.adds),
    ),
    _marker(
        "removals",
        _COUNT,
        _("How many times something was taken out of the cart in this visit."),
        lambda visit: _log_count(visit.cart.removals),
    ),
    _marker(
        "age",
        _SECONDS,
        _("For how long the cart has held something in this visit."),
        _age,
    ),
    _marker(
        "freshness",
        _SHARE,
        _("How recently the cart changed: 1 just now, 0.5 two minutes ago, 0 never in this visit."),
        _freshness,
    ),
    _marker(
        "checkout_step",
        Scale("step", 0.0, 3.0, 0.0),
        _("How far the checkout is: 0 outside it, 1 begun, 2 shipping given, 3 payment given."),
        lambda visit: max(0.0, visit.cart.stage - 1.0),
    ),
    _marker(
        "looks",
        _COUNT,
        _("How often the cart was looked at without changing it or stepping towards the order."),
        lambda visit: _log_count(visit.cart.looks),
    ),
    _marker(
        "retreats",
        _COUNT,
        _("How many times the visitor turned back from the cart or the checkout without ordering."),
        lambda visit: _log_count(visit.cart.retreats),
    ),
    _marker(
        "shipping_gap",
        _SHARE,
        _("How much is missing for free shipping: 0 when reached or when the store has none."),
        _shipping_gap,
    ),
    _marker(
        "coupon",
        Scale("flag", 0.0, 1.0, 0.0),
        _("Whether a coupon was used in this visit."),
        lambda visit: float(visit.cart.coupon),
    ),
    _marker(
        "purchases",
        _COUNT,
        _("How many orders the visitor has already placed in this visit."),
        lambda visit: _log_count(visit.cart.purchases),
    ),
    _marker(
        "pondered",
        _SECONDS,
        _("How long after its page was first seen the product put in last went into the cart."),
        lambda visit: min(log1p(visit.cart.pondered), _SECONDS_HIGH),
    ),
    _marker(
        "kept",
        _WHOLE,
        _("How much of the highest value the cart has had is still in it; 1 when nothing was given up."),
        lambda visit: _share(visit.cart.value, visit.cart.peak, 1.0),
    ),
)
