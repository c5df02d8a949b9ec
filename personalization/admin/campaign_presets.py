"""The orders a merchandiser gives most, as campaigns to begin from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalog.models import Store
from objectives.models import Scope
from objectives.models.campaign import Measure

EVENING: Final = time(18)  # local time from which it is evening in a shop
ALL_THE_WAY: Final = 10.0  # a weight that takes as much as the floor allows, for all that matters
SALE_DAYS: Final = 7

Period = tuple[datetime, datetime]  # on the store's clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """An order, and what it is as a campaign.

    Attributes:
        period: from the instant of the order, on the store's clock, to when it holds.
        document: the members it sets, as `objectives.campaign_reading` reads them.
    """

    title: Promise
    text: Promise
    icon: str
    period: Callable[[datetime], Period]
    document: Mapping[str, Any]


def begun(preset: Preset, *, store: Store, now: datetime) -> dict[str, Any]:
    """The members of a campaign that begins from a preset, ordered `now`."""
    starts, ends = preset.period(now.astimezone(store.zone_info))
    return {
        "name": str(preset.title),
        **preset.document,
        "starts_at": starts.isoformat(),
        "ends_at": ends.isoformat(),
    }


def _midnight(local: datetime, *, days: int) -> datetime:
    return datetime.combine(local.date() + timedelta(days=days), time(), local.tzinfo)


def _today(local: datetime) -> Period:
    return local.replace(second=0, microsecond=0), _midnight(local, days=1)


def _tomorrow(local: datetime) -> Period:
    return _midnight(local, days=1), _midnight(local, days=2)


def _tonight(local: datetime) -> Period:
    evening = datetime.combine(local.date(), EVENING, local.tzinfo)
    return max(evening, local.replace(second=0, microsecond=0)), _midnight(local, days=1)


def _this_week(local: datetime) -> Period:
    return local.replace(second=0, microsecond=0), _midnight(local, days=SALE_DAYS)


PRESETS: Final[Mapping[str, Preset]] = {
    "margin": Preset(
        title=_("Maximise margin today"),
        text=_("Of what suits the visitor, what leaves you most, until midnight."),
        icon="savings",
        period=_today,
        document={"objectives": [{"measure": Measure.MARGIN.value, "weight": ALL_THE_WAY}]},
    ),
    "stock": Preset(
        title=_("Push this stock tomorrow"),
        text=_("Choose the products: they go first wherever they may suit, all day tomorrow."),
        icon="inventory",
        period=_tomorrow,
        document={
            "scope": Scope.FAVOURED.value,
            "objectives": [{"measure": Measure.CONVERSION.value, "weight": ALL_THE_WAY}],
        },
    ),
    "smooth": Preset(
        title=_("Smooth conversion tonight"),
        text=_("What is bought most readily in situations like these, from 6 p.m. to midnight."),
        icon="trending_up",
        period=_tonight,
        document={"objectives": [{"measure": Measure.CONVERSION.value, "weight": ALL_THE_WAY}]},
    ),
    "new": Preset(
        title=_("Show what is new this week"),
        text=_("New products meet the visitors whom they suit, for seven days."),
        icon="new_releases",
        period=_this_week,
        document={"objectives": [{"measure": Measure.DISCOVERY.value, "weight": ALL_THE_WAY / 2}]},
    ),
}
