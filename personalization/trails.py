"""Trails: the products of every past visit in order, the evidence that a dense vector blurs.

Recall by vector finds visits that feel alike; trails find visits that met the very same products. Both VMIS-kNN
(Kersbergen et al., SIGMOD 2022) and STAN (Garg et al., SIGIR 2019) shaped this module: an index from a product to
the newest trails through it, decays by recency of the click, by age of the trail and by distance inside it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

# What happened to a product in a visit, the strongest kept.
VIEW, CART, PURCHASE = 1, 2, 3  # as in `memory.payload`

NOBODY = 0  # whose trail cannot be tied to any other


def person_of(visitor_key: str) -> int:
    """Whose trail it is: a stable 63-bit number of the visitor, NOBODY for a bare session (keys that begin `s:`)."""
    if not visitor_key.startswith("v:"):
        return NOBODY
    return int.from_bytes(blake2b(visitor_key.encode(), digest_size=8).digest(), "big") >> 1


@dataclass(frozen=True, slots=True)
class FollowSettings:
    """How trails are followed; the defaults hold until a rebuild learns better ones.

    Attributes:
        recent: how many of the visit's last distinct products are looked up.
        per_product: newest trails looked at per product.
        neighbours: trails kept, most alike first.
        recency: decay of a product's weight per step back in today's visit, in products.
        age_days: decay of a trail's weight with its age.
        distance: decay inside a trail with the distance from the shared product, in products.
        backward: weight of what came before the shared product against what came after it.
    """

    recent: int = 12
    per_product: int = 1000
    neighbours: int = 500
    recency: float = 2.0
    age_days: float = 60.0
    distance: float = 2.0
    backward: float = 0.5


@dataclass(frozen=True, slots=True)
class Followed:
    """What past visits that met the same products did with others; arrays by candidate.

    Attributes:
        products: int32 (n,) catalog positions, ascending.
        view, cart, purchase: float32 (n,), summed weights of trails in which it was met, carted, bought.
        after: float32 (n,), of trails in which it came directly after the shared product.
        origin: int32 (n,), the shared product from which the strongest trail led there.
        support: float32 (n,), effective number of trails (Kish) that speak for it.
        mass: total weight of the trails that were followed.
    """

    products: NDArray[np.int32]
    view: NDArray[np.float32]
    cart: NDArray[np.float32]
    purchase: NDArray[np.float32]
    after: NDArray[np.float32]
    origin: NDArray[np.int32]
    support: NDArray[np.float32]
    mass: float


NOTHING = Followed(
    products=np.empty(0, np.int32),
    view=np.empty(0, np.float32),
    cart=np.empty(0, np.float32),
    purchase=np.empty(0, np.float32),
    after=np.empty(0, np.float32),
    origin=np.empty(0, np.int32),
    support=np.empty(0, np.float32),
    mass=0.0,
)


@dataclass(frozen=True, slots=True)
class Trails:
    """Past visits as compressed rows, oldest first, and the index from a product to the trails through it.

    Attributes:
        offsets: int64 (v + 1,), row v is products[offsets[v]:offsets[v + 1]].
        products: int32 (t,), distinct within a row, in the order first met.
        kinds: uint8 (t,), VIEW, CART or PURCHASE.
        ended: float64 (v,), seconds since 1970.
        visits: int64 (v,), visit ids.
        persons: int64 (v,), see `person_of`.
        by_person: int32 (v,), rows by person, the newest first within one.
        look_offsets: int64 (v + 1,); looks: int32 (l,), what row v looked at in order, repeats included.
        index_offsets: int64 (catalog + 1,).
        index_trails: int32 (t,), newest trail first within a product.
        index_steps: int32 (t,), where in that trail the product stands.
    """

    offsets: NDArray[np.int64]
    products: NDArray[np.int32]
    kinds: NDArray[np.uint8]
    ended: NDArray[np.float64]
    visits: NDArray[np.int64]
    persons: NDArray[np.int64]
    by_person: NDArray[np.int32]
    look_offsets: NDArray[np.int64]
    looks: NDArray[np.int32]
    index_offsets: NDArray[np.int64]
    index_trails: NDArray[np.int32]
    index_steps: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.ended)

    def follow(self, recent: list[int], *, now: float, settings: FollowSettings) -> Followed:
        """Where trails through the visit's recent products (newest first, distinct) led."""
        trails, weights, steps, origins = self._neighbours(recent, now=now, settings=settings)
        if not len(trails):
            return NOTHING
        lengths = (self.offsets[trails + 1] - self.offsets[trails]).astype(np.int64)
        rows = np.repeat(np.arange(len(trails)), lengths)
        within = np.arange(int(lengths.sum())) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        places = np.repeat(self.offsets[trails], lengths) + within
        gap = (within - steps[rows]).astype(np.float32)
        nearness = np.exp(-np.abs(gap) / settings.distance) * np.where(gap > 0, 1.0, settings.backward)
        evidence = (weights[rows] * nearness).astype(np.float32)
        return _gather(
            self.products[places], self.kinds[places], evidence, gap == 1, origins[rows], float(weights.sum())
        )

    def without(self, visits: NDArray[np.int64]) -> Trails:
        """These trails as if some visits had never been."""
        rows = np.flatnonzero(~np.isin(self.visits, visits))
        offsets, products = _rows(self.offsets, self.products, rows)
        return index_trails(
            offsets=offsets,
            products=products,
            kinds=_rows(self.offsets, self.kinds, rows)[1],
            ended=self.ended[rows],
            visits=self.visits[rows],
            persons=self.persons[rows],
            catalog=len(self.index_offsets) - 1,
            looks=_rows(self.look_offsets, self.looks, rows),
        )

    def lived_by(self, person: int) -> NDArray[np.int32]:
        """int32 rows of one person's trails that are not silenced, the newest first; none for NOBODY."""
        if person == NOBODY:
            return np.empty(0, np.int32)
        start, stop = np.searchsorted(self.persons, [person, person + 1], sorter=self.by_person)
        rows = self.by_person[start:stop]
        return np.asarray(rows[np.isfinite(self.ended[rows])], dtype=np.int32)

    def silencing(self, visits: NDArray[np.int64]) -> Trails:
        """These trails with some visits weighing nothing, without the cost of indexing the others anew."""
        silenced = np.isin(self.visits, visits)
        return replace(self, ended=np.where(silenced, -np.inf, self.ended)) if silenced.any() else self

    def _neighbours(
        self, recent: list[int], *, now: float, settings: FollowSettings
    ) -> tuple[NDArray[np.int32], NDArray[np.float32], NDArray[np.int32], NDArray[np.int32]]:
        """Trails alike, their weights, and per trail the most recent shared product with its step."""
        catalog = len(self.index_offsets) - 1
        looked_up = [p for p in recent if 0 <= p < catalog][: settings.recent]
        pieces = []
        for back, product in enumerate(looked_up):
            start = int(self.index_offsets[product])
            stop = min(int(self.index_offsets[product + 1]), start + settings.per_product)
            pieces.append((start, stop, np.exp(-back / settings.recency), product))
        counts = np.array([stop - start for start, stop, _, _ in pieces], dtype=np.int64)
        if not counts.sum():
            empty = np.empty(0, np.int32)
            return empty, np.empty(0, np.float32), empty, empty
        found = np.concatenate([self.index_trails[start:stop] for start, stop, _, _ in pieces])
        steps = np.concatenate([self.index_steps[start:stop] for start, stop, _, _ in pieces])
        share = np.repeat(np.array([piece[2] for piece in pieces], dtype=np.float32), counts)
        origin = np.repeat(np.array([piece[3] for piece in pieces], dtype=np.int32), counts)
        # The pieces run from the most recent product back: the first hit of a trail is its most recent shared one.
        trails, first, inverse = np.unique(found, return_index=True, return_inverse=True)
        weights = np.bincount(inverse, weights=share).astype(np.float32)
        weights /= np.sqrt(self.offsets[trails + 1] - self.offsets[trails]).astype(np.float32)
        age = np.maximum(now - self.ended[trails], 0.0) / 86_400
        weights *= np.exp(-age / settings.age_days).astype(np.float32)
        if len(trails) > settings.neighbours:
            best = np.argpartition(-weights, settings.neighbours)[: settings.neighbours]
            trails, weights, first = trails[best], weights[best], first[best]
        return trails, weights, steps[first], origin[first]


def _gather(
    products: NDArray[np.int32],
    kinds: NDArray[np.uint8],
    evidence: NDArray[np.float32],
    directly: NDArray[np.bool_],
    origins: NDArray[np.int32],
    mass: float,
) -> Followed:
    """Sum the evidence by product."""
    unique, inverse = np.unique(products, return_inverse=True)
    total = np.bincount(inverse, weights=evidence)
    squares = np.bincount(inverse, weights=evidence * evidence)
    strongest = np.zeros(len(unique), np.float32)
    np.maximum.at(strongest, inverse, evidence)
    told = evidence == strongest[inverse]
    origin = np.empty(len(unique), np.int32)
    origin[inverse[told]] = origins[told]
    return Followed(
        products=unique,
        view=total.astype(np.float32),
        cart=np.bincount(inverse, weights=evidence * (kinds >= CART)).astype(np.float32),
        purchase=np.bincount(inverse, weights=evidence * (kinds >= PURCHASE)).astype(np.float32),
        after=np.bincount(inverse, weights=evidence * directly).astype(np.float32),
        origin=origin,
        support=(total * total / np.maximum(squares, 1e-30)).astype(np.float32),
        mass=mass,
    )


def index_trails(  # noqa: PLR0913 — the columns of a row
    *,
    offsets: NDArray[np.int64],
    products: NDArray[np.int32],
    kinds: NDArray[np.uint8],
    ended: NDArray[np.float64],
    visits: NDArray[np.int64],
    persons: NDArray[np.int64],
    catalog: int,
    looks: tuple[NDArray[np.int64], NDArray[np.int32]] | None = None,
) -> Trails:
    """Trails and their index from rows in any order; `catalog` counts positions.

    Without `looks` (offsets and products, rows as the others) each product was looked at once.
    """
    order = np.argsort(ended, kind="stable")  # by their end
    look_offsets, looked_at = _rows(*(looks or (offsets, products)), order)
    (offsets, products), (_, kinds) = _rows(offsets, products, order), _rows(offsets, kinds, order)
    lengths = np.diff(offsets)
    within = np.arange(len(products)) - np.repeat(offsets[:-1], lengths)
    rows = np.repeat(np.arange(len(order), dtype=np.int32), lengths)
    newest_first = np.lexsort((-rows, products))
    return Trails(
        offsets=offsets,
        products=products,
        kinds=kinds,
        ended=ended[order],
        visits=visits[order],
        persons=persons[order],
        look_offsets=look_offsets,
        looks=looked_at,
        by_person=np.lexsort((-np.arange(len(order)), persons[order])).astype(np.int32),
        index_offsets=np.searchsorted(products[newest_first], np.arange(catalog + 1)).astype(np.int64),
        index_trails=rows[newest_first],
        index_steps=within[newest_first].astype(np.int32),
    )


def _rows(
    offsets: NDArray[np.int64], values: NDArray[Any], rows: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[Any]]:
    """Some of compressed rows, in the order asked for."""
    lengths = np.diff(offsets)[rows]
    starts = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    within = np.arange(int(lengths.sum())) - np.repeat(starts[:-1], lengths)
    return starts, values[np.repeat(offsets[:-1][rows], lengths) + within]


def joined(left: Followed, right: Followed) -> Followed:
    """What two sets of trails say together."""
    if not left.mass or not right.mass:
        return left if left.mass else right
    products, inverse = np.unique(np.concatenate([left.products, right.products]), return_inverse=True)
    here, there = inverse[: len(left.products)], inverse[len(left.products) :]

    def summed(of_left: NDArray[np.float32], of_right: NDArray[np.float32]) -> NDArray[np.float32]:
        total = np.zeros(len(products), np.float32)
        total[here] += of_left
        total[there] += of_right
        return total

    origin = np.empty(len(products), np.int32)
    origin[there] = right.origin
    origin[here] = left.origin
    return Followed(
        products=products.astype(np.int32),
        view=summed(left.view, right.view),
        cart=summed(left.cart, right.cart),
        purchase=summed(left.purchase, right.purchase),
        after=summed(left.after, right.after),
        origin=origin,
        support=summed(left.support, right.support),
        mass=left.mass + right.mass,
    )
