"""The law of ingestion: the same events give the same visits, however they are ordered, repeated and batched."""

from __future__ import annotations

import random
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.models import Store
from personalization.models import Event, Visit
from tests.catalog.factories import StoreFactory

from .sending import in_batches, receive, sent

pytestmark = pytest.mark.django_db
_stores = count(1)

# Minutes on a coarse grid, so that gaps of exactly 30 minutes, equal instants and bridges are common.
AT = st.integers(0, 30).map(lambda step: step * 10.0)
EVENTS = st.lists(
    st.fixed_dictionaries(
        {
            "name": st.sampled_from(["view_item", "page_view", "add_to_cart", "purchase", "refund"]),
            "at": AT,
            "visitor_id": st.sampled_from(["camille", "dominique", ...]),
            "consent": st.sampled_from([True] * 9 + [False]),
            "staff": st.sampled_from([False, False, False, True]),
            "value": st.sampled_from([0, 0.1, 19.99, 250]),
            "device": st.sampled_from([..., {"category": "mobile"}, {"category": "desktop"}]),
            "campaign": st.sampled_from([..., {"medium": "email"}, {"medium": "cpc"}]),
        }
    ),
    min_size=6,
    max_size=16,
)


def outcome(store: Store) -> list[tuple[Any, ...]]:
    """All that a store knows of its visits, save when it learned it."""
    return sorted(
        (
            visit.visitor_key,
            visit.started_at,
            visit.last_event_at,
            visit.event_count,
            visit.revenue,
            visit.consent,
            visit.excluded,
            visit.device,
            visit.channel,
            sorted((e.event_id, e.name, e.timestamp, bytes(e.lived)) for e in Event.objects.filter(visit=visit)),
        )
        for visit in Visit.objects.of(store)
    )


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=EVENTS, seed=st.integers(0, 2**32))
def test_order_repetition_and_batching_change_nothing(drawn: list[dict[str, Any]], seed: int) -> None:
    events = [sent(**{"session_id": "s1", **fields}) for fields in drawn]
    rng = random.Random(seed)
    shuffled = events + rng.choices(events, k=len(events) // 2)
    rng.shuffle(shuffled)
    sizes = rng.choices([1, 2, 3], k=len(shuffled))
    at_once, bit_by_bit = (StoreFactory(slug=f"law-{next(_stores)}") for _ in range(2))

    receive(at_once, *events)
    stored = sum(receive(bit_by_bit, *batch).stored for batch in in_batches(shuffled, sizes))

    assert stored == len(events)
    assert outcome(bit_by_bit) == outcome(at_once)
