"""The last stage of a rebuild: how to ask the memory, how to weigh its evidence, and how good that is.

Visits are cut by time. The memory answers as it stood before the first cut; the visits after it teach the
estimator; the last ones, which nothing was learned from, give the figures shown with the generation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from functools import partial
from itertools import count
from typing import Any

import numpy as np
from numpy.typing import NDArray

from catalog.facts import ProductFacts
from personalization import estimation, kindred, product_space, transitions
from personalization.memory import gathering, judging, recall, terrain
from personalization.memory.judging import Table
from personalization.memory.live import LiveMemory
from personalization.memory.questions import QUESTIONS, SOUGHT, Asked, ask, slices
from personalization.memory.recall import Analogues
from personalization.merchandising import counts
from personalization.models import Generation
from personalization.persons import as_of
from personalization.transitions import NOWHERE_REACHED

RECENCIES = (1.0, 2.0, 4.0, 8.0, 16.0)  # products back over which a visit's earlier ones fade
K = 100
EFS = (100, 200, 400, 800)  # search breadths tried, the first that finds enough is kept
WANTED_RECALL = 0.95
TOLD_APART = 0.01  # shares found that differ less are the same
RECALL_SAMPLE = 60
PACING = 400  # questions by which the fading is chosen
NEAREST = 10  # analogues whose mean distance says how novel a situation is


@dataclass(frozen=True, slots=True)
class Fitted:
    """What the stage learned, for `Generation.settings`, and what it measured, for `Generation.validation`."""

    settings: dict[str, object]
    validation: dict[str, Any]


def fit(
    memory: LiveMemory, generation: Generation, *, facts: ProductFacts, progress: Callable[[int, int], None]
) -> Fitted:
    """Learn on the teaching slice, judge on the judging slice; `progress(done, total)` counts questions."""
    rng = np.random.default_rng(generation.number)
    if memory.trails is None or len(memory.trails) < 200:
        return Fitted({"estimator": estimation.UNTAUGHT.to_json()}, {"questions": 0})
    teach_from, judge_from = slices(memory.trails)
    then = _as_of(memory, teach_from, facts=facts)
    asked = partial(ask, memory, then, store_id=generation.store_id, rng=rng)
    teaching = asked(ended=(teach_from, judge_from), most=QUESTIONS["teaching"])
    teaching += asked(ended=(teach_from, judge_from), most=SOUGHT, carting=True)
    to_judge = asked(ended=(judge_from, np.inf), most=QUESTIONS["judging"])
    if not teaching:
        return Fitted({"estimator": estimation.UNTAUGHT.to_json()}, {"questions": 0})
    k, ef, found = _search_breadth(memory, teaching[:RECALL_SAMPLE])
    then = replace(then, k=k, ef=ef)
    then = replace(then, bandwidth=_bandwidth(then, teaching[:200]))
    then = _paced(then, teaching[:PACING])
    reader, done, total = _Reader(then, facts=facts, before=teach_from), count(1), len(teaching) + len(to_judge)

    def read(asked: list[Asked]) -> Iterator[Table]:
        for one in asked:
            yield reader.read(one)
            progress(next(done), total)

    taught = list(read(teaching))
    rows, outcomes, questions = _stacked(taught)
    drawn = np.array([one.drawn for one in teaching], bool)[questions]
    estimator = estimation.fit(rows, outcomes, questions=questions, drawn=drawn, rng=rng)
    figures = judging.figures(read(to_judge), estimator)
    settings: dict[str, object] = {
        "k": k,
        "ef": ef,
        "bandwidth": then.bandwidth,
        "follow": asdict(then.follow),
        "walk_recency": then.walk_recency,
        "estimator": estimator.to_json(),
        "novelty_quantiles": _novelty(taught),
    }
    return Fitted(settings, {"index_recall": round(found, 4), **figures})


def _as_of(memory: LiveMemory, instant: float, *, facts: ProductFacts) -> LiveMemory:
    """The memory with trails and product space as they would have been learned at an instant.

    A space that has seen the visits it is judged on knows which products they paired: evidence drawn from it would
    be trusted far too much.
    """
    trails = as_of(memory.trails, instant) if memory.trails is not None else None
    if trails is None:
        return memory
    space = product_space.learn(offsets=trails.offsets, products=trails.products, ended=trails.ended, facts=facts)
    return replace(
        memory,
        trails=trails,
        landscape=space,
        neighbours=product_space.nearest_products(space.coordinates),
        transitions=transitions.learn(trails, catalog=len(facts)),
        kindred=kindred.learn(trails, catalog=len(facts)),
        merchandise=counts.count(
            offsets=trails.offsets,
            products=trails.products,
            kinds=trails.kinds,
            ended=trails.ended,
            catalog=len(facts),
        ),
    )


def _search_breadth(memory: LiveMemory, asked: list[Asked]) -> tuple[int, int, float]:
    """k, the narrowest search that finds WANTED_RECALL of the exact nearest or as much as any, and the share found."""
    generation_id = int(memory.generation_id or 0)
    farthest = [recall.nearest(generation_id, one.situation, k=K, ef=K, exact=True).distance for one in asked]
    found: dict[int, float] = {}
    for ef in EFS:
        shares = [
            _share_found(recall.nearest(generation_id, one.situation, k=K, ef=ef).distance, exact)
            for one, exact in zip(asked, farthest, strict=True)
        ]
        found[ef] = float(np.mean(shares))
        if found[ef] >= WANTED_RECALL:
            return K, ef, found[ef]
    # An index that hides some situations hides them from broad searches, too: they only cost more.
    narrowest = min(ef for ef, share in found.items() if share >= max(found.values()) - TOLD_APART)
    return K, narrowest, found[narrowest]


def _share_found(found: NDArray[np.float32], exact: NDArray[np.float32]) -> float:
    """Share of the exact nearest that were found, equally near ones standing in for each other."""
    if not len(exact):
        return 1.0
    return float((found <= exact[-1] * (1 + 1e-5) + 1e-6).sum()) / len(exact)


def _bandwidth(memory: LiveMemory, asked: list[Asked]) -> float:
    """The distance at which a situation is half-way analogous: the median one of the middle analogue."""
    distances = [_analogues(memory, one, before=np.inf).distance for one in asked]
    middle = [float(distance[len(distance) // 2]) for distance in distances if len(distance)]
    return max(float(np.median(middle)) if middle else 1.0, 1e-3)


def _analogues(memory: LiveMemory, one: Asked, *, before: float) -> Analogues:
    """Analogues lived before an instant: twice as many are asked for, as later ones fall out."""
    found = recall.nearest(
        int(memory.generation_id or 0), one.situation, k=2 * memory.k, ef=max(memory.ef, 2 * memory.k)
    )
    return found.before(min(before, one.at), most=memory.k)


def _paced(memory: LiveMemory, asked: list[Asked]) -> LiveMemory:
    """How fast a visit's earlier products fade: a click session is about its last ones, a basket about all.

    Judged by what is new to the visit alone: what was met already stands highest wherever nothing fades.
    """
    asked = [one for one in asked if one.following >= 0 and one.following not in one.visit.intent.last_products]
    best = max(RECENCIES, key=lambda recency: _reciprocal_ranks(asked, partial(_trailed, memory, recency)))
    walk = max(RECENCIES, key=lambda recency: _reciprocal_ranks(asked, partial(_walked, memory, recency)))
    return replace(memory, follow=replace(memory.follow, recency=best), walk_recency=walk)


def _trailed(memory: LiveMemory, recency: float, one: Asked) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    if memory.trails is None:
        return NOWHERE_REACHED.products, NOWHERE_REACHED.share
    settings = replace(memory.follow, recency=recency)
    followed = memory.trails.follow(one.visit.intent.last_products, now=one.at, settings=settings)
    return followed.products, followed.view


def _walked(memory: LiveMemory, recency: float, one: Asked) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    if memory.transitions is None:
        return NOWHERE_REACHED.products, NOWHERE_REACHED.share
    reached = memory.transitions.walk(one.visit.intent.looks, recency=recency)
    return reached.products, reached.share


def _reciprocal_ranks(
    asked: list[Asked], told: Callable[[Asked], tuple[NDArray[np.int32], NDArray[np.float32]]]
) -> float:
    """Sum of 1/rank of what followed among what is new to the visit, by one kind of evidence alone."""
    total = 0.0
    for one in asked:
        products, weights = told(one)
        weights = np.where(np.isin(products, one.visit.intent.last_products), 0.0, weights)
        at = np.flatnonzero(products == one.following)
        total += float(1 / (1 + (weights > weights[at[0]]).sum())) if len(at) else 0.0
    return total


class _Reader:
    """Reads questions with a memory of then: candidates with features and outcomes."""

    def __init__(self, memory: LiveMemory, *, facts: ProductFacts, before: float) -> None:
        self._memory, self._before = memory, before
        self._land = terrain.stretched(memory, facts=facts)
        self._eligible = np.ones(len(facts), bool)

    def read(self, one: Asked) -> Table:
        ground = self._land.ground(eligible=self._eligible, now=one.at)
        analogues = _analogues(self._memory, one, before=self._before)
        gathered = gathering.gather(memory=self._memory, question=one, analogues=analogues, ground=ground, now=one.at)
        products = gathering.candidates(gathered, self._land, ground)
        outcomes = [
            products == one.following,
            *(np.isin(products, list(group)) for group in (one.viewed, one.taken, one.bought)),
        ]
        return Table(
            asked=one,
            products=products,
            rows=gathering.features_of(products, gathered, self._land, ground),
            outcomes=np.stack(outcomes, axis=1),
            analogues=analogues,
            similarity=gathered.similarity,
        )


def _stacked(tables: list[Table]) -> tuple[NDArray[np.float32], NDArray[np.bool_], NDArray[np.int64]]:
    """Features (n, f), outcomes (n, 4) and numbers (n,) of all questions together."""
    return (
        np.concatenate([table.rows for table in tables]),
        np.concatenate([table.outcomes for table in tables]),
        np.repeat(np.arange(len(tables)), [len(table.products) for table in tables]),
    )


def _novelty(tables: list[Table]) -> list[float]:
    """Quantiles, by percent, of how far the nearest analogues are."""
    distances = [float(table.analogues.distance[:NEAREST].mean()) for table in tables if len(table.analogues)]
    return [round(float(q), 5) for q in np.quantile(distances or [0.0], np.linspace(0, 1, 101))]
