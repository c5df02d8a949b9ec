"""Held-out visits read from rows of events, lived against an evaluation store as its own visitors' next visits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from catalog.live_facts import live_facts
from catalog.models import Store
from personalization.evaluation.cuts import HeldOutVisit
from personalization.evaluation.replay import PAUSE, RejectedRowsError
from personalization.evaluation.retelling import Manner, retold
from personalization.evaluation.sessions import TrainingRow
from personalization.ingest.enrichment import Shelf, enrich
from personalization.ingest.validation import RefusedEventError, Terms, terms_of, validate
from personalization.markers.lived import LivedEvent
from personalization.visits import beginning_context


def visits_of(
    rows: Sequence[TrainingRow], *, store: Store, after: datetime, manner: Manner, now: datetime
) -> list[HeldOutVisit]:
    """The sessions of the rows as visits that come after the training, told as the training was.

    Rows without times, or of the training's own time, are moved to begin an hour after `after`.

    Raises:
        RejectedRowsError: the ingestion would refuse a row.
    """
    began = min(row.at for row in rows)
    moved = max(0.0, (after + PAUSE).timestamp() - began) if began <= after.timestamp() else 0.0
    told: dict[str, list[dict[str, Any]]] = defaultdict(list)
    visitors: dict[str, str] = {}
    for event in retold([replace(row, at=row.at + moved) for row in rows], manner=manner):
        told[event.row.session_id].append(event.event)
        visitors.setdefault(event.row.session_id, event.row.visitor_id)
    telling = Telling(store, now=now)
    return [
        telling.visit(session_id, events, visitor_key=f"v:{visitors[session_id]}")
        for session_id, events in told.items()
    ]


class Telling:
    """Events as sent, told against a store's catalog as visits of people who may be known to it."""

    def __init__(self, store: Store, *, now: datetime) -> None:
        self._store = store
        self._shelf = Shelf(live_facts(store_id=store.pk), now=now.timestamp())
        self._terms: Terms = terms_of(store, now=now)

    def visit(self, visit_id: str, events: Sequence[dict[str, Any]], *, visitor_key: str) -> HeldOutVisit:
        """The events as one visit; a key without a name, `v:`, is a visitor with consent whom nobody knows.

        Raises:
            RejectedRowsError: the ingestion would refuse one of them.
        """
        lived = sorted((self._lived(event) for event in events), key=lambda event: (event.at, event.event_id))
        begins = datetime.fromtimestamp(lived[0].at, UTC)
        context = beginning_context(store=self._store, visitor_key=visitor_key, now=begins)
        return HeldOutVisit(visit_id, "" if visitor_key == "v:" else visitor_key, context, tuple(lived))

    def _lived(self, event: dict[str, Any]) -> LivedEvent:
        try:
            return enrich(validate(event, terms=self._terms), number=0, shelf=self._shelf).event
        except RefusedEventError as refusal:
            raise RejectedRowsError(f"event {event.get('event_id')}: {refusal}") from refusal
