"""Reading visits back: stored events folded into the visit that markers read, live, rebuilt, in the admin."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db import DEFAULT_DB_ALIAS

from catalog.models import Store
from personalization.history import Beginning, histories
from personalization.markers.live_visit import Landscape, LiveVisit, VisitContext
from personalization.markers.lived import History, LivedEvent, in_order
from personalization.models import Event, Visit
from personalization.models.visit import VISIT_GAP
from personalization.round_trip import rows

_COLUMNS: Final = [field.attname for field in Visit._meta.concrete_fields]  # noqa: SLF001 - Django documents it
# Every answer asks this first; through the ORM it would take twice as long. Only names of columns are put in.
_LIVE: Final = f"""
SELECT {", ".join(_COLUMNS)},
       ARRAY(SELECT lived FROM personalization_event WHERE visit_id = visit.id) AS packed
FROM personalization_visit AS visit
WHERE store_id = %b AND visitor_key = %b AND last_event_at >= %b AND started_at <= %b
ORDER BY last_event_at DESC LIMIT 1
"""  # noqa: S608 # nosec B608


def live_visit(
    *, store: Store, visitor_key: str, now: datetime, landscape: Landscape
) -> tuple[Visit | None, LiveVisit]:
    """The visit that the visitor is in at `now`, read in one query; a new, empty one when there is none."""
    found = rows(_LIVE, [store.pk, visitor_key, now - VISIT_GAP, now + VISIT_GAP], planned_once=True)
    if not found:
        context = beginning_context(store=store, visitor_key=visitor_key, now=now)
        return None, LiveVisit(context=context, landscape=landscape)
    *columns, packed = found[0]
    visit = Visit.from_db(DEFAULT_DB_ALIAS, _COLUMNS, columns)
    context = context_of(store=store, visit=visit)
    return visit, LiveVisit(context=context, landscape=landscape, events=in_order(packed))


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
