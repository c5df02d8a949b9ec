"""Markers of the moment, at instants whose place in the calendar is known."""

from __future__ import annotations

from datetime import datetime
from math import cos, exp, pi, sin, sqrt
from zoneinfo import ZoneInfo

import pytest

from personalization.markers.lived import LivedEvent
from personalization.markers.moment import MARKERS

from .visits import PARIS, START, context, event, visit

COMPUTE = {marker.name: marker.compute for marker in MARKERS}


def then(local: str) -> LivedEvent:
    """An event at this time in Paris."""
    return event("page_view", at=datetime.fromisoformat(local).replace(tzinfo=PARIS).timestamp() - START)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("moment_hour_sin", 0.5),  # 10 of 24 hours: 150 degrees
        ("moment_hour_cos", -sqrt(3) / 2),
        ("moment_weekday_sin", sin(2 * pi * 2 / 7)),  # two days after Monday
        ("moment_weekday_cos", cos(2 * pi * 2 / 7)),
        ("moment_weekend", 0.0),
        ("moment_day_of_month", 10 / 30),  # ten days after the first, of thirty
        ("moment_payday", exp(-11 / 5)),  # eleven days after 28 February
        ("moment_season_sin", sin(2 * pi * 69 / 366)),  # the seventieth day
        ("moment_season_cos", cos(2 * pi * 69 / 366)),
        ("moment_sales", exp(-36 / 7)),  # the winter sales ended on 3 February
        ("moment_black_friday", 0.0),  # a hundred days ago
        ("moment_gift_day", exp(-81 / 7)),  # Mother's Day is on 31 May
        ("moment_back_to_school", exp(-160 / 7)),  # from 18 August on
        ("moment_holiday", exp(-26 / 2)),  # Easter Monday is on 6 April
        ("moment_office_hours", 1.0),
        ("moment_leisure", exp(-((2.75 / 1.5) ** 2))),  # two hours and three quarters before lunch
    ],
)
def test_a_wednesday_morning_in_march(name: str, value: float) -> None:
    assert COMPUTE[name](visit(event("page_view"))) == pytest.approx(value, abs=1e-12)


@pytest.mark.parametrize(
    ("local", "name", "value"),
    [
        ("2026-01-07T08:00", "moment_sales", 1.0),  # the winter sales begin
        ("2025-12-31T08:00", "moment_sales", exp(-1)),  # seven days before
        ("2026-11-27T21:00", "moment_black_friday", 1.0),
        ("2026-11-16T12:00", "moment_black_friday", exp(-1)),  # seven days before its Monday
        ("2026-12-03T12:00", "moment_black_friday", exp(-1)),  # three days after Cyber Monday
        ("2026-12-25T12:00", "moment_gift_day", 1.0),
        ("2026-12-18T12:00", "moment_gift_day", exp(-1)),
        ("2026-12-26T12:00", "moment_gift_day", exp(-2)),  # over, so soon of no account
        ("2026-08-18T12:00", "moment_back_to_school", 1.0),
        ("2026-08-11T12:00", "moment_back_to_school", exp(-1)),
        ("2026-09-15T12:00", "moment_back_to_school", exp(-1)),  # seven days after 8 September
        ("2026-07-14T12:00", "moment_holiday", 1.0),
        ("2026-07-12T12:00", "moment_holiday", exp(-1)),  # two days before
        ("2026-07-15T12:00", "moment_holiday", exp(-1)),  # one day after
        ("2026-03-31T12:00", "moment_payday", 1.0),
        ("2026-03-28T12:00", "moment_payday", exp(-1)),  # three days before
        ("2026-04-05T12:00", "moment_payday", exp(-1)),  # five days after
        ("2026-03-14T12:00", "moment_weekend", 1.0),  # a Saturday
        ("2026-03-31T12:00", "moment_day_of_month", 1.0),
        ("2026-03-11T09:00", "moment_office_hours", 1.0),
        ("2026-03-11T08:59", "moment_office_hours", 0.0),
        ("2026-03-11T18:00", "moment_office_hours", 0.0),
        ("2026-03-14T10:00", "moment_office_hours", 0.0),  # a Saturday
        ("2026-07-14T10:00", "moment_office_hours", 0.0),  # a Tuesday on which nobody works
        ("2026-03-11T12:45", "moment_leisure", 1.0),
        ("2026-03-11T19:30", "moment_leisure", exp(-1)),  # an hour and a half before 9 p.m.
        ("2026-03-11T18:00", "moment_hour_sin", -1.0),
        ("2026-03-11T00:00", "moment_hour_cos", 1.0),
        ("2026-03-09T00:00", "moment_weekday_cos", 1.0),  # a Monday
        ("2026-01-01T00:00", "moment_season_cos", 1.0),
    ],
)
def test_a_day_of_the_calendar(local: str, name: str, value: float) -> None:
    assert COMPUTE[name](visit(then(local))) == pytest.approx(value, abs=1e-9)


def test_the_clock_is_the_stores() -> None:
    tokyo = context(time_zone=ZoneInfo("Asia/Tokyo"), country="JP")

    lived = visit(event("page_view"), context=tokyo)

    assert COMPUTE["moment_hour_sin"](lived) == pytest.approx(-1.0)  # 10:00 in Paris is 18:00 in Tokyo


def test_the_holidays_are_the_stores() -> None:
    american = context(country="US")

    lived = visit(then("2026-07-04T12:00"), context=american)

    assert COMPUTE["moment_holiday"](lived) == 1.0


def test_the_moment_is_that_of_the_last_event() -> None:
    lived = visit(then("2026-03-13T23:50"), then("2026-03-14T00:10"))

    assert COMPUTE["moment_weekend"](lived) == 1.0


def test_summer_time_is_observed() -> None:
    before, after = visit(then("2026-03-28T10:00")), visit(then("2026-03-29T10:00"))

    assert COMPUTE["moment_hour_sin"](before) == COMPUTE["moment_hour_sin"](after)


@pytest.mark.parametrize("marker", MARKERS, ids=lambda marker: marker.name)
def test_before_the_first_event_no_moment_is_known(marker) -> None:  # type: ignore[no-untyped-def]
    assert marker.compute(visit()) == marker.neutral
