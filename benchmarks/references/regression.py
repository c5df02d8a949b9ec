"""Ridge regressions of items on items: the closed forms SLIS and SLIT, solved sparsely.

Choi, Kim, Lee, Shim, Lee: Session-aware Linear Item-Item Models for Session-based Recommendation, WWW 2021
(github.com/jin530/SLIST, `slist.py`). With input rows X and target rows Y of weights w, the weights of all items for
target item j are b_j = (X'WX + reg I)^-1 X'Wy_j. The published code inverts the whole catalog × catalog matrix. Here
each b_j is the same regression restricted to the `support` items that occur most with the target in X'WY: the rest
of a column is zero or close to it, and memory and time stay those of the data instead of the catalog squared.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, log

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from benchmarks.references.base import Sessions, spans

_NEGLIGIBLE = 1e-4  # a click that weighs less is left out of an input or target row


@dataclass(frozen=True, slots=True)
class Regression:
    """What a ridge regression needs of its data, both catalog × catalog.

    Attributes:
        gram: X'WX.
        cross: X'WY; column j is of target item j.
    """

    gram: sparse.csr_array
    cross: sparse.csr_array

    def weighted(self, weight: float) -> Regression:
        """The same with every row's weight multiplied."""
        return Regression(self.gram * weight, self.cross * weight)

    def __add__(self, other: Regression) -> Regression:
        """Of the rows of both."""
        return Regression(sparse.csr_array(self.gram + other.gram), sparse.csr_array(self.cross + other.cross))


def whole_sessions(sessions: Sessions, catalog: int, *, fade_days: float) -> Regression:
    """SLIS: a session's set of items from itself. Inputs sum to 1, targets are 1; older sessions weigh less."""
    shape = (len(sessions), catalog)
    met = sparse.csr_array((np.ones(len(sessions.items)), (sessions.owners, sessions.items)), shape=shape)
    met.data[:] = 1.0  # an item met twice is met
    return _regression(_scaled_to_one(met), met, np.exp(-sessions.ages / fade_days))


def later_from_earlier(
    sessions: Sessions, catalog: int, *, fade_clicks: float, fade_days: float, last_only: bool
) -> Regression:
    """SLIT: at each click but the last, what comes later from what came so far (`last_only`: from that click alone).

    Clicks weigh exp(-distance / fade_clicks) from the cut; inputs sum to 1, older sessions weigh less.
    """
    owners = sessions.owners
    cuts, _ = sessions.pairs(1)
    reach = ceil(-log(_NEGLIGIBLE) * fade_clicks)
    fades = np.exp(-np.arange(reach + 1) / fade_clicks)
    row_of = np.full(len(owners), -1)
    row_of[cuts] = np.arange(len(cuts))
    before, after = [(cuts, cuts, 1.0)], []
    for distance in range(1, reach + 1):
        earlier, later = sessions.pairs(distance)
        after.append((earlier, later, fades[distance - 1]))
        ended = row_of[later] < 0
        if not last_only:
            before.append((later[~ended], earlier[~ended], fades[distance]))
    shape = (len(cuts), catalog)
    inputs = _scaled_to_one(_faded(before, row_of, sessions.items, shape))
    return _regression(
        inputs, _faded(after, row_of, sessions.items, shape), np.exp(-sessions.ages / fade_days)[owners[cuts]]
    )


def ridge(data: Regression, *, reg: float, support: int) -> sparse.csr_array:
    """Weights catalog × catalog, float32: row i tells what item i says of every target item."""
    cross = sparse.csc_array(data.cross)
    gram = sparse.csr_array(data.gram)
    place = np.full(gram.shape[0], -1)
    sources, sizes, weights = [], [], []
    for target in range(cross.shape[1]):
        stored = slice(cross.indptr[target], cross.indptr[target + 1])
        values, items = cross.data[stored], cross.indices[stored].astype(np.int64)
        if len(items) > support:
            most = np.argpartition(-values, support)[:support]
            values, items = values[most], items[most]
        sources.append(items)
        sizes.append(len(items))
        weights.append(np.linalg.solve(_dense(gram, items, place, reg), values) if len(items) else values)
    targets = np.repeat(np.arange(cross.shape[1]), sizes)
    entries = (np.concatenate(weights).astype(np.float32), (np.concatenate(sources), targets))
    return sparse.csr_array(entries, shape=cross.shape)


def _dense(
    gram: sparse.csr_array, items: NDArray[np.int64], place: NDArray[np.int64], reg: float
) -> NDArray[np.float64]:
    """The Gram matrix of these items, with the ridge; `place` is all -1, before and after."""
    place[items] = np.arange(len(items))
    starts = gram.indptr[items].astype(np.int64)
    lengths = gram.indptr[items + 1] - starts
    where = spans(starts, lengths)
    columns = place[gram.indices[where]]
    inside = columns >= 0
    matrix = np.zeros((len(items), len(items)))
    matrix[np.repeat(np.arange(len(items)), lengths)[inside], columns[inside]] = gram.data[where[inside]]
    matrix[np.diag_indices(len(items))] += reg
    place[items] = -1
    return matrix


def _faded(
    entries: list[tuple[NDArray[np.int64], NDArray[np.int64], float]],
    row_of: NDArray[np.int64],
    items: NDArray[np.int64],
    shape: tuple[int, int],
) -> sparse.csr_array:
    """Rows of clicks: each entry says at which cuts (clicks) which clicks are told, and with what weight."""
    rows = np.concatenate([row_of[at] for at, _, _ in entries])
    columns = np.concatenate([items[click] for _, click, _ in entries])
    weights = np.concatenate([np.full(len(at), weight) for at, _, weight in entries])
    return sparse.csr_array((weights, (rows, columns)), shape=shape)


def _scaled_to_one(matrix: sparse.csr_array) -> sparse.csr_array:
    """Rows of a matrix without negative values, each divided by its sum."""
    sums = np.asarray(matrix.sum(axis=1)).ravel()
    return sparse.csr_array(sparse.diags_array(1 / np.where(sums > 0, sums, 1.0)) @ matrix)


def _regression(inputs: sparse.csr_array, targets: sparse.csr_array, weights: NDArray[np.float64]) -> Regression:
    weighted = sparse.csr_array((sparse.diags_array(weights) @ inputs).T)
    return Regression(sparse.csr_array(weighted @ inputs), sparse.csr_array(weighted @ targets))
