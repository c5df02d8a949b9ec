"""Rhythm: how fast the visit goes, how long it lingers, and how it changes pace."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from math import exp, log1p, sqrt
from typing import TYPE_CHECKING, Final

from personalization.markers import page
from personalization.markers.definition import Marker, Scale, _
from personalization.markers.spell import Spell

if TYPE_CHECKING:
    from personalization.markers.live_visit import LiveVisit
    from personalization.markers.lived import LivedEvent

HURRIED: Final = 10.0  # seconds: a page left sooner was hardly read
RECENT_GAPS: Final = 5
_FAST, _SLOW = 0.5, 0.15  # weight of the newest gap in the two running means of acceleration
_MINUTE: Final = 60.0
_CART_ACTS: Final = frozenset({"add_to_cart", "remove_from_cart", "view_cart"})

_COUNT_HIGH: Final = log1p(1e6)
_SECONDS_HIGH: Final = log1p(31 * 86_400.0)
_PACE_HIGH: Final = log1p(2e6)


class Rhythm:
    """Times of events and pages, kept as running figures.

    Attributes:
        gaps, dwells: seconds between events, and seconds a page was open until the next one opened.
        product_dwells, list_dwells: dwells on product pages, and on category and search pages.
        gap_square: sum of squared gaps, for burstiness.
        hurried: pages left within HURRIED seconds.
        fast, slow: running means of log gaps; their difference is acceleration.
        recent: events of about the last minute, each fading by exp(−seconds / 60).
        opened: whether the last event opened a page; page_kind, address: of the page now open.
    """

    __slots__ = (
        "_at", "_opened_at", "_product_at", "_touched_at", "address", "cart_freshness", "dwells", "elapsed",
        "engagement", "engagements", "fast", "gap_square", "gaps", "hurried", "list_dwells", "on_page",
        "opened", "page_kind", "product_dwells", "product_freshness", "recent", "recent_gaps",
        "scroll_sum", "scrolls", "slow",
    )  # fmt: skip

    def __init__(self) -> None:
        self.gaps, self.dwells = Spell(), Spell()
        self.product_dwells, self.list_dwells = Spell(), Spell()
        self.recent_gaps: deque[float] = deque(maxlen=RECENT_GAPS)
        self.elapsed = self.gap_square = 0.0
        self.fast = self.slow = self.recent = 0.0
        self.hurried = 0
        self.opened, self.page_kind, self.address = False, "", ""
        self.scroll_sum, self.scrolls = 0.0, 0
        self.engagement, self.engagements = 0.0, 0
        self.on_page = self.product_freshness = self.cart_freshness = 0.0
        self._at = self._opened_at = 0.0
        self._product_at: float | None = None
        self._touched_at: float | None = None

    def fold(self, event: LivedEvent, visit: LiveVisit) -> None:
        if visit.count > 1:
            self._meet_gap(max(event.at - self._at, 0.0))
        self.recent += 1.0
        self._at = event.at
        self._turn_page(event)
        self._meet_attention(event)
        self._refresh(event)

    def _meet_gap(self, seconds: float) -> None:
        logarithm = self.gaps.meet(seconds)
        first = self.gaps.count == 1
        self.fast += (logarithm - self.fast) * (1.0 if first else _FAST)
        self.slow += (logarithm - self.slow) * (1.0 if first else _SLOW)
        self.recent_gaps.append(seconds)
        self.elapsed += seconds
        self.gap_square += seconds * seconds
        self.recent *= exp(-seconds / _MINUTE)

    def _turn_page(self, event: LivedEvent) -> None:
        kind = page.kind_of(event)
        self.opened = False
        if page.opens(event, kind):
            address = page.address_of(event, kind)
            if address != self.address:
                self._leave(event.at)
                self.opened, self.address, self._opened_at = True, address, event.at
            self.page_kind = kind
        self.on_page = max(event.at - self._opened_at, 0.0) if self.address else 0.0

    def _leave(self, at: float) -> None:
        """The page open until now has been left for another."""
        if not self.address:
            return
        seconds = max(at - self._opened_at, 0.0)
        self.dwells.meet(seconds)
        self.hurried += seconds < HURRIED
        if self.page_kind == "product":
            self.product_dwells.meet(seconds)
        elif self.page_kind in page.LISTS:
            self.list_dwells.meet(seconds)

    def _meet_attention(self, event: LivedEvent) -> None:
        if event.scroll >= 0.0:
            self.scroll_sum += min(event.scroll, 1.0)
            self.scrolls += 1
        if event.engagement >= 0.0:
            self.engagement += event.engagement
            self.engagements += 1

    def _refresh(self, event: LivedEvent) -> None:
        if event.name == "view_item":
            self._product_at = event.at
        elif event.name in _CART_ACTS:
            self._touched_at = event.at
        self.product_freshness = _freshness(self._product_at, event.at, 120.0)
        self.cart_freshness = _freshness(self._touched_at, event.at, 300.0)


def _freshness(then: float | None, now: float, seconds: float) -> float:
    """1 at the instant itself, a half after so many seconds, 0 when it never happened."""
    return 0.0 if then is None else seconds / (seconds + max(now - then, 0.0))


def _pace(visit: LiveVisit) -> float:
    """Events a minute, the visit taken as half a minute longer than its events tell."""
    return log1p(visit.count / (visit.rhythm.elapsed / _MINUTE + 0.5))


def _typical_gap(visit: LiveVisit) -> float:
    gaps = sorted(visit.rhythm.recent_gaps)
    if not gaps:
        return 0.0
    half = len(gaps) // 2
    return log1p(gaps[half] if len(gaps) % 2 else (gaps[half - 1] + gaps[half]) / 2.0)


def _burstiness(visit: LiveVisit) -> float:
    """(σ − μ) / (σ + μ) of the gaps (Goh and Barabási, 2008)."""
    rhythm = visit.rhythm
    count = rhythm.gaps.count
    if count < 2 or rhythm.elapsed <= 0.0:
        return 0.0
    mean = rhythm.elapsed / count
    deviation = sqrt(max(rhythm.gap_square / count - mean * mean, 0.0))
    return (deviation - mean) / (deviation + mean)


def _acceleration(visit: LiveVisit) -> float:
    return min(max(visit.rhythm.slow - visit.rhythm.fast, -5.0), 5.0)


def _gap_change(visit: LiveVisit) -> float:
    gaps = visit.rhythm.recent_gaps
    if len(gaps) < 2:
        return 0.0
    return min(max(log1p(gaps[-1]) - log1p(gaps[-2]), -5.0), 5.0)


def _hurry(visit: LiveVisit) -> float:
    rhythm = visit.rhythm
    return (float(rhythm.hurried) + 1.0) / (rhythm.dwells.count + 2.0)


def _attention(visit: LiveVisit) -> float:
    """Half a minute of middling attention is imagined, so that the first seconds do not decide."""
    rhythm = visit.rhythm
    if not rhythm.engagements:
        return 0.5
    return min((rhythm.engagement + 15.0) / (rhythm.elapsed + 30.0), 1.0)


def _mean_scroll(visit: LiveVisit) -> float:
    """One page read by half is imagined."""
    rhythm = visit.rhythm
    return (rhythm.scroll_sum + 0.5) / (rhythm.scrolls + 1.0)


def _spell(name: str, meaning: str, seconds: Callable[[LiveVisit], float]) -> Marker:
    """A marker of a length of time in seconds, told as its logarithm."""
    return _marker(name, _SECONDS, meaning, lambda visit: min(log1p(seconds(visit)), _SECONDS_HIGH))


def _marker(name: str, scale: Scale, meaning: str, compute: Callable[[LiveVisit], float]) -> Marker:
    return Marker(f"rhythm_{name}", "rhythm", *scale, meaning, compute)


_SECONDS: Final = Scale("log seconds", 0.0, _SECONDS_HIGH, 0.0)
_COUNT: Final = Scale("log count", 0.0, _COUNT_HIGH, 0.0)
_CHANGE: Final = Scale("log ratio", -5.0, 5.0, 0.0)
_FADING: Final = Scale("freshness", 0.0, 1.0, 0.0)
_HALF: Final = Scale("share", 0.0, 1.0, 0.5)

MARKERS: Final[tuple[Marker, ...]] = (
    _marker("events", _COUNT, _("How much has happened in the visit."), lambda v: log1p(v.count)),
    _spell("elapsed", _("Time since the visit began."), lambda v: v.rhythm.elapsed),
    _marker("pace", Scale("log events a minute", 0.0, _PACE_HIGH, 0.0), _("Events a minute."), _pace),
    _marker(
        "recent_events", _COUNT, _("How much happened in about the last minute."), lambda v: log1p(v.rhythm.recent)
    ),
    _spell("gap_last", _("Time between the last two events."), lambda v: v.rhythm.gaps.last),
    _marker("gap_mean", _SECONDS, _("Mean time between events."), lambda v: v.rhythm.gaps.mean),
    _marker(
        "gap_spread",
        Scale("log seconds", 0.0, _SECONDS_HIGH / 2.0, 0.0),
        _("How much the time between events varies."),
        lambda v: min(v.rhythm.gaps.spread, _SECONDS_HIGH / 2.0),
    ),
    _spell("gap_longest", _("Longest pause of the visit."), lambda v: v.rhythm.gaps.longest),
    _marker("gap_typical", _SECONDS, _("Typical time between the last few events, pauses aside."), _typical_gap),
    _marker(
        "gap_change",
        _CHANGE,
        _("Whether the last pause was longer (above 0) or shorter than the one before it."),
        _gap_change,
    ),
    _marker(
        "acceleration",
        _CHANGE,
        _("Whether the visit speeds up (above 0) or slows down against its own earlier pace."),
        _acceleration,
    ),
    _marker(
        "burstiness",
        Scale("contrast", -1.0, 1.0, 0.0),
        _("Whether events come in bursts (towards 1) or as regularly as a clock (towards −1)."),
        _burstiness,
    ),
    _spell("dwell_last", _("Time spent on the page left last."), lambda v: v.rhythm.dwells.last),
    _marker("dwell_mean", _SECONDS, _("Mean time spent on a page."), lambda v: v.rhythm.dwells.mean),
    _spell("dwell_longest", _("Longest time spent on one page."), lambda v: v.rhythm.dwells.longest),
    _spell("dwell_now", _("Time spent so far on the page now open."), lambda v: v.rhythm.on_page),
    _marker("dwell_product", _SECONDS, _("Mean time spent on product pages."), lambda v: v.rhythm.product_dwells.mean),
    _marker(
        "dwell_list",
        _SECONDS,
        _("Mean time spent on category and search pages."),
        lambda v: v.rhythm.list_dwells.mean,
    ),
    _marker("hurry", _HALF, _("Share of the pages left within ten seconds: hurry against browsing."), _hurry),
    _marker("scroll_mean", _HALF, _("Share of a page usually seen before leaving it."), _mean_scroll),
    _spell("engagement", _("Time the shop was in the foreground."), lambda v: v.rhythm.engagement),
    _marker("attention", _HALF, _("Share of the visit in which the shop was in the foreground."), _attention),
    _marker(
        "product_freshness",
        _FADING,
        _("How recent the last look at a product is: 1 at that instant, a half after two minutes."),
        lambda v: v.rhythm.product_freshness,
    ),
    _marker(
        "cart_freshness",
        _FADING,
        _("How recent the last act on the cart is: 1 at that instant, a half after five minutes."),
        lambda v: v.rhythm.cart_freshness,
    ),
)
