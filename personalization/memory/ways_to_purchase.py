"""The ways that analogues went on: how many steps lay between meeting a product and a purchase, if they bought."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from personalization.memory import payload


def steps_left(
    records: NDArray[np.void], rows: NDArray[np.int64], *, ways: int
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Per record the steps left of its way, it included, int64 (r,); per way whether it reached a purchase, (ways,).

    A step is one thing done to one product for the first time, as payloads keep them; `records` and `rows` are those of
    `payload.unpack`. A way ends with its first receipt, whose lines are one step together, or else with the last thing
    that its payload tells. What lies beyond has 0 steps left, and so has the focus, which lies before.
    """
    lived = records["kind"] != payload.FOCUS
    before = np.cumsum(lived) - lived  # steps of all ways before each record
    place = before - before[np.searchsorted(rows, np.arange(ways))[rows]]
    ends = np.bincount(rows[lived], minlength=ways)
    receipts = np.full(ways, np.inf, np.float32)
    lines = np.flatnonzero(records["kind"] == payload.PURCHASE)[::-1]  # the first of a way is written last
    ends[rows[lines]], receipts[rows[lines]] = place[lines] + 1, records["delay"][lines]
    told = lived & (records["delay"] <= receipts[rows])
    return np.maximum(ends[rows] - place, 1) * told, np.isfinite(receipts)


def first_met(rows: NDArray[np.int64], products: NDArray[np.int64], *, ways: int) -> NDArray[np.bool_]:
    """bool (n,): whether a product occurs in its way for the first time; products are numbered from 0 without gaps."""
    numbers = int(products.max(initial=-1)) + 1
    keys, occurrences = rows * numbers + products, np.arange(len(products))
    first = np.empty(ways * numbers, np.int64)
    first[keys[::-1]] = occurrences[::-1]  # the first is written last
    return np.asarray(first[keys] == occurrences, dtype=np.bool_)


def once_a_visit(similar: NDArray[np.float32], visits: NDArray[np.int64]) -> NDArray[np.float32]:
    """float32 (analogues,): similarity, shared among the analogues of one visit, which all came to one end."""
    ascending = np.sort(visits)
    count = np.searchsorted(ascending, visits, "right") - np.searchsorted(ascending, visits, "left")
    return np.asarray(similar / count, dtype=np.float32)
