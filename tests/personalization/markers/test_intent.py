"""Markers of the intent, on visits whose values are known by reasoning."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest

from personalization.markers.intent import AXES, LAST_LOOKS, LAST_PRODUCTS, MARKERS, VISIT_AXES
from personalization.markers.live_visit import LiveVisit
from personalization.markers.lived import LivedEvent

from .visits import SmallLandscape, event, item, visit

COMPUTE = {marker.name: marker.compute for marker in MARKERS}

# Product n of the first 32 stands on axis n; product 32 stands against axis 0.
ON_ALL_AXES = SmallLandscape(
    coordinates=np.vstack([np.eye(AXES), -np.eye(AXES)[:1]]).astype(np.float32),
    popularity=np.zeros(AXES + 1, dtype=np.float32),
)


def meet(name: str, *products: int, at: float = 0.0) -> LivedEvent:
    return event(name, at=at, items=tuple(item(product) for product in products))


def lived(*events: LivedEvent) -> LiveVisit:
    return visit(*events, landscape=ON_ALL_AXES)


def recent(axis: int, visit: LiveVisit) -> float:
    return COMPUTE[f"intent_recent_{axis + 1:02}"](visit)


def whole(axis: int, visit: LiveVisit) -> float:
    return COMPUTE[f"intent_visit_{axis + 1:02}"](visit)


@pytest.mark.parametrize("axis", range(AXES))
def test_one_product_is_the_recent_focus(axis: int) -> None:
    one = lived(meet("view_item", axis))

    assert [recent(other, one) for other in range(AXES)] == [float(other == axis) for other in range(AXES)]


@pytest.mark.parametrize("axis", range(VISIT_AXES))
def test_one_product_is_the_focus_of_the_visit(axis: int) -> None:
    one = lived(meet("view_item", axis))

    assert [whole(other, one) for other in range(VISIT_AXES)] == [float(other == axis) for other in range(VISIT_AXES)]


@pytest.mark.parametrize("axis", range(1, AXES))
def test_the_recent_focus_forgets_half_in_two_products(axis: int) -> None:
    two = lived(meet("view_item", 0), meet("view_item", axis, at=1), meet("view_item", axis, at=2))

    # Product 0 weighs 0.5, the other 1 + √½.
    assert recent(0, two) == pytest.approx(0.5 / sqrt(0.25 + (1 + sqrt(0.5)) ** 2))


@pytest.mark.parametrize("axis", range(1, VISIT_AXES))
def test_the_focus_of_the_visit_forgets_nothing(axis: int) -> None:
    two = lived(meet("view_item", 0), meet("view_item", axis, at=1), meet("view_item", axis, at=2))

    # Weights 1 and 2 of length √5.
    assert (whole(0, two), whole(axis, two)) == pytest.approx((1 / sqrt(5), 2 / sqrt(5)))


@pytest.mark.parametrize(
    ("name", "weight"),
    [("select_item", 0.5), ("view_item", 1.0), ("add_to_wishlist", 2.0), ("add_to_cart", 3.0)],
)
def test_the_nearer_to_a_purchase_the_more_a_meeting_says(name: str, weight: float) -> None:
    two = lived(meet("view_item", 0), meet(name, 1, at=1))

    assert whole(1, two) == pytest.approx(weight / sqrt(1 + weight**2))


@pytest.mark.parametrize("name", ["view_cart", "remove_from_cart", "begin_checkout", "purchase", "refund"])
def test_what_was_chosen_before_says_nothing_new(name: str) -> None:
    assert lived(meet("view_item", 0), meet(name, 1, at=1)).intent.recent[1] == 0.0


@pytest.mark.parametrize("stranger", [-1, AXES + 1, 10**9])
def test_a_product_without_a_place_leaves_the_focus_alone(stranger: int) -> None:
    with_stranger = lived(meet("view_item", 0), meet("view_item", 1, at=1), meet("view_item", stranger, at=2))
    without = lived(meet("view_item", 0), meet("view_item", 1, at=1))

    assert with_stranger.intent.recent == without.intent.recent


def test_looks_are_pages_viewed_and_what_is_taken_from_elsewhere() -> None:
    """Looked at 1; chose and looked at 2, again, and took it; took 3 from a list."""
    one = lived(
        meet("view_item", 1),
        meet("select_item", 2, at=1),
        meet("view_item", 2, at=2),
        meet("view_item", 2, at=3),
        meet("add_to_cart", 2, at=4),
        meet("add_to_cart", 3, at=5),
    )

    assert one.intent.looks == [3, 2, 2, 1]


def test_only_the_last_looks_are_kept() -> None:
    many = lived(*[meet("view_item", step % AXES, at=step) for step in range(LAST_LOOKS + 3)])

    assert many.intent.looks == [step % AXES for step in range(3, LAST_LOOKS + 3)][::-1]


@pytest.mark.parametrize("marker", MARKERS, ids=lambda marker: marker.name)
def test_without_a_product_there_is_no_focus(marker) -> None:
    assert marker.compute(lived(event("page_view"))) == 0.0


def test_opposite_interests_of_equal_weight_point_nowhere() -> None:
    assert lived(meet("view_item", 0), meet("view_item", 32, at=1)).intent.whole == [0.0] * AXES


def test_a_product_of_which_nothing_is_known_points_nowhere() -> None:
    assert visit(meet("view_item", 7)).intent.recent == [0.0] * AXES


def test_the_recent_focus_has_unit_length() -> None:
    focus = lived(meet("view_item", 3, 4, 5), meet("add_to_cart", 9, at=1)).intent.recent

    assert sum(x * x for x in focus) == pytest.approx(1.0)


def test_last_products_are_distinct_and_newest_first() -> None:
    assert lived(
        meet("view_item", 1, 2), meet("view_item", 3, at=1), meet("view_item", 1, at=2)
    ).intent.last_products == [
        1,
        3,
        2,
    ]


def test_last_products_are_bounded() -> None:
    many = lived(*(meet("view_item", product, at=product) for product in range(LAST_PRODUCTS + 5)))

    assert many.intent.last_products == list(range(LAST_PRODUCTS + 4, 4, -1))
