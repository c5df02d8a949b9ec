"""What a merchandiser counts: what sells, what is looked at together, what is bought together.

Co-visitation as merchants have counted it since item-to-item filtering (Linden, Smith & York 2003), nearer pairs of
a visit counting more (sequential rules, Ludewig & Jannach 2018), and old visits less.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

VIEW, CART, PURCHASE = 1, 2, 3  # as in `memory.payload`

COMPANIONS: Final = 50  # kept of each product
WINDOW: Final = 30  # products further apart than this in a visit are not counted as a pair
AGE_DAYS: Final = 60.0  # a visit so old counts e times less
SELLING_DAYS: Final = 30.0  # the same for bestsellers, which are of the season
HELD: Final = 4_000_000  # pairs held before they are summed up
COINCIDENCE: Final = 2.0  # pairs bought together that chance alone may bring about: they damp what is rare
_DAY: Final = 86_400.0


@dataclass(frozen=True, slots=True)
class Companions:
    """What goes with each product, the strongest first; row p is products[offsets[p]:offsets[p + 1]].

    Attributes:
        offsets: int64 (products + 1,).
        products: int32 (n,), catalog positions.
        weights: float32 (n,).
        counts: float32 (n,), visits that say so, none discounted.
    """

    offsets: NDArray[np.int64]
    products: NDArray[np.int32]
    weights: NDArray[np.float32]
    counts: NDArray[np.float32]

    def of(self, product: int) -> slice:
        """The rows of a product; empty for one that was never counted."""
        if not 0 <= product < len(self.offsets) - 1:
            return slice(0, 0)
        return slice(int(self.offsets[product]), int(self.offsets[product + 1]))


@dataclass(frozen=True, slots=True)
class Merchandise:
    """What was counted of a store's past.

    Attributes:
        selling: float32 (products,), orders lately expected of each product, see `_selling`.
        viewed_with, bought_with: what visits met, and bought or carted, together.
    """

    selling: NDArray[np.float32]
    viewed_with: Companions
    bought_with: Companions


NONE: Final = Companions(
    offsets=np.zeros(1, np.int64),
    products=np.empty(0, np.int32),
    weights=np.empty(0, np.float32),
    counts=np.empty(0, np.float32),
)
EMPTY: Final = Merchandise(selling=np.empty(0, np.float32), viewed_with=NONE, bought_with=NONE)


def count(
    *,
    offsets: NDArray[np.int64],
    products: NDArray[np.int32],
    kinds: NDArray[np.uint8],
    ended: NDArray[np.float64],
    catalog: int,
) -> Merchandise:
    """Count a store's visits: compressed rows, oldest first (see `trails.Trails`); `catalog` counts products."""
    lengths, weight = np.diff(offsets), np.exp(-_ages(ended) / AGE_DAYS)
    visit = np.repeat(np.arange(len(lengths)), lengths)
    # What was launched since the facts were read has no row; a visit of long ago has no weight.
    told = (products < catalog) & (weight[visit] > 0)
    met = _Met(products[told], kinds[told], visit[told], weight)
    return Merchandise(
        selling=_selling(met, np.exp(-_ages(ended) / SELLING_DAYS), catalog),
        viewed_with=_viewed_with(met, catalog),
        bought_with=_bought_with(met, catalog),
    )


@dataclass(frozen=True, slots=True)
class _Met:
    """Products met, visit by visit in the order first met; `weight` is a visit's, by its age."""

    products: NDArray[np.int32]
    kinds: NDArray[np.uint8]
    visit: NDArray[np.int64]
    weight: NDArray[np.float64]

    def only(self, chosen: NDArray[np.bool_]) -> _Met:
        return _Met(self.products[chosen], self.kinds[chosen], self.visit[chosen], self.weight)

    def pairs(self) -> Iterator[tuple[int, NDArray[np.int64], NDArray[np.int64]]]:
        """How far apart, and the places of either product, for every pair of a visit within WINDOW."""
        for gap in range(1, WINDOW + 1):
            left = np.flatnonzero(self.visit[gap:] == self.visit[:-gap])
            if not len(left):
                return
            yield gap, left, left + gap


def _ages(ended: NDArray[np.float64]) -> NDArray[np.float64]:
    """Days before the newest visit; a visit silenced from the memory is infinitely old."""
    return (np.max(ended, initial=0.0) - ended) / _DAY


def _selling(met: _Met, weight: NDArray[np.float64], catalog: int) -> NDArray[np.float32]:
    """Orders lately, and what carts and looks promise at the store's own rates.

    A store of few orders is thus ranked by what is carted, one that only counts looks by looks.
    """
    by_kind = [
        np.bincount(met.products[met.kinds == kind], weights=weight[met.visit[met.kinds == kind]], minlength=catalog)
        for kind in (VIEW, CART, PURCHASE)
    ]
    looked, carted, bought = by_kind
    total = sum(float(counts.sum()) for counts in by_kind)
    a_look = float(bought.sum()) / total if total else 0.0
    in_carts = float(bought.sum() + carted.sum())
    a_cart = float(bought.sum()) / in_carts if in_carts else 0.0
    return np.asarray(bought + max(a_cart, 1e-3) * carted + max(a_look, 1e-4) * looked, dtype=np.float32)


def _viewed_with(met: _Met, catalog: int) -> Companions:
    """Pairs met in one visit: nearer ones count more, long visits and old ones less, either way round."""
    length = np.bincount(met.visit, minlength=len(met.weight))
    return _strongest(_paired(met, met.weight / np.sqrt(np.maximum(length, 1)), np.ones(len(met.products)), catalog))


def _bought_with(met: _Met, catalog: int) -> Companions:
    """Pairs bought in one visit, pairs only carted counting half: cosine, damped where chance may have done it."""
    met = met.only(met.kinds >= CART)
    share = np.where(met.kinds >= PURCHASE, 1.0, 0.5)
    pairs = _paired(met, met.weight, share, catalog)
    alone = np.bincount(met.products, weights=met.weight[met.visit] * share, minlength=catalog) + COINCIDENCE
    row = np.repeat(np.arange(catalog), np.diff(pairs.indptr))
    pairs.data.real /= np.sqrt(alone[row] * alone[pairs.indices])
    return _strongest(pairs)


def _paired(met: _Met, of_visit: NDArray[np.float64], share: NDArray[np.float64], catalog: int) -> sparse.csr_matrix:
    """Symmetric (products, products): each pair's weight as the real part, how many visits say so as the imaginary.

    A pair weighs what its visit does, times the lesser of its shares, the less the further the two stand apart. One
    table of complex numbers is summed up in half the time of two.
    """
    held = _Held(met.products, [])
    table = held.table(catalog)
    for gap, left, right in met.pairs():
        weight = of_visit[met.visit[left]] * np.minimum(share[left], share[right]) / np.sqrt(gap)
        held.pairs.append((left, right, weight + 1j))
        if len(held) > HELD:
            table, held = table + held.table(catalog), _Held(met.products, [])
    table = sparse.csr_matrix(table + held.table(catalog))
    return sparse.csr_matrix(table + table.T)


@dataclass(frozen=True, slots=True)
class _Held:
    """Pairs not yet summed up: the places of either product, and what the pair counts."""

    products: NDArray[np.int32]
    pairs: list[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.complex128]]]

    def __len__(self) -> int:
        return sum(len(left) for left, _, _ in self.pairs)

    def table(self, catalog: int) -> sparse.csr_matrix:
        nothing = np.empty(0, np.int64)
        columns = zip((nothing, nothing, np.empty(0, np.complex128)), *self.pairs, strict=True)
        left, right, value = (np.concatenate(column) for column in columns)
        where = (self.products[left], self.products[right])
        return sparse.coo_matrix((value, where), shape=(catalog, catalog)).tocsr()


def _strongest(pairs: sparse.csr_matrix) -> Companions:
    """The COMPANIONS strongest of each row."""
    pairs.sort_indices()
    row = np.repeat(np.arange(pairs.shape[0]), np.diff(pairs.indptr))
    order = np.lexsort((-pairs.data.real, row))
    place = np.arange(len(order)) - pairs.indptr[row[order]]
    kept = order[place < COMPANIONS]
    lengths = np.minimum(np.diff(pairs.indptr), COMPANIONS)
    return Companions(
        offsets=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
        products=pairs.indices[kept].astype(np.int32),
        weights=pairs.data.real[kept].astype(np.float32),
        counts=pairs.data.imag[kept].astype(np.float32),
    )
