"""A generation's partition: filled, indexed, rid of visits, dropped."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from personalization.memory import partitions
from tests.catalog.factories import atelier, brico

from .rows import generation_of, place, row

pytestmark = pytest.mark.django_db


def indexes(generation_id: int) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE tablename = %s", [partitions.name_of(generation_id)])
        return sorted(definition.split(" USING ")[1] for (definition,) in cursor.fetchall())


def test_rows_are_loaded_and_counted() -> None:
    generation = generation_of(atelier())

    assert partitions.load(generation.pk, [row(1, place(1)), row(1, place(2), step=3), row(2, place(3))]) == 3
    assert partitions.load(generation.pk, [row(3, place(4))]) == 1
    assert partitions.count(generation.pk) == 4


def test_a_load_is_taken_back_with_its_transaction() -> None:
    generation = generation_of(atelier())

    with transaction.atomic():
        partitions.load(generation.pk, [row(1, place(1))])
        transaction.set_rollback(True)

    assert partitions.count(generation.pk) == 0


def test_making_and_indexing_are_safe_to_repeat() -> None:
    generation = generation_of(atelier())
    partitions.load(generation.pk, [row(1, place(1))])

    for _ in range(2):
        partitions.create(generation.pk)
        partitions.index(generation.pk)

    assert [definition.split(" ")[0] for definition in indexes(generation.pk)] == ["btree", "hnsw"]
    assert partitions.count(generation.pk) == 1


def test_visits_are_forgotten_in_one_generation_alone() -> None:
    ours, other = generation_of(atelier()), generation_of(atelier())
    for generation in (ours, other):
        partitions.load(generation.pk, [row(1, place(1)), row(1, place(2)), row(2, place(3))])

    assert partitions.forget_visits(ours.pk, [1, 77]) == 2

    assert (partitions.count(ours.pk), partitions.count(other.pk)) == (1, 3)


def test_dropping_lets_go_of_one_generation_alone() -> None:
    ours, other = generation_of(atelier()), generation_of(brico())
    partitions.load(other.pk, [row(1, place(1))])

    partitions.drop(ours.pk)
    partitions.drop(ours.pk)

    assert partitions.count(other.pk) == 1
    assert ours.pk not in partitions.generations_with_one()
    with pytest.raises(DatabaseError), transaction.atomic():
        partitions.count(ours.pk)
