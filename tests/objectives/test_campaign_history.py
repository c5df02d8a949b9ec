"""The history of a campaign: what each step changed, and the way back."""

from __future__ import annotations

import pytest
from django.utils import timezone

from catalog.models import Store
from objectives.campaign_documents import tell_campaign
from objectives.campaign_history import go_back, with_before
from objectives.campaign_reading import InvalidCampaignError
from objectives.lifecycle import PLATFORM, StepRefusedError, change, create, take
from objectives.models import Action, Campaign, CampaignState
from tests.objectives.documents import KNOWN, document
from tests.personalization.storefront import shop


@pytest.fixture
def store(db: None) -> Store:
    return shop()


def made(store: Store, *priorities: int, **members: object) -> Campaign:
    """A campaign that had these priorities one after the other."""
    now = timezone.now()
    first, *later = (document(store, priority=priority, **members) for priority in priorities)
    campaign = create(store=store, document=first, by=PLATFORM, now=now)
    for told in later:
        campaign = change(campaign=campaign, document=told, by=PLATFORM, now=now)
    return campaign


def told(campaign: Campaign, *, skipping: int = 0, most: int = 100) -> list[tuple[int, int | None]]:
    """Number of each revision, and the priority before it."""
    page = list(campaign.revisions.all()[skipping : skipping + most])
    return [(revision.number, before and before["priority"]) for revision, before in with_before(page)]


def back(campaign: Campaign, number: int) -> Campaign:
    revision = campaign.revisions.get(number=number)
    return go_back(revision=revision, known_markers=KNOWN, by=PLATFORM, now=timezone.now())


def test_each_step_stands_beside_what_was_before_it(store: Store) -> None:
    assert told(made(store, 1, 2, 3)) == [(3, 2), (2, 1), (1, None)]


def test_what_was_before_a_page_is_not_on_the_page(store: Store) -> None:
    campaign = made(store, 1, 2, 3)

    assert told(campaign, most=1) == [(3, 2)]
    assert told(campaign, skipping=2) == [(1, None)]
    assert told(campaign, skipping=3) == []


def test_a_proposal_is_compared_with_what_is_and_nothing_with_a_proposal(store: Store) -> None:
    store.approval_required = True
    store.save()
    campaign = made(store, 1)
    Campaign.objects.update(state=CampaignState.APPROVED)
    for priority in (5, 6):
        change(campaign=campaign, document=document(store, priority=priority), by=PLATFORM, now=timezone.now())
    take(campaign=campaign, action=Action.RETURNED, by=PLATFORM, now=timezone.now())

    assert told(campaign) == [(4, 1), (3, 1), (2, 1), (1, None)]
    assert told(campaign, most=2) == [(4, 1), (3, 1)]


def test_going_back_lays_down_what_was(store: Store) -> None:
    campaign = back(made(store, 1, 2), 1)

    assert tell_campaign(campaign)["priority"] == 1
    assert campaign.revisions.first().action == Action.UNDONE  # type: ignore[union-attr]


def test_what_named_a_zone_that_is_gone_does_not_come_back_for_all_zones(store: Store) -> None:
    campaign = made(store, 1, zones=["shelf"])
    change(campaign=campaign, document=document(store, zones=["home"]), by=PLATFORM, now=timezone.now())
    store.zones.get(slug="shelf").delete()

    with pytest.raises(InvalidCampaignError):
        back(campaign, 1)
    assert tell_campaign(Campaign.objects.get())["zones"] == ["home"]


def test_what_has_ended_does_not_go_back(store: Store) -> None:
    campaign = made(store, 1, 2)
    for action in (Action.STARTED, Action.ENDED):
        campaign = take(campaign=campaign, action=action, by=PLATFORM, now=timezone.now())

    with pytest.raises(StepRefusedError):
        back(campaign, 1)
