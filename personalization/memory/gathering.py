"""Evidence gathered for one visit: trails followed, analogues recalled, their moves transposed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from catalog.facts import ProductFacts
from personalization import trails, transposition
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
    """A store's products as a memory sees them at an instant: its space stretched over today's catalog.

    Attributes:
        ground: what transposition stands on.
        popularity: float32 (products,).
        popular: int32 (n,), the most popular products.
    """

    ground: Ground
    popularity: NDArray[np.float32]
    popular: NDArray[np.int32]


def terrain(memory: LiveMemory, *, facts: ProductFacts, eligible: NDArray[np.bool_], instant: float) -> Terrain:
    """Stretch the memory's space over the catalog: what was launched since stands amid its category."""
    coordinates, neighbours, popularity = _stretched(memory, facts)
    ranked = np.argsort(-np.where(eligible, popularity, -1.0), kind="stable")[:POPULAR]
    ground = Ground(
        coordinates=coordinates,
        neighbours=neighbours,
        facts=facts,
        prices=facts.price_at(instant).astype(np.float32),
        eligible=eligible,
    )
    return Terrain(ground=ground, popularity=popularity, popular=ranked.astype(np.int32))


def gather(
    *, memory: LiveMemory, visit: LiveVisit, analogues: Analogues, ground: Ground, now: float
) -> Gathered:
    """All that speaks for products in this visit."""
    seen = visit.intent.last_products
    catalog = len(ground.coordinates)
    similar = recall.similarity(analogues, bandwidth=memory.bandwidth)
    recalled, moves = recall.evidence(analogues, similar, catalog=catalog)
    start = next((product for product in seen if product < catalog), NOWHERE)
    here = Here(
        seen=np.array(seen, np.int32),
        times=np.ones(len(seen), np.float32),
        in_cart=np.array([line.product for line in visit.cart.lines.values() if line.product >= 0], np.int32),
        focus=np.array(visit.intent.recent, np.float32),
        steps=visit.count,
    )
    evidence = Evidence(
        here=here,
        followed=_followed(memory, seen, now),
        recalled=recalled,
        transposed=transposition.transpose(moves, start=start, ground=ground),
    )
    return Gathered(evidence=evidence, moves=moves, similarity=similar, start=start)


def candidates(gathered: Gathered, land: Terrain) -> NDArray[np.int32]:
    """int32 (n,): the eligible products that the evidence proposes."""
    return propose(gathered.evidence, popular=land.popular, eligible=land.ground.eligible, most=MOST_CANDIDATES)


def features_of(products: NDArray[np.int32], gathered: Gathered, land: Terrain) -> NDArray[np.float32]:
    """float32 (candidates, features), see `estimation.FEATURES`."""
    return features(
        products,
        gathered.evidence,
        coordinates=land.ground.coordinates,
        popularity=land.popularity,
        prices=land.ground.prices,
        categories=land.ground.facts.category,
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
        return space.coordinates[: len(facts)], memory.neighbours[: len(facts)], space.popularity[: len(facts)]
    width = memory.neighbours.shape[1] if memory.neighbours.ndim == 2 else 0
    centres = np.zeros((missing, space.coordinates.shape[1]), np.float32)
    near = np.full((missing, width), NOWHERE, np.int32)
    for row, category in enumerate(facts.category[known:].tolist()):
        siblings = np.flatnonzero(facts.category[:known] == category) if category >= 0 else np.empty(0, np.int64)
        if len(siblings):
            centre = space.coordinates[siblings].mean(axis=0)
            centres[row] = centre / max(float(np.linalg.norm(centre)), 1e-6)
            closest = siblings[np.argsort(-(space.coordinates[siblings] @ centres[row]))][:width]
            near[row, : len(closest)] = closest
    return (
        np.concatenate([space.coordinates, centres]),
        np.concatenate([memory.neighbours, near]),
        np.concatenate([space.popularity, np.zeros(missing, np.float32)]),
    )
