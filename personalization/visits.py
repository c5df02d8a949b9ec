"""Reading visits back: stored events folded into the visit that markers read, live, rebuilt, in the admin."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef

from catalog.models import Store
from personalization.history import Beginning, histories
from personalization.markers.live_visit import Landscape, LiveVisit, VisitContext
from personalization.markers.lived import History, LivedEvent, in_order
from personalization.models import Event, Visit


def live_visit(
    *, store: Store, visitor_key: str, now: datetime, landscape: Landscape
) -> tuple[Visit | None, LiveVisit]:
    """The visit that the visitor is in at `now`, read in one query; a new, empty one when there is none."""
    lived = ArraySubquery(Event.objects.filter(visit=OuterRef("pk")).values("lived"))
    visits = Visit.objects.live_for(store_id=store.pk, visitor_key=visitor_key, now=now)
    visit: Any = visits.annotate(packed=lived).order_by("-last_event_at").first()
    if visit is None:
        context = beginning_context(store=store, visitor_key=visitor_key, now=now)
        return None, LiveVisit(context=context, landscape=landscape)
    return visit, LiveVisit(
        context=context_of(store=store, visit=visit), landscape=landscape, events=in_order(visit.packed)
    )


def relive(*, store: Store, visit: Visit, landscape: Landscape) -> LiveVisit:
    """A stored visit, up to its last event."""
    events = lived_events(visit_ids=[visit.pk])[visit.pk]
    return LiveVisit(context=context_of(store=store, visit=visit), landscape=landscape, events=events)


def lived_events(*, visit_ids: Sequence[int]) -> dict[int, list[LivedEvent]]:
    """The events of each visit, as they were lived, read in one query."""
    packed: dict[int, list[bytes | memoryview]] = defaultdict(list)
    for visit_id, lived in Event.objects.filter(visit__in=visit_ids).values_list("visit_id", "lived"):
        packed[visit_id].append(lived)
    return {visit_id: in_order(packed[visit_id]) for visit_id in visit_ids}


def context_of(*, store: Store, visit: Visit) -> VisitContext:
    """What holds for the whole of a stored visit."""
    return _context(store, consent=visit.consent, history=History.from_json(visit.history))


def beginning_context(*, store: Store, visitor_key: str, now: datetime) -> VisitContext:
    """What will hold for a visit of which nothing has been received yet."""
    beginning = Beginning(visitor_key, now)
    history = histories(store_id=store.pk, beginnings=[beginning]).get(beginning, History())
    return _context(store, consent=beginning.may_look_back, history=history)


def _context(store: Store, *, consent: bool, history: History) -> VisitContext:
    return VisitContext(
        time_zone=store.zone_info,
        country=store.country,
        language=store.language,
        free_shipping_from=float(store.free_shipping_from or 0),
        consent=consent,
        history=history if consent else History(),
    )
