"""Persons: what somebody did with each product, over all their visits and today, whatever the order.

The material of the engines that know a person rather than a situation: `affinities` and `lookalikes`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from catalog.facts import ProductFacts
from personalization.lookup import find
from personalization.markers.live_visit import LiveVisit
from personalization.trails import CART, NOBODY, PURCHASE, VIEW, Trails, index_trails

DAY: Final = 86_400.0
NEVER: Final = 10_000.0  # days since what never happened
MOST_VISITS: Final = 200  # newest past visits of a person that count
KIND_WEIGHTS: Final = np.array([0.0, 1.0, 3.0, 5.0], np.float32)  # what a view, a cart, a purchase tell of interest

OWN_FEATURES: Final = (
    "own_met", "own_bought", "own_met_share", "own_bought_share", "own_met_lately", "own_bought_lately", "own_met_once",
    "today", "today_recency", "today_looks", "today_in_cart", "today_last", "visits", "purchases", "today_count",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Today:
    """What of the visit under way speaks of its person: distinct products, newest first.

    Attributes:
        products: int32 (t,).
        looks: float32 (t,), how often each was looked at.
        in_cart: bool (t,).
    """

    products: NDArray[np.int32]
    looks: NDArray[np.float32]
    in_cart: NDArray[np.bool_]


NOTHING_TODAY: Final = Today(np.empty(0, np.int32), np.empty(0, np.float32), np.empty(0, bool))


@dataclass(frozen=True, slots=True)
class Lived:
    """Every meeting of one person with a product, one a visit and product, today's included.

    Attributes:
        products: int32 (m,), repeated over visits.
        kinds: uint8 (m,), VIEW, CART or PURCHASE.
        days: float32 (m,), days since then; 0 today.
        visits: past visits that are counted.
        orders: of those, the ones with a purchase.
        today: what the visit under way adds.
    """

    products: NDArray[np.int32]
    kinds: NDArray[np.uint8]
    days: NDArray[np.float32]
    visits: NDArray[np.int32]  # (m,), number of the past visit, −1 today
    visit_days: NDArray[np.float32]  # (past visits,), days since each
    today: Today

    @property
    def known(self) -> bool:
        """Whether anything at all is known of the person."""
        return len(self.products) > 0


@dataclass(frozen=True, slots=True)
class Meetings:
    """Every meeting of everybody with a product, one a visit and product.

    Attributes:
        persons: int64 (m,), see `trails.person_of`; bare sessions, each a person of its own, are −1, −2, …
        products: int32 (m,).
        kinds: uint8 (m,), VIEW, CART or PURCHASE.
        ended: float64 (m,), when the visit ended, seconds since 1970.
    """

    persons: NDArray[np.int64]
    products: NDArray[np.int32]
    kinds: NDArray[np.uint8]
    ended: NDArray[np.float64]

    def told(self, *, now: float, half_life: float) -> NDArray[np.float64]:
        """float64 (m,): what each tells of interest, by kind, halved every `half_life` days."""
        days = np.maximum(now - self.ended, 0.0) / DAY
        return np.asarray(KIND_WEIGHTS[self.kinds] * np.exp2(-days / half_life), dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Dealings:
    """The same by product, no repeats, in ascending order of position.

    Attributes:
        products: int32 (n,).
        met, bought: float32 (n,), past visits in which it was met at all, bought.
        met_days, bought_days: float32 (n,), days since the last time, today's included; NEVER without one.
        first_bought_days: float32 (n,), days since the first purchase, NEVER without one.
        met_share, bought_share: float32 (n,), share of the person's (later ones counting more) past visits.
    """

    products: NDArray[np.int32]
    met: NDArray[np.float32]
    bought: NDArray[np.float32]
    met_days: NDArray[np.float32]
    bought_days: NDArray[np.float32]
    first_bought_days: NDArray[np.float32]
    met_share: NDArray[np.float32]
    bought_share: NDArray[np.float32]


_NOTHING: Final = np.empty(0, np.float32)
NO_DEALINGS: Final = Dealings(
    products=np.empty(0, np.int32),
    met=_NOTHING,
    bought=_NOTHING,
    met_days=_NOTHING,
    bought_days=_NOTHING,
    first_bought_days=_NOTHING,
    met_share=_NOTHING,
    bought_share=_NOTHING,
)


def today_of(visit: LiveVisit, facts: ProductFacts) -> Today:
    """What the visit has met so far, newest first; the products the catalog does not hold left out."""
    carted = {line.product for line in visit.cart.lines.values()}
    viewed = (facts.positions.get(item_id, -1) for item_id in reversed(visit.path.views))
    met = dict.fromkeys([*visit.intent.last_products, *viewed, *sorted(carted)])
    products = [product for product in met if 0 <= product < len(facts)]
    views, ids = visit.path.views, facts.item_ids
    return Today(
        products=np.array(products, np.int32),
        looks=np.array([views.get(ids[product], 0) for product in products], np.float32),
        in_cart=np.array([product in carted for product in products], bool),
    )


def lived(person: int, trails: Sequence[Trails], *, today: Today, before: float, now: float, catalog: int) -> Lived:
    """All that a person did: their trails that ended before an instant (the visit's beginning), and today's visit.

    `catalog` counts positions: what lies beyond is not known to whoever asks.
    """
    products, kinds, ended, numbers, ends = [today.products], [_kinds_of(today)], [], [], np.empty(0)
    for held in trails:
        own = held.lived_by(person)
        if not len(own):
            continue
        rows = own[held.ended[own] < before][:MOST_VISITS]
        lengths = (held.offsets[rows + 1] - held.offsets[rows]).astype(np.int64)
        places = runs(held.offsets[rows], lengths)
        products.append(held.products[places])
        kinds.append(held.kinds[places])
        numbers.append(np.repeat(np.arange(len(rows)) + len(ends), lengths))
        ended.append(np.repeat(held.ended[rows], lengths))
        ends = np.concatenate([ends, held.ended[rows]])
    met = np.concatenate(products)
    inside = met < catalog
    count = len(today.products)
    days = np.concatenate([np.zeros(count), *(np.maximum(now - end, 0.0) / DAY for end in ended)])
    visits = np.concatenate([np.full(count, -1), *numbers])
    return Lived(
        products=met[inside].astype(np.int32),
        kinds=np.concatenate(kinds)[inside].astype(np.uint8),
        days=days[inside].astype(np.float32),
        visits=visits[inside].astype(np.int32),
        visit_days=(np.maximum(now - ends, 0.0) / DAY).astype(np.float32),
        today=today,
    )


def interest(person: Lived, *, half_life: float) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """The person's products (n,), ascending, and what each weighs (n,): by kind, halved every `half_life` days."""
    products, inverse = np.unique(person.products, return_inverse=True)
    told = KIND_WEIGHTS[person.kinds] * np.exp2(-person.days / half_life)
    return products.astype(np.int32), np.bincount(inverse, told, minlength=len(products)).astype(np.float32)


def dealings(person: Lived, *, half_life: float) -> Dealings:
    """What the person did by product; `half_life` in days, for the shares."""
    if not person.known:
        return NO_DEALINGS
    products, inverse = np.unique(person.products, return_inverse=True)
    count = len(products)
    past = person.visits >= 0
    purchase = person.kinds == PURCHASE
    decayed = np.exp2(-person.days / half_life)
    whole = max(float(np.exp2(-person.visit_days / half_life).sum()), 1e-6)

    def summed(of: NDArray[np.floating | np.bool_]) -> NDArray[np.float32]:
        return np.bincount(inverse, of, minlength=count).astype(np.float32)

    met_days, bought_days, first = (np.full(count, start, np.float32) for start in (NEVER, NEVER, -1.0))
    np.minimum.at(met_days, inverse, person.days)
    np.minimum.at(bought_days, inverse[purchase], person.days[purchase])
    np.maximum.at(first, inverse[purchase], person.days[purchase])
    return Dealings(
        products=products.astype(np.int32),
        met=summed(past),
        bought=summed(past & purchase),
        met_days=met_days,
        bought_days=bought_days,
        first_bought_days=np.where(first < 0, NEVER, first).astype(np.float32),
        met_share=summed(past * decayed) / whole,
        bought_share=summed((past & purchase) * decayed) / whole,
    )


def share_of(
    candidates: NDArray[np.int32],
    groups: NDArray[np.int32],
    *,
    products: NDArray[np.int32],
    told: NDArray[np.float32],
) -> NDArray[np.float32]:
    """float32 (candidates,): share of the person's interest, as from `interest`, in the candidate's own group.

    `groups` int32 (products,) names each product's category, or its brand; −1, which shares nothing, for none.
    """
    group = groups[products]
    weights = np.bincount(group[group >= 0], told[group >= 0], minlength=int(groups.max(initial=-1)) + 2)
    asked = groups[candidates]
    shares = weights[np.maximum(asked, 0)] / max(float(weights.sum()), 1e-9)
    return np.where(asked >= 0, shares, 0.0).astype(np.float32)


def meetings(trails: Trails, *, catalog: int) -> Meetings:
    """Every meeting of everybody; what was silenced, and products beyond the catalog, left out."""
    rows = np.repeat(np.arange(len(trails)), np.diff(trails.offsets))
    kept = np.isfinite(trails.ended[rows]) & (trails.products < catalog)
    rows = rows[kept]
    named = np.where(trails.persons == NOBODY, -1 - np.arange(len(trails)), trails.persons)
    return Meetings(named[rows], trails.products[kept], trails.kinds[kept], trails.ended[rows])


def as_of(trails: Trails, instant: float, *, newest: int | None = None) -> Trails:
    """The trails as they stood at an instant, the `newest` of them (all of them)."""
    last = int(np.searchsorted(trails.ended, instant))
    first = 0 if newest is None else max(last - newest, 0)
    start, stop = int(trails.offsets[first]), int(trails.offsets[last])
    look, until = int(trails.look_offsets[first]), int(trails.look_offsets[last])
    return index_trails(
        offsets=trails.offsets[first : last + 1] - start,
        products=trails.products[start:stop],
        kinds=trails.kinds[start:stop],
        ended=trails.ended[first:last],
        visits=trails.visits[first:last],
        persons=trails.persons[first:last],
        catalog=len(trails.index_offsets) - 1,
        looks=(trails.look_offsets[first : last + 1] - look, trails.looks[look:until]),
    )


def runs(starts: NDArray[np.int64], lengths: NDArray[np.int64]) -> NDArray[np.int64]:
    """start, start + 1, … of every run, one after the other."""
    within = np.arange(int(lengths.sum())) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    return np.asarray(np.repeat(starts, lengths) + within, dtype=np.int64)


def own_features(candidates: NDArray[np.int32], person: Lived, did: Dealings) -> NDArray[np.float32]:
    """float32 (candidates, OWN_FEATURES): what the person's own past and today say of each candidate."""
    own, today = find(candidates, did.products), person.today
    order = np.argsort(today.products, kind="stable")
    met_today = find(candidates, today.products[order])
    place, is_today = met_today.of(order, absent=-1), met_today.there
    looks, in_cart = met_today.of(today.looks[order]), met_today.of(today.in_cart[order])
    orders = len(np.unique(person.visits[(person.kinds == PURCHASE) & (person.visits >= 0)]))
    everywhere = np.ones(len(candidates), np.float32)
    return np.stack(
        [
            np.log1p(own.of(did.met)),
            np.log1p(own.of(did.bought)),
            np.sqrt(own.of(did.met_share)),
            np.sqrt(own.of(did.bought_share)),
            np.where(is_today, 0.0, -np.log1p(own.of(did.met_days, absent=NEVER))),
            -np.log1p(own.of(did.bought_days, absent=NEVER)),
            own.of(did.met) == 1,
            is_today,
            np.where(is_today, 1.0 / np.maximum(1.0 + place, 1.0), 0.0),
            np.log1p(looks),
            in_cart,
            place == 0,
            everywhere * np.log1p(len(person.visit_days)),
            everywhere * np.log1p(orders),
            everywhere * np.log1p(len(person.today.products)),
        ],
        axis=1,
    ).astype(np.float32)


def _kinds_of(today: Today) -> NDArray[np.uint8]:
    return np.where(today.in_cart, CART, VIEW).astype(np.uint8)
