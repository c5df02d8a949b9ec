"""The memory as a process holds it: the live generation's arrays mapped, what was appended since beside them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import structlog
from django.db import DatabaseError
from numpy.typing import NDArray

from personalization import product_space
from personalization.estimation import UNTAUGHT, Estimator
from personalization.kindred import Kindred
from personalization.memory import acquaintance, arrays
from personalization.memory.acquaintance import Acquaintance
from personalization.merchandising import counts
from personalization.merchandising.counts import Companions, Merchandise
from personalization.merchandising.rates import Rates
from personalization.models import Generation
from personalization.product_space import ProductSpace
from personalization.situation import WIDTH, Scaling
from personalization.trails import FollowSettings, Trails, index_trails
from personalization.transitions import Transitions

log = structlog.get_logger(__name__)

FORGETTINGS = "forgettings"  # of a generation's settings
RATES = "selection_rates"  # the same
FRESHNESS = 0.5  # seconds between two looks for a switch or an append


@dataclass(frozen=True, slots=True)
class LiveMemory:
    """All that an answer needs of a generation besides its vectors.

    Attributes:
        generation_id, number: None before the store's first generation.
        landscape: where products stand and how popular they are.
        neighbours: int32 (products, n), nearest products in the space, −1 where fewer.
        trails: past visits of the rebuild; `appended`: those remembered since, None when there are none.
        estimator: UNTAUGHT while the generation is being built.
        k, ef, bandwidth: how to ask the index, and the distance at which similarity is e^-½.
        novelty_quantiles: float32 (101,), distribution of the distance to analogues on the store's own visits.
        forgettings: how often visits were taken out of the generation's arrays.
        merchandise: what the trails tell of what sells and goes together.
        rates: how often what selection strategies place is wanted.
        acquaintance: what is known of persons; None where no rebuild has learned it.
        transitions: which product leads to which; None while they are not learned.
        walk_recency: products of the visit over which a walk's weight falls to 1/e.
        kindred: which products are met in the same company; None where no rebuild has learned it.
    """

    generation_id: int | None = None
    number: int | None = None
    landscape: ProductSpace = product_space.EMPTY
    neighbours: NDArray[np.int32] = field(default_factory=lambda: np.empty((0, 0), np.int32))
    scaling: Scaling | None = None
    trails: Trails | None = None
    appended: Trails | None = None
    appended_parts: int = 0
    estimator: Estimator = UNTAUGHT
    follow: FollowSettings = field(default_factory=FollowSettings)
    k: int = 100
    ef: int = 200
    bandwidth: float = 1.0
    novelty_quantiles: NDArray[np.float32] = field(default_factory=lambda: np.empty(0, np.float32))
    forgettings: int = 0
    merchandise: Merchandise = counts.EMPTY
    rates: Rates = field(default_factory=Rates)
    acquaintance: Acquaintance | None = None
    transitions: Transitions | None = None
    walk_recency: float = 2.0
    kindred: Kindred | None = None

    def is_of(self, generation: Generation) -> bool:
        """Whether it still is what the generation's arrays hold, but for what was appended."""
        return (self.generation_id, self.forgettings) == (generation.pk, generation.settings.get(FORGETTINGS, 0))


NO_MEMORY = LiveMemory()


def assemble(generation: Generation) -> LiveMemory:
    """Map a generation's arrays; what a later stage of its rebuild makes may still be missing."""
    learned = generation.settings
    return LiveMemory(
        generation_id=generation.pk,
        number=generation.number,
        landscape=ProductSpace(
            **{name: arrays.read(generation.pk, name) for name in ("coordinates", "popularity", "met")}
        ),
        neighbours=arrays.read(generation.pk, "neighbours"),
        scaling=scaling_of(generation.pk),
        trails=trails_of(generation.pk),
        estimator=Estimator.from_json(learned["estimator"]) if "estimator" in learned else UNTAUGHT,
        follow=FollowSettings(**learned.get("follow", {})),
        k=learned.get("k", NO_MEMORY.k),
        ef=learned.get("ef", NO_MEMORY.ef),
        bandwidth=learned.get("bandwidth", NO_MEMORY.bandwidth),
        novelty_quantiles=np.array(learned.get("novelty_quantiles", []), np.float32),
        forgettings=learned.get(FORGETTINGS, 0),
        merchandise=merchandise_of(generation.pk),
        rates=Rates.from_json(learned.get(RATES, {})),
        acquaintance=acquaintance.read(generation),
        transitions=transitions_of(generation.pk) if has_transitions(generation.pk) else None,
        walk_recency=learned.get("walk_recency", NO_MEMORY.walk_recency),
        kindred=kindred_of(generation.pk),
    )


def live_memory(*, store_id: int) -> LiveMemory:
    """The store's live memory, at most FRESHNESS behind; NO_MEMORY before the first generation.

    With the database away the last one held is returned.
    """
    return _held(store_id).current()


def forget_held() -> None:
    """Drop what this process holds, for tests that switch databases."""
    with _LOCK:
        _HELD.clear()


class _Held:
    """One store's memory in this process; one thread at a time looks for news, the others take what is there."""

    def __init__(self, store_id: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._store_id = store_id
        self._clock = clock
        self._looking = threading.Lock()
        self._memory = NO_MEMORY
        self._looked_at = -np.inf

    def current(self) -> LiveMemory:
        if self._clock() - self._looked_at > FRESHNESS and self._looking.acquire(blocking=self._looked_at == -np.inf):
            try:
                if self._clock() - self._looked_at > FRESHNESS:
                    self._look()
            finally:
                self._looking.release()
        return self._memory

    def _look(self) -> None:
        try:
            generation = Generation.objects.filter(store_id=self._store_id).live().first()
            if generation is None:
                self._memory = NO_MEMORY
            else:
                if not self._memory.is_of(generation):
                    self._memory = assemble(generation)
                self._memory = with_appended(self._memory)
            self._looked_at = self._clock()
        except arrays.MissingArrayError as error:  # built by an earlier release: it has to be rebuilt
            log.warning("memory_incomplete", store=self._store_id, reason=str(error))
            self._memory, self._looked_at = NO_MEMORY, self._clock()
        except DatabaseError:
            if self._looked_at == -np.inf:  # never looked: there is nothing to go on with
                raise
            self._looked_at = self._clock()


_LOCK = threading.Lock()
_HELD: dict[int, _Held] = {}


def _held(store_id: int) -> _Held:
    with _LOCK:
        if store_id not in _HELD:
            _HELD[store_id] = _Held(store_id)
        return _HELD[store_id]


# --- what was appended -------------------------------------------------------------------------------------------

APPENDED = "appended_trails"  # an array of TRAIL_RECORD, one part an append
TRAIL_RECORD = np.dtype([("visit", "<i8"), ("person", "<i8"), ("ended", "<f8"), ("product", "<i4"), ("kind", "u1")])


def with_appended(memory: LiveMemory) -> LiveMemory:
    """The memory with the trails appended since it was last read."""
    generation_id = int(memory.generation_id or 0)
    fresh = [part for part in arrays.parts(generation_id, APPENDED) if part > memory.appended_parts]
    if not fresh:
        return memory
    pieces = [_as_records(memory.appended)] if memory.appended is not None else []
    pieces += [arrays.read(generation_id, APPENDED, part=part) for part in fresh]
    appended = _as_trails(pieces, len(memory.landscape.popularity))
    trails = memory.trails
    if trails is not None:  # a visit that went on since the rebuild speaks once, as it stands now
        trails = trails.silencing(appended.visits)
    return replace(memory, trails=trails, appended=appended, appended_parts=fresh[-1])


def _as_records(trails: Trails) -> NDArray[Any]:
    lengths = np.diff(trails.offsets)
    records = np.empty(len(trails.products), TRAIL_RECORD)
    records["visit"] = np.repeat(trails.visits, lengths)
    records["person"] = np.repeat(trails.persons, lengths)
    records["ended"] = np.repeat(trails.ended, lengths)
    records["product"], records["kind"] = trails.products, trails.kinds
    return records


def _as_trails(pieces: list[NDArray[Any]], catalog: int) -> Trails:
    """Trails from records in the order appended; of a visit appended twice the last counts."""
    latest: dict[int, int] = {}
    for number, piece in enumerate(pieces):
        for visit in np.unique(piece["visit"]).tolist():
            latest[visit] = number
    kept = [
        piece[np.isin(piece["visit"], [visit for visit, last in latest.items() if last == number])]
        for number, piece in enumerate(pieces)
    ]
    records = np.concatenate(kept)
    starts = np.flatnonzero(np.diff(records["visit"], prepend=records["visit"][:1] - 1))
    catalog = max(catalog, int(records["product"].max(initial=-1)) + 1)
    return index_trails(
        offsets=np.append(starts, len(records)).astype(np.int64),
        products=records["product"].astype(np.int32),
        kinds=records["kind"],
        ended=records["ended"][starts],
        visits=records["visit"][starts],
        persons=records["person"][starts],
        catalog=catalog,
    )


def trails_of(generation_id: int) -> Trails:
    """The trails of a generation's rebuild, mapped."""
    return arrays.read_fields(generation_id, "trails", Trails)


def keep_trails(generation_id: int, trails: Trails) -> None:
    """Keep the trails of a generation's rebuild."""
    arrays.save_fields(generation_id, "trails", trails)


def keep_transitions(generation_id: int, learned: Transitions) -> None:
    """Keep the transitions of a generation's rebuild."""
    arrays.save_fields(generation_id, "transitions", learned)


def has_transitions(generation_id: int) -> bool:
    """Whether a generation's rebuild has learned its transitions."""
    return arrays.has_fields(generation_id, "transitions", Transitions)


def transitions_of(generation_id: int) -> Transitions:
    """The transitions of a generation's rebuild, mapped."""
    return arrays.read_fields(generation_id, "transitions", Transitions)


def keep_kindred(generation_id: int, learned: Kindred) -> None:
    """Keep the kindred of a generation's rebuild."""
    arrays.save_fields(generation_id, "kindred", learned)


def kindred_of(generation_id: int) -> Kindred | None:
    """The kindred of a generation's rebuild, mapped; None where it was built before there was any."""
    if not arrays.has_fields(generation_id, "kindred", Kindred):
        return None
    return arrays.read_fields(generation_id, "kindred", Kindred)


def scaling_of(generation_id: int) -> Scaling | None:
    """How the generation scales markers; None when it has not learned it, or was dropped."""
    if not arrays.has(generation_id, "scaling"):
        return None
    centre, spread, weight = arrays.read(generation_id, "scaling").reshape(3, WIDTH)
    return Scaling(centre=centre, spread=spread, weight=weight)


_COMPANIONS = ("viewed_with", "bought_with")
_PARTS = ("offsets", "products", "weights", "counts")


def keep_merchandise(generation_id: int, merchandise: Merchandise) -> None:
    """Keep what was counted of a generation's trails; what sells is kept last, and tells that all is there."""
    for name in _COMPANIONS:
        for part in _PARTS:
            arrays.save(generation_id, f"rule_{name}_{part}", getattr(getattr(merchandise, name), part))
    arrays.save(generation_id, "rule_selling", merchandise.selling)


def merchandise_of(generation_id: int) -> Merchandise:
    """What was counted of a generation's trails, mapped; nothing before it was."""
    if not arrays.has(generation_id, "rule_selling"):
        return counts.EMPTY
    tables = {
        name: Companions(**{part: arrays.read(generation_id, f"rule_{name}_{part}") for part in _PARTS})
        for name in _COMPANIONS
    }
    return Merchandise(selling=arrays.read(generation_id, "rule_selling"), **tables)
