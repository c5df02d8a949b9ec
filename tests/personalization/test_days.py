"""A store's days in sums: what counts, on which day, and how long answers took."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from catalog.models import Store
from personalization.days import FORTNIGHT, Answered, Figures, Lived, figures
from tests.catalog.factories import merchant_row, sell
from tests.personalization.met_campaigns import MINUTE, answered, did, governing
from tests.personalization.storefront import shop
from tests.personalization.told_days import answered_at, visited_at

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 25, 14, 30, tzinfo=UTC)  # half past three in Paris
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def store() -> Store:
    return shop()


def told(store: Store, now: datetime = NOW) -> Figures:
    return figures(store=store, now=now)


# --- The last day -------------------------------------------------------------------------------------------------


def test_the_last_day_stands_beside_the_one_before(store: Store) -> None:
    visited_at(store, NOW - HOUR, revenue=30.0)
    visited_at(store, NOW - 23 * HOUR)
    visited_at(store, NOW - DAY - HOUR, revenue=5.5)
    visited_at(store, NOW - 2 * DAY - HOUR, revenue=99.0)

    found = told(store)

    assert (found.last.visits, found.last.bought, found.last.revenue, found.last.conversion) == (2, 1, 30.0, 0.5)
    assert found.before == Lived(visits=1, bought=1, revenue=5.5)


def test_robots_and_staff_do_not_count(store: Store) -> None:
    visited_at(store, NOW - HOUR, revenue=30.0, excluded=True)

    found = told(store)

    assert found.last == Lived()
    assert found.days[-1].lived == Lived()


def test_what_nobody_visited_has_no_conversion(store: Store) -> None:
    assert told(store).last.conversion is None


def test_the_margin_is_what_is_left_of_purchases_after_refunds(store: Store) -> None:
    """A bag at 10 that costs 4 is bought twice and once brought back; what the racket costs is not known."""
    sell(store, merchant_row("bag", price="10.00 EUR", cost_of_goods_sold="4.00 EUR"), now=NOW)
    bought = [{"item_id": "bag", "price": 10.0, "quantity": 2}, {"item_id": "racket", "price": 120.0}]
    did(store, "ada", "purchase", at=NOW - HOUR, items=bought, transaction_id="t1")
    did(store, "ada", "refund", at=NOW - HOUR + MINUTE, transaction_id="t1")
    did(store, "ben", "purchase", at=NOW - DAY - HOUR)

    found = told(store)

    assert (found.last.margin, found.before.margin) == (6.0, 6.0)


def test_without_a_known_cost_there_is_no_margin(store: Store) -> None:
    did(store, "ada", "purchase", "racket", at=NOW - HOUR)

    assert told(store).last.margin is None


def test_answers_of_other_engines_are_served_but_look_for_no_analogues(store: Store) -> None:
    answered_at(store, NOW - HOUR)
    answered_at(store, NOW - HOUR, fallback="no_analogue")
    answered_at(store, NOW - HOUR, engine="rules", fallback="no_memory")
    answered_at(store, NOW - DAY - HOUR)

    found = told(store)

    assert found.last_answers == Answered(answers=3, recalled=2, no_analogue=1)
    assert found.last_answers.novel == 0.5
    assert found.answers_before == Answered(answers=1, recalled=1)


# --- Day by day ---------------------------------------------------------------------------------------------------


def test_days_are_those_of_the_stores_clock(store: Store) -> None:
    midnight = datetime(2026, 11, 23, 23, 0, tzinfo=UTC)  # in Paris
    visited_at(store, midnight - MINUTE)
    visited_at(store, midnight, revenue=7.0)
    answered_at(store, midnight)

    days = {day.date: day for day in told(store).days}

    assert days[date(2026, 11, 23)].lived.visits == 1
    assert days[date(2026, 11, 24)].lived == Lived(visits=1, bought=1, revenue=7.0)
    assert days[date(2026, 11, 24)].answered.answers == 1


def test_every_day_of_the_fortnight_is_there_and_today_is_the_last(store: Store) -> None:
    visited_at(store, NOW - 20 * DAY)

    days = told(store).days

    assert [day.date for day in days] == [date(2026, 11, 12) + timedelta(days=number) for number in range(FORTNIGHT)]
    assert all(day.lived == Lived() and day.answered.novel is None for day in days)


def test_usual_is_the_week_before_the_last_day(store: Store) -> None:
    for days_ago in (0, 1, 2, 8, 9):
        answered_at(store, NOW - days_ago * DAY, fallback="no_analogue" if days_ago == 2 else "")

    assert told(store).usual == Answered(answers=2, recalled=2, no_analogue=1)


# --- The last hour ------------------------------------------------------------------------------------------------


def test_the_last_hour_is_told_by_zone_and_by_campaign(store: Store) -> None:
    one, other = governing(store, since=NOW - DAY), governing(store, since=NOW - DAY)
    answered(store, "ada", at=NOW - MINUTE, steered=(one,), spared=(other,))
    answered(store, "ben", at=NOW - MINUTE, steered=(one,))
    answered_at(store, NOW - MINUTE, zone="cart")
    answered(store, "cleo", at=NOW - HOUR - MINUTE, steered=(other,))

    hour = told(store).hour

    assert (hour.answers, hour.zones, hour.campaigns) == (3, {"home": 2, "cart": 1}, {one.pk: 2, other.pk: 1})


def test_times_are_the_mean_and_what_99_of_100_keep_to(store: Store) -> None:
    for number in range(101):
        answered_at(store, NOW - MINUTE, took_ms=float(number))

    hour = told(store).hour

    assert (hour.mean_ms, hour.p99_ms) == (50.0, 99.0)


# --- Traffic ------------------------------------------------------------------------------------------------------


def test_the_last_event_is_when_it_was_received(store: Store) -> None:
    visited_at(store, NOW - 3 * HOUR, changed_at=NOW - 2 * HOUR)

    assert told(store).received_at == NOW - 2 * HOUR


def test_the_same_hour_last_week(store: Store) -> None:
    week = timedelta(days=7)
    for before in (timedelta(0), HOUR - MINUTE):
        visited_at(store, NOW - week - before)
    for outside in (NOW - week + MINUTE, NOW - week - HOUR - MINUTE):
        visited_at(store, outside)

    assert told(store).visits_then == 2


# --- All of it ----------------------------------------------------------------------------------------------------


def test_another_store_does_not_count(store: Store) -> None:
    brico = shop("brico")
    visited_at(brico, NOW - HOUR, revenue=50.0)
    answered_at(brico, NOW - MINUTE)
    did(brico, "robert", "purchase", at=NOW - HOUR)
    answered(brico, "robert", at=NOW - MINUTE, steered=(governing(brico, since=NOW - DAY),))

    assert told(store) == told(shop("empty"))


def test_as_many_statements_whatever_was_lived(store: Store, django_assert_num_queries: type) -> None:
    visited_at(store, NOW - HOUR, revenue=50.0)
    for number in range(20):
        answered_at(store, NOW - number * HOUR)

    with django_assert_num_queries(8):  # those of Django; four go past it, see `round_trip`
        told(store)
