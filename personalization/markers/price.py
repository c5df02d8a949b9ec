"""Price: level, spread and trend of the prices looked at, discounts, and the cart against them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import log1p, sqrt
from typing import TYPE_CHECKING, Final

from personalization.markers.definition import Marker, Scale, _

if TYPE_CHECKING:
    from personalization.markers.live_visit import LiveVisit
    from personalization.markers.lived import LivedEvent, LivedItem

_DEAREST: Final = 1e7  # prices above are held there
_MONEY_HIGH: Final = log1p(_DEAREST)
_MONEY_NEUTRAL: Final = log1p(30.0)  # an ordinary purchase, so that a visit without a price is not set apart
_RATIO_HIGH: Final = 3.0  # log ratios are held within ± this: twenty times dearer or cheaper
_RECENT: Final = 0.4  # how much the last view counts in a recent mean
_PREMIUM: Final = 0.75  # price ranks from here on are the dear end of a category
_BARGAIN: Final = 0.25  # price ranks up to here are its cheap end
_ON_SALE: Final = 0.1  # the share of products on sale that is assumed before any is seen


@dataclass(slots=True, eq=False)
class Price:
    """Running figures of the prices looked at, as logarithms: from 10 to 20 is as far as from 100 to 200."""

    views: int = 0  # looks at a product whose price is known
    last: float = 0.0  # log price
    lowest: float = 0.0
    highest: float = 0.0
    mean: float = 0.0
    squares: float = 0.0  # summed squared deviations from the mean
    steps: int = 0  # moves from one product to another
    trend: float = 0.0  # recent mean of those moves, as log ratios
    walked: float = 0.0  # their summed sizes
    compared: int = 0  # moves within one leaf category to another price
    cheaper: int = 0  # of them, to a lower one
    rank_last: float = 0.5  # price ranks within the category
    rank_mean: float = 0.0
    rank_squares: float = 0.0
    rank_recent: float = 0.0
    premium: int = 0
    bargains: int = 0
    listed: int = 0  # looks at a product whose price before any sale is known
    discounted: int = 0
    cuts: float = 0.0  # summed relative discounts
    cut_last: float = 0.0
    added: int = 0  # products with a price put into the cart
    added_mean: float = 0.0  # of their log prices
    _item_id: str = ""
    _category: int = -1

    def fold(self, event: LivedEvent, visit: LiveVisit) -> None:
        if event.name == "view_item":
            for item in event.items:
                if item.price > 0.0:
                    self._look(item)
        elif event.name == "add_to_cart":
            for item in event.items:
                if item.price > 0.0:
                    self.added += 1
                    self.added_mean += (_log_price(item) - self.added_mean) / self.added

    def _look(self, item: LivedItem) -> None:
        price = _log_price(item)
        category = item.categories[-1] if item.categories else -1
        if self.views and item.item_id != self._item_id:
            self._move(price, category)
        self.views += 1
        self.lowest = price if self.views == 1 else min(self.lowest, price)
        self.highest = max(self.highest, price)
        deviation = price - self.mean
        self.mean += deviation / self.views
        self.squares += deviation * (price - self.mean)
        self.last = price
        self._rank(item.price_rank)
        self._discount(item)
        self._item_id = item.item_id
        self._category = category

    def _move(self, price: float, category: int) -> None:
        step = _held(price - self.last)
        self.trend = step if not self.steps else _held(self.trend + _RECENT * (step - self.trend))
        self.steps += 1
        self.walked += abs(step)
        if step and category >= 0 and category == self._category:
            self.compared += 1
            self.cheaper += step < 0.0

    def _rank(self, rank: float) -> None:
        deviation = rank - self.rank_mean
        self.rank_mean += deviation / self.views
        self.rank_squares += deviation * (rank - self.rank_mean)
        self.rank_recent = rank if self.views == 1 else self.rank_recent + _RECENT * (rank - self.rank_recent)
        self.rank_last = rank
        self.premium += rank >= _PREMIUM
        self.bargains += rank <= _BARGAIN

    def _discount(self, item: LivedItem) -> None:
        self.cut_last = 0.0
        if item.list_price > 0.0:
            self.listed += 1
            if item.list_price > item.price:
                self.discounted += 1
                self.cut_last = 1.0 - item.price / item.list_price
                self.cuts += self.cut_last


def _log_price(item: LivedItem) -> float:
    return log1p(min(item.price, _DEAREST))


def _held(ratio: float) -> float:
    return max(-_RATIO_HIGH, min(_RATIO_HIGH, ratio))


def _within(value: float, price: Price) -> float:
    """Where a log price lies between the lowest and the highest looked at; 0.5 when they are one."""
    width = price.highest - price.lowest
    return max(0.0, min(1.0, (value - price.lowest) / width)) if width > 0.0 else 0.5


def _money(value: float, views: int) -> float:
    return value if views else _MONEY_NEUTRAL


def _deviation(squares: float, count: int, high: float) -> float:
    return min(high, sqrt(max(0.0, squares) / count)) if count else 0.0


def _mean(visit: LiveVisit) -> float:
    price = visit.price
    return max(price.lowest, min(price.highest, price.mean)) if price.views else _MONEY_NEUTRAL


def _level(visit: LiveVisit) -> float:
    return max(0.0, min(1.0, visit.price.rank_mean)) if visit.price.views else 0.5


def _level_trend(visit: LiveVisit) -> float:
    return max(-1.0, min(1.0, visit.price.rank_recent - visit.price.rank_mean))


def _volatility(visit: LiveVisit) -> float:
    price = visit.price
    return min(_RATIO_HIGH, price.walked / price.steps) if price.steps else 0.0


def _discount_depth(visit: LiveVisit) -> float:
    price = visit.price
    return min(1.0, price.cuts / price.discounted) if price.discounted else 0.0


def _added_against_views(visit: LiveVisit) -> float:
    price = visit.price
    return _held(price.added_mean - price.mean) if price.added and price.views else 0.0


def _added_position(visit: LiveVisit) -> float:
    price = visit.price
    return _within(price.added_mean, price) if price.added and price.views else 0.5


def _marker(name: str, scale: Scale, meaning: str, compute: Callable[[LiveVisit], float]) -> Marker:
    return Marker(f"price_{name}", "price", *scale, meaning, compute)


_MONEY: Final = Scale("log money", 0.0, _MONEY_HIGH, _MONEY_NEUTRAL)
_WIDTH: Final = Scale("log ratio", 0.0, _RATIO_HIGH, 0.0)
_RATIO: Final = Scale("log ratio", -_RATIO_HIGH, _RATIO_HIGH, 0.0)
_HALF: Final = Scale("share", 0.0, 1.0, 0.5)
_SHARE: Final = Scale("share", 0.0, 1.0, 0.0)

MARKERS: Final[tuple[Marker, ...]] = (
    _marker(
        "mean",
        _MONEY,
        _("The usual price of the products looked at."),
        _mean,
    ),
    _marker(
        "last",
        _MONEY,
        _("The price of the product looked at last."),
        lambda visit: _money(visit.price.last, visit.price.views),
    ),
    _marker(
        "lowest",
        _MONEY,
        _("The lowest price looked at."),
        lambda visit: _money(visit.price.lowest, visit.price.views),
    ),
    _marker(
        "highest",
        _MONEY,
        _("The highest price looked at."),
        lambda visit: _money(visit.price.highest, visit.price.views),
    ),
    _marker(
        "spread",
        _WIDTH,
        _("How far the prices looked at lie apart."),
        lambda visit: _deviation(visit.price.squares, visit.price.views, _RATIO_HIGH),
    ),
    _marker(
        "trend",
        _RATIO,
        _("Whether the visitor moves to dearer products lately (above 0) or to cheaper ones."),
        lambda visit: visit.price.trend,
    ),
    _marker(
        "volatility",
        _WIDTH,
        _("How much the price changes from one product looked at to the next, up or down."),
        _volatility,
    ),
    _marker(
        "last_position",
        _HALF,
        _("Where the last price lies among those looked at: 0 the lowest, 1 the highest."),
        lambda visit: _within(visit.price.last, visit.price),
    ),
    _marker(
        "level",
        _HALF,
        _("How dear the products looked at are within their categories: 0 the cheapest, 1 the dearest."),
        _level,
    ),
    _marker(
        "level_last",
        _HALF,
        _("How dear the product looked at last is within its category: 0 the cheapest, 1 the dearest."),
        lambda visit: visit.price.rank_last,
    ),
    _marker(
        "level_spread",
        Scale("share", 0.0, 0.5, 0.0),
        _("How much the products looked at mix the cheap and the dear end of their categories."),
        lambda visit: _deviation(visit.price.rank_squares, visit.price.views, 0.5),
    ),
    _marker(
        "level_trend",
        Scale("share", -1.0, 1.0, 0.0),
        _("Whether the last products looked at are dearer within their category than those before."),
        _level_trend,
    ),
    _marker(
        "premium_share",
        _SHARE,
        _("How much of the looking goes to the dearest quarter of a category."),
        lambda visit: visit.price.premium / (visit.price.views + 1),
    ),
    _marker(
        "bargain_share",
        _SHARE,
        _("How much of the looking goes to the cheapest quarter of a category."),
        lambda visit: visit.price.bargains / (visit.price.views + 1),
    ),
    _marker(
        "cheaper_share",
        _HALF,
        _("How often the next product of the same category is a cheaper one, not a dearer one."),
        lambda visit: (visit.price.cheaper + 1) / (visit.price.compared + 2),
    ),
    _marker(
        "discount_share",
        Scale("share", 0.0, 1.0, _ON_SALE),
        _("How many of the products looked at are on sale."),
        lambda visit: (visit.price.discounted + _ON_SALE) / (visit.price.listed + 1),
    ),
    _marker(
        "discount_depth",
        _SHARE,
        _("How deep the discounts of the products on sale that were looked at are."),
        _discount_depth,
    ),
    _marker(
        "discount_last",
        _SHARE,
        _("How deep the discount of the product looked at last is; 0 when it is not on sale."),
        lambda visit: visit.price.cut_last,
    ),
    _marker(
        "added_against_views",
        _RATIO,
        _("Whether what goes into the cart is dearer than what was looked at (above 0) or cheaper."),
        _added_against_views,
    ),
    _marker(
        "added_position",
        _HALF,
        _("Where what goes into the cart lies among the prices looked at: 0 the lowest, 1 the highest."),
        _added_position,
    ),
)
