"""Small pictures of a fortnight: how high each day's bar stands."""

from __future__ import annotations

from personalization.admin.sparklines import HEIGHT, Bar, sparkline


def bars(*values: float | None) -> list[Bar]:
    told = [f"day {number}" for number in range(len(values))]
    return sparkline("visits", title="Visits", description="", values=values, told=told).bars


def test_bars_stand_from_zero_in_proportion_to_the_highest() -> None:
    assert [float(bar.height) for bar in bars(10.0, 20.0, 5.0)] == [HEIGHT / 2, HEIGHT, HEIGHT / 4]
    assert {float(bar.y) + float(bar.height) for bar in bars(10.0, 20.0, 5.0)} == {HEIGHT}


def test_a_day_without_any_is_seen_and_one_that_is_not_known_is_left_out() -> None:
    assert [(bar.told, float(bar.height)) for bar in bars(0.0, None, 4.0)] == [("day 0", 1.0), ("day 2", HEIGHT)]


def test_only_the_day_under_way_is_so_far() -> None:
    assert [bar.so_far for bar in bars(1.0, 2.0, 3.0)] == [False, False, True]


def test_below_zero_nothing_stands() -> None:
    """A day of refunds."""
    assert [float(bar.height) for bar in bars(-5.0, 10.0)] == [1.0, HEIGHT]


def test_a_fortnight_of_nothing_has_bars_all_the_same() -> None:
    assert len(bars(*[0.0] * 14)) == 14
