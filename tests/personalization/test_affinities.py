"""Affinities and liking, on a store of two camps whose right answers are known by reasoning."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest

from catalog.facts import ProductFacts
from personalization import affinities, liking
from personalization.affinities import Affinities, Taste
from personalization.liking import FEATURES, Profile
from personalization.persons import Today, lived
from personalization.trails import NOBODY, Trails
from tests.personalization.assortments import assortment
from tests.personalization.past_lives import NOW, PURCHASE, VIEW, meeting, trails_of

TASTE = Taste(confidence=20.0, half_life=30.0)
CAMILLE = 999
NOTHING = meeting()
# Products 0 … 3 are met by one camp, 4 … 7 by the other; 8 by nobody.
CATALOG = 9


def camps(people: int = 40) -> list[tuple[int, float, dict[int, int]]]:
    """Each of these people met three of the four products of their camp."""
    return [
        (number + 1, number % 20, {(number // 2 + step) % 4 + 4 * (number % 2): VIEW for step in range(3)})
        for number in range(people)
    ]


def facts() -> ProductFacts:
    return assortment(category=[0] * 4 + [1] * 5, brand=[0, 1] * 4 + [0], price=[10.0] * 4 + [100.0] * 4 + [10.0])


def learned(trails: Trails) -> Affinities:
    return affinities.learn(trails, catalog=CATALOG, now=NOW, confidence=TASTE.confidence)


def profiled(found: Affinities, trails: Trails, *, today: Today = NOTHING, person: int = CAMILLE) -> Profile:
    known = lived(person, [trails], today=today, before=NOW, now=NOW, catalog=CATALOG)
    return liking.profile(found, known, taste=TASTE)


def features_of(found: Affinities, asked: Profile, *candidates: int) -> list[dict[str, float]]:
    prices = facts().list_price
    rows = liking.features(np.array(candidates, np.int32), asked, found, facts=facts(), prices=prices)
    return [dict(zip(FEATURES, row, strict=True)) for row in rows.tolist()]


@pytest.fixture(scope="module")
def crowd() -> tuple[Affinities, Trails]:
    trails = trails_of(*camps(), catalog=CATALOG)
    return learned(trails), trails


def test_who_met_two_products_of_a_camp_likes_the_camps_others(crowd: tuple[Affinities, Trails]) -> None:
    found, trails = crowd

    likes = profiled(found, trails, today=meeting(4, 5)).likes

    assert likes[[6, 7]].min() > likes[[0, 1, 2, 3, 8]].max() + 0.1


def test_the_past_counts_beside_today(crowd: tuple[Affinities, Trails]) -> None:
    found, trails = crowd
    with_past = trails_of(*camps(), (CAMILLE, 5, {0: PURCHASE, 1: PURCHASE}), catalog=CATALOG)

    stranger, regular = profiled(found, trails, today=meeting(4)), profiled(found, with_past, today=meeting(4))

    assert stranger.likes[[2, 3]].max() < 0.1 < regular.likes[[2, 3]].min()
    assert regular.likes[4] > 0.1


def test_the_order_of_today_changes_no_liking(crowd: tuple[Affinities, Trails]) -> None:
    found, trails = crowd

    one, other = (profiled(found, trails, today=meeting(*met)).likes for met in ((0, 5), (5, 0)))

    np.testing.assert_allclose(one, other, atol=1e-5)


def test_of_somebody_unknown_nothing_is_liked(crowd: tuple[Affinities, Trails]) -> None:
    found, trails = crowd

    assert not profiled(found, trails).likes.any()


def test_akin_are_products_that_the_same_persons_met(crowd: tuple[Affinities, Trails]) -> None:
    found, trails = crowd

    akin = profiled(found, trails, today=meeting(4, 5)).akin

    assert akin[[6, 7]].min() > 0.1
    assert not akin[[0, 1, 2, 3, 8]].any()


def test_kinship_is_the_cosine_of_whom_products_were_met_by() -> None:
    """Two persons met both products, a third the first alone."""
    visits = [(1, 0.0, {0: VIEW, 1: VIEW}), (2, 0.0, {0: VIEW, 1: VIEW}), (3, 0.0, {0: VIEW})]

    found = learned(trails_of(*visits, catalog=CATALOG))

    # Rows of unit length: product 0 is met by (x, x, 1), product 1 by (y, y, 0), with x² + y² = 1.
    x, y = found.rarity[:2] / np.hypot(*found.rarity[:2])
    assert found.kin_offsets.tolist() == [0, 1, 2, 2, 2, 2, 2, 2, 2, 2]
    assert found.kin.tolist() == [1, 0]
    assert found.kinship == pytest.approx([2 * x * y / (np.sqrt(2 * x**2 + 1) * np.sqrt(2) * y)] * 2, rel=1e-5)


def test_what_nobody_met_has_no_place(crowd: tuple[Affinities, Trails]) -> None:
    found, _ = crowd

    assert not found.factors[8].any()
    assert found.factors[:8].any(axis=1).all()


def test_the_same_trails_teach_the_same(crowd: tuple[Affinities, Trails]) -> None:
    found, trails = crowd

    again = learned(trails)

    for field in fields(Affinities):
        np.testing.assert_array_equal(getattr(again, field.name), getattr(found, field.name))


def test_nothing_lived_teaches_nothing_and_breaks_nothing() -> None:
    found = learned(trails_of(catalog=CATALOG))
    asked = profiled(found, trails_of(catalog=CATALOG), today=meeting(1))

    assert not asked.likes.any()
    assert np.isfinite(list(features_of(found, asked, 1, 8)[0].values())).all()


def test_a_product_of_later_than_the_rebuild_has_features_like_any(crowd: tuple[Affinities, Trails]) -> None:
    """The catalog may hold positions that nothing was learned of."""
    _, trails = crowd
    young = affinities.learn(trails_of(*camps(), catalog=8), catalog=8, now=NOW, confidence=TASTE.confidence)

    (row,) = features_of(young, profiled(young, trails, today=meeting(8, 0)), 8)

    assert np.isfinite(list(row.values())).all()
    assert row["affinity"] == 0


def test_of_the_persons_products_the_one_of_the_same_camp_speaks_loudest(crowd: tuple[Affinities, Trails]) -> None:
    found, trails = crowd
    asked = profiled(found, trails, today=meeting(0, 5))

    support, loudest = liking.speakers(np.array([2, 6, 8], np.int32), asked, found)

    assert loudest.tolist() == [0, 5, -1]
    assert (support[:2] >= 1).all()
    assert support[2] == 0


def test_own_products_what_is_liked_and_what_is_popular_are_proposed(crowd: tuple[Affinities, Trails]) -> None:
    found, trails = crowd
    eligible = np.ones(CATALOG, bool)
    eligible[1] = False

    proposed = liking.propose(profiled(found, trails, today=meeting(8, 0, 1)), found, facts=facts(), eligible=eligible)

    assert proposed.dtype == np.int32
    assert 1 not in proposed
    assert {0, 2, 3, 8} <= set(proposed.tolist())
    assert len(set(proposed.tolist())) == len(proposed)


def test_what_is_bought_again_and_after_how_long_is_learned() -> None:
    """Product 0 is bought again after ten days by everybody, product 1 by nobody."""
    visits = [(person, days, {0: PURCHASE}) for person in range(1, 101) for days in (10.0, 20.0)]
    visits += [(person, 15.0, {1: PURCHASE}) for person in range(1, 101)]

    found = learned(trails_of(*visits, catalog=CATALOG))

    assert found.interval[0] == pytest.approx(10.0)
    # 100 of 200 purchases came back, 20 imagined ones as often as the store's 100 of 300.
    assert found.bought_again[0] == pytest.approx((100 + 20 / 3) / 220)
    assert found.bought_again[1] == pytest.approx((20 / 3) / 120)


def test_a_purchase_is_due_when_its_time_has_come() -> None:
    visits = [(person, days, {0: PURCHASE}) for person in range(1, 101) for days in (10.0, 20.0)]
    past = trails_of(*visits, (CAMILLE, 10, {0: PURCHASE}), (CAMILLE, 20, {0: PURCHASE}), catalog=CATALOG)
    early = trails_of(*visits, (CAMILLE, 1, {0: PURCHASE}), (CAMILLE, 11, {0: PURCHASE}), catalog=CATALOG)
    found = learned(past)

    (due,), (too_early,) = (features_of(found, profiled(found, trails), 0) for trails in (past, early))

    assert due["due"] == pytest.approx(1.0)
    assert too_early["due"] == pytest.approx(0.1)


def test_a_category_a_brand_and_a_price_suit_by_what_the_person_met(crowd: tuple[Affinities, Trails]) -> None:
    found, trails = crowd

    alike, unlike = features_of(found, profiled(found, trails, today=meeting(4, 6)), 6, 1)

    assert (alike["category"], unlike["category"]) == (1, 0)
    assert (alike["brand"], unlike["brand"]) == (1, 0)
    assert alike["price_fit"] == pytest.approx(0, abs=1e-5)
    assert unlike["price_fit"] == 4


def test_bare_sessions_teach_as_persons_of_their_own() -> None:
    nameless = trails_of(*((NOBODY, days, met) for _, days, met in camps()), catalog=CATALOG)

    likes = profiled(learned(nameless), nameless, today=meeting(4, 5)).likes

    assert likes[[6, 7]].min() > likes[:4].max() + 0.1
