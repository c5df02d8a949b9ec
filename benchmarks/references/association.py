"""AR, association rules of size two: items met in one session, however far apart.

Kamehkhosh, Jannach, Ludewig: A Comparison of Frequent Pattern Techniques and a Deep Learning Method for
Session-Based Recommendation, TempRec workshop at ACM RecSys 2017; as evaluated by Ludewig and Jannach, User Modeling
and User-Adapted Interaction 2018 (session-rec, `ar.py`). Rules hold in both directions, the last click alone is
asked, and 20 rules an item are kept: the published setting for every set.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from benchmarks.references.base import Sessions
from benchmarks.references.item_rows import ItemRows, top_of_rows


@dataclass
class AssociationRules(ItemRows):
    """Counts of two items in one session, `rules` of them an item."""

    rules: int = 20

    def fit(self, sessions: Sessions, catalog: int) -> None:
        shape = (len(sessions), catalog)
        clicks = sparse.csr_array((np.ones(len(sessions.items)), (sessions.owners, sessions.items)), shape=shape)
        # n clicks on an item in one session are n (n - 1) / 2 pairs, told in both directions.
        with_itself: sparse.dia_array = sparse.diags_array(clicks.sum(axis=0))
        self.matrix = top_of_rows(sparse.csr_array(clicks.T @ clicks - with_itself), self.rules)
