"""Markers of the past, on visits whose values are known by reasoning."""

from __future__ import annotations

from math import log1p, sqrt

import pytest

from personalization.markers.live_visit import LiveVisit
from personalization.markers.lived import History, LivedEvent
from personalization.markers.past import MARKERS

from .visits import START, context, event, item, visit

COMPUTE = {marker.name: marker.compute for marker in MARKERS}
NEUTRAL = {marker.name: marker.neutral for marker in MARKERS}
DAY = 86_400.0

# Four visits of five events, two orders of 60 together, the first visit 100 days ago, mostly with product 0.
FAITHFUL = History(
    visits=4,
    events=20,
    orders=2,
    revenue=60.0,
    abandoned_carts=1,
    first_visit_at=START - 100 * DAY,
    last_visit_at=START - 7 * DAY,
    last_order_at=START - 20 * DAY,
    products=((0, 3.0), (1, 4.0), (400, 9.0)),
)


def view(product: int, *, at: float = 0.0) -> LivedEvent:
    return event("view_item", at=at, items=(item(product),))


def returning(*events: LivedEvent, history: History = FAITHFUL) -> LiveVisit:
    return visit(*events, context=context(history=history))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("history_visits", log1p(4)),
        ("history_days_since_visit", log1p(7)),
        ("history_days_since_order", log1p(20)),
        ("history_orders", log1p(2)),
        ("history_revenue", log1p(60)),
        ("history_order_value", log1p(30)),  # 60 / 2
        ("history_abandoned_carts", log1p(1)),
        ("history_conversion", 0.5),  # 2 orders / 4 visits
        ("history_tenure", log1p(100)),
        ("history_events_per_visit", log1p(5)),  # 20 / 4
        ("history_known_share", 0.5),  # product 0 of today's 0 and 2
        # Past focus (0.6, 0.8, 0 …); today product 2, half forgotten per two products, then product 0:
        # (1, 0, √½) / √1.5, so the cosine is 0.6 / √1.5.
        ("history_focus_distance", 1.0 - 0.6 / sqrt(1.5)),
    ],
)
def test_a_faithful_visitor_is_back(name: str, value: float) -> None:
    lived = returning(view(2), view(0, at=3600.0))

    assert COMPUTE[name](lived) == pytest.approx(value, abs=1e-9)


@pytest.mark.parametrize("name", COMPUTE)
def test_a_first_visit_is_neutral(name: str) -> None:
    assert COMPUTE[name](returning(view(0), history=History())) == NEUTRAL[name]


@pytest.mark.parametrize("name", ["history_days_since_visit", "history_days_since_order", "history_tenure"])
def test_before_the_first_event_the_time_passed_is_neutral(name: str) -> None:
    assert COMPUTE[name](returning()) == NEUTRAL[name]


def test_before_the_first_event_past_visits_count() -> None:
    assert COMPUTE["history_visits"](returning()) == log1p(4)


def test_the_same_focus_as_before_has_no_distance() -> None:
    history = History(visits=1, products=((3, 1.0),))

    assert COMPUTE["history_focus_distance"](returning(view(3), history=history)) == 0.0


def test_an_unrelated_focus_is_at_distance_one() -> None:
    history = History(visits=1, products=((3, 1.0),))

    assert COMPUTE["history_focus_distance"](returning(view(4), history=history)) == 1.0


def test_a_past_of_products_without_a_place_has_a_neutral_distance() -> None:
    history = History(visits=1, products=((7, 1.0), (400, 1.0), (-1, 1.0)))

    assert COMPUTE["history_focus_distance"](returning(view(4), history=history)) == 1.0


def test_a_product_met_twice_today_counts_once_among_the_known() -> None:
    assert COMPUTE["history_known_share"](returning(view(0), view(0, at=1), view(2, at=2))) == 0.5


def test_products_the_catalog_does_not_know_are_no_part_of_the_known_share() -> None:
    assert COMPUTE["history_known_share"](returning(view(-1), view(0, at=1))) == 1.0


def test_more_orders_than_visits_convert_fully() -> None:
    assert COMPUTE["history_conversion"](returning(view(0), history=History(visits=1, orders=3))) == 1.0


def test_a_past_that_lies_ahead_of_the_clock_is_today() -> None:
    history = History(visits=1, last_visit_at=START + DAY)

    assert COMPUTE["history_days_since_visit"](returning(view(0), history=history)) == 0.0


def test_every_marker_needs_consent() -> None:
    assert all(marker.needs_consent for marker in MARKERS)
