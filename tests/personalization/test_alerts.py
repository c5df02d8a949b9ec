"""Alerts: what a store's figures give reason for, and what they do not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from personalization.alerts import DOUBLED, HOUR, OLD, Alarm, CampaignFigures, DayFigures, Urgency, judge

WELL = DayFigures(
    remembers=True,
    memory_age=6 * HOUR,
    answers=1_000,
    no_analogue=30,
    week_answers=7_000,
    week_no_analogue=210,
    silence=20.0,
    visits_then=40,
    products=100,
    without_cost=1,
    exploration=0.02,
    campaigns=(
        CampaignFigures(id=1, live=True, asked=400, named=380, promoted=10, sold_out=1, wants_margin=True),
        CampaignFigures(id=2, live=True, asked=5, named=0),
    ),
)


def alarms(day: DayFigures) -> list[Alarm]:
    return [alert.alarm for alert in judge(day)]


def with_campaign(**figures: object) -> DayFigures:
    return replace(WELL, campaigns=[CampaignFigures(id=7, **figures)])  # type: ignore[arg-type]


def test_a_store_that_is_well_needs_nobody() -> None:
    assert judge(WELL) == []


@pytest.mark.parametrize(
    ("figures", "expected"),
    [
        ({"memory_age": OLD + 1}, [Alarm.MEMORY_OLD]),
        ({"memory_age": OLD}, []),
        ({"rebuild_failed": True}, [Alarm.REBUILD_FAILED]),
        ({"remembers": False}, [Alarm.NO_MEMORY]),
        ({"remembers": False, "answers": 0}, []),  # nobody asks yet: it is a step still to be done
        ({"remembers": False, "rebuild_failed": True}, [Alarm.REBUILD_FAILED]),
        ({"no_analogue": 201}, [Alarm.NO_ANALOGUE]),
        ({"no_analogue": 200, "week_no_analogue": 1_000}, []),  # much, but neither too much nor new
        ({"no_analogue": 60}, [Alarm.NO_ANALOGUE_DOUBLED]),  # 3 % the week before
        ({"no_analogue": 59}, []),
        ({"no_analogue": 49, "week_no_analogue": 0}, []),  # from nothing to little
        ({"no_analogue": 60, "week_answers": 49, "week_no_analogue": 0}, []),  # nothing to compare with
        ({"answers": 49, "no_analogue": 49}, []),
        ({"silence": HOUR + 1}, [Alarm.SILENCE]),
        ({"silence": HOUR}, []),
        ({"silence": HOUR + 1, "visits_then": 4}, []),  # it is always quiet then
        ({"silence": None}, []),
        ({"without_cost": 5}, [Alarm.WITHOUT_COST]),
        ({"without_cost": 49, "campaigns": ()}, []),
        ({"without_cost": 50, "campaigns": ()}, [Alarm.WITHOUT_COST]),
        ({"products": 0, "without_cost": 0}, []),
        ({"exploration": 0.0}, [Alarm.NO_EXPLORATION]),
        ({"exploration": 0.0, "answers": 0, "no_analogue": 0}, []),
    ],
)
def test_the_store(figures: dict[str, object], expected: list[Alarm]) -> None:
    assert alarms(replace(WELL, **figures)) == expected  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("figures", "expected"),
    [
        ({"guarded": True}, [Alarm.GUARDED]),
        ({"live": True, "asked": 20}, [Alarm.STEERS_NOTHING]),
        ({"live": True, "asked": 19}, []),
        ({"live": True, "asked": 20, "named": 1}, []),
        ({"live": False, "asked": 20}, []),
        ({"live": True, "asked": 20, "used_up": True}, [Alarm.USED_UP]),
        ({"live": False, "used_up": True}, []),
        ({"promoted": 3, "sold_out": 3}, [Alarm.ALL_SOLD_OUT]),
        ({"promoted": 10, "sold_out": 2}, [Alarm.SOLD_OUT]),
        ({"promoted": 11, "sold_out": 2}, []),
        ({"live": True, "ends_today": True}, [Alarm.ENDS_TODAY]),
    ],
)
def test_a_campaign(figures: dict[str, object], expected: list[Alarm]) -> None:
    found = judge(with_campaign(**figures))

    assert [(alert.alarm, alert.campaign) for alert in found] == [(alarm, 7) for alarm in expected]


def test_the_most_urgent_comes_first() -> None:
    day = replace(with_campaign(guarded=True, ends_today=True), exploration=0.0, memory_age=OLD + 1, silence=2 * HOUR)

    urgencies = [alert.urgency for alert in judge(day)]

    assert urgencies == sorted(urgencies)
    assert set(urgencies) == set(Urgency)


def test_an_alert_carries_the_figures_that_it_was_judged_by() -> None:
    (alert,) = judge(replace(WELL, no_analogue=80))

    assert alert.figures == {"share": 0.08, "before": 0.03}
    assert alert.figures["share"] >= DOUBLED * alert.figures["before"]


def test_a_failed_rebuild_is_urgent_where_there_is_no_memory_to_go_on_with() -> None:
    (with_memory,) = judge(replace(WELL, rebuild_failed=True))
    (without,) = judge(replace(WELL, rebuild_failed=True, remembers=False))

    assert (with_memory.urgency, without.urgency) == (Urgency.TODAY, Urgency.NOW)
