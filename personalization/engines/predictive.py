"""The predictive engine: a fitted model of the person, from all they viewed and bought to what they will."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from catalog.facts import ProductFacts
from personalization import liking
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
from personalization.liking import Profile
from personalization.memory.live import LiveMemory, live_memory
from personalization.shortening import neutral
from personalization.transposition import traits


class PredictiveEngine:
    """Estimates from lasting affinities, today's meetings being among those of a life."""

    name = "predictive"

    def __init__(self, memory_of: Callable[..., LiveMemory] = live_memory) -> None:
        self._memory_of = memory_of

    def estimate(self, question: Question) -> Estimates:
        """See `engines.base.Engine`. Where nothing is known of the person, answers by popularity and says so."""
        watch = Stopwatch()
        memory = self._memory_of(store_id=question.store_id)
        known, facts = memory.acquaintance, question.facts
        if known is None:
            return by_popularity(question, memory, watch)
        _, person = asking(question, memory)
        watch.lap("memory")
        profile = liking.profile(known.affinities, person, taste=known.fitted.taste)
        watch.lap("profile")
        proposed = liking.propose(profile, known.affinities, facts=facts, eligible=question.eligible)
        products = candidates(question, proposed)
        prices = facts.price_at(question.now.timestamp()).astype(np.float32)
        watch.lap("candidates")
        features = liking.features(products, profile, known.affinities, facts=facts, prices=prices)
        expected = known.fitted.liking.of(features)
        rows = best_first(question, products, expected)
        products, expected = products[rows], expected[rows]
        watch.lap("estimates")
        support, loudest = liking.speakers(products, profile, known.affinities)
        relations = relate(products[:RELATED], loudest, profile, facts=facts, prices=prices)
        watch.lap("relations")
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
            novelty=float(not person.known),
            fallback="" if person.known else NO_PROFILE,
            stages=watch.laps,
        )


def relate(
    products: NDArray[np.int32],
    loudest: NDArray[np.int32],
    profile: Profile,
    *,
    facts: ProductFacts,
    prices: NDArray[np.float32],
) -> list[tuple[Relation, ...]]:
    """Why each product suits the person; `loudest` (≥ products,) is which of their own speaks for it, −1 none."""
    today = set(profile.lived.today.products.tolist())
    own = set(profile.products.tolist())
    origins = loudest[: len(products)]
    related: list[tuple[Relation, ...]] = []
    for product, origin in zip(products.tolist(), origins.tolist(), strict=True):
        if product in today:
            relation = Relation("seen", success=product)
        elif product in own:
            relation = Relation("affinity", success=product)
        elif origin >= 0:
            relation = Relation(
                "affinity", origin, product, origin, traits(origin, product, facts=facts, prices=prices)
            )
        else:
            relation = Relation("popular", success=product)
        related.append((relation,))
    return related
