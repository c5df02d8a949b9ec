"""What past visits ask of the memory, to teach it and to judge it: instants of the last visits, and what followed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from personalization.markers.live_visit import LiveVisit, VisitContext
from personalization.markers.lived import LivedEvent
from personalization.memory import payload
from personalization.memory.live import LiveMemory
from personalization.memory.reading import relive
from personalization.memory.remembering import TELLING
from personalization.models import Visit
from personalization.situation import raw, vector
from personalization.trails import Trails

# Visits, the last ones by time, that the estimator learns from and is judged on: as many as their questions need,
# within shares that a young store can spare and a large one does not miss.
VISITS = {"teaching": 1200, "judging": 600}
SHARES = {"teaching": (0.03, 0.10), "judging": (0.03, 0.05)}
QUESTIONS = {"teaching": 2400, "judging": 1000}
SOUGHT = 1200  # more of visits in which something was carted: elsewhere they are few, and tell what is taken
INSTANTS = 20  # of a visit that may be asked about, at most: an endless one may not outweigh many


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of a past visit and what then happened."""

    visit: LiveVisit
    visitor_key: str
    situation: NDArray[np.float32]  # float32 (232,), scaled
    at: float
    following: int  # the product met next, −1 when none was
    viewed: frozenset[int]
    taken: frozenset[int]  # carted or bought
    bought: frozenset[int]
    drawn: bool  # evenly from all visits; False when sought out for what was carted in it


def slices(trails: Trails) -> tuple[float, float]:
    """The instants from which visits teach, and from which they judge."""
    taught, judged = (
        float(np.clip(VISITS[name] / max(len(trails), 1), *SHARES[name])) for name in ("teaching", "judging")
    )
    teach_from, judge_from = np.quantile(trails.ended, [1 - taught - judged, 1 - judged])
    return float(teach_from), float(judge_from)


def ask(
    memory: LiveMemory,
    then: LiveMemory,
    *,
    store_id: int,
    ended: tuple[float, float],
    most: int,
    rng: np.random.Generator,
    carting: bool = False,
) -> list[Asked]:
    """Instants of random visits that ended in [from, to), as evenly as visits live them: later ones are asked, too.

    `carting` seeks out visits that carted.
    """
    visits = rng.permutation(_between(memory, *ended, carting=carting))[:most]
    chosen = Visit.objects.filter(pk__in=visits.tolist(), store_id=store_id).select_related("store").order_by("pk")
    moments = [
        _Moment(visit.visitor_key, context, events, step)
        for visit, context, events in relive(list(chosen))
        for step in _instants(events, rng)
    ]
    kept = np.sort(rng.permutation(len(moments))[:most])
    return [_asked(moments[row], memory, then, drawn=not carting) for row in kept.tolist()]


def _between(memory: LiveMemory, start: float, stop: float, *, carting: bool) -> NDArray[np.int64]:
    """Ids of the visits that ended in [start, stop)."""
    trails = memory.trails
    if trails is None:
        return np.empty(0, np.int64)
    wanted = (trails.ended >= start) & (trails.ended < stop)
    if carting:
        rows = np.repeat(np.arange(len(trails)), np.diff(trails.offsets))
        wanted &= np.bincount(rows[trails.kinds >= payload.CART], minlength=len(trails)) > 0
    return trails.visits[wanted]


@dataclass(frozen=True, slots=True)
class _Moment:
    """A visit after one of its events."""

    visitor_key: str
    context: VisitContext
    events: list[LivedEvent]
    step: int


def _instants(events: list[LivedEvent], rng: np.random.Generator) -> list[int]:
    """Steps after whose event a visit may be asked about."""
    telling = [step for step, event in enumerate(events) if event.name in TELLING]
    return sorted(rng.permutation(telling)[:INSTANTS].tolist())


def _asked(moment: _Moment, memory: LiveMemory, then: LiveMemory, *, drawn: bool) -> Asked:
    """The question of a moment, and what the visit did later."""
    context, events, step = moment.context, moment.events, moment.step
    lived = events[: step + 1]
    later = [happening for event in events[step + 1 :] for happening in payload.happenings(event)]
    views = [happening.product for happening in later if happening.kind == payload.VIEW]
    taken = [happening.product for happening in later if happening.kind in (payload.CART, payload.PURCHASE)]
    return Asked(
        visit=LiveVisit(context=context, landscape=then.landscape, events=lived),
        visitor_key=moment.visitor_key,
        situation=_situation(LiveVisit(context=context, landscape=memory.landscape, events=lived), memory),
        at=events[step].at,
        # Receipts tell of no view: there what comes next is what is taken next.
        following=next(iter(views or taken), -1),
        viewed=frozenset(views),
        taken=frozenset(taken),
        bought=frozenset(h.product for h in later if h.kind == payload.PURCHASE),
        drawn=drawn,
    )


def _situation(visit: LiveVisit, memory: LiveMemory) -> NDArray[np.float32]:
    if memory.scaling is None:
        raise ValueError("memory.scaling: expected the fitted scaling, got None")
    return vector(raw(visit), memory.scaling)
