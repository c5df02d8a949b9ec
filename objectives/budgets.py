"""Budgets: how far down a campaign may sell a product and how often it may show one, and what answers take from that.

A served answer is the unit. It is known at once and for certain, whereas a report of what was rendered comes late, or
never where a browser blocks it; and nothing is rendered that was not served, so that a budget errs on the safe side.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from catalog.facts import UNKNOWN, ProductFacts
from objectives.course import Course


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What is used up when an answer is asked for.

    Attributes:
        products: campaign → int32 (n,), catalog positions that it has shown as often as it may.
        campaigns: those that have had all the answers to this visitor that they may have, steered or spared.
    """

    products: Mapping[int, NDArray[np.int32]] = field(default_factory=lambda: MappingProxyType({}))
    campaigns: frozenset[int] = frozenset()


NOTHING_SPENT: Final = Spent()


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposures:
    """What one answer takes from budgets.

    Attributes:
        products: campaign → int32 (n,), catalog positions, each shown once more.
        campaigns: those that have had one more answer to the visitor, steered or spared.
    """

    products: Mapping[int, NDArray[np.int32]] = field(default_factory=lambda: MappingProxyType({}))
    campaigns: tuple[int, ...] = ()
    visitor_key: str = ""


NO_EXPOSURES: Final = Exposures()


def left_by_budgets(
    facts: ProductFacts, *, stops_at_stock: int | None, shown_enough: NDArray[np.int32] | None
) -> NDArray[np.bool_] | None:
    """bool (products,): what a campaign may go on putting forward; None where nothing is held back.

    Args:
        facts: of all products.
        stops_at_stock: units at which a product is held back; None for never.
        shown_enough: int32 (n,), catalog positions shown as often as they may be, maybe newer than the facts.
    """
    if stops_at_stock is None and shown_enough is None:
        return None
    left = np.ones(len(facts), bool)
    if stops_at_stock is not None:
        left &= (facts.quantity == UNKNOWN) | (facts.quantity > stops_at_stock)
    if shown_enough is not None:
        left[shown_enough[shown_enough < len(facts)]] = False
    return None if left.all() else left


def put_before_the_visitor(
    products: NDArray[np.int32], before: NDArray[np.int32], *, complete: bool
) -> NDArray[np.int32]:
    """int32 (n,): the catalog positions that an answer shows.

    A listing holds all that it was handed, campaign or not: what it shows is what stands higher than it would have.

    Args:
        products: int32 (k,), catalog positions in the order served.
        before: int32 (k,), the place each would have had without any campaign, −1 none.
        complete: whether it is a listing.
    """
    return products[np.arange(len(products)) < before] if complete else products


def exposures(course: Course, *, shown: NDArray[np.int32], visitor_key: str) -> Exposures:
    """What an answer takes from the budgets of the campaigns that set its course.

    Whom a campaign holds out is counted as if steered: both arms of the comparison then end after the same number
    of answers, and neither has visitors whom the other has lost.

    Args:
        course: as it was set.
        shown: int32 (n,), from `put_before_the_visitor`.
        visitor_key: whom the answer was for.
    """
    if not course.counted and not course.rationed:
        return NO_EXPOSURES
    products = {campaign: shown[forward[shown]] for campaign, forward in course.counted.items()}
    return Exposures(products=products, campaigns=course.rationed, visitor_key=visitor_key)
