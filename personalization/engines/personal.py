"""What the engines that know a person have in common: who asks, what is estimated, what they fall back on."""

from __future__ import annotations

from dataclasses import dataclass, field
from time import perf_counter
from typing import Final

import numpy as np
from numpy.typing import NDArray

from personalization import chances
from personalization.engines.base import Estimates, Question, Relation, within_limit
from personalization.memory.live import LiveMemory
from personalization.persons import Lived, lived, today_of
from personalization.shortening import neutral
from personalization.trails import person_of

RELATED: Final = 120  # products whose relations are told, best first
NO_PROFILE: Final = "no_profile"
_BY_POPULARITY: Final = chances.untaught(("popularity",), believed={"popularity": 1.0})


@dataclass(slots=True)
class Stopwatch:
    """Milliseconds between laps, by stage."""

    laps: dict[str, float] = field(default_factory=dict)
    _last: float = field(default_factory=perf_counter)

    def lap(self, stage: str) -> None:
        """Everything since the last lap was this stage."""
        now = perf_counter()
        self.laps[stage] = (now - self._last) * 1000
        self._last = now


def asking(question: Question, memory: LiveMemory) -> tuple[int, Lived]:
    """Who asks, and all that they did: earlier visits, those since the rebuild in, and today's."""
    visit, now = question.visit, question.now.timestamp()
    person = person_of(question.visitor_key)
    began = visit.first.at if visit.first is not None else now
    trails = [held for held in (memory.trails, memory.appended) if held is not None]
    today = today_of(visit, question.facts)
    return person, lived(person, trails, today=today, before=began, now=now, catalog=len(question.facts))


def candidates(question: Question, proposed: NDArray[np.int32]) -> NDArray[np.int32]:
    """int32 (n,): those asked for, all of them; or what is proposed, filled up to what is wanted."""
    if question.candidates is not None:
        return question.candidates
    wanted = min(question.limit, int(np.count_nonzero(question.eligible)))
    if len(proposed) < wanted:
        others = np.setdiff1d(np.flatnonzero(question.eligible), proposed)
        proposed = np.concatenate([proposed, others[: wanted - len(proposed)]]).astype(np.int32)
    return np.concatenate([proposed, np.setdiff1d(question.wanted, proposed)]).astype(np.int32)


def best_first(question: Question, products: NDArray[np.int32], expected: NDArray[np.float32]) -> NDArray[np.int64]:
    """Rows of the candidates, the likeliest next first, as many as are wanted."""
    return within_limit(question, products, np.argsort(-expected[:, 0], kind="stable"))


def by_popularity(question: Question, memory: LiveMemory, watch: Stopwatch) -> Estimates:
    """The answer of a store in which nothing was learned of persons: what is popular."""
    popularity = np.zeros(len(question.facts), np.float32)
    known = memory.landscape.popularity[: len(popularity)]
    popularity[: len(known)] = known
    most = np.argsort(-popularity, kind="stable").astype(np.int32)
    products = candidates(question, most[question.eligible[most]][: question.limit])
    expected = _BY_POPULARITY.of(popularity[products][:, None])
    rows = best_first(question, products, expected)
    watch.lap("popularity")
    return Estimates(
        products=products[rows],
        view=expected[rows, 1],
        cart=expected[rows, 2],
        purchase=expected[rows, 3],
        shortening=neutral(len(rows)),
        score=expected[rows, 0],
        support=np.zeros(len(rows), np.float32),
        relations=[(Relation("popular", success=product),) for product in products[rows].tolist()],
        novelty=1.0,
        fallback="no_memory" if memory.generation_id is None else NO_PROFILE,
        memory_generation=memory.number,
        stages=watch.laps,
    )
