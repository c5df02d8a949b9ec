"""Campaigns in force: which of them apply to an answer, and the one course that they set together.

Where they differ, the first in precedence has its way: a place belongs to the first that pins something there, a
product to the first that pins, buries or excludes it, the list to the first that wants the promoted alone. Objectives
add up, and the strictest floor holds for all of them.

Of a campaign's visitors some are spared one of its pins, boosts or buryings, to see what that rule brings by itself. An
exclusion is a prohibition and no wager: nobody is shown what shall not be shown in order to learn what that costs.

Budgets hold for all that a campaign puts forward, whether by objectives, alone, boosted or pinned. Whether it still has
anything to put forward is asked before whom it holds out, so that it ends for both arms of the comparison at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from hashlib import blake2b
from itertools import islice
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from catalog.facts import UNKNOWN, ProductFacts
from objectives.budgets import NOTHING_SPENT, Spent, left_by_budgets
from objectives.conditions import ALWAYS, Condition, holds
from objectives.course import NO_COURSE, Course, Pull
from objectives.selection import EVERYTHING, ProductSelection

ALL, FAVOURED, ONLY = "all", "favoured", "only"
PIN, BOOST, BURY, EXCLUDE = "pin", "boost", "bury", "exclude"
TRIED: Final = frozenset({PIN, BOOST, BURY})  # kinds of rules that are judged by themselves
# Of one answer, the first in precedence; an index holds the ids of them, and what is too long for it would not be kept.
MOST_APPLYING: Final = 150  # campaigns
MOST_SPARED: Final = 100  # rules held out by themselves
BOOSTED: Final = "conversion"  # what a boost counts of its products
MINUTE: Final = 60.0

_Left: TypeAlias = NDArray[np.bool_] | None  # see `left_by_budgets`


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A merchandising rule of a campaign.

    Attributes:
        kind: PIN, BOOST, BURY or EXCLUDE.
        products: which it is about; of a pin, one item id.
        place: of a pin, from 1.
        strength: of a boost, as the weight of an objective.
    """

    id: int
    kind: str
    products: ProductSelection
    place: int = 0
    strength: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignInForce:
    """A campaign as answers go by it.

    Attributes:
        zones: identifiers of the zones it is for; empty for all.
        objectives: measure and weight of each.
        scope: ALL, FAVOURED or ONLY, see `models.campaign.Scope`.
        starts, ends: when it applies, seconds since 1970, the end no more.
        stops_at_stock: units at which a product is put forward no longer; None for always.
        most_per_product: times a product is shown before it is put forward no longer; None for any number.
        most_per_visitor: answers to one visitor after which it applies to them no longer; None for any number.
        holdout: share of the visitors who are spared it, and of the others the share who are spared each rule of TRIED.
    """

    id: int
    name: str
    objectives: tuple[tuple[str, float], ...] = ()
    condition: Condition = ALWAYS
    zones: frozenset[str] = frozenset()
    promoted: ProductSelection = EVERYTHING
    scope: str = ALL
    floor: float = 0.95
    holdout: float = 0.0
    stops_at_stock: int | None = None
    most_per_product: int | None = None
    most_per_visitor: int | None = None
    starts: float = -np.inf
    ends: float = np.inf
    orders: tuple[Order, ...] = ()

    def spares(self, visitor_key: str) -> bool:
        """Whether the visitor is of the share that is held out: the same answer for ever, evenly over visitors."""
        return _is_drawn(f"campaign {self.id}", visitor_key, share=self.holdout)

    def spared_rules(self, visitor_key: str) -> list[int]:
        """Ids of the rules that the visitor is spared, each drawn by itself and whatever the campaign drew."""
        tried = (order.id for order in self.orders if order.kind in TRIED)
        return [rule for rule in tried if _is_drawn(f"rule {rule}", visitor_key, share=self.holdout)]

    def without(self, rules: frozenset[int]) -> CampaignInForce:
        """The campaign as somebody who is spared some of its rules meets it."""
        return replace(self, orders=tuple(order for order in self.orders if order.id not in rules)) if rules else self


class Masks:
    """Which products selections hold, worked out once for each version of a catalog, and once a minute."""

    def __init__(self) -> None:
        self._held: tuple[tuple[int, int, int], dict[ProductSelection, NDArray[np.bool_]]] = ((-1, -1, -1), {})

    def of(self, selection: ProductSelection, facts: ProductFacts, *, now: float) -> NDArray[np.bool_]:
        """bool (products,), see `ProductSelection.mask`; not to be written to."""
        key = (facts.store_id, facts.version, int(now // MINUTE))
        held = self._held  # replaced whole: threads share it
        if held[0] != key:
            self._held = held = (key, {})
        if selection not in held[1]:
            held[1][selection] = selection.mask(facts, now=now)
        return held[1][selection]


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """What an answer is for.

    Attributes:
        markers: name → value in plain units.
        zone: identifier of the zone that asks.
        now: seconds since 1970.
        spent: what is used up of the campaigns' budgets.
    """

    facts: ProductFacts
    markers: Mapping[str, float]
    zone: str
    visitor_key: str
    now: float
    spent: Spent = NOTHING_SPENT


def set_course(campaigns: Iterable[CampaignInForce], occasion: Occasion, *, masks: Masks) -> Course:
    """What those of the campaigns that apply, the first in precedence first, ask of an answer."""
    applying: list[CampaignInForce] = []
    spared: list[CampaignInForce] = []
    used_up: list[CampaignInForce] = []
    for campaign in islice((each for each in campaigns if applies(each, occasion)), MOST_APPLYING):
        if is_used_up(campaign, occasion, masks=masks):
            used_up.append(campaign)
        else:
            (spared if campaign.spares(occasion.visitor_key) else applying).append(campaign)
    if not applying and not spared and not used_up:
        return NO_COURSE
    rationed = _ids(campaign for campaign in (*applying, *spared) if campaign.most_per_visitor is not None)
    if not applying:
        return Course(spared=_ids(spared), used_up=_ids(used_up), rationed=rationed)
    drawn = [rule for campaign in applying for rule in campaign.spared_rules(occasion.visitor_key)]
    spared_rules = frozenset(drawn[:MOST_SPARED])
    applying = [campaign.without(spared_rules) for campaign in applying]
    left = {campaign.id: _left(campaign, occasion) for campaign in applying}
    promoted = {campaign.id: _promoted(campaign, left[campaign.id], occasion, masks) for campaign in applying}
    pulls = {
        campaign.id: list(_pulls(campaign, promoted[campaign.id], left[campaign.id], occasion, masks))
        for campaign in applying
    }
    alone = (promoted[campaign.id] for campaign in applying if campaign.scope == ONLY)
    placed = _by_hand(applying, left, occasion, masks)
    return Course(
        pulls=tuple(pull for each in pulls.values() for pull in each),
        floor=max((campaign.floor for campaign in applying if pulls[campaign.id]), default=1.0),
        only=next((found for found in alone if found.any()), None),
        pins=placed.pins,
        buried=placed.buried if placed.buried.any() else None,
        excluded=placed.excluded if placed.excluded.any() else None,
        campaigns=_ids(applying),
        spared=_ids(spared),
        spared_rules=tuple(sorted(spared_rules)),
        used_up=_ids(used_up),
        counted={
            campaign.id: _within(_forward(campaign, occasion, masks), left[campaign.id])
            for campaign in applying
            if campaign.most_per_product is not None
        },
        rationed=rationed,
    )


def wanted(course: Course) -> NDArray[np.int32]:
    """int32 (n,): products that the course is about, to be estimated whether or not an engine would propose them."""
    masks = [pull.promoted for pull in course.pulls if pull.promoted is not None and pull.sought]
    masks += [course.only] if course.only is not None else []
    promoted = np.flatnonzero(np.logical_or.reduce(masks)) if masks else np.empty(0, np.int64)
    return np.union1d(promoted, list(course.pins.values())).astype(np.int32)


def applies(campaign: CampaignInForce, occasion: Occasion) -> bool:
    """Whether it is the campaign's period, its zone and its situation, and the visitor has not had enough of it."""
    here = not campaign.zones or occasion.zone in campaign.zones
    in_period = campaign.starts <= occasion.now < campaign.ends and campaign.id not in occasion.spent.campaigns
    return in_period and here and holds(campaign.condition, occasion.markers)


def is_used_up(campaign: CampaignInForce, occasion: Occasion, *, masks: Masks) -> bool:
    """Whether its budgets have left it nothing to do, of the occasion's stock and of what is shown enough."""
    left = _left(campaign, occasion)
    if left is None or any(order.kind in (BURY, EXCLUDE) for order in campaign.orders):
        return False
    forward = _forward(campaign, occasion, masks)
    return bool(forward.any() and not (forward & left).any())


def _is_drawn(what: str, visitor_key: str, *, share: float) -> bool:
    """Whether a visitor is of the share that is drawn for something, by a hash that knows only these two."""
    digest = blake2b(f"{what}: {visitor_key}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") < share * 2.0**64


def _ids(campaigns: Iterable[CampaignInForce]) -> tuple[int, ...]:
    return tuple(campaign.id for campaign in campaigns)


def _left(campaign: CampaignInForce, occasion: Occasion) -> _Left:
    enough = occasion.spent.products.get(campaign.id)
    return left_by_budgets(occasion.facts, stops_at_stock=campaign.stops_at_stock, shown_enough=enough)


def _within(products: NDArray[np.bool_], left: _Left) -> NDArray[np.bool_]:
    return products if left is None else products & left


def _is_left(product: int, left: _Left) -> bool:
    return left is None or bool(left[product])


def _promoted(campaign: CampaignInForce, left: _Left, occasion: Occasion, masks: Masks) -> NDArray[np.bool_]:
    """bool (products,): what it promotes, but for what its budgets hold back."""
    return _within(masks.of(campaign.promoted, occasion.facts, now=occasion.now), left)


def _forward(campaign: CampaignInForce, occasion: Occasion, masks: Masks) -> NDArray[np.bool_]:
    """bool (products,): all that it puts forward, budgets aside."""
    found = np.zeros(len(occasion.facts), bool)
    selections = [order.products for order in campaign.orders if order.kind in (PIN, BOOST)]
    if campaign.objectives or campaign.scope == ONLY:
        selections.append(EVERYTHING if campaign.scope == ALL else campaign.promoted)
    for selection in selections:
        found |= masks.of(selection, occasion.facts, now=occasion.now)
    return found


def _pulls(
    campaign: CampaignInForce, promoted: NDArray[np.bool_], left: _Left, occasion: Occasion, masks: Masks
) -> Iterable[Pull]:
    favoured, reached = campaign.scope == FAVOURED, left if campaign.scope == ALL else promoted
    if reached is None or reached.any():
        for measure, weight in campaign.objectives:
            yield Pull(campaign.id, measure, weight, promoted if favoured else left, sought=favoured)
    for order in campaign.orders:
        if order.kind == BOOST:
            boosted = _within(masks.of(order.products, occasion.facts, now=occasion.now), left)
            if boosted.any():
                yield Pull(campaign.id, BOOSTED, order.strength, boosted, rule=order.id)


@dataclass(slots=True)
class _ByHand:
    """What was laid down by hand so far; a product belongs to whoever was first."""

    pins: dict[int, int]
    buried: NDArray[np.bool_]
    excluded: NDArray[np.bool_]

    def pin(self, place: int, product: int) -> None:
        taken = self.buried[product] or self.excluded[product] or product in self.pins.values()
        if place not in self.pins and not taken:
            self.pins[place] = product


def _by_hand(
    campaigns: Iterable[CampaignInForce], left: Mapping[int, _Left], occasion: Occasion, masks: Masks
) -> _ByHand:
    count = len(occasion.facts)
    found = _ByHand({}, np.zeros(count, bool), np.zeros(count, bool))
    for campaign in campaigns:
        before = found.buried | found.excluded
        before[list(found.pins.values())] = True
        for order in campaign.orders:
            if order.kind == PIN:
                known = (occasion.facts.positions.get(item_id, UNKNOWN) for item_id in order.products.item_ids)
                for product in known:
                    if product != UNKNOWN and _is_left(product, left[campaign.id]):
                        found.pin(order.place - 1, product)
            elif order.kind in (BURY, EXCLUDE):
                mask = masks.of(order.products, occasion.facts, now=occasion.now) & ~before
                (found.buried if order.kind == BURY else found.excluded)[mask] = True
    return found
