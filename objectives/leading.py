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
from objectives.arranging import EMPTY, Limit, arrange
from objectives.course import Course
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
        arrange=partial(_lists, behind=behind, plan=plan, pins=pins),
    )
    shown = steered.shown[steered.shown != EMPTY]
    others = np.argsort(-(steered.scores - behind), kind="stable")
    others = others[~np.isin(others, shown)]
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
    """The floor of what the zone maximises and of predicted conversion, by the list that nobody has touched."""
    behind = _not_selected(products, course)
    return Bounds(
        guarded=np.stack([relevance, np.maximum(purchase, 0.0)]),
        floor=course.floor,
        unsteered=_lists(relevance.astype(np.float64)[None], behind=behind, plan=plan, pins={})[0],
    )


def _lists(
    scores: NDArray[np.float64], *, behind: NDArray[np.float64], plan: Plan, pins: Mapping[int, int]
) -> NDArray[np.int32]:
    """int32 (lists, size): the lists that scores lead to."""
    places, ahead = len(plan.attention), scores - behind
    enough = 4 * places + 32  # more than limits mostly pass over
    if enough < ahead.shape[1]:
        shown = arrange(_best(ahead, enough), size=places, limits=plan.limits, pins=pins)
        if (shown != EMPTY).all():
            return shown
    return arrange(_best(ahead, ahead.shape[1]), size=places, limits=plan.limits, pins=pins)


def _best(scores: NDArray[np.float64], most: int) -> NDArray[np.int32]:
    """int32 (lists, most): the best candidates of each list in order, ties by candidate."""
    if most == scores.shape[1]:
        return np.argsort(-scores, axis=1, kind="stable").astype(np.int32)
    among = np.sort(np.argpartition(-scores, most, axis=1)[:, :most], axis=1)
    order = np.argsort(-np.take_along_axis(scores, among, axis=1), axis=1, kind="stable")
    return np.take_along_axis(among, order, axis=1).astype(np.int32)


def _pulled(estimates: EstimateArrays, facts: ProductFacts, course: Course, now: float) -> NDArray[np.float32]:
    """float32 (pulls, all rows): each objective, 0 of products for which it does not count."""
    found = np.zeros((len(course.pulls), len(estimates.products)), np.float32)
    for row, pull in zip(found, course.pulls, strict=True):
        values = MEASURES[pull.measure](estimates, facts, now)
        row[:] = values if pull.promoted is None else np.where(pull.promoted[estimates.products], values, 0)
    return found


def _not_selected(products: NDArray[np.int32], course: Course) -> NDArray[np.float64]:
    """float64 (n,): how far each candidate stands behind those that are selected."""
    if course.only is None:
        return np.zeros(len(products))
    return np.asarray(_NOT_SELECTED * ~course.only[products], dtype=np.float64)


def _behind(products: NDArray[np.int32], course: Course) -> NDArray[np.float64]:
    """float64 (n,): how far each candidate stands behind those that are selected and not buried."""
    behind = _not_selected(products, course)
    if course.buried is not None:
        behind += _BURIED * course.buried[products]
    return behind


def _pins(course: Course, products: NDArray[np.int32], size: int) -> dict[int, int]:
    """place → row of `products`, of pins that can be shown and have a place in the list."""
    pinned = ((place, np.flatnonzero(products == product)) for place, product in sorted(course.pins.items()))
    return {place: int(rows[0]) for place, rows in pinned if place < size and len(rows)}
