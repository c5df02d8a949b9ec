"""Questions of the benchmarks: what a storefront reads of its store."""

from __future__ import annotations

import pytest

from benchmarks.questions import Storefront
from catalog.live_facts import live_facts
from tests.catalog.factories import StoreFactory, merchant_row, sell


@pytest.mark.django_db
def test_a_storefront_knows_what_was_launched_a_moment_ago():
    store = StoreFactory()
    sell(store, merchant_row("old"))
    assert live_facts(store_id=store.pk).positions.keys() == {"old"}  # a copy that is served for a while

    sell(store, merchant_row("new"))

    assert Storefront(store).facts.positions.keys() == {"old", "new"}
