"""The guardrail: pauses a live campaign by itself once it is proven to lose more of its buyers than it may.

It looks every minute, and once it has looked a hundred times ever more rarely, so that no campaign is looked at while
next to nothing is new. Only who bought is read: `evaluation.losses` says why that is enough, however often one looks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import structlog
from django.utils import translation
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from catalog.models import Store
from objectives.lifecycle import PLATFORM, StepRefusedError, take
from objectives.models import Action, Campaign
from objectives.tenure import tenure_of
from personalization.arm_outcomes import CAMPAIGN, Arms, Metric, Question, ask
from personalization.evaluation.losses import is_proven, proven_loss
from personalization.metrics import CAMPAIGNS_GUARDED
from personalization.round_trip import rows
from personalization.wording import share_in_words

# After so long it begins anew: what harms now is not outweighed for ever by what did not then.
SEASON: Final = timedelta(days=28)
LOOKS: Final = 100  # a minute apart, before they come to be a hundredth of the campaign's age apart
MINUTE: Final = timedelta(minutes=1)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Buyers:
    """Visitors who bought after they first met a campaign: those of them who were spared, and all."""

    spared: int
    all: int


# Of who bought, and of no other visitor, it is looked up in which arm they were; in neither are robots, staff and those
# in both, as in `arm_outcomes`.
_BUYERS: Final = """
WITH buyer AS MATERIALIZED (
    SELECT visit.visitor_key, max(event.timestamp) AS at
    FROM personalization_visit AS visit
    JOIN personalization_event AS event ON event.visit_id = visit.id AND event.name = 'purchase'
    WHERE visit.store_id = %(store)b AND visit.purchased_at >= %(since)b AND visit.consent
      AND event.timestamp >= %(since)b
    GROUP BY visit.visitor_key
)
SELECT count(*) FILTER (WHERE met.spared), count(*)
FROM buyer CROSS JOIN LATERAL (
    SELECT min(decided_at) AS at, bool_or(%(campaign)b = ANY(campaigns)) AS steered,
           bool_or(%(campaign)b = ANY(spared)) AS spared
    FROM (
        SELECT decision.decided_at, decision.campaigns, decision.spared
        FROM personalization_visit AS visit
        JOIN personalization_decision AS decision ON decision.visit_id = visit.id
        WHERE visit.store_id = %(store)b AND visit.visitor_key = buyer.visitor_key
          AND visit.last_event_at >= %(since)b
        UNION ALL
        SELECT decided_at, campaigns, spared
        FROM personalization_decision
        WHERE store_id = %(store)b AND visitor_key = buyer.visitor_key AND visit_id IS NULL
    ) AS answer
    WHERE decided_at >= %(since)b AND (%(campaign)b = ANY(campaigns) OR %(campaign)b = ANY(spared))
) AS met
WHERE met.at <= buyer.at AND met.steered <> met.spared
  AND NOT EXISTS (
    SELECT FROM personalization_visit AS visit
    WHERE visit.store_id = %(store)b AND visit.visitor_key = buyer.visitor_key
      AND visit.last_event_at >= %(since)b AND visit.excluded
)
"""


def guard(*, now: datetime) -> int:
    """Look at every campaign that is due; how many were paused."""
    return sum(_pause(campaign, since, buyers, now=now) for campaign, since, buyers in _breaches(now))


def _breaches(now: datetime) -> Iterator[tuple[Campaign, datetime, Buyers]]:
    """Campaigns that lose more than they may, since when that is looked at, and who bought."""
    guarded = Campaign.objects.live(now).filter(guardrail__lt=1, holdout__gt=0, holdout__lt=1)
    for campaign in guarded.filter(store__in=Store.objects.lasting()).select_related("store"):
        since = _since(campaign, now)
        if since is not None and _is_due(now - since):
            buyers = buyers_of(campaign=campaign, since=since)
            if _is_breached(campaign, buyers):
                yield campaign, since, buyers


def buyers_of(*, campaign: Campaign, since: datetime) -> Buyers:
    """Who bought after they first met the campaign, both since an instant."""
    told = {"store": campaign.store_id, "campaign": campaign.pk, "since": since}
    ((spared, everybody),) = rows(_BUYERS, told)
    return Buyers(spared=spared, all=everybody)


def _since(campaign: Campaign, now: datetime) -> datetime | None:
    """When the season began in which it is looked at: since its last change, and every SEASON."""
    tenure = tenure_of(campaign, now=now)
    if tenure is None or tenure.unchanged_since > now:
        return None
    return tenure.unchanged_since + (now - tenure.unchanged_since) // SEASON * SEASON


def _is_due(age: timedelta) -> bool:
    minutes = age // MINUTE
    return minutes % max(1, minutes // LOOKS) == 0


def _is_breached(campaign: Campaign, buyers: Buyers) -> bool:
    return is_proven(spared=buyers.spared, buyers=buyers.all, share=campaign.holdout, loss=campaign.guardrail or 0.0)


def _pause(campaign: Campaign, since: datetime, buyers: Buyers, *, now: datetime) -> bool:
    """Whether it was still for the platform to do."""
    loss = proven_loss(spared=buyers.spared, buyers=buyers.all, share=campaign.holdout, least=campaign.guardrail or 0.0)
    with translation.override(campaign.store.language):
        note = _note(campaign, _arms(campaign, since, now), loss)
    try:
        take(campaign=campaign, action=Action.GUARDED, by=PLATFORM, now=now, note=note)
    except StepRefusedError:  # somebody else was quicker
        return False
    log.warning(
        "campaign_guarded", campaign=campaign.pk, store=campaign.store_id, buyers=buyers.all, loss=round(loss, 2)
    )
    CAMPAIGNS_GUARDED.inc()
    return True


def _arms(campaign: Campaign, since: datetime, now: datetime) -> Arms:
    question = Question(
        store_id=campaign.store_id,
        campaign=campaign.pk,
        since=since,
        until=now,
        products={CAMPAIGN: []},
    )
    return ask(question).arms[CAMPAIGN]


def _note(campaign: Campaign, arms: Arms, loss: float) -> str:
    steered, spared = arms.steered[Metric.CONVERSION], arms.spared[Metric.CONVERSION]
    return _(
        "Of %(steered)s visitors whom it steered, %(steered_bought)s bought (%(steered_share)s); of %(spared)s whom it "
        "spared, %(spared_bought)s (%(spared_share)s). It is proven to lose more than %(loss)s of the purchases; the "
        "guardrail allows %(allowed)s."
    ) % {
        "steered": number_format(steered.visitors, force_grouping=True),
        "steered_bought": number_format(int(steered.total), force_grouping=True),
        "steered_share": share_in_words(steered.mean, decimals=2),
        "spared": number_format(spared.visitors, force_grouping=True),
        "spared_bought": number_format(int(spared.total), force_grouping=True),
        "spared_share": share_in_words(spared.mean, decimals=2),
        "loss": share_in_words(loss),
        "allowed": share_in_words(campaign.guardrail or 0.0),
    }
