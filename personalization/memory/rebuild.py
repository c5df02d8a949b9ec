"""The rebuild of a memory: visits to situations and outcomes, stage by stage, each safe to repeat after a kill.

The only writer of vectors beside `appending`. What a stage made stands in the database before the next begins, so a
rebuild that was killed goes on where it stopped, and the live generation notices nothing until the switch.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

import numpy as np
import structlog
from django.db import transaction
from numpy.typing import NDArray

from catalog.live_facts import live_facts
from catalog.models import Store
from personalization import transitions
from personalization.markers.definition import FAMILIES
from personalization.memory import (
    acquaintance,
    arrays,
    chunks,
    counting,
    fitting,
    forgetting,
    generations,
    landscape,
    partitions,
    profiles,
    remembering,
    scaling,
)
from personalization.memory.live import LiveMemory, assemble, has_transitions, keep_transitions, trails_of
from personalization.memory.payload import CART, FOCUS, PURCHASE, VIEW
from personalization.memory.payload import unpack as unpack_payloads
from personalization.memory.reading import relive
from personalization.memory.scaling import Endings
from personalization.models import Generation, GenerationState, Visit
from personalization.situation import WIDTH

log = structlog.get_logger(__name__)

SCALING_VISITS = 2500  # visits sampled to learn what is analogous

NOT_ANNOUNCED: Progress = lambda stage, done, total: None  # noqa: E731


class Progress(Protocol):
    """Told of every advance: the stage's name, how much of it is done, how much there is."""

    def __call__(self, stage: str, done: int, total: int) -> None: ...


class NothingToRememberError(ValueError):
    """The store has no ended visit with consent."""


def prepare(*, store: Store, now: datetime, progress: Progress = NOT_ANNOUNCED) -> Generation:
    """The first stages, by one process: what the chunks need to be worked on anywhere.

    Raises:
        NothingToRememberError: there is no visit to learn from.
        generations.HeldElsewhereError: another process is preparing this store's memory.
    """
    with generations.exclusively("prepare", store.pk):
        generation = generations.begin(store=store, now=now)
        if not Visit.objects.of(store).rebuildable(until=generation.until).exists():
            generations.fail(generation, reason="the store has no ended visit with consent")
            raise NothingToRememberError(f"store {store.slug}: no ended visit with consent to learn from")
        with generations.on_record(generation):
            partitions.create(generation.pk)
            chunks.plan(generation)
            if not arrays.has(generation.pk, "neighbours"):
                _learn_landscape(generation, progress)
            if not arrays.has(generation.pk, "scaling"):
                _learn_scaling(generation, progress)
            if not has_transitions(generation.pk):
                _learn_transitions(generation, progress)
            if not arrays.has(generation.pk, "rule_selling"):
                _count_merchandise(generation, progress)
            if not acquaintance.is_kept(generation):
                _learn_profiles(generation, progress)
            _enter(generation, "situations")
        return generation


def work(generation: Generation, *, keep_on: Callable[[], bool] = lambda: True) -> int:
    """One worker's share of the situations; returns the chunks it did.

    Raises:
        chunks.GivenUpError: whoever works on one of the chunks dies; the generation has failed.
    """
    with generations.on_record(generation):
        try:
            return chunks.work(assemble(generation), generation, keep_on=keep_on)
        except chunks.GivenUpError as error:
            generations.fail(generation, reason=str(error))
            raise


def finish(generation: Generation, *, now: datetime, progress: Progress = NOT_ANNOUNCED, go_live: bool = True) -> None:
    """The last stages, by one process, once every chunk is done: index, fit, judge, switch.

    Raises:
        generations.HeldElsewhereError: another process is finishing it.
    """
    with generations.exclusively("finish", generation.pk):
        generation.refresh_from_db()
        if generation.state != GenerationState.BUILDING or not chunks.all_done(generation.pk):
            return
        with generations.on_record(generation):
            _enter(generation, "index")
            progress("index", 0, 1)
            partitions.thin_twins(generation.pk)
            partitions.index(generation.pk)
            progress("index", 1, 1)
            _enter(generation, "fitting")
            _fit(generation, progress)
            with transaction.atomic():  # ready and live at once: a kill in between would leave it ready for ever
                _make_ready(generation, now=now)
                if go_live:
                    generations.switch(generation, now=now)
    generations.retire_old(store=generation.store)


def _enter(generation: Generation, stage: str) -> None:
    generation.stage = stage
    generation.save(update_fields=["stage"])
    log.info("rebuild_stage", store=generation.store_id, generation=generation.number, stage=stage)


def _make_ready(generation: Generation, *, now: datetime) -> None:
    """What was erased meanwhile leaves; from here on `forgetting` finds the generation complete."""
    Generation.objects.select_for_update(no_key=True).get(pk=generation.pk)
    forgetting.forget_absent(generation)
    generation.situation_count = partitions.count(generation.pk)
    generation.state, generation.stage, generation.error = GenerationState.READY, "", ""
    generation.built_at = now
    generation.save()


def _learn_landscape(generation: Generation, progress: Progress) -> None:
    _enter(generation, "landscape")
    facts = live_facts(store_id=generation.store_id)
    landscape.learn(generation, facts=facts, progress=lambda done, total: progress("landscape", done, total))


def _learn_transitions(generation: Generation, progress: Progress) -> None:
    _enter(generation, "transitions")
    trails = trails_of(generation.pk)
    learned = transitions.learn(
        trails,
        catalog=len(trails.index_offsets) - 1,
        progress=lambda done, total: progress("transitions", done, total),
    )
    keep_transitions(generation.pk, learned)


def _count_merchandise(generation: Generation, progress: Progress) -> None:
    _enter(generation, "merchandise")
    facts = live_facts(store_id=generation.store_id)
    counting.learn(generation, facts=facts, progress=lambda done, total: progress("merchandise", done, total))


def _learn_profiles(generation: Generation, progress: Progress) -> None:
    _enter(generation, "profiles")
    facts = live_facts(store_id=generation.store_id)
    profiles.learn(generation, facts=facts, progress=lambda done, total: progress("profiles", done, total))


def _learn_scaling(generation: Generation, progress: Progress) -> None:
    """Fit the scaling on a sample of visits, spread over the whole time."""
    _enter(generation, "scaling")
    rng = np.random.default_rng(generation.number)
    memory = assemble(generation)
    chosen = Visit.objects.filter(store_id=generation.store_id).rebuildable(until=generation.until)
    ids = np.fromiter(chosen.values_list("id", flat=True).iterator(), dtype=np.int64)
    picked = np.sort(rng.permutation(ids)[:SCALING_VISITS]).tolist()
    visits = list(Visit.objects.filter(pk__in=picked).select_related("store"))
    markers, endings = _sampled(visits, memory)
    rounds = scaling.ROUNDS * len(FAMILIES)
    steps = iter(range(1, rounds + 1))
    fitted = scaling.fit(markers, endings, rng=rng, progress=lambda: progress("scaling", next(steps), rounds))
    generation.settings["family_weights"] = fitted.family_weights
    generation.validation["agreement"] = round(fitted.agreement, 4)
    generation.validation["agreement_unweighted"] = round(fitted.unweighted_agreement, 4)
    generation.save(update_fields=["settings", "validation"])
    found = fitted.scaling
    arrays.save(generation.pk, "scaling", np.concatenate([found.centre, found.spread, found.weight]))


def _sampled(visits: list[Visit], memory: LiveMemory) -> tuple[NDArray[np.float32], Endings]:
    """Raw markers (n, 232) of the visits' situations, and how each went on."""
    kept = [
        (visit.pk, remembering.remember(events, context=context, landscape=memory.landscape))
        for visit, context, events in relive(visits)
    ]
    payloads = [packed for _, remembered in kept for packed in remembered.payloads]
    records, rows = unpack_payloads(payloads)
    happened = {
        kind: np.bincount(rows[records["kind"] == kind], minlength=len(payloads)) > 0 for kind in (CART, PURCHASE)
    }
    endings = Endings(
        visits=np.array([pk for pk, remembered in kept for _ in remembered.steps], np.int64),
        at=np.concatenate([np.empty(0), *(remembered.at for _, remembered in kept)]),
        focus=_next_places(records, rows, len(payloads), memory.landscape.coordinates),
        carted=happened[CART],
        bought=happened[PURCHASE],
    )
    none = np.empty((0, WIDTH), np.float32)  # a store of visits at which no zone could ask
    return np.concatenate([none, *(remembered.markers for _, remembered in kept)]), endings


def _next_places(
    records: NDArray[np.void], rows: NDArray[np.int64], count: int, coordinates: NDArray[np.float32]
) -> NDArray[np.float32]:
    """float32 (count, 32): where each situation's next viewed product, other than the one in focus, stands."""
    focus = np.full(count, -1, np.int64)
    stands = np.flatnonzero(records["kind"] == FOCUS)[::-1]
    focus[rows[stands]] = records["product"][stands]
    moved = (records["kind"] == VIEW) & (records["product"] != focus[rows]) & (records["product"] < len(coordinates))
    places = np.zeros((count, coordinates.shape[1]), np.float32)
    later = np.flatnonzero(moved)[::-1]
    places[rows[later]] = coordinates[records["product"][later]]  # the first view is written last
    return places


def _fit(generation: Generation, progress: Progress) -> None:
    facts = live_facts(store_id=generation.store_id)
    fitted = fitting.fit(
        assemble(generation),
        generation,
        facts=facts,
        progress=lambda done, total: progress("fitting", done, total),
    )
    generation.settings |= fitted.settings
    generation.validation |= fitted.validation
