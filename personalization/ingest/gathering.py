"""Which events are one visit: pure arithmetic on instants, whatever the order in which the events arrive.

The visits of a visitor are the runs of their events in which no two neighbours are more than `VISIT_GAP`
apart. New events can lengthen a stored visit, begin one, or bridge several, which then are one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from operator import itemgetter
from typing import Final

from personalization.ingest.enrichment import Enriched
from personalization.markers.arrival import channel_of
from personalization.models.visit import VISIT_GAP

_TICK: Final = timedelta(microseconds=1)
LARGEST_REVENUE: Final = Decimal("999999999999.99")  # what the column holds


@dataclass(frozen=True, slots=True)
class Run:
    """A visit's figures; `id` is None until it is stored."""

    id: int | None
    visitor_key: str
    session_id: str
    consent: bool
    excluded: bool
    started_at: datetime
    last_event_at: datetime
    event_count: int
    purchased_at: datetime | None
    revenue: Decimal
    device: str
    channel: str
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Gathering:
    """New events of one visit, oldest first, with the stored visits they touch, earliest first."""

    events: tuple[Enriched, ...]
    visits: tuple[Run, ...]

    @property
    def is_in_order(self) -> bool:
        """Whether every new event comes after all that is stored: the visit begins as it began."""
        if not self.visits:
            return True
        return len(self.visits) == 1 and self.events[0].timestamp > self.visits[0].last_event_at

    @property
    def bridged(self) -> tuple[int, ...]:
        """The visits that become part of the earliest one."""
        return tuple(visit.id for visit in self.visits[1:] if visit.id is not None)

    def merged(self, *, now: datetime) -> Run:
        """All of it as one visit; the earliest visit keeps its identity, and so its history."""
        events, visits = self.events, self.visits
        # Whoever looks for what changed must see this, also when a batch received later was stored before it.
        changed_at = max([now] + [visit.changed_at + _TICK for visit in visits])
        bought = [changed_at] if any(e.event.name == "purchase" for e in events) else []
        purchases = [visit.purchased_at for visit in visits if visit.purchased_at] + bought
        revenue = sum([visit.revenue for visit in visits] + [_revenue(event) for event in events], Decimal(0))
        return Run(
            id=visits[0].id if visits else None,
            visitor_key=events[0].visitor_key,
            session_id=first_said([v.session_id for v in visits] + [e.session_id for e in events]),
            # What was once refused holds for the whole visit.
            consent=all([v.consent for v in visits] + [e.consent for e in events]),
            excluded=any([v.excluded for v in visits] + [e.excluded for e in events]),
            started_at=min([events[0].timestamp] + [v.started_at for v in visits]),
            last_event_at=max([events[-1].timestamp] + [v.last_event_at for v in visits]),
            event_count=len(events) + sum(visit.event_count for visit in visits),
            purchased_at=max(purchases, default=None),
            revenue=max(-LARGEST_REVENUE, min(LARGEST_REVENUE, revenue)),
            device=first_said([v.device for v in visits] + [e.event.device for e in events]),
            channel=visits[0].channel if visits else channel_of(events[0].event),
            changed_at=changed_at,
        )


# From when to when something of one visitor happened, what decides between equals, and what it was.
_Span = tuple[datetime, str, datetime, Run | Enriched]


def gather(*, events: Iterable[Enriched], visits: Iterable[Run]) -> list[Gathering]:
    """The visits that the events belong to, given every stored visit within `VISIT_GAP` of one of them."""
    spans: dict[str, list[_Span]] = defaultdict(list)
    for visit in visits:
        spans[visit.visitor_key].append((visit.started_at, "", visit.last_event_at, visit))
    for event in events:
        at = event.timestamp
        spans[event.visitor_key].append((at, event.event.event_id, at, event))
    return [gathering for of_visitor in spans.values() for gathering in _runs(of_visitor) if gathering.events]


def _runs(spans: list[_Span]) -> Iterable[Gathering]:
    """One visitor's spans, cut where nothing happened for longer than `VISIT_GAP`."""
    spans.sort(key=itemgetter(0, 1))
    current: list[_Span] = []
    reach = spans[0][0]
    for span in spans:
        start, _event_id, end, _what = span
        if start - reach > VISIT_GAP:
            yield _gathering(current)
            current = []
        current.append(span)
        reach = max(reach, end)
    yield _gathering(current)


def _gathering(spans: list[_Span]) -> Gathering:
    return Gathering(
        events=tuple([what for *_, what in spans if isinstance(what, Enriched)]),
        visits=tuple([what for *_, what in spans if isinstance(what, Run)]),
    )


def first_said(candidates: Iterable[str]) -> str:
    """The first that is not empty."""
    return next((candidate for candidate in candidates if candidate), "")


def _revenue(event: Enriched) -> Decimal:
    return Decimal(f"{event.revenue:.2f}")
