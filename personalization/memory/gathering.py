"""Evidence gathered for one visit: trails followed, analogues recalled, their moves transposed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from catalog.facts import ProductFacts
from personalization import persons, product_space, trails, transposition
from personalization.evidence import (
    NOTHING_BESIDE,
    NOWHERE_WALKED,
    Beside,
    Evidence,
    Here,
    Shelves,
    Walked,
    propose,
)
from personalization.features import features
from personalization.markers.live_visit import LiveVisit
from personalization.memory import recall
from personalization.memory.live import LiveMemory
from personalization.memory.recall import Analogues
from personalization.merchandising.counts import Merchandise
from personalization.persons import NOTHING_TODAY, Lived
from personalization.trails import NOBODY, Followed, Trails, person_of
from personalization.transposition import NOWHERE, Ground, Moves

POPULAR = 60  # popular products that are always considered, so that an answer can be filled
LATELY = 0.04  # share of the visits, the newest, that tells what is met these days
FEWEST = 500  # visits that tell it, at least
HALF_LIFE = 30.0  # days in which an earlier visit counts half among the visitor's own
RECENT = 12  # of the last products, those that speak for what goes with them


class Asker(Protocol):
    """Who asks, of a question."""

    @property
    def visit(self) -> LiveVisit:
        """The visit so far, folded."""

    @property
    def visitor_key(self) -> str:
        """Whose it is, see `trails.person_of`."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """The evidence of one question, and what its explanation needs."""

    evidence: Evidence
    moves: Moves
    similarity: NDArray[np.float32]  # (analogues,)
    start: int  # today's product the moves were made from, −1 none


@dataclass(frozen=True, slots=True)
class Terrain:
    """A store's products as a memory sees them: its space stretched over today's catalog, a row a position.

    Attributes:
        shelves: the catalog as evidence reads it; its prices are those of no instant, see `at`.
        neighbours: int32 (products, n), −1 where fewer.
        by_popularity: int32 (products,), positions, the most popular first.
        facts: the catalog it was stretched over.
    """

    shelves: Shelves
    neighbours: NDArray[np.int32]
    by_popularity: NDArray[np.int32]
    facts: ProductFacts

    def ground(self, *, eligible: NDArray[np.bool_], now: float) -> Ground:
        """What transposition stands on for one question."""
        return Ground(
            coordinates=self.shelves.coordinates,
            neighbours=self.neighbours,
            facts=self.facts,
            prices=self.facts.price_at(now).astype(np.float32),
            eligible=eligible,
        )

    def at(self, ground: Ground) -> Shelves:
        """The shelves at a question's prices."""
        return replace(self.shelves, prices=ground.prices)

    def popular(self, *, eligible: NDArray[np.bool_]) -> NDArray[np.int32]:
        """int32 (≤ POPULAR,): the most popular eligible products."""
        head = self.by_popularity[: 20 * POPULAR]
        found = head[eligible[head]]
        if len(found) < POPULAR:
            found = self.by_popularity[eligible[self.by_popularity]]
        return found[:POPULAR]


def terrain(memory: LiveMemory, *, facts: ProductFacts) -> Terrain:
    """Stretch the memory's space over the catalog: what was launched since stands amid its category."""
    coordinates, neighbours, popularity = _stretched(memory, facts)
    met = _padded(memory.landscape.met, len(facts))
    category = facts.category.astype(np.int32)
    best = np.lexsort((-met, category)).astype(np.int32)
    shelves = Shelves(
        coordinates=coordinates,
        popularity=popularity,
        category=category,
        met_lately=_met_rate(memory.trails, newest=LATELY, catalog=len(facts)),
        met_ever=_met_rate(memory.trails, newest=1.0, catalog=len(facts)),
        met_share=_share_of_category(met, category),
        sold_share=_share_of_category(_padded(memory.merchandise.selling, len(facts)), category),
        prices=np.full(len(facts), np.nan, np.float32),
        best=best,
        starts=np.searchsorted(category[best], np.arange(int(category.max(initial=-1)) + 2)).astype(np.int64),
    )
    by_popularity = np.argsort(-popularity, kind="stable").astype(np.int32)
    return Terrain(shelves=shelves, neighbours=neighbours, by_popularity=by_popularity, facts=facts)


def gather(*, memory: LiveMemory, question: Asker, analogues: Analogues, ground: Ground, now: float) -> Gathered:
    """All that speaks for products in a visit."""
    visit, catalog = question.visit, len(ground.coordinates)
    ids, views = ground.facts.item_ids, visit.path.views
    known = [product for product in visit.intent.last_products if product < catalog]
    similar = recall.similarity(analogues, bandwidth=memory.bandwidth)
    recalled, moves = recall.evidence(analogues, similar, catalog=catalog)
    start = known[0] if known else NOWHERE
    own = _own_past(memory, question, now=now, catalog=catalog)
    in_cart = [line.product for line in visit.cart.lines.values() if 0 <= line.product < catalog]
    here = Here(
        seen=np.array(known, np.int32),
        times=np.array([views.get(ids[product], 1) for product in known], np.float32),
        in_cart=np.array(in_cart, np.int32),
        listed=np.array([product for product in visit.path.listed if 0 <= product < catalog], np.int32),
        focus=np.array(visit.intent.recent, np.float32),
        steps=visit.count,
        visits=len(own.visit_days),
    )
    evidence = Evidence(
        here=here,
        followed=_followed(memory, known, now),
        recalled=recalled,
        transposed=transposition.transpose(moves, start=start, ground=ground),
        walked=_walked(memory, [product for product in visit.intent.looks if product < catalog]),
        beside=beside(memory.merchandise, in_cart or known[:RECENT]),
        own=persons.dealings(own, half_life=HALF_LIFE),
    )
    return Gathered(evidence=evidence, moves=moves, similarity=similar, start=start)


def candidates(gathered: Gathered, land: Terrain, ground: Ground) -> NDArray[np.int32]:
    """int32 (n,): the eligible products that the evidence proposes, and popular ones."""
    popular = land.popular(eligible=ground.eligible)
    return propose(gathered.evidence, shelves=land.shelves, popular=popular, eligible=ground.eligible)


def features_of(products: NDArray[np.int32], gathered: Gathered, land: Terrain, ground: Ground) -> NDArray[np.float32]:
    """float32 (candidates, features), see `features.FEATURES`."""
    return features(products, gathered.evidence, shelves=land.at(ground))


def beside(merchandise: Merchandise, products: list[int]) -> Beside:
    """What was bought or carted together with these products."""
    together = merchandise.bought_with
    rows = [together.of(product) for product in products]
    found = np.concatenate([np.empty(0, np.int32), *(together.products[row] for row in rows)])
    weights = np.concatenate([np.empty(0, np.float32), *(together.weights[row] for row in rows)])
    if not len(found):
        return NOTHING_BESIDE
    origins = np.repeat(np.array(products, np.int32), [row.stop - row.start for row in rows])
    unique, inverse = np.unique(found, return_inverse=True)
    summed = np.bincount(inverse, weights=weights)
    order = np.lexsort((-weights, found))
    strongest = order[np.searchsorted(found[order], unique)]
    return Beside(
        products=unique.astype(np.int32),
        share=(summed / max(float(summed.sum()), 1e-9)).astype(np.float32),
        origin=origins[strongest],
    )


def _walked(memory: LiveMemory, looks: list[int]) -> Walked:
    """Where learned transitions lead from what the visit looked at, newest first."""
    if memory.transitions is None:
        return NOWHERE_WALKED
    learned = memory.transitions
    return Walked(
        recent=learned.walk(looks, recency=memory.walk_recency),
        last=learned.walk(looks[:1], recency=1.0),
        step=learned.step(looks),
    )


def _own_past(memory: LiveMemory, question: Asker, *, now: float, catalog: int) -> Lived:
    """What the visitor did on earlier visits; nothing of a visit that began within a visit's gap before this one."""
    visit = question.visit
    began = visit.first.at if visit.first is not None else now
    held = [trails for trails in (memory.trails, memory.appended) if trails is not None]
    person = person_of(question.visitor_key) if visit.context.consent else NOBODY
    return persons.lived(person, held, today=NOTHING_TODAY, before=began, now=now, catalog=catalog)


def _met_rate(trails: Trails | None, *, newest: float, catalog: int) -> NDArray[np.float32]:
    """float32 (products,): log(1 + of 10,000 visits, how many met it), counted over the newest share of visits."""
    count = 0 if trails is None else min(len(trails), max(round(newest * len(trails)), FEWEST))
    if trails is None or not count:
        return np.zeros(catalog, np.float32)
    products = trails.products[int(trails.offsets[-1 - count]) :]
    met = np.bincount(products[products < catalog], minlength=catalog)
    return np.log1p(10_000 * met / count).astype(np.float32)


def _share_of_category(weights: NDArray[np.float32], category: NDArray[np.int32]) -> NDArray[np.float32]:
    """float32 (products,): each product's share of its category, half a meeting lent to all; 0 without a category."""
    lent = weights + 0.5
    total = np.bincount(
        category[category >= 0], weights=lent[category >= 0], minlength=int(category.max(initial=-1)) + 2
    )
    return np.where(category >= 0, lent / np.maximum(total[category], 1e-9), 0.0).astype(np.float32)


def _padded(values: NDArray[np.float32], count: int) -> NDArray[np.float32]:
    """float32 (count,): zeros for what was launched since."""
    return np.pad(values[:count], (0, max(count - len(values), 0))).astype(np.float32)


def _followed(memory: LiveMemory, seen: list[int], now: float) -> Followed:
    """Trails of the rebuild and those appended since, as one."""
    if memory.trails is None:
        return trails.NOTHING
    followed = memory.trails.follow(seen, now=now, settings=memory.follow)
    if memory.appended is None:
        return followed
    return trails.joined(followed, memory.appended.follow(seen, now=now, settings=memory.follow))


def _stretched(
    memory: LiveMemory, facts: ProductFacts
) -> tuple[NDArray[np.float32], NDArray[np.int32], NDArray[np.float32]]:
    """Coordinates, neighbours and popularity with a row for every position of the catalog."""
    space = memory.landscape
    known, missing = len(space.coordinates), len(facts) - len(space.coordinates)
    if missing <= 0:
        return (
            space.coordinates[: len(facts)],
            memory.neighbours[: len(facts)],
            space.popularity[: len(facts)],
        )
    width = memory.neighbours.shape[1] if memory.neighbours.ndim == 2 else 0
    coordinates = np.concatenate([space.coordinates, np.zeros((missing, product_space.DIMENSIONS), np.float32)])
    neighbours = np.concatenate([memory.neighbours.reshape(known, width), np.full((missing, width), NOWHERE, np.int32)])
    for position in range(known, len(facts)):
        _settle(position, known, coordinates, neighbours, facts.category)
    return coordinates, neighbours, np.concatenate([space.popularity, np.zeros(missing, np.float32)])


def _settle(
    position: int,
    known: int,
    coordinates: NDArray[np.float32],
    neighbours: NDArray[np.int32],
    category: NDArray[np.int32],
) -> None:
    """Give a newly launched product the centre of its category, and its siblings a way to it."""
    siblings = np.flatnonzero(category[:known] == category[position]) if category[position] >= 0 else np.empty(0, int)
    if not len(siblings) or not neighbours.shape[1]:
        return
    centre = coordinates[siblings].mean(axis=0)
    coordinates[position] = centre / max(float(np.linalg.norm(centre)), 1e-6)
    closest = siblings[np.argsort(-(coordinates[siblings] @ coordinates[position]), kind="stable")]
    closest = closest[: neighbours.shape[1]]
    neighbours[position, : len(closest)] = closest
    # Newcomers share the last places of their siblings' lists, so that a move there can reach them.
    neighbours[closest, -1 - position % max(neighbours.shape[1] // 3, 1)] = position
