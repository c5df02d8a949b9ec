"""Relations: how each product of one question was reached, worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from personalization.engines.base import Relation
from personalization.engines.relations import WAYS, Related, relate
from personalization.evidence import Evidence, Walked
from personalization.memory.gathering import Gathered
from personalization.transitions import NOWHERE_REACHED, Reached
from personalization.transposition import NOWHERE, Ground, Moves
from tests.personalization.assortments import assortment
from tests.personalization.one_question import (
    BESIDE,
    CATALOG,
    EVIDENCE,
    FOLLOWED,
    HERE,
    KIN,
    OWN,
    RECALLED,
    SHELVES,
    SILENCE,
    TRANSPOSED,
    WALKED,
    floats,
    ints,
)

FACTS = assortment(category=SHELVES.category.tolist())
NO_MOVES = Moves(ints(), ints(), floats(), floats(), floats())
NEWEST = HERE.seen[0]


def related(evidence: Evidence, *products: int, moves: Moves = NO_MOVES, eligible: Any = range(CATALOG)) -> Related:
    ground = Ground(
        coordinates=SHELVES.coordinates,
        neighbours=np.empty((CATALOG, 0), np.int32),
        facts=FACTS,
        prices=np.full(CATALOG, np.nan, np.float32),
        eligible=np.isin(np.arange(CATALOG), list(eligible)),
    )
    start = int(evidence.here.seen[0]) if len(evidence.here.seen) else NOWHERE
    gathered = Gathered(evidence=evidence, moves=moves, similarity=floats(), start=start)
    return relate(ints(*products), gathered, ground=ground, shelves=SHELVES)


def only(evidence: Evidence, product: int, **more: Any) -> Relation:
    ((relation,),) = related(evidence, product, **more)
    return relation


def speaking(**kinds: Any) -> Evidence:
    """Of one who has met product 2, and 1 before it, these kinds of evidence alone."""
    return replace(SILENCE, here=replace(SILENCE.here, seen=HERE.seen), **kinds)


# --- One way alone ------------------------------------------------------------------------------------------------


def test_trails_tell_the_product_from_which_they_led_there() -> None:
    from_the_older = replace(FOLLOWED, origin=ints(2, 1))

    assert only(speaking(followed=from_the_older), 4) == Relation("followed", 1, 4, 1, ("same_category",), 1.0)


def test_walks_tell_the_newest_product() -> None:
    assert only(speaking(walked=WALKED), 3) == Relation("followed", NEWEST, 3, NEWEST, ("same_category",), 1.0)


def test_walks_that_the_newest_product_does_not_lead_on_tell_none() -> None:
    assert only(speaking(walked=WALKED), 5) == Relation("followed", NOWHERE, 5, NOWHERE, (), 1.0)


def test_analogues_tell_what_was_in_focus_before_the_strongest_move() -> None:
    moves = Moves(ints(3, 7, 0), ints(4, 4, 5), floats(1, 2, 9), floats(0, 0, 0), floats(0, 0, 0))

    found = only(speaking(recalled=RECALLED), 4, moves=moves)

    assert found == Relation("recalled", 7, 4, NEWEST, ("complement",), 1.0)


def test_a_move_made_again_tells_both_moves() -> None:
    found = only(speaking(transposed=TRANSPOSED), 6)

    assert found == Relation("transposed", 0, 1, NEWEST, ("same_category",), 1.0)


def test_what_stands_in_for_a_success_that_cannot_be_shown_is_a_substitute() -> None:
    found = only(speaking(transposed=TRANSPOSED), 6, eligible=[6])

    assert (found.kind, found.success) == ("substitute", 1)


def test_a_move_to_where_it_led_there_is_none_made_again() -> None:
    same = replace(TRANSPOSED, success=ints(0, 6))

    assert only(speaking(transposed=same), 0).kind == "popular"


def test_what_goes_with_a_product_of_the_visit_tells_which() -> None:
    assert only(speaking(beside=BESIDE), 7) == Relation("beside", 1, 7, 1, (), 1.0)


def test_what_no_visit_leads_to_is_kindred_of_the_look_it_stands_near() -> None:
    assert only(speaking(kin=KIN), 5) == Relation("kindred", 1, 5, NOWHERE, (), 1.0)


@pytest.mark.parametrize(("product", "traits"), [(5, ()), (1, ("bought",))])
def test_the_visitors_own_past_tells_whether_it_was_bought(product: int, traits: tuple[str, ...]) -> None:
    alone = replace(SILENCE, own=OWN)

    assert only(alone, product) == Relation("own", NOWHERE, product, NOWHERE, traits, 1.0)


def test_what_was_seen_is_called_so_whatever_leads_back() -> None:
    back = replace(FOLLOWED, products=ints(3, 1))

    assert only(speaking(followed=back), 1) == Relation("seen", NOWHERE, 1, NOWHERE, (), 1.0)
    assert only(speaking(), 1).kind == "seen"


# --- Where nothing speaks for the product itself ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("product", "kind"),
    [
        (2, "shelf"),  # half of the meetings of its category of three
        (6, "popular"),  # a fifth
        (0, "popular"),  # the most met of a category that the visit is not about
        (5, "popular"),  # of none
    ],
)
def test_what_is_met_more_than_most_of_todays_category_is_often_chosen_there(product: int, kind: str) -> None:
    of_today = replace(SILENCE, here=replace(SILENCE.here, seen=ints(3)))

    assert only(of_today, product) == Relation(kind, success=product)


def test_a_category_that_walks_lead_to_is_what_the_visit_is_about() -> None:
    led = Walked(Reached(ints(6), floats(0.4)), NOWHERE_REACHED, NOWHERE_REACHED)

    assert only(replace(SILENCE, walked=led), 2).kind == "shelf"


def test_where_nobody_met_anything_nothing_is_often_chosen() -> None:
    """Half a meeting is lent to all, and no product has more than another."""
    even = replace(SHELVES, met_share=floats(0.25, 0.25, 1 / 3, 1 / 3, 0.25, 0, 1 / 3, 0.25))
    here = replace(SILENCE, here=replace(SILENCE.here, seen=ints(3)))
    ground = Ground(
        SHELVES.coordinates, np.empty((CATALOG, 0), np.int32), FACTS, SHELVES.prices, np.ones(CATALOG, bool)
    )

    found = relate(ints(2, 6), Gathered(here, NO_MOVES, floats(), 3), ground=ground, shelves=even)

    assert [ways[0].kind for ways in found] == ["popular", "popular"]


def test_what_stands_in_the_list_in_front_alone_says_so() -> None:
    listed = replace(SILENCE, here=replace(SILENCE.here, listed=HERE.listed))

    assert only(listed, 7) == Relation("listed", success=7)


def test_where_nothing_speaks_a_product_is_popular() -> None:
    assert only(SILENCE, 4) == Relation("popular", success=4)


# --- Several ways -------------------------------------------------------------------------------------------------


def test_the_strongest_way_comes_first_with_its_share_of_all() -> None:
    """Three quarters of the trails and a fifth of the analogues went to 4."""
    ((first, second),) = related(speaking(followed=FOLLOWED, recalled=RECALLED), 4)

    assert (first.kind, second.kind) == ("followed", "recalled")
    assert (first.share, second.share) == pytest.approx((0.75 / 0.95, 0.2 / 0.95))


def test_trails_and_walks_are_one_way_as_strong_as_the_stronger() -> None:
    """A quarter of the trails and a fifth of the walks lead to 3, and three quarters of what goes with 1."""
    evidence = speaking(followed=FOLLOWED, walked=WALKED, beside=replace(BESIDE, products=ints(3, 7)))

    ((beside, followed),) = related(evidence, 3)

    assert (beside.kind, followed.kind) == ("beside", "followed")
    assert followed.share == pytest.approx(0.25)


def test_of_many_ways_the_strongest_are_told() -> None:
    everything = replace(
        EVIDENCE,
        here=replace(HERE, seen=ints(2)),
        beside=replace(BESIDE, products=ints(0, 4)),
        own=replace(OWN, products=ints(1, 4)),
        transposed=replace(TRANSPOSED, products=ints(6, 4)),
    )

    ((*ways,),) = related(everything, 4)

    # Trails ¾, basket ¼ and the own past ¼, analogues ⅕, moves 1/10.
    assert [way.kind for way in ways] == ["followed", "beside", "own"]
    assert len(ways) == WAYS


# --- As a sequence ------------------------------------------------------------------------------------------------


def test_relations_come_in_the_order_of_the_products() -> None:
    found = related(EVIDENCE, 7, 4, 0)

    assert len(found) == 3
    assert [ways[0].success for ways in found] == [7, 4, 0]
    assert found[1:] == [found[1], found[2]]
    assert found[-1] == found[2]
    with pytest.raises(IndexError):
        found[3]


def test_no_products_have_no_relations() -> None:
    assert list(related(EVIDENCE)) == []
    assert list(related(SILENCE)) == []
