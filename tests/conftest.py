"""What every test may ask for."""

from __future__ import annotations

import pytest

from personalization.decisions import LOG
from personalization.pipeline import RECALLS

# Tests look at what was decided in their own transaction: nothing is written behind their backs.
LOG.writes_behind = False


@pytest.fixture(autouse=True)
def _nothing_left_by_earlier_tests() -> None:
    LOG.clear()
    RECALLS.clear()
