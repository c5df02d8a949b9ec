"""Transitions: which product leads to which, learned from every trail at once.

A random walk (S-Walk: Choi et al., WSDM 2022) begins at today's product, moves to what is met together with it, by a
linear model in closed form (SLIS: Choi et al., WWW 2021), and goes on by what came directly next in past visits.
Where trails tell of visits alike, transitions tell of products, also of such as no single visit met together.

Each product's regression is restricted to the products most often met with it, which keeps the cost in proportion
to the catalog instead of its cube.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from threadpoolctl import threadpool_limits

from personalization.trails import Trails

LONGEST = 100  # products of a visit that count, the last ones: a wholesaler's basket may not outweigh a thousand visits
AFTER = (1.0, 0.02)  # what the next product counts, and the one after it
REGRESSORS = 150  # products whose weights towards one product are learned
RIDGE = 10.0
ROW = 200  # products kept a product
TOGETHER = 0.9  # share of the walk that leaves the product it begins at
ON = 0.5  # share that goes on at each step
STEPS = 4
_BLOCK = 4096  # products whose walks are held at a time


@dataclass(frozen=True, slots=True)
class Transitions:
    """Compressed rows, each in ascending order; row p tells where the product at catalog position p leads.

    Attributes:
        walk_offsets: int64 (products + 1,); walk_products: int32 (n,); walk_weights: float32 (n,), a row sums to at
            most 1: where a walk of some steps ends.
        step_offsets, step_products, step_weights: the same of what comes directly next.
    """

    walk_offsets: NDArray[np.int64]
    walk_products: NDArray[np.int32]
    walk_weights: NDArray[np.float32]
    step_offsets: NDArray[np.int64]
    step_products: NDArray[np.int32]
    step_weights: NDArray[np.float32]

    def walk(self, recent: list[int], *, recency: float) -> Reached:
        """Where walks from what was looked at (newest first) end; each counts e^−1/recency of the next newer."""
        return _reached(self.walk_offsets, self.walk_products, self.walk_weights, recent, recency)

    def step(self, recent: list[int]) -> Reached:
        """What comes directly after the newest product."""
        return _reached(self.step_offsets, self.step_products, self.step_weights, recent[:1], 1.0)


@dataclass(frozen=True, slots=True)
class Reached:
    """Products and how much leads to them.

    Attributes:
        products: int32 (n,), ascending.
        share: float32 (n,), sums to at most 1.
    """

    products: NDArray[np.int32]
    share: NDArray[np.float32]


NOWHERE_REACHED = Reached(np.empty(0, np.int32), np.empty(0, np.float32))


def _reached(
    offsets: NDArray[np.int64],
    products: NDArray[np.int32],
    weights: NDArray[np.float32],
    recent: list[int],
    recency: float,
) -> Reached:
    known = [product for product in recent if 0 <= product < len(offsets) - 1]
    if not known:
        return NOWHERE_REACHED
    rows = [slice(int(offsets[product]), int(offsets[product + 1])) for product in known]
    if len(rows) == 1:
        return Reached(products[rows[0]], weights[rows[0]])
    faded = np.exp(-np.arange(len(known)) / recency)
    ends = np.concatenate([products[row] for row in rows])
    shares = np.concatenate([weights[row] * fade for row, fade in zip(rows, faded / faded.sum(), strict=True)])
    unique, inverse = np.unique(ends, return_inverse=True)
    return Reached(unique, np.bincount(inverse, weights=shares, minlength=len(unique)).astype(np.float32))


def learn(
    trails: Trails,
    *,
    catalog: int,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Transitions:
    """The transitions of a store from its visits; `catalog` counts positions.

    `progress(done, total)` counts products, each regressed on others and then walked from.
    """
    offsets, products = _shortened(trails.offsets, trails.products, catalog)
    following = _normalised(_next(*_shortened(trails.look_offsets, trails.looks, catalog), catalog))
    together = _normalised(_together(offsets, products, catalog, lambda done: progress(done, 2 * catalog)))
    walked = _walked(together, following, lambda done: progress(catalog + done, 2 * catalog))
    for matrix in (walked, following):
        matrix.sort_indices()
    return Transitions(
        walk_offsets=walked.indptr.astype(np.int64),
        walk_products=walked.indices.astype(np.int32),
        walk_weights=walked.data.astype(np.float32),
        step_offsets=following.indptr.astype(np.int64),
        step_products=following.indices.astype(np.int32),
        step_weights=following.data.astype(np.float32),
    )


def _walked(
    together: sparse.csr_matrix, following: sparse.csr_matrix, advance: Callable[[int], None]
) -> sparse.csr_matrix:
    """Where the walks end; rows are walked some at a time, which bounds the memory."""
    here = sparse.identity(together.shape[0], format="csr", dtype=np.float32)
    start = (TOGETHER * together + (1 - TOGETHER) * here).tocsr()
    ended = []
    for first in range(0, start.shape[0], _BLOCK):
        begun = (1 - ON) * start[first : first + _BLOCK]
        walked = begun
        for _ in range(STEPS):
            walked = _thinned(begun + ON * (walked @ following))
        ended.append(walked)
        advance(min(first + _BLOCK, start.shape[0]))
    return sparse.csr_matrix(sparse.vstack(ended)) if ended else start


def _shortened(
    offsets: NDArray[np.int64], products: NDArray[np.int32], catalog: int
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """The last LONGEST products of each visit, of those the catalog holds."""
    lengths = np.diff(offsets)
    left = np.repeat(offsets[1:], lengths) - np.arange(len(products))  # products from here to the visit's end
    kept = (left <= LONGEST) & (products < catalog)
    visits = np.repeat(np.arange(len(lengths)), lengths)[kept]
    counts = np.bincount(visits, minlength=len(lengths))
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64), products[kept]


def _next(offsets: NDArray[np.int64], products: NDArray[np.int32], catalog: int) -> sparse.csr_matrix:
    """float32 (products, products): how often one came directly after the other, and faintly, with one in between."""
    visits = np.repeat(np.arange(len(offsets) - 1), np.diff(offsets))
    counts: sparse.csr_matrix = sparse.csr_matrix((catalog, catalog), dtype=np.float32)
    for gap, weight in enumerate(AFTER, start=1):
        same = visits[gap:] == visits[:-gap]
        before, after = products[:-gap][same], products[gap:][same]
        weights = np.full(len(before), weight, np.float32)
        counts = counts + sparse.coo_matrix((weights, (before, after)), counts.shape).tocsr()
    return counts


def _together(
    offsets: NDArray[np.int64], products: NDArray[np.int32], catalog: int, advance: Callable[[int], None]
) -> sparse.csr_matrix:
    """float32 (products, products): column q holds the ridge regression of q on what visits met beside it.

    A visit's inputs sum to 1, so that long visits weigh no more than short ones.
    """
    lengths = np.diff(offsets)
    shape = (len(lengths), catalog)
    met = sparse.csr_matrix((np.ones(len(products), np.float32), products, offsets), shape)
    shares = sparse.csr_matrix(
        (np.repeat(1 / np.maximum(lengths, 1), lengths).astype(np.float32), products, offsets), shape
    )
    gram, cross = (shares.T @ shares).tocsr(), (shares.T @ met).tocsc()
    columns = []
    with threadpool_limits(1, user_api="blas"):  # the systems are small: threads would only wait for each other
        for product in range(catalog):
            columns.append(_regression(gram, cross, product))
            if product % _BLOCK == 0:
                advance(product)
    sizes = [len(weights) for _, weights in columns]
    regressors = np.concatenate([np.empty(0, np.int32), *(found for found, _ in columns)])
    weights = np.concatenate([np.empty(0, np.float32), *(found for _, found in columns)])
    return sparse.csr_matrix((weights, (regressors, np.repeat(np.arange(catalog), sizes))), cross.shape)


def _regression(
    gram: sparse.csr_matrix, cross: sparse.csc_matrix, product: int
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """The products that tell of one, and how much."""
    here = slice(cross.indptr[product], cross.indptr[product + 1])
    regressors, target = cross.indices[here], cross.data[here]
    if len(regressors) > REGRESSORS:
        strongest = np.argpartition(-target, REGRESSORS)[:REGRESSORS]
        regressors, target = regressors[strongest], target[strongest]
    system = gram[regressors][:, regressors].toarray()
    system[np.diag_indices_from(system)] += RIDGE
    return regressors, np.linalg.solve(system, target).astype(np.float32)


def _normalised(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
    """What leads away from each product, as shares; negative weights lead nowhere."""
    matrix = sparse.csr_matrix(matrix.maximum(0))
    total = np.asarray(matrix.sum(axis=1)).ravel()
    return sparse.csr_matrix(sparse.diags(1 / np.where(total > 0, total, 1)).astype(np.float32) @ matrix)


def _thinned(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
    """The ROW heaviest entries of each row."""
    matrix = sparse.csr_matrix(matrix)
    lengths = np.diff(matrix.indptr)
    kept = np.ones(matrix.nnz, bool)
    for row in np.flatnonzero(lengths > ROW):
        here = slice(matrix.indptr[row], matrix.indptr[row + 1])
        kept[here] = False
        kept[matrix.indptr[row] + np.argpartition(-matrix.data[here], ROW)[:ROW]] = True
    rows = np.repeat(np.arange(matrix.shape[0]), lengths)[kept]
    offsets = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=matrix.shape[0]))])
    return sparse.csr_matrix((matrix.data[kept], matrix.indices[kept], offsets), matrix.shape)
