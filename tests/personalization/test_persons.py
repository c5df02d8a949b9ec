"""Persons: what somebody did with each product, worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from personalization.persons import (
    NEVER,
    OWN_FEATURES,
    Lived,
    Today,
    as_of,
    dealings,
    interest,
    lived,
    meetings,
    own_features,
    share_of,
    today_of,
)
from personalization.trails import NOBODY, Trails
from tests.personalization.assortments import assortment
from tests.personalization.markers.visits import event, item, visit
from tests.personalization.past_lives import CART, DAY, NOW, PURCHASE, VIEW, meeting, trails_of

CAMILLE, DENIS = 71, 72
NOTHING = meeting()


def known(
    *trails: Trails, person: int = CAMILLE, before: float = NOW, catalog: int = 10, today: Today = NOTHING
) -> Lived:
    return lived(person, trails, today=today, before=before, now=NOW, catalog=catalog)


def told(person: Lived, half_life: float = 10.0) -> dict[int, float]:
    products, weights = interest(person, half_life=half_life)
    return dict(zip(products.tolist(), weights.tolist(), strict=True))


def own(person: Lived, *candidates: int) -> list[dict[str, float]]:
    rows = own_features(np.array(candidates, np.int32), person, dealings(person, half_life=10.0))
    return [dict(zip(OWN_FEATURES, row, strict=True)) for row in rows.tolist()]


def test_a_person_is_all_their_visits_and_nobody_elses() -> None:
    past = trails_of((CAMILLE, 20, {1: VIEW}), (DENIS, 10, {2: VIEW}), (CAMILLE, 5, {3: PURCHASE, 1: VIEW}))

    assert sorted(known(past).products.tolist()) == [1, 1, 3]


def test_what_was_appended_since_the_rebuild_is_lived_too() -> None:
    rebuilt, appended = trails_of((CAMILLE, 20, {1: VIEW})), trails_of((CAMILLE, 1, {2: VIEW}))

    person = known(rebuilt, appended)

    assert sorted(person.products.tolist()) == [1, 2]
    assert person.visits.tolist() == [0, 1]
    assert person.visit_days.tolist() == [20, 1]


def test_visits_that_ended_later_are_not_yet_lived() -> None:
    past = trails_of((CAMILLE, 20, {1: VIEW}), (CAMILLE, 5, {2: VIEW}))

    assert known(past, before=NOW - 10 * DAY).products.tolist() == [1]


def test_a_bare_session_has_no_past_but_today() -> None:
    past = trails_of((NOBODY, 1, {1: VIEW}))

    person = known(past, person=NOBODY, today=meeting(4))

    assert person.products.tolist() == [4]
    assert not known(past, person=NOBODY).known


def test_positions_beyond_the_catalog_are_left_out() -> None:
    assert known(trails_of((CAMILLE, 1, {1: VIEW, 9: VIEW})), catalog=5).products.tolist() == [1]


def test_interest_weighs_kinds_and_halves_with_age() -> None:
    past = trails_of((CAMILLE, 10, {1: VIEW, 2: CART}), (CAMILLE, 20, {3: PURCHASE, 1: VIEW}))

    # Views tell 1, carts 3, purchases 5; ten days halve: 1 / 2 + 1 / 4, 3 / 2, 5 / 4; today's cart tells 3.
    assert told(known(past, today=meeting(4, in_cart=(4,)))) == pytest.approx({1: 0.75, 2: 1.5, 3: 1.25, 4: 3.0})


def test_dealings_count_visits_and_tell_how_long_ago() -> None:
    past = trails_of((CAMILLE, 30, {1: PURCHASE}), (CAMILLE, 10, {1: PURCHASE, 2: VIEW}), (CAMILLE, 20, {3: VIEW}))

    did = dealings(known(past, today=meeting(1)), half_life=10.0)

    assert did.products.tolist() == [1, 2, 3]
    assert did.met.tolist() == [2, 1, 1]
    assert did.bought.tolist() == [2, 0, 0]
    assert did.met_days.tolist() == [0, 10, 20]
    assert did.bought_days.tolist() == [10, NEVER, NEVER]
    assert did.first_bought_days.tolist() == [30, NEVER, NEVER]
    # Visits weigh 1/8, 1/2 and 1/4.
    assert did.met_share.tolist() == pytest.approx([5 / 7, 4 / 7, 2 / 7])
    assert did.bought_share.tolist() == pytest.approx([5 / 7, 0, 0])


def test_own_features_tell_past_and_today_apart() -> None:
    past = trails_of((CAMILLE, 10, {1: PURCHASE, 2: VIEW}))

    bought, seen, carted, strange = own(known(past, today=meeting(3, 2, in_cart=(3,))), 1, 2, 3, 9)

    assert (bought["own_bought"], bought["today"]) == (pytest.approx(np.log(2)), 0)
    assert (seen["own_met"], seen["today_recency"], seen["today_last"]) == (pytest.approx(np.log(2)), 0.5, 0)
    assert (carted["today_in_cart"], carted["today_last"], carted["today_recency"]) == (1, 1, 1)
    assert strange["own_met"] == strange["own_bought"] == strange["today"] == strange["today_in_cart"] == 0
    assert strange["own_met_lately"] == pytest.approx(-np.log1p(NEVER))


def test_of_somebody_unknown_the_own_features_are_those_of_no_past() -> None:
    (row,) = own(known(trails_of((DENIS, 1, {1: VIEW}))), 1)

    assert {name: value for name, value in row.items() if value} == {
        "own_met_lately": pytest.approx(-np.log1p(NEVER)),
        "own_bought_lately": pytest.approx(-np.log1p(NEVER)),
    }


def test_interest_shared_by_category_counts_all_its_products() -> None:
    groups = np.array([0, 0, 1, -1], np.int32)
    products, weights = np.array([0, 2, 3], np.int32), np.array([3.0, 1.0, 9.0], np.float32)

    shares = share_of(np.array([1, 2, 3], np.int32), groups, products=products, told=weights)

    assert shares.tolist() == [0.75, 0.25, 0.0]


def test_meetings_know_bare_sessions_apart() -> None:
    every = meetings(trails_of((NOBODY, 3, {1: VIEW}), (CAMILLE, 2, {1: VIEW}), (NOBODY, 1, {1: VIEW})), catalog=10)

    assert len(set(every.persons.tolist())) == 3
    assert every.persons[1] == CAMILLE


def test_silenced_visits_are_met_by_nobody() -> None:
    past = trails_of((CAMILLE, 3, {1: VIEW}), (CAMILLE, 2, {2: VIEW})).silencing(np.array([1]))

    assert meetings(past, catalog=10).products.tolist() == [2]
    assert known(past).products.tolist() == [2]


def test_trails_as_they_stood_then_and_the_newest_of_them() -> None:
    past = trails_of((CAMILLE, 3, {1: VIEW}), (DENIS, 2, {2: CART, 3: VIEW}), (CAMILLE, 1, {4: VIEW}))

    then = as_of(past, NOW - 1.5 * DAY, newest=1)

    assert (then.products.tolist(), then.kinds.tolist(), then.persons.tolist()) == ([2, 3], [CART, VIEW], [DENIS])
    assert as_of(past, NOW).products.tolist() == [1, 2, 3, 4]


def test_today_is_what_the_visit_met_the_newest_first() -> None:
    looked = [event("view_item", at=step, page="product", items=(item(p),)) for step, p in enumerate([1, 2, 1])]
    put = event("add_to_cart", at=9, items=(item(3, price=5.0),))

    today = today_of(visit(*looked, put), assortment(category=[0] * 4, ids="P"))

    assert today.products.tolist() == [3, 1, 2]
    assert today.looks.tolist() == [0, 2, 1]
    assert today.in_cart.tolist() == [True, False, False]


def test_what_the_catalog_does_not_know_is_not_of_today() -> None:
    looked = event("view_item", page="product", items=(item(7),))

    assert not len(today_of(visit(looked), assortment(category=[0] * 4, ids="P")).products)
