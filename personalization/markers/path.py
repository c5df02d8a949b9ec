"""Path: the pages a visit goes through, the ways between them, and how far towards a purchase."""

from __future__ import annotations

from collections.abc import Callable
from math import log, log1p
from typing import TYPE_CHECKING, Final

from personalization.markers import page
from personalization.markers.definition import Marker, Scale, _
from personalization.markers.lived import PAGES

if TYPE_CHECKING:
    from personalization.markers.live_visit import LiveVisit
    from personalization.markers.lived import LivedEvent

# Steps towards a purchase, by page and by event; a step is reached whether or not those before it were seen.
_STEP_OF_PAGE: Final = {"category": 1, "search": 1, "product": 2, "cart": 3, "checkout": 4, "confirmation": 6}
_STEP_OF_EVENT: Final = {"add_to_cart": 3, "add_shipping_info": 5, "add_payment_info": 5, "purchase": 6}
LAST_STEP: Final = 6

_OTHERS: Final = ("account", "content", "other", "confirmation")

_LISTS: Final = ("category", "search")  # pages whose lists a visitor chooses from; elsewhere a list is a strip
_COUNT_HIGH: Final = log1p(1e6)


class Path:
    """Pages opened and products looked at, counted as they come.

    Attributes:
        pages: pages opened; kinds: how many of each kind; run: pages of the same kind in a row, up to now.
        scatter: sum over kinds of n log n, from which entropy follows.
        backtracks: turns A → B → A.
        moves, left: pages of one stage followed by another, and by any; category and search are the stage
            "list", cart and checkout the stage "cart".
        deepest: levels above the deepest page opened.
        views: looks at each product, by item id; current: the product looked at last.
        looks, revisits: looks at products, and those at a product already seen.
        detour: looks since the current product was looked at before, 0 when it never was.
        lists, selects, promotions: events of these kinds.
        listed: catalog positions of the category or search list shown last, in its order.
        step, furthest: place on the way to a purchase now, and the furthest yet, 0 … LAST_STEP.
    """

    __slots__ = (
        "_before", "_here", "_looked", "backtracks", "current", "deepest", "detour", "furthest",
        "kind", "kinds", "left", "listed", "lists", "looks", "moves", "pages", "promotions", "revisits", "run",
        "scatter", "selects", "step", "views",
    )  # fmt: skip

    def __init__(self) -> None:
        self.pages = self.run = self.backtracks = self.looks = self.revisits = 0
        self.lists = self.selects = self.promotions = 0
        self.step = self.furthest = self.deepest = self.detour = 0
        self.scatter = 0.0
        self.kind = self.current = self._here = self._before = ""
        self.kinds: dict[str, int] = dict.fromkeys(PAGES, 0)
        self.moves: dict[tuple[str, str], int] = {}
        self.left: dict[str, int] = {}
        self.views: dict[str, int] = {}
        self.listed: tuple[int, ...] = ()
        self._looked: dict[str, int] = {}  # number of the last look at each product

    def fold(self, event: LivedEvent, visit: LiveVisit) -> None:
        reading = visit.rhythm.reading
        if reading.opened:
            self._open(reading.kind, reading.address)
        if reading.opened or event.name == "view_item":
            self.deepest = max(self.deepest, page.depth_of(event))
        if event.name == "view_item" and event.items:
            self._look(event.items[0].item_id)
        else:
            self._act(event.name)
        if event.name == "view_item_list" and event.page in _LISTS:
            self.listed = event.shown
        self._advance(event.name, reading.opened)

    def _open(self, kind: str, address: str) -> None:
        count = self.kinds[kind]
        self.scatter += _n_log_n(count + 1) - _n_log_n(count)
        self.kinds[kind] = count + 1
        self.pages += 1
        self.run = self.run + 1 if kind == self.kind else 1
        if self.pages > 1:
            self._move(_stage(self.kind), _stage(kind))
        self.backtracks += address == self._before
        self.kind, self._before, self._here = kind, self._here, address

    def _move(self, start: str, end: str) -> None:
        self.left[start] = self.left.get(start, 0) + 1
        self.moves[start, end] = self.moves.get((start, end), 0) + 1

    def _look(self, item_id: str) -> None:
        seen = self.views.get(item_id, 0)
        self.views[item_id] = seen + 1
        self.looks += 1
        self.revisits += seen > 0
        self.detour = self.looks - self._looked[item_id] if seen else 0
        self._looked[item_id] = self.looks
        self.current = item_id

    def _act(self, name: str) -> None:
        if name == "view_item_list":
            self.lists += 1
        elif name == "select_item":
            self.selects += 1
        elif name in ("view_promotion", "select_promotion"):
            self.promotions += 1

    def _advance(self, name: str, opened: bool) -> None:
        """A page opened sets the step to its own; an act can only raise it."""
        if opened:
            self.step = _STEP_OF_PAGE.get(self.kind, 0)
        self.step = max(self.step, _STEP_OF_EVENT.get(name, 0))
        self.furthest = max(self.furthest, self.step)


def _stage(kind: str) -> str:
    if kind in page.LISTS:
        return "list"
    return "cart" if kind == "checkout" else kind


def _n_log_n(n: int) -> float:
    return n * log(n) if n else 0.0


def _among(count: int, of: int) -> float:
    """The share among so many and an imagined one that differs, so that the first few do not decide."""
    return min(count / (of + 1.0), 1.0)


def _entropy(visit: LiveVisit) -> float:
    """Of the kinds of pages, 1 when all are as frequent."""
    path = visit.path
    if path.pages < 2:
        return 0.0
    return min(max((log(path.pages) - path.scatter / path.pages) / log(len(PAGES)), 0.0), 1.0)


def _search_lean(visit: LiveVisit) -> float:
    searches, categories = visit.path.kinds["search"], visit.path.kinds["category"]
    return (searches - categories) / (searches + categories + 1.0)


def _others_share(visit: LiveVisit) -> float:
    kinds = visit.path.kinds
    return _among(sum(kinds[kind] for kind in _OTHERS), visit.path.pages)


def _marker(name: str, scale: Scale, meaning: str, compute: Callable[[LiveVisit], float]) -> Marker:
    return Marker(f"path_{name}", "path", *scale, meaning, compute)


def _share_of(kind: str, meaning: str) -> Marker:
    return _marker(f"{kind}_share", _SHARE, meaning, lambda visit: _among(visit.path.kinds[kind], visit.path.pages))


def _way(start: str, end: str, meaning: str) -> Marker:
    """Share of the pages of one stage that were followed by one of another."""
    return _marker(
        f"{start}_to_{end}",
        _SHARE,
        meaning,
        lambda visit: _among(visit.path.moves.get((start, end), 0), visit.path.left.get(start, 0)),
    )


def _now(name: str, meaning: str, *kinds: str) -> Marker:
    return _marker(f"now_{name}", _FLAG, meaning, lambda visit: float(visit.path.kind in kinds))


def _log_count(name: str, meaning: str, count: Callable[[LiveVisit], int]) -> Marker:
    return _marker(name, _COUNT, meaning, lambda visit: log1p(count(visit)))


_FLAG: Final = Scale("flag", 0.0, 1.0, 0.0)
_COUNT: Final = Scale("log count", 0.0, _COUNT_HIGH, 0.0)
_SHARE: Final = Scale("share", 0.0, 1.0, 0.0)

MARKERS: Final[tuple[Marker, ...]] = (
    _share_of("home", _("Share of the pages opened that were the home page.")),
    _share_of("category", _("Share of the pages opened that were category pages.")),
    _share_of("search", _("Share of the pages opened that were search results.")),
    _share_of("product", _("Share of the pages opened that were product pages.")),
    _share_of("cart", _("Share of the pages opened that were the cart.")),
    _share_of("checkout", _("Share of the pages opened that were steps of the checkout.")),
    _marker(
        "others_share",
        _SHARE,
        _("Share of the pages opened that were of other kinds: account, advice, terms."),
        _others_share,
    ),
    _marker("entropy", _SHARE, _("How varied the kinds of pages are: 0 for one kind, 1 for all."), _entropy),
    _log_count("deepest", _("Levels above the deepest page opened in the shop."), lambda visit: visit.path.deepest),
    _marker(
        "back_and_forth",
        _SHARE,
        _("Share of the pages that led straight back to the page before the last."),
        lambda visit: _among(visit.path.backtracks, visit.path.pages),
    ),
    _log_count("run", _("Pages of the same kind in a row, up to now."), lambda visit: visit.path.run),
    _log_count("products", _("Different products looked at."), lambda visit: len(visit.path.views)),
    _log_count("revisits", _("Looks at a product already seen in the visit."), lambda visit: visit.path.revisits),
    _log_count(
        "detour",
        _("Looks between two at the same product, when the visitor has just come back to it."),
        lambda visit: visit.path.detour,
    ),
    _log_count(
        "product_views",
        _("How often the product looked at last has been looked at in the visit."),
        lambda visit: visit.path.views.get(visit.path.current, 0),
    ),
    _way("list", "product", _("Share of the category and search pages that led to a product.")),
    _way("product", "product", _("Share of the product pages that led to another product.")),
    _way("product", "list", _("Share of the product pages left for a category or search page.")),
    _way("product", "cart", _("Share of the product pages that led to the cart or the checkout.")),
    _marker(
        "list_choice",
        _SHARE,
        _("How often a product was chosen from the lists shown."),
        lambda visit: _among(visit.path.selects, visit.path.lists),
    ),
    _marker(
        "furthest_step",
        _SHARE,
        _("Furthest step reached towards a purchase: list, product, cart, checkout, payment, order."),
        lambda visit: visit.path.furthest / LAST_STEP,
    ),
    _marker(
        "retreat",
        _SHARE,
        _("How far the visit has gone back from its furthest step towards a purchase."),
        lambda visit: (visit.path.furthest - visit.path.step) / LAST_STEP,
    ),
    _marker(
        "search_lean",
        Scale("contrast", -1.0, 1.0, 0.0),
        _("Whether the visitor searches (towards 1) or browses categories (towards −1)."),
        _search_lean,
    ),
    _log_count("promotions", _("Promotions shown or followed."), lambda visit: visit.path.promotions),
    _now("category", _("1 when the page now open is a category page."), "category"),
    _now("search", _("1 when the page now open is a search page."), "search"),
    _now("product", _("1 when the page now open is a product page."), "product"),
    _now("checkout", _("1 when the page now open is the cart or the checkout."), "cart", "checkout"),
)
