"""What may not be kept: visitors who ask to be forgotten, visits without consent, what outlived its retention.

Visits go with their events and decisions, and out of every generation of the memory that holds them; with a visitor's
last visit go the answers counted for campaigns' budgets.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from catalog.models import Store
from personalization.memory import forgetting
from personalization.models import Decision, Event, Visit, VisitorExposure
from personalization.models.visit import VISIT_GAP, VisitQuerySet, visitor_key

AT_ONCE: Final = 2000  # visits deleted in one transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """What went, and the numbers of the generations that held something of it."""

    visits: int = 0
    events: int = 0
    decisions: int = 0
    generations: tuple[int, ...] = ()

    def __add__(self, other: Erased) -> Erased:
        return Erased(
            visits=self.visits + other.visits,
            events=self.events + other.events,
            decisions=self.decisions + other.decisions,
            generations=tuple(sorted({*self.generations, *other.generations})),
        )


def erase_visitor(*, store: Store, visitor_id: str) -> Erased:
    """Erase all that is kept of a visitor: visits, events, decisions, situations, trails, what campaigns counted."""
    key = visitor_key(visitor_id=visitor_id, session_id="", consent=True)
    erased = _erase(Visit.objects.of(store).filter(visitor_key=key), store_id=store.pk, wait=True)
    erased += Erased(decisions=_erase_unvisited(store_id=store.pk, visitor_keys=[key]))
    VisitorExposure.objects.of(store).filter(visitor_key=key).delete()
    return erased


def forget_visits_without_consent(*, now: datetime) -> int:
    """Erase every ended visit without consent; how many there were.

    A visit that is just receiving a late event is left for the next time.
    """
    stores = Visit.objects.forgettable(now=now).order_by().values_list("store_id", flat=True).distinct()
    forgotten = sum(
        _erase(Visit.objects.forgettable(now=now).filter(store_id=store_id), store_id=store_id).visits
        for store_id in list(stores)
    )
    VisitorExposure.objects.nameless(begun_before=now - VISIT_GAP).unvisited().delete()
    return forgotten


def forget_outdated(*, now: datetime) -> int:
    """Erase every visit that ended longer ago than its store keeps events; how many there were."""
    forgotten = 0
    for store in Store.objects.all():
        until = now - timedelta(days=store.retention_days)
        forgotten += _erase(Visit.objects.of(store).filter(last_event_at__lt=until), store_id=store.pk).visits
        Decision.objects.of(store).unvisited().filter(decided_at__lt=until).delete()
        counted = VisitorExposure.objects.of(store)
        counted.filter(began_at__lt=until).unvisited().delete()
        counted.of_campaigns_over(now=now).delete()
    return forgotten


def _erase(visits: VisitQuerySet, *, store_id: int, wait: bool = False) -> Erased:
    """All of the visits, batch by batch; those just being written to are left out, unless `wait`."""
    erased = Erased()
    while (some := _erase_some(visits, store_id=store_id, wait=wait)).visits:
        erased += some
    return erased


@transaction.atomic
def _erase_some(visits: VisitQuerySet, *, store_id: int, wait: bool) -> Erased:
    """One batch, out of the memory and out of the tables at once: appending finds either all of a visit or nothing."""
    generations = forgetting.hold(store_id=store_id)
    held = visits.select_for_update(skip_locked=not wait).order_by("pk")
    some = list(held.values_list("pk", "visitor_key", "consent")[:AT_ONCE])
    ids = [pk for pk, _key, _consent in some]
    touched = [generation.number for generation in generations if ids and forgetting.forget(generation, visit_ids=ids)]
    _, deleted = Visit.objects.filter(pk__in=ids).delete()
    keys = {key for _pk, key, _consent in some}
    VisitorExposure.objects.filter(store_id=store_id, visitor_key__in=keys).unvisited().delete()
    refused = [key for _pk, key, consent in some if not consent]  # though some answers were given before
    unvisited = _erase_unvisited(store_id=store_id, visitor_keys=refused)
    return Erased(
        visits=deleted.get(Visit._meta.label, 0),  # noqa: SLF001 — Django's documented name of it
        events=deleted.get(Event._meta.label, 0),  # noqa: SLF001
        decisions=deleted.get(Decision._meta.label, 0) + unvisited,  # noqa: SLF001
        generations=tuple(touched),
    )


def _erase_unvisited(*, store_id: int, visitor_keys: list[str]) -> int:
    """Answers given to these visitors before anything of the visit was stored; how many there were."""
    decisions = Decision.objects.unvisited().filter(store_id=store_id, visitor_key__in=visitor_keys)
    return decisions.delete()[0] if visitor_keys else 0
