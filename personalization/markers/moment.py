"""Moment: when the visit happens, in the store's own time, and what the calendar holds near it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from math import cos, exp, pi, sin
from typing import TYPE_CHECKING, Final

from personalization.markers import commerce_days
from personalization.markers.commerce_days import Day
from personalization.markers.definition import Marker, Scale, _

if TYPE_CHECKING:
    from personalization.markers.live_visit import LiveVisit
    from personalization.markers.lived import LivedEvent

_TURN: Final = 2.0 * pi
_NO_DAY: Final = Day(*(False, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0))

OFFICE_HOURS: Final = (9.0, 18.0)
# Hours at which people shop for leisure: the lunch break and the evening.
_LEISURE: Final = (12.75, 21.0)


class Moment:
    """The instant of the last event on the store's clock and calendar.

    Attributes:
        known: False before the first event.
        hour: 0 … 24, minutes as fractions.
        weekday: 0 (Monday) … 6.
        month_position: 0 on the first day of the month, 1 on its last.
        year_phase: share of the year gone, [0, 1).
        day: what the calendar day means in the store's country.
    """

    __slots__ = ("_today", "day", "hour", "known", "month_position", "weekday", "year_phase")

    def __init__(self) -> None:
        self.known = False
        self.hour = 0.0
        self.weekday = 0
        self.month_position = 0.0
        self.year_phase = 0.0
        self.day = _NO_DAY
        self._today: date | None = None

    def fold(self, event: LivedEvent, visit: LiveVisit) -> None:
        local = datetime.fromtimestamp(event.at, tz=visit.context.time_zone)
        self.hour = local.hour + local.minute / 60.0 + local.second / 3600.0
        today = local.date()
        if today != self._today:
            self._turn_to(today, visit.context.country)

    def _turn_to(self, today: date, country: str) -> None:
        self.known = True
        self._today = today
        self.weekday = today.weekday()
        self.month_position = (today.day - 1) / (commerce_days.last_of_month(today).day - 1)
        self.year_phase = (today.timetuple().tm_yday - 1) / 366.0
        self.day = commerce_days.day(country, today)


def _hour_sin(visit: LiveVisit) -> float:
    return sin(_TURN * visit.moment.hour / 24.0)


def _hour_cos(visit: LiveVisit) -> float:
    return cos(_TURN * visit.moment.hour / 24.0) if visit.moment.known else 0.0


def _weekday_sin(visit: LiveVisit) -> float:
    return sin(_TURN * visit.moment.weekday / 7.0)


def _weekday_cos(visit: LiveVisit) -> float:
    return cos(_TURN * visit.moment.weekday / 7.0) if visit.moment.known else 0.0


def _season_sin(visit: LiveVisit) -> float:
    return sin(_TURN * visit.moment.year_phase)


def _season_cos(visit: LiveVisit) -> float:
    return cos(_TURN * visit.moment.year_phase) if visit.moment.known else 0.0


def _weekend(visit: LiveVisit) -> float:
    return float(visit.moment.weekday >= commerce_days.SATURDAY)


def _office_hours(visit: LiveVisit) -> float:
    moment = visit.moment
    working = moment.known and moment.weekday < commerce_days.SATURDAY and not moment.day.holiday
    return float(working and OFFICE_HOURS[0] <= moment.hour < OFFICE_HOURS[1])


def _leisure(visit: LiveVisit) -> float:
    """Two bells, each an hour and a half wide at exp(−1)."""
    if not visit.moment.known:
        return 0.0
    hours = min(abs(visit.moment.hour - peak) for peak in _LEISURE)
    return exp(-((hours / 1.5) ** 2))


def _marker(name: str, scale: Scale, meaning: str, compute: Callable[[LiveVisit], float]) -> Marker:
    return Marker(f"moment_{name}", "moment", *scale, meaning, compute)


_CYCLE: Final = Scale("cycle", -1.0, 1.0, 0.0)
_FLAG: Final = Scale("flag", 0.0, 1.0, 0.0)
_SHARE: Final = Scale("share", 0.0, 1.0, 0.0)
_NEARNESS: Final = Scale("nearness", 0.0, 1.0, 0.0)

MARKERS: Final[tuple[Marker, ...]] = (
    _marker("hour_sin", _CYCLE, _("Hour of the store's day, first half of the cycle: 1 at 6 a.m."), _hour_sin),
    _marker("hour_cos", _CYCLE, _("Hour of the store's day, other half of the cycle: 1 at midnight."), _hour_cos),
    _marker("weekday_sin", _CYCLE, _("Day of the week, first half of the cycle: high midweek."), _weekday_sin),
    _marker("weekday_cos", _CYCLE, _("Day of the week, other half of the cycle: 1 on Monday."), _weekday_cos),
    _marker("weekend", _FLAG, _("1 on a Saturday or Sunday."), _weekend),
    _marker(
        "day_of_month",
        _SHARE,
        _("Position in the month: 0 on its first day, 1 on its last."),
        lambda visit: visit.moment.month_position,
    ),
    _marker(
        "payday",
        _NEARNESS,
        _("Nearness of payday, the turn of the month: 1 on its last day, fading within about a week."),
        lambda visit: visit.moment.day.near_payday,
    ),
    _marker("season_sin", _CYCLE, _("Season, first half of the cycle: 1 at the start of spring."), _season_sin),
    _marker("season_cos", _CYCLE, _("Season, other half of the cycle: 1 at New Year."), _season_cos),
    _marker(
        "sales",
        _NEARNESS,
        _("Nearness of the winter or summer sales: 1 during them, fading over a week before and after."),
        lambda visit: visit.moment.day.near_sales,
    ),
    _marker(
        "black_friday",
        _NEARNESS,
        _("Nearness of the Black Friday week: 1 until Cyber Monday, fading over a week before and days after."),
        lambda visit: visit.moment.day.near_black_week,
    ),
    _marker(
        "gift_day",
        _NEARNESS,
        _("Nearness of Christmas, Valentine's, Mother's or Father's Day: rising over the week before it."),
        lambda visit: visit.moment.day.near_gift_day,
    ),
    _marker(
        "back_to_school",
        _NEARNESS,
        _("Nearness of the return to school: 1 from two weeks before to a week after its first day."),
        lambda visit: visit.moment.day.near_school,
    ),
    _marker(
        "holiday",
        _NEARNESS,
        _("Nearness of a public holiday of the store's country: 1 on it, fading within a few days."),
        lambda visit: visit.moment.day.near_holiday,
    ),
    _marker(
        "office_hours",
        _FLAG,
        _("1 on a working day between 9 a.m. and 6 p.m."),
        _office_hours,
    ),
    _marker(
        "leisure",
        _NEARNESS,
        _("Nearness of the hours of leisure, the lunch break and the evening: 1 at 12:45 and at 9 p.m."),
        _leisure,
    ),
)
