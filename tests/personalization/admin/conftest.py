"""What screens that ask the workers for something are tried with."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from kombu import pools

from netup.celery import app


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
