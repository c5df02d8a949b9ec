"""From what a store sent to a clean event, or to every reason why it is none, each with its JSON pointer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from catalog.attributes import Phrase, RefusedValueError
from catalog.merchant import Fault, quote
from catalog.models import Store
from personalization.ingest import values
from personalization.ingest.values import Check
from personalization.markers.lived import PAGES

MOST_ITEMS: Final = 200
MOST_FAULTS: Final = 20  # named of one event: an answer must not outgrow its question
FURTHEST_AHEAD: Final = timedelta(hours=24)

# Events that are about products: without one they say nothing.
ABOUT_ITEMS: Final = frozenset(
    {"select_item", "view_item", "add_to_cart", "remove_from_cart", "add_to_wishlist", "purchase"}
)
# Events that move money, each under its transaction.
SETTLEMENTS: Final = frozenset({"purchase", "refund"})
EVENT_NAMES: Final = (
    ABOUT_ITEMS
    | SETTLEMENTS
    | {
        "view_item_list",
        "view_cart",
        "begin_checkout",
        "add_shipping_info",
        "add_payment_info",
        "search",
        "view_promotion",
        "select_promotion",
        "page_view",
    }
)

_MONEY: Final = values.number(0, values.LARGEST_SUM)
_LABEL: Final = values.text(500)
_ADDRESS: Final = values.text(4000)

_EVENT_CHECKS: Final[dict[str, Check]] = {
    "event_id": values.text(100),
    "name": values.name_of(EVENT_NAMES),
    "timestamp": values.instant,
    "visitor_id": values.text(128),
    "session_id": values.text(128),
    "consent": values.flag,
    "staff": values.flag,
    "bot": values.flag,
    "currency": values.text(3),
    "value": _MONEY,
    "transaction_id": values.text(100),
    "search_term": _LABEL,
    "search_results": values.whole_number(0),
    "coupon": _LABEL,
    "shipping": _MONEY,
    "tax": _MONEY,
    "item_list_id": _LABEL,
    "recommendation_id": values.uuid,
    "language": values.text(35),  # the longest tag BCP 47 asks everybody to carry
    "engagement_ms": values.number(0, 86_400_000),
    "scroll_depth": values.number(0, 1),
}
_ITEM_CHECKS: Final[dict[str, Check]] = {
    "item_id": values.text(100),
    "item_name": _LABEL,
    "item_brand": _LABEL,
    "item_category": _LABEL,
    "item_category2": _LABEL,
    "item_category3": _LABEL,
    "item_category4": _LABEL,
    "item_category5": _LABEL,
    "item_variant": _LABEL,
    "item_list_id": _LABEL,
    "price": _MONEY,
    "quantity": values.whole_number(1),
    "index": values.whole_number(0),
    "discount": _MONEY,
    "coupon": _LABEL,
}
_PART_CHECKS: Final[dict[str, dict[str, Check]]] = {
    "page": {
        "type": values.name_of(frozenset(PAGES)),
        "location": _ADDRESS,
        "referrer": _ADDRESS,
        "title": values.text(1000),
    },
    "device": {"category": values.name_of(frozenset({"mobile", "desktop", "tablet"}))},
    "campaign": {"source": _LABEL, "medium": _LABEL, "name": _LABEL},
}
_REQUIRED: Final[dict[str, Phrase]] = {
    "event_id": _("an id of the event, unique in the store"),
    "name": _("the GA4 name of the event"),
    "timestamp": _("when it happened"),
    "transaction_id": _("the id of the order"),
    "search_term": _("what was searched for"),
    "session_id": _("the id of the session, as there is no consent to know the visitor"),
}
_AN_OBJECT: Final = _("an object")
_ITEMS: Final = _("an array of at most %d items") % MOST_ITEMS


class RefusedEventError(ValueError):
    """An event that cannot be stored, with every reason."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("; ".join(f"{fault.pointer}: {fault.detail}" for fault in faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Terms:
    """What a store accepts at one moment. Instants are seconds since 1970 UTC."""

    currency: str
    earliest: float
    latest: float


def terms_of(store: Store, *, now: datetime) -> Terms:
    """What the store accepts at `now`."""
    return Terms(
        currency=store.currency,
        earliest=(now - timedelta(days=store.retention_days)).timestamp(),
        latest=(now + FURTHEST_AHEAD).timestamp(),
    )


def validate(sent: Any, *, terms: Terms) -> dict[str, Any]:
    """The event's known fields, cleaned; absent and null fields are left out, unknown ones ignored.

    Raises:
        RefusedEventError: with every fault, pointers relative to the event.
    """
    faults: list[Fault] = []
    if not isinstance(sent, Mapping):
        raise RefusedEventError([_fault("", "type", sent, _AN_OBJECT)])
    event = _checked(sent, _EVENT_CHECKS, "", faults)
    for part, checks in _PART_CHECKS.items():
        if sent.get(part) is not None:
            event[part] = _object(sent[part], checks, f"/{part}", faults)
    event["items"] = _items(sent.get("items"), faults)
    _check_presence(event, sent, faults)
    _check_terms(event, sent, terms, faults)
    if faults:
        raise RefusedEventError(faults[:MOST_FAULTS])
    return event


def _checked(sent: Mapping[Any, Any], checks: dict[str, Check], at: str, faults: list[Fault]) -> dict[str, Any]:
    clean: dict[str, Any] = {}
    for key, value in sent.items():
        check = checks.get(key)
        if check is None or value is None:
            continue
        try:
            clean[key] = check(value)
        except RefusedValueError as refusal:
            faults.append(_fault(f"{at}/{key}", refusal.code, value, refusal.expected))
    return clean


def _object(sent: Any, checks: dict[str, Check], at: str, faults: list[Fault]) -> dict[str, Any]:
    if isinstance(sent, Mapping):
        return _checked(sent, checks, at, faults)
    faults.append(_fault(at, "type", sent, _AN_OBJECT))
    return {}


def _items(sent: Any, faults: list[Fault]) -> list[dict[str, Any]]:
    if sent is None:
        return []
    if not isinstance(sent, list) or len(sent) > MOST_ITEMS:
        faults.append(_fault("/items", "length" if isinstance(sent, list) else "type", sent, _ITEMS))
        return []
    items = []
    for number, item in enumerate(sent):
        at = f"/items/{number}"
        clean = _object(item, _ITEM_CHECKS, at, faults)
        if isinstance(item, Mapping) and not clean.get("item_id") and _is_absent(item, "item_id"):
            faults.append(_missing(f"{at}/item_id", _("the id of the product")))
        items.append(clean)
    return items


def _is_absent(sent: Mapping[Any, Any], key: str) -> bool:
    """Not sent, null or blank; a value that is there but unfit has its own fault already."""
    value = sent.get(key)
    return value is None or (type(value) is str and not value.strip())


def _check_presence(event: dict[str, Any], sent: Mapping[Any, Any], faults: list[Fault]) -> None:
    """What every event needs, and what its name asks for."""
    required = ["event_id", "name", "timestamp"]
    name = event.get("name")
    if name in SETTLEMENTS:
        required.append("transaction_id")
    if name == "search":
        required.append("search_term")
    if event.get("consent") is False:
        required.append("session_id")
    faults.extend(_missing(f"/{key}", _REQUIRED[key]) for key in required if _is_absent(sent, key))
    if _is_absent(sent, "visitor_id") and _is_absent(sent, "session_id") and "session_id" not in required:
        faults.append(_missing("/visitor_id", _("a visitor_id or a session_id")))
    if name in ABOUT_ITEMS and not sent.get("items"):
        faults.append(_missing("/items", _("at least one item in %s") % name))
    if name == "refund" and event.get("value") is None and not sent.get("items"):
        faults.append(_missing("/value", _("the value refunded, or the items")))


def _check_terms(event: dict[str, Any], sent: Mapping[Any, Any], terms: Terms, faults: list[Fault]) -> None:
    """What depends on the store and on the moment."""
    currency = event.get("currency")
    if currency and currency != terms.currency:
        expected = _("%s, the store's currency") % terms.currency
        faults.append(_fault("/currency", "currency", sent["currency"], expected))
    at = event.get("timestamp", terms.latest)
    if at > terms.latest:
        ahead = _("an instant at most 24 hours ahead")
        faults.append(_fault("/timestamp", "range", sent["timestamp"], ahead))
    elif at < terms.earliest:
        oldest = values.moment(terms.earliest).isoformat(timespec="seconds")
        expected = _("an instant from %s on, as long as the store keeps events") % oldest
        faults.append(_fault("/timestamp", "range", sent["timestamp"], expected))


def _fault(pointer: str, code: str, value: Any, expected: Phrase) -> Fault:
    return Fault(pointer=pointer, code=code, value=quote(value), expected=expected)


def _missing(pointer: str, expected: Phrase) -> Fault:
    return Fault(pointer=pointer, code="required", value="", expected=expected)
