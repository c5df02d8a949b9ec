"""From enriched events to stored visits: one transaction a batch, whatever else arrives at the same time.

Writers of one visitor, and purchases under one transaction id, take turns by advisory locks, taken in
ascending order before anything is read. Events are inserted in the order of their ids, so that two batches
with the same events wait for each other in the same order. What a batch found free may still be taken under
another visitor's lock before it is inserted: then the transaction starts over, and meets it as a duplicate.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final
from zlib import crc32

import orjson
from django.db import OperationalError, transaction
from psycopg.errors import DeadlockDetected

from personalization.history import Beginning, histories
from personalization.ingest.enrichment import Enriched
from personalization.ingest.gathering import Gathering, Run, first_said, gather
from personalization.markers.arrival import channel_of
from personalization.markers.lived import in_order, pack
from personalization.models.visit import VISIT_GAP
from personalization.round_trip import execute, rows

ATTEMPTS: Final = 10
# Locks are shared by all whose names fall together: a batch of any size then fits PostgreSQL's lock table.
LOCKS: Final = 1024
LOCK_CLASS: Final = 0x76 << 56  # keeps these advisory locks apart from any other

_LOCK: Final = """
SELECT set_config('synchronous_commit', 'on', true), count(pg_advisory_xact_lock(lock))
FROM unnest(%b::bigint[]) AS lock
"""
_KNOWN_EVENTS: Final = """
SELECT event_id FROM personalization_event WHERE store_id = %b AND event_id = ANY(%b)
"""
_KNOWN_PURCHASES: Final = """
SELECT transaction_id FROM personalization_event
WHERE store_id = %b AND name = 'purchase' AND transaction_id = ANY(%b)
"""
_TOUCHED: Final = """
SELECT visit.id, visit.visitor_key, visit.session_id, visit.consent, visit.excluded, visit.started_at,
       visit.last_event_at, visit.event_count, visit.purchased_at, visit.revenue, visit.device, visit.channel,
       visit.changed_at
FROM unnest(%b::text[], %b::timestamptz[], %b::timestamptz[]) AS near(visitor_key, earliest, latest)
JOIN personalization_visit AS visit
  ON visit.store_id = %b AND visit.visitor_key = near.visitor_key
 AND visit.last_event_at >= near.earliest AND visit.started_at <= near.latest
ORDER BY visit.id
FOR NO KEY UPDATE OF visit
"""
_RUN_TYPES: Final = {
    "visitor_key": "text",
    "session_id": "text",
    "consent": "boolean",
    "excluded": "boolean",
    "started_at": "timestamptz",
    "last_event_at": "timestamptz",
    "event_count": "integer",
    "purchased_at": "timestamptz",
    "revenue": "numeric",
    "device": "text",
    "channel": "text",
    "changed_at": "timestamptz",
}
_RUN_COLUMNS: Final = ", ".join(_RUN_TYPES)
_RUN_ARRAYS: Final = ", ".join(f"%b::{kind}[]" for kind in _RUN_TYPES.values())
# Nothing but names of columns of this module is put into these two statements.
_BEGIN: Final = f"""
INSERT INTO personalization_visit (store_id, history, {_RUN_COLUMNS})
SELECT %b, '{{}}'::jsonb, * FROM unnest({_RUN_ARRAYS})
RETURNING id, visitor_key, started_at
"""  # noqa: S608 # nosec B608
_LENGTHEN: Final = f"""
UPDATE personalization_visit AS visit
SET {", ".join(f"{name} = new.{name}" for name in _RUN_TYPES)}
FROM unnest(%b::bigint[], {_RUN_ARRAYS}) AS new(id, {_RUN_COLUMNS})
WHERE visit.id = new.id
"""  # noqa: S608 # nosec B608
_BRIDGE: Final = (
    # Whoever is writing a decision about one of them finishes first.
    "SELECT id FROM personalization_visit WHERE id = ANY(%(bridged)b) ORDER BY id FOR UPDATE",
    """
    UPDATE personalization_event SET visit_id = kept.id
    FROM unnest(%(bridged)b::bigint[], %(kept)b::bigint[]) AS kept(bridged, id) WHERE visit_id = kept.bridged
    """,
    """
    UPDATE personalization_decision SET visit_id = kept.id
    FROM unnest(%(bridged)b::bigint[], %(kept)b::bigint[]) AS kept(bridged, id) WHERE visit_id = kept.bridged
    """,
    "DELETE FROM personalization_visit WHERE id = ANY(%(bridged)b)",
)
_INSERT: Final = """
INSERT INTO personalization_event
    (store_id, received_at, visit_id, event_id, name, timestamp, transaction_id, recommendation_id, lived)
SELECT %b, %b, * FROM unnest(
    %b::bigint[], %b::text[], %b::text[], %b::timestamptz[], %b::text[], %b::uuid[], %b::bytea[]
) AS new(visit_id, event_id, name, timestamp, transaction_id, recommendation_id, lived)
ORDER BY new.event_id
ON CONFLICT DO NOTHING
"""
_ARRIVALS: Final = """
SELECT visit_id, lived FROM personalization_event WHERE visit_id = ANY(%b)
"""
_CORRECT_ARRIVAL: Final = """
UPDATE personalization_visit AS visit SET device = arrival.device, channel = arrival.channel
FROM unnest(%b::bigint[], %b::text[], %b::text[]) AS arrival(id, device, channel) WHERE visit.id = arrival.id
"""
_LOOK_BACK: Final = """
UPDATE personalization_visit AS visit SET history = past.history::jsonb
FROM unnest(%b::bigint[], %b::text[]) AS past(id, history) WHERE visit.id = past.id
"""


class OvertakenError(Exception):
    """Another batch stored one of these events between our look and our insertion."""


def store(events: Sequence[Enriched], *, store_id: int, now: datetime) -> set[int]:
    """Store what is new, durably; the numbers of the events that were. The others are duplicates."""
    for attempt in range(ATTEMPTS):
        try:
            with transaction.atomic(durable=True):
                return _store_once(events, store_id=store_id, now=now)
        except OvertakenError:
            continue
        except OperationalError as error:
            if not isinstance(error.__cause__, DeadlockDetected) or attempt == ATTEMPTS - 1:
                raise
    raise OperationalError(f"{ATTEMPTS} attempts to store a batch were overtaken by others with its events")


def _store_once(events: Sequence[Enriched], *, store_id: int, now: datetime) -> set[int]:
    _take_turns(events, store_id=store_id)
    new = _new(events, store_id=store_id)
    if new:
        gatherings = gather(events=new, visits=_touched(new, store_id=store_id))
        _bridge(gatherings)
        visit_ids, begun = _write_visits(gatherings, store_id=store_id, now=now)
        _insert(gatherings, visit_ids, store_id=store_id, now=now)
        _correct_arrivals([i for i, g in zip(visit_ids, gatherings, strict=True) if not g.is_in_order])
        _look_back(begun, store_id=store_id)
    return {event.number for event in new}


def _take_turns(events: Iterable[Enriched], *, store_id: int) -> None:
    names = {f"{store_id}/{event.visitor_key}" for event in events}
    names |= {f"{store_id}/t:{event.event.transaction_id}" for event in events if _is_purchase(event)}
    locks = sorted({LOCK_CLASS | crc32(name.encode()) % LOCKS for name in names})
    execute(_LOCK, [locks])


def _is_purchase(event: Enriched) -> bool:
    return event.event.name == "purchase"


def _new(events: Sequence[Enriched], *, store_id: int) -> list[Enriched]:
    """Events whose id, and purchases whose transaction, neither the store nor the batch before them holds."""
    ids = {row[0] for row in rows(_KNOWN_EVENTS, [store_id, [event.event.event_id for event in events]])}
    claimed = [event.event.transaction_id for event in events if _is_purchase(event)]
    paid = {row[0] for row in rows(_KNOWN_PURCHASES, [store_id, claimed])} if claimed else set()
    new = []
    for event in events:
        if event.event.event_id in ids or (_is_purchase(event) and event.event.transaction_id in paid):
            continue
        ids.add(event.event.event_id)
        if _is_purchase(event):
            paid.add(event.event.transaction_id)
        new.append(event)
    return new


def _touched(events: Iterable[Enriched], *, store_id: int) -> list[Run]:
    """Every stored visit within `VISIT_GAP` of the events, held until the end of the transaction."""
    spans: dict[str, tuple[datetime, datetime]] = {}
    for event in events:
        first, last = spans.get(event.visitor_key, (event.timestamp, event.timestamp))
        spans[event.visitor_key] = (min(first, event.timestamp), max(last, event.timestamp))
    earliest = [first - VISIT_GAP for first, _last in spans.values()]
    latest = [last + VISIT_GAP for _first, last in spans.values()]
    return [Run(*row) for row in rows(_TOUCHED, [list(spans), earliest, latest, store_id])]


def _bridge(gatherings: Iterable[Gathering]) -> None:
    """Events and decisions of visits that were one all along move to the earliest of them."""
    pairs = [(bridged, g.visits[0].id) for g in gatherings for bridged in g.bridged]
    if pairs:
        bridged, kept = (list(ids) for ids in zip(*pairs, strict=True))
        for statement in _BRIDGE:
            execute(statement, {"bridged": bridged, "kept": kept})


def _write_visits(
    gatherings: Sequence[Gathering], *, store_id: int, now: datetime
) -> tuple[list[int], dict[Beginning, int]]:
    """The visit id of each gathering, and the visits that began, by their beginnings."""
    runs = [gathering.merged(now=now) for gathering in gatherings]
    begun: dict[Beginning, int] = {}
    if beginning := [run for run in runs if run.id is None]:
        for visit_id, key, started_at in rows(_BEGIN, [store_id, *_columns(beginning)]):
            begun[Beginning(key, started_at)] = visit_id
    if lasting := [run for run in runs if run.id is not None]:
        execute(_LENGTHEN, [[run.id for run in lasting], *_columns(lasting)])
    ids = [run.id or begun[Beginning(run.visitor_key, run.started_at)] for run in runs]
    return ids, begun


def _columns(runs: Sequence[Run]) -> list[list[Any]]:
    return [[getattr(run, name) for run in runs] for name in _RUN_TYPES]


def _insert(gatherings: Iterable[Gathering], visit_ids: Iterable[int], *, store_id: int, now: datetime) -> None:
    pairs = zip(visit_ids, gatherings, strict=True)
    placed = [(visit_id, event) for visit_id, gathering in pairs for event in gathering.events]
    lived = [event.event for _visit_id, event in placed]
    inserted = execute(
        _INSERT,
        [
            store_id,
            now,
            [visit_id for visit_id, _event in placed],
            [event.event_id for event in lived],
            [event.name for event in lived],
            [event.timestamp for _visit_id, event in placed],
            [event.transaction_id or None for event in lived],
            [event.recommendation_id for _visit_id, event in placed],
            [pack(event) for event in lived],
        ],
    )
    if inserted < len(placed):
        raise OvertakenError


def _correct_arrivals(visit_ids: Sequence[int]) -> None:
    """Read device and channel anew from visits whose beginning may have changed."""
    if not visit_ids:
        return
    packed: dict[int, list[bytes]] = defaultdict(list)
    for visit_id, lived in rows(_ARRIVALS, [visit_ids]):
        packed[visit_id].append(lived)
    visits = [in_order(packed[visit_id]) for visit_id in visit_ids]
    devices = [first_said(event.device for event in events) for events in visits]
    channels = [channel_of(events[0]) for events in visits]
    execute(_CORRECT_ARRIVAL, [visit_ids, devices, channels])


def _look_back(begun: dict[Beginning, int], *, store_id: int) -> None:
    """Give the visits that began what was known of their visitors, once and for all."""
    past = histories(store_id=store_id, beginnings=list(begun))
    if past:
        ids = [begun[beginning] for beginning in past]
        execute(_LOOK_BACK, [ids, [orjson.dumps(history.to_json()).decode() for history in past.values()]])
