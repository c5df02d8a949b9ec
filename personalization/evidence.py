"""Evidence: all that speaks for products in one question, and the products that it proposes.

Trails through the same products, analogous situations, their moves transposed, walks by learned transitions, what
goes with the cart, and the visitor's own past: each says in its own measure how much speaks for a product.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final

import numpy as np
from numpy.typing import NDArray

from personalization.kindred import Kin, Kindred
from personalization.lookup import distinct
from personalization.persons import Dealings
from personalization.trails import Followed
from personalization.transitions import NOWHERE_REACHED, Reached
from personalization.transposition import Transposed


@dataclass(frozen=True, slots=True)
class Recalled:
    """Outcome evidence of analogous situations, summed by product.

    Attributes:
        products: int32 (n,), ascending.
        view, cart, purchase: float32 (n,), summed similarity of the analogues after which it happened.
        support: float32 (n,), effective number of analogues (Kish).
        steps: float32 (n,), steps that led from first meeting it to a purchase of anything, it included, or to the
            end, summed over the visits that met it, each weighed by its similarity once.
        reached: float32 (n,), summed weight of those visits that reached a purchase.
        mass: summed similarity of all analogues.
        cart_mass, purchase_mass: of those after which anything was carted, bought.
    """

    products: NDArray[np.int32]
    view: NDArray[np.float32]
    cart: NDArray[np.float32]
    purchase: NDArray[np.float32]
    support: NDArray[np.float32]
    steps: NDArray[np.float32]
    reached: NDArray[np.float32]
    mass: float
    cart_mass: float
    purchase_mass: float


NOTHING_RECALLED: Final = Recalled(
    products=np.empty(0, np.int32),
    view=np.empty(0, np.float32),
    cart=np.empty(0, np.float32),
    purchase=np.empty(0, np.float32),
    support=np.empty(0, np.float32),
    steps=np.empty(0, np.float32),
    reached=np.empty(0, np.float32),
    mass=0.0,
    cart_mass=0.0,
    purchase_mass=0.0,
)


@dataclass(frozen=True, slots=True)
class Walked:
    """Where learned transitions lead: walks from the recent products, from the newest alone, and its direct step."""

    recent: Reached
    last: Reached
    step: Reached


NOWHERE_WALKED: Final = Walked(NOWHERE_REACHED, NOWHERE_REACHED, NOWHERE_REACHED)


@dataclass(frozen=True, slots=True)
class Beside:
    """What goes with the cart, or with what was met while nothing is in it.

    Attributes:
        products: int32 (n,), ascending.
        share: float32 (n,), sums to 1.
        origin: int32 (n,), the product of the visit that each goes with most.
    """

    products: NDArray[np.int32]
    share: NDArray[np.float32]
    origin: NDArray[np.int32]


NOTHING_BESIDE: Final = Beside(np.empty(0, np.int32), np.empty(0, np.float32), np.empty(0, np.int32))


@dataclass(frozen=True, slots=True)
class Here:
    """What of the visit itself bears on candidates.

    Attributes:
        seen: products met in the visit, newest first, distinct.
        times: how often each of `seen` was viewed.
        stays: of the last looks, those at what was being looked at already.
        returns: of the last looks, those back at what was looked at before, with others in between.
        in_cart: products now in the cart.
        listed: products of the list in front of the visitor, in its order.
        page: the product whose page is open, −1 none.
        displayed: int32 (n,), the categories on display.
        focus: float32 (32,), the recent focus in the product space.
        steps: events so far.
        visits: the visitor's past visits.
        at: the instant, seconds since 1970.
    """

    seen: NDArray[np.int32]
    times: NDArray[np.float32]
    stays: int
    returns: int
    in_cart: NDArray[np.int32]
    listed: NDArray[np.int32]
    page: int
    displayed: NDArray[np.int32]
    focus: NDArray[np.float32]
    steps: int
    visits: int
    at: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that speaks in one question; `own` is what the visitor did on earlier visits."""

    here: Here
    followed: Followed
    recalled: Recalled
    transposed: Transposed
    walked: Walked
    beside: Beside
    kin: Kin
    own: Dealings


@dataclass(frozen=True, slots=True)
class Shelves:
    """The catalog as evidence reads it; row p is the product at catalog position p.

    Attributes:
        coordinates: float32 (products, 32).
        kindred: where each stands among its kindred; products launched since have no row.
        popularity: float32 (products,), percentile rank of recent meetings.
        category: int32 (products,), −1 none.
        met_lately, met_ever: float32 (products,), logarithm of 1 + how many of 10,000 visits met it, of the newest and
            of all.
        met_share, sold_share: float32 (products,), its share of its category's meetings, and of its sales.
        prices: float32 (products,), prices now, NaN unknown.
        typical_price: the geometric mean of those known, NaN without any.
        tier: float32 (products,), how many of its category cost less before any sale, in [0, 1]; NaN unknown.
        brand: int32 (products,), −1 none.
        selling: float32 (products,), logarithm of 1 + the orders lately expected of it.
        rating: float32 (products,), above the mean of the rated ones; 0 unrated.
        ratings: float32 (products,), logarithm of 1 + how many ratings it has.
        launched_at: float64 (products,), seconds since 1970.
        best: int32 (products,), positions by category, the most met of each first.
        starts: int64 (categories + 1,), where each category begins in `best`.
    """

    coordinates: NDArray[np.float32]
    kindred: Kindred
    popularity: NDArray[np.float32]
    category: NDArray[np.int32]
    met_lately: NDArray[np.float32]
    met_ever: NDArray[np.float32]
    met_share: NDArray[np.float32]
    sold_share: NDArray[np.float32]
    prices: NDArray[np.float32]
    typical_price: float
    tier: NDArray[np.float32]
    brand: NDArray[np.int32]
    selling: NDArray[np.float32]
    rating: NDArray[np.float32]
    ratings: NDArray[np.float32]
    launched_at: NDArray[np.float64]
    best: NDArray[np.int32]
    starts: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Proposed:
    """How many products each kind of evidence may propose, the strongest first."""

    followed: int = 200
    walked: int = 150
    recalled: int = 100
    transposed: int = 60
    beside: int = 60
    own: int = 80
    categories: int = 3  # those the walks lead to most, and how many of each
    of_category: int = 40


def propose(
    evidence: Evidence,
    *,
    shelves: Shelves,
    popular: NDArray[np.int32],
    eligible: NDArray[np.bool_],
    most: Proposed = Proposed(),
) -> NDArray[np.int32]:
    """int32 (n,): every eligible product that some evidence speaks for, the strongest of each kind."""
    followed, recalled, transposed, own = evidence.followed, evidence.recalled, evidence.transposed, evidence.own
    together = distinct(
        np.concatenate(
            [
                _top(followed.products, followed.view, most.followed),
                _top(evidence.walked.recent.products, evidence.walked.recent.share, most.walked),
                _top(recalled.products, recalled.view + recalled.cart + recalled.purchase, most.recalled),
                _top(transposed.products, transposed.view + transposed.cart, most.transposed),
                _top(evidence.beside.products, evidence.beside.share, most.beside),
                evidence.kin.near,
                _top(own.products, own.met_share + own.bought_share, most.own),
                _shelved(evidence, shelves, most),
                evidence.here.listed,
                evidence.here.seen,
                popular,
            ]
        )
    )
    together = together[(together >= 0) & (together < len(eligible))]
    return np.asarray(together[eligible[together]], dtype=np.int32)


def by_category(products: NDArray[np.int32], weights: NDArray[np.float32], shelves: Shelves) -> NDArray[np.float64]:
    """float64 (categories + 1,): weights summed by category; the last row, which −1 reads, is nobody's and zero."""
    category = shelves.category[products]
    summed = np.bincount(category[category >= 0], weights[category >= 0], minlength=len(shelves.starts))
    return np.asarray(summed, dtype=np.float64)


def _shelved(evidence: Evidence, shelves: Shelves, most: Proposed) -> NDArray[np.int32]:
    """The most met products of the categories that the walks lead to, and of those on display."""
    weights = by_category(evidence.walked.recent.products, evidence.walked.recent.share, shelves)[:-1]
    leading = np.argsort(-weights, kind="stable")[: most.categories]
    wanted = set(leading[weights[leading] > 0].tolist())
    wanted.update(evidence.here.displayed[: most.categories].tolist())
    rows = [
        shelves.best[shelves.starts[category] : shelves.starts[category + 1]][: most.of_category]
        for category in sorted(wanted - {-1})
    ]
    return np.concatenate([np.empty(0, np.int32), *rows])


def _top(products: NDArray[np.int32], weights: NDArray[np.float32], most: int) -> NDArray[np.int32]:
    if len(products) <= most:
        return products
    return products[np.argpartition(-weights, most)[:most]]


MECHANISMS: Final = tuple(field.name for field in fields(Evidence) if field.name != "here")
