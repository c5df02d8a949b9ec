"""The life of a campaign, from draft to end, with a second person's approval where the store asks for one.

Every step is kept with who took it, when, and what the campaign then was.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from catalog.attributes import Phrase
from catalog.models import Store
from objectives.campaign_documents import tell_campaign, write_campaign
from objectives.campaign_reading import Document
from objectives.campaigns import MOST_APPLYING
from objectives.models import Action, Campaign, CampaignRevision, CampaignState

IN_FORCE: Final = frozenset({CampaignState.APPROVED, CampaignState.PAUSED})  # has been, and may govern
MOST_CAMPAIGNS: Final = 2_000  # of one store, those that have ended included


class StepRefusedError(RuntimeError):
    """The campaign's state, how many there are, or who asks, does not allow the step; `reason` says why."""

    def __init__(self, reason: Phrase) -> None:
        self.reason = reason
        super().__init__(str(reason))


class ChangedMeanwhileError(StepRefusedError):
    """Somebody else changed the campaign since it was read; `by` says who."""

    def __init__(self, by: str) -> None:
        self.by = by
        reason = _("%(who)s changed the campaign meanwhile; nothing of yours was saved.")
        super().__init__(reason % {"who": by or _("The platform")})


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who takes a step: a person, a key by its visible prefix, or the platform itself."""

    user: User | None = None
    name: str = ""

    @classmethod
    def person(cls, user: User) -> Actor:
        return cls(user=user, name=user.get_full_name() or user.get_username())


PLATFORM: Final = Actor()

# action → from which states, to which.
STEPS: Final[Mapping[Action, tuple[frozenset[str], CampaignState]]] = {
    Action.SUBMITTED: (frozenset({CampaignState.DRAFT}), CampaignState.SUBMITTED),
    Action.APPROVED: (frozenset({CampaignState.SUBMITTED}), CampaignState.APPROVED),
    Action.RETURNED: (frozenset({CampaignState.SUBMITTED}), CampaignState.DRAFT),
    Action.STARTED: (frozenset({CampaignState.DRAFT}), CampaignState.APPROVED),
    Action.PAUSED: (frozenset({CampaignState.APPROVED}), CampaignState.PAUSED),
    Action.GUARDED: (frozenset({CampaignState.APPROVED}), CampaignState.PAUSED),
    Action.RESUMED: (frozenset({CampaignState.PAUSED}), CampaignState.APPROVED),
    Action.ENDED: (
        frozenset({CampaignState.SUBMITTED, CampaignState.APPROVED, CampaignState.PAUSED}),
        CampaignState.ENDED,
    ),
    Action.REOPENED: (frozenset({CampaignState.ENDED}), CampaignState.DRAFT),
}
DECISIONS: Final = frozenset({Action.APPROVED, Action.RETURNED})
INTO_FORCE: Final = frozenset({Action.STARTED, Action.APPROVED})


def steps_of(campaign: Campaign) -> list[Action]:
    """The steps that its state allows, whoever takes them; a proposed change is decided on like a submitted draft."""
    if campaign.proposed is not None:
        return [Action.APPROVED, Action.RETURNED, Action.PAUSED, Action.ENDED]
    second = campaign.store.approval_required
    unfit = {Action.STARTED} if second else {Action.SUBMITTED}
    unfit.add(Action.GUARDED)
    return [action for action, (states, _to) in STEPS.items() if campaign.state in states and action not in unfit]


def never_governed(campaign: Campaign) -> bool:
    """Whether it is a draft that never was in force, and may go without a trace."""
    begun = campaign.revisions.filter(action__in=(Action.STARTED, Action.APPROVED))
    return campaign.state == CampaignState.DRAFT and not begun.exists()


def require_room(*, store: Store, new: int) -> None:
    """Refuse so many new campaigns where the store would then have more than MOST_CAMPAIGNS.

    Raises:
        StepRefusedError: it would.
    """
    if Campaign.objects.of(store).count() + new > MOST_CAMPAIGNS:
        raise StepRefusedError(_("A store has at most %(most)d campaigns.") % {"most": MOST_CAMPAIGNS})


@transaction.atomic
def create(*, store: Store, document: Document, by: Actor, now: datetime, action: Action = Action.CREATED) -> Campaign:
    """A new draft.

    Raises:
        StepRefusedError: the store has MOST_CAMPAIGNS already.
    """
    require_room(store=store, new=1)
    campaign = Campaign(store=store, created_by=by.user, changed_by=by.user)
    write_campaign(campaign, document)
    _keep(campaign, action, document, by=by, now=now)
    return campaign


@transaction.atomic
def change(
    *,
    campaign: Campaign,
    document: Document,
    by: Actor,
    now: datetime,
    seen: int | None = None,
    action: Action = Action.CHANGED,
) -> Campaign:
    """Lay down a document; of a campaign in force it waits for a second person where the store asks for one.

    `seen` is the number of the revision that the change was made from; None overwrites whatever came after. `action`
    is CHANGED, or UNDONE when it lays down again what the campaign once was.

    Raises:
        ChangedMeanwhileError: there is a later revision than `seen`.
        StepRefusedError: the campaign has ended.
    """
    campaign = _locked(campaign)
    latest = campaign.revisions.first()
    if seen is not None and latest is not None and latest.number != seen:
        raise ChangedMeanwhileError(latest.actor)
    if campaign.state == CampaignState.ENDED:
        raise StepRefusedError(_("The campaign has ended: reopen it to change it."))
    if document == (campaign.proposed or tell_campaign(campaign)):
        return campaign
    campaign.changed_by = by.user
    if campaign.state in IN_FORCE and campaign.store.approval_required:
        campaign.proposed = document
        campaign.save(update_fields=["proposed", "changed_by", "changed_at"])
        _keep(campaign, Action.PROPOSED, document, by=by, now=now)
        return campaign
    if campaign.state == CampaignState.SUBMITTED:
        campaign.state = CampaignState.DRAFT  # what was submitted is no longer what it says
    write_campaign(campaign, document)
    _keep(campaign, action, document, by=by, now=now)
    return campaign


@transaction.atomic
def take(*, campaign: Campaign, action: Action, by: Actor, now: datetime, note: str = "") -> Campaign:
    """Take a step of STEPS.

    Raises:
        StepRefusedError: its state, who asks, or how many are in force, does not allow it.
    """
    campaign = _locked(campaign)
    if action not in steps_of(campaign) and not (action == Action.GUARDED and campaign.state == CampaignState.APPROVED):
        raise StepRefusedError(_("The campaign is not in a state in which that can be done."))
    if action == Action.APPROVED:
        _require_second(campaign, by)
    if campaign.proposed is not None and action in DECISIONS:
        _decide(campaign, campaign.proposed, accepted=action == Action.APPROVED)
    else:
        if STEPS[action][1] == CampaignState.APPROVED:
            _require_place(campaign, now)
        campaign.state = STEPS[action][1]
        if campaign.state == CampaignState.ENDED:
            campaign.proposed = None
        campaign.save(update_fields=["state", "proposed", "changed_at"])
    _keep(campaign, action, tell_campaign(campaign), by=by, now=now, note=note)
    return campaign


@transaction.atomic
def discard(*, campaign: Campaign) -> None:
    """Delete a draft that never governed; what has governed is named by decisions, and stays.

    Raises:
        StepRefusedError: it is no draft, or has been in force.
    """
    campaign = _locked(campaign)
    if campaign.state != CampaignState.DRAFT or campaign.revisions.filter(action__in=INTO_FORCE).exists():
        raise StepRefusedError(_("Only a draft that never was in force can be deleted."))
    campaign.delete()


def _locked(campaign: Campaign) -> Campaign:
    return Campaign.objects.select_for_update(of=("self",)).select_related("store").get(pk=campaign.pk)


def _require_second(campaign: Campaign, by: Actor) -> None:
    if by.user is None:
        raise StepRefusedError(_("A person approves, in the admin: a key cannot."))
    if by.user.pk == campaign.changed_by_id:
        raise StepRefusedError(_("Somebody else has to approve what you laid down."))


def _require_place(campaign: Campaign, now: datetime) -> None:
    others = Campaign.objects.of(campaign.store).lasting(now).exclude(pk=campaign.pk)
    if others.count() >= MOST_APPLYING:
        reason = _("A store has at most %(most)d campaigns in force or waiting for their time: end or pause one first.")
        raise StepRefusedError(reason % {"most": MOST_APPLYING})


def _decide(campaign: Campaign, proposed: Document, *, accepted: bool) -> None:
    """On a proposed change."""
    campaign.proposed = None
    if accepted:
        write_campaign(campaign, proposed)
    else:
        campaign.save(update_fields=["proposed", "changed_at"])


def _keep(
    campaign: Campaign, action: Action, document: Document, *, by: Actor, now: datetime, note: str = ""
) -> CampaignRevision:
    last: int = campaign.revisions.aggregate(last=Max("number"))["last"] or 0
    return CampaignRevision.objects.create(
        campaign=campaign,
        number=last + 1,
        at=now,
        by=by.user,
        actor=by.name,
        action=action,
        note=note,
        document=document,
    )
