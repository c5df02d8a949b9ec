"""Recall: the nearest situations, and what followed them summed by product."""

from __future__ import annotations

from dataclasses import replace
from math import exp

import numpy as np
import pytest
from django.db import connection, transaction

from personalization.memory import partitions, recall
from personalization.memory.payload import CART, PURCHASE, VIEW, Happening, pack
from personalization.memory.recall import NONE, Analogues
from personalization.models import Generation
from personalization.trails import VIEW as TRAIL_VIEW
from tests.catalog.factories import atelier, brico

from .rows import START, generation_of, place, row

RNG = np.random.default_rng(7)
CLOUD = RNG.normal(size=(400, 232)).astype(np.float16).astype(np.float32)


@pytest.fixture
def generation(db: None) -> Generation:
    """400 situations at random, indexed."""
    found = generation_of(atelier())
    partitions.load(found.pk, [row(number, situation) for number, situation in enumerate(CLOUD)])
    partitions.index(found.pk)
    return found


def nearest_by_hand(situation: np.ndarray, count: int) -> list[int]:
    return np.argsort(np.linalg.norm(CLOUD - situation, axis=1), kind="stable")[:count].tolist()


@pytest.mark.parametrize("exact", [False, True])
def test_the_nearest_come_first(generation: Generation, exact: bool) -> None:
    here = RNG.normal(size=232).astype(np.float32)

    found = recall.nearest(generation.pk, here, k=20, ef=400, exact=exact)

    assert found.visits.tolist() == nearest_by_hand(here, 20)
    by_hand = np.linalg.norm(CLOUD[found.visits] - here.astype(np.float16).astype(np.float32), axis=1)
    np.testing.assert_allclose(found.distance, by_hand, rtol=1e-3)
    assert found.at.tolist() == [START.timestamp()] * 20


def test_the_situation_itself_is_the_nearest(generation: Generation) -> None:
    found = recall.nearest(generation.pk, CLOUD[123], k=1, ef=100)

    assert (found.visits.tolist(), found.distance.tolist()) == ([123], [0.0])


def test_fewer_rows_than_asked_for_are_all_there_is(generation: Generation) -> None:
    assert len(recall.nearest(generation.pk, CLOUD[0], k=1000, ef=1000)) == 400


def test_an_empty_memory_recalls_nothing(db: None) -> None:
    assert recall.nearest(generation_of(atelier()).pk, CLOUD[0], k=5, ef=50) is NONE


def test_another_store_is_never_recalled(generation: Generation) -> None:
    theirs = generation_of(brico())
    partitions.load(theirs.pk, [row(9999, CLOUD[0])])

    assert recall.nearest(theirs.pk, CLOUD[0], k=100, ef=100).visits.tolist() == [9999]
    assert 9999 not in recall.nearest(generation.pk, CLOUD[0], k=400, ef=400).visits


@pytest.mark.django_db(transaction=True)
def test_a_transaction_taken_back_does_not_leave_another_search_behind() -> None:
    generation = generation_of(atelier())
    partitions.load(generation.pk, [row(1, place(1))])
    recall.nearest(generation.pk, place(1), k=1, ef=300)

    with transaction.atomic():
        recall.nearest(generation.pk, place(1), k=1, ef=77, exact=False)
        transaction.set_rollback(True)
    recall.nearest(generation.pk, place(1), k=1, ef=77, exact=False)

    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('hnsw.ef_search'), current_setting('enable_indexscan')")
        assert cursor.fetchone() == ("77", "on")
    partitions.drop(generation.pk)


def test_a_past_moment_is_read_again_by_its_id(generation: Generation) -> None:
    found = recall.nearest(generation.pk, CLOUD[5], k=1, ef=100)
    asked = [*found.ids.tolist(), 10**15]

    moments = recall.moments(generation.pk, asked)

    assert list(moments) == found.ids.tolist()
    moment = moments[asked[0]]
    assert moment.visit_id == 5
    np.testing.assert_array_equal(moment.situation, CLOUD[5])


# --- evidence ----------------------------------------------------------------------------------------------------


def analogue(focus: list[int], *followed: tuple[int, int]) -> bytes:
    happenings = [Happening(product, kind, 10.0 + number, 5.0) for number, (product, kind) in enumerate(followed)]
    return pack(focus=focus, followed=happenings, at=0.0)


def analogues(*payloads: bytes, distance: list[float] | None = None) -> Analogues:
    count = len(payloads)
    return Analogues(
        ids=np.arange(count),
        visits=np.arange(count) + 100,
        at=np.arange(count, dtype=np.float64),
        distance=np.array(distance or [0.0] * count, np.float32),
        payloads=list(payloads),
    )


SIMILAR = np.array([1.0, 0.5, 0.25], np.float32)
PAST = analogues(
    analogue([1], (2, VIEW), (2, CART), (3, VIEW)),
    analogue([1, 4], (2, VIEW), (2, PURCHASE)),
    analogue([5]),  # nothing followed
)


def test_evidence_is_the_similarity_of_the_analogues_after_which_it_happened() -> None:
    recalled, _ = recall.evidence(PAST, SIMILAR, catalog=10)

    assert recalled.products.tolist() == [2, 3]
    assert recalled.view.tolist() == pytest.approx([1.5, 1.0])
    assert recalled.cart.tolist() == pytest.approx([1.0, 0.0])
    assert recalled.purchase.tolist() == pytest.approx([0.5, 0.0])


def test_mass_counts_every_analogue_and_the_masses_those_after_which_it_happened_at_all() -> None:
    recalled, _ = recall.evidence(PAST, SIMILAR, catalog=10)

    assert (recalled.mass, recalled.cart_mass, recalled.purchase_mass) == pytest.approx((1.75, 1.0, 0.5))


def test_ways_are_told_from_where_a_product_was_first_met() -> None:
    recalled, _ = recall.evidence(PAST, SIMILAR, catalog=10)

    assert recalled.steps.tolist() == [4.0, 1.0]  # 2: three steps to an end, and half of two to a purchase
    assert recalled.reached.tolist() == [0.5, 0.0]


def test_a_visit_recalled_twice_weighs_once_on_its_way() -> None:
    twice = replace(PAST, visits=np.array([100, 101, 101]), payloads=[PAST.payloads[row] for row in (0, 1, 1)])

    recalled, _ = recall.evidence(twice, SIMILAR, catalog=10)

    assert recalled.reached.tolist() == [0.375, 0.0]  # (0.5 + 0.25) / 2


def test_moves_lead_from_the_product_in_focus() -> None:
    _, moves = recall.evidence(PAST, SIMILAR, catalog=10)

    told = list(
        zip(moves.origin.tolist(), moves.success.tolist(), moves.view.tolist(), moves.purchase.tolist(), strict=True)
    )
    assert told == [(1, 2, 1, 0), (1, 2, 0, 0), (1, 3, 1, 0), (1, 2, 0.5, 0), (1, 2, 0, 0.5)]


def test_a_past_without_a_product_moves_from_nowhere() -> None:
    _, moves = recall.evidence(analogues(analogue([], (2, VIEW))), SIMILAR[:1], catalog=10)

    assert moves.origin.tolist() == [-1]


def test_products_beyond_the_catalog_are_left_out() -> None:
    recalled, moves = recall.evidence(PAST, SIMILAR, catalog=3)

    assert (recalled.products.tolist(), set(moves.success.tolist())) == ([2], {2})
    assert recalled.steps.tolist() == [4.0]  # on the way they are steps all the same


def test_analogues_after_which_nothing_happened_are_evidence_too() -> None:
    recalled, moves = recall.evidence(analogues(analogue([5])), SIMILAR[:1], catalog=10)

    assert (len(recalled.products), recalled.mass, recalled.cart_mass, len(moves.success)) == (0, 1.0, 0.0, 0)


def test_no_analogue_is_no_evidence() -> None:
    recalled, moves = recall.evidence(NONE, np.empty(0, np.float32), catalog=10)

    assert (recalled.mass, len(recalled.products), len(moves.success)) == (0.0, 0, 0)


def test_similarity_is_a_gaussian_of_the_distance() -> None:
    found = recall.similarity(analogues(b"", b"", distance=[0.0, 3.0]), bandwidth=3.0)

    assert found.tolist() == pytest.approx([1.0, exp(-0.5)])


def test_what_was_lived_later_can_be_left_out() -> None:
    earlier = PAST.before(2.0, most=1)

    assert (earlier.ids.tolist(), earlier.payloads) == ([0], [PAST.payloads[0]])


def test_kinds_mean_the_same_in_payloads_and_trails() -> None:
    assert VIEW == TRAIL_VIEW
