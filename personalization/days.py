"""What a store lived, in sums that the database makes: its last day, its last fortnight, its answers of late."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.db.models import Count, Max, Q, QuerySet, Sum
from django.db.models.functions import TruncDate

from catalog.models import Store
from personalization.evaluation.strata import Stratum
from personalization.holdout import strata_of
from personalization.markers.lived import ITEM_PLACES
from personalization.models import Decision, Visit
from personalization.round_trip import rows

DAY: Final = timedelta(hours=24)
WEEK: Final = timedelta(days=7)
HOUR: Final = timedelta(hours=1)
FORTNIGHT: Final = 14  # days told one by one, today among them
RECALLING: Final = "inductive"  # the engine that looks for analogues
NO_ANALOGUE: Final = "no_analogue"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lived:
    """Visits of a span of time, by their last event; `margin` is None where no cost of what was bought is known."""

    visits: int = 0
    bought: int = 0
    revenue: float = 0.0
    margin: float | None = None

    @property
    def conversion(self) -> float | None:
        """Share of the visits with a purchase."""
        return self.bought / self.visits if self.visits else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """Answers of a span of time; of those of the engine that looks for analogues, how many found none."""

    answers: int = 0
    recalled: int = 0
    no_analogue: int = 0

    @property
    def novel(self) -> float | None:
        """Share without analogue."""
        return self.no_analogue / self.recalled if self.recalled else None


@dataclass(frozen=True, slots=True)
class Day:
    """One day on the store's clock."""

    date: date
    lived: Lived
    answered: Answered


@dataclass(frozen=True, slots=True, kw_only=True)
class LastHour:
    """Answers of the last hour: how long they took, and how many asked in each zone and named each campaign."""

    answers: int = 0
    mean_ms: float = 0.0
    p99_ms: float = 0.0
    zones: Mapping[str, int] = field(default_factory=dict)
    campaigns: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """All of it, as of one instant.

    Attributes:
        last, before: the last 24 hours, and those before them.
        days: the last FORTNIGHT, oldest first; the last one is today so far.
        received_at: when the last event was received; None where none ever was.
        visits_then: visits of the same hour last week.
        strata: visitors who met a campaign in the last seven days.
    """

    last: Lived
    before: Lived
    last_answers: Answered
    answers_before: Answered
    days: tuple[Day, ...]
    hour: LastHour
    received_at: datetime | None
    visits_then: int
    strata: tuple[Stratum, ...]

    @property
    def usual(self) -> Answered:
        """The answers of the seven whole days that had ended when the last 24 hours began."""
        week = [day.answered for day in self.days[-9:-2]]
        return Answered(
            answers=sum(day.answers for day in week),
            recalled=sum(day.recalled for day in week),
            no_analogue=sum(day.no_analogue for day in week),
        )


def figures(*, store: Store, now: datetime) -> Figures:
    """A store's figures; each is read along the index of its recent visits or decisions."""
    lived = Visit.objects.of(store).filter(excluded=False)
    last, before = _last_days(store, now=now)
    last_answers, answers_before = _last_answers(store, now=now)
    return Figures(
        last=last,
        before=before,
        last_answers=last_answers,
        answers_before=answers_before,
        days=_days(store, now=now),
        hour=_last_hour(store, now=now),
        received_at=Visit.objects.of(store).aggregate(at=Max("changed_at"))["at"],
        visits_then=lived.filter(last_event_at__gt=now - WEEK - HOUR, last_event_at__lte=now - WEEK).count(),
        strata=strata_of(store=store, since=now - WEEK),
    )


# --- Visits -------------------------------------------------------------------------------------------------------

_LIVED: Final = {
    "visits": Count("pk"),
    "bought": Count("pk", filter=Q(purchased_at__isnull=False)),
    "revenue": Sum("revenue", default=0),
}
_MARGIN: Final = f"""
SELECT visit.last_event_at >= %(middle)b AS is_last,
       sum(CASE event.name WHEN 'purchase' THEN 1 ELSE -1 END
           * ((item->>{ITEM_PLACES["price"]})::float8 - (item->>{ITEM_PLACES["cost"]})::float8)
           * (item->>{ITEM_PLACES["quantity"]})::float8)
FROM personalization_visit AS visit
JOIN personalization_event AS event ON event.visit_id = visit.id AND event.name IN ('purchase', 'refund')
CROSS JOIN LATERAL jsonb_array_elements(convert_from(event.lived, 'UTF8')::jsonb -> 2) AS item
WHERE visit.store_id = %(store_id)b AND visit.last_event_at >= %(start)b AND visit.last_event_at < %(stop)b
  AND NOT visit.excluded AND (visit.purchased_at IS NOT NULL OR visit.revenue <> 0)
  AND (item->>{ITEM_PLACES["cost"]})::float8 > 0
GROUP BY is_last
"""  # noqa: S608 # nosec B608 - places of fields only


def _last_days(store: Store, *, now: datetime) -> tuple[Lived, Lived]:
    """The last 24 hours, and those before them."""
    since = Visit.objects.of(store).filter(excluded=False, last_event_at__gte=now - 2 * DAY, last_event_at__lt=now)
    last = since.filter(last_event_at__gte=now - DAY).aggregate(**_LIVED)
    before = since.filter(last_event_at__lt=now - DAY).aggregate(**_LIVED)
    asked: dict[str, Any] = {"store_id": store.pk, "start": now - 2 * DAY, "middle": now - DAY, "stop": now}
    margins = dict(rows(_MARGIN, asked))
    return _lived(last, margin=margins.get(True)), _lived(before, margin=margins.get(False))


# --- Answers ------------------------------------------------------------------------------------------------------

_ANSWERED: Final = {  # columns that the index of recent decisions holds
    "answers": Count("engine"),
    "recalled": Count("engine", filter=Q(engine=RECALLING)),
    "no_analogue": Count("engine", filter=Q(engine=RECALLING, fallback=NO_ANALOGUE)),
}
_TIMES: Final = """
SELECT zone, count(*), avg(took_ms), percentile_cont(0.99) WITHIN GROUP (ORDER BY took_ms)
FROM personalization_decision
WHERE store_id = %(store_id)b AND decided_at >= %(start)b
GROUP BY GROUPING SETS ((), (zone))
"""
_NAMED: Final = """
SELECT campaign, count(*)
FROM personalization_decision CROSS JOIN LATERAL unnest(campaigns || spared) AS campaign
WHERE store_id = %(store_id)b AND decided_at >= %(start)b
GROUP BY campaign
"""


def _last_answers(store: Store, *, now: datetime) -> tuple[Answered, Answered]:
    """Those of the last 24 hours, and of those before them."""
    since = Decision.objects.of(store)
    last = since.filter(decided_at__gte=now - DAY).aggregate(**_ANSWERED)
    before = since.filter(decided_at__gte=now - 2 * DAY, decided_at__lt=now - DAY).aggregate(**_ANSWERED)
    return Answered(**last), Answered(**before)


def _days(store: Store, *, now: datetime) -> tuple[Day, ...]:
    """The last FORTNIGHT on the store's clock, oldest first; days on which nothing happened are among them."""
    zone = store.zone_info
    today = now.astimezone(zone).date()
    dates = [today - timedelta(days=ago) for ago in reversed(range(FORTNIGHT))]
    since = datetime.combine(dates[0], time(), zone)
    visits = Visit.objects.of(store).filter(excluded=False, last_event_at__gte=since)
    answers = Decision.objects.of(store).filter(decided_at__gte=since)
    lived = _by_day(visits.values(day=TruncDate("last_event_at", tzinfo=zone)).annotate(**_LIVED))
    answered = _by_day(answers.values(day=TruncDate("decided_at", tzinfo=zone)).annotate(**_ANSWERED))
    return tuple(Day(at, _lived(lived.get(at, {})), Answered(**answered.get(at, {}))) for at in dates)


def _by_day(sums: QuerySet[Any, Any]) -> dict[date, dict[str, Any]]:
    return {found.pop("day"): found for found in sums.order_by()}


def _lived(sums: Mapping[str, Any], *, margin: float | None = None) -> Lived:
    return Lived(**{**sums, "revenue": float(sums.get("revenue", 0)), "margin": margin})


def _last_hour(store: Store, *, now: datetime) -> LastHour:
    asked: dict[str, Any] = {"store_id": store.pk, "start": now - HOUR}
    times = {zone: told for zone, *told in rows(_TIMES, asked)}
    count, mean, p99 = times.pop(None)
    if not count:
        return LastHour()
    zones = {zone: number for zone, (number, *_times) in times.items()}
    return LastHour(answers=count, mean_ms=mean, p99_ms=p99, zones=zones, campaigns=dict(rows(_NAMED, asked)))
