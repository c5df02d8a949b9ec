"""What a storefront sends, for the tests of what becomes of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, Final

NOW: Final = datetime(2026, 3, 11, 12, 0, tzinfo=UTC)
_numbers = count(1)


def sent(name: str = "view_item", *, at: float = 0.0, **fields: Any) -> dict[str, Any]:
    """A valid event, `at` seconds after NOW less an hour; it says nothing that is not asked for."""
    event: dict[str, Any] = {
        "event_id": f"e{next(_numbers)}",
        "name": name,
        "timestamp": (NOW - timedelta(hours=1) + timedelta(seconds=at)).isoformat(),
        "visitor_id": "camille",
        "session_id": "s1",
    }
    if name in {"select_item", "view_item", "add_to_cart", "remove_from_cart", "add_to_wishlist", "purchase"}:
        event["items"] = [{"item_id": "racket", "price": 100.0}]
    if name in {"purchase", "refund"}:
        event |= {"transaction_id": f"t{next(_numbers)}", "value": 100.0}
    if name == "search":
        event["search_term"] = "tennis"
    return {key: value for key, value in (event | fields).items() if value is not ...}
