"""Background work: what each task does, and a rebuild shared by the processes of a real worker."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from catalog.models import Store
from netup.celery import app
from personalization import tasks
from personalization.evaluation import comparing
from personalization.memory import generations, partitions, rebuild
from personalization.models import Comparison, ComparisonState, Generation, GenerationState, Visit
from personalization.models.generation import ChunkState

from .elsewhere import ROOT, environment
from .memory.past import live_many, live_through, shop, viewing

pytestmark = pytest.mark.django_db


@pytest.fixture
def store() -> Store:
    """With twenty visits of the last day."""
    store = shop()
    live_many(store, visits=20, ended=timezone.now())
    return store


@pytest.fixture
def at_once() -> Iterator[None]:
    """Tasks run where they are sent."""
    app.conf.update(task_always_eager=True, task_eager_propagates=True)
    yield
    app.conf.update(task_always_eager=False, task_eager_propagates=False)


def states(store: Store) -> list[str]:
    return list(Generation.objects.of(store).order_by("number").values_list("state", flat=True))


def test_every_scheduled_task_exists(settings: Any) -> None:
    app.loader.import_default_modules()

    assert {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()} <= set(app.tasks)


def test_a_rebuild_goes_live(store: Store, at_once: None) -> None:
    tasks.rebuild_memory.delay(store.pk)

    assert states(store) == [GenerationState.LIVE]


def test_a_store_without_visits_is_passed_over(at_once: None) -> None:
    store = shop()

    tasks.rebuild_memory.delay(store.pk)

    assert states(store) == [GenerationState.FAILED]


def test_every_store_is_rebuilt_in_the_nightly_round(store: Store, at_once: None) -> None:
    other = shop("brico")
    live_many(other, visits=5, ended=timezone.now())

    tasks.rebuild_memories.delay()

    assert [states(one) for one in (store, other)] == [[GenerationState.LIVE]] * 2


def test_what_was_left_behind_is_taken_up(store: Store, at_once: None) -> None:
    begun = rebuild.prepare(store=store, now=timezone.now())

    tasks.resume_rebuilds.delay()

    begun.refresh_from_db()
    assert begun.state == GenerationState.LIVE
    assert states(store) == [GenerationState.LIVE]


def test_what_a_worker_holds_is_left_to_it(store: Store, at_once: None) -> None:
    begun = rebuild.prepare(store=store, now=timezone.now())
    begun.chunks.update(leased_until=timezone.now() + timedelta(minutes=1))

    tasks.resume_rebuilds.delay()

    assert states(store) == [GenerationState.BUILDING]
    assert begun.chunks.filter(state=ChunkState.DONE).count() == 0


def test_a_share_of_a_rebuild_that_was_given_up_is_nothing(store: Store) -> None:
    begun = rebuild.prepare(store=store, now=timezone.now())
    generations.fail(begun, reason="stopped")

    assert tasks.remember_chunks(begun.pk) == 0
    tasks.finish_memory(begun.pk)

    assert states(store) == [GenerationState.FAILED]


def test_what_ended_is_appended_to_every_live_memory(store: Store, at_once: None) -> None:
    tasks.rebuild_memory.delay(store.pk)
    live_through(store, "alex", *viewing("racket"), ("purchase", "racket"), ended=timezone.now())

    assert tasks.append_ended_visits() == 1
    assert tasks.append_ended_visits() == 0


def test_visits_without_consent_and_outdated_ones_are_forgotten(store: Store) -> None:
    ended = timezone.now() - timedelta(hours=1)
    live_through(store, "alex", *viewing("racket"), ended=ended, consent=False)
    Visit.objects.filter(visitor_key="v:visitor 1").update(
        started_at=ended - timedelta(days=400), last_event_at=ended - timedelta(days=400)
    )

    assert tasks.forget_visits_without_consent() == 1
    assert tasks.forget_outdated() == 1

    assert Visit.objects.count() == 19


def test_partitions_without_a_store_go_with_what_is_outdated(store: Store, at_once: None) -> None:
    tasks.rebuild_memory.delay(store.pk)
    orphan = Generation.objects.get().pk
    Generation.objects.all().delete()  # as with their store

    tasks.forget_outdated()

    assert orphan not in partitions.generations_with_one()


def test_what_was_asked_to_be_compared_is_compared_one_after_the_other(
    store: Store, at_once: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(comparing, "NEEDED", 20)
    other = shop("brico")
    live_many(other, visits=20, ended=timezone.now())

    tasks.ask_for_comparisons.delay()

    states = Comparison.objects.order_by("store").values_list("store", "state")
    assert list(states) == [(store.pk, ComparisonState.DONE), (other.pk, ComparisonState.DONE)]


def test_nothing_scheduled_touches_the_copy_of_an_evaluation(store: Store, at_once: None) -> None:
    copy = shop("copy")
    live_many(copy, visits=5, ended=timezone.now())
    begun = rebuild.prepare(store=copy, now=timezone.now())
    Store.objects.filter(pk=copy.pk).update(is_evaluation=True)

    tasks.rebuild_memories.delay()
    tasks.resume_rebuilds.delay()
    tasks.append_ended_visits.delay()

    assert (states(store), states(copy)) == ([GenerationState.LIVE], [GenerationState.BUILDING])
    assert begun.chunks.filter(state=ChunkState.DONE).count() == 0


def test_what_a_killed_evaluation_left_is_gone_at_the_next_look(store: Store, at_once: None) -> None:
    copy = shop("copy")
    Store.objects.filter(pk=copy.pk).update(is_evaluation=True)

    tasks.compare_approaches.delay()

    assert list(Store.objects.all()) == [store]


# --- a real worker on the filesystem broker ----------------------------------------------------------------------


@pytest.fixture
def worker(memory_dir: Path, tmp_path: Path, transactional_db: None) -> Iterator[dict[str, str]]:
    """Runs with two processes on a broker of its own; yields the environment in which tasks reach it."""
    there = environment(
        memory_dir=memory_dir / "elsewhere", NETUP_VAR=str(tmp_path / "var"), CELERY_BROKER_URL="filesystem://localhost"
    )
    there.pop("CELERY_RESULT_BACKEND", None)
    command = [sys.executable, "-m", "celery", "-A", "netup", "worker", "--concurrency", "2", "--loglevel", "warning"]
    process = subprocess.Popen(command, env=there, cwd=ROOT)
    yield there
    process.terminate()
    process.wait(timeout=60)


@pytest.mark.django_db(transaction=True)
def test_the_processes_of_a_worker_share_a_rebuild_and_the_last_one_ends_it(worker: dict[str, str]) -> None:
    store = shop()
    live_many(store, visits=60, ended=timezone.now())
    send = f"import django; django.setup(); from personalization import tasks; tasks.rebuild_memory.delay({store.pk})"

    subprocess.run([sys.executable, "-c", send], env=worker, cwd=ROOT, check=True)

    generation = wait_for_live(store)
    assert generation.visit_count == 60
    assert generation.situation_count == partitions.count(generation.pk) > 0
    assert not generation.chunks.filter(state=ChunkState.WAITING).exists()
    generations.fail(generation, reason="the test is over")


def wait_for_live(store: Store, *, seconds: float = 120) -> Generation:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if generation := Generation.objects.of(store).live().first():
            return generation
        time.sleep(0.2)
    raise AssertionError(f"not live after {seconds} seconds: {list(Generation.objects.values())}")
