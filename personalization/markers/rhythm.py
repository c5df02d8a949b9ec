"""Rhythm: how fast the visit goes, how long it lingers, and how it changes pace."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from math import exp, log1p, sqrt
from typing import TYPE_CHECKING, Final

from personalization.markers.definition import Marker, Scale, _
from personalization.markers.reading import Reading
from personalization.markers.spell import LONGEST, Spell

if TYPE_CHECKING:
    from personalization.markers.live_visit import LiveVisit
    from personalization.markers.lived import LivedEvent

RECENT_GAPS: Final = 5
_FAST, _SLOW = 0.5, 0.15  # weight of the newest gap in the two running means of acceleration
_MINUTE: Final = 60.0
IDLE: Final = 60.0  # seconds: a longer pause is time away from the shop

_COUNT_HIGH: Final = log1p(1e6)
_SECONDS_HIGH: Final = log1p(31 * LONGEST)
_PACE_HIGH: Final = log1p(2e6)


class Rhythm:
    """Times of events, kept as running figures.

    Attributes:
        reading: the page now open, and those left.
        elapsed: seconds since the first event; moments: their sum over events.
        gaps: seconds between events; recent_gaps: the last few.
        gap_square: sum of squared gaps, for burstiness; idle: seconds of gaps longer than IDLE.
        pairs: sums over neighbouring log gaps x, y: how many, x, y, x², y², xy; for the memory of gaps.
        fast, slow: running means of log gaps; their difference is acceleration.
        recent: events of about the last minute, each fading by exp(−seconds / 60).
        product_freshness: how recent the last look at a product is.
    """

    __slots__ = (
        "_at", "_gap_before", "_product_at", "elapsed", "fast", "gap_square", "gaps", "idle", "moments", "pairs",
        "product_freshness", "reading", "recent", "recent_gaps", "slow",
    )  # fmt: skip

    def __init__(self) -> None:
        self.reading = Reading()
        self.gaps = Spell()
        self.recent_gaps: deque[float] = deque(maxlen=RECENT_GAPS)
        self.elapsed = self.moments = self.gap_square = self.idle = 0.0
        self.pairs = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
        self.fast = self.slow = self.recent = 0.0
        self.product_freshness = 0.0
        self._at = self._gap_before = 0.0
        self._product_at: float | None = None

    def fold(self, event: LivedEvent, visit: LiveVisit) -> None:
        if visit.count > 1:
            self._meet_gap(min(max(event.at - self._at, 0.0), LONGEST))
        self.recent += 1.0
        self._at = event.at
        self.reading.fold(event)
        if event.name == "view_item":
            self._product_at = event.at
        self.product_freshness = _freshness(self._product_at, event.at)

    def _meet_gap(self, seconds: float) -> None:
        logarithm = self.gaps.meet(seconds)
        if self.gaps.count == 1:
            self.fast = self.slow = logarithm
        else:
            self.fast += (logarithm - self.fast) * _FAST
            self.slow += (logarithm - self.slow) * _SLOW
            self._pair(self._gap_before, logarithm)
        self._gap_before = logarithm
        self.recent_gaps.append(seconds)
        self.elapsed += seconds
        self.moments += self.elapsed
        self.idle += seconds if seconds > IDLE else 0.0
        self.gap_square += seconds * seconds
        self.recent *= exp(-seconds / _MINUTE)

    def _pair(self, x: float, y: float) -> None:
        n, xs, ys, xxs, yys, xys = self.pairs
        self.pairs = (n + 1.0, xs + x, ys + y, xxs + x * x, yys + y * y, xys + x * y)


def _freshness(then: float | None, now: float) -> float:
    """1 at the instant itself, a half after two minutes, 0 when it never happened."""
    return 0.0 if then is None else 120.0 / (120.0 + max(now - then, 0.0))


def _events(visit: LiveVisit) -> float:
    return log1p(visit.count)


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


def _gap_memory(visit: LiveVisit) -> float:
    """Correlation of each log gap with the next (Goh and Barabási, 2008), drawn to 0 while there are few."""
    n, xs, ys, xxs, yys, xys = visit.rhythm.pairs
    scatter = (n * xxs - xs * xs) * (n * yys - ys * ys)
    if n < 3.0 or scatter < 1e-6:
        return 0.0
    correlation = (n * xys - xs * ys) / sqrt(scatter)
    return min(max(correlation, -1.0), 1.0) * n / (n + 3.0)


def _centre(visit: LiveVisit) -> float:
    rhythm = visit.rhythm
    if rhythm.elapsed <= 0.0:
        return 0.5
    return min(rhythm.moments / (visit.count * rhythm.elapsed), 1.0)


def _idle_share(visit: LiveVisit) -> float:
    rhythm = visit.rhythm
    return min(rhythm.idle / (rhythm.elapsed + 30.0), 1.0)


def _product_time(visit: LiveVisit) -> float:
    """Half a minute of middling reading is imagined."""
    reading = visit.rhythm.reading
    return min((reading.product_seconds + 15.0) / (reading.all_seconds + 30.0), 1.0)


def _dwell_product(visit: LiveVisit) -> float:
    reading = visit.rhythm.reading
    if not reading.product_dwells.count:
        return 0.0
    return min(max(reading.product_dwells.mean - reading.dwells.mean, -5.0), 5.0)


def _engagement(visit: LiveVisit) -> float:
    reading = visit.rhythm.reading
    return reading.engagement / (reading.dwells.count + 1.0)


def _dwell_peak(visit: LiveVisit) -> float:
    reading = visit.rhythm.reading
    return min(reading.dwells.longest / (reading.all_seconds + 30.0), 1.0)


def _acceleration(visit: LiveVisit) -> float:
    return min(max(visit.rhythm.slow - visit.rhythm.fast, -5.0), 5.0)


def _gap_change(visit: LiveVisit) -> float:
    gaps = visit.rhythm.recent_gaps
    if len(gaps) < 2:
        return 0.0
    return min(max(log1p(gaps[-1]) - log1p(gaps[-2]), -5.0), 5.0)


def _hurry(visit: LiveVisit) -> float:
    reading = visit.rhythm.reading
    return (reading.hurried + 1.0) / (reading.dwells.count + 2.0)


def _attention(visit: LiveVisit) -> float:
    """A few seconds of middling attention are imagined, so that the first do not decide."""
    reading = visit.rhythm.reading
    if not reading.engagements:
        return 0.5
    return min((reading.engagement + 2.5) / (visit.rhythm.elapsed + 5.0), 1.0)


def _mean_scroll(visit: LiveVisit) -> float:
    """One page read by half is imagined."""
    reading = visit.rhythm.reading
    return (reading.scrolled + 0.5) / (reading.scrolls + 1.0)


def _spell(name: str, meaning: str, seconds: Callable[[LiveVisit], float]) -> Marker:
    """A marker of a length of time in seconds, told as its logarithm."""
    return _marker(name, _SECONDS, meaning, lambda visit: min(log1p(seconds(visit)), _SECONDS_HIGH))


def _marker(name: str, scale: Scale, meaning: str, compute: Callable[[LiveVisit], float]) -> Marker:
    return Marker(f"rhythm_{name}", "rhythm", *scale, meaning, compute)


_SECONDS: Final = Scale("log seconds", 0.0, _SECONDS_HIGH, 0.0)
_COUNT: Final = Scale("log count", 0.0, _COUNT_HIGH, 0.0)
_CHANGE: Final = Scale("log ratio", -5.0, 5.0, 0.0)
_CONTRAST: Final = Scale("contrast", -1.0, 1.0, 0.0)
_FADING: Final = Scale("freshness", 0.0, 1.0, 0.0)
_NONE: Final = Scale("share", 0.0, 1.0, 0.0)
_HALF: Final = Scale("share", 0.0, 1.0, 0.5)

MARKERS: Final[tuple[Marker, ...]] = (
    _marker("events", _COUNT, _("How much has happened in the visit."), _events),
    _spell("elapsed", _("Time since the visit began."), lambda v: v.rhythm.elapsed),
    _marker("pace", Scale("log events a minute", 0.0, _PACE_HIGH, 0.0), _("Events a minute."), _pace),
    _marker(
        "recent_events", _COUNT, _("How much happened in about the last minute."), lambda v: log1p(v.rhythm.recent)
    ),
    _marker(
        "gap_spread",
        Scale("log seconds", 0.0, _SECONDS_HIGH / 2.0, 0.0),
        _("How much the time between events varies."),
        lambda v: min(v.rhythm.gaps.spread, _SECONDS_HIGH / 2.0),
    ),
    _marker(
        "gap_memory",
        _CONTRAST,
        _("Whether long pauses follow long ones (above 0) or short ones (below 0)."),
        _gap_memory,
    ),
    _marker("idle", _NONE, _("Share of the visit spent in pauses longer than a minute."), _idle_share),
    _marker(
        "centre",
        _HALF,
        _("Whether the visit's events lie early (towards 0) or late (towards 1) in its time."),
        _centre,
    ),
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
        _CONTRAST,
        _("Whether events come in bursts (towards 1) or as regularly as a clock (towards −1)."),
        _burstiness,
    ),
    _spell("dwell_last", _("Time spent on the page left last."), lambda v: v.rhythm.reading.dwells.last),
    _marker("dwell_mean", _SECONDS, _("Mean time spent on a page."), lambda v: v.rhythm.reading.dwells.mean),
    _marker("dwell_peak", _NONE, _("Share of the reading time that went to the one page read longest."), _dwell_peak),
    _spell("dwell_now", _("Time spent so far on the page now open."), lambda v: v.rhythm.reading.seconds),
    _marker(
        "dwell_product",
        _CHANGE,
        _("Whether product pages are read longer (above 0) or shorter than the visit's pages on the whole."),
        _dwell_product,
    ),
    _marker(
        "dwell_list",
        _SECONDS,
        _("Mean time spent on category and search pages."),
        lambda v: v.rhythm.reading.list_dwells.mean,
    ),
    _marker("hurry", _HALF, _("Share of the pages left within ten seconds: hurry against browsing."), _hurry),
    _marker("scroll_mean", _HALF, _("Share of a page usually seen before leaving it."), _mean_scroll),
    _spell("engagement", _("Time the shop was in the foreground, per page."), _engagement),
    _marker("attention", _HALF, _("Share of the visit in which the shop was in the foreground."), _attention),
    _marker(
        "product_freshness",
        _FADING,
        _("How recent the last look at a product is: 1 at that instant, a half after two minutes."),
        lambda v: v.rhythm.product_freshness,
    ),
    _marker("product_time", _HALF, _("Share of the reading time that went to product pages."), _product_time),
)
