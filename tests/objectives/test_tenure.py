"""Tenures: since when a campaign and its rules have held out the visitors that they do, by its steps and documents."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from catalog.models import Store
from objectives import lifecycle
from objectives.lifecycle import PLATFORM, Actor
from objectives.models import Action, Campaign, CampaignState
from objectives.tenure import SETTLED, Tenure, tenure_of
from tests.catalog.factories import person
from tests.objectives.documents import document
from tests.personalization.storefront import shop

NOW = timezone.now()
RACKET, BALLS = ({"kind": "boost", "products": {"item_ids": [item]}} for item in ("racket", "balls"))
A = Action


def day(number: float) -> datetime:
    return NOW - timedelta(days=30) + timedelta(days=number)


def settled(number: float) -> datetime:
    return day(number) + SETTLED


@pytest.fixture
def store(db: None) -> Store:
    return shop()


class Life:
    """Of one campaign, step by step, each at its day."""

    def __init__(self, store: Store, **members: Any) -> None:
        self.store = store
        self.campaign = lifecycle.create(store=store, document=self._document(members), by=PLATFORM, now=day(0))

    def takes(self, action: Action, number: float, by: Actor = PLATFORM) -> None:
        self.campaign = lifecycle.take(campaign=self.campaign, action=action, by=by, now=day(number))

    def becomes(self, number: float, by: Actor = PLATFORM, **members: Any) -> None:
        told = self._document(members)
        self.campaign = lifecycle.change(campaign=self.campaign, document=told, by=by, now=day(number))

    def tenure(self, *, now: datetime = NOW) -> Tenure | None:
        return tenure_of(Campaign.objects.get(pk=self.campaign.pk), now=now)

    def known(self) -> Tenure:
        found = self.tenure()
        assert found is not None
        return found

    def _document(self, members: dict[str, Any]) -> Any:
        return document(self.store, **{"holdout": 0.1, **members})


@pytest.fixture
def life(store: Store) -> Life:
    """In force since the first day."""
    begun = Life(store)
    begun.takes(A.STARTED, 1)
    return begun


def test_it_begins_when_the_campaign_governs_and_lasts_while_it_does(life: Life) -> None:
    assert life.tenure() == Tenure(since=settled(1), until=NOW, unchanged_since=settled(1))


def test_what_never_governed_has_none(store: Store) -> None:
    draft = Life(store)
    assert draft.tenure() is None


def test_it_keeps_to_the_campaigns_period(store: Store) -> None:
    ahead = Life(store, starts_at=day(5).isoformat(), ends_at=day(9).isoformat())
    ahead.takes(A.STARTED, 1)

    assert ahead.tenure() == Tenure(since=day(5), until=day(9), unchanged_since=day(5))
    assert ahead.tenure(now=day(4)) is None
    assert ahead.tenure(now=day(7)) == Tenure(since=day(5), until=day(7), unchanged_since=day(5))


def test_another_share_begins_another(life: Life) -> None:
    life.becomes(3, holdout=0.2)
    assert (life.known().since, life.known().unchanged_since) == (settled(3), settled(3))

    life.becomes(5, holdout=0.1)
    assert life.known().since == settled(5)


def test_other_changes_go_on_in_it(life: Life) -> None:
    life.becomes(3, name="Renamed", floor=0.8)

    assert (life.known().since, life.known().unchanged_since) == (settled(1), settled(3))


def test_a_pause_lies_within_it(life: Life) -> None:
    life.takes(A.PAUSED, 3)
    assert life.known().until == day(3)

    life.takes(A.RESUMED, 5)
    assert life.tenure() == Tenure(since=settled(1), until=NOW, unchanged_since=settled(5))


def test_a_share_that_changed_in_a_pause_counts_from_when_it_governs(life: Life) -> None:
    life.takes(A.PAUSED, 3)
    life.becomes(4, holdout=0.2)
    assert life.known().until == day(3)

    life.takes(A.RESUMED, 5)
    assert life.known().since == settled(5)


def test_it_ends_with_the_campaign_and_with_the_pause_before(life: Life) -> None:
    life.takes(A.GUARDED, 3)
    life.takes(A.ENDED, 6)

    assert life.known().until == day(3)


def test_a_campaign_that_is_reopened_begins_another(life: Life) -> None:
    life.takes(A.ENDED, 3)
    life.takes(A.REOPENED, 4)
    assert life.tenure() is None

    life.takes(A.STARTED, 6)
    assert life.known().since == settled(6)


def test_a_rule_counts_from_when_it_came_and_anew_when_it_comes_back(life: Life) -> None:
    life.becomes(2, rules=[RACKET])
    life.becomes(4, rules=[RACKET, BALLS])
    rules = {rule.products["item_ids"][0]: rule.pk for rule in life.campaign.rules.all()}
    racket, balls = rules["racket"], rules["balls"]
    assert life.known().rules == {racket: settled(2), balls: settled(4)}

    life.becomes(6, rules=[{**RACKET, "strength": 3.0}])
    assert life.known().rules == {racket: settled(2)}

    life.becomes(8, rules=[RACKET, BALLS])
    assert sorted(life.known().rules.values()) == [settled(2), settled(8)]


def test_another_share_draws_the_rules_anew(life: Life) -> None:
    life.becomes(2, rules=[RACKET])
    life.becomes(4, rules=[RACKET], holdout=0.2)

    assert list(life.known().rules.values()) == [settled(4)]


def test_what_is_proposed_counts_once_it_is_approved_and_resumes_nothing(store: Store, life: Life) -> None:
    Store.objects.update(approval_required=True)
    alice, bob = (Actor.person(person(name, store=store)) for name in ("alice", "bob"))

    life.becomes(3, by=alice, holdout=0.2)
    assert (life.known().since, life.known().unchanged_since) == (settled(1), settled(1))
    life.takes(A.APPROVED, 5, by=bob)
    assert life.known().since == settled(5)

    life.takes(A.PAUSED, 6)
    life.becomes(7, by=alice, holdout=0.3)
    life.takes(A.APPROVED, 8, by=bob)
    assert (life.known().since, life.known().until) == (settled(5), day(6))
    life.takes(A.RESUMED, 9)
    assert life.known().since == settled(9)


def test_a_change_that_is_sent_back_changes_nothing(store: Store, life: Life) -> None:
    Store.objects.update(approval_required=True)
    alice, bob = (Actor.person(person(name, store=store)) for name in ("alice", "bob"))

    life.becomes(3, by=alice, holdout=0.2)
    life.takes(A.RETURNED, 5, by=bob)

    assert life.tenure() == Tenure(since=settled(1), until=NOW, unchanged_since=settled(1))


def test_one_whose_steps_nobody_kept_has_been_what_it_is_since_it_was_made(store: Store) -> None:
    made = Campaign.objects.create(store=store, name="Push", state=CampaignState.APPROVED)
    rule = made.rules.create(kind="pin", products={"item_ids": ["bag"]}, place=1)
    begun = made.created_at + SETTLED
    later = begun + timedelta(hours=1)

    assert tenure_of(made, now=later) == Tenure(since=begun, until=later, unchanged_since=begun, rules={rule.pk: begun})
