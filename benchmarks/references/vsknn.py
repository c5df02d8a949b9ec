"""VSKNN, nearest neighbours of sessions as vectors in which recent clicks weigh more.

Ludewig, Jannach: Evaluation of Session-Based Recommendation Algorithms, User Modeling and User-Adapted Interaction
2018 (session-rec, `vsknn.py`). The names of the decays are session-rec's: `same`, `quadratic`, `linear`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from benchmarks.references.neighbours import Candidates, Neighbours, Shared


@dataclass
class VectorSessionKnn(Neighbours):
    """`weighting` of clicks in the likeness, `score_weighting` by the most recent item shared."""

    weighting: Literal["same", "quadratic"] = "same"
    score_weighting: Literal["linear", "quadratic"] = "linear"

    def click_weights(self, places: NDArray[np.int64], length: int) -> NDArray[np.float64]:
        return np.asarray(np.ones(len(places)) if self.weighting == "same" else (places / length) ** 2)

    def likeness(self, found: Candidates) -> NDArray[np.float64]:
        return found.dot / found.distinct

    def share(self, shared: Shared) -> NDArray[np.float64]:
        step = shared.steps + 1.0
        return np.asarray(1 - 0.1 * step if self.score_weighting == "linear" else step**-2)
