"""Product space: where each product stands, learned from visits and from content.

Products that the same visits meet stand close together; a product nobody has met yet stands where its content
(category, brand, price, words) puts it, by a regression fitted on the products that visits have placed.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import Ridge
from sklearn.utils.extmath import randomized_svd

from catalog.facts import ProductFacts

DIMENSIONS = 32
WINDOW = 5  # products further apart than this in a visit say nothing of each other
CONTENT_PRIOR = 8.0  # a product met this many times stands half where visits put it, half where its content does
VOCABULARY = 4000
NEIGHBOURS = 24  # nearest products kept of each product
POPULARITY_HALF_LIFE = 14 * 86_400.0  # seconds
_BLOCK = 1024  # products whose neighbours are sought at a time


@dataclass(frozen=True, slots=True)
class ProductSpace:
    """Row p is the product at catalog position p.

    Attributes:
        coordinates: float32 (products, 32), unit length, or zero where nothing is known.
        popularity: float32 (products,), percentile rank of recent meetings in [0, 1], 0 when never met.
        met: float32 (products,), number of visits that met it.
    """

    coordinates: NDArray[np.float32]
    popularity: NDArray[np.float32]
    met: NDArray[np.float32]


EMPTY = ProductSpace(
    coordinates=np.zeros((0, DIMENSIONS), np.float32),
    popularity=np.zeros(0, np.float32),
    met=np.zeros(0, np.float32),
)


def learn(
    *,
    offsets: NDArray[np.int64],
    products: NDArray[np.int32],
    ended: NDArray[np.float64],
    facts: ProductFacts,
    seed: int = 0,
) -> ProductSpace:
    """The space of a store.

    `offsets`, `products`, `ended` are its visits as compressed rows, oldest first (see `trails.Trails`); `facts` is
    the catalog, whose content places what visits have not met.
    """
    count = len(facts)
    met = np.bincount(products, minlength=count).astype(np.float32)[:count]
    behaviour = _behaviour_coordinates(positive_pmi(co_occurrence(offsets, products, count)), seed)
    content = _content_features(facts, np.float64(ended.max()) if len(ended) else 0.0)
    coordinates = _blend(behaviour, content, met, seed)
    return ProductSpace(
        coordinates=of_unit_length(coordinates).astype(np.float32),
        popularity=_popularity(offsets, products, ended, count),
        met=met,
    )


def co_occurrence(
    offsets: NDArray[np.int64], products: NDArray[np.int32], count: int, *, window: int = WINDOW
) -> sparse.csr_matrix:
    """Symmetric (products, products): how often two products are met in one visit, nearer pairs counting more."""
    row = np.repeat(np.arange(len(offsets) - 1), np.diff(offsets))
    total = sparse.csr_matrix((count, count), dtype=np.float64)
    for gap in range(1, window + 1):
        left, right = products[:-gap], products[gap:]
        # The catalog may have grown since these facts were read; what it does not know yet has no place.
        same = (row[gap:] == row[:-gap]) & (left != right) & (left < count) & (right < count)
        left, right = left[same], right[same]
        total = total + sparse.coo_matrix((np.full(len(left), 1.0 / gap), (left, right)), (count, count)).tocsr()
    return sparse.csr_matrix(total + total.T)


def positive_pmi(pairs: sparse.csr_matrix) -> sparse.csr_matrix:
    """Positive pointwise mutual information with smoothed contexts (Levy, Goldberg & Dagan, TACL 2015)."""
    if not pairs.nnz:
        return pairs
    rows = np.asarray(pairs.sum(axis=1)).ravel()
    contexts = rows**0.75
    contexts *= rows.sum() / contexts.sum()
    coo = pairs.tocoo()
    expected = rows[coo.row] * contexts[coo.col] / rows.sum()
    positive = np.maximum(np.log(coo.data / expected), 0.0)
    matrix = sparse.csr_matrix((positive, (coo.row, coo.col)), pairs.shape)
    matrix.eliminate_zeros()
    return matrix


def _behaviour_coordinates(matrix: sparse.csr_matrix, seed: int) -> NDArray[np.float64]:
    """(products, 32): the strongest directions first."""
    return _truncated(matrix, seed)


def _truncated(matrix: sparse.csr_matrix, seed: int) -> NDArray[np.float64]:
    """Left singular vectors scaled by the square root of their values, padded to 32 columns."""
    rank = min(DIMENSIONS, *matrix.shape)
    if rank < 1 or not matrix.nnz:
        return np.zeros((matrix.shape[0], DIMENSIONS))
    left, values, _ = randomized_svd(matrix, n_components=rank, random_state=seed)
    coordinates = left * np.sqrt(values)
    return np.pad(coordinates, ((0, 0), (0, DIMENSIONS - rank)))


def _content_features(facts: ProductFacts, instant: float) -> sparse.csr_matrix:
    """(products, features): category and its ancestors, brand, price level and title words."""
    count = len(facts)
    ancestors = [(p, f"c{c}") for p in range(count) for c in facts.lineage(int(facts.category[p]))]
    brands = [(p, f"b{facts.brand[p]}") for p in range(count) if facts.brand[p] >= 0]
    prices = facts.price_at(instant)
    levels = [(p, f"p{round(2 * np.log(prices[p]))}") for p in range(count) if prices[p] > 0]
    blocks = [_one_hot(ancestors + brands + levels, count)]
    if any(facts.titles):
        words = TfidfVectorizer(max_features=VOCABULARY, min_df=2, sublinear_tf=True, strip_accents="unicode")
        with suppress(ValueError):  # no word stands in two titles
            blocks.append(words.fit_transform(facts.titles))
    return sparse.csr_matrix(sparse.hstack(blocks))


def _one_hot(pairs: Iterable[tuple[int, str]], count: int) -> sparse.csr_matrix:
    listed = list(pairs)
    names = {name: column for column, name in enumerate(dict.fromkeys(name for _, name in listed))}
    rows = [row for row, _ in listed]
    columns = [names[name] for _, name in listed]
    return sparse.csr_matrix((np.ones(len(listed)), (rows, columns)), (count, len(names)))


def _blend(
    behaviour: NDArray[np.float64], content: sparse.csr_matrix, met: NDArray[np.float32], seed: int
) -> NDArray[np.float64]:
    """Where visits put a product, drawn towards where its content puts it the less it was met."""
    placed = (met >= 2) & (np.abs(behaviour).sum(axis=1) > 0)
    if not content.shape[1] or not content.nnz:
        return behaviour
    if placed.sum() < 2 * DIMENSIONS:
        return _truncated(content, seed)  # too few visits: content alone makes the space
    unit = of_unit_length(behaviour)
    regression = Ridge(alpha=1.0, solver="sparse_cg", random_state=seed)
    regression.fit(content[placed], unit[placed], sample_weight=np.sqrt(met[placed]))
    expected = of_unit_length(np.asarray(regression.predict(content)))
    trust = (met / (met + CONTENT_PRIOR))[:, None] * (np.abs(behaviour).sum(axis=1) > 0)[:, None]
    return np.asarray(trust * unit + (1.0 - trust) * expected)


def of_unit_length(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rows of unit length; zero rows stay zero."""
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(np.divide(rows, length, out=np.zeros_like(rows), where=length > 1e-12))


def nearest_products(coordinates: NDArray[np.float32], *, most: int = NEIGHBOURS) -> NDArray[np.int32]:
    """int32 (products, most): the nearest of each by cosine, nearest first, itself left out; −1 where fewer."""
    count = len(coordinates)
    width = min(most, max(count - 1, 0))
    found = np.full((count, most), -1, np.int32)
    if not width:
        return found
    placed = np.abs(coordinates).sum(axis=1) > 0
    for start in range(0, count, _BLOCK):
        rows = np.arange(start, min(start + _BLOCK, count))
        cosine = coordinates[rows] @ coordinates.T
        cosine[:, ~placed] = -2.0
        cosine[np.arange(len(rows)), rows] = -3.0
        near = np.argpartition(-cosine, width - 1, axis=1)[:, :width]
        height = np.take_along_axis(cosine, near, axis=1)
        order = np.argsort(-height, axis=1, kind="stable")
        near, height = np.take_along_axis(near, order, axis=1), np.take_along_axis(height, order, axis=1)
        found[rows, :width] = np.where((height > -1.5) & placed[rows][:, None], near, -1)
    return found


def _popularity(
    offsets: NDArray[np.int64], products: NDArray[np.int32], ended: NDArray[np.float64], count: int
) -> NDArray[np.float32]:
    """Percentile rank of meetings, the older ones decayed, in [0, 1]."""
    if not len(products):
        return np.zeros(count, np.float32)
    age = np.repeat(ended.max() - ended, np.diff(offsets))
    recent = np.bincount(products, weights=0.5 ** (age / POPULARITY_HALF_LIFE), minlength=count)[:count]
    ranked = np.searchsorted(np.sort(recent[recent > 0]), recent, side="right") / max((recent > 0).sum(), 1)
    return np.where(recent > 0, ranked, 0.0).astype(np.float32)
