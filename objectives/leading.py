"""Leading: a course applied to the candidates of one answer, and how the answer would have been without it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from catalog.facts import ProductFacts
from objectives.arranging import EMPTY, Limit, arrange, arrange_all
from objectives.course import Course
from objectives.exchanging import exchange
from objectives.measures import MEASURES, EstimateArrays
from objectives.steering import Bounds, steer

# Mixtures of relevance and objectives stay far below these, whatever the family of lists.
_NOT_SELECTED: Final = 1e4
_BURIED: Final = 1e7


@dataclass(frozen=True, slots=True)
class Plan:
    """What a list obeys whoever steers.

    Attributes:
        limits: over the candidates in the order handed in.
        attention: float64 (size,), how much each place counts; as many places as the list has.
    """

    limits: Sequence[Limit]
    attention: NDArray[np.float64]

    @property
    def alike(self) -> bool:
        """Whether all places count alike."""
        return bool((self.attention == self.attention[0]).all()) if len(self.attention) else True


@dataclass(frozen=True, slots=True)
class Led:
    """The order that was chosen.

    Attributes:
        order: int32 (n,), rows of the estimates: the list that is shown, then all others, the best first.
        shown: how many of them are the list.
        pins: place → row.
        contributions: pull → float32 (all rows,), in units of what the zone maximises.
        kept: see `reranking.Ranking`.
    """

    order: NDArray[np.int32]
    shown: int
    pins: Mapping[int, int] = field(default_factory=lambda: MappingProxyType({}))
    contributions: dict[str, NDArray[np.float32]] = field(default_factory=dict)
    kept: float = 1.0


def lead(
    order: NDArray[np.int32],
    estimates: EstimateArrays,
    facts: ProductFacts,
    course: Course,
    *,
    value: NDArray[np.float32],
    now: float,
    plan: Plan,
) -> Led:
    """Choose the list.

    Args:
        order: int32 (n,), the rows that may be shown, by `value`, the best first: the order of the input is gone.
        estimates: of all rows.
        facts: of all products.
        course: what campaigns ask.
        value: float32 (all rows,), what the zone maximises.
        now: seconds since 1970.
        plan: what the list obeys.
    """
    products = estimates.products[order]
    behind = _behind(products, course)
    pins = _pins(course, products, len(plan.attention))
    pulled = _pulled(estimates, facts, course, now)
    relevance = np.maximum(value[order], 0.0)
    steered = steer(
        relevance,
        pulled[:, order],
        [pull.weight for pull in course.pulls],
        bounds=_bounds(relevance, estimates.purchase[order], products, course, plan),
        attention=plan.attention,
        arrange=partial(arrange_all, behind=behind, size=len(plan.attention), limits=plan.limits, pins=pins),
        exchange=partial(exchange, behind=behind, limits=plan.limits, pins=pins) if plan.alike else None,
    )
    shown = steered.shown[steered.shown != EMPTY]
    others = np.argsort(-(steered.scores if behind is None else steered.scores - behind), kind="stable")
    waiting = np.ones(len(order), np.bool_)
    waiting[shown] = False
    others = others[waiting[others]]
    told = (steered.worth[:, None] * pulled).astype(np.float32)
    return Led(
        order=order[np.concatenate([shown, others])],
        shown=len(shown),
        pins={place: int(order[row]) for place, row in pins.items()},
        contributions=dict(zip((pull.name for pull in course.pulls), told, strict=True)),
        kept=steered.kept,
    )


def _bounds(
    relevance: NDArray[np.float32],
    purchase: NDArray[np.float32],
    products: NDArray[np.int32],
    course: Course,
    plan: Plan,
) -> Bounds:
    """The floor of predicted conversion, by the list that nobody has touched.

    Where nothing is expected to be bought, what the zone maximises is guarded instead.
    """
    order = np.arange(len(products))
    if course.only is not None:
        order = np.argsort(~course.only[products], kind="stable")  # the selected in front, each as they were
    unsteered = arrange(order.tolist(), size=len(plan.attention), limits=plan.limits)
    bought = np.maximum(purchase, 0.0)
    guarded = bought if bought[unsteered[unsteered != EMPTY]].any() else relevance
    return Bounds(guarded=guarded[None], floor=course.floor, unsteered=unsteered)


def _pulled(estimates: EstimateArrays, facts: ProductFacts, course: Course, now: float) -> NDArray[np.float32]:
    """float32 (pulls, all rows): each objective, 0 of products for which it does not count."""
    found = np.zeros((len(course.pulls), len(estimates.products)), np.float32)
    for row, pull in zip(found, course.pulls, strict=True):
        values = MEASURES[pull.measure](estimates, facts, now)
        row[:] = values if pull.promoted is None else np.where(pull.promoted[estimates.products], values, 0)
    return found


def _behind(products: NDArray[np.int32], course: Course) -> NDArray[np.float64] | None:
    """float64 (n,): how far each candidate stands behind those that are selected and not buried; None for all alike."""
    if course.only is None and course.buried is None:
        return None
    behind = np.zeros(len(products))
    if course.only is not None:
        behind += _NOT_SELECTED * ~course.only[products]
    if course.buried is not None:
        behind += _BURIED * course.buried[products]
    return behind


def _pins(course: Course, products: NDArray[np.int32], size: int) -> dict[int, int]:
    """place → row of `products`, of pins that can be shown and have a place in the list."""
    pinned = ((place, np.flatnonzero(products == product)) for place, product in sorted(course.pins.items()))
    return {place: int(rows[0]) for place, rows in pinned if place < size and len(rows)}
