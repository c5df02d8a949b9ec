"""Models that are one sparse item × item matrix: an answer is a weighted sum of the rows of the session's items."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from benchmarks.references.base import Model, spans, summed


class ItemRows(Model):
    """Answers with the rows of `matrix` (catalog × catalog), each click weighted by `click_weights`."""

    matrix: sparse.csr_array

    def click_weights(self, length: int) -> NDArray[np.float64]:
        """Weights of the clicks of a session of this length, oldest first, float64 (length,); here: the last alone."""
        weights = np.zeros(length)
        weights[-1] = 1.0
        return weights

    def scores(self, prefix: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        weights = self.click_weights(len(prefix))
        told = weights > 0
        starts = self.matrix.indptr[prefix[told]].astype(np.int64)
        lengths = self.matrix.indptr[prefix[told] + 1].astype(np.int64) - starts
        where = spans(starts, lengths)
        return summed(
            self.matrix.indices[where].astype(np.int64),
            self.matrix.data[where] * np.repeat(weights[told], lengths),
        )


def top_of_rows(matrix: sparse.csr_array, keep: int) -> sparse.csr_array:
    """The `keep` entries of largest size of each row, float32."""
    matrix = sparse.csr_array(matrix)
    counts = np.diff(matrix.indptr)
    kept = np.ones(matrix.nnz, dtype=bool)
    sizes = np.abs(matrix.data)
    for row in np.flatnonzero(counts > keep).tolist():
        first, last = matrix.indptr[row], matrix.indptr[row + 1]
        surplus = last - first - keep
        kept[first + np.argpartition(sizes[first:last], surplus)[:surplus]] = False
    ends = np.concatenate(([0], np.cumsum(np.minimum(counts, keep))))
    return sparse.csr_array((matrix.data[kept].astype(np.float32), matrix.indices[kept], ends), shape=matrix.shape)
