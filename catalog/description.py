"""Describes a stored product as its merchant would: the way back of `merchant.read_product`."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from catalog.attributes import Json
from catalog.models import Product

_AS_STORED = (
    "title",
    "description",
    "link",
    "image_link",
    "google_product_category",
    "brand",
    "item_group_id",
    "availability",
    "quantity",
    "rating",
    "rating_count",
    "attributes",
    "published",
    *(f"custom_label_{digit}" for digit in range(5)),
)


def describe_product(product: Product, *, currency: str) -> dict[str, Json]:
    """Every attribute by Google Merchant's name; None where the store knows nothing."""
    described: dict[str, Json] = {"id": product.item_id}
    described |= {name: getattr(product, name) for name in _AS_STORED}
    return described | {
        "product_type": product.category.path if product.category else None,
        "price": _money(product.price, currency),
        "sale_price": _money(product.sale_price, currency),
        "sale_price_effective_date": _period(product.sale_price_starts, product.sale_price_ends),
        "cost_of_goods_sold": _money(product.cost_of_goods_sold, currency),
        "availability_date": _instant(product.availability_date) or None,
        "launched_at": _instant(product.launched_at),
    }


def _money(amount: Decimal | None, currency: str) -> str | None:
    return None if amount is None else f"{amount:.2f} {currency}"


def _instant(value: datetime | None) -> str:
    return value.isoformat() if value else ""


def _period(starts: datetime | None, ends: datetime | None) -> str | None:
    return f"{_instant(starts)}/{_instant(ends)}" if starts or ends else None
