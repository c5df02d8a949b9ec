"""The history of a campaign: what each revision changed, and going back to what the campaign was at one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from objectives import lifecycle
from objectives.campaign_reading import Document, read_campaign
from objectives.conditions import Range
from objectives.lifecycle import Actor
from objectives.models import Action, Campaign, CampaignRevision


def with_before(revisions: Sequence[CampaignRevision]) -> Iterator[tuple[CampaignRevision, Document | None]]:
    """Each of a campaign's revisions with what the campaign was before it, which no proposal ever was.

    Args:
        revisions: neighbours in one campaign's history, the latest first.

    Yields:
        The revision, and the document before it; None for the first of all.
    """
    earlier = [one for one in revisions if one.action != Action.PROPOSED]
    if revisions:
        last = revisions[-1]
        further = CampaignRevision.objects.filter(campaign_id=last.campaign_id, number__lt=last.number)
        earlier += further.exclude(action=Action.PROPOSED)[:1]
    for revision in revisions:
        yield revision, next((one.document for one in earlier if one.number < revision.number), None)


def go_back(*, revision: CampaignRevision, known_markers: Mapping[str, Range], by: Actor, now: datetime) -> Campaign:
    """Lay down again what the campaign was at a revision, as a change of today.

    Raises:
        InvalidCampaignError: what it was then cannot be any more: a zone or a product is gone.
        StepRefusedError: see `lifecycle.change`.
    """
    campaign = revision.campaign
    document = read_campaign(revision.document, store=campaign.store, known_markers=known_markers)
    return lifecycle.change(campaign=campaign, document=document, by=by, now=now, action=Action.UNDONE)
