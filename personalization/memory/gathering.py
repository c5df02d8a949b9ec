"""Evidence gathered for one visit: trails followed, analogues recalled, their moves transposed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from personalization import persons, trails, transposition
from personalization.display import categories_on_display, open_product
from personalization.evidence import (
    NOTHING_BESIDE,
    NOWHERE_WALKED,
    Beside,
    Evidence,
    Here,
    Walked,
    propose,
)
from personalization.features import features
from personalization.kindred import NO_KIN
from personalization.markers.live_visit import LiveVisit
from personalization.memory import recall
from personalization.memory.live import LiveMemory
from personalization.memory.recall import Analogues
from personalization.memory.terrain import Terrain
from personalization.merchandising.counts import Merchandise
from personalization.persons import NOTHING_TODAY, Lived
from personalization.trails import NOBODY, Followed, person_of
from personalization.transposition import NOWHERE, Ground, Moves

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


def gather(*, memory: LiveMemory, question: Asker, analogues: Analogues, ground: Ground, now: float) -> Gathered:
    """All that speaks for products in a visit."""
    visit, catalog = question.visit, len(ground.coordinates)
    ids, views = ground.facts.item_ids, visit.path.views
    known = [product for product in visit.intent.last_products if product < catalog]
    similar = recall.similarity(analogues, bandwidth=memory.bandwidth)
    recalled, moves = recall.evidence(analogues, similar, catalog=catalog)
    start = known[0] if known else NOWHERE
    own = _own_past(memory, question, now=now, catalog=catalog)
    looks = [product for product in visit.intent.looks if product < catalog]
    in_cart = [line.product for line in visit.cart.lines.values() if 0 <= line.product < catalog]
    stays = sum(newer == older for newer, older in pairwise(looks))
    here = Here(
        seen=np.array(known, np.int32),
        times=np.array([views.get(ids[product], 1) for product in known], np.float32),
        stays=stays,
        returns=len(looks) - len(set(looks)) - stays,
        in_cart=np.array(in_cart, np.int32),
        listed=np.array([product for product in visit.path.listed if 0 <= product < catalog], np.int32),
        page=open_product(visit, ground.facts),
        displayed=categories_on_display(visit, ground.facts),
        focus=np.array(visit.intent.recent, np.float32),
        steps=visit.count,
        visits=len(own.visit_days),
        at=now,
    )
    evidence = Evidence(
        here=here,
        followed=_followed(memory, known, now),
        recalled=recalled,
        transposed=transposition.transpose(moves, start=start, ground=ground),
        walked=_walked(memory, looks),
        beside=beside(memory.merchandise, in_cart or known[:RECENT]),
        kin=memory.kindred.of(looks) if memory.kindred is not None else NO_KIN,
        own=persons.dealings(own, half_life=HALF_LIFE),
    )
    return Gathered(evidence=evidence, moves=moves, similarity=similar, start=start)


def without_trail(memory: LiveMemory, visit_id: int) -> LiveMemory:
    """The memory as if one of its visits had left no trail; what was learned of all of them together stays."""
    silenced = np.array([visit_id], np.int64)
    trails, appended = (held and held.silencing(silenced) for held in (memory.trails, memory.appended))
    return replace(memory, trails=trails, appended=appended)


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


def _followed(memory: LiveMemory, seen: list[int], now: float) -> Followed:
    """Trails of the rebuild and those appended since, as one."""
    if memory.trails is None:
        return trails.NOTHING
    followed = memory.trails.follow(seen, now=now, settings=memory.follow)
    if memory.appended is None:
        return followed
    return trails.joined(followed, memory.appended.follow(seen, now=now, settings=memory.follow))
