"""The rebuild from end to end: visits with a known structure become a memory that says what it must."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from catalog.live_facts import live_facts
from catalog.models import Store
from personalization import situation
from personalization.engines.base import Estimates, Question
from personalization.engines.inductive import InductiveEngine
from personalization.markers.live_visit import LiveVisit
from personalization.markers.lived import LivedEvent, LivedItem
from personalization.memory import arrays, chunks, generations, partitions, rebuild
from personalization.memory.live import live_memory
from personalization.memory.rebuild import NothingToRememberError
from personalization.models import Generation, GenerationState, RebuildChunk
from personalization.models.generation import ChunkState
from personalization.visits import beginning_context

from .past import NOW, live_many, live_through, rebuilt, shop, viewing
from .rows import place, row

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


def estimated(store: Store, *viewed: str) -> Estimates:
    """What the inductive engine answers to a visit that has viewed these."""
    facts = live_facts(store_id=store.pk)
    visit = LiveVisit(
        context=beginning_context(store=store, visitor_key="v:somebody", now=NOW),
        landscape=live_memory(store_id=store.pk).landscape,
        events=[
            LivedEvent(
                str(number),
                "view_item",
                NOW.timestamp() + number,
                page="product",
                items=(LivedItem(item_id, product=facts.positions[item_id]),),
            )
            for number, item_id in enumerate(viewed)
        ],
    )
    return InductiveEngine().estimate(
        Question(
            store_id=store.pk,
            visit=visit,
            markers=situation.raw(visit),
            facts=facts,
            eligible=facts.buyable,
            limit=10,
            now=NOW,
        )
    )


def best_new(store: Store, *viewed: str) -> str:
    estimates = estimated(store, *viewed)
    items = [live_facts(store_id=store.pk).item_ids[product] for product in estimates.products.tolist()]
    return next(item for item in items if item not in viewed)


def test_a_rebuild_makes_a_live_generation_that_says_what_followed() -> None:
    store = shop()
    live_many(store, visits=240)

    generation = rebuilt(store)

    assert generation.state == GenerationState.LIVE
    assert generation.visit_count == 240
    assert generation.situation_count == partitions.count(generation.pk) > 0
    assert best_new(store, "racket") == "balls"
    assert best_new(store, "onesie") == "rattle"
    assert estimated(store, "racket").memory_generation == 1


def test_what_was_learned_is_shown_with_the_generation() -> None:
    store = shop()
    live_many(store, visits=240)

    generation = rebuilt(store)

    assert {"k", "ef", "bandwidth", "estimator", "family_weights", "novelty_quantiles"} <= set(generation.settings)
    assert generation.validation["questions"] > 0
    assert 0 <= generation.validation["hr_20"] <= 1
    assert generation.validation["index_recall"] >= 0.95


def test_a_young_store_has_a_memory_too() -> None:
    store = shop()
    live_through(store, "alex", *viewing("racket", "balls"), ended=NOW - timedelta(hours=1))

    generation = rebuilt(store)

    assert (generation.state, generation.visit_count) == (GenerationState.LIVE, 1)
    assert best_new(store, "racket") == "balls"


def test_visits_at_which_no_zone_could_ask_leave_trails_alone() -> None:
    store = shop()
    live_through(store, "alex", ("select_item", "racket"), ("select_item", "balls"), ended=NOW - timedelta(hours=1))

    generation = rebuilt(store)

    assert (generation.state, generation.situation_count) == (GenerationState.LIVE, 0)
    assert best_new(store, "racket") == "balls"


def test_without_a_visit_to_learn_from_there_is_nothing_to_build() -> None:
    store = shop()
    live_through(store, "alex", *viewing("racket"), ended=NOW - timedelta(minutes=5))  # goes on
    live_through(store, "bo", *viewing("racket"), ended=NOW - timedelta(hours=1), consent=False)
    live_through(store, "cleo", *viewing("racket"), ended=NOW - timedelta(hours=1), staff=True)

    with pytest.raises(NothingToRememberError, match="atelier"):
        rebuilt(store)

    failed = Generation.objects.get()
    assert (failed.state, failed.error != "") == (GenerationState.FAILED, True)


def test_only_ended_visits_with_consent_are_remembered() -> None:
    store = shop()
    live_through(store, "alex", *viewing("racket", "balls"), ended=NOW - timedelta(hours=1))
    live_through(store, "bo", *viewing("racket", "strings"), ended=NOW - timedelta(hours=1), consent=False)
    live_through(store, "cleo", *viewing("racket", "strings"), ended=NOW - timedelta(minutes=5))

    generation = rebuilt(store)

    trails = live_memory(store_id=store.pk).trails
    assert trails is not None
    assert trails.products.tolist() == [0, 1]
    assert generation.visit_count == 1


def test_a_rebuild_reads_one_store_alone() -> None:
    ours, theirs = shop(), shop("brico")  # the same item ids, at the same positions
    for number in range(30):
        live_through(ours, f"v{number}", *viewing("racket", "balls"), ended=NOW - timedelta(hours=2 + number))
        live_through(theirs, f"v{number}", *viewing("racket", "blanket"), ended=NOW - timedelta(hours=2 + number))

    generation = rebuilt(ours)
    rebuilt(theirs)

    assert best_new(ours, "racket") == "balls"
    assert best_new(theirs, "racket") == "blanket"
    held = set(arrays.read(generation.pk, "trails_visits").tolist())
    assert held == set(ours.visits.values_list("pk", flat=True))


def test_the_next_rebuild_knows_what_was_lived_since() -> None:
    store = shop()
    live_many(store, visits=20)
    rebuilt(store)
    for number in range(40):
        ended = NOW + timedelta(hours=number)
        live_through(store, f"late {number}", *viewing("racket", "strings"), ended=ended)

    generation = rebuilt(store, now=NOW + timedelta(days=3))

    assert (generation.number, generation.visit_count) == (2, 60)
    assert best_new(store, "racket") == "strings"
    assert Generation.objects.get(number=1).state == GenerationState.RETIRED


def test_progress_is_told_by_stage_up_to_the_end() -> None:
    store = shop()
    live_many(store, visits=240)
    told: dict[str, tuple[int, int]] = {}

    def listen(stage: str, done: int, total: int) -> None:
        told[stage] = (done, total)

    generation = rebuild.prepare(store=store, now=NOW, progress=listen)
    rebuild.work(generation)
    rebuild.finish(generation, now=NOW, progress=listen)

    stages = ["landscape", "scaling", "transitions", "merchandise", "profiles", "index", "fitting"]
    assert list(told) == stages
    assert told["landscape"] == (240, 240)
    assert {stage: done for stage, (done, _) in told.items()} == {stage: total for stage, (_, total) in told.items()}


def test_only_the_newest_situations_are_kept_where_there_are_too_many(settings: Any) -> None:
    settings.MEMORY_MOST_SITUATIONS = 30
    store = shop()
    live_many(store, visits=40)

    generation = rebuilt(store)

    assert 0 < generation.situation_count <= 30
    trails = live_memory(store_id=store.pk).trails
    assert trails is not None
    assert len(trails) == 40  # trails of older visits stay


# --- chunks ------------------------------------------------------------------------------------------------------


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chunks, "CHUNK_VISITS", 10)


def prepared(visits: int = 35) -> Generation:
    store = shop()
    live_many(store, visits=visits)
    return rebuild.prepare(store=store, now=NOW)


def test_every_visit_is_in_one_chunk(small_chunks: None) -> None:
    generation = prepared()

    ranges = list(generation.chunks.order_by("number").values_list("first_visit_id", "last_visit_id"))
    ids = sorted(generation.store.visits.values_list("pk", flat=True))
    assert [[pk for pk in ids if first <= pk <= last] for first, last in ranges] == [
        ids[start : start + 10] for start in (0, 10, 20, 30)
    ]
    assert chunks.progress(generation.pk) == (0, 40)


def test_chunks_are_done_once_each_whoever_comes_back(small_chunks: None) -> None:
    generation = prepared()

    assert rebuild.work(generation, keep_on=once()) == 1
    assert not chunks.all_done(generation.pk)
    assert rebuild.work(generation) == 3
    assert rebuild.work(generation) == 0

    assert chunks.all_done(generation.pk)
    done = generation.chunks.values_list("situation_count", "visit_count")
    assert sum(situations for situations, _ in done) == partitions.count(generation.pk)
    assert sum(visits for _, visits in done) == 35


def test_a_chunk_under_lease_is_left_to_its_worker_until_the_lease_runs_out(small_chunks: None) -> None:
    generation = prepared()
    assert chunks._claim(generation.pk) is not None  # and its worker is killed

    rebuild.work(generation)
    assert generation.chunks.filter(state=ChunkState.WAITING).count() == 1
    generation.chunks.update(leased_until=NOW - timedelta(days=1))
    rebuild.work(generation)

    assert chunks.all_done(generation.pk)


def test_a_chunk_that_was_done_meanwhile_is_not_loaded_twice(small_chunks: None) -> None:
    generation = prepared()
    slow = chunks._claim(generation.pk)
    assert slow is not None
    chunks.release(generation.pk)
    rebuild.work(generation)
    before = partitions.count(generation.pk)

    chunks._turn_into_rows(slow, chunks_memory(generation), generation)

    assert partitions.count(generation.pk) == before


def test_finishing_waits_for_every_chunk(small_chunks: None) -> None:
    generation = prepared()
    rebuild.work(generation, keep_on=once())

    rebuild.finish(generation, now=NOW)

    generation.refresh_from_db()
    assert generation.state == GenerationState.BUILDING


def test_preparing_again_takes_up_what_stands(small_chunks: None) -> None:
    generation = prepared()
    rebuild.work(generation, keep_on=once())
    planned = list(generation.chunks.values_list("pk", "state"))
    learned = bytes(generation.arrays.get(name="coordinates").data)

    again = rebuild.prepare(store=generation.store, now=LATER)

    assert again == generation
    assert list(again.chunks.values_list("pk", "state")) == planned
    assert bytes(again.arrays.get(name="coordinates").data) == learned


def test_a_chunk_whose_workers_die_gives_the_rebuild_up(small_chunks: None) -> None:
    generation = prepared()
    generation.chunks.filter(number=1).update(attempts=chunks.MOST_ATTEMPTS)

    with pytest.raises(chunks.GivenUpError):
        rebuild.work(generation)

    generation.refresh_from_db()
    assert generation.state == GenerationState.FAILED
    assert "chunk 1" in generation.error
    assert not RebuildChunk.objects.claimable(generation_id=generation.pk, now=LATER).exists()


def test_an_error_in_a_chunk_frees_it_and_is_recorded_until_the_rebuild_is_given_up(small_chunks: None) -> None:
    store = shop()
    live_many(store, visits=10)
    live = rebuilt(store)
    generation = rebuild.prepare(store=store, now=LATER)
    store.visits.first().events.update(lived=b"[9,[],[]]")  # unreadable

    for attempt in range(1, generations.MOST_ATTEMPTS + 1):
        with pytest.raises(ValueError, match="packing version"):
            rebuild.work(generation)
        generation.refresh_from_db()
        assert generation.attempts == attempt

    assert generation.state == GenerationState.FAILED
    assert "packing version" in generation.error
    assert Generation.objects.live().get() == live


def test_what_is_erased_during_a_rebuild_is_not_in_what_goes_live(small_chunks: None) -> None:
    generation = prepared(visits=12)
    rebuild.work(generation)
    gone = generation.store.visits.order_by("pk").first()
    gone_id = gone.pk
    gone.delete()
    partitions.load(generation.pk, [row(gone_id, place(1.0))])  # a worker that had read it before

    rebuild.finish(generation, now=NOW)

    assert gone_id not in arrays.read(generation.pk, "trails_visits")
    assert gone_id not in situations_visits(generation)
    assert Generation.objects.live().get() == generation


def situations_visits(generation: Generation) -> Sequence[int]:
    return partitions.visits_absent(generation.pk, generation.store_id)


def chunks_memory(generation: Generation) -> Any:
    return rebuild.assemble(generation)


def once() -> Any:
    """True the first time alone."""
    answers = iter([True])
    return lambda: next(answers, False)
