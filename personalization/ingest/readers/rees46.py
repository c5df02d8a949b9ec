"""REES46's e-commerce behaviour data: event_time,event_type,product_id,category_id,category_code,brand,price,…"""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Any, Final

from personalization.ingest.readers.row import Row, id_of, table

COLUMNS: Final = (
    "event_time",
    "event_type",
    "product_id",
    "category_id",
    "category_code",
    "brand",
    "price",
    "user_id",
    "user_session",
)
NAMES: Final = {
    "view": "view_item",
    "cart": "add_to_cart",
    "remove_from_cart": "remove_from_cart",
    "purchase": "purchase",
}


def read(file: IO[str]) -> Iterator[Row]:
    """Every row; of a purchase the set tells no order, so each bought product is one."""
    for line in table(file, columns=COLUMNS):
        event_id = id_of(*(line[name] for name in COLUMNS))
        price = _price(line["price"])
        event: dict[str, Any] = {
            "event_id": event_id,
            "name": NAMES.get(line["event_type"], line["event_type"]),
            "timestamp": line["event_time"].replace(" UTC", "+00:00"),
            "visitor_id": line["user_id"],
            "session_id": line["user_session"],
            "items": [{"item_id": line["product_id"], "price": price}],
        }
        if line["event_type"] == "purchase":
            event |= {"transaction_id": event_id, "value": price}
        yield Row(event=event, products=(_product(line, price),))


def _product(line: dict[str, str], price: float | None) -> dict[str, Any]:
    """Categories are named by their code where they have one, else by their id."""
    category = " > ".join(line["category_code"].split(".")) or line["category_id"]
    leaf = line["category_code"].rpartition(".")[2].replace("_", " ")
    return {
        "id": line["product_id"],
        "title": " ".join(filter(None, (line["brand"], leaf, line["product_id"]))),
        "price": price,
        "brand": line["brand"],
        "product_type": category,
        "launched_at": line["event_time"].replace(" UTC", "+00:00"),
    }


def _price(text: str) -> float | None:
    """None when the set does not tell."""
    try:
        return float(text)
    except ValueError:
        return None
