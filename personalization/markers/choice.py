"""Choice: how concentrated the visitor's looking is, what is being compared, and how the focus drifts."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from math import log1p
from typing import TYPE_CHECKING, Final

from personalization.markers.definition import Marker, Scale, _

if TYPE_CHECKING:
    from personalization.markers.live_visit import LiveVisit
    from personalization.markers.lived import LivedEvent, LivedItem

RECENT: Final = 12  # views whose products are kept
WINDOW: Final = 6  # views that speak of the present focus

_COUNT_HIGH: Final = log1p(10_000)
_SECONDS_HIGH: Final = log1p(86_400)


@dataclass(slots=True, eq=False)
class Spread:
    """How views spread over kinds (categories or brands), kept up to date view by view."""

    counts: dict[int | str, int] = field(default_factory=dict)  # kind → views
    views: int = 0
    alike: int = 0  # pairs of views of one kind
    last: int | str | None = None  # kind of the last view
    switches: int = 0  # successive views of different kinds
    returns: int = 0  # of them, to a kind seen before

    def meet(self, kind: int | str) -> None:
        """One more view, of this kind."""
        seen = self.counts.get(kind, 0)
        if self.views and kind != self.last:
            self.switches += 1
            self.returns += seen > 0
        self.alike += seen
        self.counts[kind] = seen + 1
        self.views += 1
        self.last = kind

    @property
    def concentration(self) -> float:
        """The chance that two views are of one kind (Simpson's index), one imagined pair being undecided."""
        pairs = self.views * (self.views - 1) // 2
        return (self.alike + 0.5) / (pairs + 1)

    @property
    def switch_share(self) -> float:
        """The share of moves that change the kind, one imagined move being undecided."""
        return (self.switches + 0.5) / (self.views or 1)

    @property
    def last_share(self) -> float:
        """The share of the last kind in all views, held towards zero by one imagined view."""
        return self.counts[self.last] / (self.views + 1) if self.last is not None else 0.0


@dataclass(slots=True, eq=False)
class Choice:
    """What was looked at, by product, category and brand."""

    views: int = 0
    products: dict[str, int] = field(default_factory=dict)  # item id → views
    favourite: int = 0  # views of the product most viewed
    seen_before: int = 0  # earlier views of the product viewed last
    # Products viewed, newest last, with repeats.
    recent: deque[LivedItem] = field(default_factory=lambda: deque(maxlen=RECENT))
    leaves: Spread = field(default_factory=Spread)
    roots: Spread = field(default_factory=Spread)
    brands: Spread = field(default_factory=Spread)
    first_leaf: int = -1  # the category the visit began in
    recent_leaves: deque[int] = field(default_factory=lambda: deque(maxlen=WINDOW))
    run: set[str] = field(default_factory=set)  # products viewed since the last change of leaf category
    run_leaf: int = -1
    run_started: float = 0.0

    def fold(self, event: LivedEvent, visit: LiveVisit) -> None:
        if event.name == "view_item":
            for item in event.items:
                self._look(item, event.at)

    def _look(self, item: LivedItem, at: float) -> None:
        self.views += 1
        self.recent.append(item)
        self.seen_before = self.products.get(item.item_id, 0)
        self.products[item.item_id] = self.seen_before + 1
        self.favourite = max(self.favourite, self.seen_before + 1)
        if item.brand:
            self.brands.meet(item.brand)
        if item.categories:
            self.roots.meet(item.categories[0])
            self._look_into(item.categories[-1], at)
            self.run.add(item.item_id)
        else:
            self.run.clear()
            self.run_leaf = -1

    def _look_into(self, leaf: int, at: float) -> None:
        self.leaves.meet(leaf)
        self.recent_leaves.append(leaf)
        if self.first_leaf < 0:
            self.first_leaf = leaf
        if leaf != self.run_leaf:
            self.run.clear()
            self.run_leaf = leaf
            self.run_started = at


def _log_count(count: int) -> float:
    return min(log1p(count), _COUNT_HIGH)


def _run_seconds(visit: LiveVisit) -> float:
    choice = visit.choice
    if not choice.run or visit.last is None:
        return 0.0
    return min(log1p(max(0.0, visit.last.at - choice.run_started)), _SECONDS_HIGH)


def _first_category_share(visit: LiveVisit) -> float:
    choice = visit.choice
    recent = choice.recent_leaves
    return recent.count(choice.first_leaf) / len(recent) if recent else 1.0


def _marker(name: str, scale: Scale, meaning: str, compute: Callable[[LiveVisit], float]) -> Marker:
    return Marker(f"choice_{name}", "choice", *scale, meaning, compute)


_HALF: Final = Scale("share", 0.0, 1.0, 0.5)
_COUNT: Final = Scale("log count", 0.0, _COUNT_HIGH, 0.0)
_SHARE: Final = Scale("share", 0.0, 1.0, 0.0)
_WHOLE: Final = Scale("share", 0.0, 1.0, 1.0)

MARKERS: Final[tuple[Marker, ...]] = (
    _marker(
        "category_concentration",
        _HALF,
        _("How much the visitor keeps to one category: the chance that two views share it."),
        lambda visit: visit.choice.leaves.concentration,
    ),
    _marker(
        "department_concentration",
        _HALF,
        _("How much the visitor keeps to one department: the chance that two views share it."),
        lambda visit: visit.choice.roots.concentration,
    ),
    _marker(
        "brand_concentration",
        _HALF,
        _("How much the visitor keeps to one brand: the chance that two views share it."),
        lambda visit: visit.choice.brands.concentration,
    ),
    _marker(
        "departments",
        _COUNT,
        _("How many different departments were looked into."),
        lambda visit: _log_count(len(visit.choice.roots.counts)),
    ),
    _marker(
        "brands",
        _COUNT,
        _("How many different brands were looked at."),
        lambda visit: _log_count(len(visit.choice.brands.counts)),
    ),
    _marker(
        "favourite_share",
        _SHARE,
        _("How much one product stands out: the share of views that went to the product viewed most."),
        lambda visit: visit.choice.favourite / (visit.choice.views + 1),
    ),
    _marker(
        "seen_before",
        _COUNT,
        _("How often the product looked at last was looked at before, as one does when deciding."),
        lambda visit: _log_count(visit.choice.seen_before),
    ),
    _marker(
        "compared",
        _COUNT,
        _("How many products of the present category have been compared without looking into another."),
        lambda visit: _log_count(len(visit.choice.run)),
    ),
    _marker(
        "compared_seconds",
        Scale("log seconds", 0.0, _SECONDS_HIGH, 0.0),
        _("For how long the present category has held the visitor's attention."),
        _run_seconds,
    ),
    _marker(
        "category_switches",
        _HALF,
        _("How often the next product looked at is of another category."),
        lambda visit: visit.choice.leaves.switch_share,
    ),
    _marker(
        "department_switches",
        _HALF,
        _("How often the next product looked at is of another department."),
        lambda visit: visit.choice.roots.switch_share,
    ),
    _marker(
        "brand_switches",
        _HALF,
        _("How often the next product looked at is of another brand."),
        lambda visit: visit.choice.brands.switch_share,
    ),
    _marker(
        "category_returns",
        _SHARE,
        _("How often a change of category goes back to one looked into before."),
        lambda visit: visit.choice.leaves.returns / (visit.choice.leaves.switches + 1),
    ),
    _marker(
        "first_category_share",
        _WHOLE,
        _("How many of the last six views are of the category the visit began in: 0 when left."),
        _first_category_share,
    ),
    _marker(
        "last_category_share",
        _SHARE,
        _("How much of all looking went to the category looked into last."),
        lambda visit: visit.choice.leaves.last_share,
    ),
    _marker(
        "last_brand_share",
        _SHARE,
        _("How much of all looking went to the brand looked at last."),
        lambda visit: visit.choice.brands.last_share,
    ),
)
