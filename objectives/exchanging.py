"""Lists bettered by exchanging one candidate that they show for another, as far as floors and limits allow.

Mixtures of relevance and objectives lead to few of the lists there are: those on the convex hull. Between two of them
lie lists that use up what a floor still leaves, found here as local search finds them for a knapsack problem (Kellerer,
Pferschy and Pisinger, Knapsack Problems, 2004, ch. 2): the exchange that brings most, while there is one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from objectives.arranging import EMPTY, NO_PINS, Limit

MOST_EXCHANGES: Final = 3  # of a list; more have brought nothing
MOST_COMING: Final = 64  # candidates that are looked at, those that are wanted most
NEGLIGIBLE: Final = 1e-12  # a gain that is not worth an exchange


def exchange(
    shown: NDArray[np.int32],
    wanted: NDArray[np.float64],
    guarded: NDArray[np.float64],
    least: NDArray[np.float64],
    *,
    behind: NDArray[np.float64] | None = None,
    limits: Sequence[Limit] = (),
    pins: Mapping[int, int] = NO_PINS,
) -> NDArray[np.int32]:
    """int32 (lists, size): the lists after up to MOST_EXCHANGES, each with no less of what it wants than before.

    What stands behind others stays out, pinned ones stay in, and no kind grows beyond its limit.

    Args:
        shown: int32 (lists, size), candidates, EMPTY where none was left; each place counts alike.
        wanted: float64 (lists, candidates), what each list wants more of.
        guarded: float64 (sums, candidates), of each no list may fall below `least`.
        least: float64 (sums,).
        behind: float64 (candidates,), as in `arrange_all`.
        limits: what each list obeys.
        pins: of each list.
    """
    found = shown.copy()
    free = np.array([place for place in range(shown.shape[1]) if place not in pins], np.int64)
    coming = _coming(found[:, free], wanted, guarded, _room(found, guarded, least), behind)
    lists = np.arange(len(found))
    for _ in range(MOST_EXCHANGES if len(coming) and len(free) else 0):
        gain = _gains(found, free, coming, wanted, guarded, _room(found, guarded, least), limits)
        places, candidates = np.unravel_index(gain.reshape(len(found), -1).argmax(axis=1), gain.shape[1:])
        better = gain[lists, places, candidates] > NEGLIGIBLE
        if not better.any():
            break
        found[lists[better], free[places[better]]] = coming[candidates[better]]
    return found


def _room(shown: NDArray[np.int32], guarded: NDArray[np.float64], least: NDArray[np.float64]) -> NDArray[np.float64]:
    """float64 (sums, lists): how much of each sum every list may give up."""
    return np.asarray((guarded[:, shown] * (shown != EMPTY)).sum(axis=2) - least[:, None], dtype=np.float64)


def _coming(
    leaving: NDArray[np.int32],
    wanted: NDArray[np.float64],
    guarded: NDArray[np.float64],
    room: NDArray[np.float64],
    behind: NDArray[np.float64] | None,
) -> NDArray[np.int64]:
    """int64 (≤ MOST_COMING,): candidates that might be exchanged for something, in their order."""
    if not leaving.size:
        return np.empty(0, np.int64)
    lists = np.arange(len(leaving))[:, None]
    apt = wanted > wanted[lists, leaving].min(axis=1, keepdims=True)
    for values, left in zip(guarded, room, strict=True):
        apt &= values >= (values[leaving].min(axis=1) - left)[:, None]
    some = apt.any(axis=0) if behind is None else apt.any(axis=0) & ~(behind > 0)
    found = np.flatnonzero(some)
    if len(found) > MOST_COMING:
        likely = np.argsort(-(wanted[:, found] * apt[:, found]).max(axis=0), kind="stable")[:MOST_COMING]
        found = np.sort(found[likely])
    return found


def _gains(
    shown: NDArray[np.int32],
    free: NDArray[np.int64],
    coming: NDArray[np.int64],
    wanted: NDArray[np.float64],
    guarded: NDArray[np.float64],
    room: NDArray[np.float64],
    limits: Sequence[Limit],
) -> NDArray[np.float64]:
    """float64 (lists, free places, coming): what each exchange brings, −∞ where it must not be."""
    lists = np.arange(len(shown))[:, None]
    leaving = shown[:, free]
    gain = wanted[:, None, coming] - wanted[lists, leaving][:, :, None]
    allowed = (leaving != EMPTY)[:, :, None] & ~(shown[:, :, None] == coming).any(axis=1)[:, None, :]
    for values, left in zip(guarded, room, strict=True):
        allowed &= values[coming] >= (values[leaving] - left[:, None])[:, :, None]
    for limit in limits:
        allowed &= _within(limit, shown, leaving, coming)
    gain[~allowed] = -np.inf
    return gain


def _within(
    limit: Limit, shown: NDArray[np.int32], leaving: NDArray[np.int32], coming: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """bool (lists, free places, coming): whether the kind of each has room, or is of the kind that makes room."""
    kinds = limit.keys[coming]
    held = np.where(shown == EMPTY, EMPTY, limit.keys[shown])
    has_room = (held[:, :, None] == kinds).sum(axis=1) < limit.most
    makes_room = limit.keys[leaving][:, :, None] == kinds
    return np.asarray(makes_room | (has_room | (kinds < 0))[:, None, :], dtype=np.bool_)
