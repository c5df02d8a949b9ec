"""Moves made again from today's product, on a shop small enough to see where each of them must lead."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.facts import ProductFacts
from personalization.transposition import MOVES, NOTHING, NOWHERE, Ground, Moves, Transposed, traits, transpose

from .assortments import NAN, assortment

# Rackets of two brands and their strings: in each brand an expensive racket, a cheap one, strings.
DEAR_A, CHEAP_A, STRINGS_A, DEAR_B, CHEAP_B, STRINGS_B = range(6)
FACTS = assortment(
    category=[0, 0, 1, 0, 0, 1],
    brand=[0, 0, 0, 1, 1, 1],
    price=[200, 100, 20, 215, 110, 22],
    launched=[0, 0, 0, 0, 50, 0],
)
# Dimension 0: brand A, 1: brand B, 2: expensive, 3: cheap, 4: strings.
PLACES = [[1, 0, 1, 0, 0], [1, 0, 0, 1, 0], [1, 0, 0, 0, 1], [0, 1, 1, 0, 0], [0, 1, 0, 1, 0], [0, 1, 0, 0, 1]]


def ground(*, eligible: Sequence[int] = range(6), neighbours: int = 5) -> Ground:
    coordinates = np.zeros((6, 32), np.float32)
    coordinates[:, :5] = np.array(PLACES) / np.sqrt(2)
    nearest = np.argsort(-(coordinates @ coordinates.T) + 9 * np.eye(6), axis=1, kind="stable")[:, :neighbours]
    return Ground(
        coordinates=coordinates,
        neighbours=nearest.astype(np.int32),
        facts=FACTS,
        prices=FACTS.price_at(0.0),
        eligible=np.isin(np.arange(6), list(eligible)),
    )


def moves(*rows: tuple[int, int, float], cart: float = 0.0, purchase: float = 0.0) -> Moves:
    """(origin, success, evidence of a view); each also carted and bought as told."""
    return Moves(
        origin=np.array([row[0] for row in rows], np.int32),
        success=np.array([row[1] for row in rows], np.int32),
        view=np.array([row[2] for row in rows], np.float32),
        cart=np.full(len(rows), cart, np.float32),
        purchase=np.full(len(rows), purchase, np.float32),
    )


def best(transposed: Transposed) -> int:
    return int(transposed.products[np.argmax(transposed.view)])


@pytest.mark.parametrize(
    ("origin", "success", "start", "expected"),
    [
        (DEAR_A, CHEAP_A, DEAR_B, CHEAP_B),  # cheaper, same brand, same category
        (DEAR_A, STRINGS_A, DEAR_B, STRINGS_B),  # the accessory of the same brand
        (CHEAP_B, DEAR_B, CHEAP_A, DEAR_A),  # dearer
        (DEAR_A, DEAR_B, CHEAP_A, CHEAP_B),  # the rival's counterpart
        (DEAR_A, CHEAP_A, DEAR_A, CHEAP_A),  # from the same product the same move
    ],
)
def test_the_same_move_is_made_from_todays_product(origin: int, success: int, start: int, expected: int) -> None:
    assert best(transpose(moves((origin, success, 1.0)), start=start, ground=ground())) == expected


def test_the_relation_is_kept_with_the_product_it_led_to() -> None:
    transposed = transpose(moves((DEAR_A, CHEAP_A, 1.0), (CHEAP_A, STRINGS_A, 0.2)), start=DEAR_B, ground=ground())

    at = transposed.products.tolist().index(CHEAP_B)
    assert (transposed.origin[at], transposed.success[at]) == (DEAR_A, CHEAP_A)


def test_moves_known_by_purchases_alone_tell_where_they_came_from() -> None:
    bought = moves((CHEAP_A, STRINGS_A, 0.0), (DEAR_A, CHEAP_A, 0.0), purchase=1.0)

    transposed = transpose(bought, start=DEAR_B, ground=ground())

    at = transposed.products.tolist().index(CHEAP_B)
    assert (transposed.origin[at], transposed.success[at]) == (DEAR_A, CHEAP_A)


def test_a_success_that_cannot_be_shown_passes_to_what_stands_in_for_it() -> None:
    without_cheap_b = [DEAR_A, CHEAP_A, STRINGS_A, DEAR_B, STRINGS_B]

    transposed = transpose(moves((DEAR_A, CHEAP_B, 1.0)), start=DEAR_A, ground=ground(eligible=without_cheap_b))

    assert CHEAP_B not in transposed.products
    assert best(transposed) == CHEAP_A  # as cheap, if of another brand


def test_without_a_product_in_focus_success_is_repeated() -> None:
    assert best(transpose(moves((DEAR_A, CHEAP_A, 1.0)), start=NOWHERE, ground=ground())) == CHEAP_A


def test_a_move_from_nowhere_leads_where_it_led() -> None:
    assert best(transpose(moves((NOWHERE, STRINGS_B, 1.0)), start=DEAR_A, ground=ground())) == STRINGS_B


def test_outcomes_are_carried_over_in_proportion() -> None:
    once = transpose(moves((DEAR_A, CHEAP_A, 1.0), cart=0.5, purchase=0.25), start=DEAR_B, ground=ground())

    np.testing.assert_allclose(once.cart, once.view * 0.5, rtol=1e-5)
    np.testing.assert_allclose(once.purchase, once.view * 0.25, rtol=1e-5)


def test_equal_moves_are_summed() -> None:
    once = transpose(moves((DEAR_A, CHEAP_A, 1.0)), start=DEAR_B, ground=ground())
    twice = transpose(moves((DEAR_A, CHEAP_A, 0.3), (DEAR_A, CHEAP_A, 0.7)), start=DEAR_B, ground=ground())

    np.testing.assert_allclose(twice.view, once.view, rtol=1e-5)


def test_only_the_heaviest_moves_are_made() -> None:
    heavy = [(DEAR_A, CHEAP_A, 1.0)] * 3 + [(origin, success, 0.5) for origin in range(6) for success in range(6)]

    transposed = transpose(moves(*heavy), start=DEAR_B, ground=ground())

    assert len({(o, s) for o, s in zip(transposed.origin.tolist(), transposed.success.tolist(), strict=True)}) <= MOVES
    assert best(transposed) == CHEAP_B


@pytest.mark.parametrize("rows", [[], [(DEAR_A, 99, 1.0)], [(99, CHEAP_A, 1.0)], [(DEAR_A, -1, 1.0)]])
def test_moves_of_products_that_the_space_does_not_know_lead_nowhere(rows: list[tuple[int, int, float]]) -> None:
    assert transpose(moves(*rows), start=DEAR_B, ground=ground()) is NOTHING


def test_where_nothing_may_be_shown_nothing_is_reached() -> None:
    assert transpose(moves((DEAR_A, CHEAP_A, 1.0)), start=DEAR_B, ground=ground(eligible=[])) is NOTHING


def told(moved: Sequence[tuple[int, int]], facts: ProductFacts = FACTS) -> list[tuple[str, ...]]:
    return [traits(start, product, facts=facts, prices=facts.price_at(0.0)) for start, product in moved]


@pytest.mark.parametrize(
    ("start", "product", "expected"),
    [
        (DEAR_A, CHEAP_A, ("same_category", "same_brand", "cheaper")),
        (DEAR_A, STRINGS_A, ("complement", "same_brand", "cheaper")),
        (STRINGS_A, DEAR_B, ("complement", "dearer")),
        (DEAR_A, DEAR_B, ("same_category", "similar_price")),
        (DEAR_B, CHEAP_B, ("same_category", "same_brand", "cheaper", "newer")),
        (NOWHERE, CHEAP_B, ()),
    ],
)
def test_traits_tell_what_a_move_keeps_or_changes(start: int, product: int, expected: tuple[str, ...]) -> None:
    assert told([(start, product)]) == [expected]


def test_traits_are_told_of_each_move() -> None:
    assert told([(DEAR_A, DEAR_B), (NOWHERE, CHEAP_B), (DEAR_A, NOWHERE)]) == [
        ("same_category", "similar_price"),
        (),
        (),
    ]


def test_what_is_not_known_is_no_trait() -> None:
    facts = assortment(category=[-1, -1], price=[NAN, 10.0])

    assert told([(0, 1)], facts) == [()]


ANY_MOVES = st.lists(
    st.tuples(st.integers(-1, 5), st.integers(0, 5), st.floats(0, 10, width=32)), min_size=1, max_size=30
)


@given(ANY_MOVES, st.integers(-1, 5), st.sets(st.integers(0, 5)))
def test_only_what_may_be_shown_is_reached_once_and_never_with_negative_evidence(
    rows: list[tuple[int, int, float]], start: int, eligible: set[int]
) -> None:
    transposed = transpose(moves(*rows, cart=0.1), start=start, ground=ground(eligible=sorted(eligible)))

    products = transposed.products.tolist()
    assert set(products) <= eligible
    assert len(products) == len(set(products))
    assert min([*transposed.view, *transposed.cart, *transposed.purchase], default=0) >= 0


@given(st.lists(st.tuples(st.integers(-1, 5), st.integers(0, 5), st.integers(1, 9)), min_size=2, max_size=8), st.data())
def test_the_order_of_moves_means_nothing(rows: list[tuple[int, int, int]], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(rows))

    one, other = (transpose(moves(*some), start=DEAR_A, ground=ground()) for some in (rows, shuffled))

    assert one.products.tolist() == other.products.tolist()
    np.testing.assert_allclose(one.view, other.view, rtol=1e-4)
