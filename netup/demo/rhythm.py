"""When people shop: the hours of the day, the days of the week, and a sales event, on one hourly grid."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from netup.demo.casting import SALE_ENDED_BEFORE, SALE_LASTED

PARIS = ZoneInfo("Europe/Paris")
DAYS = 60

# How busy each local hour is: quiet nights, a lunch bump, the evening peak.
WEEKDAY_HOURS = (1.2, 0.6, 0.3, 0.2, 0.2, 0.4, 1.1, 2.4, 3.2, 3.6, 3.9, 4.2, 6.2, 5.4, 3.7, 3.5, 3.7, 4.6,
                 5.6, 6.6, 8.6, 9.6, 7.0, 3.2)  # fmt: skip
WEEKEND_HOURS = (1.8, 1.0, 0.6, 0.3, 0.2, 0.3, 0.7, 1.6, 3.4, 5.6, 7.0, 7.4, 6.0, 5.2, 6.0, 6.8, 6.8, 6.2,
                 5.8, 6.0, 7.6, 8.4, 6.2, 3.0)  # fmt: skip
DAY_WEIGHTS = (1.02, 0.94, 0.98, 0.92, 0.9, 1.08, 1.3)  # Monday … Sunday
SALES_BOOST = 1.6


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """The hours of the simulated period, each with how busy it is.

    `cumulative` is float64 (hours,), the running sum of the weights, from `since` on.
    """

    since: datetime
    until: datetime
    cumulative: NDArray[np.float64]

    def first_visit(self, rng: np.random.Generator) -> datetime:
        """An instant of the period, busy hours more often."""
        return self._draw(0, len(self.cumulative), rng)

    def next_visit(self, *, after: datetime, rng: np.random.Generator) -> datetime:
        """When the same person is back: soon when a purchase is on their mind, else weeks later."""
        soon = rng.random() < 0.48
        days = float(rng.exponential(1.6) if soon else rng.exponential(13.0))
        start = self._cell(after + timedelta(days=days, hours=1))
        if start >= len(self.cumulative):
            return self.until
        return max(self._draw(start, min(start + 18, len(self.cumulative)), rng), after + timedelta(minutes=50))

    def in_sales(self, moment: datetime) -> bool:
        """Whether the sales event is on at that moment."""
        end = self.until - SALE_ENDED_BEFORE
        return end - SALE_LASTED <= moment < end

    def _cell(self, moment: datetime) -> int:
        return int((moment - self.since).total_seconds() // 3600)

    def _draw(self, first: int, last: int, rng: np.random.Generator) -> datetime:
        """An instant within the cells [first, last), by weight."""
        below = self.cumulative[first - 1] if first else 0.0
        share = below + rng.random() * (self.cumulative[last - 1] - below)
        cell = min(int(np.searchsorted(self.cumulative, share, side="right")), last - 1)
        return self.since + timedelta(hours=cell, seconds=float(rng.uniform(0, 3599)))


def calendar_until(until: datetime) -> Calendar:
    """The calendar of the sixty days that end at `until`, which is a full hour."""
    since = until - timedelta(days=DAYS)
    end = until - SALE_ENDED_BEFORE
    weights = [
        _weight(moment.astimezone(PARIS)) * (SALES_BOOST if end - SALE_LASTED <= moment < end else 1.0)
        for moment in (since + timedelta(hours=hour) for hour in range(DAYS * 24))
    ]
    return Calendar(since=since, until=until, cumulative=np.cumsum(weights))


def _weight(local: datetime) -> float:
    """How busy one local hour usually is."""
    hours = WEEKEND_HOURS if local.weekday() >= 5 else WEEKDAY_HOURS
    return hours[local.hour] * DAY_WEIGHTS[local.weekday()]
