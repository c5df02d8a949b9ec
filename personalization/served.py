"""What was served: recent decisions, each with the visit as it then stood and with what came of every product in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from catalog.models import Store
from objectives.models import Zone, ZoneKind
from personalization.markers.lived import LivedEvent
from personalization.memory.live import LiveMemory
from personalization.memory.payload import CART, KINDS, PURCHASE, VIEW
from personalization.memory.reading import relive
from personalization.models import Decision, Visit
from personalization.models.visit import VISIT_GAP
from personalization.moments import Moment, stood

VISITS: Final = 400
LOOKED_AT: Final = 20_000  # of a store's newest decisions, so that a zone which is hardly ever asked costs no more


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What happened later in the visit to each product served.

    Attributes:
        viewed, carted, bought: bool (k,).
        revenue: float64 (k,), money paid for it.
        margin: float64 (k,), of that beyond its cost; 0 where the cost was not known.
    """

    viewed: NDArray[np.bool_]
    carted: NDArray[np.bool_]
    bought: NDArray[np.bool_]
    revenue: NDArray[np.float64]
    margin: NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """One decision, as far down as its log tells how likely each place was.

    Attributes:
        moment: the visit at that instant, asking for as many products.
        products: int32 (k,) catalog positions, in the order served.
        marginals: float64 (k,), see `objectives.exploring.marginals`.
    """

    decision_id: UUID
    decided_at: datetime
    moment: Moment
    products: NDArray[np.int32]
    marginals: NDArray[np.float64]
    outcome: Outcome


def recently_served(
    *, store: Store, zone: Zone, memory: LiveMemory, now: datetime, most: int = VISITS
) -> Iterator[Served]:
    """What a zone showed in the newest visits that have ended, one decision of each, drawn evenly, always the same."""
    drawn = _drawn(store, zone, now=now, most=most)
    columns = ("pk", "visit_id", "decided_at", "products", "marginals")
    logged = Decision.objects.of(store).filter(pk__in=drawn).order_by("-decided_at").values_list(*columns)
    rows = {visit_id: (pk, *logs) for pk, visit_id, *logs in logged}
    visits = Visit.objects.of(store).select_related("store").in_bulk(list(rows))
    for visit, context, events in relive([visits[visit_id] for visit_id in rows if visit_id in visits]):
        decision_id, decided_at, products, marginals = rows[visit.pk]
        instant, places = decided_at.timestamp(), len(marginals)
        lived, markers = stood(context, [event for event in events if event.at <= instant], memory)
        yield Served(
            decision_id=decision_id,
            decided_at=decided_at,
            moment=Moment(
                visit_id=visit.pk,
                visit=lived,
                markers=markers,
                visitor_key=visit.visitor_key,
                at=decided_at,
                size=len(products),
                listed=tuple(products) if zone.kind == ZoneKind.LISTING else (),
            ),
            products=np.array(products[:places], np.int32),
            marginals=np.array(marginals),
            outcome=outcome_of(products[:places], [event for event in events if event.at > instant]),
        )


def outcome_of(products: Sequence[int], later: Sequence[LivedEvent]) -> Outcome:
    """What the later events of a visit did to products, catalog positions without repeats."""
    places = {product: place for place, product in enumerate(products)}
    done = {kind: np.zeros(len(products), bool) for kind in (VIEW, CART, PURCHASE)}
    revenue, margin = np.zeros(len(products)), np.zeros(len(products))
    for event in later:
        if (kind := KINDS.get(event.name)) is None:
            continue
        for item in event.items:
            if (place := places.get(item.product)) is not None:
                done[kind][place] = True
                if kind == PURCHASE:
                    revenue[place] += item.price * item.quantity
                    margin[place] += (item.price - item.cost) * item.quantity if item.cost > 0 else 0.0
    return Outcome(viewed=done[VIEW], carted=done[CART], bought=done[PURCHASE], revenue=revenue, margin=margin)


def _drawn(store: Store, zone: Zone, *, now: datetime, most: int) -> list[UUID]:
    """Ids of one decision of each of the newest visits."""
    newest = Decision.objects.of(store).filter(decided_at__lt=now - VISIT_GAP).order_by("-decided_at")[:LOOKED_AT]
    over = Visit.objects.of(store).memorable().ended(now=now)
    asked = Decision.objects.filter(pk__in=newest.values("pk"), zone=zone.slug, visit__in=over).exclude(marginals=[])
    by_visit: dict[int, list[UUID]] = defaultdict(list)
    for visit_id, decision_id in asked.order_by("-decided_at").values_list("visit_id", "pk"):
        by_visit[visit_id].append(decision_id)
    return [
        decisions[int(np.random.default_rng(visit_id).integers(len(decisions)))]
        for visit_id, decisions in list(by_visit.items())[:most]
    ]
