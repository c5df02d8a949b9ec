"""Intent: where today's focus points in the product space, recently (32 axes) and over the visit (16)."""

from __future__ import annotations

from collections.abc import Callable
from math import hypot
from operator import add
from typing import TYPE_CHECKING, Final

from personalization.markers.definition import Marker, _

if TYPE_CHECKING:
    from personalization.markers.live_visit import LiveVisit
    from personalization.markers.lived import LivedEvent

AXES: Final = 32  # coordinates of a product, and of the recent focus
VISIT_AXES: Final = 16  # coordinates of the whole visit's focus that are markers

# How much one meeting with a product says of intent. Pages that only list what was chosen before (cart,
# checkout, confirmation) say nothing new, and a removal does not undo the interest that led to the cart.
FOCUS: Final = {"view_item": 1.0, "select_item": 0.5, "add_to_wishlist": 2.0, "add_to_cart": 3.0}

# What the recent focus keeps of itself at each further product met: half is forgotten after two products.
KEPT: Final = 0.5**0.5

LAST_PRODUCTS: Final = 20
LAST_LOOKS: Final = 20

_NOWHERE: Final = [0.0] * AXES


class Intent:
    """The focus as weighted sums of the coordinates of the products met, and the last products themselves.

    Sums are plain lists: at 32 axes they beat numpy, and add up in the same order on every machine.
    """

    __slots__ = ("_recent", "_recent_sum", "_whole", "_whole_sum", "last_products", "looks")

    def __init__(self) -> None:
        self.last_products: list[int] = []  # distinct catalog positions, newest first, at most LAST_PRODUCTS
        self.looks: list[int] = []  # what was looked at, newest first, repeats included, at most LAST_LOOKS
        self._recent_sum = _NOWHERE
        self._whole_sum = _NOWHERE
        self._recent: list[float] | None = _NOWHERE  # None: to be normalised when next read
        self._whole: list[float] | None = _NOWHERE

    @property
    def recent(self) -> list[float]:
        """(32,) of unit length, or zero: where the products met last point, older ones counting ever less."""
        if self._recent is None:
            self._recent = _unit(self._recent_sum)
        return self._recent

    @property
    def whole(self) -> list[float]:
        """(32,) of unit length, or zero: where all products met in the visit point, none forgotten."""
        if self._whole is None:
            self._whole = _unit(self._whole_sum)
        return self._whole

    def fold(self, event: LivedEvent, visit: LiveVisit) -> None:
        weight = FOCUS.get(event.name)
        if weight is None:
            return
        for product in looks_of(event, last=self.looks[0] if self.looks else -1):
            self.looks.insert(0, product)
        del self.looks[LAST_LOOKS:]
        for item in event.items:
            if item.product >= 0:
                self._meet(item.product, weight, visit)

    def _meet(self, product: int, weight: float, visit: LiveVisit) -> None:
        last = self.last_products
        if product in last:
            last.remove(product)
        last.insert(0, product)
        del last[LAST_PRODUCTS:]
        coordinates = visit.landscape.coordinates
        if product >= len(coordinates):  # launched after the landscape was learned
            return
        place = coordinates[product].tolist()
        if weight != 1.0:
            place = [weight * x for x in place]
        self._recent_sum = [KEPT * s + x for s, x in zip(self._recent_sum, place, strict=True)]
        self._whole_sum = list(map(add, self._whole_sum, place))
        self._recent = self._whole = None


def looks_of(event: LivedEvent, *, last: int) -> list[int]:
    """Catalog positions that an event looks at, in order; `last` was looked at before.

    A product's page is a look, also the same one again; what is wished for or put into the cart is one only where it
    was not being looked at already, and what is chosen from a list will be.
    """
    looks: list[int] = []
    if event.name in FOCUS and event.name != "select_item":
        for item in event.items:
            if item.product >= 0 and (event.name == "view_item" or item.product != last):
                looks.append(item.product)
                last = item.product
    return looks


def _unit(sums: list[float]) -> list[float]:
    # Rounding may leave the length a hair below its longest coordinate, which then would be more than 1.
    length = max(hypot(*sums), *sums, -min(sums))
    return [s / length for s in sums] if length else _NOWHERE


def _recent_axis(axis: int) -> Callable[[LiveVisit], float]:
    return lambda visit: visit.intent.recent[axis]


def _visit_axis(axis: int) -> Callable[[LiveVisit], float]:
    return lambda visit: visit.intent.whole[axis]


_RECENT_MEANING: Final = _(
    "Where the products met last point along one axis of the store's product space (the number in the name); "
    "nearby products share their coordinates."
)
_VISIT_MEANING: Final = _(
    "Where all products met in this visit point along one axis of the store's product space (the number in the name)."
)


def _coordinate(name: str, meaning: str, compute: Callable[[LiveVisit], float]) -> Marker:
    return Marker(name, "intent", "coordinate", -1.0, 1.0, 0.0, meaning, compute)


MARKERS: Final[tuple[Marker, ...]] = (
    *(_coordinate(f"intent_recent_{n + 1:02}", _RECENT_MEANING, _recent_axis(n)) for n in range(AXES)),
    *(_coordinate(f"intent_visit_{n + 1:02}", _VISIT_MEANING, _visit_axis(n)) for n in range(VISIT_AXES)),
)
