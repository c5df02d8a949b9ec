"""SKNN, session-based nearest neighbours.

Jannach, Ludewig: When Recurrent Neural Networks meet the Neighborhood for Session-Based Recommendation, RecSys 2017
(session-rec, `sknn.py`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.references.neighbours import Candidates, Neighbours, Shared


@dataclass
class SessionKnn(Neighbours):
    """Cosine (or Jaccard) of the sets of items; a neighbour's items all get its likeness."""

    jaccard: bool = False

    def click_weights(self, places: NDArray[np.int64], length: int) -> NDArray[np.float64]:
        return np.ones(len(places))

    def likeness(self, found: Candidates) -> NDArray[np.float64]:
        if self.jaccard:
            return found.dot / (found.size + found.distinct - found.dot)
        return found.dot / (found.norm * np.sqrt(found.size))

    def share(self, shared: Shared) -> NDArray[np.float64]:
        return np.ones(len(shared.place))
