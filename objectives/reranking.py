"""From estimates and facts to the ranking that is served, each contribution kept.

Order of operations: eligibility → objectives → variants of one thing shown once → caps → exploration.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from catalog.facts import UNKNOWN, ProductFacts
from objectives.measures import MEASURES, EstimateArrays

# What a zone maximises unless told otherwise: that something joins the cart, the more so when it is then bought. What
# is merely looked at next is as often a rival of what is wanted.
DEFAULT_WEIGHTS: Final[Mapping[str, float]] = MappingProxyType({"basket": 1.0, "conversion": 1.0})


class UnknownMeasureError(KeyError):
    """An objective names a measure that MEASURES does not have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What a zone asks of its rankings.

    Attributes:
        size: how many products are wanted.
        weights: measure → weight of the objectives, summed.
        exploration: share of positions given to a product drawn evenly, [0, 1].
        max_per_brand, max_per_category: how many of one brand or leaf category may stand in the ranking as
            long as anything else is left; None for any number.
        complete: a listing, which loses nothing: what is not eligible goes to the end, variants and caps do
            not count.
    """

    size: int
    weights: Mapping[str, float] = field(default_factory=lambda: DEFAULT_WEIGHTS)
    exploration: float = 0.0
    max_per_brand: int | None = None
    max_per_category: int | None = None
    complete: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """What is served, best first, and why.

    Attributes:
        rows: int32 (k,) rows of the estimates, in the order served.
        products: int32 (k,) their catalog positions.
        propensities: float64 (k,) in (0, 1], see `explore`.
        explored: bool (k,) whether the position was given to exploration.
        value: float32 (k,) what was maximised: the sum of the contributions.
        contributions: measure → float32 (k,) weight × measure.
        left_out: how many candidates each step left out.
    """

    rows: NDArray[np.int32]
    products: NDArray[np.int32]
    propensities: NDArray[np.float64]
    explored: NDArray[np.bool_]
    value: NDArray[np.float32]
    contributions: dict[str, NDArray[np.float32]]
    left_out: dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a zone's answer must not hold, by catalog position (unknown positions are ignored).

    Attributes:
        excluded: what the caller and the zone leave out: ids named, seen, in the cart, bought.
        department: the root category (index) every product must stand under, −1 for any.
    """

    excluded: Iterable[int] = ()
    department: int = UNKNOWN


def eligible(*, facts: ProductFacts, filters: Filters) -> NDArray[np.bool_]:
    """bool (products,): what may be shown at all: buyable, in the department, not excluded."""
    mask = facts.buyable.copy()
    if filters.department != UNKNOWN:
        mask &= _departments(facts) == filters.department
    excluded = np.fromiter(filters.excluded, dtype=np.int64)
    mask[excluded[(excluded >= 0) & (excluded < len(mask))]] = False
    return mask


def department_of(*, facts: ProductFacts, category: int) -> int:
    """Index of the root above a category (by index); −1 for −1."""
    while category != UNKNOWN and facts.category_parents[category] != UNKNOWN:
        category = int(facts.category_parents[category])
    return category


def rerank(
    *,
    estimates: EstimateArrays,
    facts: ProductFacts,
    eligible: NDArray[np.bool_],
    rules: Rules,
    now: float,
    rng: np.random.Generator,
) -> Ranking:
    """The ranking of the estimated products under a zone's rules.

    The order of the input rows plays no part: ties of value fall to the engine's score, then to the position.

    Args:
        estimates: of n candidates.
        facts: of all products.
        eligible: bool (products,), from `eligible`.
        rules: what the zone asks.
        now: seconds since 1970.
        rng: draws the exploration.
    """
    contributions = _contributions(estimates, facts, rules.weights, now)
    value = _total(contributions, len(estimates.products))
    best_first = _best_first(estimates, value)
    suitable = eligible[estimates.products[best_first]]
    order, last = best_first[suitable], best_first[~suitable]
    left_out = {} if rules.complete else {"eligibility": len(last)}
    if not rules.complete:
        distinct = _one_per_group(order, facts.group[estimates.products])
        left_out["variants"] = len(order) - len(distinct)
        order, last = _capped(distinct, estimates.products, facts, rules), last[:0]
    served = explore(order=order.tolist(), size=rules.size, share=rules.exploration, rng=rng)
    return _ranking(estimates, served, last[: rules.size - len(served.order)], value, contributions, left_out)


@dataclass(frozen=True, slots=True)
class Explored:
    """An order after exploration; see `explore`."""

    order: list[int]
    propensities: list[float]
    explored: list[bool]


def explore(*, order: list[int], size: int, share: float, rng: np.random.Generator) -> Explored:
    r"""Give a share of the positions to candidates drawn evenly, and say how likely each placement was.

    Position by position, i = 0 … size − 1, let R_i be what is not yet placed, in the given order, n_i its
    length. With probability 1 − ε (ε = `share`) the first of R_i is placed, with probability ε one drawn
    evenly from all of R_i, the first included. Given what was placed before, a is put at position i with

        p(a | R_i) = (1 − ε) · [a is the first of R_i] + ε / n_i,

    which is positive for every a in R_i (when ε > 0) and sums to one over them. Because each position's draw
    depends on the past only through R_i, the probability of a whole ranking is the product of its positions'
    propensities, which is what inverse propensity estimators need (Horvitz and Thompson 1952; for rankings,
    Swaminathan et al. 2017).

    Args:
        order: candidates without repeats, best first.
        size: how many positions are filled, fewer when the candidates run out.
        share: ε in [0, 1].
        rng: one uniform draw a position, and one integer per explored position.
    """
    order = list(order)
    total, size = len(order), min(size, len(order))
    explored = rng.random(size) < share
    propensities = (1.0 - share) + share / np.arange(total, total - size, -1)
    for i in np.flatnonzero(explored).tolist():
        drawn = int(rng.integers(total - i))
        order.insert(i, order.pop(i + drawn))
        if drawn:
            propensities[i] = share / (total - i)
    return Explored(order[:size], propensities.tolist(), explored.tolist())


def _contributions(
    estimates: EstimateArrays, facts: ProductFacts, weights: Mapping[str, float], now: float
) -> dict[str, NDArray[np.float32]]:
    """measure → float32 (n,), weighted."""
    if unknown := weights.keys() - MEASURES.keys():
        raise UnknownMeasureError(f"expected one of {sorted(MEASURES)}, got {sorted(unknown)}")
    return {name: np.float32(weight) * MEASURES[name](estimates, facts, now) for name, weight in weights.items()}


def _total(contributions: dict[str, NDArray[np.float32]], count: int) -> NDArray[np.float32]:
    value = np.zeros(count, dtype=np.float32)
    for contribution in contributions.values():
        value += contribution
    return value


def _best_first(estimates: EstimateArrays, value: NDArray[np.float32]) -> NDArray[np.int32]:
    """Rows by value, then score, then position."""
    return np.lexsort((estimates.products, -estimates.score, -value)).astype(np.int32)


def _one_per_group(order: NDArray[np.int32], groups: NDArray[np.int32]) -> NDArray[np.int32]:
    """The order with only the best of each group's variants; products without a group all stay."""
    mine = groups[order]
    # A product of its own is told apart by a key that no group has.
    keys = np.where(mine == UNKNOWN, -1 - np.arange(len(order)) - 1, mine)
    _, first = np.unique(keys, return_index=True)
    return order[np.sort(first)]


def _capped(
    order: NDArray[np.int32], products: NDArray[np.int32], facts: ProductFacts, rules: Rules
) -> NDArray[np.int32]:
    """The order with what would break a cap put behind everything that does not."""
    caps = [
        (column[products[order]].tolist(), cap)
        for column, cap in ((facts.brand, rules.max_per_brand), (facts.category, rules.max_per_category))
        if cap is not None
    ]
    if not caps:
        return order
    within = _within_caps(len(order), caps)
    return np.concatenate([order[within], order[~within]])


def _within_caps(count: int, caps: list[tuple[list[int], int]]) -> NDArray[np.bool_]:
    """bool (count,): which rows stay when each row takes one place of each of its keys, best first."""
    taken: list[Counter[int]] = [Counter() for _ in caps]
    within = np.ones(count, dtype=np.bool_)
    for i in range(count):
        keys = [column[i] for column, _ in caps]
        full = (key != UNKNOWN and taken[c][key] >= caps[c][1] for c, key in enumerate(keys))
        if any(full):
            within[i] = False
            continue
        for c, key in enumerate(keys):
            taken[c][key] += 1
    return within


def _departments(facts: ProductFacts) -> NDArray[np.int32]:
    """int32 (products,): index of the root category above each product, −1 without a category."""
    roots = np.arange(len(facts.category_parents), dtype=np.int32)
    while len(roots) and (above := facts.category_parents[roots] != UNKNOWN).any():
        roots = np.where(above, facts.category_parents[roots], roots)
    # The appended −1 is what index −1 reads.
    return np.append(roots, np.int32(UNKNOWN))[facts.category]


def _ranking(
    estimates: EstimateArrays,
    served: Explored,
    last: NDArray[np.int32],
    value: NDArray[np.float32],
    contributions: dict[str, NDArray[np.float32]],
    left_out: dict[str, int],
) -> Ranking:
    rows = np.concatenate([np.array(served.order, dtype=np.int32), last])
    certain = len(last)  # what goes last goes there for sure
    return Ranking(
        rows=rows,
        products=estimates.products[rows],
        propensities=np.array(served.propensities + [1.0] * certain),
        explored=np.array(served.explored + [False] * certain, dtype=np.bool_),
        value=value[rows],
        contributions={name: values[rows] for name, values in contributions.items()},
        left_out=left_out,
    )
