"""The terrain: a store's products as a memory sees them, its space stretched over today's catalog."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from catalog.facts import ProductFacts
from catalog.standing_prices import StandingPrices
from personalization import kindred, product_space
from personalization.evidence import Shelves
from personalization.memory.live import LiveMemory
from personalization.trails import Trails
from personalization.transposition import NOWHERE, Ground

POPULAR: Final = 60  # popular products that are always considered, so that an answer can be filled
LATELY: Final = 0.04  # share of the visits, the newest, that tells what is met these days
FEWEST: Final = 500  # visits that tell it, at least


@dataclass(frozen=True, slots=True)
class Terrain:
    """A store's products as a memory sees them: its space stretched over today's catalog, a row a position.

    Attributes:
        shelves: the catalog as evidence reads it; its prices are those of no instant, see `at`.
        neighbours: int32 (products, n), −1 where fewer.
        by_popularity: int32 (products,), positions, the most popular first.
        facts: the catalog it was stretched over.
        prices: of that catalog.
    """

    shelves: Shelves
    neighbours: NDArray[np.int32]
    by_popularity: NDArray[np.int32]
    facts: ProductFacts
    prices: StandingPrices

    def ground(self, *, eligible: NDArray[np.bool_], now: float) -> Ground:
        """What transposition stands on for one question."""
        return Ground(
            coordinates=self.shelves.coordinates,
            neighbours=self.neighbours,
            facts=self.facts,
            prices=self.prices.at(now),
            eligible=eligible,
        )

    def at(self, ground: Ground) -> Shelves:
        """The shelves at a question's prices."""
        return replace(self.shelves, prices=ground.prices)

    def popular(self, *, eligible: NDArray[np.bool_]) -> NDArray[np.int32]:
        """int32 (≤ POPULAR,): the most popular eligible products."""
        head = self.by_popularity[: 20 * POPULAR]
        found = head[eligible[head]]
        if len(found) < POPULAR:
            found = self.by_popularity[eligible[self.by_popularity]]
        return found[:POPULAR]


def stretched(memory: LiveMemory, *, facts: ProductFacts) -> Terrain:
    """Stretch the memory's space over the catalog: what was launched since stands amid its category."""
    coordinates, neighbours, popularity = _space(memory, facts)
    category = facts.category.astype(np.int32)
    lately, ever = (_met_rate(memory.trails, newest=newest, facts=facts) for newest in (LATELY, 1.0))
    best = np.lexsort((-ever, category)).astype(np.int32)
    selling = _padded(memory.merchandise.selling, len(facts))
    shelves = Shelves(
        coordinates=coordinates,
        kindred=memory.kindred if memory.kindred is not None else kindred.EMPTY,
        popularity=popularity,
        category=category,
        met_lately=np.log1p(10_000 * lately).astype(np.float32),
        met_ever=np.log1p(10_000 * ever).astype(np.float32),
        met_share=_share_of_category(ever, category, lent=1e-9),
        sold_share=_share_of_category(selling, category, lent=0.5),
        prices=np.full(len(facts), np.nan, np.float32),
        typical_price=_geometric_mean(facts.list_price),
        tier=_tier(facts.list_price, category),
        brand=facts.brand.astype(np.int32),
        selling=np.log1p(selling),
        rating=_above_mean(facts.rating),
        ratings=np.log1p(np.maximum(facts.rating_count, 0)).astype(np.float32),
        launched_at=facts.launched_at,
        best=best,
        starts=np.searchsorted(category[best], np.arange(int(category.max(initial=-1)) + 2)).astype(np.int64),
    )
    by_popularity = np.argsort(-popularity, kind="stable").astype(np.int32)
    return Terrain(
        shelves=shelves,
        neighbours=neighbours,
        by_popularity=by_popularity,
        facts=facts,
        prices=StandingPrices(facts),
    )


def _met_rate(trails: Trails | None, *, newest: float, facts: ProductFacts) -> NDArray[np.float64]:
    """float64 (products,): the share of visits that meet it while it is on the shelf, by the newest share of visits.

    Gamma-Poisson shrinkage (Robbins 1956; DuMouchel 1999) towards the mean of the category, as strong as the products
    of categories are alike: what was launched a moment ago is expected to be met like its siblings.
    """
    catalog = len(facts)
    count = 0 if trails is None else min(len(trails), max(round(newest * len(trails)), FEWEST))
    if trails is None or not count:
        return np.zeros(catalog)
    products = trails.products[int(trails.offsets[-1 - count]) :]
    met = np.bincount(products[products < catalog], minlength=catalog)[:catalog].astype(np.float64)
    ended = np.sort(trails.ended[-count:])  # trails that are silenced have their place still, but no end
    shown = count - np.searchsorted(ended, _on_the_shelf_since(facts))
    shown = np.maximum(shown, met)  # who met it was shown it, whatever its date says
    shelf = facts.category.astype(np.int64) + 1
    mean = np.bincount(shelf, met) / np.maximum(np.bincount(shelf, shown), 1)
    expected = mean[shelf] * shown
    spread = float(((met - expected) ** 2 - met).sum()) / max(float((expected**2).sum()), 1e-9)
    alike = 1 / max(spread, 1e-3)
    return np.asarray(mean[shelf] * (alike + met) / (alike + expected), dtype=np.float64)


def _on_the_shelf_since(facts: ProductFacts) -> NDArray[np.float64]:
    """float64 (products,), seconds since 1970; −inf for the catalog's first day, which dates itself alone."""
    first = float(facts.launched_at.min(initial=np.inf))
    return np.where(facts.launched_at < first + 86_400, -np.inf, facts.launched_at)


def _share_of_category(weights: NDArray[Any], category: NDArray[np.int32], *, lent: float) -> NDArray[np.float32]:
    """float32 (products,): each product's share of its category, some weight lent to all; 0 without a category."""
    weights = weights + lent
    shelved = category >= 0
    total = np.bincount(category[shelved], weights[shelved], minlength=int(category.max(initial=-1)) + 2)
    return np.where(shelved, weights / np.maximum(total[category], lent), 0.0).astype(np.float32)


def _geometric_mean(prices: NDArray[np.float32]) -> float:
    known = prices[prices > 0]
    return float(np.exp(np.log(known).mean())) if len(known) else float("nan")


def _above_mean(ratings: NDArray[np.float32]) -> NDArray[np.float32]:
    known = np.isfinite(ratings)
    mean = float(ratings[known].mean()) if known.any() else 0.0
    return np.where(known, ratings - mean, 0.0).astype(np.float32)


def _tier(prices: NDArray[np.float32], category: NDArray[np.int32]) -> NDArray[np.float32]:
    """float32 (products,): share of its category's priced products that cost less, half of those that cost the same."""
    tier = np.full(len(prices), np.nan, np.float32)
    priced = np.flatnonzero((prices > 0) & (category >= 0))
    priced = priced[np.lexsort((prices[priced], category[priced]))]
    shelf = category[priced]
    first, last = (np.searchsorted(shelf, shelf, side=side) for side in ("left", "right"))
    tier[priced] = (_middles(shelf, prices[priced]) - first) / np.maximum(last - first, 1)
    return tier


def _middles(shelf: NDArray[np.int32], prices: NDArray[np.float32]) -> NDArray[np.float64]:
    """float64: the middle of the run of equal prices each stands in, as a place; both ascend, the shelf first."""
    starts = np.flatnonzero((np.diff(shelf, prepend=-1) != 0) | (np.diff(prices, prepend=-1.0) != 0))
    ends = np.append(starts[1:], len(prices))
    return np.repeat((starts + ends) / 2, ends - starts)


def _padded(values: NDArray[np.float32], count: int) -> NDArray[np.float32]:
    """float32 (count,): zeros for what was launched since."""
    return np.pad(values[:count], (0, max(count - len(values), 0))).astype(np.float32)


def _space(
    memory: LiveMemory, facts: ProductFacts
) -> tuple[NDArray[np.float32], NDArray[np.int32], NDArray[np.float32]]:
    """Coordinates, neighbours and popularity with a row for every position of the catalog."""
    space = memory.landscape
    known, missing = len(space.coordinates), len(facts) - len(space.coordinates)
    if missing <= 0:
        return (
            space.coordinates[: len(facts)],
            memory.neighbours[: len(facts)],
            space.popularity[: len(facts)],
        )
    width = memory.neighbours.shape[1] if memory.neighbours.ndim == 2 else 0
    coordinates = np.concatenate([space.coordinates, np.zeros((missing, product_space.DIMENSIONS), np.float32)])
    neighbours = np.concatenate([memory.neighbours.reshape(known, width), np.full((missing, width), NOWHERE, np.int32)])
    for position in range(known, len(facts)):
        _settle(position, known, coordinates, neighbours, facts.category)
    return coordinates, neighbours, np.concatenate([space.popularity, np.zeros(missing, np.float32)])


def _settle(
    position: int,
    known: int,
    coordinates: NDArray[np.float32],
    neighbours: NDArray[np.int32],
    category: NDArray[np.int32],
) -> None:
    """Give a newly launched product the centre of its category, and its siblings a way to it."""
    siblings = np.flatnonzero(category[:known] == category[position]) if category[position] >= 0 else np.empty(0, int)
    if not len(siblings) or not neighbours.shape[1]:
        return
    centre = coordinates[siblings].mean(axis=0)
    coordinates[position] = centre / max(float(np.linalg.norm(centre)), 1e-6)
    closest = siblings[np.argsort(-(coordinates[siblings] @ coordinates[position]), kind="stable")]
    closest = closest[: neighbours.shape[1]]
    neighbours[position, : len(closest)] = closest
    # Newcomers share the last places of their siblings' lists, so that a move there can reach them.
    neighbours[closest, -1 - position % max(neighbours.shape[1] // 3, 1)] = position
