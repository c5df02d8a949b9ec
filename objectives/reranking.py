"""From estimates and facts to the ranking that is served, each contribution kept.

Order of operations: eligibility → selection → objectives, as far as the relevance floor allows → pins → variants of one
thing shown once, caps → exploration. Floors hold of the list as it is then shown, pins and caps in, before exploration.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from catalog.facts import UNKNOWN, ProductFacts
from objectives.arranging import Limit, arrange
from objectives.course import NO_COURSE, Course
from objectives.exploring import Explored, explore
from objectives.leading import Led, Plan, lead
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
        propensities: float64 (k,) in (0, 1], given what stands above, see `explore`.
        marginals: float64 (≤ k,) in (0, 1], whatever stands above, of the places from the top that `explore` tells.
        explored: bool (k,) whether the position was given to exploration.
        value: float32 (k,) what was maximised: the sum of the contributions.
        contributions: measure → float32 (k,) weight × measure; of a campaign's pull, `measure@campaign`, in the
            same unit.
        left_out: how many candidates each step left out.
        before: int32 (k,) the place each would have had without any campaign, −1 none.
        kept: what the list has of the unsteered list's predicted conversion.
        campaigns: database ids of those that applied.
    """

    rows: NDArray[np.int32]
    products: NDArray[np.int32]
    propensities: NDArray[np.float64]
    explored: NDArray[np.bool_]
    value: NDArray[np.float32]
    contributions: dict[str, NDArray[np.float32]]
    marginals: NDArray[np.float64] = field(default_factory=lambda: np.empty(0))
    left_out: dict[str, int] = field(default_factory=dict)
    before: NDArray[np.int32] = field(default_factory=lambda: np.empty(0, np.int32))
    kept: float = 1.0
    campaigns: tuple[int, ...] = ()


def rerank(
    *,
    estimates: EstimateArrays,
    facts: ProductFacts,
    eligible: NDArray[np.bool_],
    rules: Rules,
    now: float,
    rng: np.random.Generator,
    course: Course = NO_COURSE,
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
        course: what campaigns ask.
    """
    contributions = _contributions(estimates, facts, rules.weights, now)
    value = _total(contributions, len(estimates.products))
    best_first = _best_first(estimates, value)
    suitable = eligible[estimates.products[best_first]]
    order, last = best_first[suitable], best_first[~suitable]
    left_out = {} if rules.complete else {"eligibility": len(last)}
    uncampaigned = unsteered = order if rules.complete else _varied(order, estimates.products, facts, rules)
    if course.excluded is not None:
        out = course.excluded[estimates.products[order]]
        order, last = order[~out], np.concatenate([order[out], last])
        left_out |= {} if rules.complete else {"excluded": int(out.sum())}
        unsteered = order if rules.complete else _varied(order, estimates.products, facts, rules)
    if not rules.complete:
        left_out["variants"] = len(order) - len(unsteered)
        last = last[:0]
    led, follow = Led(unsteered, shown=0), unsteered
    if course.steers and len(order):
        plan = _plan(order, estimates.products, facts, rules)
        led = lead(order, estimates, facts, course, value=value, now=now, plan=plan)
        contributions |= led.contributions
        follow = led.order if rules.complete else _without_variants(led, facts.group[estimates.products])
    served = explore(order=follow.tolist(), size=rules.size, share=rules.exploration, rng=rng, pins=led.pins)
    found = _ranking(estimates, served, last[: rules.size - len(served.order)], contributions)
    places = {row: place for place, row in enumerate(uncampaigned[: rules.size].tolist())}
    before = np.array([places.get(row, -1) for row in found.rows.tolist()], np.int32)
    return replace(found, left_out=left_out, before=before, kept=led.kept, campaigns=course.campaigns)


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


def _varied(
    order: NDArray[np.int32], products: NDArray[np.int32], facts: ProductFacts, rules: Rules
) -> NDArray[np.int32]:
    """The order with the best of each group's variants alone, what caps let into the list in front."""
    distinct = order[_first_of_group(order, facts.group[products])]
    caps = _caps(products[distinct], facts, rules)
    if not caps or not len(distinct):
        return distinct
    shown = arrange(range(len(distinct)), size=min(rules.size, len(distinct)), limits=caps)
    others = np.ones(len(distinct), bool)
    others[shown] = False
    return np.concatenate([distinct[shown], distinct[others]])


def _caps(products: NDArray[np.int32], facts: ProductFacts, rules: Rules) -> list[Limit]:
    """What a zone limits, over some products."""
    caps = ((facts.brand, rules.max_per_brand), (facts.category, rules.max_per_category))
    return [Limit(column[products], cap) for column, cap in caps if cap is not None]


def _without_variants(led: Led, groups: NDArray[np.int32]) -> NDArray[np.int32]:
    """What is shown, then others of which no variant was; both of two pinned variants stay."""
    distinct = _first_of_group(led.order, groups)
    distinct[: led.shown] = True
    return led.order[distinct]


def _plan(order: NDArray[np.int32], products: NDArray[np.int32], facts: ProductFacts, rules: Rules) -> Plan:
    """What the steered list obeys: a zone shows all its places alike, a listing is read from the top.

    Of a listing, place i counts 1 / log2(i + 2), as in discounted cumulative gain (Järvelin and Kekäläinen 2002).
    """
    places = min(rules.size, len(order))
    if rules.complete:
        return Plan((), 1.0 / np.log2(np.arange(places) + 2.0))
    limits = _caps(products[order], facts, rules)
    group = facts.group[products[order]]
    if (group != UNKNOWN).any():
        limits.append(Limit(group, 1, hard=True))
    return Plan(limits, np.ones(places))


def _first_of_group(order: NDArray[np.int32], groups: NDArray[np.int32]) -> NDArray[np.bool_]:
    """bool (n,), by place in the order: the best of each group's variants, and all without a group."""
    mine = groups[order]
    first: NDArray[np.bool_] = mine == UNKNOWN
    varied = np.flatnonzero(~first)
    if len(varied):
        first[varied[np.unique(mine[varied], return_index=True)[1]]] = True
    return first


def _ranking(
    estimates: EstimateArrays,
    served: Explored,
    last: NDArray[np.int32],
    contributions: dict[str, NDArray[np.float32]],
) -> Ranking:
    rows = np.concatenate([np.array(served.order, dtype=np.int32), last])
    certain = [1.0] * len(last)  # what goes last goes there for sure
    told = served.marginals + (certain if len(served.marginals) == len(served.order) else [])
    return Ranking(
        rows=rows,
        products=estimates.products[rows],
        propensities=np.array(served.propensities + certain),
        marginals=np.array(told),
        explored=np.array(served.explored + [False] * len(last), dtype=np.bool_),
        value=_total(contributions, len(estimates.products))[rows],
        contributions={name: values[rows] for name, values in contributions.items()},
    )
