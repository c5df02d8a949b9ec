"""The demo storefront's cart and last order, kept in the browser in signed cookies."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.http import HttpRequest, HttpResponse

from catalog.models import Store
from netup.demo.showcase import Card, cards, on_sale

COOKIE, ORDER_COOKIE = "panier", "commande"
MOST_LINES, MOST_UNITS = 30, 20
SHIPPING = Decimal("4.90")


@dataclass(frozen=True, kw_only=True)
class BasketLine:
    """Some units of one product."""

    card: Card
    quantity: int

    @property
    def total(self) -> Decimal:
        """What the line costs, in EUR."""
        return self.card.price * self.quantity


@dataclass(frozen=True, kw_only=True)
class Basket:
    """What is in the cart; `free_from` is the value from which delivery is free."""

    lines: tuple[BasketLine, ...]
    free_from: Decimal

    @property
    def units(self) -> int:
        """How many things it holds."""
        return sum(line.quantity for line in self.lines)

    @property
    def total(self) -> Decimal:
        """What its lines cost, in EUR."""
        return sum((line.total for line in self.lines), Decimal(0))

    @property
    def missing(self) -> Decimal:
        """What is missing to free delivery, in EUR."""
        return max(self.free_from - self.total, Decimal(0))

    @property
    def shipping(self) -> Decimal:
        """What delivery costs, in EUR."""
        return SHIPPING if self.lines and self.missing else Decimal(0)

    @property
    def due(self) -> Decimal:
        """What is to be paid, in EUR."""
        return self.total + self.shipping

    @property
    def share_of_free(self) -> int:
        """How near free delivery is, in percent."""
        return min(100, int(100 * self.total / self.free_from)) if self.free_from else 100

    def as_items(self) -> list[dict[str, object]]:
        """Its lines as items of a GA4 event."""
        return [line.card.as_item(quantity=line.quantity) for line in self.lines]


def read_basket(request: HttpRequest, *, store: Store, now: datetime) -> Basket:
    """The cart of this browser; what left the catalog meanwhile is left out."""
    quantities = kept_quantities(request)
    known = {card.product.item_id: card for card in cards(on_sale(store).filter(item_id__in=quantities), now=now)}
    lines = (BasketLine(card=known[item], quantity=quantity) for item, quantity in quantities.items() if item in known)
    return Basket(lines=tuple(lines), free_from=store.free_shipping_from or Decimal(0))


def kept_quantities(request: HttpRequest) -> dict[str, int]:
    """Units by item id, as the signed cookie has them."""
    text = request.get_signed_cookie(COOKIE, default="") or ""
    quantities: dict[str, int] = {}
    for entry in text.split(","):
        item, _colon, units = entry.partition(":")
        if item and units.isdecimal():
            quantities[item] = min(int(units), MOST_UNITS)
    return quantities


def keep_quantities(response: HttpResponse, quantities: Mapping[str, int]) -> None:
    """Keep the cart in the browser; lines without units are dropped."""
    entries = [f"{item}:{units}" for item, units in quantities.items() if units > 0]
    response.set_signed_cookie(
        COOKIE, ",".join(entries[-MOST_LINES:]), max_age=7 * 86_400, httponly=True, samesite="Lax"
    )
