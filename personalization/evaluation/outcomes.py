"""Later outcomes: engines asked in the midst of held-out visits, judged by what was then carted and bought."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import nan
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from catalog.facts import ProductFacts
from catalog.live_facts import live_facts
from catalog.models import Store
from personalization import situation
from personalization.engines.base import Engine, Question
from personalization.evaluation.cuts import Cut
from personalization.markers.live_visit import LiveVisit
from personalization.memory.live import live_memory


@dataclass(frozen=True, slots=True)
class Answered:
    """An engine's list for a cut, best first.

    Attributes:
        items: at most k item ids.
        view, cart, purchase: float32 (items,), the probabilities given with them.
        similarity: mean similarity of the analogues it rests on, NaN without any.
        novelty: as in `engines.base.Estimates`.
        milliseconds: from the visit's events to the list.
    """

    items: tuple[str, ...]
    view: NDArray[np.float32]
    cart: NDArray[np.float32]
    purchase: NDArray[np.float32]
    similarity: float
    novelty: float
    fallback: str
    milliseconds: float


def ask(*, store: Store, engine: Engine, cuts: Sequence[Cut], k: int, progress: Callable[[], None]) -> list[Answered]:
    """The engine's list for every cut, in their order."""
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
    estimates = engine.estimate(
        Question(
            store_id=store.pk,
            visit=visit,
            markers=situation.raw(visit),
            facts=facts,
            eligible=_showable(cut, facts),
            limit=k,
            now=datetime.fromtimestamp(cut.events[-1].at, UTC),
            visitor_key=cut.visit.visitor_key,
        )
    )
    items = tuple(facts.item_ids[product] for product in estimates.products[:k].tolist())
    took = (perf_counter() - started) * 1000
    analogues = [analogue.similarity for analogue in estimates.analogues]
    return Answered(
        items=items,
        view=estimates.view[:k],
        cart=estimates.cart[:k],
        purchase=estimates.purchase[:k],
        similarity=sum(analogues) / len(analogues) if analogues else nan,
        novelty=estimates.novelty,
        fallback=estimates.fallback,
        milliseconds=took,
    )


def _showable(cut: Cut, facts: ProductFacts) -> NDArray[np.bool_]:
    """bool (products,): what is on sale and not yet chosen. Stock is left aside: today's was not the visit's."""
    mask = facts.listed.copy()
    chosen = [facts.positions[item_id] for item_id in cut.taken_before if item_id in facts.positions]
    mask[np.array(chosen, np.int64)] = False
    return mask
