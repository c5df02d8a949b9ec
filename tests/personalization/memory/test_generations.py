"""The life of generations: one is live, switching is all or nothing, what nobody returns to is dropped."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from threading import Barrier, Thread

import numpy as np
import pytest
from django.db import IntegrityError, connection, transaction

from catalog.models import Store
from personalization.markers.definition import MARKER_VERSION
from personalization.memory import arrays, generations, partitions
from personalization.memory.generations import HeldElsewhereError, NotSwitchableError
from personalization.models import Generation, GenerationState
from tests.catalog.factories import NOW, atelier, brico

from .rows import generation_of, place, row

pytestmark = pytest.mark.django_db

READY, LIVE, RETIRED, FAILED, BUILDING = (
    GenerationState.READY,
    GenerationState.LIVE,
    GenerationState.RETIRED,
    GenerationState.FAILED,
    GenerationState.BUILDING,
)


def built(store: Store, state: GenerationState = READY, **fields: object) -> Generation:
    """A generation with a row and the arrays that a switch looks for."""
    generation = generation_of(store, state=state, **{"marker_version": MARKER_VERSION, **fields})
    partitions.load(generation.pk, [row(1, place(1))])
    arrays.save(generation.pk, "scaling", np.ones((3, 232), np.float32))
    return generation


def states(store: Store) -> dict[int, str]:
    return dict(Generation.objects.of(store).values_list("number", "state"))


def test_a_switch_retires_the_one_that_was_live() -> None:
    first, second = built(atelier()), built(atelier())
    generations.switch(first, now=NOW)

    generations.switch(second, now=NOW + timedelta(days=1))

    assert states(atelier()) == {1: RETIRED, 2: LIVE}
    assert second.live_at == NOW + timedelta(days=1)


def test_a_switch_is_of_one_store() -> None:
    ours, theirs = built(atelier()), built(brico())
    generations.switch(theirs, now=NOW)

    generations.switch(ours, now=NOW)

    assert states(brico()) == {1: LIVE}


def test_switching_to_the_live_one_changes_nothing() -> None:
    generation = built(atelier())
    generations.switch(generation, now=NOW)

    generations.switch(generation, now=NOW + timedelta(days=1))

    generation.refresh_from_db()
    assert generation.live_at == NOW


def test_a_store_cannot_have_two_live_generations() -> None:
    built(atelier(), LIVE)

    with pytest.raises(IntegrityError), transaction.atomic():
        built(atelier(), LIVE)


def unfinished() -> Generation:
    return built(atelier(), BUILDING)


def given_up() -> Generation:
    return built(atelier(), FAILED)


def of_other_markers() -> Generation:
    return built(atelier(), READY, marker_version=MARKER_VERSION + 1)


def dropped() -> Generation:
    generation = built(atelier(), RETIRED)
    arrays.forget(generation.pk)
    return generation


@pytest.mark.parametrize("make", [unfinished, given_up, of_other_markers, dropped])
def test_what_cannot_answer_cannot_go_live_and_the_live_one_stays(make: object) -> None:
    live = built(atelier(), LIVE)
    generation = make()  # type: ignore[operator]

    with pytest.raises(NotSwitchableError, match=str(generation.number)):
        generations.switch(generation, now=NOW)

    assert Generation.objects.live().get() == live


def test_rolling_back_returns_to_the_one_that_was_live_before() -> None:
    first, second, third = (built(atelier()) for _ in range(3))
    for day, generation in enumerate((first, second, third)):
        generations.switch(generation, now=NOW + timedelta(days=day))

    assert generations.roll_back(store=atelier(), now=NOW + timedelta(days=9)) == second

    assert states(atelier()) == {1: RETIRED, 2: LIVE, 3: RETIRED}


def test_rolling_back_passes_over_what_can_no_longer_answer() -> None:
    first, second, third = (built(atelier()) for _ in range(3))
    for day, generation in enumerate((first, second, third)):
        generations.switch(generation, now=NOW + timedelta(days=day))
    arrays.forget(second.pk)

    assert generations.roll_back(store=atelier(), now=NOW + timedelta(days=9)) == first


def test_without_an_earlier_generation_there_is_no_way_back() -> None:
    live = built(atelier(), LIVE)
    built(brico(), RETIRED, live_at=NOW)

    with pytest.raises(NotSwitchableError):
        generations.roll_back(store=atelier(), now=NOW)

    assert Generation.objects.live().get() == live


def test_of_the_retired_two_stay_for_the_way_back() -> None:
    made = [built(atelier(), RETIRED, live_at=NOW + timedelta(days=day)) for day in (3, 1, 4, 2)]
    live = built(atelier(), LIVE)

    gone = generations.retire_old(store=atelier())

    assert {generation.number for generation in gone} == {2, 4}
    kept = {generation.pk for generation in (made[0], made[2], live)}
    assert set(partitions.generations_with_one()) & {g.pk for g in [*made, live]} == kept
    assert states(atelier()) == {1: RETIRED, 2: RETIRED, 3: RETIRED, 4: RETIRED, 5: LIVE}  # for the record


def test_what_was_dropped_is_not_dropped_again() -> None:
    for day in range(3):
        built(atelier(), RETIRED, live_at=NOW + timedelta(days=day))

    assert len(generations.retire_old(store=atelier())) == 1
    assert generations.retire_old(store=atelier()) == []


def test_a_rebuild_under_way_is_taken_up_and_not_begun_again() -> None:
    first = generations.begin(store=atelier(), now=NOW)

    again = generations.begin(store=atelier(), now=NOW + timedelta(hours=1))

    assert (again, again.until) == (first, NOW)


def test_a_rebuild_of_other_markers_is_given_up_and_another_begun() -> None:
    old = unfinished()
    Generation.objects.filter(pk=old.pk).update(marker_version=MARKER_VERSION - 1)

    new = generations.begin(store=atelier(), now=NOW)

    assert states(atelier()) == {1: FAILED, 2: BUILDING}
    assert new.marker_version == MARKER_VERSION


def test_a_failed_generation_leaves_its_reason_alone() -> None:
    live, building = built(atelier(), LIVE), unfinished()

    generations.fail(building, reason="the disk is full")

    building.refresh_from_db()
    assert (building.state, building.error) == (FAILED, "the disk is full")
    assert building.pk not in partitions.generations_with_one()
    assert not arrays.has(building.pk, "scaling")
    assert partitions.count(live.pk) == 1


def fail_once(generation: Generation, error: Exception) -> None:
    with generations.on_record(generation):
        raise error


def test_errors_of_a_rebuild_are_recorded_and_raised_on() -> None:
    building = unfinished()
    building.stage = "fitting"

    with pytest.raises(ValueError, match="odd"):
        fail_once(building, ValueError("odd"))

    building.refresh_from_db()
    assert (building.state, building.attempts, building.error) == (BUILDING, 1, "fitting: ValueError: odd")


def test_a_rebuild_that_meets_too_many_errors_is_given_up() -> None:
    live, building = built(atelier(), LIVE), unfinished()

    for _ in range(generations.MOST_ATTEMPTS):
        with pytest.raises(ValueError, match="odd"):
            fail_once(building, ValueError("odd"))

    building.refresh_from_db()
    assert building.state == FAILED
    assert "odd" in building.error
    assert Generation.objects.live().get() == live


def test_being_held_elsewhere_is_no_error() -> None:
    building = unfinished()

    with pytest.raises(HeldElsewhereError):
        fail_once(building, HeldElsewhereError())

    building.refresh_from_db()
    assert building.attempts == 0


def test_partitions_of_stores_that_are_gone_are_dropped() -> None:
    ours, theirs = built(atelier()), built(brico())
    brico().delete()

    assert theirs.pk in generations.drop_orphans()

    assert theirs.pk not in partitions.generations_with_one()
    assert partitions.count(ours.pk) == 1


@pytest.fixture
def leftovers() -> Iterator[None]:
    yield
    for generation_id in partitions.generations_with_one():
        partitions.drop(generation_id)


@pytest.mark.django_db(transaction=True)
def test_two_who_begin_at_once_begin_the_same_generation(leftovers: None) -> None:
    store = atelier()
    together, begun = Barrier(4), []

    def begin() -> None:
        try:
            together.wait()
            begun.append(generations.begin(store=store, now=NOW).pk)
        finally:
            connection.close()

    run(*[begin] * 4)

    assert len(begun) == 4
    assert len(set(begun)) == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_switch_at_once_leave_one_live(leftovers: None) -> None:
    store = atelier()
    candidates = [built(store) for _ in range(3)]
    together = Barrier(3)

    def switcher(generation: Generation) -> Iterator[None]:
        def switch() -> None:
            try:
                together.wait()
                generations.switch(generation, now=NOW)
            finally:
                connection.close()

        return switch  # type: ignore[return-value]

    run(*[switcher(generation) for generation in candidates])

    assert sorted(states(store).values()) == [LIVE, RETIRED, RETIRED]


@pytest.mark.django_db(transaction=True)
def test_who_comes_second_is_told_that_it_is_held() -> None:
    told: list[str] = []

    def second() -> None:
        try:
            with generations.exclusively("prepare", 1):
                told.append("mine")
        except HeldElsewhereError:
            told.append("held")
        finally:
            connection.close()

    with generations.exclusively("prepare", 1):
        run(second)
    run(second)

    assert told == ["held", "mine"]


def run(*work: object) -> None:
    threads = [Thread(target=one) for one in work]  # type: ignore[arg-type]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
