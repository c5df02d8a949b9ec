"""A small demo town that the tests of one module may ask about."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import override_settings

from benchmarks.questions import Storefront
from benchmarks.town import StandingTown, raised_town


@pytest.fixture(scope="module")
def standing(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[StandingTown]:
    """Sixty people and the catalog of the demo, its last days held out."""
    raised = raised_town(shoppers=60, workers=1)
    with override_settings(MEMORY_DIR=tmp_path_factory.mktemp("memory")):
        with django_db_blocker.unblock():
            town = raised.__enter__()
        yield town
        with django_db_blocker.unblock():
            raised.__exit__(None, None, None)


@pytest.fixture
def storefront(db: None, standing: StandingTown) -> Storefront:
    return Storefront(standing.store)
