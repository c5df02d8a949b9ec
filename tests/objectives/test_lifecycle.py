"""The life of a campaign: every step on record, two people where the store asks for them, nobody overwritten."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from catalog.models import Store
from objectives import lifecycle
from objectives.campaign_documents import tell_campaign
from objectives.lifecycle import (
    PLATFORM,
    Actor,
    ChangedMeanwhileError,
    StepRefusedError,
    change,
    create,
    discard,
    steps_of,
    take,
)
from objectives.models import Action, Campaign, CampaignState
from tests.catalog.factories import person
from tests.objectives.documents import document
from tests.personalization.storefront import shop

A = Action


@pytest.fixture
def store(db: None) -> Store:
    return shop()


@pytest.fixture
def careful(store: Store) -> Store:
    """Two people have to agree there."""
    store.approval_required = True
    store.save()
    return store


def actor(name: str, store: Store) -> Actor:
    user: User = person(name, store=store)
    return Actor.person(user)


def made(store: Store, by: Actor = PLATFORM, **members: object) -> Campaign:
    return create(store=store, document=document(store, **members), by=by, now=timezone.now())


def step(campaign: Campaign, *actions: Action, by: Actor = PLATFORM) -> Campaign:
    for action in actions:
        campaign = take(campaign=campaign, action=action, by=by, now=timezone.now())
    return campaign


def changed(campaign: Campaign, by: Actor = PLATFORM, **members: object) -> Campaign:
    now = timezone.now()
    return change(campaign=campaign, document=document(campaign.store, **members), by=by, now=now)


def actions(campaign: Campaign) -> list[str]:
    return list(campaign.revisions.order_by("number").values_list("action", flat=True))


@pytest.mark.parametrize(
    ("path", "state"),
    [
        ([A.STARTED], CampaignState.APPROVED),
        ([A.STARTED, A.PAUSED], CampaignState.PAUSED),
        ([A.STARTED, A.PAUSED, A.RESUMED], CampaignState.APPROVED),
        ([A.STARTED, A.GUARDED], CampaignState.PAUSED),
        ([A.STARTED, A.ENDED], CampaignState.ENDED),
        ([A.STARTED, A.ENDED, A.REOPENED], CampaignState.DRAFT),
    ],
)
def test_every_step_leads_to_a_state_and_is_on_record(store: Store, path: list[Action], state: CampaignState) -> None:
    campaign = step(made(store), *path)

    assert campaign.state == state
    assert actions(campaign) == [A.CREATED, *path]


@pytest.mark.parametrize("action", [A.PAUSED, A.RESUMED, A.GUARDED, A.APPROVED, A.SUBMITTED, A.REOPENED])
def test_a_draft_takes_no_step_of_another_state(store: Store, action: Action) -> None:
    with pytest.raises(StepRefusedError):
        step(made(store), action)


def test_with_two_people_a_draft_is_not_started_but_submitted(careful: Store) -> None:
    campaign = made(careful, actor("alice", careful))

    assert steps_of(campaign) == [A.SUBMITTED]
    submitted = step(campaign, A.SUBMITTED, by=actor("alice", careful))
    assert step(submitted, A.APPROVED, by=actor("olga", careful)).state == CampaignState.APPROVED


def test_nobody_approves_what_they_laid_down(careful: Store) -> None:
    alice = actor("alice", careful)
    campaign = step(made(careful, alice), A.SUBMITTED, by=alice)

    with pytest.raises(StepRefusedError, match="Somebody else"):
        step(campaign, A.APPROVED, by=alice)


def test_a_key_approves_nothing(careful: Store) -> None:
    campaign = step(made(careful, actor("alice", careful)), A.SUBMITTED)

    with pytest.raises(StepRefusedError, match="A person"):
        step(campaign, A.APPROVED, by=Actor(name="sk_1234"))


def test_what_is_changed_after_it_was_submitted_is_a_draft_again(careful: Store) -> None:
    campaign = step(made(careful), A.SUBMITTED)

    assert changed(campaign, priority=1).state == CampaignState.DRAFT


def test_a_change_in_force_waits_for_the_second_person_while_the_old_one_governs(careful: Store) -> None:
    alice, olga = actor("alice", careful), actor("olga", careful)
    campaign = step(step(made(careful, alice, priority=5), A.SUBMITTED, by=alice), A.APPROVED, by=olga)

    waiting = changed(campaign, alice, priority=1)

    assert (waiting.state, tell_campaign(waiting)["priority"]) == (CampaignState.APPROVED, 5)
    with pytest.raises(StepRefusedError):
        step(waiting, A.APPROVED, by=alice)
    accepted = step(waiting, A.APPROVED, by=olga)
    assert (accepted.proposed, tell_campaign(accepted)["priority"]) == (None, 1)


def test_a_change_sent_back_leaves_what_governs(careful: Store) -> None:
    alice, olga = actor("alice", careful), actor("olga", careful)
    campaign = step(step(made(careful, alice, priority=5), A.SUBMITTED, by=alice), A.APPROVED, by=olga)

    returned = step(changed(campaign, alice, priority=1), A.RETURNED, by=olga)

    assert (returned.state, returned.proposed) == (CampaignState.APPROVED, None)
    assert tell_campaign(returned)["priority"] == 5


def test_without_two_people_a_change_in_force_governs_at_once(store: Store) -> None:
    campaign = changed(step(made(store), A.STARTED), priority=1)

    assert (campaign.state, tell_campaign(campaign)["priority"]) == (CampaignState.APPROVED, 1)


def test_nobody_overwrites_what_they_have_not_seen(store: Store) -> None:
    campaign = made(store)
    changed(campaign, actor("alice", store), priority=1)

    with pytest.raises(ChangedMeanwhileError, match="alice"):
        change(campaign=campaign, document=document(store, priority=2), by=PLATFORM, now=timezone.now(), seen=1)
    assert tell_campaign(Campaign.objects.get(pk=campaign.pk))["priority"] == 1


def test_a_change_that_changes_nothing_is_none(store: Store) -> None:
    campaign = made(store, priority=1)

    assert actions(changed(campaign, priority=1)) == [A.CREATED]


def test_what_has_ended_is_reopened_before_it_is_changed(store: Store) -> None:
    campaign = step(made(store), A.STARTED, A.ENDED)

    with pytest.raises(StepRefusedError):
        changed(campaign, priority=1)
    assert changed(step(campaign, A.REOPENED), priority=1).priority == 1


def test_a_change_is_undone_by_laying_down_what_was(store: Store) -> None:
    campaign = changed(made(store, priority=1), priority=2)
    first = campaign.revisions.get(number=1)

    undone = change(campaign=campaign, document=first.document, by=PLATFORM, now=timezone.now(), action=A.UNDONE)

    assert tell_campaign(undone)["priority"] == 1
    assert actions(undone) == [A.CREATED, A.CHANGED, A.UNDONE]


def test_a_draft_that_never_governed_can_be_deleted(store: Store) -> None:
    discard(campaign=changed(made(store), priority=1))

    assert not Campaign.objects.exists()


@pytest.mark.parametrize("path", [[A.STARTED], [A.STARTED, A.ENDED], [A.STARTED, A.ENDED, A.REOPENED]])
def test_what_has_governed_stays(store: Store, path: list[Action]) -> None:
    campaign = step(made(store), *path)

    with pytest.raises(StepRefusedError):
        discard(campaign=campaign)


def test_what_waits_for_approval_is_not_deleted(careful: Store) -> None:
    with pytest.raises(StepRefusedError):
        discard(campaign=step(made(careful), A.SUBMITTED))


def test_a_store_has_only_so_many_campaigns(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lifecycle, "MOST_CAMPAIGNS", 1)
    made(store)

    with pytest.raises(StepRefusedError, match="at most 1"):
        made(store)
    made(shop("brico"))


def test_every_step_of_the_table_can_be_offered(store: Store) -> None:
    offered = {action for state in CampaignState for action in steps_of(Campaign(store=store, state=state))}
    store.approval_required = True
    offered |= {action for state in CampaignState for action in steps_of(Campaign(store=store, state=state))}

    assert offered | {A.GUARDED} == set(lifecycle.STEPS)


def test_no_more_campaigns_come_into_force_than_answers_can_obey(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lifecycle, "MOST_APPLYING", 2)
    now = timezone.now()
    over = made(store, starts_at=(now - timedelta(days=2)).isoformat(), ends_at=(now - timedelta(days=1)).isoformat())
    first, second, third = (made(store) for _ in range(3))
    for campaign in (over, first, second):
        step(campaign, A.STARTED)

    with pytest.raises(StepRefusedError, match="at most 2 campaigns in force"):
        step(third, A.STARTED)

    step(first, A.PAUSED)
    assert step(third, A.STARTED).state == CampaignState.APPROVED
    with pytest.raises(StepRefusedError):
        step(first, A.RESUMED)
