"""Ways to a purchase: the steps left of each, counted by hand."""

from __future__ import annotations

import numpy as np
import pytest

from personalization.memory.payload import CART, PURCHASE, VIEW, Happening, pack, unpack
from personalization.memory.ways_to_purchase import first_met, once_a_visit, steps_left


def way(*followed: tuple[int, int, float], focus: tuple[int, ...] = ()) -> bytes:
    """What was done to which product, and when."""
    happenings = [Happening(product, kind, at, 5.0) for product, kind, at in followed]
    return pack(focus=list(focus), followed=happenings, at=0.0)


def told(*ways: bytes) -> tuple[list[int], list[bool]]:
    left, reached = steps_left(*unpack(list(ways)), ways=len(ways))
    return left.tolist(), reached.tolist()


BOUGHT = way((2, VIEW, 10), (3, VIEW, 11), (2, CART, 12), (2, PURCHASE, 13))
LEFT = way((2, VIEW, 10), (3, VIEW, 11))
NOTHING = way(focus=(7,))


@pytest.mark.parametrize(
    ("ways", "left", "reached"),
    [
        ([BOUGHT], [4, 3, 2, 1], [True]),
        ([LEFT], [2, 1], [False]),
        ([NOTHING, LEFT, b""], [0, 2, 1], [False, False, False]),
        ([way((2, VIEW, 10), focus=(5, 6)), BOUGHT], [0, 0, 1, 4, 3, 2, 1], [False, True]),
        ([way((2, PURCHASE, 1), (3, PURCHASE, 1), (4, VIEW, 1.5))], [1, 1, 0], [True]),  # a receipt of two lines
        ([way((2, PURCHASE, 1), (3, VIEW, 2), (3, PURCHASE, 3))], [1, 0, 0], [True]),  # and another one
        ([], [], []),
    ],
)
def test_steps_are_counted_to_the_first_receipt_or_to_the_end(
    ways: list[bytes], left: list[int], reached: list[bool]
) -> None:
    assert told(*ways) == (left, reached)


def test_a_product_is_met_where_it_first_occurs_in_its_way() -> None:
    found = first_met(np.array([0, 0, 0, 1, 1]), np.array([0, 1, 0, 0, 1]), ways=2)

    assert found.tolist() == [True, True, False, True, True]


def test_where_nothing_is_met_nothing_is_met_first() -> None:
    assert not len(first_met(np.empty(0, np.int64), np.empty(0, np.int64), ways=3))


def test_the_situations_of_one_visit_share_its_weight() -> None:
    weights = once_a_visit(np.array([1.0, 0.5, 0.25], np.float32), np.array([7, 3, 7]))

    assert weights.tolist() == [0.5, 0.5, 0.125]
