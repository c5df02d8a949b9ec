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


@dataclass(frozen=True, slots=True)
class Kin:
    """What stands near the looks of a visit.

    Attributes:
        near: int32 (n,), products near the newest looks, ascending.
        origin: int32 (n,), the newest look that each stands near.
        looked: float32 (looks, dimensions), where the recent looks stand, the newest first.
        fading: float32 (looks,), how much each counts.
    """

    near: NDArray[np.int32]
    origin: NDArray[np.int32]
    looked: NDArray[np.float32]
    fading: NDArray[np.float32]

    def nearness(self, places: NDArray[np.float32]) -> NDArray[np.float32]:
        """float32 (products, 3): cosines of places with all recent looks together, with the newest, with the nearest.

        `places` are float32 (products, dimensions), of unit length or zero.
        """
        if not len(self.looked):
            return np.zeros((len(places), 3), np.float32)
        cosines = places @ self.looked.T
        together = self.looked.T @ self.fading
        length = max(float(np.linalg.norm(together)), 1e-6)
        return np.stack([cosines @ self.fading / length, cosines[:, 0], cosines.max(axis=1)], axis=1)


NO_KIN = Kin(np.empty(0, np.int32), np.empty(0, np.int32), np.empty((0, 0), np.float32), np.empty(0, np.float32))


@dataclass(frozen=True, slots=True)
class Kindred:
    """Row p is the product at catalog position p.

    Attributes:
        places: float16 (products, dimensions), unit length, or zero where no visit tells.
        nearest: int32 (products, NEAREST), the nearest first, −1 where fewer.
    """

    places: NDArray[np.float16]
    nearest: NDArray[np.int32]

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
            looked=self.places[known].astype(np.float32),
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
    return Kindred(places=places.astype(np.float16), nearest=product_space.nearest_products(places, most=NEAREST))


ARRAYS = ("places", "nearest")
