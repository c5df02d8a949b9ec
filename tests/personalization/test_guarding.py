"""The guardrail: what it pauses, what it tells, whose purchases it goes by, and how often it looks."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import REGISTRY

from catalog.models import Store
from objectives.lifecycle import PLATFORM, change, create, take
from objectives.models import Action, Campaign, CampaignState
from personalization import guarding, tasks
from personalization.guarding import Buyers, buyers_of, guard
from tests.objectives.documents import document
from tests.personalization.met_campaigns import MINUTE, answered, did, governing
from tests.personalization.storefront import shop

NOW = timezone.now()
SINCE = NOW - timedelta(minutes=90)  # a minute apart, it is looked at
MET = NOW - timedelta(minutes=60)
ENOUGH = 10  # purchases of the spared alone, against a guardrail of 10 %


@pytest.fixture
def store(db: None) -> Store:
    return shop()


def meets(campaign: Campaign, visitor: str, *, spared: bool, at: datetime = MET) -> None:
    answered(campaign.store, visitor, at=at, **{"spared" if spared else "steered": (campaign,)})


def buys(campaign: Campaign, visitor: str, *, spared: bool, at: datetime = MET, **fields: Any) -> None:
    """Meets the campaign and buys a minute later."""
    meets(campaign, visitor, spared=spared, at=at)
    did(campaign.store, visitor, "purchase", at=at + MINUTE, **fields)


def losing(store: Store, *, since: datetime = SINCE, **fields: Any) -> Campaign:
    """A campaign of which the spared buy, and nobody else."""
    campaign = governing(store, since=since, **{"guardrail": 0.1, **fields})
    lose(campaign)
    return campaign


def lose(campaign: Campaign, *, at: datetime = MET) -> None:
    for number in range(ENOUGH):
        buys(campaign, f"{at} spared {number}", spared=True, at=at)
        meets(campaign, f"{at} steered {number}", spared=False, at=at)


def state(campaign: Campaign) -> str:
    return str(Campaign.objects.get(pk=campaign.pk).state)


def guarded() -> float:
    return REGISTRY.get_sample_value("netup_campaigns_guarded_total") or 0.0


# --- what it does -------------------------------------------------------------------------------------------------


def test_a_campaign_that_is_proven_to_lose_more_than_it_may_is_paused_and_told_why(store: Store) -> None:
    Store.objects.filter(pk=store.pk).update(language="en")
    campaign, before = losing(store), guarded()

    assert guard(now=NOW) == 1

    assert state(campaign) == CampaignState.PAUSED
    kept = campaign.revisions.get()
    assert (kept.action, kept.actor, kept.by, kept.at) == (Action.GUARDED, "", None, NOW)
    assert kept.note == (
        "Of 10 visitors whom it steered, 0 bought (0.00%); of 10 whom it spared, 10 (100.00%). "
        "It is proven to lose more than 40% of the purchases; the guardrail allows 10%."
    )
    assert guarded() == before + 1


def test_it_speaks_the_stores_language(store: Store) -> None:
    Store.objects.filter(pk=store.pk).update(language="fr")
    campaign = losing(store)

    guard(now=NOW)

    assert campaign.revisions.get().note.startswith("Sur 10 visiteurs orientés, 0 ont acheté (0,00\N{NO-BREAK SPACE}%)")


def test_a_campaign_that_brings_something_goes_on(store: Store) -> None:
    campaign = governing(store, since=SINCE, guardrail=0.0)
    for number in range(2 * ENOUGH):
        buys(campaign, f"steered {number}", spared=False)
        buys(campaign, f"spared {number}", spared=number % 2 == 0)

    assert guard(now=NOW) == 0
    assert state(campaign) == CampaignState.APPROVED


@pytest.mark.parametrize(
    "fields",
    [
        {"guardrail": None},
        {"guardrail": 1.0},  # everything may be lost
        {"holdout": 0.0},
        {"holdout": 1.0},
        {"state": CampaignState.PAUSED},
        {"ends_at": NOW - MINUTE},
    ],
)
def test_what_has_nothing_to_be_guarded_by_or_does_not_govern_is_left_alone(
    store: Store, fields: dict[str, Any]
) -> None:
    campaign = losing(store, **fields)

    assert guard(now=NOW) == 0
    assert not campaign.revisions.exists()


def test_nothing_to_guard_costs_one_question(store: Store, django_assert_num_queries: Any) -> None:
    losing(store, guardrail=None)

    with django_assert_num_queries(1):
        tasks.guard_campaigns()


def test_the_copy_of_an_evaluation_is_left_alone(store: Store) -> None:
    campaign = losing(store)
    Store.objects.filter(pk=store.pk).update(is_evaluation=True)

    assert guard(now=NOW) == 0
    assert state(campaign) == CampaignState.APPROVED


def test_each_store_is_judged_by_its_own_buyers(store: Store) -> None:
    campaign = governing(store, since=SINCE, guardrail=0.1)
    other = shop("brico")
    for number in range(ENOUGH):
        meets(campaign, f"spared {number}", spared=True)
        answered(other, f"spared {number}", at=MET, spared=(campaign,))
        did(other, f"spared {number}", "purchase", at=MET + MINUTE)

    assert buyers_of(campaign=campaign, since=SINCE) == Buyers(spared=0, all=0)


def test_whoever_was_quicker_has_paused_it(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    campaign = losing(store)

    def take_after_somebody_else(**step: Any) -> Campaign:
        take(campaign=campaign, action=Action.PAUSED, by=PLATFORM, now=NOW)
        return take(**step)

    monkeypatch.setattr(guarding, "take", take_after_somebody_else)

    assert guard(now=NOW) == 0
    assert campaign.revisions.get().action == Action.PAUSED


def test_it_begins_anew_with_each_step(store: Store) -> None:
    told = document(store, holdout=0.5, guardrail=0.1)
    campaign = create(store=store, document=told, by=PLATFORM, now=SINCE)
    take(campaign=campaign, action=Action.STARTED, by=PLATFORM, now=SINCE)
    lose(campaign)
    assert guard(now=MET + 10 * MINUTE) == 1

    take(campaign=campaign, action=Action.RESUMED, by=PLATFORM, now=MET + 20 * MINUTE)
    assert guard(now=MET + 20 * MINUTE) == 0
    assert guard(now=MET + 30 * MINUTE) == 0

    change(campaign=campaign, document={**told, "floor": 0.5}, by=PLATFORM, now=MET + 31 * MINUTE)
    lose(campaign, at=MET + 32 * MINUTE)
    assert guard(now=MET + 40 * MINUTE) == 1


# --- whose purchases count ----------------------------------------------------------------------------------------


@pytest.fixture
def campaign(store: Store) -> Campaign:
    return governing(store, since=SINCE)


def buyers(campaign: Campaign) -> tuple[int, int]:
    """The spared and the steered among them."""
    found = buyers_of(campaign=campaign, since=SINCE)
    return found.spared, found.all - found.spared


def test_who_bought_after_meeting_the_campaign_counts_once(campaign: Campaign) -> None:
    buys(campaign, "ada", spared=False)
    buys(campaign, "ada", spared=False, at=MET + 10 * MINUTE)
    buys(campaign, "eve", spared=True)
    meets(campaign, "looks", spared=True)

    assert buyers(campaign) == (1, 1)


def test_a_purchase_before_the_first_meeting_does_not_count(campaign: Campaign) -> None:
    did(campaign.store, "ada", "purchase", at=MET)
    meets(campaign, "ada", spared=False, at=MET + MINUTE)
    did(campaign.store, "ben", "purchase", at=SINCE - MINUTE)
    meets(campaign, "ben", spared=False, at=MET)

    assert buyers(campaign) == (0, 0)


def test_a_meeting_before_it_began_does_not_count(campaign: Campaign) -> None:
    meets(campaign, "ada", spared=False, at=SINCE - MINUTE)
    did(campaign.store, "ada", "purchase", at=MET)

    assert buyers(campaign) == (0, 0)


def test_answers_count_with_and_without_a_stored_visit(campaign: Campaign) -> None:
    did(campaign.store, "ada", "view_item", at=MET)
    did(campaign.store, "ada", "view_item", at=MET + 2 * MINUTE)
    meets(campaign, "ada", spared=False, at=MET + MINUTE)
    did(campaign.store, "ada", "purchase", at=MET + 3 * MINUTE)
    buys(campaign, "ben", spared=False)

    assert buyers(campaign) == (0, 2)


def test_who_was_in_both_arms_counts_in_none(campaign: Campaign) -> None:
    buys(campaign, "both", spared=True)
    meets(campaign, "both", spared=False, at=MET + 2 * MINUTE)

    assert buyers(campaign) == (0, 0)


@pytest.mark.parametrize("fields", [{"bot": True}, {"staff": True}, {"consent": False}])
def test_robots_staff_and_visits_without_consent_do_not_count(campaign: Campaign, fields: dict[str, bool]) -> None:
    buys(campaign, "robby", spared=False, **fields)

    assert buyers(campaign) == (0, 0)


def test_another_campaigns_arms_are_not_this_ones(campaign: Campaign) -> None:
    other = governing(campaign.store, since=SINCE, name="Other")
    answered(campaign.store, "ada", at=MET, steered=(campaign,), spared=(other,))
    did(campaign.store, "ada", "purchase", at=MET + MINUTE)
    buys(other, "ben", spared=True)

    assert (buyers(campaign), buyers(other)) == ((0, 1), (2, 0))


# --- how often it looks -------------------------------------------------------------------------------------------


@given(st.integers(0, 27 * 24 * 60))
def test_no_campaign_waits_longer_for_a_look_than_a_hundredth_of_its_age_or_a_minute(age: int) -> None:
    longest = 2 * max(1, age // guarding.LOOKS)

    assert any(guarding._is_due((age + later) * MINUTE) for later in range(longest))


def test_a_young_campaign_is_looked_at_every_minute_and_an_old_one_seldom() -> None:
    assert all(guarding._is_due(minutes * MINUTE) for minutes in range(2 * guarding.LOOKS))
    week = range(7 * 24 * 60, 8 * 24 * 60)
    assert sum(guarding._is_due(minutes * MINUTE) for minutes in week) < 20


def test_it_begins_anew_with_each_season(store: Store) -> None:
    campaign = governing(store, since=NOW - guarding.SEASON - timedelta(minutes=30))
    begun = guarding._since(campaign, NOW)

    assert begun is not None
    assert NOW - begun < timedelta(minutes=30)
    lose(campaign)
    assert guard(now=begun + 10 * MINUTE) == 0
