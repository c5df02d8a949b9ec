"""The inductive engine: recognise the situation, recall its analogues, transpose what worked in them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from time import perf_counter

import numpy as np
from django.db import DatabaseError
from numpy.typing import NDArray

from personalization import shortening, situation
from personalization.engines.base import Analogue, Estimates, Question, within_limit
from personalization.engines.relations import relate
from personalization.lookup import distinct, find
from personalization.memory import gathering, recall, terrain
from personalization.memory.gathering import Gathered
from personalization.memory.live import LiveMemory, live_memory
from personalization.memory.recall import Analogues
from personalization.memory.remembering import MOST_SITUATIONS
from personalization.memory.terrain import Terrain
from personalization.transposition import Ground

NEAREST = 10  # analogues whose mean distance says how novel a situation is
NO_ANALOGUE = 0.995  # a situation farther from its analogues than this share of the store's own is like none of them
EXPLAINED = 12  # analogues handed on for explanation


class InductiveEngine:
    """Estimates from analogous situations of the store's live memory."""

    name = "inductive"

    def __init__(self, memory_of: Callable[..., LiveMemory] = live_memory) -> None:
        self._memory_of = memory_of
        self._lands: dict[int, tuple[tuple[int | None, int], Terrain]] = {}
        self._stretching = threading.Lock()

    def estimate(self, question: Question) -> Estimates:
        """See `engines.base.Engine`. Without a memory, or with the database away, falls back and says so."""
        watch = _Stopwatch()
        memory = self._memory_of(store_id=question.store_id)
        now = question.now.timestamp()
        land = self._terrain(memory, question)
        ground = land.ground(eligible=question.eligible, now=now)
        watch.lap("memory")
        analogues, fallback = _recall(memory, question)
        if question.but is not None:
            memory = gathering.without_trail(memory, question.but)
        watch.lap("recall")
        gathered = gathering.gather(memory=memory, question=question, analogues=analogues, ground=ground, now=now)
        novelty = _novelty(memory, analogues)
        if not fallback and novelty > NO_ANALOGUE and not gathered.evidence.followed.mass:
            fallback = "no_analogue"
        watch.lap("evidence")
        products = _candidates(question, gathered, land, ground)
        chances = memory.estimator.probabilities(gathering.features_of(products, gathered, land, ground))
        best = within_limit(question, products, np.argsort(-chances[:, 0], kind="stable"))
        products, chances = products[best], chances[best]
        shortened = shortening.shortening(products, gathered.evidence.recalled, shelves=land.shelves)
        watch.lap("estimates")
        relations = relate(products, gathered, ground=ground, shelves=land.shelves)
        watch.lap("relations")
        return Estimates(
            products=products,
            view=chances[:, 1],
            cart=chances[:, 2],
            purchase=chances[:, 3],
            shortening=shortened,
            score=chances[:, 0],
            support=support_of(products, gathered),
            relations=relations,
            analogues=_explained(analogues, gathered.similarity),
            novelty=novelty,
            fallback=fallback,
            memory_generation=memory.number,
            stages=watch.laps,
        )

    def _terrain(self, memory: LiveMemory, question: Question) -> Terrain:
        """The memory's space over the catalog, stretched anew when either has changed."""
        key = (memory.generation_id, question.facts.version)
        held = self._lands.get(question.store_id)
        if held is None or held[0] != key:
            with self._stretching:
                held = self._lands.get(question.store_id)
                if held is None or held[0] != key:  # who waited finds what was stretched meanwhile
                    held = (key, terrain.stretched(memory, facts=question.facts))
                    self._lands[question.store_id] = held
        return held[1]


def _recall(memory: LiveMemory, question: Question) -> tuple[Analogues, str]:
    """The analogues, and why there are none."""
    if memory.generation_id is None or memory.scaling is None:
        return recall.NONE, "no_memory"
    here = situation.vector(question.markers, memory.scaling)
    k = memory.k if question.but is None else memory.k + MOST_SITUATIONS
    try:
        found = recall.nearest(memory.generation_id, here, k=k, ef=memory.ef)
    except DatabaseError:
        return recall.NONE, "memory_away"  # trails and transitions still speak
    if question.but is not None:
        found = found.but(question.but, most=memory.k)
    return found, "" if len(found) else "no_memory"


def _candidates(question: Question, gathered: Gathered, land: Terrain, ground: Ground) -> NDArray[np.int32]:
    if question.candidates is not None:
        return question.candidates
    proposed = gathering.candidates(gathered, land, ground)
    return distinct(np.concatenate([proposed, question.wanted])) if len(question.wanted) else proposed


def _novelty(memory: LiveMemory, analogues: Analogues) -> float:
    """Share of the store's own situations that had nearer analogues than this one; 1 without any."""
    if not len(analogues):
        return 1.0
    if not len(memory.novelty_quantiles):
        return 0.0
    distance = float(analogues.distance[:NEAREST].mean())
    return float(np.interp(distance, memory.novelty_quantiles, np.linspace(0.0, 1.0, len(memory.novelty_quantiles))))


def support_of(products: NDArray[np.int32], gathered: Gathered) -> NDArray[np.float32]:
    """float32 (n,): how many situations and trails effectively speak for each product."""
    evidence = gathered.evidence
    followed = find(products, evidence.followed.products).of(evidence.followed.support)
    recalled = find(products, evidence.recalled.products).of(evidence.recalled.support)
    return np.asarray(followed + recalled, dtype=np.float32)


def _explained(analogues: Analogues, similarity: NDArray[np.float32]) -> list[Analogue]:
    return [
        Analogue(situation_id=situation_id, visit_id=visit_id, similarity=round(alike, 4))
        for situation_id, visit_id, alike in zip(
            analogues.ids[:EXPLAINED].tolist(),
            analogues.visits[:EXPLAINED].tolist(),
            similarity[:EXPLAINED].tolist(),
            strict=True,
        )
    ]


class _Stopwatch:
    """Milliseconds between laps."""

    def __init__(self) -> None:
        self.laps: dict[str, float] = {}
        self._last = perf_counter()

    def lap(self, stage: str) -> None:
        now = perf_counter()
        self.laps[stage] = (now - self._last) * 1000
        self._last = now
