"""The life of generations: planned, switched to in one transaction, rolled back, retired."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime

from django.db import DatabaseError, connection, transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from catalog.models import Store
from personalization.markers.definition import MARKER_VERSION
from personalization.memory import arrays, partitions
from personalization.models import Generation, GenerationState

KEPT_FOR_ROLLBACK = 2  # retired generations whose situations stay, ready to return
MOST_ATTEMPTS = 5  # errors after which a rebuild is given up
_LOCK_SPACE = 0x6E65747570  # "netup": keeps our advisory locks apart from others'


class NotSwitchableError(ValueError):
    """The generation cannot go live; the message says why in the active language."""


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
        if under_way is not None and under_way.marker_version == MARKER_VERSION:
            return under_way
        if under_way is not None:  # begun by an earlier version of the program: its rows and ours would not agree
            fail(under_way, reason=f"begun with markers of version {under_way.marker_version}, now {MARKER_VERSION}")
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
            raise NotSwitchableError(
                _("Generation %(number)d is %(state)s; only a ready or a retired one can go live.")
                % {"number": generation.number, "state": generation.get_state_display()}
            )
        if generation.marker_version != MARKER_VERSION:
            raise NotSwitchableError(
                _("Generation %(number)d was built with another version of the markers; rebuild the memory instead.")
                % {"number": generation.number}
            )
        if not arrays.has(generation.pk, "scaling"):
            raise NotSwitchableError(
                _("The situations of generation %(number)d were dropped; rebuild the memory instead.")
                % {"number": generation.number}
            )
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
    raise NotSwitchableError(_("No earlier generation is left to return to."))


def retire_old(*, store: Store) -> list[Generation]:
    """Drop the situations of generations that nobody will return to; their rows and figures stay for the record."""
    kept = Generation.objects.of(store).kept()
    retired = kept.filter(state=GenerationState.RETIRED).order_by("-live_at")
    dropped = [*retired[KEPT_FOR_ROLLBACK:], *kept.filter(state=GenerationState.FAILED)]
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


@contextmanager
def on_record(generation: Generation) -> Iterator[None]:
    """Record errors with the generation; the one that makes it MOST_ATTEMPTS gives it up. They are raised on.

    What cannot be recorded, because the database is away, is no attempt.
    """
    try:
        yield
    except HeldElsewhereError:
        raise
    except Exception as error:
        reason = f"{generation.stage}: {type(error).__name__}: {error}"
        with suppress(DatabaseError):
            building = Generation.objects.building().filter(pk=generation.pk)
            building.update(attempts=F("attempts") + 1, error=reason[:2000])
            for given_up in building.filter(attempts__gte=MOST_ATTEMPTS):
                fail(given_up, reason=reason)
        raise


def drop_orphans() -> list[int]:
    """Drop the partitions of generations that went with their store; returns the ids."""
    orphans = set(partitions.generations_with_one()) - set(Generation.objects.values_list("pk", flat=True))
    for generation_id in sorted(orphans):
        partitions.drop(generation_id)
        arrays.forget(generation_id)
    return sorted(orphans)
