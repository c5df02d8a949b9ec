"""The days that move a shop: public holidays, sales, gift days and the return to school, by rule and never by list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from math import exp
from typing import Final

MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY = range(7)

Rule = Callable[[int], date]  # year → day
Span = tuple[date, date]  # first and last day


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (the anonymous computus of Meeus, Jones and Butcher)."""
    century, rest = divmod(year, 100)
    golden = year % 19
    leap = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - century // 4 - leap + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (rest // 4) - epact - rest % 4) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def nth(year: int, month: int, weekday: int, n: int) -> date:
    """The n-th such weekday of a month; −1 is the last one, −2 the last but one."""
    if n > 0:
        first = date(year, month, 1)
        return first + timedelta((weekday - first.weekday()) % 7 + 7 * (n - 1))
    last = last_of_month(date(year, month, 1))
    return last - timedelta((last.weekday() - weekday) % 7 - 7 * (n + 1))


def last_of_month(day: date) -> date:
    """The last day of its month."""
    following = day.replace(day=28) + timedelta(4)
    return following - timedelta(following.day)


def _on(month: int, day: int) -> Rule:
    return lambda year: date(year, month, day)


def _easter(days: int) -> Rule:
    return lambda year: easter(year) + timedelta(days)


def _nth(month: int, weekday: int, n: int) -> Rule:
    return lambda year: nth(year, month, weekday, n)


def _french_mothers_day(year: int) -> date:
    """The last Sunday of May, or the first of June when that is Whit Sunday (Code de l'action sociale, D215-1)."""
    last_of_may = nth(year, 5, SUNDAY, -1)
    return last_of_may if last_of_may != easter(year) + timedelta(49) else last_of_may + timedelta(7)


_NEW_YEAR, _LABOUR, _CHRISTMAS, _BOXING = _on(1, 1), _on(5, 1), _on(12, 25), _on(12, 26)
_EPIPHANY, _ASSUMPTION, _ALL_SAINTS, _IMMACULATE = _on(1, 6), _on(8, 15), _on(11, 1), _on(12, 8)
_GOOD_FRIDAY, _EASTER_MONDAY, _ASCENSION, _WHIT_MONDAY = _easter(-2), _easter(1), _easter(39), _easter(50)
_CORPUS_CHRISTI = _easter(60)
_WESTERN = (_NEW_YEAR, _EASTER_MONDAY, _LABOUR, _ASCENSION, _WHIT_MONDAY, _CHRISTMAS)

# Nation-wide public holidays that hold by rule. Countries not listed keep the two that nearly all share.
HOLIDAYS: Final[dict[str, tuple[Rule, ...]]] = {
    "FR": (*_WESTERN, _on(5, 8), _on(7, 14), _ASSUMPTION, _ALL_SAINTS, _on(11, 11)),
    "BE": (*_WESTERN, _on(7, 21), _ASSUMPTION, _ALL_SAINTS, _on(11, 11)),
    "LU": (*_WESTERN, _on(5, 9), _on(6, 23), _ASSUMPTION, _ALL_SAINTS, _BOXING),
    "CH": (_NEW_YEAR, _EASTER_MONDAY, _ASCENSION, _WHIT_MONDAY, _on(8, 1), _CHRISTMAS),
    "DE": (*_WESTERN, _GOOD_FRIDAY, _on(10, 3), _BOXING),
    "AT": (*_WESTERN, _EPIPHANY, _CORPUS_CHRISTI, _ASSUMPTION, _on(10, 26), _ALL_SAINTS, _IMMACULATE, _BOXING),
    "NL": (_NEW_YEAR, _EASTER_MONDAY, _on(4, 27), _ASCENSION, _WHIT_MONDAY, _CHRISTMAS, _BOXING),
    "ES": (
        *(_NEW_YEAR, _EPIPHANY, _GOOD_FRIDAY, _LABOUR, _ASSUMPTION, _on(10, 12), _ALL_SAINTS),
        *(_on(12, 6), _IMMACULATE, _CHRISTMAS),
    ),
    "IT": (
        *(_NEW_YEAR, _EPIPHANY, _EASTER_MONDAY, _on(4, 25), _LABOUR, _on(6, 2), _ASSUMPTION),
        *(_ALL_SAINTS, _IMMACULATE, _CHRISTMAS, _BOXING),
    ),
    "PT": (
        *(_NEW_YEAR, _GOOD_FRIDAY, _on(4, 25), _LABOUR, _CORPUS_CHRISTI, _on(6, 10), _ASSUMPTION),
        *(_on(10, 5), _ALL_SAINTS, _on(12, 1), _IMMACULATE, _CHRISTMAS),
    ),
    "GB": (
        *(_NEW_YEAR, _GOOD_FRIDAY, _EASTER_MONDAY, _nth(5, MONDAY, 1), _nth(5, MONDAY, -1)),
        *(_nth(8, MONDAY, -1), _CHRISTMAS, _BOXING),
    ),
    "IE": (
        *(_NEW_YEAR, _on(3, 17), _EASTER_MONDAY, _nth(5, MONDAY, 1), _nth(6, MONDAY, 1)),
        *(_nth(8, MONDAY, 1), _nth(10, MONDAY, -1), _CHRISTMAS, _BOXING),
    ),
    "US": (
        *(_NEW_YEAR, _nth(1, MONDAY, 3), _nth(5, MONDAY, -1), _on(6, 19), _on(7, 4), _nth(9, MONDAY, 1)),
        *(_on(11, 11), _nth(11, THURSDAY, 4), _CHRISTMAS),
    ),
    "CA": (
        *(_NEW_YEAR, _GOOD_FRIDAY, _on(7, 1), _nth(9, MONDAY, 1), _on(9, 30), _nth(10, MONDAY, 2)),
        *(_CHRISTMAS, _BOXING),
    ),
}
_COMMON_HOLIDAYS: Final[tuple[Rule, ...]] = (_NEW_YEAR, _CHRISTMAS)

_MAY_MOTHERS, _JUNE_FATHERS, _SAINT_JOSEPH = _nth(5, SUNDAY, 2), _nth(6, SUNDAY, 3), _on(3, 19)
# Mother's Day and Father's Day; elsewhere the second Sunday of May and the third of June.
_PARENTS: Final[dict[str, tuple[Rule, Rule]]] = {
    "FR": (_french_mothers_day, _JUNE_FATHERS),
    "BE": (_MAY_MOTHERS, _nth(6, SUNDAY, 2)),
    "LU": (_nth(6, SUNDAY, 2), _nth(10, SUNDAY, 1)),
    "CH": (_MAY_MOTHERS, _nth(6, SUNDAY, 1)),
    "DE": (_MAY_MOTHERS, _ASCENSION),
    "AT": (_MAY_MOTHERS, _nth(6, SUNDAY, 2)),
    "ES": (_nth(5, SUNDAY, 1), _SAINT_JOSEPH),
    "PT": (_nth(5, SUNDAY, 1), _SAINT_JOSEPH),
    "IT": (_MAY_MOTHERS, _SAINT_JOSEPH),
    "GB": (_easter(-21), _JUNE_FATHERS),
    "IE": (_easter(-21), _JUNE_FATHERS),
}

# When the school year begins; elsewhere on 1 September.
_SCHOOL: Final[dict[str, tuple[int, int]]] = {"US": (8, 20), "DE": (8, 25), "IT": (9, 12), "ES": (9, 9), "PT": (9, 12)}


def _french_sales(year: int) -> tuple[Span, ...]:
    """The *soldes*: four weeks from the second Wednesday of January (the first when that is after the 12th) and
    from the last Wednesday of June (the last but one when that is after the 28th) (arrêté of 27 May 2019)."""
    winter, summer = nth(year, 1, WEDNESDAY, 2), nth(year, 6, WEDNESDAY, -1)
    winter -= timedelta(7 if winter.day > 12 else 0)
    summer -= timedelta(7 if summer.day > 28 else 0)
    return tuple((first, first + timedelta(27)) for first in (winter, summer))


def _belgian_sales(year: int) -> tuple[Span, ...]:
    return (date(year, 1, 3), date(year, 1, 31)), (date(year, 7, 1), date(year, 7, 31))


def _other_sales(year: int) -> tuple[Span, ...]:
    return (date(year - 1, 12, 26), date(year, 1, 20)), (date(year, 7, 1), date(year, 7, 31))


_SALES: Final[dict[str, Callable[[int], tuple[Span, ...]]]] = {"FR": _french_sales, "BE": _belgian_sales}


def sales(country: str, year: int) -> tuple[Span, ...]:
    """The year's winter and summer sales."""
    return _SALES.get(country, _other_sales)(year)


def holidays(country: str, year: int) -> tuple[date, ...]:
    """The year's public holidays."""
    return tuple(rule(year) for rule in HOLIDAYS.get(country, _COMMON_HOLIDAYS))


def gift_days(country: str, year: int) -> tuple[date, ...]:
    """Valentine's, Mother's and Father's Day, and Christmas."""
    mothers, fathers = _PARENTS.get(country, (_MAY_MOTHERS, _JUNE_FATHERS))
    return date(year, 2, 14), mothers(year), fathers(year), date(year, 12, 25)


def black_week(year: int) -> Span:
    """From the Monday before Black Friday (the day after the fourth Thursday of November) to Cyber Monday."""
    friday = nth(year, 11, THURSDAY, 4) + timedelta(1)
    return friday - timedelta(4), friday + timedelta(3)


def back_to_school(country: str, year: int) -> Span:
    """From two weeks before the first day of school to a week after it."""
    month, day = _SCHOOL.get(country, (9, 1))
    first = date(year, month, day)
    return first - timedelta(14), first + timedelta(7)


@dataclass(frozen=True, slots=True)
class Day:
    """What a calendar day means for shopping in a country; nearness is 1 on it and fades with the days, in [0, 1]."""

    holiday: bool
    near_holiday: float
    near_sales: float
    near_black_week: float
    near_gift_day: float
    near_school: float
    near_payday: float


@lru_cache(maxsize=4096)
def day(country: str, today: date) -> Day:
    """What today means in that country."""
    years = range(max(today.year - 1, 1), min(today.year + 1, 9998) + 1)
    free = [feast for year in years for feast in holidays(country, year)]
    seasons = [span for year in years for span in sales(country, year)]
    gifts = [feast for year in years for feast in gift_days(country, year)]
    month_end = last_of_month(today)
    paydays = (month_end, today.replace(day=1) - timedelta(1))
    return Day(
        holiday=today in free,
        near_holiday=_nearness(today, [(feast, feast) for feast in free], before=2.0, after=1.0),
        near_sales=_nearness(today, seasons, before=7.0, after=7.0),
        near_black_week=_nearness(today, [black_week(year) for year in years], before=7.0, after=3.0),
        near_gift_day=_nearness(today, [(feast, feast) for feast in gifts], before=7.0, after=0.5),
        near_school=_nearness(today, [back_to_school(country, year) for year in years], before=7.0, after=7.0),
        near_payday=_nearness(today, [(end, end) for end in paydays], before=3.0, after=5.0),
    )


def _nearness(today: date, spans: list[Span], *, before: float, after: float) -> float:
    """1 within a span, else exp(−days / scale) to the nearest one; each side fades at its own scale of days."""
    return max(exp(min((today - first).days / before, (last - today).days / after, 0.0)) for first, last in spans)
