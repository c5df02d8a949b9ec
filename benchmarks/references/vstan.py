"""VSTAN, STAN with two ideas of VSKNN: rare items count more, and so do neighbours that share a recent item.

Ludewig, Mauro, Latifi, Jannach: Empirical Analysis of Session-Based Recommendation Algorithms, User Modeling and
User-Adapted Interaction 2021 (session-rec, `vstan.py`; its `similarity` parameter is never read there: the likeness
is STAN's cosine, as here).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.references.neighbours import Shared
from benchmarks.references.stan import Stan


@dataclass
class Vstan(Stan):
    """Further scales, under the names of session-rec.

    Attributes:
        ipw: scale, in clicks, of an item's share by how far back in today's session the most recent item shared is.
        idf: how much an item's rarity adds to its share.
    """

    ipw: float = 1.0
    idf: float = 1.0

    def share(self, shared: Shared) -> NDArray[np.float64]:
        rare = 1 + self.idf * shared.rarity
        return super().share(shared) * rare * np.exp(-shared.steps / self.ipw)
