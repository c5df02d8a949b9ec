"""STAN, neighbours weighed by recency of the click, age of the session and distance inside it.

Garg, Gupta, Malhotra, Vig, Shroff: Sequence and Time Aware Neighborhood for Session-based Recommendations: STAN,
SIGIR 2019 (session-rec, `stan.py`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.references.neighbours import Candidates, Neighbours, Shared


@dataclass
class Stan(Neighbours):
    """The three decays, exp(-x / scale), under the paper's names.

    Attributes:
        spw: scale, in clicks, of the weight of today's clicks by how far back they are.
        snh: scale, in days, of a neighbour's likeness by its age.
        inh: scale, in places, of an item's share by its distance from the last item shared.
    """

    spw: float = 1.0
    snh: float = 100.0
    inh: float = 1.0

    def click_weights(self, places: NDArray[np.int64], length: int) -> NDArray[np.float64]:
        return np.exp((places - length) / self.spw)

    def likeness(self, found: Candidates) -> NDArray[np.float64]:
        return np.asarray(found.dot / (found.norm * np.sqrt(found.size)) * np.exp(-found.age / self.snh))

    def share(self, shared: Shared) -> NDArray[np.float64]:
        return np.asarray(np.exp(-np.abs(shared.place - shared.star) / self.inh))
