"""Later outcomes: engines asked in the midst of held-out visits, judged by what was then carted and bought."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from time import perf_counter
from typing import Final

import numpy as np
from numpy.typing import NDArray

from catalog.facts import ProductFacts
from catalog.live_facts import live_facts
from catalog.models import Store
from objectives.reranking import Rules, rerank
from personalization import situation
from personalization.engines.base import Engine, Question
from personalization.evaluation.cuts import Cut
from personalization.markers.live_visit import LiveVisit
from personalization.memory.live import live_memory

WIDE: Final = 300  # products estimated, as for an answer


@dataclass(frozen=True, slots=True)
class Answered:
    """An engine's lists for a cut, best first.

    Attributes:
        items: at most k item ids, ranked as a zone without campaigns ranks what the engine estimates.
        own_order: at most k item ids as the engine itself proposes them.
        view, cart, purchase: float32 (items,), the probabilities given with them.
        milliseconds: from the visit's events to the lists.
    """

    items: tuple[str, ...]
    own_order: tuple[str, ...]
    view: NDArray[np.float32]
    cart: NDArray[np.float32]
    purchase: NDArray[np.float32]
    fallback: str
    milliseconds: float


def ask(*, store: Store, engine: Engine, cuts: Sequence[Cut], k: int, progress: Callable[[], None]) -> list[Answered]:
    """The engine's lists for every cut, in their order."""
    facts = live_facts(store_id=store.pk)
    answers = []
    for cut in cuts:
        answers.append(_answer(cut, store=store, engine=engine, facts=facts, k=k))
        progress()
    return answers


def _answer(cut: Cut, *, store: Store, engine: Engine, facts: ProductFacts, k: int) -> Answered:
    started = perf_counter()
    landscape = live_memory(store_id=store.pk).landscape
    visit = LiveVisit(context=cut.visit.context, landscape=landscape, events=cut.events)
    showable, now = _showable(cut, facts), cut.events[-1].at
    estimates = engine.estimate(
        Question(
            store_id=store.pk,
            visit=visit,
            markers=situation.raw(visit),
            facts=facts,
            eligible=showable,
            limit=WIDE,
            now=datetime.fromtimestamp(now, UTC),
            visitor_key=cut.visit.visitor_key,
        )
    )
    rng = np.random.default_rng(0)  # without exploration nothing is drawn
    served = rerank(estimates=estimates, facts=facts, eligible=showable, rules=Rules(size=k), now=now, rng=rng)
    took = (perf_counter() - started) * 1000
    return Answered(
        items=_named(served.products, facts),
        own_order=_named(estimates.products[:k], facts),
        view=estimates.view[served.rows],
        cart=estimates.cart[served.rows],
        purchase=estimates.purchase[served.rows],
        fallback=estimates.fallback,
        milliseconds=took,
    )


def _named(products: NDArray[np.int32], facts: ProductFacts) -> tuple[str, ...]:
    return tuple(facts.item_ids[product] for product in products.tolist())


def _showable(cut: Cut, facts: ProductFacts) -> NDArray[np.bool_]:
    """bool (products,): what a zone may show then. Stock is left aside: today's was not the visit's."""
    mask = facts.listed.copy()
    mask[[facts.positions[item_id] for item_id in cut.out if item_id in facts.positions]] = False
    return mask
