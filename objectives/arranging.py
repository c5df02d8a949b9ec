"""Lists arranged from orders: pins where they were set, one variant of a thing, and no more of a kind than caps allow.

One order is gone down candidate by candidate. Many orders of the same candidates, for whoever then chooses among the
lists, are arranged place by place and never written out: a list mostly shows no more than the first few of each.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

EMPTY: Final = -1  # a place that nothing was left for
NO_PINS: Final[Mapping[int, int]] = MappingProxyType({})
_TAKEN: Final = -np.inf
# A list that shows more than one in so many of its candidates is had sooner by sorting them all.
_SORTED_FROM: Final = 8


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many of a kind in a list.

    Attributes:
        keys: int32 (candidates,), of which kind each is; −1 for none, which is not limited.
        most: how many.
        hard: holds even where the list then stays short; others yield once nothing else is left.
    """

    keys: NDArray[np.int32]
    most: int
    hard: bool = False


def arrange(
    order: Sequence[int], *, size: int, limits: Sequence[Limit] = (), pins: Mapping[int, int] = NO_PINS
) -> NDArray[np.int32]:
    """int32 (size,): the candidates of an order that are shown, EMPTY where none was left.

    Args:
        order: candidates without repeats, best first; pinned ones may be among them.
        size: places of the list.
        limits: what the list obeys; pins count, but stay whatever the limits say.
        pins: place (from 0, below `size`) → candidate.
    """
    taken = list(pins.values())
    taken += _let_in(order, taken, size - len(taken), limits)
    if len(taken) < size and limits:
        taken += _let_in(order, taken, size - len(taken), [limit for limit in limits if limit.hard])
    shown = np.full(size, EMPTY, np.int32)
    shown[list(pins)] = taken[: len(pins)]
    free = np.flatnonzero(shown == EMPTY)
    shown[free[: len(taken) - len(pins)]] = taken[len(pins) :]
    return shown


def arrange_all(
    scored: Callable[[], NDArray[np.float64]],
    *,
    behind: NDArray[np.float64] | None = None,
    size: int,
    limits: Sequence[Limit] = (),
    pins: Mapping[int, int] = NO_PINS,
) -> NDArray[np.int32]:
    """int32 (lists, size): as `arrange`, of the orders that scores lead to, the highest first, ties by candidate.

    Args:
        scored: float64 (lists, candidates), finite, made anew at each call: they are used up.
        behind: float64 (candidates,), finite, how far each stands behind in all of them; None for nobody.
        size: places of a list.
        limits: what each list obeys.
        pins: of each list.
    """
    left = _left(scored, behind)
    shown = np.full((len(left), size), EMPTY, np.int32)
    shown[:, list(pins)] = list(pins.values())
    left[:, list(pins.values())] = _TAKEN
    free = np.flatnonzero(shown[0] == EMPTY)
    if not limits:
        free = free[: left.shape[1] - len(pins)]
        shown[:, free] = _best(left, len(free))
        return shown
    _place(shown, free, left, limits)
    if (shown[:, free] == EMPTY).any():
        left = _left(scored, behind)
        lists, places = np.nonzero(shown != EMPTY)
        left[lists, shown[lists, places]] = _TAKEN
        _place(shown, free, left, [limit for limit in limits if limit.hard])
    return shown


def _left(scored: Callable[[], NDArray[np.float64]], behind: NDArray[np.float64] | None) -> NDArray[np.float64]:
    left = scored()
    if behind is not None:
        left -= behind
    return left


def _best(left: NDArray[np.float64], most: int) -> NDArray[np.int64]:
    """int64 (lists, most): the best of each list in order, ties by candidate."""
    if most * _SORTED_FROM > left.shape[1]:
        return _sorted(left)[:, :most]
    found = np.empty((len(left), most), np.int64)
    lists = np.arange(len(left))
    for place in range(most):
        found[:, place] = best = left.argmax(axis=1)
        left[lists, best] = _TAKEN
    return found


def _let_in(order: Sequence[int], taken: Sequence[int], most: int, limits: Sequence[Limit]) -> list[int]:
    """The first of an order that limits let in beside what is taken."""
    tallies = [(limit.keys.tolist(), Counter(limit.keys[taken].tolist()), limit.most) for limit in limits]
    found: list[int] = []
    gone = set(taken)
    for candidate in order:
        if len(found) == most:
            break
        if candidate in gone or any(
            held[keys[candidate]] >= limit and keys[candidate] >= 0 for keys, held, limit in tallies
        ):
            continue
        found.append(candidate)
        for keys, held, _ in tallies:
            held[keys[candidate]] += 1
    return found


def _sorted(left: NDArray[np.float64]) -> NDArray[np.int64]:
    """int64 (lists, candidates), the best first, ties by candidate."""
    order = np.argsort(-left, axis=1)  # several times as fast as a stable sort, which only ties need
    values = np.take_along_axis(left, order, axis=1)
    tied = (values[:, 1:] == values[:, :-1]).any(axis=1)
    if tied.any():
        order[tied] = np.argsort(-left[tied], axis=1, kind="stable")
    return order


def _place(
    shown: NDArray[np.int32], free: NDArray[np.int64], left: NDArray[np.float64], limits: Sequence[Limit]
) -> None:
    """Fill every list's empty places, from the first on, with the best in `left` that limits let in."""
    singles = [_kinds(limit) for limit in limits if limit.most == 1]
    tallies = [_Tally(limit, shown) for limit in limits if limit.most > 1]
    lists = np.arange(len(shown))
    for kinds in singles:
        for place in np.flatnonzero((shown != EMPTY).any(axis=0)):
            np.putmask(left, kinds[:-1] == kinds[shown[:, place], None], _TAKEN)
    filled = (shown[:, free] != EMPTY).sum(axis=1)
    wanting = filled < len(free)
    while wanting.any():
        best = left.argmax(axis=1)
        wanting &= left[lists, best] > _TAKEN
        fits = _fitting(wanting, best, left, tallies)
        taking, best = (lists, best) if fits.all() else (lists[fits], best[fits])
        places = free[filled[taking]]
        shown[taking, places] = best
        left[taking, best] = _TAKEN
        for kinds in singles:
            _close(left, taking, kinds[:-1] == kinds[best, None])
        for tally in tallies:
            tally.take(taking, places, best)
        filled[taking] += 1
        wanting &= filled < len(free)


def _fitting(
    wanting: NDArray[np.bool_], best: NDArray[np.int64], left: NDArray[np.float64], tallies: Sequence[_Tally]
) -> NDArray[np.bool_]:
    """bool (lists,), which take their best; where it is one too many, all of its kind leave `left`."""
    full = [wanting & tally.full(best) for tally in tallies]
    fits = wanting
    for over, tally in zip(full, tallies, strict=True):
        if over.any():
            fits = fits & ~over
            _close(left, np.flatnonzero(over), tally.alike(best[over]))
    return fits


def _close(left: NDArray[np.float64], lists: NDArray[np.int64], closed: NDArray[np.bool_]) -> None:
    """Take from `left` of some lists what is closed to each, bool (some lists, candidates)."""
    if len(lists) == len(left):
        np.putmask(left, closed, _TAKEN)
        return
    some = left[lists]
    np.putmask(some, closed, _TAKEN)
    left[lists] = some


def _kinds(limit: Limit) -> NDArray[np.int32]:
    """int32 (candidates + 1,): kinds by candidate, each without one its own; at the end, which EMPTY reads, none's."""
    own = -2 - np.arange(len(limit.keys), dtype=np.int32)
    return np.append(np.where(limit.keys < 0, own, limit.keys), np.int32(EMPTY))


class _Tally:
    """Of which kind is what every list holds already."""

    def __init__(self, limit: Limit, shown: NDArray[np.int32]) -> None:
        self._kinds = _kinds(limit)
        self._most = limit.most
        self._held = self._kinds[shown.T]  # (size, lists), which is counted faster

    def full(self, candidates: NDArray[np.int64]) -> NDArray[np.bool_]:
        """bool (lists,), whether each holds as many of its candidate's kind as it may."""
        return np.asarray((self._held == self._kinds[candidates]).sum(axis=0) >= self._most, dtype=np.bool_)

    def alike(self, candidates: NDArray[np.int64]) -> NDArray[np.bool_]:
        """bool (some candidates, all candidates), which are of the same kind."""
        return np.asarray(self._kinds[:-1] == self._kinds[candidates, None], dtype=np.bool_)

    def take(self, lists: NDArray[np.int64], places: NDArray[np.int64], candidates: NDArray[np.int64]) -> None:
        self._held[places, lists] = self._kinds[candidates]
