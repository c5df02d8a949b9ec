"""Offer: stock, novelty, margin, popularity, rating and promotion of the products being looked at."""

from __future__ import annotations

from collections.abc import Callable
from math import log1p
from typing import TYPE_CHECKING, Final

from personalization.markers.definition import Marker, Scale, _

if TYPE_CHECKING:
    from personalization.markers.live_visit import LiveVisit
    from personalization.markers.lived import LivedEvent, LivedItem

# Events that put one product before the visitor's eyes; a cart or a checkout only repeats them.
LOOKING: Final = frozenset({"view_item", "select_item", "add_to_wishlist", "add_to_cart"})
PROMOTING: Final = frozenset({"view_promotion", "select_promotion"})

NEW_DAYS: Final = 30.0  # a product is new for a month

_STOCK_HIGH: Final = log1p(1e6)
_AGE_HIGH: Final = log1p(36_500.0)

# What stands for "unknown": an unremarkable product, so that a store without the fact is not set apart by it.
_STOCK_NEUTRAL: Final = log1p(20.0)
_AGE_NEUTRAL: Final = log1p(365.0)
_MARGIN_NEUTRAL: Final = 0.35
_POPULARITY_NEUTRAL: Final = 0.5
_RATING_NEUTRAL: Final = 4.0


class Fact:
    """One fact of the products looked at: of the latest, and its mean over all that have it, each once."""

    __slots__ = ("_count", "_neutral", "_total", "last")

    def __init__(self, neutral: float) -> None:
        self.last = neutral  # of the product met last, neutral when it lacks the fact
        self._neutral = neutral
        self._total = 0.0
        self._count = 0

    @property
    def mean(self) -> float:
        return self._total / self._count if self._count else self._neutral

    def meet(self, value: float, *, first: bool) -> None:
        self.last = value
        if first:
            self._total += value
            self._count += 1

    def miss(self) -> None:
        """The product now met lacks the fact."""
        self.last = self._neutral


class Offer:
    """The facts of the products looked at."""

    __slots__ = (
        "_promoted",
        "age",
        "margin",
        "met",
        "novelty",
        "popularity",
        "promoted",
        "rating",
        "stock",
        "stockout",
    )

    def __init__(self) -> None:
        self.met: set[str] = set()  # item ids looked at
        self.promoted = 0  # how many of them a promotion had shown before
        self._promoted: set[int] = set()  # catalog positions shown by promotions
        self.stock = Fact(_STOCK_NEUTRAL)  # log units
        self.stockout = Fact(0.0)  # 1 when out of stock
        self.age = Fact(_AGE_NEUTRAL)  # log days since launch
        self.novelty = Fact(0.0)  # 1 when new
        self.margin = Fact(_MARGIN_NEUTRAL)  # share of the price
        self.popularity = Fact(_POPULARITY_NEUTRAL)  # percentile rank
        self.rating = Fact(_RATING_NEUTRAL)  # stars

    def fold(self, event: LivedEvent, visit: LiveVisit) -> None:
        if event.name in LOOKING:
            for item in event.items:
                self._meet(item, visit)
        elif event.name in PROMOTING:
            self._promoted.update(event.shown)
            self._promoted.update(item.product for item in event.items)

    def _meet(self, item: LivedItem, visit: LiveVisit) -> None:
        first = item.item_id not in self.met
        if first:
            self.met.add(item.item_id)
            self.promoted += item.product >= 0 and item.product in self._promoted
        self._meet_supply(item, first=first)
        self._meet_margin(item, first=first)
        self._meet_esteem(item, visit, first=first)

    def _meet_supply(self, item: LivedItem, *, first: bool) -> None:
        if item.stock >= 0:
            self.stock.meet(min(log1p(item.stock), _STOCK_HIGH), first=first)
            self.stockout.meet(float(item.stock == 0), first=first)
        else:
            self.stock.miss()
        if item.age_days >= 0.0:
            self.age.meet(min(log1p(item.age_days), _AGE_HIGH), first=first)
            self.novelty.meet(float(item.age_days <= NEW_DAYS), first=first)
        else:
            self.age.miss()

    def _meet_margin(self, item: LivedItem, *, first: bool) -> None:
        if item.price > 0.0 and item.cost > 0.0:
            self.margin.meet(max(-1.0, 1.0 - item.cost / item.price), first=first)
        else:
            self.margin.miss()

    def _meet_esteem(self, item: LivedItem, visit: LiveVisit, *, first: bool) -> None:
        popularity = visit.landscape.popularity
        if 0 <= item.product < len(popularity):
            self.popularity.meet(float(popularity[item.product]), first=first)
        else:
            self.popularity.miss()
        if item.rating >= 0.0:
            self.rating.meet(min(item.rating, 5.0), first=first)
        else:
            self.rating.miss()


def _promoted_share(visit: LiveVisit) -> float:
    offer = visit.offer
    return offer.promoted / len(offer.met) if offer.met else 0.0


def _marker(name: str, scale: Scale, meaning: str, compute: Callable[[LiveVisit], float]) -> Marker:
    return Marker(f"offer_{name}", "offer", *scale, meaning, compute)


_STOCK: Final = Scale("log count", 0.0, _STOCK_HIGH, _STOCK_NEUTRAL)
_AGE: Final = Scale("log days", 0.0, _AGE_HIGH, _AGE_NEUTRAL)
_MARGIN: Final = Scale("share", -1.0, 1.0, _MARGIN_NEUTRAL)
_POPULARITY: Final = Scale("rank", 0.0, 1.0, _POPULARITY_NEUTRAL)
_RATING: Final = Scale("stars", 0.0, 5.0, _RATING_NEUTRAL)
_SHARE: Final = Scale("share", 0.0, 1.0, 0.0)

MARKERS: Final[tuple[Marker, ...]] = (
    _marker(
        "stock_last",
        _STOCK,
        _("Units in stock of the product looked at last."),
        lambda visit: visit.offer.stock.last,
    ),
    _marker(
        "stock_mean",
        _STOCK,
        _("Typical units in stock of the products looked at."),
        lambda visit: visit.offer.stock.mean,
    ),
    _marker(
        "stockout_share",
        _SHARE,
        _("Share of the products looked at that were out of stock."),
        lambda visit: visit.offer.stockout.mean,
    ),
    _marker(
        "age_last",
        _AGE,
        _("Days since the product looked at last was launched."),
        lambda visit: visit.offer.age.last,
    ),
    _marker(
        "new_share",
        _SHARE,
        _("Share of the products looked at that were launched within the last month."),
        lambda visit: visit.offer.novelty.mean,
    ),
    _marker(
        "margin_last",
        _MARGIN,
        _("Margin of the product looked at last, as a share of its price."),
        lambda visit: visit.offer.margin.last,
    ),
    _marker(
        "margin_mean",
        _MARGIN,
        _("Mean margin of the products looked at, as a share of their price."),
        lambda visit: visit.offer.margin.mean,
    ),
    _marker(
        "popularity_last",
        _POPULARITY,
        _("Popularity of the product looked at last: the share of the catalog that is viewed less."),
        lambda visit: visit.offer.popularity.last,
    ),
    _marker(
        "popularity_mean",
        _POPULARITY,
        _("Mean popularity of the products looked at: 1 for bestsellers, 0 for what nobody views."),
        lambda visit: visit.offer.popularity.mean,
    ),
    _marker(
        "rating_last",
        _RATING,
        _("Customer rating of the product looked at last."),
        lambda visit: visit.offer.rating.last,
    ),
    _marker(
        "rating_mean",
        _RATING,
        _("Mean customer rating of the products looked at."),
        lambda visit: visit.offer.rating.mean,
    ),
    _marker(
        "promoted_share",
        _SHARE,
        _("Share of the products looked at that a promotion had shown earlier in the visit."),
        _promoted_share,
    ),
)
