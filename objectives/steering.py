"""Steering: of the lists near the most relevant one, the list that objectives value most and the floor allows.

A family of lists is made first, from relevance mixed with each objective, and with blends of them, in ever larger
shares; and of the lists that an objective likes best, those that exchanges make of them. The weights play no part in
it: they only choose. From that follow, exactly and whatever the numbers:

* **the floor holds**: no list below it is chosen, and the unsteered list, which is in the family, never is below;
* **steering is monotone**: with a larger weight of an objective the chosen list never has less of it. If S is chosen
  with weights w and S′ when one weight is larger by δ, then V(S) ≥ V(S′) and V(S′) + δM(S′) ≥ V(S) + δM(S), so that
  M(S′) ≥ M(S).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import combinations_with_replacement
from typing import Final

import numpy as np
from numpy.typing import NDArray

MOST_LISTS: Final = 64  # of the family, before exchanges
FINEST: Final = 16  # shares of an objective in the mixture, where there is one alone
COARSEST: Final = 6
LEAST_SHARE, LARGEST_SHARE = 2.0**-5, 2.0**7  # of an objective against relevance, each relative to its best list
NO_REACH: Final = 1e-9  # of a list that has none of an objective
ROUNDING: Final = 1e-9  # of sums that are compared with the floor

Scored = Callable[[], NDArray[np.float64]]
Arrange = Callable[[Scored], NDArray[np.int32]]
Exchange = Callable[
    [NDArray[np.int32], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]], NDArray[np.int32]
]


@dataclass(frozen=True, slots=True)
class Bounds:
    """What no list may give up.

    Attributes:
        guarded: float32 (sums, n), not negative: of each, no list may have less than `floor` of what `unsteered` has.
        floor: in [0, 1].
        unsteered: int32 (size,), the list that would be shown of the same selection with nothing pinned or buried and
            no objective. Where what was laid down by hand falls below the floor against it, objectives take no more.
    """

    guarded: NDArray[np.float32]
    floor: float
    unsteered: NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Steered:
    """The list that was chosen.

    Attributes:
        shown: int32 (size,), candidates, EMPTY where none was left.
        scores: float64 (n,), the mixture that ordered it.
        worth: float64 (objectives,), what one unit of each objective counted for, in units of relevance.
        kept: what it has of the guarded sums against the unsteered list's, the least of them; 1 without any.
    """

    shown: NDArray[np.int32]
    scores: NDArray[np.float64]
    worth: NDArray[np.float64]
    kept: float


def steer(
    relevance: NDArray[np.float32],
    objectives: NDArray[np.float32],
    weights: Sequence[float],
    *,
    bounds: Bounds,
    attention: NDArray[np.float64],
    arrange: Arrange,
    exchange: Exchange | None = None,
) -> Steered:
    """Choose the list of a situation.

    Args:
        relevance: float32 (n,), what the zone maximises unsteered; finite, not negative.
        objectives: float32 (objectives, n), finite; each is measured against the best list it could have.
        weights: of each objective, not negative: 1 counts all that it could reach as much as all relevance.
        bounds: what no list may give up.
        attention: float64 (size,), not negative and not increasing: how much each place counts.
        arrange: the lists int32 (lists, size) that scores float64 (lists, n) lead to.
        exchange: betters lists, see `exchanging.exchange`; None where places count differently.

    Returns:
        The best of the family by Σ relevance + Σ weighted objectives; of equals the one with the smallest share.
    """
    reach = np.array([_best_sum(values, attention) for values in objectives])
    reach[reach < NO_REACH] = np.inf
    best = max(_best_sum(relevance, attention), NO_REACH)
    worth = np.asarray(weights, np.float64) / reach
    values = np.concatenate([bounds.guarded, relevance[None], objectives]).astype(np.float64)
    guards = len(bounds.guarded)
    scored = partial(_scored, values[guards] / best, values[guards + 1 :])
    mixtures = _mixtures(len(objectives)) / reach
    shown = arrange(lambda: scored(mixtures))
    sums = _sums(values, shown, attention)
    base = _sums(bounds.guarded, bounds.unsteered[None], attention)[:, 0]
    least = np.minimum(bounds.floor * base, sums[:guards, 0]) * (1 - ROUNDING)  # the first is steered by hand alone
    allowed = (sums[:guards] >= least[:, None]).all(axis=0)
    if exchange is not None and len(objectives):
        axes = _axes(len(objectives)) / reach
        begun = np.where(allowed, axes @ sums[guards + 1 :], -np.inf).argmax(axis=1)
        bettered = exchange(shown[begun], axes @ values[guards + 1 :], values[:guards], least)
        shown, mixtures = np.concatenate([shown, bettered]), np.concatenate([mixtures, mixtures[begun]])
        sums = np.concatenate([sums, _sums(values, bettered, attention)], axis=1)
        allowed = (sums[:guards] >= least[:, None]).all(axis=0)
    chosen = int(np.where(allowed, sums[guards] / best + worth @ sums[guards + 1 :], -np.inf).argmax())
    kept = np.divide(sums[:guards, chosen], base, out=np.ones(guards), where=base > 0)
    scores = scored(mixtures[chosen : chosen + 1])[0]
    return Steered(shown[chosen], scores, worth * best, float(kept.min(initial=np.inf)) if guards else 1.0)


def _scored(
    relevance: NDArray[np.float64], objectives: NDArray[np.float64], mixtures: NDArray[np.float64]
) -> NDArray[np.float64]:
    """float64 (lists, n): relevance mixed with objectives."""
    scores = mixtures @ objectives
    scores += relevance  # in place: pages of this size are slow to come by
    return scores


def list_sum(values: NDArray[np.floating], shown: NDArray[np.int32], attention: NDArray[np.float64]) -> float:
    """What a list int32 (size,) has of a value float (n,), each place counting by its attention."""
    return float(_sums(values[None], shown[None], attention)[0, 0])


@cache
def _mixtures(objectives: int) -> NDArray[np.float64]:
    """float64 (lists, objectives): shares of the objectives in each list's mixture; the first has none."""
    if not objectives:
        return np.zeros((1, 0))
    directions = _directions(objectives)
    steps = int(np.clip(MOST_LISTS // len(directions), COARSEST, FINEST))
    shares = np.geomspace(LEAST_SHARE, LARGEST_SHARE, steps)
    mixed = (shares[:, None, None] * directions).reshape(-1, objectives)
    return np.concatenate([np.zeros((1, objectives)), mixed])


def _directions(objectives: int) -> NDArray[np.float64]:
    """float64 (directions, objectives): blends of objectives, evenly over the simplex, as fine as the family's size."""
    degree = {2: 4, 3: 2}.get(objectives, 1)
    blends = [
        np.bincount(chosen, minlength=objectives) / degree
        for chosen in combinations_with_replacement(range(objectives), degree)
    ]
    if degree < objectives:  # the lattice has no point inside: all of them together, too
        blends.append(np.full(objectives, 1 / objectives))
    return np.array(blends)


@cache
def _axes(objectives: int) -> NDArray[np.float64]:
    """float64 (axes, objectives): each objective alone, and all of them together."""
    together = [np.full(objectives, 1 / objectives)] if objectives > 1 else []
    return np.array([*np.eye(objectives), *together])


def _best_sum(values: NDArray[np.float32], attention: NDArray[np.float64]) -> float:
    """The most that any list could have of it; nothing that counts against is in that list."""
    count = min(len(attention), len(values))
    if not count:
        return 0.0
    best = np.sort(np.maximum(np.partition(values, -count)[-count:], 0.0))[::-1]
    return float(best @ attention[:count])


def _sums(
    values: NDArray[np.floating], shown: NDArray[np.int32], attention: NDArray[np.float64]
) -> NDArray[np.float64]:
    """float64 (values, lists): what each list has of each, in the order of its places, so that equal lists tie."""
    padded = np.zeros((len(values), values.shape[1] + 1))
    padded[:, :-1] = values
    # EMPTY, which is −1, reads the zero at the end.
    return np.array([row[shown] @ attention for row in padded], np.float64).reshape(len(values), len(shown))
