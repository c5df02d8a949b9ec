"""Questions in the midst of a visit that is not stored, and what its shopper did afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from benchmarks.town import UNTIL
from catalog.facts import ProductFacts
from catalog.facts_loading import load_facts
from catalog.models import Store
from personalization import situation
from personalization.engines.base import Question
from personalization.ingest.enrichment import Shelf, shelf_of
from personalization.markers.live_visit import LiveVisit, VisitContext
from personalization.markers.lived import LivedEvent
from personalization.memory import payload
from personalization.memory.live import live_memory
from personalization.memory.remembering import TELLING
from personalization.present import events_sent_along
from personalization.visits import beginning_context

LIST: Final = 20  # products of the list that is judged
AFTER: Final = (1, 2, 4)  # telling events after which a visit is asked about


@dataclass(frozen=True, slots=True)
class Later:
    """What happened after an instant of a visit, as catalog positions.

    Attributes:
        following: the next product viewed, met before or not; −1 when none was.
        viewed: products first met afterwards, in the order viewed.
        taken: products put into the cart or bought afterwards.
    """

    following: int
    viewed: tuple[int, ...]
    taken: tuple[int, ...]

    def __bool__(self) -> bool:
        return bool(self.viewed or self.taken)


@dataclass(frozen=True, slots=True)
class Instant:
    """One instant of a visit, after its first `steps` events, and what came later."""

    steps: int
    later: Later


class Storefront:
    """Where a store is asked in visits that it has not stored: its products and memory, read once."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.facts: ProductFacts = load_facts(store_id=store.pk)
        self._shelf: Shelf = shelf_of(self.facts, now=UNTIL)
        self._landscape = live_memory(store_id=store.pk).landscape

    def departments(self) -> list[str]:
        """By catalog position, the first step of the product's category path; "" without a category."""
        paths = self.facts.category_paths
        return [paths[category].split(" > ")[0] if category >= 0 else "" for category in self.facts.category.tolist()]

    def lived(self, events: Sequence[dict[str, Any]]) -> list[LivedEvent]:
        """A visit's events as the ingestion would have stored them.

        Raises:
            ValueError: the ingestion would have refused one.
        """
        lived = events_sent_along(store=self.store, events=events, shelf=self._shelf, now=UNTIL)
        if len(lived) != len(events):
            raise ValueError(f"{events[0]['event_id']}: {len(events) - len(lived)} events would be refused")
        return lived

    def context(self, *, visitor_key: str, events: Sequence[LivedEvent]) -> VisitContext:
        """What would hold for this visit if that visitor began it."""
        begins = datetime.fromtimestamp(events[0].at, UTC)
        return beginning_context(store=self.store, visitor_key=visitor_key, now=begins)

    def question(
        self, *, context: VisitContext, visitor_key: str, events: Sequence[LivedEvent], limit: int = LIST
    ) -> Question:
        """What an engine is asked after these events."""
        visit = LiveVisit(context=context, landscape=self._landscape, events=events)
        return Question(
            store_id=self.store.pk,
            visit=visit,
            markers=situation.raw(visit),
            facts=self.facts,
            eligible=self._on_the_shelf(events[-1].at),
            limit=limit,
            now=datetime.fromtimestamp(events[-1].at, UTC),
            visitor_key=visitor_key,
        )

    def _on_the_shelf(self, at: float) -> NDArray[np.bool_]:
        """bool (products,): buyable, and launched by then."""
        return self.facts.buyable & ~(self.facts.launched_at > at)


def instants(events: Sequence[LivedEvent], *, after: Sequence[int] = AFTER) -> list[Instant]:
    """The instants after so many telling events from which on something new was viewed or something taken."""
    telling = [step + 1 for step, event in enumerate(events) if event.name in TELLING]
    chosen = [telling[count - 1] for count in after if count <= len(telling)]
    found = [Instant(steps, later(events, steps=steps)) for steps in chosen]
    return [instant for instant in found if instant.later]


def later(events: Sequence[LivedEvent], *, steps: int) -> Later:
    """What happened after the first `steps` events."""
    met = {happening.product for event in events[:steps] for happening in payload.happenings(event)}
    after = [happening for event in events[steps:] for happening in payload.happenings(event)]
    views = [happening.product for happening in after if happening.kind == payload.VIEW]
    return Later(
        following=views[0] if views else -1,
        viewed=tuple(dict.fromkeys(product for product in views if product not in met)),
        taken=tuple(dict.fromkeys(happening.product for happening in after if happening.kind != payload.VIEW)),
    )
