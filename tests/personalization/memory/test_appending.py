"""What was lived since the rebuild reaches the live memory: once, whole, and only where it may."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from django.db import connection

from catalog.models import Store
from personalization.memory import appending, partitions
from personalization.memory.live import APPENDED, assemble, with_appended
from personalization.models import Generation, MemoryArray, Visit
from personalization.trails import PURCHASE, VIEW, Trails

from .past import NOW, Deed, live_many, live_through, rebuilt, shop, viewing

pytestmark = pytest.mark.django_db
SOON = NOW + timedelta(minutes=5)
LATER = NOW + timedelta(hours=2)


@pytest.fixture
def store() -> Store:
    """With a live memory of twenty visits."""
    store = shop()
    live_many(store, visits=20)
    rebuilt(store)
    return store


def append(store: Store, now: datetime = LATER) -> int:
    return appending.append(store_id=store.pk, now=now)


def generation(store: Store) -> Generation:
    return Generation.objects.live().get(store=store)


def remembered(visit: Visit) -> list[int]:
    """The steps after which situations of the visit stand in the live memory."""
    with connection.cursor() as cursor:
        table = partitions.name_of(generation(visit.store).pk)
        cursor.execute(f"SELECT step FROM {table} WHERE visit_id = %s ORDER BY step", [visit.pk])  # noqa: S608
        return [step for (step,) in cursor.fetchall()]


def trail(visit: Visit) -> list[tuple[int, int]]:
    """Products and kinds of the visit's trail among those appended."""
    trails: Trails | None = with_appended(assemble(generation(visit.store))).appended
    if trails is None or visit.pk not in trails.visits:
        return []
    at = trails.visits.tolist().index(visit.pk)
    part = slice(trails.offsets[at], trails.offsets[at + 1])
    return list(zip(trails.products[part].tolist(), trails.kinds[part].tolist(), strict=True))


RACKET_BALLS: Sequence[Deed] = viewing("racket", "balls")
BOUGHT: Sequence[Deed] = (*RACKET_BALLS, ("purchase", "balls"))


def test_an_ended_visit_is_in_the_live_memory_after_one_call(store: Store) -> None:
    visit = live_through(store, "alex", *RACKET_BALLS, ended=SOON)
    before = generation(store).situation_count

    assert append(store) == 1

    assert remembered(visit) == [0, 1]
    assert trail(visit) == [(0, VIEW), (1, VIEW)]
    assert generation(store).situation_count == before + 2


def test_a_visit_that_goes_on_waits_for_its_end(store: Store) -> None:
    visit = live_through(store, "alex", *RACKET_BALLS, ended=SOON)

    assert append(store, now=SOON + timedelta(minutes=29)) == 0

    assert remembered(visit) == []


def test_a_purchase_does_not_wait(store: Store) -> None:
    visit = live_through(store, "alex", *BOUGHT, ended=SOON)

    assert append(store, now=SOON + timedelta(seconds=10)) == 1

    assert remembered(visit) == [0, 1, 2]
    assert trail(visit) == [(0, VIEW), (1, PURCHASE)]


def test_nothing_new_is_appended_twice(store: Store) -> None:
    live_through(store, "alex", *BOUGHT, ended=SOON)

    assert [append(store, now=SOON), append(store, now=SOON), append(store), append(store)] == [1, 0, 0, 0]


def test_a_visit_that_went_on_after_its_purchase_is_replaced(store: Store) -> None:
    visit = live_through(store, "alex", *BOUGHT, ended=SOON)
    append(store, now=SOON)
    before = generation(store).situation_count
    live_through(store, "alex", *viewing("strings"), ended=SOON + timedelta(minutes=3))

    assert append(store) == 1

    assert remembered(visit) == [0, 1, 2, 3]
    assert trail(visit) == [(0, VIEW), (1, PURCHASE), (2, VIEW)]
    assert generation(store).situation_count == before + 1


def test_a_late_event_replaces_what_the_rebuild_had_seen(store: Store) -> None:
    visit = live_through(
        store, "visitor 1", *viewing("blanket"), ended=NOW - timedelta(hours=3, minutes=-5), received=SOON
    )
    assert visit.event_count == 4  # it was in the rebuild with three

    assert append(store) == 1

    assert remembered(visit) == [0, 1, 2, 3]
    memory = with_appended(assemble(generation(store)))
    assert memory.trails is not None
    assert memory.appended is not None
    speaking = [*memory.trails.visits[memory.trails.ended > 0].tolist(), *memory.appended.visits.tolist()]
    assert speaking.count(visit.pk) == 1


def test_events_that_come_days_late_are_appended_too(store: Store) -> None:
    visit = live_through(store, "alex", *RACKET_BALLS, ended=NOW - timedelta(days=3), received=SOON)

    assert append(store) == 1

    assert remembered(visit) == [0, 1]


@pytest.mark.parametrize("fields", [{"consent": False}, {"staff": True}, {"bot": True}])
def test_what_may_not_be_remembered_never_is(store: Store, fields: dict[str, bool]) -> None:
    visit = live_through(store, "alex", *BOUGHT, ended=SOON, **fields)

    assert append(store) == 0

    assert remembered(visit) == []


def test_visits_of_the_rebuild_are_not_appended_again(store: Store) -> None:
    assert append(store) == 0
    assert not MemoryArray.objects.filter(name=APPENDED).exists()


def test_after_a_switch_what_the_new_generation_lacks_is_appended_to_it(store: Store) -> None:
    visit = live_through(store, "alex", *BOUGHT, ended=SOON)
    append(store, now=SOON)
    rebuilt(store, now=NOW + timedelta(minutes=1))  # it ends before the visit did

    assert append(store) == 1

    assert remembered(visit) == [0, 1, 2]


def test_another_store_is_left_alone(store: Store) -> None:
    other = shop("brico")
    live_through(other, "alex", *RACKET_BALLS, ended=SOON)

    assert append(store) == 0
    assert append(other) == 0  # it has no live memory yet


def test_more_than_a_transaction_holds_are_appended_in_several(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(appending, "MOST_AT_ONCE", 3)
    visits = [live_through(store, f"late {number}", *RACKET_BALLS, ended=SOON) for number in range(8)]

    assert append(store) == 8

    assert [remembered(visit) for visit in visits] == [[0, 1]] * 8
