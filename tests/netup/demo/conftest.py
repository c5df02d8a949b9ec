"""A small town of the demo shop, lived once for all tests that only look at it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from netup.demo.traffic import Town, found_town, live

UNTIL = datetime(2026, 5, 20, 18, tzinfo=UTC)


@pytest.fixture(scope="session")
def town() -> Town:
    return found_town(until=UNTIL, shoppers=1200)


@pytest.fixture(scope="session")
def visits() -> list[list[dict[str, Any]]]:
    return list(live(found_town(until=UNTIL, shoppers=1200)))
