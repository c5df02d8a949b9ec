"""Arrays that a generation learned: kept in the database, mapped from copies."""

from __future__ import annotations

from pathlib import Path
from threading import Thread

import numpy as np
import pytest
from django.db import connection

from personalization.memory import arrays
from personalization.memory.arrays import MissingArrayError
from personalization.models import Generation, MemoryArray
from tests.catalog.factories import NOW, atelier

pytestmark = pytest.mark.django_db


@pytest.fixture
def generation() -> Generation:
    return Generation.objects.create(store=atelier(), number=1, marker_version=1, until=NOW)


def copies(folder: Path) -> list[str]:
    return sorted(path.name.split(".")[0] for path in folder.rglob("*.npy"))


def test_an_array_is_read_as_it_was_saved(generation: Generation) -> None:
    array = np.arange(6, dtype=np.float32).reshape(2, 3)

    arrays.save(generation.pk, "places", array)

    found = arrays.read(generation.pk, "places")
    np.testing.assert_array_equal(found, array)
    assert found.dtype == np.float32


def test_an_array_is_mapped_and_cannot_be_written_to(generation: Generation) -> None:
    arrays.save(generation.pk, "places", np.zeros(3))

    with pytest.raises(ValueError, match="read-only"):
        arrays.read(generation.pk, "places")[0] = 1


def test_saving_again_replaces_it_for_readers_that_had_a_copy(generation: Generation, memory_dir: Path) -> None:
    arrays.save(generation.pk, "places", np.zeros(3))
    held = arrays.read(generation.pk, "places")

    arrays.save(generation.pk, "places", np.ones(4))

    assert arrays.read(generation.pk, "places").tolist() == [1, 1, 1, 1]
    assert held.tolist() == [0, 0, 0]  # who maps the old one keeps it whole
    assert copies(memory_dir) == ["places"]


def test_parts_are_kept_apart(generation: Generation) -> None:
    for part in (2, 1):
        arrays.save(generation.pk, "appended", np.array([part]), part=part)

    assert arrays.parts(generation.pk, "appended") == [1, 2]
    assert arrays.read(generation.pk, "appended", part=2).tolist() == [2]


def test_an_array_that_was_never_made_is_missed_by_name(generation: Generation) -> None:
    assert not arrays.has(generation.pk, "places")
    with pytest.raises(MissingArrayError, match=r"no array 'places' part 0"):
        arrays.read(generation.pk, "places")


def test_a_copy_of_another_database_is_not_taken_for_ours(generation: Generation) -> None:
    arrays.save(generation.pk, "places", np.zeros(3))
    arrays.read(generation.pk, "places")
    MemoryArray.objects.all().delete()  # restored: the same number, another array

    arrays.save(generation.pk, "places", np.ones(3))

    assert arrays.read(generation.pk, "places").tolist() == [1, 1, 1]


def test_what_is_forgotten_leaves_database_and_disk(generation: Generation, memory_dir: Path) -> None:
    arrays.save(generation.pk, "places", np.zeros(3))
    arrays.read(generation.pk, "places")

    arrays.forget(generation.pk)

    assert not arrays.has(generation.pk, "places")
    assert copies(memory_dir) == []


def test_an_empty_array_is_an_array(generation: Generation) -> None:
    arrays.save(generation.pk, "places", np.empty((0, 32), np.float32))

    assert arrays.read(generation.pk, "places").shape == (0, 32)


@pytest.mark.django_db(transaction=True)
def test_all_who_read_at_once_find_it_whole(generation: Generation) -> None:
    array = np.random.default_rng(1).random(200_000)
    arrays.save(generation.pk, "places", array)
    found: list[bool] = []

    def reader() -> None:
        try:
            found.append(bool((arrays.read(generation.pk, "places") == array).all()))
        finally:
            connection.close()

    threads = [Thread(target=reader) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert found == [True] * 8
