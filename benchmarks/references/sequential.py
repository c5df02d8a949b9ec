"""SR, sequential rules of size two: what was met after an item in the same session, nearer counting more.

Kamehkhosh, Jannach, Ludewig: A Comparison of Frequent Pattern Techniques and a Deep Learning Method for
Session-Based Recommendation, TempRec workshop at ACM RecSys 2017; as evaluated by Ludewig and Jannach, User Modeling
and User-Adapted Interaction 2018 (session-rec, `sr.py`: weight 1 / distance, the last click alone is asked, 20 rules
an item).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from benchmarks.references.base import Sessions
from benchmarks.references.item_rows import ItemRows, top_of_rows


@dataclass
class SequentialRules(ItemRows):
    """Item → later item, 1 / distance each time, up to `steps` clicks on."""

    steps: int = 7
    rules: int = 20

    def fit(self, sessions: Sessions, catalog: int) -> None:
        follows = sparse.csr_array((catalog, catalog))
        for distance in range(1, self.steps + 1):
            earlier, later = (sessions.items[where] for where in sessions.pairs(distance))
            weights = np.full(len(earlier), 1 / distance)
            follows = follows + sparse.csr_array((weights, (earlier, later)), shape=(catalog, catalog))
        self.matrix = top_of_rows(follows, self.rules)
