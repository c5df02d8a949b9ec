"""A rebuild killed at any point goes on where it stopped, while the live generation answers."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Final

import numpy as np
import pytest
from django.db import connection

from catalog.models import Store
from personalization.memory import arrays, chunks, generations, partitions
from personalization.memory.live import forget_held
from personalization.models import Generation, GenerationState
from tests.personalization.elsewhere import ROOT, environment

from .past import NOW, live_many, rebuilt, shop
from .test_rebuild import best_new

pytestmark = [pytest.mark.chaos, pytest.mark.django_db(transaction=True)]

LATER: Final = NOW + timedelta(days=9)

# A rebuild that says how far it is, in chunks of two visits.
REBUILDER: Final = """
import sys, time, django
django.setup()
from datetime import datetime
from catalog.models import Store
from personalization.memory import building, chunks, generations
chunks.CHUNK_VISITS = 2
store = Store.objects.get(pk=int(sys.argv[1]))
while True:
    try:
        building.build(
            store=store, now=datetime.fromisoformat(sys.argv[2]), workers=1,
            progress=lambda stage, done, total: print("at", stage, done, flush=True),
        )
        break
    except generations.HeldElsewhereError:  # the server has not yet noticed that the one before was killed
        time.sleep(0.05)
"""


@pytest.fixture
def store() -> Iterator[Store]:
    store = shop()
    live_many(store, visits=64)
    yield store
    for generation in Generation.objects.all():
        generations.fail(generation, reason="the test is over")


def rebuild_elsewhere(store: Store, folder: Path, *, kill_after: int | None, stage: str = "") -> int:
    """Advances told, of any stage or of one, until the process ended, or was killed after so many."""
    command = [sys.executable, "-c", REBUILDER, str(store.pk), LATER.isoformat()]
    with subprocess.Popen(
        command, env=environment(memory_dir=folder), cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        advances = 0
        for line in process.stdout:
            advances += line.startswith(f"at {stage}")
            if advances == kill_after:
                process.send_signal(signal.SIGKILL)
                break
    assert process.returncode == (0 if kill_after is None or advances < kill_after else -signal.SIGKILL)
    return advances


def situations(generation: Generation) -> list[tuple[int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT visit_id, step FROM {partitions.name_of(generation.pk)} ORDER BY 1, 2")  # noqa: S608
        return cursor.fetchall()


def test_a_rebuild_killed_again_and_again_ends_as_if_it_never_was(store: Store, memory_dir: Path) -> None:
    live = rebuilt(store)
    undisturbed = rebuilt(store, now=LATER, go_live=False)
    rng = Random(11)
    half_done = 0

    # Killed while it prepares, then among the chunks, each of which tells one advance.
    for stage, first, last in (("", 1, 20), *[("situations", 1, 4)] * 4):
        rebuild_elsewhere(store, memory_dir / "elsewhere", kill_after=rng.randint(first, last), stage=stage)
        done, total = chunks.progress(Generation.objects.latest("number").pk)
        half_done += 0 < done < total
        forget_held()
        assert Generation.objects.live().get() == live
        assert best_new(store, "racket") == "balls"
    rebuild_elsewhere(store, memory_dir / "elsewhere", kill_after=None)

    assert half_done
    resumed = Generation.objects.live().get()
    assert (resumed.number, resumed.state) == (3, GenerationState.LIVE)
    assert situations(resumed) == situations(undisturbed)
    assert resumed.situation_count == undisturbed.situation_count
    for name in ("trails_products", "trails_visits", "coordinates"):
        np.testing.assert_array_equal(arrays.read(resumed.pk, name), arrays.read(undisturbed.pk, name))
    assert Generation.objects.get(pk=live.pk).state == GenerationState.RETIRED


def test_a_rebuild_of_several_processes_is_that_of_one(store: Store, memory_dir: Path) -> None:
    alone = rebuilt(store, go_live=False)

    script = REBUILDER.replace("workers=1", "workers=3")
    command = [sys.executable, "-c", script, str(store.pk), NOW.isoformat()]
    subprocess.run(command, env=environment(memory_dir=memory_dir / "elsewhere"), cwd=ROOT, check=True)

    together = Generation.objects.live().get()
    assert situations(together) == situations(alone)
