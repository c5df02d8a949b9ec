"""Transposition: what worked there becomes what would work here, by relation and not by copy.

When analogous visitors moved from A to B, the same move is made from today's product A′: through the product space
(the point A′ + (B − A)) and through attributes (same category, same brand, cheaper …). Products that no memory has
ever seen are reached this way, and a success that is out of stock passes to what stands in for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import compress

import numpy as np
from numpy.typing import NDArray

from catalog.facts import ProductFacts
from personalization.lookup import distinct

MOVES = 16  # heaviest moves that are transposed
PER_MOVE = 8  # products each of them may reach
TEMPERATURE = 0.15  # in cosine: how near the transposed point a product must stand
SIMILAR_PRICE = 0.10  # prices within ± this share count as similar

NOWHERE = -1
TRAITS = ("same_category", "complement", "same_brand", "cheaper", "dearer", "similar_price", "newer")


@dataclass(frozen=True, slots=True)
class Moves:
    """What analogous visitors did next, one row a move A → B.

    Attributes:
        origin: int32 (m,), A, the product in focus at the analogous instant; −1 when there was none.
        success: int32 (m,), B.
        view, cart, purchase: float32 (m,), similarity-weighted evidence that B was then viewed, carted, bought.
    """

    origin: NDArray[np.int32]
    success: NDArray[np.int32]
    view: NDArray[np.float32]
    cart: NDArray[np.float32]
    purchase: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Transposed:
    """Products reached by making those moves from today's product; arrays by candidate.

    Attributes:
        products: int32 (n,), ascending.
        view, cart, purchase: float32 (n,), evidence.
        origin, success: int32 (n,), the strongest move that led there.
    """

    products: NDArray[np.int32]
    view: NDArray[np.float32]
    cart: NDArray[np.float32]
    purchase: NDArray[np.float32]
    origin: NDArray[np.int32]
    success: NDArray[np.int32]


NOTHING = Transposed(
    products=np.empty(0, np.int32),
    view=np.empty(0, np.float32),
    cart=np.empty(0, np.float32),
    purchase=np.empty(0, np.float32),
    origin=np.empty(0, np.int32),
    success=np.empty(0, np.int32),
)


@dataclass(frozen=True, slots=True)
class Ground:
    """What transposition stands on; row p is the product at catalog position p.

    Attributes:
        coordinates: float32 (products, 32), unit length or zero.
        neighbours: int32 (products, n), the nearest products of each in the space, −1 where there are fewer.
        facts: categories and brands.
        prices: float32 (products,), prices now, NaN unknown.
        eligible: bool (products,), what may be shown.
    """

    coordinates: NDArray[np.float32]
    neighbours: NDArray[np.int32]
    facts: ProductFacts
    prices: NDArray[np.float32]
    eligible: NDArray[np.bool_]


def transpose(moves: Moves, *, start: int, ground: Ground) -> Transposed:
    """The moves, made from the product at position `start` (NOWHERE: each move starts from its own origin)."""
    heaviest = _heaviest(moves, len(ground.coordinates))
    if not len(heaviest.success):
        return NOTHING
    starts = np.where(start == NOWHERE, heaviest.origin, np.int32(start)).astype(np.int32)
    targets = _targets(heaviest, starts, ground.coordinates)
    pool = _pool(heaviest, starts, ground)
    if not len(pool):
        return NOTHING
    fit = np.exp((ground.coordinates[pool] @ targets.T - 1.0) / TEMPERATURE)
    fit *= _agreement(heaviest, starts if start == NOWHERE else starts[:1], pool, ground)
    if len(pool) > PER_MOVE:
        floor = np.partition(fit, -PER_MOVE, axis=0)[-PER_MOVE]
        fit = np.where(fit >= floor, fit, 0.0)
    strongest = np.argmax(fit * _weight(heaviest), axis=1)
    return Transposed(
        products=pool,
        view=(fit @ heaviest.view).astype(np.float32),
        cart=(fit @ heaviest.cart).astype(np.float32),
        purchase=(fit @ heaviest.purchase).astype(np.float32),
        origin=heaviest.origin[strongest],
        success=heaviest.success[strongest],
    )


def traits(start: int, product: int, *, facts: ProductFacts, prices: NDArray[np.float32]) -> tuple[str, ...]:
    """What a move from a start to a product keeps or changes, in words of TRAITS; nothing from or to NOWHERE."""
    if NOWHERE in (start, product):
        return ()
    before, after = int(facts.category[start]), int(facts.category[product])
    placed = NOWHERE not in (before, after)
    brand = int(facts.brand[start])
    step = float(_price_step(prices[start], prices[product]))
    held = (  # as TRAITS
        placed and before == after,
        placed and before != after,
        brand != NOWHERE and brand == facts.brand[product],
        step < 0,
        step > 0,
        step == 0,
        facts.launched_at[product] > facts.launched_at[start],
    )
    return tuple(compress(TRAITS, held))


def _heaviest(moves: Moves, catalog: int) -> Moves:
    """Moves to and from products of the space, equal ones summed, at most MOVES."""
    known = (moves.success >= 0) & (moves.success < catalog) & (moves.origin < catalog)
    known &= moves.success != moves.origin  # who stayed made no move
    keys = (moves.origin[known].astype(np.int64) + 1) * catalog + moves.success[known]
    unique, inverse = np.unique(keys, return_inverse=True)
    view, cart, purchase = (
        np.bincount(inverse, weights=weights[known], minlength=len(unique)).astype(np.float32)
        for weights in (moves.view, moves.cart, moves.purchase)
    )
    summed = Moves(
        origin=(unique // max(catalog, 1) - 1).astype(np.int32),
        success=(unique % max(catalog, 1)).astype(np.int32),
        view=view,
        cart=cart,
        purchase=purchase,
    )
    best = np.argsort(-_weight(summed), kind="stable")[:MOVES]
    return Moves(
        origin=summed.origin[best],
        success=summed.success[best],
        view=view[best],
        cart=cart[best],
        purchase=purchase[best],
    )


def _weight(moves: Moves) -> NDArray[np.float32]:
    """float32 (moves,): how much a move counts when few can be made; a purchase tells more than a view."""
    return np.asarray(moves.view + 2 * moves.cart + 4 * moves.purchase, dtype=np.float32)


def _targets(moves: Moves, starts: NDArray[np.int32], coordinates: NDArray[np.float32]) -> NDArray[np.float32]:
    """float32 (moves, 32): the points the moves lead to from `starts`, of unit length."""
    shift = np.where((starts >= 0)[:, None], coordinates[starts] - coordinates[moves.origin], 0.0)
    shift[moves.origin < 0] = 0.0
    points = coordinates[moves.success] + shift
    return np.asarray(points / np.maximum(np.linalg.norm(points, axis=1, keepdims=True), 1e-6), dtype=np.float32)


def _pool(moves: Moves, starts: NDArray[np.int32], ground: Ground) -> NDArray[np.int32]:
    """Products near a success or near a start that may be shown."""
    near = np.concatenate([moves.success, starts[starts >= 0]])
    pool = distinct(np.concatenate([near, ground.neighbours[near].ravel()]))
    pool = pool[(pool >= 0) & (pool < len(ground.eligible))]
    return np.asarray(pool[ground.eligible[pool]], dtype=np.int32)


def _agreement(moves: Moves, starts: NDArray[np.int32], pool: NDArray[np.int32], ground: Ground) -> NDArray[np.float32]:
    """float32 (pool, moves) in [0.25, 1]: how far start → product keeps what origin → success kept.

    `starts` int32 (moves,), or (1,) where all moves start alike.
    """
    agreed = np.zeros((len(pool), len(moves.success)), np.int8)
    for column in (ground.facts.category, ground.facts.brand):
        there = (column[moves.origin] == column[moves.success]) & (moves.origin >= 0) & (column[moves.success] >= 0)
        here = (column[pool][:, None] == column[starts][None, :]) & (starts >= 0) & (column[pool][:, None] >= 0)
        agreed += here == there
    there_step = _price_step(_price_of(moves.origin, ground), ground.prices[moves.success])
    here_step = _price_step(_price_of(starts, ground)[None, :], ground.prices[pool][:, None])
    agreed += (here_step == there_step) | np.isnan(here_step) | np.isnan(there_step)
    return np.asarray(0.25 + 0.25 * agreed, dtype=np.float32)


def _price_of(products: NDArray[np.int32], ground: Ground) -> NDArray[np.float32]:
    """float32: what they cost, NaN where there is no product."""
    return np.asarray(np.where(products >= 0, ground.prices[products], np.nan), dtype=np.float32)


def _price_step(
    before: NDArray[np.float32] | np.float32, after: NDArray[np.float32] | np.float32
) -> NDArray[np.float32]:
    """−1 cheaper, 0 similar, +1 dearer, NaN when a price is unknown."""
    with np.errstate(invalid="ignore", divide="ignore"):
        change = np.asarray(after / before - 1.0, dtype=np.float32)
    steps = np.sign(change) * (np.abs(change) > SIMILAR_PRICE)
    return np.where(np.isfinite(change), steps, np.nan).astype(np.float32)
