"""Which situations of a visit are kept, and what followed each of them."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import numpy as np

from personalization.markers.live_visit import LiveVisit, VisitContext
from personalization.markers.lived import LivedEvent, LivedItem
from personalization.memory.payload import CART, FOCUS, PURCHASE, VIEW, unpack
from personalization.memory.remembering import MOST_SITUATIONS, Remembered, looks, remember, trail
from personalization.product_space import DIMENSIONS, ProductSpace
from personalization.situation import raw

CONTEXT = VisitContext(time_zone=ZoneInfo("Europe/Paris"))
LANDSCAPE = ProductSpace(
    coordinates=np.eye(100, DIMENSIONS, dtype=np.float32),
    popularity=np.linspace(0, 1, 100).astype(np.float32),
    met=np.ones(100, np.float32),
)
START = 1.7e9


def lived(*deeds: tuple[str, int]) -> list[LivedEvent]:
    """Events ten seconds apart, each about one product, which costs 5.0; −1: about none."""
    return [
        LivedEvent(
            str(number),
            name,
            START + 10 * number,
            items=(LivedItem(str(product), product=product, price=5.0),) if product >= 0 else (),
        )
        for number, (name, product) in enumerate(deeds)
    ]


def remembered(*deeds: tuple[str, int]) -> Remembered:
    return remember(lived(*deeds), context=CONTEXT, landscape=LANDSCAPE)


def told(kept: Remembered, row: int) -> list[tuple[int, int, float, float]]:
    records, _ = unpack([kept.payloads[row]])
    return [tuple(record.item()) for record in records]


VISIT = (("view_item", 1), ("select_item", 2), ("view_item", 2), ("add_to_cart", 2), ("purchase", 2))


def test_a_visit_looks_at_a_product_as_often_as_at_its_page() -> None:
    assert looks(lived(*VISIT, ("view_item", 1), ("view_item", -1))) == [1, 2, 1]


def test_of_a_receipt_the_looks_are_what_it_holds() -> None:
    assert looks(lived(("purchase", 4), ("purchase", 2))) == [4, 2]


def test_a_situation_is_kept_after_each_event_at_which_a_zone_may_ask() -> None:
    kept = remembered(*VISIT)

    assert kept.steps.tolist() == [0, 2, 3, 4]  # not after select_item
    assert kept.at.tolist() == [START, START + 20, START + 30, START + 40]


def test_each_situation_tells_its_focus_and_what_followed() -> None:
    kept = remembered(*VISIT)

    assert told(kept, 0) == [(1, FOCUS, 0, 0), (2, VIEW, 10, 5), (2, CART, 30, 5), (2, PURCHASE, 40, 5)]
    assert told(kept, 1) == [(2, FOCUS, 0, 0), (1, FOCUS, 0, 0), (2, CART, 10, 5), (2, PURCHASE, 20, 5)]
    assert told(kept, 3) == [(2, FOCUS, 0, 0), (1, FOCUS, 0, 0)]


def test_the_markers_are_those_of_the_visit_up_to_there() -> None:
    kept = remembered(*VISIT)

    for row, step in enumerate(kept.steps):
        so_far = LiveVisit(context=CONTEXT, landscape=LANDSCAPE, events=lived(*VISIT)[: step + 1])
        assert kept.markers[row].tobytes() == raw(so_far).tobytes()


def test_the_product_met_last_is_the_focus() -> None:
    kept = remembered(("view_item", 1), ("view_item", 2), ("view_item", 3), ("view_item", 1))

    assert [product for product, kind, *_ in told(kept, 3) if kind == FOCUS] == [1, 3, 2]


def test_of_a_long_visit_evenly_many_situations_are_kept() -> None:
    kept = remembered(*(("view_item", number % 90) for number in range(200)))

    assert len(kept.steps) == MOST_SITUATIONS == len(kept.payloads) == len(kept.markers)
    assert (kept.steps[0], kept.steps[-1]) == (0, 199)
    assert set(np.diff(kept.steps).tolist()) <= {8, 9}


def test_a_visit_without_a_telling_event_leaves_no_situation() -> None:
    kept = remembered(("select_item", 1), ("remove_from_cart", 1))

    assert (len(kept.steps), kept.markers.shape, kept.payloads) == (0, (0, 232), [])


def test_a_trail_is_the_products_in_the_order_first_met_with_the_strongest_deed() -> None:
    deeds = (("view_item", 3), ("view_item", 1), ("add_to_cart", 3), ("view_item", 3), ("search", -1), ("purchase", 1))

    assert trail(lived(*deeds)) == ([3, 1], [CART, PURCHASE])


def test_products_that_the_catalog_does_not_know_leave_no_trail() -> None:
    assert trail(lived(("view_item", -1), ("search", -1))) == ([], [])
