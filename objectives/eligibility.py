"""Eligibility: what a zone's answer may hold at all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from catalog.facts import UNKNOWN, ProductFacts


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


def _departments(facts: ProductFacts) -> NDArray[np.int32]:
    """int32 (products,): index of the root category above each product, −1 without a category."""
    roots = np.arange(len(facts.category_parents), dtype=np.int32)
    while len(roots) and (above := facts.category_parents[roots] != UNKNOWN).any():
        roots = np.where(above, facts.category_parents[roots], roots)
    # The appended −1 is what index −1 reads.
    return np.append(roots, np.int32(UNKNOWN))[facts.category]
