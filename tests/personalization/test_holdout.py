"""Who met which campaigns, in which arm, and what they bought from then on."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from catalog.models import Store
from personalization.evaluation.strata import Stratum
from personalization.holdout import strata_of
from personalization.models import Visit
from tests.personalization.met_campaigns import MINUTE, answered, did, governing
from tests.personalization.storefront import shop

pytestmark = pytest.mark.django_db
NOW = timezone.now()
SINCE = NOW - timedelta(days=7)
MET = NOW - timedelta(days=2)


@pytest.fixture
def store() -> Store:
    return shop()


def strata(store: Store) -> list[Stratum]:
    return list(strata_of(store=store, since=SINCE))


def test_visitors_are_told_apart_by_what_they_met_and_by_who_steered_them(store: Store) -> None:
    one, other = governing(store, since=SINCE), governing(store, since=SINCE)
    answered(store, "ada", at=MET, steered=(one,))
    answered(store, "ben", at=MET, spared=(one,))
    answered(store, "cleo", at=MET, steered=(one,), spared=(other,))
    answered(store, "dan", at=MET, spared=(one, other))
    answered(store, "dan", at=MET + MINUTE, spared=(one,))

    found = strata(store)

    assert sorted((each.steered.visitors, each.spared.visitors) for each in found) == [(1, 1), (1, 1)]


def test_a_visitor_steered_by_a_later_answer_is_steered(store: Store) -> None:
    one, other = governing(store, since=SINCE), governing(store, since=SINCE)
    answered(store, "ada", at=MET, spared=(one,))
    answered(store, "ada", at=MET + MINUTE, steered=(other,), spared=(one,))

    (found,) = strata(store)

    assert (found.steered.visitors, found.spared.visitors) == (1, 0)


def test_purchases_count_from_the_first_meeting_on(store: Store) -> None:
    campaign = governing(store, since=SINCE)
    did(store, "ada", "purchase", at=MET - MINUTE, value=500.0)
    answered(store, "ada", at=MET, steered=(campaign,))
    did(store, "ada", "purchase", at=MET + MINUTE, value=30.0)
    did(store, "ada", "purchase", at=MET + timedelta(days=1), value=10.0)
    answered(store, "ben", at=MET, steered=(campaign,))

    (found,) = strata(store)

    assert (found.steered.conversion.visitors, found.steered.conversion.total) == (2, 1)
    revenue = found.steered.revenue
    assert (revenue.visitors, revenue.total, revenue.squares, revenue.cubes) == (2, 40.0, 1_600.0, 64_000.0)


def test_who_met_none_and_who_met_one_long_ago_do_not_count(store: Store) -> None:
    campaign = governing(store, since=SINCE)
    answered(store, "ada", at=MET)
    answered(store, "ben", at=SINCE - MINUTE, steered=(campaign,))

    assert strata(store) == []


def test_robots_and_staff_do_not_count(store: Store) -> None:
    campaign = governing(store, since=SINCE)
    did(store, "robot", "view_item", at=MET)
    Visit.objects.filter(visitor_key="v:robot").update(excluded=True)
    answered(store, "robot", at=MET, steered=(campaign,))

    assert strata(store) == []


def test_visitors_of_another_store_do_not_count(store: Store) -> None:
    brico = shop("brico")
    answered(brico, "robert", at=MET, steered=(governing(brico, since=SINCE),))
    did(brico, "ada", "purchase", at=MET + MINUTE, value=99.0)
    answered(store, "ada", at=MET, steered=(governing(store, since=SINCE),))

    (found,) = strata(store)

    assert (found.visitors, found.steered.revenue.total) == (1, 0.0)
