"""Lookalikes: resemblances worked out by hand, and what those who resemble somebody met."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from catalog.facts import ProductFacts
from personalization import lookalikes, people
from personalization.lookalikes import FEATURES, Company, Resemblance
from personalization.people import People
from personalization.persons import Today, lived
from personalization.trails import NOBODY, Trails
from tests.personalization.assortments import assortment
from tests.personalization.past_lives import CART, NOW, PURCHASE, VIEW, PastVisit, meeting, trails_of

PLAIN = Resemblance(half_life=1e9, leaning=0.0, sharpness=1.0, people=300)
ALICE, BOB, CHARLIE = 1, 2, 3
NOTHING = meeting()


def facts() -> ProductFacts:
    return assortment(category=[0, 0, 0, 1, 1, 1, 2, 2, 2, 2], brand=[-1] * 10)


def gathered(*visits: PastVisit) -> tuple[People, Trails]:
    trails = trails_of(*visits)
    return people.gather(trails, facts=facts(), now=NOW), trails


def company(
    known: tuple[People, Trails], *, me: int = NOBODY, today: Today = NOTHING, settings: Resemblance = PLAIN
) -> Company:
    crowd, trails = known
    person = lived(me, [trails], today=today, before=NOW, now=NOW, catalog=10)
    return lookalikes.company(crowd, person, me=me, facts=facts(), now=NOW, settings=settings)


def met(asked: Company) -> dict[int, float]:
    return dict(zip(asked.heard.products.tolist(), asked.heard.met.tolist(), strict=True))


def test_resemblance_is_the_cosine_of_interests_rarer_products_telling_more() -> None:
    known = gathered((ALICE, 1, {0: VIEW, 1: VIEW}), (BOB, 1, {0: VIEW, 2: VIEW}), (CHARLIE, 1, {0: VIEW}))

    # Of three people, log(1 + 3 / 4) tells sharing product 0, log(1 + 3 / 2) product 1, and 2.
    common, rare = np.log(1 + 3 / 4), np.log(1 + 3 / 2)
    whole = np.hypot(common, rare)
    asked = company(known, today=meeting(0, 1))
    assert asked.heard.people == 3
    assert asked.heard.nearest == pytest.approx(1.0)
    assert met(asked) == pytest.approx(
        {0: 1 + (common / whole) ** 2 + common / whole, 1: 1.0, 2: (common / whole) ** 2}, rel=1e-5
    )


def test_nobody_is_their_own_lookalike() -> None:
    known = gathered((ALICE, 1, {0: VIEW, 1: VIEW}), (BOB, 1, {0: VIEW, 2: VIEW}))

    heard = company(known, me=ALICE).heard

    assert heard.people == 1
    assert heard.products.tolist() == [0, 2]


def test_the_past_finds_lookalikes_as_today_does() -> None:
    known = gathered((ALICE, 1, {0: VIEW}), (BOB, 1, {0: VIEW, 2: VIEW}), (CHARLIE, 1, {5: VIEW, 6: VIEW}))

    assert set(met(company(known, me=ALICE, today=meeting(5)))) == {0, 2, 5, 6}


def test_what_lookalikes_carted_and_bought_is_told_apart() -> None:
    known = gathered((ALICE, 1, {0: VIEW, 1: CART, 2: PURCHASE}))

    heard = company(known, today=meeting(0)).heard

    assert heard.products.tolist() == [0, 1, 2]
    assert heard.carted.tolist() == pytest.approx([0, heard.nearest, heard.nearest])
    assert heard.bought.tolist() == pytest.approx([0, 0, heard.nearest])
    assert heard.support.tolist() == pytest.approx([1, 1, 1])


def test_visits_of_one_person_are_one_person() -> None:
    known = gathered((ALICE, 9, {0: VIEW}), (ALICE, 1, {1: PURCHASE}), (NOBODY, 1, {0: VIEW}), (NOBODY, 1, {0: VIEW}))

    assert len(known[0]) == 3
    assert company(known, today=meeting(1)).heard.products.tolist() == [0, 1]


def test_categories_find_lookalikes_where_no_product_is_shared() -> None:
    known = gathered((ALICE, 1, {0: VIEW}), (BOB, 1, {3: VIEW}))

    strict, lenient = (
        company(known, today=meeting(1), settings=replace(PLAIN, leaning=leaning)) for leaning in (0.0, 0.3)
    )

    assert strict.heard.people == 0
    assert lenient.heard.products.tolist() == [0]
    assert lenient.heard.nearest == pytest.approx(0.3, rel=1e-5)


def test_only_the_most_alike_are_heard() -> None:
    known = gathered((ALICE, 1, {0: VIEW, 1: VIEW}), (BOB, 1, {0: VIEW, 2: VIEW, 3: VIEW, 4: VIEW}))

    assert company(known, today=meeting(0, 1), settings=replace(PLAIN, people=1)).heard.products.tolist() == [0, 1]


def test_sharpness_lets_the_most_alike_speak_louder() -> None:
    known = gathered((ALICE, 1, {0: VIEW, 1: VIEW}), (BOB, 1, {0: VIEW, 2: VIEW}))

    even, sharp = (
        met(company(known, today=meeting(0, 1), settings=replace(PLAIN, sharpness=power))) for power in (1.0, 2.0)
    )

    assert sharp[2] == pytest.approx(even[2] ** 2, rel=1e-5)
    assert sharp[1] == pytest.approx(1.0, rel=1e-5)


def test_what_was_met_long_ago_is_heard_less() -> None:
    trails = trails_of((ALICE, 30, {0: VIEW, 1: VIEW}))
    crowd = people.gather(trails, facts=facts(), now=NOW)

    heard = company((crowd, trails), today=meeting(0)).heard

    assert heard.lately == pytest.approx(heard.met / 2)


def test_nothing_known_of_anybody_is_nothing_heard() -> None:
    for known in (gathered(), gathered((ALICE, 1, {0: VIEW}))):
        asked = company(known)

        assert (asked.heard.people, asked.heard.mass, asked.heard.nearest) == (0, 0.0, 0.0)
        rows = lookalikes.features(np.arange(10, dtype=np.int32), asked, known[0], facts=facts())
        assert rows.shape == (10, len(FEATURES))
        assert np.isfinite(rows).all()


def test_products_launched_since_are_met_by_nobody() -> None:
    trails = trails_of((ALICE, 1, {0: VIEW}), catalog=1)
    crowd = people.gather(trails, facts=assortment(category=[0]), now=NOW)

    asked = company((crowd, trails), today=meeting(9, 0))
    rows = lookalikes.features(np.array([9, 0], np.int32), asked, crowd, facts=facts())

    assert asked.heard.products.tolist() == [0]
    assert np.isfinite(rows).all()
    assert set(lookalikes.propose(asked, crowd, eligible=np.ones(10, bool)).tolist()) == {0, 9}


def test_only_what_may_be_shown_is_proposed() -> None:
    known = gathered((ALICE, 1, {0: VIEW, 1: VIEW, 2: VIEW}), (BOB, 1, {5: VIEW}))
    eligible = np.zeros(10, bool)
    eligible[[0, 2, 5]] = True

    proposed = lookalikes.propose(company(known, today=meeting(1)), known[0], eligible=eligible)

    assert proposed.tolist() == [0, 2, 5]
