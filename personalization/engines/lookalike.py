"""The lookalike engine: people who resemble this person, and what most of them looked at and bought."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from personalization import lookalikes
from personalization.engines.base import Estimates, Question, Relation
from personalization.engines.personal import (
    NO_PROFILE,
    RELATED,
    Stopwatch,
    asking,
    best_first,
    by_popularity,
    candidates,
)
from personalization.lookalikes import Company
from personalization.lookup import find
from personalization.memory.live import LiveMemory, live_memory
from personalization.shortening import neutral


class LookalikeEngine:
    """Estimates from the people whose histories are most like this person's."""

    name = "lookalike"

    def __init__(self, memory_of: Callable[..., LiveMemory] = live_memory) -> None:
        self._memory_of = memory_of

    def estimate(self, question: Question) -> Estimates:
        """See `engines.base.Engine`. Where nobody resembles the person, answers by popularity and says so."""
        watch = Stopwatch()
        memory = self._memory_of(store_id=question.store_id)
        known = memory.acquaintance
        if known is None:
            return by_popularity(question, memory, watch)
        me, person = asking(question, memory)
        watch.lap("memory")
        company = lookalikes.company(
            known.people,
            person,
            me=me,
            facts=question.facts,
            now=question.now.timestamp(),
            settings=known.fitted.resemblance,
        )
        watch.lap("lookalikes")
        products = candidates(question, lookalikes.propose(company, known.people, eligible=question.eligible))
        features = lookalikes.features(products, company, known.people, facts=question.facts)
        expected = known.fitted.company.of(features)
        rows = best_first(question, products, expected)
        products, expected = products[rows], expected[rows]
        watch.lap("estimates")
        support = support_of(products, company)
        relations = relate(products[:RELATED], support, company)
        watch.lap("relations")
        alone = not company.heard.people and not person.known
        return Estimates(
            products=products,
            view=expected[:, 1],
            cart=expected[:, 2],
            purchase=expected[:, 3],
            shortening=neutral(len(products)),
            score=expected[:, 0],
            support=support,
            relations=relations + [()] * (len(products) - len(relations)),
            memory_generation=memory.number,
            novelty=1.0 - company.heard.nearest,
            fallback=NO_PROFILE if alone else "",
            stages=watch.laps,
        )


def support_of(products: NDArray[np.int32], company: Company) -> NDArray[np.float32]:
    """float32 (n,): how many lookalikes effectively speak for each product."""
    return np.asarray(find(products, company.heard.products).of(company.heard.support), dtype=np.float32)


def relate(products: NDArray[np.int32], support: NDArray[np.float32], company: Company) -> list[tuple[Relation, ...]]:
    """How each product was reached; `support` (≥ products,) tells whether lookalikes speak for it."""
    today = set(company.lived.today.products.tolist())
    own = set(company.products.tolist())
    related: list[tuple[Relation, ...]] = []
    for product, spoken in zip(products.tolist(), support.tolist(), strict=False):
        if product in today:
            kind = "seen"
        elif spoken:
            kind = "lookalike"
        else:
            kind = "affinity" if product in own else "popular"
        related.append((Relation(kind, success=product),))
    return related
