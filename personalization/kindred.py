"""Kindred: products that are met in the same company, whether or not any visit met both.

Each product has a place of some hundred coordinates: the mutual information of products met near each other in
visits, factored (Levy & Goldberg, NIPS 2014: what word2vec does; Barkan & Koenigstein, MLSP 2016, for items). The
product space tells in 32 coordinates what a visit is about; these tell products of one kind apart.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.utils.extmath import randomized_svd
from threadpoolctl import threadpool_limits

from personalization import product_space
from personalization.trails import Trails

DIMENSIONS = 400  # at most: a quarter of the products, where they are few
WINDOW = 3  # looks further apart than this in a visit say nothing of each other
NEAREST = 60  # products kept a product
RECENT = 12  # of the last looks, those that speak
NEWEST = 4  # of these, those whose nearest products are proposed
FADE = 4.0  # looks back over which one counts 1/e
_STEPS = 127  # of a coordinate kept as a whole number, on either side of zero


@dataclass(frozen=True, slots=True)
class Kin:
    """What stands near the looks of a visit.

    Attributes:
        near: int32 (n,), products near the newest looks, ascending.
        origin: int32 (n,), the newest look that each stands near.
        looked: float32 (looks, dimensions), where the recent looks stand, the newest first; of unit length or zero.
        fading: float32 (looks,), how much each counts.
    """

    near: NDArray[np.int32]
    origin: NDArray[np.int32]
    looked: NDArray[np.float32]
    fading: NDArray[np.float32]

    def nearness(self, products: NDArray[np.int32], *, among: Kindred) -> NDArray[np.float32]:
        """float32 (products, 3): cosines with all recent looks together, with the newest, with the nearest of them."""
        if not len(self.looked):
            return np.zeros((len(products), 3), np.float32)
        cosines = (among.places[products].astype(np.float32) @ self.looked.T) / among.lengths[products, None]
        together = self.looked.T @ self.fading
        length = max(float(np.linalg.norm(together)), 1e-6)
        return np.stack([cosines @ self.fading / length, cosines[:, 0], cosines.max(axis=1)], axis=1)


NO_KIN = Kin(np.empty(0, np.int32), np.empty(0, np.int32), np.empty((0, 0), np.float32), np.empty(0, np.float32))


@dataclass(frozen=True, slots=True)
class Kindred:
    """Row p is the product at catalog position p.

    Attributes:
        places: int8 (products, dimensions), each row to a scale of its own, zero where no visit tells: a quarter of
            the memory to read of what costs an answer most, and cosines stay exact to a thousandth.
        nearest: int32 (products, NEAREST), the nearest first, −1 where fewer.
        lengths: float32 (products,), of the rows of `places`; 1 where they are zero.
    """

    places: NDArray[np.int8]
    nearest: NDArray[np.int32]
    lengths: NDArray[np.float32]

    @classmethod
    def at(cls, places: NDArray[np.float32], nearest: NDArray[np.int32]) -> Kindred:
        """From places as they were learned, float32 (products, dimensions)."""
        largest = np.abs(places).max(axis=1, keepdims=True, initial=0.0)
        whole = np.rint(places * (_STEPS / np.where(largest > 0, largest, 1.0))).astype(np.int8)
        lengths = np.linalg.norm(whole.astype(np.float32), axis=1)
        return cls(whole, nearest, np.where(lengths > 0, lengths, 1.0).astype(np.float32))

    def __len__(self) -> int:
        return len(self.places)

    def of(self, looks: list[int]) -> Kin:
        """What stands near these looks, the newest first; products launched since stand nowhere yet."""
        known = [product for product in looks if 0 <= product < len(self.places)][:RECENT]
        if not known:
            return NO_KIN
        newest = np.array(list(dict.fromkeys(known))[:NEWEST], np.int32)
        near, first = np.unique(self.nearest[newest], return_index=True)
        return Kin(
            near=near[near >= 0],
            origin=newest[first[near >= 0] // self.nearest.shape[1]],
            looked=self.places[known].astype(np.float32) / self.lengths[known, None],
            fading=np.exp(-np.arange(len(known)) / FADE).astype(np.float32),
        )


def learn(trails: Trails, *, catalog: int, seed: int = 0) -> Kindred:
    """The kindred of a store's products from its visits; `catalog` counts positions."""
    pairs = product_space.co_occurrence(trails.look_offsets, trails.looks, catalog, window=WINDOW)
    information = product_space.positive_pmi(pairs)
    rank = min(DIMENSIONS, catalog // 4)
    if rank < 1 or not information.nnz:
        places = np.zeros((catalog, 1), np.float32)
    else:
        # The singular vectors unscaled: frequent company must not drown what tells rare products apart.
        with threadpool_limits(1, user_api="blas"):  # many narrow steps: threads would mostly wait for each other
            left, _, _ = randomized_svd(information, n_components=rank, n_iter=3, random_state=seed)
        places = product_space.of_unit_length(left).astype(np.float32)
    return Kindred.at(places, product_space.nearest_products(places, most=NEAREST))


EMPTY = Kindred(np.empty((0, 0), np.int8), np.empty((0, 0), np.int32), np.empty(0, np.float32))
