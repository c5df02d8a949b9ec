"""Comparisons: asked for, carried out one at a time in a copy of the store, kept; the live memory notices nothing.

The work is recorded in the database. Who carries one out holds a lock that falls with the process, and a lease that
ends soon after its last sign of progress: a comparison whose worker was killed is found, begun once more, and then
given up.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from time import monotonic
from typing import Final

import structlog
from django.contrib.auth.models import User
from django.db import DatabaseError, transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from catalog.models import Store
from personalization.engines import ENGINES
from personalization.evaluation import copying, replay
from personalization.evaluation.outcome_protocol import Examination, examine_store
from personalization.memory import generations
from personalization.memory.live import forget_held
from personalization.models import Comparison, ComparisonState, Visit
from personalization.models.visit import VisitQuerySet

NEEDED: Final = 300  # ended visits from which on there is something to judge
SINCE_LAST: Final = 500  # ended visits since the last comparison from which on the calendar asks for the next
JUDGED_SHARE: Final = 0.1  # of the visits, the newest
JUDGED_LEAST, JUDGED_MOST = 1000, 5000  # though never more than a third of them
REMEMBERED: Final = 50_000  # visits before those that the copy's memory knows at most, the newest
SAMPLE: Final = 2000  # visits asked about; after most moments nothing is bought
LISTED: Final = 20  # products a list holds
CUTS: Final = 2  # instants asked about a visit
KEPT: Final = 10  # comparisons a store keeps
LEASE: Final = timedelta(minutes=5)
MOST_ATTEMPTS: Final = 2
KILLED: Final = gettext_noop("The worker that carried it out was ended in the midst of it, twice.")
TOO_FEW: Final = gettext_noop("There were too few visits to remember some and to judge the others.")

_ALONE: Final = "comparison"  # one at a time in the whole installation: the machine serves visitors meanwhile
_SIGN_EVERY: Final = 1.0  # seconds between two signs of progress

log = structlog.get_logger(__name__)
Clock = Callable[[], datetime]


class TooFewVisitsError(ValueError):
    """The store has not lived enough to judge anything."""


def judgeable(store: Store, *, now: datetime) -> VisitQuerySet:
    """The visits that are remembered or judged."""
    return Visit.objects.of(store).memorable().ended(now=now)


def visits_there(store: Store, *, now: datetime) -> int:
    """How many of them there are; no further than NEEDED is counted."""
    return judgeable(store, now=now).order_by()[:NEEDED].count()


def ask(*, store: Store, now: datetime, by: User | None = None, sample: int = SAMPLE) -> Comparison:
    """Record that a comparison is wanted; the one that is under way, where one is.

    Raises:
        TooFewVisitsError: there are not NEEDED visits.
    """
    if (there := visits_there(store, now=now)) < NEEDED:
        raise TooFewVisitsError(f"store {store.slug}: {there} ended visits, expected at least {NEEDED}")
    with transaction.atomic():
        Store.objects.select_for_update(no_key=True).get(pk=store.pk)
        under_way = Comparison.objects.of(store).under_way().first()
        if under_way is not None:
            return under_way
        settings = {"k": LISTED, "cuts": CUTS, "sample": sample, "seed": 0, "remembered": REMEMBERED}
        return Comparison.objects.create(store=store, asked_by=by, asked_at=now, settings=settings)


def ask_where_due(*, now: datetime) -> list[Comparison]:
    """Ask for one in each store that has lived SINCE_LAST visits since its last one, or NEEDED without any."""
    return [ask(store=store, now=now) for store in Store.objects.lasting() if _is_due(store, now=now)]


def carry_out_next(*, clock: Clock = timezone.now) -> Comparison | None:
    """Carry out the comparison that was asked for first; None when there is none to carry out.

    Raises:
        generations.HeldElsewhereError: another process is carrying one out.
    """
    with generations.exclusively(_ALONE, 0):
        comparison = _claim(now=clock())
        if comparison is None:
            return None
        log.info("comparison_begun", store=comparison.store_id, attempt=comparison.attempts)
        try:
            figures = _examined(comparison, clock=clock)
        except copying.NothingToSplitError:
            _fail(comparison, reason=TOO_FEW, now=clock())
        except Exception as error:
            _let_go(comparison, reason=f"{type(error).__name__}: {error}", now=clock())
            raise
        else:
            comparison.figures = figures
            _finish(comparison, now=clock())
        finally:
            forget_held()  # what this worker mapped of the copy's memory
        return comparison


def sweep(*, clock: Clock = timezone.now) -> bool:
    """Remove what killed evaluations left behind; whether a comparison is there to be carried out."""
    replay.remove_abandoned()
    return Comparison.objects.claimable(now=clock()).exists()


def split(store: Store, *, now: datetime) -> datetime:
    """From when on visits are judged: the newest tenth of them, within bounds.

    Raises:
        copying.NothingToSplitError: there are not even three.
    """
    visits = judgeable(store, now=now)
    there = visits.count()
    judged = min(max(int(there * JUDGED_SHARE), min(JUDGED_LEAST, there // 3)), JUDGED_MOST)
    if not judged:
        raise copying.NothingToSplitError(f"store {store.slug}: {there} ended visits")
    return visits.order_by("-last_event_at")[judged - 1].started_at


def _is_due(store: Store, *, now: datetime) -> bool:
    last = Comparison.objects.of(store).exclude(state=ComparisonState.FAILED).order_by("-asked_at").first()
    if last is None:
        return visits_there(store, now=now) >= NEEDED
    since = judgeable(store, now=now).filter(last_event_at__gt=last.asked_at)
    return since.order_by()[:SINCE_LAST].count() >= SINCE_LAST


def _claim(*, now: datetime) -> Comparison | None:
    """Take the next one under lease; those begun too often are given up on the way."""
    while True:
        with transaction.atomic():
            claimable = Comparison.objects.claimable(now=now).select_related("store")
            comparison = claimable.select_for_update(skip_locked=True, of=("self",)).first()
            if comparison is None:
                return None
            if comparison.attempts < MOST_ATTEMPTS:
                comparison.state, comparison.leased_until = ComparisonState.RUNNING, now + LEASE
                comparison.attempts += 1
                comparison.stage, comparison.done, comparison.total, comparison.error = "", 0, 0, ""
                comparison.save()
                return comparison
        _fail(comparison, reason=KILLED, now=now)


def _examined(comparison: Comparison, *, clock: Clock) -> dict[str, object]:
    now = clock()
    comparison.since = split(comparison.store, now=now)
    asked = comparison.settings
    examination = Examination(
        engines=list(ENGINES.values()),
        k=asked["k"],
        a_visit=asked["cuts"],
        sample=asked["sample"],
        seed=asked["seed"],
        remembered=asked["remembered"],
        workers=1,
    )
    return examine_store(
        source=comparison.store,
        since=comparison.since,
        examination=examination,
        now=now,
        progress=_Signs(comparison, clock),
    )


class _Signs:
    """Tells the comparison's row how far it has come, and holds the lease on, about once a second."""

    def __init__(self, comparison: Comparison, clock: Clock) -> None:
        self._comparison, self._clock = comparison, clock
        self._stage, self._last = "", 0.0

    def __call__(self, stage: str, done: int, total: int) -> None:
        if stage == self._stage and monotonic() - self._last < _SIGN_EVERY:
            return
        self._stage, self._last = stage, monotonic()
        Comparison.objects.filter(pk=self._comparison.pk, state=ComparisonState.RUNNING).update(
            stage=stage, done=done, total=total, leased_until=self._clock() + LEASE
        )


def _finish(comparison: Comparison, *, now: datetime) -> None:
    """Keep the figures, and of earlier comparisons the newest."""
    comparison.state, comparison.finished_at, comparison.leased_until = ComparisonState.DONE, now, None
    comparison.stage, comparison.error = "", ""
    with transaction.atomic():
        comparison.save(update_fields=["state", "finished_at", "leased_until", "stage", "error", "since", "figures"])
        _forget_old(comparison.store)
    log.info("comparison_done", store=comparison.store_id)


def _fail(comparison: Comparison, *, reason: str, now: datetime) -> None:
    comparison.state, comparison.finished_at, comparison.leased_until = ComparisonState.FAILED, now, None
    comparison.error = reason[:2000]
    comparison.save(update_fields=["state", "finished_at", "leased_until", "error"])
    _forget_old(comparison.store)
    log.warning("comparison_failed", store=comparison.store_id, reason=reason)


def _let_go(comparison: Comparison, *, reason: str, now: datetime) -> None:
    """After an error: begun once more, or given up with this reason; with the database away the lease will run out."""
    with suppress(DatabaseError):
        if comparison.attempts >= MOST_ATTEMPTS:
            _fail(comparison, reason=reason, now=now)
            return
        begun = Comparison.objects.filter(pk=comparison.pk)
        begun.update(state=ComparisonState.WAITING, leased_until=None, error=reason[:2000])


def _forget_old(store: Store) -> None:
    ended = Comparison.objects.of(store).exclude(pk__in=Comparison.objects.under_way().values("pk"))
    old = ended.order_by("-asked_at", "-pk").values_list("pk", flat=True)[KEPT:]
    Comparison.objects.filter(pk__in=list(old)).delete()
