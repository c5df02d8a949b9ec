"""Evidence gathered for one visit: trails followed, analogues recalled, their moves transposed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from catalog.facts import ProductFacts
from personalization import product_space, trails, transposition
from personalization.estimation import Evidence, Here, features, propose
from personalization.markers.live_visit import LiveVisit
from personalization.memory import recall
from personalization.memory.live import LiveMemory
from personalization.memory.recall import Analogues
from personalization.trails import Followed
from personalization.transposition import NOWHERE, Ground, Moves

MOST_CANDIDATES = 400
POPULAR = 60  # popular products that are always considered, so that an answer can be filled


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
        coordinates: float32 (products, 32).
        neighbours: int32 (products, n), −1 where fewer.
        popularity: float32 (products,).
        by_popularity: int32 (products,), positions, the most popular first.
        facts: the catalog it was stretched over.
    """

    coordinates: NDArray[np.float32]
    neighbours: NDArray[np.int32]
    popularity: NDArray[np.float32]
    by_popularity: NDArray[np.int32]
    facts: ProductFacts

    def ground(self, *, eligible: NDArray[np.bool_], now: float) -> Ground:
        """What transposition stands on for one question."""
        return Ground(
            coordinates=self.coordinates,
            neighbours=self.neighbours,
            facts=self.facts,
            prices=self.facts.price_at(now).astype(np.float32),
            eligible=eligible,
        )

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
    return Terrain(
        coordinates=coordinates,
        neighbours=neighbours,
        popularity=popularity,
        by_popularity=np.argsort(-popularity, kind="stable").astype(np.int32),
        facts=facts,
    )


def gather(*, memory: LiveMemory, visit: LiveVisit, analogues: Analogues, ground: Ground, now: float) -> Gathered:
    """All that speaks for products in this visit."""
    catalog = len(ground.coordinates)
    ids, views = ground.facts.item_ids, visit.path.views
    known = [product for product in visit.intent.last_products if product < catalog]
    similar = recall.similarity(analogues, bandwidth=memory.bandwidth)
    recalled, moves = recall.evidence(analogues, similar, catalog=catalog)
    start = known[0] if known else NOWHERE
    here = Here(
        seen=np.array(known, np.int32),
        times=np.array([views.get(ids[product], 1) for product in known], np.float32),
        in_cart=np.array([line.product for line in visit.cart.lines.values() if line.product >= 0], np.int32),
        focus=np.array(visit.intent.recent, np.float32),
        steps=visit.count,
    )
    evidence = Evidence(
        here=here,
        followed=_followed(memory, known, now),
        recalled=recalled,
        transposed=transposition.transpose(moves, start=start, ground=ground),
    )
    return Gathered(evidence=evidence, moves=moves, similarity=similar, start=start)


def candidates(gathered: Gathered, land: Terrain, ground: Ground) -> NDArray[np.int32]:
    """int32 (n,): the eligible products that the evidence proposes, and popular ones."""
    popular = land.popular(eligible=ground.eligible)
    return propose(gathered.evidence, popular=popular, eligible=ground.eligible, most=MOST_CANDIDATES)


def features_of(products: NDArray[np.int32], gathered: Gathered, land: Terrain, ground: Ground) -> NDArray[np.float32]:
    """float32 (candidates, features), see `estimation.FEATURES`."""
    return features(
        products,
        gathered.evidence,
        coordinates=land.coordinates,
        popularity=land.popularity,
        prices=ground.prices,
        categories=land.facts.category,
    )


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
