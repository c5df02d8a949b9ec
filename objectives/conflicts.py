"""Conflicts: where two campaigns want what only one of them can have, told before either is in force."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from catalog.facts import ProductFacts
from objectives.campaigns import ALL, BURY, EXCLUDE, ONLY, PIN, CampaignInForce, Masks


class ConflictKind(StrEnum):
    """What both want.

    SAME_PLACE: each pins a product of its own at one place. SAME_PRODUCT: one pins what the other pins elsewhere,
    buries or excludes. BOTH_ALONE: each wants its promoted products alone, and none is promoted by both.
    WITHDRAWN: one buries or excludes promoted products of the other.
    """

    SAME_PLACE = "same_place"
    SAME_PRODUCT = "same_product"
    BOTH_ALONE = "both_alone"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Conflict:
    """One thing that two campaigns want.

    Attributes:
        other: database id of the campaign it is with.
        place: of SAME_PLACE, from 1; 0 otherwise.
        products: int32 (n,), catalog positions of those it is about, ascending.
    """

    kind: ConflictKind
    other: int
    products: NDArray[np.int32]
    place: int = 0


def conflicts(
    campaign: CampaignInForce, others: Iterable[CampaignInForce], *, facts: ProductFacts, now: float
) -> list[Conflict]:
    """Between a campaign and others of its store, as far as they share a zone and an instant.

    Whom a condition holds for is left aside: two situations that never meet are still named.
    """
    masks = Masks()
    found: list[Conflict] = []
    for other in others:
        if other.id != campaign.id and _meet(campaign, other):
            found += _between(_Wants(campaign, facts, masks, now), _Wants(other, facts, masks, now))
    return found


def _meet(one: CampaignInForce, other: CampaignInForce) -> bool:
    """Whether a zone can ask at an instant at which both are in force."""
    in_one_zone = not one.zones or not other.zones or bool(one.zones & other.zones)
    return in_one_zone and max(one.starts, other.starts) < min(one.ends, other.ends)


class _Wants:
    """What a campaign lays down, as products."""

    def __init__(self, campaign: CampaignInForce, facts: ProductFacts, masks: Masks, now: float) -> None:
        self.campaign = campaign
        self.promoted = masks.of(campaign.promoted, facts, now=now)
        self.promotes = campaign.scope != ALL and not campaign.promoted.is_everything
        self.pins: dict[int, int] = {}
        self.withdrawn = np.zeros(len(facts), bool)
        for order in campaign.orders:
            held = masks.of(order.products, facts, now=now)
            if order.kind == PIN:
                self.pins.update((order.place, int(product)) for product in np.flatnonzero(held)[:1])
            elif order.kind in (BURY, EXCLUDE):
                self.withdrawn = self.withdrawn | held


def _between(one: _Wants, other: _Wants) -> Iterator[Conflict]:
    with_whom = other.campaign.id
    for place, product in sorted(one.pins.items()):
        if other.pins.get(place, product) != product:
            yield Conflict(ConflictKind.SAME_PLACE, with_whom, _positions([product, other.pins[place]]), place)
    if len(torn := _torn(one, other)):
        yield Conflict(ConflictKind.SAME_PRODUCT, with_whom, torn)
    alone = one.campaign.scope == other.campaign.scope == ONLY
    if alone and not (one.promoted & other.promoted).any():
        yield Conflict(ConflictKind.BOTH_ALONE, with_whom, _positions(np.flatnonzero(one.promoted | other.promoted)))
    withdrawn = (one.promoted & other.withdrawn) if one.promotes else np.zeros(len(one.promoted), bool)
    withdrawn = withdrawn | (other.promoted & one.withdrawn if other.promotes else False)
    if withdrawn.any():
        yield Conflict(ConflictKind.WITHDRAWN, with_whom, _positions(np.flatnonzero(withdrawn)))


def _torn(one: _Wants, other: _Wants) -> NDArray[np.int32]:
    """Products that one pins, and the other pins elsewhere, buries or excludes."""
    elsewhere = {
        product
        for place, product in one.pins.items()
        if product in other.pins.values() and other.pins.get(place) != product
    }
    withdrawn = {product for product in one.pins.values() if other.withdrawn[product]}
    withdrawn |= {product for product in other.pins.values() if one.withdrawn[product]}
    return _positions(sorted(elsewhere | withdrawn))


def _positions(products: Iterable[int]) -> NDArray[np.int32]:
    return np.unique(np.fromiter(products, np.int32))
