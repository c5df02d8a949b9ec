"""Prices of the demo shop in integer cents: credible endings, costs, and sales with their dates."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

Period = tuple[datetime, datetime]


@dataclass(frozen=True, kw_only=True)
class Offer:
    """What an article costs the shopper: its price, and perhaps a lower one during a period."""

    price_cents: int
    sale_cents: int | None = None
    sale_period: Period | None = None

    def price_at(self, moment: datetime) -> int:
        """The price in cents a shopper pays at that moment."""
        if self.sale_cents is None or self.sale_period is None:
            return self.price_cents
        start, end = self.sale_period
        return self.sale_cents if start <= moment < end else self.price_cents

    def discount_at(self, moment: datetime) -> float:
        """The share (0..1) taken off the price at that moment."""
        return 1 - self.price_at(moment) / self.price_cents

    def sale_attributes(self) -> dict[str, object]:
        """The sale under its Google Merchant attribute names; nothing without a sale."""
        if self.sale_cents is None or self.sale_period is None:
            return {}
        start, end = self.sale_period
        return {
            "sale_price": euros(self.sale_cents),
            "sale_price_effective_date": f"{start.isoformat()}/{end.isoformat()}",
        }


def euros(cents: int) -> str:
    """An amount as Google Merchant writes it: "15.00 EUR"."""
    return f"{cents / 100:.2f} EUR"


def shelf_price(amount: float) -> int:
    """The nearest price in cents that a shop would print: 4.90, 24.90, 89.00, 349.00."""
    if amount < 25:
        return max(round(amount * 2) * 50 - 10, 190)
    if amount < 90:
        return round(amount) * 100 - 10
    if amount < 300:
        return round(amount / 5) * 500 - 100
    return round(amount / 10) * 1000 - 100


def cost_cents(*, price_cents: int, margin: float, rng: np.random.Generator) -> int:
    """What the shop paid for an article sold at that price, around the usual margin of its kind."""
    share = float(np.clip(rng.normal(margin, 0.05), 0.03, 0.8))
    return max(round(price_cents * (1 - share)), 20)


def draw_offer(*, price_cents: int, heavy: bool, now: datetime, event: Period, rng: np.random.Generator) -> Offer:
    """A price and, for some articles, a sale: running, held during the past sales event, or to come."""
    running = 0.3 if heavy else 0.1
    share = rng.random()
    discount = float(rng.choice((0.1, 0.15, 0.2, 0.25, 0.3, 0.4)))
    lasting = timedelta(days=int(rng.integers(4, 18)))
    ago = timedelta(days=int(rng.integers(1, 12)))
    if share < running:
        period = (now - ago, now + lasting)
    elif share < running + 0.12:
        period = event
    elif share < running + 0.15:
        period = (now + ago, now + ago + lasting)
    else:
        return Offer(price_cents=price_cents)
    sale = shelf_price(price_cents / 100 * (1 - discount))
    if sale >= price_cents:
        return Offer(price_cents=price_cents)
    return Offer(price_cents=price_cents, sale_cents=sale, sale_period=period)
