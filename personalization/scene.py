"""The scene of an answer, read once: the zone, the products, the memory, the visit as it stands."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from catalog.facts import ProductFacts
from catalog.live_facts import facts_are_stale, live_facts
from catalog.models import Store
from objectives.models.zone import Zone, ZoneKind
from personalization.ingest.enrichment import Shelf, shelf_of
from personalization.last_known import DatabaseAwayError, LastKnown, answered, attempt
from personalization.markers.live_visit import LiveVisit, VisitContext
from personalization.memory.live import LiveMemory, live_memory
from personalization.models.visit import visitor_key
from personalization.present import NO_PAGE, Page, events_sent_along, page_event
from personalization.visits import live_visit, lived_events

DEFAULT_ENGINE: Final = "inductive"
ZONES_FRESH: Final = 0.5  # seconds after which a changed zone governs


class UnknownZoneError(LookupError):
    """The store has no such zone; `known` names those it has."""

    def __init__(self, zone: str, known: list[str]) -> None:
        super().__init__(f"zone “{zone}”: expected one of {known}")
        self.known = known


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a zone asks for one visitor.

    Attributes:
        limit: how many products, None for the zone's size.
        exclude: item ids not to be shown.
        item_ids: of a listing zone, the ids to put into order; no repeats.
        events: what the storefront remembers of the visit, for when the database is away.
    """

    store: Store
    zone: str
    kind: ZoneKind = ZoneKind.RECOMMENDATION
    session_id: str
    visitor_id: str = ""
    consent: bool = True
    page: Page = NO_PAGE
    limit: int | None = None
    exclude: tuple[str, ...] = ()
    engine: str = DEFAULT_ENGINE
    item_ids: tuple[str, ...] = ()
    events: tuple[Any, ...] = ()


@dataclass(slots=True)
class Clock:
    """Milliseconds by stage."""

    stages: dict[str, float] = field(default_factory=dict)
    started: float = field(default_factory=time.perf_counter)
    _lapped: float = field(default_factory=time.perf_counter)

    def lap(self, stage: str) -> None:
        """Everything since the last lap was this stage."""
        now = time.perf_counter()
        self.stages[stage] = self.stages.get(stage, 0.0) + (now - self._lapped) * 1000
        self._lapped = now

    def total(self) -> float:
        return (time.perf_counter() - self.started) * 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Everything an answer is made from.

    Attributes:
        listed: catalog positions of the asked ids that the catalog knows, in the order given.
        visit: with the page the visitor is on folded in.
        visit_id: None when nothing of the visit is stored yet.
        visitor_key: whose visit it is.
        bought: item ids bought in the visit, read for zones that leave them out.
        degraded: some of it is only what this process last knew.
    """

    asked: Asked
    zone: Zone
    facts: ProductFacts
    memory: LiveMemory
    listed: tuple[int, ...]
    visit: LiveVisit
    visit_id: int | None
    visitor_key: str
    bought: frozenset[str]
    now: datetime
    degraded: bool


def set_scene(*, asked: Asked, now: datetime, clock: Clock) -> Scene:
    """Read what the answer needs.

    Raises:
        UnknownZoneError: the store has no enabled zone of this name and kind.
        DatabaseAwayError: the database is away and this process never knew the store.
    """
    zone, zone_is_old = _zone(asked)
    clock.lap("zone")
    facts = answered(lambda: live_facts(store_id=asked.store.pk))
    clock.lap("facts")
    memory = answered(lambda: live_memory(store_id=asked.store.pk))
    clock.lap("memory")
    key = visitor_key(visitor_id=asked.visitor_id, session_id=asked.session_id, consent=asked.consent)
    shelf = shelf_of(facts, now=now)
    visit_id, visit, visit_is_missing = _visit(asked, key, memory, shelf, now)
    bought = _bought(visit_id, visit) if zone.exclude_bought else frozenset()
    listed = tuple(facts.positions[i] for i in asked.item_ids if i in facts.positions)
    here = page_event(page=asked.page, shelf=shelf, last=visit.last, now=now, shown=listed)
    if here is not None:
        visit.fold(here)
    clock.lap("visit")
    return Scene(
        asked=asked,
        zone=zone,
        facts=facts,
        memory=memory,
        listed=listed,
        visit=visit,
        visit_id=visit_id,
        visitor_key=key,
        bought=bought,
        now=now,
        degraded=zone_is_old or visit_is_missing or facts_are_stale(store_id=asked.store.pk),
    )


def _read_zones(store_id: int) -> dict[str, Zone]:
    return {zone.slug: zone for zone in Zone.objects.filter(store_id=store_id, enabled=True)}


_ZONES: Final = LastKnown(_read_zones, fresh_for=ZONES_FRESH)


def can_answer_alone() -> bool:
    """Whether this process knows enough of any store to answer while the database is away."""
    return len(_ZONES) > 0


def _zone(asked: Asked) -> tuple[Zone, bool]:
    zones, old = _ZONES.of(asked.store.pk)
    zone = zones.get(asked.zone)
    if zone is None or zone.kind != asked.kind:
        raise UnknownZoneError(asked.zone, sorted(z.slug for z in zones.values() if z.kind == asked.kind))
    return zone, old


def _visit(
    asked: Asked, key: str, memory: LiveMemory, shelf: Shelf, now: datetime
) -> tuple[int | None, LiveVisit, bool]:
    """The visit's id, the visit, and whether the database was away, so that it holds what was sent along alone."""
    try:
        stored, visit = attempt(
            lambda: live_visit(store=asked.store, visitor_key=key, now=now, landscape=memory.landscape)
        )
    except DatabaseAwayError:
        events = events_sent_along(store=asked.store, events=asked.events, shelf=shelf, now=now)
        return None, LiveVisit(context=_bare_context(asked), landscape=memory.landscape, events=events), True
    return (None if stored is None else stored.pk), visit, False


def _bare_context(asked: Asked) -> VisitContext:
    """What is known of a visit without the database."""
    store = asked.store
    return VisitContext(
        time_zone=store.zone_info,
        country=store.country,
        language=store.language,
        free_shipping_from=float(store.free_shipping_from or 0),
        consent=asked.consent,
    )


def _bought(visit_id: int | None, visit: LiveVisit) -> frozenset[str]:
    if visit_id is None or not visit.cart.purchases:
        return frozenset()
    try:
        events = attempt(lambda: lived_events(visit_ids=[visit_id]))[visit_id]
    except DatabaseAwayError:
        return frozenset()
    return frozenset(item.item_id for event in events if event.name == "purchase" for item in event.items)
