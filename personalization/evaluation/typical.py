"""Which of several situations is the most typical of them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def most_typical(markers: NDArray[np.float32]) -> int:
    """Row of the situation that is nearest to all others on the mean (the medoid; Kaufman and Rousseeuw 1990).

    Args:
        markers: float32 (n, markers), raw, n ≥ 1; each marker is measured by its own spread over the rows.
    """
    spread = markers.std(axis=0)
    scaled = (markers - markers.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    squares = (scaled**2).sum(axis=1)
    distances = np.sqrt(np.maximum(squares[:, None] + squares[None] - 2 * scaled @ scaled.T, 0.0))
    return int(distances.sum(axis=1).argmin())
