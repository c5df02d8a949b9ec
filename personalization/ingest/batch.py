"""A batch of events in, one verdict each out: validate ► enrich ► deduplicate ► store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from catalog.live_facts import live_facts
from catalog.merchant import Fault
from catalog.models import Store
from personalization.ingest.enrichment import Enriched, enrich, shelf_of
from personalization.ingest.storing import store as store_enriched
from personalization.ingest.validation import RefusedEventError, terms_of, validate

LONGEST_ECHO: Final = 100  # characters of a refused event's id that its verdict repeats


class Status(StrEnum):
    STORED = "stored"
    DUPLICATE = "duplicate"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one event; `event_id` is empty when the event had none that could be read."""

    event_id: str
    status: Status
    errors: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What became of a batch, in its order: stored + duplicates + rejected = sent."""

    stored: int
    duplicates: int
    rejected: int
    verdicts: tuple[Verdict, ...]


def ingest(*, store: Store, events: Sequence[Any], now: datetime) -> Verdicts:
    """Store what is valid and new of a batch; durable when this returns.

    Args:
        store: whose events they are.
        events: as sent, see `personalization.ingest` for their format.
        now: when the batch was received.
    """
    verdicts: list[Verdict | None] = [None] * len(events)
    accepted = _accept(events, verdicts, store=store, now=now)
    stored = store_enriched(accepted, store_id=store.pk, now=now) if accepted else set()
    for event in accepted:
        status = Status.STORED if event.number in stored else Status.DUPLICATE
        verdicts[event.number] = Verdict(event.event.event_id, status)
    reached = tuple(verdict for verdict in verdicts if verdict is not None)
    return Verdicts(
        stored=len(stored),
        duplicates=len(accepted) - len(stored),
        rejected=len(events) - len(accepted),
        verdicts=reached,
    )


def _accept(events: Sequence[Any], verdicts: list[Verdict | None], *, store: Store, now: datetime) -> list[Enriched]:
    """The valid events, enriched; the verdict on the others is final."""
    terms = terms_of(store, now=now)
    shelf = shelf_of(live_facts(store_id=store.pk), now=now)
    accepted = []
    for number, sent in enumerate(events):
        try:
            accepted.append(enrich(validate(sent, terms=terms), number=number, shelf=shelf))
        except RefusedEventError as refusal:
            faults = tuple(replace(f, pointer=f"/events/{number}{f.pointer}") for f in refusal.faults)
            verdicts[number] = Verdict(_echo(sent), Status.REJECTED, faults)
    return accepted


def _echo(sent: Any) -> str:
    event_id = sent.get("event_id") if isinstance(sent, dict) else None
    return event_id[:LONGEST_ECHO] if isinstance(event_id, str) else ""
