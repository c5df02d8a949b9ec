"""Days that hold by rule, against calendars of years known."""

from __future__ import annotations

from datetime import date, timedelta
from math import exp

import pytest

from personalization.markers import commerce_days as days


@pytest.mark.parametrize(
    ("year", "sunday"),
    [
        (1961, date(1961, 4, 2)),
        (2000, date(2000, 4, 23)),
        (2024, date(2024, 3, 31)),
        (2025, date(2025, 4, 20)),
        (2026, date(2026, 4, 5)),
        (2038, date(2038, 4, 25)),  # the latest there can be
    ],
)
def test_easter(year: int, sunday: date) -> None:
    assert days.easter(year) == sunday


@pytest.mark.parametrize(
    ("year", "winter", "summer"),
    [
        (2021, date(2021, 1, 6), date(2021, 6, 23)),  # 13 January and 30 June come too late
        (2023, date(2023, 1, 11), date(2023, 6, 28)),
        (2024, date(2024, 1, 10), date(2024, 6, 26)),
        (2025, date(2025, 1, 8), date(2025, 6, 25)),
        (2026, date(2026, 1, 7), date(2026, 6, 24)),  # 14 January comes too late
    ],
)
def test_french_sales_last_four_weeks_from_their_wednesday(year: int, winter: date, summer: date) -> None:
    four_weeks = timedelta(27)

    assert days.sales("FR", year) == ((winter, winter + four_weeks), (summer, summer + four_weeks))


@pytest.mark.parametrize(
    ("country", "year", "mothers", "fathers"),
    [
        ("FR", 2023, date(2023, 6, 4), date(2023, 6, 18)),  # 28 May is Whit Sunday
        ("FR", 2024, date(2024, 5, 26), date(2024, 6, 16)),
        ("FR", 2026, date(2026, 5, 31), date(2026, 6, 21)),
        ("DE", 2026, date(2026, 5, 10), date(2026, 5, 14)),
        ("GB", 2026, date(2026, 3, 15), date(2026, 6, 21)),
        ("ES", 2026, date(2026, 5, 3), date(2026, 3, 19)),
        ("JP", 2026, date(2026, 5, 10), date(2026, 6, 21)),
    ],
)
def test_parents_days(country: str, year: int, mothers: date, fathers: date) -> None:
    assert days.gift_days(country, year) == (date(year, 2, 14), mothers, fathers, date(year, 12, 25))


@pytest.mark.parametrize(
    ("country", "year", "feast"),
    [
        ("FR", 2026, date(2026, 5, 14)),  # Ascension
        ("FR", 2026, date(2026, 5, 25)),  # Whit Monday
        ("FR", 2026, date(2026, 7, 14)),
        ("DE", 2026, date(2026, 10, 3)),
        ("GB", 2026, date(2026, 8, 31)),  # last Monday of August
        ("US", 2026, date(2026, 11, 26)),  # fourth Thursday of November
        ("CA", 2026, date(2026, 10, 12)),  # second Monday of October
        ("JP", 2026, date(2026, 1, 1)),
    ],
)
def test_public_holidays(country: str, year: int, feast: date) -> None:
    assert feast in days.holidays(country, year)


def test_the_french_work_on_american_independence_day() -> None:
    assert date(2026, 7, 4) not in days.holidays("FR", 2026)


@pytest.mark.parametrize("country", [*days.HOLIDAYS, "JP"])
def test_no_country_names_a_holiday_twice(country: str) -> None:
    feasts = days.holidays(country, 2026)

    assert len(set(feasts)) == len(feasts)


def test_black_week_runs_from_monday_to_cyber_monday() -> None:
    assert days.black_week(2026) == (date(2026, 11, 23), date(2026, 11, 30))


@pytest.mark.parametrize(
    ("n", "day"), [(1, date(2026, 3, 4)), (2, date(2026, 3, 11)), (-1, date(2026, 3, 25)), (-2, date(2026, 3, 18))]
)
def test_the_nth_wednesday_of_march(n: int, day: date) -> None:
    assert days.nth(2026, 3, days.WEDNESDAY, n) == day


@pytest.mark.parametrize(
    ("today", "end"), [(date(2026, 2, 3), date(2026, 2, 28)), (date(2026, 12, 31), date(2026, 12, 31))]
)
def test_the_last_day_of_a_month(today: date, end: date) -> None:
    assert days.last_of_month(today) == end


def test_what_the_first_of_january_means_is_told_by_the_year_before() -> None:
    assert days.day("FR", date(2027, 1, 1)).near_payday == exp(-1 / 5)  # the day after a last of December
