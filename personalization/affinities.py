"""Affinities: what a person lastingly likes, fitted from all that everybody viewed, carted and bought.

Implicit-feedback matrix factorisation (Hu, Koren & Volinsky, ICDM 2008) places persons and products in one space; a
person's own place is computed anew from all their dealings whenever asked, so that today counts at once. What it
blurs, kinship tells: which products the same persons met (item neighbourhoods: Sarwar et al., WWW 2001). Beside them
stand the habits that a purchase model rests on: what is bought again and after how long, and what sells.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from implicit.cpu.als import AlternatingLeastSquares
from implicit.nearest_neighbours import all_pairs_knn
from numpy.typing import NDArray
from scipy import sparse
from threadpoolctl import ThreadpoolController

from personalization.persons import (
    DAY,
    Meetings,
    meetings,
)
from personalization.trails import PURCHASE, Trails

FACTORS: Final = 128  # at most
PER_FACTOR: Final = 4  # products met for each factor that is learned: more would know them by heart
ITERATIONS: Final = 10
REGULARIZATION: Final = 1.0
LASTING: Final = 365.0  # days after which a meeting tells half as much of what goes with what
KIN: Final = 100  # products most akin that are kept of each
ROW: Final = 500  # products of a person, the weightiest, that tell of kinship: its cost grows with their square
SATURATION: Final = 100.0  # K1 of BM25
LENGTH: Final = 0.8  # B of BM25: how far a person of many interests is brought down to the usual
POPULARITY_HALF_LIFE: Final = 14.0  # days
PRIOR: Final = 20.0  # meetings that a product's own rates must outweigh
UNMET: Final = float(np.log(0.1))  # popularity of a product nobody met
# Threads cost small products more than they save, and beside other work far more.
ONE_THREAD: Final = ThreadpoolController()


@dataclass(frozen=True, slots=True)
class Taste:
    """How much the past is to be believed.

    Attributes:
        confidence: how much surer a meeting is than a product never met (α of Hu, Koren & Volinsky).
        half_life: days after which a meeting tells half as much of its person.
    """

    confidence: float = 50.0
    half_life: float = 7.0


@dataclass(frozen=True, slots=True)
class Affinities:
    """What was learned of products; row p is the product at catalog position p.

    Attributes:
        factors: float32 (products, factors), where each stands among persons' tastes; zero when never met.
        gram: float32 (factors, factors), factorsᵀ factors.
        rarity: float32 (products,), BM25's weight of a product few persons met.
        popularity: float32 (products,), log of recent meetings.
        conversion: float32 (products,), log of the share of its meetings that ended in a purchase.
        met_again, bought_again: float32 (products,), share of those who met (bought) it that did so again later.
        interval: float32 (products,), typical days between two purchases of it by one person.
        usual: float64 (1,), mean summed interest of a person, with which BM25 compares.
        kin_offsets: int64 (products + 1,); kin: int32, the products that the same persons met, by product;
            kinship: float32, cosine of whom they were met by.
    """

    factors: NDArray[np.float32]
    gram: NDArray[np.float32]
    rarity: NDArray[np.float32]
    popularity: NDArray[np.float32]
    conversion: NDArray[np.float32]
    met_again: NDArray[np.float32]
    bought_again: NDArray[np.float32]
    interval: NDArray[np.float32]
    usual: NDArray[np.float64]
    kin_offsets: NDArray[np.int64]
    kin: NDArray[np.int32]
    kinship: NDArray[np.float32]


def learn(trails: Trails, *, catalog: int, now: float, confidence: float, iterations: int = ITERATIONS) -> Affinities:
    """Affinities from everybody's trails; `catalog` counts positions, `now` is the instant they are learned at."""
    met = meetings(trails, catalog=catalog)
    told = _interests(met, catalog=catalog, now=now, half_life=LASTING)
    persons = max(told.shape[0], 1)
    rarity = np.maximum(np.log(persons) - np.log1p(np.bincount(told.indices, minlength=catalog)), 0.1)
    usual = max(float(told.sum()) / persons, 1e-9)
    length = np.asarray(told.sum(axis=1)).ravel().repeat(np.diff(told.indptr))
    weights = rarity[told.indices] * _saturated(told.data, length, usual)
    matrix = sparse.csr_matrix((weights, told.indices, told.indptr), told.shape)
    kin = _kin(matrix)
    matrix.data = 1.0 + confidence * matrix.data
    factors = _factorised(matrix.astype(np.float32), iterations=iterations)
    popularity, conversion = _demand(met, catalog=catalog, now=now)
    met_again, _ = _again(met.persons, met.products, met.ended, catalog=catalog)
    bought = met.kinds == PURCHASE
    bought_again, interval = _again(met.persons[bought], met.products[bought], met.ended[bought], catalog=catalog)
    return Affinities(
        factors=factors,
        gram=factors.T @ factors,
        rarity=rarity.astype(np.float32),
        popularity=popularity,
        conversion=conversion,
        met_again=met_again,
        bought_again=bought_again,
        interval=interval,
        usual=np.array([usual]),
        kin_offsets=kin.indptr.astype(np.int64),
        kin=kin.indices.astype(np.int32),
        kinship=kin.data.astype(np.float32),
    )


def folded_in(
    affinities: Affinities,
    products: NDArray[np.int32],
    told: NDArray[np.float32],
    loudest: NDArray[np.int64],
    *,
    confidence: float,
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The person's place (factors,) as the factorisation would learn it, and what the loudest products give to it."""
    saturated = _saturated(told, float(told.sum()), float(affinities.usual[0]))
    surer = (confidence * affinities.rarity[products] * saturated).astype(np.float32)
    met = affinities.factors[products]
    system = affinities.gram + (met.T * surer) @ met
    system[np.diag_indices(len(system))] += REGULARIZATION
    given = met[loudest] * (1.0 + surer[loudest])[:, None]
    solved = np.linalg.solve(system, np.column_stack([(1.0 + surer) @ met, given.T]))
    return solved[:, 0].astype(np.float32), solved[:, 1:].T.astype(np.float32)


def _interests(met: Meetings, *, catalog: int, now: float, half_life: float) -> sparse.csr_matrix:
    """(persons, products): everybody's summed interest."""
    _, person = np.unique(met.persons, return_inverse=True)
    shape = (int(person.max(initial=-1)) + 1, catalog)
    told = met.told(now=now, half_life=half_life)
    return sparse.csr_matrix(sparse.coo_matrix((told, (person, met.products)), shape))


def _saturated(told: NDArray[Any], length: NDArray[Any] | float, usual: float) -> NDArray[np.float64]:
    """BM25: interest that saturates, against the person's summed interest."""
    norm = 1.0 - LENGTH + LENGTH * length / usual
    return np.asarray(told * (SATURATION + 1.0) / (SATURATION * norm + told), dtype=np.float64)


def _factorised(matrix: sparse.csr_matrix, *, iterations: int) -> NDArray[np.float32]:
    """Factors of the products; `matrix` holds how sure each meeting is, beside 1 for what was never met."""
    if not matrix.nnz:
        return np.zeros((matrix.shape[1], 1), np.float32)
    met = np.bincount(matrix.indices, minlength=matrix.shape[1]) > 0
    width = int(np.clip(met.sum() // PER_FACTOR, 2, FACTORS))
    with ONE_THREAD.limit(limits=1, user_api="blas"):  # it runs threads of its own
        model = AlternatingLeastSquares(
            factors=width, regularization=REGULARIZATION, alpha=1.0, iterations=iterations, random_state=0
        )
        model.fit(matrix, show_progress=False)
    return np.where(met[:, None], np.asarray(model.item_factors, np.float32), np.float32(0.0))


def _kin(weights: sparse.csr_matrix) -> sparse.csr_matrix:
    """(products, products): cosine of whom each two were met by, the KIN most akin of each; never itself."""
    rows = np.repeat(np.arange(weights.shape[0]), np.diff(weights.indptr))
    order = np.lexsort((-weights.data, rows))
    order = order[np.arange(len(order)) - weights.indptr[rows] < ROW]
    rows, products, told = rows[order], weights.indices[order], weights.data[order]
    told = told / np.sqrt(np.bincount(rows, told**2, minlength=weights.shape[0]))[rows]
    told = told / np.sqrt(np.bincount(products, told**2, minlength=weights.shape[1]))[products]
    met_by = sparse.csr_matrix((told, (rows, products)), weights.shape)
    if not met_by.nnz:
        return sparse.csr_matrix((weights.shape[1], weights.shape[1]))
    found = sparse.coo_matrix(all_pairs_knn(met_by, K=KIN, show_progress=False))
    others = (found.row != found.col) & (found.data > 0)
    akin = (found.data[others], (found.row[others], found.col[others]))
    return sparse.csr_matrix(sparse.coo_matrix(akin, found.shape))


def _again(
    persons: NDArray[np.int64], products: NDArray[np.int32], ended: NDArray[np.float64], *, catalog: int
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Share of meetings after which the person came back to the product, and the typical days until then.

    Both float32 (products,); thin ones are drawn to the store's own.
    """
    order = np.lexsort((ended, persons, products))
    product, person, at = products[order], persons[order], ended[order]
    back = (product[1:] == product[:-1]) & (person[1:] == person[:-1])
    asked = np.bincount(product, minlength=catalog)
    returns = np.bincount(product[1:][back], minlength=catalog)
    days = np.log(np.maximum((at[1:] - at[:-1])[back] / DAY, 0.5))
    typical = float(days.mean()) if len(days) else np.log(30.0)
    summed = np.bincount(product[1:][back], days, minlength=catalog)
    share = (returns + PRIOR * returns.sum() / max(asked.sum(), 1)) / (asked + PRIOR)
    interval = np.exp((summed + PRIOR * typical) / (returns + PRIOR))
    return share.astype(np.float32), interval.astype(np.float32)


def _demand(met: Meetings, *, catalog: int, now: float) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Log of recent meetings, and log of the share that ended in a purchase, drawn to the store's own."""
    recent = np.exp2(-np.maximum(now - met.ended, 0.0) / DAY / POPULARITY_HALF_LIFE)
    asked = np.bincount(met.products, minlength=catalog)
    bought = np.bincount(met.products[met.kinds == PURCHASE], minlength=catalog)
    share = (bought + PRIOR * bought.sum() / max(asked.sum(), 1) + 0.01) / (asked + PRIOR)
    popularity = np.log(0.1 + np.bincount(met.products, recent, minlength=catalog))
    return popularity.astype(np.float32), np.log(share).astype(np.float32)
