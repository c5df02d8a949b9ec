"""What every test may ask for."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from kombu import pools

from netup.celery import app
from personalization.decisions import LOG
from personalization.pipeline import RECALLS

# Tests look at what was decided in their own transaction: nothing is written behind their backs.
LOG.writes_behind = False


@pytest.fixture(autouse=True)
def _nothing_left_by_earlier_tests() -> None:
    LOG.clear()
    RECALLS.clear()


@pytest.fixture
def broker() -> Iterator[Callable[..., None]]:
    """Settles for the test where messages go."""
    before = {name: app.conf[name] for name in ("broker_url", "broker_transport_options")}

    def settle(**where: object) -> None:
        app.conf.update(where)
        app._pool = app.amqp._producer_pool = None
        pools.reset()

    yield settle
    settle(**before)
