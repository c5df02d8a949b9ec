"""What was served, read back with the visit as it then stood and with what came of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest
from django.utils import timezone

from catalog.live_facts import live_facts
from catalog.models import Store
from objectives.models import Zone
from objectives.models.zone import ZoneKind
from personalization.engines import ENGINES
from personalization.markers.lived import LivedEvent, LivedItem
from personalization.memory.live import live_memory
from personalization.models import Decision, Visit
from personalization.served import Served, outcome_of, recently_served
from tests.personalization.served_visits import MINUTE, answered, asked, bought
from tests.personalization.storefront import EVERYTHING, PopularityEngine, lived, shop

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def popularity(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ENGINES, PopularityEngine.name, PopularityEngine())


@pytest.fixture
def store() -> Store:
    return shop()


def served(store: Store, zone: str = "home", *, now: datetime | None = None, **fields: Any) -> list[Served]:
    asking = Zone.objects.get(store=store, slug=zone)
    memory = live_memory(store_id=store.pk)
    return list(recently_served(store=store, zone=asking, memory=memory, now=now or timezone.now(), **fields))


def items(store: Store, products: Any) -> list[str]:
    return [live_facts(store_id=store.pk).item_ids[product] for product in products]


# --- the visit, and what came of it ------------------------------------------------------------------------------


def test_the_visit_is_as_it_stood_when_it_was_answered(store: Store) -> None:
    answered(store)
    bought(store, "racket")

    (one,) = served(store)

    assert one.moment.visit.count == 1
    assert one.moment.visit.last is not None
    assert one.moment.visit.last.name == "view_item_list"
    assert (one.moment.visitor_key, one.moment.size, one.moment.listed) == ("v:s1", 4, ())


def test_it_is_known_what_came_of_each_product_served(store: Store) -> None:
    decision = answered(store)
    lived(store, ("view_item", "balls"), ("add_to_cart", "balls"), days_ago=1 - 3 * MINUTE, visitor_id="s1")
    bought(store, "balls")

    (one,) = served(store)

    assert (one.decision_id, one.products.tolist()) == (decision.pk, decision.products)
    assert items(store, one.products) == ["racket", "balls", "shoes", "strings"]
    for done in (one.outcome.viewed, one.outcome.carted, one.outcome.bought):
        assert done.tolist() == [False, True, False, False]
    assert one.outcome.revenue.tolist() == [0, 10, 0, 0]


def test_what_was_bought_before_the_answer_is_nothing_that_came_of_it(store: Store) -> None:
    at = lived(store, ("purchase", "racket"), days_ago=1, visitor_id="s1")
    asked(store, "home", session="s1", now=at + timedelta(seconds=1))

    (one,) = served(store)

    assert not one.outcome.bought.any()


def test_how_likely_each_place_was_is_read_back(store: Store) -> None:
    store.exploration = 0.5
    store.save()
    decision = answered(store)

    (one,) = served(store)

    assert one.marginals.tolist() == decision.marginals
    assert (one.marginals < 1).all()


def test_of_a_listing_the_whole_list_was_to_be_ordered(store: Store) -> None:
    decision = answered(store, "shelf", kind=ZoneKind.LISTING, item_ids=tuple(EVERYTHING))

    (one,) = served(store, "shelf")

    assert one.moment.listed == tuple(decision.products)
    assert len(one.products) == len(one.marginals) == len(EVERYTHING)


def event(name: str, *bought_items: LivedItem) -> LivedEvent:
    return LivedEvent("e", name, 1.0, items=bought_items)


def test_money_is_what_was_paid_for_all_units_and_margin_what_is_known_of_it() -> None:
    orders = [
        event("purchase", LivedItem("a", product=7, quantity=2, price=10.0, cost=4.0)),
        event("purchase", LivedItem("a", product=7, price=9.0, cost=4.0), LivedItem("b", product=3, price=5.0)),
        event("purchase", LivedItem("elsewhere", product=8, price=99.0, cost=1.0), LivedItem("gone", price=50.0)),
    ]

    found = outcome_of([3, 7], orders)

    assert found.revenue.tolist() == [5.0, 29.0]
    assert found.margin.tolist() == [0.0, 17.0]
    assert found.bought.tolist() == [True, True]
    assert not found.carted.any()


def test_a_click_is_a_view_and_a_refund_is_neither() -> None:
    later = [event("select_item", LivedItem("a", product=7)), event("refund", LivedItem("b", product=3, price=5.0))]

    found = outcome_of([3, 7], later)

    assert found.viewed.tolist() == [False, True]
    assert not found.bought.any()
    assert found.revenue.tolist() == [0.0, 0.0]


# --- which decisions ---------------------------------------------------------------------------------------------


def test_only_visits_that_have_ended_are_told(store: Store) -> None:
    answered(store, days_ago=20 * MINUTE)

    assert served(store) == []
    assert len(served(store, now=timezone.now() + timedelta(minutes=40))) == 1


def test_one_decision_of_each_visit_is_drawn_and_always_the_same(store: Store) -> None:
    first = answered(store)
    decisions = [first] + [
        asked(store, "home", session="s1", now=first.decided_at + timedelta(seconds=number)) for number in range(1, 9)
    ]

    (one,), (again,) = served(store), served(store)

    assert one.decision_id == again.decision_id
    assert one.decision_id in {decision.pk for decision in decisions}


def test_the_newest_visits_come_first_and_no_more_than_asked_for(store: Store) -> None:
    for number in range(4):
        answered(store, session=f"s{number}", days_ago=1 + number)

    assert [one.moment.visitor_key for one in served(store, most=3)] == ["v:s0", "v:s1", "v:s2"]


def test_other_zones_answers_are_not_this_ones(store: Store) -> None:
    answered(store, "shelf", kind=ZoneKind.LISTING, item_ids=("racket", "balls"))

    assert served(store) == []


def test_who_is_excluded_is_not_told(store: Store) -> None:
    answered(store)
    Visit.objects.of(store).update(excluded=True)

    assert served(store) == []


def test_answers_from_before_marginal_propensities_were_logged_are_left_out(store: Store) -> None:
    answered(store)
    Decision.objects.of(store).update(marginals=[])

    assert served(store) == []


def test_nobody_reads_what_another_store_served(store: Store) -> None:
    other = shop("brico")
    answered(other)
    answered(store, session="ours")

    (ours,), (theirs,) = served(store), served(other)

    assert (ours.moment.visitor_key, theirs.moment.visitor_key) == ("v:ours", "v:s1")
    assert Decision.objects.of(store).get().pk == ours.decision_id


def test_a_zone_of_another_store_is_served_from_no_decision_of_this_one(store: Store) -> None:
    """Zones of two stores have one name: only the store that asks is read."""
    other = shop("brico")
    answered(other)
    theirs = Zone.objects.get(store=other, slug="home")

    memory = live_memory(store_id=store.pk)
    assert list(recently_served(store=store, zone=theirs, memory=memory, now=timezone.now())) == []


@pytest.mark.parametrize("visits", [1, 5])
def test_however_many_visits_four_queries_read_them(store: Store, visits: int, django_assert_num_queries: Any) -> None:
    for number in range(visits):
        answered(store, session=f"s{number}", days_ago=1 + number)
    zone, memory = Zone.objects.get(store=store, slug="home"), live_memory(store_id=store.pk)

    with django_assert_num_queries(4):
        found = list(recently_served(store=store, zone=zone, memory=memory, now=timezone.now()))

    assert len(found) == visits
    assert all(np.isfinite(one.moment.markers).all() for one in found)
