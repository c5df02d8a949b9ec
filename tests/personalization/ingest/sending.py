"""What a storefront sends, for the tests of what becomes of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, Final

from catalog.models import Store
from personalization.ingest import Verdicts, ingest
from personalization.models import Visit

NOW: Final = datetime(2026, 3, 11, 12, 0, tzinfo=UTC)
START: Final = NOW - timedelta(hours=3)
ABOUT_ITEMS: Final = {
    "select_item",
    "view_item",
    "add_to_cart",
    "remove_from_cart",
    "add_to_wishlist",
    "purchase",
}
_numbers = count(1)


def sent(name: str = "view_item", *, at: float = 0.0, **fields: Any) -> dict[str, Any]:
    """A valid event, `at` minutes after START; a field given as `...` is left out."""
    number = next(_numbers)
    event: dict[str, Any] = {
        "event_id": f"e{number}",
        "name": name,
        "timestamp": (START + timedelta(minutes=at)).isoformat(),
        "visitor_id": "camille",
        "session_id": "s1",
    }
    if name in ABOUT_ITEMS:
        event["items"] = [{"item_id": "racket", "price": 100.0}]
    if name in {"purchase", "refund"}:
        event |= {"transaction_id": f"t{number}", "value": 100.0}
    if name == "search":
        event["search_term"] = "tennis"
    return {key: value for key, value in (event | fields).items() if value is not ...}


def receive(store: Store, *events: Any, now: datetime = NOW) -> Verdicts:
    """One batch, received at `now`."""
    return ingest(store=store, events=list(events), now=now)


def visits(store: Store) -> list[Visit]:
    """The store's visits, earliest first."""
    return list(Visit.objects.of(store).order_by("started_at", "visitor_key"))


def minutes(visit: Visit) -> tuple[float, float]:
    """When the visit began and when its last event was, in minutes after START."""
    began, ended = visit.started_at - START, visit.last_event_at - START
    return began.total_seconds() / 60, ended.total_seconds() / 60


def in_batches(events: Sequence[Any], sizes: Sequence[int]) -> list[list[Any]]:
    """The events in order, cut into batches of these sizes, the rest in a last one."""
    batches, start = [], 0
    for size in sizes:
        batches.append(list(events[start : start + size]))
        start += size
    return [batch for batch in [*batches, list(events[start:])] if batch]
