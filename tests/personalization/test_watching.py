"""Watching over a store's day: which campaigns are open, how its memory is kept, and what alerts are given to judge."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from catalog.live_facts import live_facts
from catalog.models import Store
from objectives.lifecycle import PLATFORM, create, take
from objectives.models import Action, Campaign, CampaignState
from personalization.alerts import CampaignFigures, DayFigures
from personalization.days import LastHour, figures
from personalization.models import GenerationState, Visit
from personalization.watching import (
    MemoryHealth,
    day_figures,
    ends_today,
    is_guarded,
    memory_health,
    open_campaigns,
)
from tests.catalog.factories import merchant_row, sell
from tests.objectives.documents import document
from tests.personalization.storefront import shop
from tests.personalization.told_days import remembering, visited_at

pytestmark = pytest.mark.django_db
NOW = timezone.now()
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def store() -> Store:
    return shop()


def ordered(store: Store, *actions: Action, at: datetime = NOW - 2 * HOUR, note: str = "", **members: Any) -> Campaign:
    """A campaign, and the steps it took; it has been as it is since then."""
    campaign = create(store=store, document=document(store, **members), by=PLATFORM, now=at)
    for action in actions:
        campaign = take(campaign=campaign, action=action, by=PLATFORM, now=at, note=note)
    Campaign.objects.filter(pk=campaign.pk).update(changed_at=at)
    return Campaign.objects.get(pk=campaign.pk)


def opened(store: Store) -> list[Campaign]:
    return open_campaigns(store=store, now=NOW)


# --- Campaigns ----------------------------------------------------------------------------------------------------


def test_what_is_over_is_not_open(store: Store) -> None:
    ordered(store, Action.STARTED, name="past", ends_at=(NOW - MINUTE).isoformat())
    ordered(store, Action.STARTED, Action.ENDED, name="ended")
    ordered(store, name="draft", ends_at=(NOW - MINUTE).isoformat())
    ordered(store, Action.STARTED, name="live", priority=3)
    ordered(shop("brico"), Action.STARTED, name="theirs")

    assert [campaign.name for campaign in opened(store)] == ["live", "draft"]


def test_a_campaign_carries_what_was_last_done_and_when_it_came_into_force(store: Store) -> None:
    ordered(store, Action.STARTED, at=NOW - DAY)
    guarded = ordered(store, Action.STARTED, at=NOW - HOUR)
    take(campaign=guarded, action=Action.GUARDED, by=PLATFORM, now=NOW, note="It lost buyers.")

    one, other = opened(store)

    assert (one.acted, one.since) == (Action.STARTED, NOW - DAY)
    assert (other.acted, other.told, other.since) == (Action.GUARDED, "It lost buyers.", NOW - HOUR)
    assert [is_guarded(one), is_guarded(other)] == [False, True]


def test_paused_by_hand_is_not_guarded(store: Store) -> None:
    ordered(store, Action.STARTED, Action.PAUSED)

    assert not is_guarded(opened(store)[0])


def test_one_whose_steps_nobody_kept_is_open_too(store: Store) -> None:
    made = Campaign.objects.create(store=store, name="old", state=CampaignState.APPROVED)

    assert [(campaign.pk, campaign.since) for campaign in opened(store)] == [(made.pk, made.created_at)]


@pytest.mark.parametrize(
    ("ends", "expected"),
    [
        (None, False),
        (datetime(2026, 11, 24, 22, 0, tzinfo=UTC), True),
        (datetime(2026, 11, 24, 23, 0, tzinfo=UTC), True),  # midnight in Paris, with the day
        (datetime(2026, 11, 24, 23, 1, tzinfo=UTC), False),
    ],
)
def test_the_day_ends_on_the_stores_clock(ends: datetime | None, expected: bool) -> None:
    now = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)

    assert ends_today(Campaign(ends_at=ends), store=Store(), now=now) is expected


# --- The memory ---------------------------------------------------------------------------------------------------


def health(store: Store) -> MemoryHealth:
    return memory_health(store=store, now=NOW)


def test_a_store_without_memory(store: Store) -> None:
    assert health(store) == MemoryHealth(live=None, newest=None)


def test_a_rebuild_that_failed_last_is_told_beside_the_live_memory(store: Store) -> None:
    live = remembering(store, until=NOW - DAY)
    failed = remembering(store, until=NOW, state=GenerationState.FAILED)
    remembering(shop("brico"), until=NOW)

    found = health(store)

    assert (found.live, found.failed, found.building) == (live, failed, None)


def test_one_that_is_being_built_is_told_and_one_that_failed_before_no_longer(store: Store) -> None:
    remembering(store, until=NOW - DAY, state=GenerationState.FAILED)
    building = remembering(store, until=NOW, state=GenerationState.BUILDING)

    found = health(store)

    assert (found.live, found.failed, found.building) == (None, None, building)


def test_a_visit_that_ended_over_a_minute_ago_is_late(store: Store) -> None:
    remembering(store, until=NOW - DAY)
    for ended_ago in (10 * MINUTE, 2 * MINUTE, MINUTE / 2):
        visited_at(store, NOW - 30 * MINUTE - ended_ago)
    visited_at(store, NOW)
    visited_at(store, NOW - HOUR, consent=False)
    visited_at(shop("brico"), NOW - HOUR)

    assert health(store).waiting == 2


def test_a_purchase_is_late_after_a_minute_too(store: Store) -> None:
    remembering(store, until=NOW - DAY)
    visited_at(store, NOW - 2 * MINUTE, revenue=10.0)
    visited_at(store, NOW - MINUTE / 2, revenue=10.0)

    assert health(store).waiting == 1


def test_what_was_appended_is_not_late_and_its_newest_is_told(store: Store) -> None:
    live = remembering(store, until=NOW - DAY)
    for ago in (2 * HOUR, 3 * HOUR):
        at = NOW - ago
        visited_at(store, at, remembered_in=live.pk, remembered_at=at)

    found = health(store)

    assert (found.waiting, found.appended) == (0, NOW - 2 * HOUR)


# --- What alerts judge --------------------------------------------------------------------------------------------


def judged(store: Store, *, hour: LastHour | None = None, now: datetime = NOW) -> DayFigures:
    day = replace(figures(store=store, now=now), hour=hour or LastHour())
    return day_figures(
        store=store,
        day=day,
        memory=memory_health(store=store, now=now),
        campaigns=open_campaigns(store=store, now=now),
        facts=live_facts(store_id=store.pk),
        now=now,
    )


def of_campaign(store: Store, **asked: Any) -> CampaignFigures:
    (found,) = judged(store, **asked).campaigns
    return found


def test_a_quiet_store(store: Store) -> None:
    found = judged(store)

    assert (found.remembers, found.rebuild_failed, found.silence, found.campaigns) == (False, False, None, [])


def test_the_memorys_age_and_the_silence_are_seconds(store: Store) -> None:
    remembering(store, until=NOW - DAY)
    visited_at(store, NOW - HOUR)

    found = judged(store)

    assert (found.memory_age, found.silence) == (86_400.0, 3_600.0)


def test_products_without_cost_are_counted_among_those_that_can_be_bought(store: Store) -> None:
    sell(store, merchant_row("racket", cost_of_goods_sold="40.00 EUR"), now=NOW)

    found = judged(store)

    assert (found.products, found.without_cost) == (8, 7)


def test_promoted_products_that_cannot_be_bought_are_counted(store: Store) -> None:
    ordered(store, Action.STARTED, scope="favoured", promoted={"item_ids": ["racket", "balls", "sold-out"]})

    found = of_campaign(store)

    assert (found.promoted, found.sold_out) == (3, 1)


def test_what_is_said_to_be_promoted_without_being_so_is_not_counted(store: Store) -> None:
    ordered(store, Action.STARTED, scope="all", promoted={"item_ids": ["sold-out"]})

    assert of_campaign(store).promoted == 0


def test_answers_count_in_its_zones(store: Store) -> None:
    campaign = ordered(store, Action.STARTED, zones=["home"], objectives=[{"measure": "margin"}])

    found = of_campaign(store, hour=LastHour(answers=50, zones={"home": 30, "shelf": 20}, campaigns={campaign.pk: 4}))

    assert (found.asked, found.named, found.wants_margin) == (30, 4, True)


def test_answers_count_in_all_zones_of_a_campaign_for_all(store: Store) -> None:
    ordered(store, Action.STARTED)

    assert of_campaign(store, hour=LastHour(answers=50, zones={"home": 30, "shelf": 20})).asked == 50


def test_one_changed_within_the_hour_cannot_have_been_named_by_all_of_it(store: Store) -> None:
    ordered(store, Action.STARTED, at=NOW - HOUR + MINUTE)

    assert of_campaign(store, hour=LastHour(answers=50, zones={"home": 50})).asked == 0


def test_nor_one_that_began_within_the_hour(store: Store) -> None:
    ordered(store, Action.STARTED, starts_at=(NOW - MINUTE).isoformat())

    assert of_campaign(store, hour=LastHour(answers=50, zones={"home": 50})).asked == 0


@pytest.mark.parametrize(("down_to", "used_up"), [(4, False), (5, True)])
def test_one_whose_budgets_leave_it_nothing_is_used_up(store: Store, down_to: int, used_up: bool) -> None:
    sell(store, merchant_row("bag", quantity=5), now=NOW)
    ordered(
        store,
        Action.STARTED,
        scope="favoured",
        promoted={"item_ids": ["bag"]},
        objectives=[{"measure": "conversion", "weight": 1}],
        stops_at_stock=down_to,
    )

    assert of_campaign(store).used_up is used_up


def test_drafts_and_what_was_paused_by_hand_are_not_judged(store: Store) -> None:
    ordered(store)
    ordered(store, Action.STARTED, Action.PAUSED)

    assert judged(store).campaigns == []


def test_a_campaign_that_has_lost_its_meaning_is_judged_by_what_it_does(store: Store) -> None:
    """Its condition speaks of a marker that there is no longer."""
    campaign = ordered(store, Action.STARTED, scope="only", promoted={"item_ids": ["sold-out"]})
    Campaign.objects.filter(pk=campaign.pk).update(condition={"marker": "gone", "operator": ">", "value": 1})

    found = of_campaign(store, hour=LastHour(answers=50, zones={"home": 50}))

    assert (found.live, found.promoted, found.asked, found.named) == (True, 0, 50, 0)


def test_visits_of_another_store_make_no_noise_here(store: Store) -> None:
    visited_at(shop("brico"), NOW)

    assert Visit.objects.exists()
    assert judged(store).silence is None
