"""S-Walk, random walks over items: steps by what comes later (SLIT), restarts by what belongs together (SLIS).

Choi, Kim, Lee, Shim, Lee: S-Walk, Accurate and Scalable Session-based Recommendation with Random Walks, WSDM 2022
(github.com/jin530/SWalk, `swalk.py`). With S and T the two linear models, negative weights struck and rows scaled to
sum to 1, the walk's matrix is (1 - p) (beta T + (1 - beta) I) (I + pS + p²S² + …). The published code multiplies
dense matrices until they settle; here the models are solved sparsely (see `regression`) and the best `kept` weights
a row survive each step.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from benchmarks.references.base import Sessions
from benchmarks.references.item_rows import ItemRows, top_of_rows
from benchmarks.references.regression import later_from_earlier, ridge, whole_sessions

_ROWS_AT_ONCE = 2000  # of a product of matrices, to bound its memory


@dataclass
class SWalk(ItemRows):
    """The published names in brackets.

    Attributes:
        train_fade, predict_fade, fade_days, reg, support, kept: as in SLIST.
        walk: probability of another step [p].
        restart: share of T, against staying at the item itself, where a walk begins [beta].
        steps: after which the rest of the walk, walk ** steps, is left out.
    """

    train_fade: float
    predict_fade: float
    fade_days: float
    restart: float
    walk: float = 0.5
    reg: float = 10.0
    support: int = 200
    kept: int = 300
    steps: int = 8

    def fit(self, sessions: Sessions, catalog: int) -> None:
        slit = later_from_earlier(
            sessions, catalog, fade_clicks=self.train_fade, fade_days=self.fade_days, last_only=False
        )
        slis = whole_sessions(sessions, catalog, fade_days=self.fade_days)
        step = self._transitions(ridge(slit, reg=self.reg, support=self.support))
        together = self._transitions(ridge(slis, reg=self.reg, support=self.support))
        start = self.restart * together + (1 - self.restart) * sparse.eye_array(catalog, format="csr")
        self.matrix = self._walked(sparse.csr_array(start), step)

    def click_weights(self, length: int) -> NDArray[np.float64]:
        return np.exp(-np.arange(length)[::-1] / self.predict_fade)

    def _transitions(self, weights: sparse.csr_array) -> sparse.csr_array:
        """Negative weights struck, the best kept, rows scaled to sum to 1."""
        weights.data[weights.data < 0] = 0
        weights.eliminate_zeros()
        best = top_of_rows(weights, self.kept)
        sums = np.asarray(best.sum(axis=1)).ravel()
        return sparse.csr_array(sparse.diags_array(1 / np.where(sums > 0, sums, 1.0)) @ best)

    def _walked(self, start: sparse.csr_array, step: sparse.csr_array) -> sparse.csr_array:
        """Rows settle apart from each other, so they are walked some at a time."""
        walked = []
        for first in range(0, start.shape[0], _ROWS_AT_ONCE):
            restart = (1 - self.walk) * start[first : first + _ROWS_AT_ONCE]
            rows = restart
            for _ in range(self.steps):
                rows = top_of_rows(self.walk * (rows @ step) + restart, self.kept)
            walked.append(rows)
        return sparse.csr_array(sparse.vstack(walked))
