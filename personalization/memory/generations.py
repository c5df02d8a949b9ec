"""The life of generations: planned, switched to in one transaction, rolled back, retired."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Max

from catalog.models import Store
from personalization.markers.definition import MARKER_VERSION
from personalization.memory import arrays, partitions
from personalization.models import Generation, GenerationState

KEPT_FOR_ROLLBACK = 2  # retired generations whose situations stay, ready to return
_LOCK_SPACE = 0x6E65747570  # "netup": keeps our advisory locks apart from others'


class NotSwitchableError(ValueError):
    """The generation cannot go live."""


class HeldElsewhereError(RuntimeError):
    """Another process is at work on this."""


@contextmanager
def exclusively(purpose: str, key: int) -> Iterator[None]:
    """Hold an advisory lock on (purpose, key); it falls with the process, however that ends.

    Raises:
        HeldElsewhereError: somebody holds it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT hashtextextended(%s, %s)", [f"{purpose}:{key}", _LOCK_SPACE])
        lock = cursor.fetchone()[0]
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [lock])
        if not cursor.fetchone()[0]:
            raise HeldElsewhereError(f"{purpose} {key}: another process is at work on it")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [lock])


def begin(*, store: Store, now: datetime) -> Generation:
    """The generation being built for the store, planned now unless one is under way."""
    with transaction.atomic():
        Store.objects.select_for_update(no_key=True).get(pk=store.pk)
        under_way = Generation.objects.of(store).building().first()
        if under_way is not None:
            return under_way
        newest = Generation.objects.of(store).aggregate(newest=Max("number"))["newest"] or 0
        return Generation.objects.create(
            store=store, number=newest + 1, marker_version=MARKER_VERSION, until=now, stage="planned"
        )


def switch(generation: Generation, *, now: datetime) -> None:
    """Make a ready or retired generation the live one; the one that was live is retired in the same transaction.

    Raises:
        NotSwitchableError: it is neither ready nor retired, its situations are gone, or its markers are of another
            version.
    """
    with transaction.atomic():
        Store.objects.select_for_update(no_key=True).get(pk=generation.store_id)
        generation.refresh_from_db()
        if generation.state == GenerationState.LIVE:
            return
        if generation.state not in {GenerationState.READY, GenerationState.RETIRED}:
            raise NotSwitchableError(f"generation {generation.number} is {generation.state}: expected ready or retired")
        if generation.marker_version != MARKER_VERSION:
            raise NotSwitchableError(
                f"generation {generation.number} has markers of version {generation.marker_version}:"
                f" expected {MARKER_VERSION}"
            )
        if not arrays.has(generation.pk, "scaling"):
            raise NotSwitchableError(f"generation {generation.number}: its situations were dropped, rebuild instead")
        Generation.objects.filter(store_id=generation.store_id).live().update(state=GenerationState.RETIRED)
        generation.state, generation.live_at = GenerationState.LIVE, now
        generation.save(update_fields=["state", "live_at"])


def roll_back(*, store: Store, now: datetime) -> Generation:
    """Return to the generation that was live before.

    Raises:
        NotSwitchableError: there is none to return to.
    """
    retired = Generation.objects.of(store).filter(state=GenerationState.RETIRED, marker_version=MARKER_VERSION)
    for generation in retired.order_by("-live_at"):
        if arrays.has(generation.pk, "scaling"):
            switch(generation, now=now)
            return generation
    raise NotSwitchableError("no earlier generation is left to return to")


def retire_old(*, store: Store) -> list[Generation]:
    """Drop the situations of generations that nobody will return to; their rows and figures stay for the record."""
    retired = Generation.objects.of(store).filter(state=GenerationState.RETIRED).order_by("-live_at")
    failed = Generation.objects.of(store).filter(state=GenerationState.FAILED)
    dropped = [*retired[KEPT_FOR_ROLLBACK:], *failed]
    for generation in dropped:
        partitions.drop(generation.pk)
        arrays.forget(generation.pk)
    return dropped


def fail(generation: Generation, *, reason: str) -> None:
    """Give up a generation; the live one is untouched."""
    generation.state, generation.error = GenerationState.FAILED, reason[:2000]
    generation.save(update_fields=["state", "error"])
    partitions.drop(generation.pk)
    arrays.forget(generation.pk)
