"""What of a store's day needs somebody's attention: figures in, alerts out, the most urgent first; pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import Final

HOUR: Final = 3_600.0
OLD: Final = 48 * HOUR  # of a memory that is rebuilt every night
MUCH: Final = 0.2  # of the answers without analogue
NOTICEABLE: Final = 0.05  # of them, before having doubled means anything
DOUBLED: Final = 2.0
LEAST_ANSWERS: Final = 50  # before a share of them means anything
LEAST_VISITS: Final = 5  # in the same hour last week, before silence means anything
LEAST_ASKED: Final = 20  # answers in a campaign's zones that might have named it
SOLD_OUT: Final = 0.2  # of the promoted products
BLIND: Final = 0.05  # of the products without cost, where a campaign is after margin
NEARLY_BLIND: Final = 0.5  # the same where none is


class Alarm(StrEnum):
    """What an alert is about."""

    NO_MEMORY = "no_memory"
    MEMORY_OLD = "memory_old"
    REBUILD_FAILED = "rebuild_failed"
    NO_ANALOGUE = "no_analogue"
    NO_ANALOGUE_DOUBLED = "no_analogue_doubled"
    SILENCE = "silence"
    GUARDED = "guarded"
    STEERS_NOTHING = "steers_nothing"
    USED_UP = "used_up"
    ALL_SOLD_OUT = "all_sold_out"
    SOLD_OUT = "sold_out"
    ENDS_TODAY = "ends_today"
    WITHOUT_COST = "without_cost"
    NO_EXPLORATION = "no_exploration"


class Urgency(IntEnum):
    """How soon somebody has to look."""

    NOW = 0
    TODAY = 1
    SOME_DAY = 2


@dataclass(frozen=True, slots=True)
class Alert:
    """One thing to look at; `figures` are those it was judged by, `campaign` is the id of the one it is about."""

    alarm: Alarm
    urgency: Urgency
    campaign: int | None = None
    figures: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignFigures:
    """A campaign as alerts judge it.

    Attributes:
        guarded: whether its guardrail paused it.
        live: whether it governs answers now.
        used_up: whether its budgets have left it nothing to put forward.
        ends_today: whether it ends before the store's midnight.
        asked: answers of the last hour in its zones, all given while it was as it is now; 0 where it has not been so
            for an hour.
        named: those of them that name it, as steering or as sparing the visitor.
        promoted, sold_out: promoted products in the catalog, and those of them that cannot be bought.
        wants_margin: whether it is after margin.
    """

    id: int
    guarded: bool = False
    live: bool = False
    used_up: bool = False
    ends_today: bool = False
    asked: int = 0
    named: int = 0
    promoted: int = 0
    sold_out: int = 0
    wants_margin: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DayFigures:
    """A store as alerts judge it.

    Attributes:
        remembers: whether it has a live memory.
        memory_age: seconds since that was built up to.
        rebuild_failed: whether the newest generation is a failed one.
        answers, no_analogue: of the last 24 hours; those of the `week` are of seven days before.
        silence: seconds since the last event was received; None where none ever was.
        visits_then: visits of the same hour last week.
        products, without_cost: that can be bought, and those of them whose cost is not known.
        exploration: share of positions drawn evenly.
    """

    remembers: bool
    memory_age: float = 0.0
    rebuild_failed: bool = False
    answers: int = 0
    no_analogue: int = 0
    week_answers: int = 0
    week_no_analogue: int = 0
    silence: float | None = None
    visits_then: int = 0
    products: int = 0
    without_cost: int = 0
    exploration: float = 0.0
    campaigns: Sequence[CampaignFigures] = ()


def judge(day: DayFigures) -> list[Alert]:
    """The alerts that the figures give reason for, the most urgent first."""
    found = [*_of_memory(day), *_of_traffic(day), *_of_answers(day)]
    found += [alert for campaign in day.campaigns for alert in _of_campaign(campaign)]
    found += [*_of_catalog(day), *_of_exploration(day)]
    return sorted(found, key=lambda alert: alert.urgency)


def _of_memory(day: DayFigures) -> Iterator[Alert]:
    if day.rebuild_failed:
        yield Alert(Alarm.REBUILD_FAILED, Urgency.TODAY if day.remembers else Urgency.NOW)
    elif not day.remembers and day.answers:
        yield Alert(Alarm.NO_MEMORY, Urgency.TODAY)
    if day.remembers and day.memory_age > OLD:
        yield Alert(Alarm.MEMORY_OLD, Urgency.TODAY, figures={"age": day.memory_age})


def _of_traffic(day: DayFigures) -> Iterator[Alert]:
    if day.silence is not None and day.silence > HOUR and day.visits_then >= LEAST_VISITS:
        yield Alert(Alarm.SILENCE, Urgency.NOW, figures={"silence": day.silence, "visits": day.visits_then})


def _of_answers(day: DayFigures) -> Iterator[Alert]:
    if day.answers < LEAST_ANSWERS:
        return
    share = day.no_analogue / day.answers
    before = day.week_no_analogue / day.week_answers if day.week_answers >= LEAST_ANSWERS else None
    if share > MUCH:
        yield Alert(Alarm.NO_ANALOGUE, Urgency.TODAY, figures={"share": share})
    elif before is not None and share >= NOTICEABLE and share >= DOUBLED * before:
        yield Alert(Alarm.NO_ANALOGUE_DOUBLED, Urgency.TODAY, figures={"share": share, "before": before})


def _of_campaign(campaign: CampaignFigures) -> Iterator[Alert]:
    if campaign.guarded:
        yield Alert(Alarm.GUARDED, Urgency.NOW, campaign.id)
    if campaign.live and campaign.used_up:
        yield Alert(Alarm.USED_UP, Urgency.TODAY, campaign.id)
    elif campaign.live and campaign.asked >= LEAST_ASKED and not campaign.named:
        yield Alert(Alarm.STEERS_NOTHING, Urgency.NOW, campaign.id, {"asked": campaign.asked})
    counts = {"products": campaign.promoted, "sold_out": campaign.sold_out}
    if campaign.promoted and campaign.sold_out == campaign.promoted:
        yield Alert(Alarm.ALL_SOLD_OUT, Urgency.NOW, campaign.id, counts)
    elif campaign.promoted and campaign.sold_out / campaign.promoted >= SOLD_OUT:
        yield Alert(Alarm.SOLD_OUT, Urgency.TODAY, campaign.id, counts)
    if campaign.ends_today:
        yield Alert(Alarm.ENDS_TODAY, Urgency.TODAY, campaign.id)


def _of_catalog(day: DayFigures) -> Iterator[Alert]:
    if not day.products:
        return
    share = day.without_cost / day.products
    wanted = any(campaign.wants_margin for campaign in day.campaigns)
    if share >= (BLIND if wanted else NEARLY_BLIND):
        figures = {"share": share, "products": day.without_cost}
        yield Alert(Alarm.WITHOUT_COST, Urgency.TODAY if wanted else Urgency.SOME_DAY, figures=figures)


def _of_exploration(day: DayFigures) -> Iterator[Alert]:
    if day.answers and not day.exploration:
        yield Alert(Alarm.NO_EXPLORATION, Urgency.SOME_DAY)
