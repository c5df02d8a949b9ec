"""The lines of a cart, and their sums kept up to date line by line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from personalization.markers.lived import LivedItem

_DEAREST: Final = 1e7  # prices above are held there
_MOST_UNITS: Final = 10_000  # of one line


class CartLine(NamedTuple):
    """A product in the cart."""

    quantity: int  # units, ≥ 1
    price: float  # unit price, 0 when unknown
    product: int  # catalog position, −1 when unknown
    added_at: float  # seconds since 1970, when the line came in
    list_price: float  # unit price before any sale, at least `price`
    price_rank: float  # share of its category's products that cost less
    category: int  # its leaf category, −1 when unknown

    @property
    def value(self) -> float:
        return self.quantity * self.price


def line_of(item: LivedItem, *, quantity: int, added_at: float) -> CartLine:
    """The line of `quantity` units of the product as the event met it."""
    price = min(item.price, _DEAREST) if item.price > 0.0 else 0.0
    return CartLine(
        quantity=min(quantity, _MOST_UNITS),
        price=price,
        product=item.product,
        added_at=added_at,
        list_price=min(item.list_price, _DEAREST) if item.list_price > price > 0.0 else price,
        price_rank=item.price_rank,
        category=item.categories[-1] if item.categories else -1,
    )


def lines_told(items: Iterable[LivedItem], *, held: Mapping[str, CartLine], at: float) -> dict[str, CartLine]:
    """The lines of a cart that an event tells in full; one told without a price keeps the facts it is held with."""
    told: dict[str, CartLine] = {}
    for item in items:
        again, before = told.get(item.item_id), held.get(item.item_id)
        quantity = max(1, item.quantity) + (again.quantity if again else 0)
        line = line_of(item, quantity=quantity, added_at=before.added_at if before else at)
        told[item.item_id] = before._replace(quantity=line.quantity) if before and not line.price else line
    return told


@dataclass(slots=True, eq=False)
class CartLines:
    """What a cart holds: its lines and their sums."""

    lines: dict[str, CartLine] = field(default_factory=dict)  # item id → line, the one last changed last
    value: float = 0.0
    units: int = 0
    full_value: float = 0.0  # at prices before any sale
    discounted: float = 0.0  # value of the lines on sale
    price_ranks: float = 0.0  # summed over lines
    _categories: dict[int, int] = field(default_factory=dict)  # leaf category → lines
    _alike: int = 0  # pairs of lines of one category
    _dearest: float = 0.0  # the highest value of a line

    def clear(self) -> None:
        """Empty the cart."""
        self.lines.clear()
        self.units = 0
        self.value = self.full_value = self.discounted = self.price_ranks = 0.0
        self._categories.clear()
        self._alike = 0
        self._dearest = 0.0

    def put(self, item_id: str, line: CartLine) -> None:
        """Set the product's line."""
        self.drop(item_id)
        self.lines[item_id] = line
        self._count(line, 1)
        self._dearest = max(self._dearest, line.value)

    def take(self, item_id: str, *, quantity: int) -> None:
        """Take as many units of the product out, all of them at most."""
        held = self.lines.get(item_id)
        if held is not None and held.quantity > quantity:
            self.put(item_id, held._replace(quantity=held.quantity - quantity))
        else:
            self.drop(item_id)

    def drop(self, item_id: str) -> None:
        """Take the product's line out; a product the cart does not hold changes nothing."""
        held = self.lines.pop(item_id, None)
        if held is None:
            return
        if not self.lines:
            self.clear()
            return
        self._count(held, -1)
        if held.value >= self._dearest:
            self._dearest = max(kept.value for kept in self.lines.values())

    def _count(self, line: CartLine, sign: int) -> None:
        """Add a line to the sums; rounded far below a cent, so that adding and removing leave no dust."""
        value = sign * line.value
        self.units += sign * line.quantity
        self.value = round(self.value + value, 6)
        self.full_value = round(self.full_value + sign * line.quantity * line.list_price, 6)
        self.price_ranks = round(self.price_ranks + sign * line.price_rank, 9)
        if line.list_price > line.price:
            self.discounted = round(self.discounted + value, 6)
        others = self._categories.get(line.category, 0) - (sign < 0)
        self._categories[line.category] = others + (sign > 0)
        self._alike += sign * others

    @property
    def dearest_share(self) -> float:
        """The share of the value that the dearest line makes up; 1 when the cart is worth nothing."""
        return min(1.0, self._dearest / self.value) if self.value > 0.0 else 1.0

    @property
    def concentration(self) -> float:
        """The chance that two lines are of one category (Simpson's index), one imagined pair being undecided."""
        pairs = len(self.lines) * (len(self.lines) - 1) // 2
        return (self._alike + 0.5) / (pairs + 1)
