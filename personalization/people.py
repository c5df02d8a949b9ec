"""People: everybody's interests as sparse rows, and the way from a product to those it matters to.

Learned by a rebuild from the trails; `lookalikes` finds in it who resembles somebody.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from catalog.facts import ProductFacts
from personalization.persons import DAY, meetings
from personalization.trails import Trails

LASTING: Final = 365.0  # days after which a meeting tells half as much of what somebody is like
POPULARITY_HALF_LIFE: Final = 14.0  # days
PER_PRODUCT: Final = 1500  # people kept per product, those it weighs most with
PER_LEANING: Final = 500  # people kept per category or brand


@dataclass(frozen=True, slots=True)
class People:
    """Everybody's interests as compressed rows, and who is interested in what.

    Attributes:
        persons: int64 (people,), ascending, see `trails.person_of`; bare sessions are −1, −2, …
        offsets: int64 (people + 1,), row r is products[offsets[r]:offsets[r + 1]].
        products: int32 (m,), distinct within a row.
        kinds: uint8 (m,), the strongest thing that happened to it.
        met: float64 (m,), when it was last met, seconds since 1970.
        rarity: float32 (products,), how much sharing a product tells.
        popularity: float32 (products,), log of the people who met it of late.
        index_offsets, index_people, index_weights: product → rows of the people it weighs most with, heaviest
            first, and its part of their interests, which are of unit length together.
        leaning_offsets, leaning_people, leaning_weights: the same by category and then brand, see `leanings`.
    """

    persons: NDArray[np.int64]
    offsets: NDArray[np.int64]
    products: NDArray[np.int32]
    kinds: NDArray[np.uint8]
    met: NDArray[np.float64]
    rarity: NDArray[np.float32]
    popularity: NDArray[np.float32]
    index_offsets: NDArray[np.int64]
    index_people: NDArray[np.int32]
    index_weights: NDArray[np.float32]
    leaning_offsets: NDArray[np.int64]
    leaning_people: NDArray[np.int32]
    leaning_weights: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.persons)


def gather(trails: Trails, *, facts: ProductFacts, now: float) -> People:
    """Everybody's interests from their trails as they stand at an instant."""
    cells = _cells(trails, catalog=len(facts), now=now)
    count, catalog = len(cells.persons), len(facts)
    rarity = np.log1p(count / (1.0 + np.bincount(cells.products, minlength=catalog))).astype(np.float32)
    offsets = np.searchsorted(cells.row, np.arange(count + 1)).astype(np.int64)
    weights = _unit(cells.row, np.sqrt(cells.told) * rarity[cells.products], count)
    interests = sparse.csr_matrix((weights, cells.products, offsets), (count, catalog))
    leaning = sparse.csr_matrix(sparse.hstack([interests @ members for members in _memberships(facts)]))
    leaning.data = _unit(np.repeat(np.arange(count), np.diff(leaning.indptr)), leaning.data, count)
    recent = np.exp2(-np.maximum(now - cells.met, 0.0) / DAY / POPULARITY_HALF_LIFE)
    index = _index(interests, PER_PRODUCT)
    leaning_index = _index(leaning, PER_LEANING)
    return People(
        persons=cells.persons,
        offsets=offsets,
        products=cells.products,
        kinds=cells.kinds,
        met=cells.met,
        rarity=rarity,
        popularity=np.log(0.1 + np.bincount(cells.products, recent, minlength=catalog)).astype(np.float32),
        index_offsets=index[0],
        index_people=index[1],
        index_weights=index[2],
        leaning_offsets=leaning_index[0],
        leaning_people=leaning_index[1],
        leaning_weights=leaning_index[2],
    )


def leanings(
    products: NDArray[np.int32], weights: NDArray[np.float32], facts: ProductFacts
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Keys of the categories and brands that interest in products leans to, and how much, of unit length."""
    category, brand = facts.category[products], facts.brand[products]
    keys = np.concatenate([category[category >= 0], brand[brand >= 0] + _categories(facts)])
    told = np.concatenate([weights[category >= 0], weights[brand >= 0]])
    found, inverse = np.unique(keys, return_inverse=True)
    summed = np.bincount(inverse, told, minlength=len(found))
    return found.astype(np.int64), summed / max(float(np.linalg.norm(summed)), 1e-9)


@dataclass(frozen=True, slots=True)
class _Cells:
    """Interests merged: one a person and product, by row, then product."""

    persons: NDArray[np.int64]  # (people,)
    row: NDArray[np.int64]
    products: NDArray[np.int32]
    told: NDArray[np.float64]
    kinds: NDArray[np.uint8]
    met: NDArray[np.float64]


def _cells(trails: Trails, *, catalog: int, now: float) -> _Cells:
    every = meetings(trails, catalog=catalog)
    persons, row = np.unique(every.persons, return_inverse=True)
    width = np.int64(max(catalog, 1))
    cells, cell = np.unique(row * width + every.products, return_inverse=True)
    kinds, met = np.zeros(len(cells), np.uint8), np.full(len(cells), -np.inf)
    np.maximum.at(kinds, cell, every.kinds)
    np.maximum.at(met, cell, every.ended)
    told = np.bincount(cell, every.told(now=now, half_life=LASTING), minlength=len(cells)).astype(np.float64)
    return _Cells(persons, cells // width, (cells % width).astype(np.int32), told, kinds, met)


def _unit(row: NDArray[Any], weights: NDArray[Any], count: int) -> NDArray[np.float32]:
    """Weights of unit length within each row."""
    length = np.sqrt(np.bincount(row, np.square(weights), minlength=count))
    return np.asarray(weights / np.maximum(length[row], 1e-12), dtype=np.float32)


def _index(interests: sparse.csr_matrix, most: int) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.float32]]:
    """By column: offsets, the rows of most weight, heaviest first, and their weights."""
    columns = sparse.csc_matrix(interests)
    lengths = np.diff(columns.indptr)
    column = np.repeat(np.arange(len(lengths)), lengths)
    order = np.lexsort((-columns.data, column))
    order = order[np.arange(len(order)) - np.repeat(columns.indptr[:-1], lengths) < most]
    offsets = np.searchsorted(column[order], np.arange(len(lengths) + 1)).astype(np.int64)
    return offsets, columns.indices[order].astype(np.int32), columns.data[order].astype(np.float32)


def _categories(facts: ProductFacts) -> int:
    return int(facts.category.max(initial=-1)) + 1


def _memberships(facts: ProductFacts) -> Iterator[sparse.csr_matrix]:
    """(products, categories), then (products, brands): 1 where the product belongs."""
    for groups in (facts.category, facts.brand):
        some = np.flatnonzero(groups >= 0)
        shape = (len(groups), int(groups.max(initial=-1)) + 1)
        yield sparse.csr_matrix((np.ones(len(some)), (some, groups[some])), shape)
