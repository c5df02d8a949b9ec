"""Watching over a store's day: its campaigns as they stand, its memory as it is kept, and the figures alerts judge."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import numpy as np
from django.db.models import F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from catalog.facts import ProductFacts
from catalog.models import Store
from objectives.campaigns import CampaignInForce
from objectives.models import Action, Campaign, CampaignRevision, CampaignState, Scope, Standing
from objectives.models.campaign import Measure
from personalization.alerts import CampaignFigures, DayFigures
from personalization.campaign_book import in_force, used_up
from personalization.days import HOUR, Figures
from personalization.models import Generation, GenerationState, Visit
from personalization.models.visit import VISIT_GAP

MOST: Final = 100  # campaigns that are looked at
PROMPT: Final = timedelta(seconds=60)  # within which an ended visit is in the memory


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryHealth:
    """A store's memory as it is kept.

    Attributes:
        live: the generation that answers; None before the first.
        newest: the newest generation, whatever became of it.
        waiting: visits that ended more than PROMPT ago, and are not in the live memory yet.
        appended: last event of the newest visit appended to it; None where none was.
    """

    live: Generation | None
    newest: Generation | None
    waiting: int = 0
    appended: datetime | None = None

    @property
    def building(self) -> Generation | None:
        is_building = self.newest is not None and self.newest.state == GenerationState.BUILDING
        return self.newest if is_building else None

    @property
    def failed(self) -> Generation | None:
        """The rebuild that failed last, unless a later one went well."""
        has_failed = self.newest is not None and self.newest.state == GenerationState.FAILED
        return self.newest if has_failed else None


def open_campaigns(*, store: Store, now: datetime) -> list[Campaign]:
    """Those that are not over, the first in precedence first, with all that tells what they want.

    Each carries `acted`, what was last done with it, `told`, with which note, and `since`, when it last came into
    force.
    """
    steps = CampaignRevision.objects.filter(campaign=OuterRef("pk")).order_by("-number")
    began = steps.filter(action__in=(Action.STARTED, Action.APPROVED, Action.RESUMED))
    over = Q(state=CampaignState.ENDED) | Q(state=CampaignState.APPROVED, ends_at__lte=now)
    found: QuerySet[Campaign] = (
        Campaign.objects.of(store)
        .exclude(over)
        .annotate(acted=_latest(steps, "action"), told=_latest(steps, "note"))
        .annotate(since=Coalesce(_latest(began, "at"), F("created_at")))
        .prefetch_related("zones", "objectives", "rules")
        .order_by("priority", "pk")
    )
    return list(found[:MOST])


def is_guarded(campaign: Campaign) -> bool:
    """Whether its guardrail paused it; of a campaign of `open_campaigns`."""
    return campaign.state == CampaignState.PAUSED and campaign.acted == Action.GUARDED  # type: ignore[attr-defined]


def ends_today(campaign: Campaign, *, store: Store, now: datetime) -> bool:
    """Whether it ends before the midnight of the store's day, or with it."""
    if campaign.ends_at is None:
        return False
    last_instant = campaign.ends_at - timedelta(microseconds=1)
    return last_instant.astimezone(store.zone_info).date() == now.astimezone(store.zone_info).date()


def memory_health(*, store: Store, now: datetime) -> MemoryHealth:
    """How the store's memory is kept."""
    made = Generation.objects.of(store).defer("settings")
    newest = made.order_by("-number").first()
    live = newest if newest is None or newest.state == GenerationState.LIVE else made.live().first()
    if live is None:
        return MemoryHealth(live=None, newest=newest)
    visits = Visit.objects.of(store)
    late = visits.to_append(generation_id=live.pk, until=live.until, now=now - PROMPT)
    since = visits.filter(remembered_in=live.pk, last_event_at__gte=live.until - VISIT_GAP)
    return MemoryHealth(
        live=live,
        newest=newest,
        waiting=late.filter(changed_at__lt=now - PROMPT).count(),
        appended=since.aggregate(newest=Max("last_event_at"))["newest"],
    )


def day_figures(
    *,
    store: Store,
    day: Figures,
    memory: MemoryHealth,
    campaigns: Iterable[Campaign],
    facts: ProductFacts,
    now: datetime,
) -> DayFigures:
    """What alerts judge."""
    usual = day.usual
    judged = {
        row: in_force(row)
        for row in campaigns
        if is_guarded(row) or row.standing(now) in (Standing.LIVE, Standing.SCHEDULED)
    }
    spent = used_up([campaign for campaign in judged.values() if campaign is not None], facts=facts, now=now)
    return DayFigures(
        remembers=memory.live is not None,
        memory_age=(now - memory.live.until).total_seconds() if memory.live else 0.0,
        rebuild_failed=memory.failed is not None,
        answers=day.last_answers.recalled,
        no_analogue=day.last_answers.no_analogue,
        week_answers=usual.recalled,
        week_no_analogue=usual.no_analogue,
        silence=(now - day.received_at).total_seconds() if day.received_at else None,
        visits_then=day.visits_then,
        products=int(facts.buyable.sum()),
        without_cost=int((facts.buyable & np.isnan(facts.cost)).sum()),
        exploration=store.exploration,
        campaigns=[
            _campaign_figures(row, campaign, store=store, day=day, facts=facts, spent=spent, now=now)
            for row, campaign in judged.items()
        ],
    )


def _campaign_figures(
    row: Campaign,
    campaign: CampaignInForce | None,
    *,
    store: Store,
    day: Figures,
    facts: ProductFacts,
    spent: frozenset[int],
    now: datetime,
) -> CampaignFigures:
    live = row.is_live(now)
    promoted, sold_out = _promoted(campaign, facts, now=now) if campaign is not None else (0, 0)
    is_settled = live and now - max(row.changed_at, row.starts_at or row.changed_at) >= HOUR
    zones = {zone.slug for zone in row.zones.all()}
    return CampaignFigures(
        id=row.pk,
        guarded=is_guarded(row),
        live=live,
        used_up=row.pk in spent,
        ends_today=live and ends_today(row, store=store, now=now),
        asked=sum(count for zone, count in day.hour.zones.items() if not zones or zone in zones) if is_settled else 0,
        named=day.hour.campaigns.get(row.pk, 0),
        promoted=promoted,
        sold_out=sold_out,
        wants_margin=any(objective.measure == Measure.MARGIN for objective in row.objectives.all()),
    )


def _promoted(campaign: CampaignInForce, facts: ProductFacts, *, now: datetime) -> tuple[int, int]:
    """How many products it promotes, and how many of them cannot be bought."""
    if campaign.scope == Scope.ALL:
        return 0, 0
    promoted = campaign.promoted.mask(facts, now=now.timestamp()) & facts.listed
    return int(promoted.sum()), int((promoted & ~facts.buyable).sum())


def _latest(steps: QuerySet[CampaignRevision], column: str) -> Subquery:
    return Subquery(steps.values(column)[:1])
