"""Google Analytics 4 as exported to BigQuery, one JSON object a line (its `events_*` tables)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Any, Final
from urllib.parse import urlsplit

import orjson

from personalization.ingest.readers.row import Row, UnreadableFileError, id_of, isoformat
from personalization.ingest.validation import EVENT_NAMES

_ITEM_FIELDS: Final = (
    "item_id",
    "item_name",
    "item_brand",
    "item_variant",
    "item_category",
    "item_category2",
    "item_category3",
    "item_category4",
    "item_category5",
    "item_list_id",
    "price",
    "quantity",
    "coupon",
)
_NOT_SET: Final = frozenset({"(not set)", "(none)", ""})
_DEVICES: Final = {"mobile": "mobile", "desktop": "desktop", "tablet": "tablet"}


def read(file: IO[str]) -> Iterator[Row]:
    """Every line; events that are not of commerce (session_start, scroll …) are about nothing we know."""
    for number, line in enumerate(file, start=1):
        try:
            exported = orjson.loads(line)
        except orjson.JSONDecodeError as error:
            raise UnreadableFileError(f"line {number}: expected a JSON object, got {line[:60]!r}") from error
        if not isinstance(exported, dict) or "event_name" not in exported:
            raise UnreadableFileError(f"line {number}: expected an event_name, got {line[:60]!r}")
        try:
            yield _row(exported)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise UnreadableFileError(f"line {number}: not as GA4 exports an event ({error!r})") from error


def _row(exported: dict[str, Any]) -> Row:
    name = exported["event_name"]
    if name not in EVENT_NAMES:
        return Row(event=None)
    params = _params(exported)
    items = [_item(item) for item in exported.get("items") or []]
    visitor, micros = str(exported.get("user_pseudo_id") or ""), exported.get("event_timestamp")
    # Who was not to be known has no id, and a session number alone tells nobody from another.
    session = f"{visitor}.{params.get('ga_session_id', '')}" if visitor else ""
    event = {
        "event_id": id_of(visitor, str(micros), name, str(exported.get("event_bundle_sequence_id")), str(items)),
        "name": name,
        "timestamp": _seconds(micros),
        "visitor_id": visitor,
        "session_id": session,
        "items": items,
        **_settlement(exported, params),
        "search_term": params.get("search_term"),
        "page": _page(params),
        "engagement_ms": _number(params.get("engagement_time_msec")),
        **_surroundings(exported),
    }
    sold = [item for item in items if item.get("item_id")]
    return Row(event=event, products=tuple(_product(item, event["timestamp"]) for item in sold))


def _number(value: Any) -> Any:
    """BigQuery writes whole numbers as text; what is none stays as it is, for the refusal to quote."""
    try:
        return float(value) if isinstance(value, str) else value
    except ValueError:
        return value


def _seconds(micros: Any) -> Any:
    number = _number(micros)
    return number / 1e6 if isinstance(number, int | float) else number


def _params(exported: dict[str, Any]) -> dict[str, Any]:
    """Event parameters by key; BigQuery keeps each value under the name of its type."""
    return {
        param["key"]: next((value for value in param["value"].values() if value is not None), None)
        for param in exported.get("event_params") or []
    }


def _settlement(exported: dict[str, Any], params: dict[str, Any]) -> dict[str, Any]:
    ecommerce = exported.get("ecommerce") or {}
    transaction = ecommerce.get("transaction_id") or params.get("transaction_id")
    value = params.get("value", ecommerce.get("purchase_revenue"))
    return {
        "transaction_id": None if transaction in _NOT_SET else transaction,
        "value": _number(value),
        "currency": params.get("currency"),
    }


def _page(params: dict[str, Any]) -> dict[str, Any]:
    location = params.get("page_location")
    page = {"location": location, "referrer": params.get("page_referrer"), "title": params.get("page_title")}
    if location and urlsplit(location).path in ("", "/"):
        page["type"] = "home"
    return page


def _surroundings(exported: dict[str, Any]) -> dict[str, Any]:
    """Device, language and what first brought the visitor."""
    device, source = exported.get("device") or {}, exported.get("traffic_source") or {}
    return {
        "device": {"category": _DEVICES.get(device.get("category", ""))},
        "language": device.get("language"),
        "campaign": {
            field: value
            for field in ("source", "medium", "name")
            if (value := source.get(field)) and value not in _NOT_SET and not value.startswith("(")
        },
    }


def _item(item: dict[str, Any]) -> dict[str, Any]:
    read: dict[str, Any] = {field: item[field] for field in _ITEM_FIELDS if item.get(field) not in (None, *_NOT_SET)}
    read |= {field: _number(read[field]) for field in ("price", "quantity") if field in read}
    if str(item.get("item_list_index") or "").isdecimal():
        read["index"] = int(item["item_list_index"])
    return read


def _product(item: dict[str, Any], at: float) -> dict[str, Any]:
    categories = [item.get(f"item_category{number}") for number in ("", 2, 3, 4, 5)]
    return {
        "id": item["item_id"],
        "title": item.get("item_name") or item["item_id"],
        "price": item.get("price"),
        "brand": item.get("item_brand", ""),
        "product_type": " > ".join(filter(None, categories)),
        "launched_at": isoformat(at),
    }
