"""Comparisons: asked for once, carried out in a copy, retried once after a kill, kept; nothing is left behind."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from catalog.models import Product, Store
from personalization.engines import ENGINES
from personalization.evaluation import comparing, replay
from personalization.evaluation.comparing import KEPT, KILLED, LEASE
from personalization.memory import generations, partitions
from personalization.models import Comparison, ComparisonState, Event, Generation, MemoryArray, Rule, Visit
from tests.personalization.elsewhere import ROOT, environment
from tests.personalization.memory.past import live_many, live_through, rebuilt, shop, viewing

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _a_small_world(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is enough here; the store of a test lives in seconds."""
    for name, enough in {"NEEDED": 40, "SINCE_LAST": 5, "JUDGED_LEAST": 10}.items():
        monkeypatch.setattr(comparing, name, enough)


@pytest.fixture
def store() -> Store:
    """Forty visits of the last days that put something into the cart."""
    store = shop()
    live_many(store, visits=40, ended=timezone.now())
    return store


def asked(store: Store, **more: Any) -> Comparison:
    return comparing.ask(store=store, now=timezone.now(), **more)


def begun(store: Store, *, attempts: int, leased: timedelta) -> Comparison:
    """One that a worker took up, and whose lease ends after `leased`."""
    comparison = asked(store)
    comparison.state, comparison.attempts = ComparisonState.RUNNING, attempts
    comparison.leased_until = timezone.now() + leased
    comparison.save()
    return comparison


# --- Asking -------------------------------------------------------------------------------------------------------


def test_a_store_that_lived_too_little_is_not_compared() -> None:
    store = shop()
    live_many(store, visits=39, ended=timezone.now())

    with pytest.raises(comparing.TooFewVisitsError, match="39 ended visits, expected at least 40"):
        asked(store)


def test_a_visit_still_going_on_does_not_count() -> None:
    store = shop()
    live_many(store, visits=39, ended=timezone.now())
    live_through(store, "still here", *viewing("racket"), ended=timezone.now())

    assert comparing.visits_there(store, now=timezone.now()) == 39


def test_who_asks_twice_gets_the_one_under_way(store: Store) -> None:
    assert asked(store) == asked(store)


def test_the_database_keeps_one_under_way_a_store(store: Store) -> None:
    asked(store)

    with pytest.raises(IntegrityError, match="comparison_one_under_way"), transaction.atomic():
        Comparison.objects.create(store=store, asked_at=timezone.now(), state=ComparisonState.RUNNING)


def test_who_asked_is_kept(store: Store) -> None:
    olga = User.objects.create(username="olga")

    assert asked(store, by=olga).asked_by == olga


def test_the_calendar_asks_where_nothing_was_ever_compared(store: Store) -> None:
    shop("brico")

    assert [comparison.store for comparison in comparing.ask_where_due(now=timezone.now())] == [store]


@pytest.mark.parametrize(("visits", "due"), [(4, False), (5, True)])
def test_the_calendar_asks_again_after_enough_new_visits(store: Store, visits: int, due: bool) -> None:
    now = timezone.now()
    done(store, asked_at=now - timedelta(days=30))
    Visit.objects.of(store).update(started_at=now - timedelta(days=40), last_event_at=now - timedelta(days=40))
    for number in range(visits):
        live_through(store, f"new {number}", *viewing("racket"), ended=now - timedelta(hours=number + 1))

    assert bool(comparing.ask_where_due(now=now)) is due


def test_the_calendar_leaves_the_copies_of_evaluations_alone(store: Store) -> None:
    Store.objects.filter(pk=store.pk).update(is_evaluation=True)

    assert comparing.ask_where_due(now=timezone.now()) == []


# --- Carrying out -------------------------------------------------------------------------------------------------


def test_it_ends_with_the_figures_of_all_four_engines(store: Store) -> None:
    comparison = asked(store)

    assert comparing.carry_out_next() == comparison

    comparison.refresh_from_db()
    assert (comparison.state, comparison.error, comparison.leased_until) == (ComparisonState.DONE, "", None)
    assert set(comparison.figures["engines"]) == set(ENGINES)
    assert comparison.figures["store"] == store.slug
    assert comparison.figures["visits"] == 10
    assert comparison.figures["visits_remembered"] == 30
    assert comparison.since is not None
    assert comparison.figures["since"] == comparison.since.isoformat()


@pytest.mark.parametrize(("visits", "judged"), [(12, 4), (40, 10), (120, 12), (400, 30)])
def test_the_newest_tenth_is_judged_within_bounds(visits: int, judged: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comparing, "JUDGED_MOST", 30)
    store, now = shop(), timezone.now()
    Visit.objects.bulk_create(
        Visit(store=store, visitor_key=f"v:{age}", started_at=at, last_event_at=at, changed_at=at)
        for age in range(visits)
        if (at := now - timedelta(hours=age + 1))
    )

    since = comparing.split(store, now=now)

    assert Visit.objects.of(store).filter(started_at__gte=since).count() == judged


def test_nothing_of_the_store_is_touched_and_nothing_of_its_copy_stays(store: Store) -> None:
    rebuilt(store, now=timezone.now())
    before = kept()
    asked(store)

    comparing.carry_out_next()

    assert kept() == before


def kept() -> list[Any]:
    tables = (Store, Product, Visit, Event, Rule, Generation, MemoryArray)
    return [
        *(list(table.objects.order_by("pk").values()) for table in tables),
        sorted(partitions.generations_with_one()),
    ]


def test_it_asks_no_more_visits_than_the_sample_holds(store: Store) -> None:
    comparison = asked(store, sample=3)

    comparing.carry_out_next()

    comparison.refresh_from_db()
    assert comparison.figures["visits"] == 3


def test_the_copy_remembers_no_more_visits_than_told(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comparing, "REMEMBERED", 12)
    comparison = asked(store)

    comparing.carry_out_next()

    comparison.refresh_from_db()
    assert comparison.figures["visits_remembered"] == 12


def test_how_far_it_has_come_is_told_meanwhile(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    comparison = asked(store)
    told: list[tuple[str, int]] = []

    def watched(**asked_of: Any) -> dict[str, Any]:
        asked_of["progress"]("ingesting", 7, 30)
        comparison.refresh_from_db()
        told.append((comparison.stage, comparison.done))
        assert comparison.leased_until is not None
        assert comparison.leased_until > timezone.now() + LEASE / 2
        return {}

    monkeypatch.setattr(comparing, "examine_store", watched)
    comparing.carry_out_next()

    assert told == [("ingesting", 7)]


def test_the_one_asked_for_first_comes_first(store: Store) -> None:
    other = shop("brico")
    live_many(other, visits=40, ended=timezone.now())
    comparing.ask(store=other, now=timezone.now() - timedelta(hours=1))
    asked(store)

    carried_out = comparing.carry_out_next()

    assert carried_out is not None
    assert carried_out.store == other


def test_with_nothing_asked_nothing_is_done(store: Store) -> None:
    assert comparing.carry_out_next() is None


def test_a_store_emptied_meanwhile_fails_with_the_reason(store: Store) -> None:
    comparison = asked(store)
    Visit.objects.of(store).delete()

    comparing.carry_out_next()

    comparison.refresh_from_db()
    assert (comparison.state, comparison.error) == (ComparisonState.FAILED, comparing.TOO_FEW)


def test_only_the_newest_are_kept(store: Store) -> None:
    now = timezone.now()
    for age in range(KEPT + 2):
        done(store, asked_at=now - timedelta(days=age + 1))
    theirs = done(shop("brico"), asked_at=now - timedelta(days=400))
    asked(store)

    comparing.carry_out_next()

    assert Comparison.objects.of(store).count() == KEPT
    assert Comparison.objects.of(store).order_by("asked_at")[0].asked_at == now - timedelta(days=KEPT - 1)
    assert Comparison.objects.filter(pk=theirs.pk).exists()


def done(store: Store, **more: Any) -> Comparison:
    now = timezone.now()
    return Comparison.objects.create(
        store=store, state=ComparisonState.DONE, finished_at=now, since=now, **{"asked_at": now, **more}
    )


# --- Errors and kills ---------------------------------------------------------------------------------------------


def test_an_error_is_met_once_more_and_then_given_up_with_its_reason(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumbling(**_asked: Any) -> dict[str, Any]:
        raise ZeroDivisionError("by nothing")

    monkeypatch.setattr(comparing, "examine_store", stumbling)
    comparison, states = asked(store), []
    for _attempt in range(2):
        with pytest.raises(ZeroDivisionError):
            comparing.carry_out_next()
        comparison.refresh_from_db()
        states.append(comparison.state)

    assert states == [ComparisonState.WAITING, ComparisonState.FAILED]
    assert comparison.error == "ZeroDivisionError: by nothing"


def test_what_a_worker_is_at_is_left_to_it(store: Store) -> None:
    begun(store, attempts=1, leased=timedelta(minutes=1))

    assert comparing.carry_out_next() is None


def test_a_killed_workers_comparison_is_carried_out_by_the_next(store: Store) -> None:
    comparison = begun(store, attempts=1, leased=-timedelta(seconds=1))

    comparing.carry_out_next()

    comparison.refresh_from_db()
    assert (comparison.state, comparison.attempts) == (ComparisonState.DONE, 2)


def test_one_whose_workers_were_killed_twice_is_given_up_with_the_reason(store: Store) -> None:
    comparison = begun(store, attempts=2, leased=-timedelta(seconds=1))

    assert comparing.carry_out_next() is None

    comparison.refresh_from_db()
    assert (comparison.state, comparison.error) == (ComparisonState.FAILED, KILLED)


def test_one_given_up_makes_room_for_the_next(store: Store) -> None:
    begun(store, attempts=2, leased=-timedelta(seconds=1))
    comparing.carry_out_next()

    assert asked(store).state == ComparisonState.WAITING


# --- With other processes -----------------------------------------------------------------------------------------

HOLD = """
import django, time
django.setup()
from personalization.evaluation import comparing, outcome_protocol
comparing.JUDGED_LEAST = 10
def linger(*args, **kwargs):
    print("in the midst", flush=True)
    time.sleep(120)
outcome_protocol._examined = linger
comparing.carry_out_next()
"""


@pytest.fixture
def killed_in_the_midst(memory_dir: Path, transactional_db: None, store: Store) -> Iterator[subprocess.Popen[str]]:
    """Another process that has copied the store and learned from it, and is asking."""
    asked(store)
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD],
        env=environment(memory_dir=memory_dir),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert any("in the midst" in line for line in process.stdout)
    yield process
    process.kill()
    process.wait()
    for generation in Generation.objects.all():
        generations.fail(generation, reason="the test is over")


@pytest.mark.django_db(transaction=True)
def test_while_one_is_at_work_nobody_else_begins_and_nobody_tidies_up(
    killed_in_the_midst: subprocess.Popen[str],
) -> None:
    with pytest.raises(generations.HeldElsewhereError):
        comparing.carry_out_next()

    assert replay.remove_abandoned() == []
    assert Store.objects.for_evaluation().count() == 1


@pytest.mark.django_db(transaction=True)
def test_after_a_kill_the_sweep_leaves_nothing_of_the_copy(
    killed_in_the_midst: subprocess.Popen[str], store: Store
) -> None:
    copy = Store.objects.for_evaluation().get()
    learned = set(Generation.objects.filter(store=copy).values_list("pk", flat=True))
    assert Generation.objects.live().filter(store=copy).exists()
    killed_in_the_midst.send_signal(signal.SIGKILL)
    killed_in_the_midst.wait()
    wait_until_free(copy)

    assert comparing.sweep() is False  # its lease still holds
    assert comparing.sweep(clock=lambda: timezone.now() + LEASE) is True

    assert list(Store.objects.all()) == [store]
    assert not Generation.objects.exists()
    assert not learned & set(partitions.generations_with_one())
    assert Visit.objects.count() == 40


HELD_HERE = """
SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
WHERE locktype = 'advisory' AND datname = current_database()
"""


def wait_until_free(copy: Store, *, seconds: float = 20) -> None:
    """Until the database has noticed that the process is gone."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with connection.cursor() as cursor:
            cursor.execute(HELD_HERE)
            if not cursor.fetchone()[0]:
                return
        time.sleep(0.1)
    raise AssertionError(f"{copy} is still held after {seconds} seconds")
