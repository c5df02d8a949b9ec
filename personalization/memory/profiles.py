"""A stage of a rebuild: what is known of persons, for the engines that know a person rather than a situation.

What a person likes (`affinities`) and who resembles whom (`people`) are learned as they stood before the latest visits
first: those teach how far to believe them, and how likely what they propose is. Then all visits are learned from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Final

import numpy as np
from numpy.typing import NDArray

from catalog.facts import ProductFacts
from personalization import affinities, chances, liking, lookalikes, people
from personalization.affinities import Affinities, Taste
from personalization.chances import Chances
from personalization.lookalikes import Company, Resemblance
from personalization.markers.live_visit import LiveVisit, VisitContext
from personalization.markers.lived import LivedEvent
from personalization.memory import acquaintance, payload
from personalization.memory.acquaintance import Fitted
from personalization.memory.live import LiveMemory, assemble
from personalization.memory.reading import relive
from personalization.memory.remembering import TELLING
from personalization.models import Generation, Visit
from personalization.people import People
from personalization.persons import Lived, as_of, lived, today_of
from personalization.trails import Trails, person_of

TEACHING: Final = 0.94  # share of visits, by time, after which visits ask, and before which what answers was learned
VISITS: Final = 600  # that ask, at most
INSTANTS: Final = 2  # of each
TRIED: Final = 300  # questions by which tastes and resemblances are told apart, at most
TELLING_APART: Final = 40  # fewer tell nothing: then what is usual holds
TRIAL_VISITS: Final = 40_000  # newest visits that a taste on trial is learned from
TRIAL_ITERATIONS: Final = 4
LIST: Final = 20  # products of the list by which they are told apart
# What is tried, what is usual first: it holds where trying tells nothing.
CONFIDENCES: Final = (50.0, 5.0, 500.0)
HALF_LIVES: Final = (7.0, 0.5, 60.0)  # days
LEANINGS: Final = (0.1, 0.0, 0.3)
SHARPNESSES: Final = (1.0, 2.0)
CROWDS: Final = (300, 100)
STEPS: Final = len(CONFIDENCES) + 2 * len(HALF_LIVES) + len(LEANINGS) + len(SHARPNESSES) * len(CROWDS) + 4


@dataclass(frozen=True, slots=True)
class Asked:
    """A question at one instant of a past visit, and what then happened.

    Attributes:
        person: whose visit it was, and `lived` all they had done by then.
        at: seconds since 1970.
        next: catalog position of what was met next, −1 nothing.
    """

    person: int
    lived: Lived
    at: float
    next: int
    viewed: NDArray[np.int32]
    carted: NDArray[np.int32]
    bought: NDArray[np.int32]

    def outcomes(self, products: NDArray[np.int32]) -> NDArray[np.bool_]:
        """bool (products, 4), columns as `chances.OUTCOMES`."""
        later = (np.isin(products, those) for those in (self.viewed, self.carted, self.bought))
        return np.stack([products == self.next, *later], axis=1)


def learn(generation: Generation, *, facts: ProductFacts, progress: Callable[[int, int], None]) -> None:
    """Learn and keep; `progress(done, total)` counts what was tried and fitted."""
    memory = assemble(generation)
    trails = memory.trails
    if trails is None or not len(trails):
        return
    advanced = count(1)

    def advance() -> None:
        progress(next(advanced), STEPS)

    since = float(trails.ended[int(TEACHING * len(trails))])
    asked = _ask(memory, generation, since, facts=facts, rng=np.random.default_rng(generation.number))
    school = _School(as_of(trails, since), asked, facts=facts, since=since, advance=advance)
    taste, resemblance = school.taste(), school.resemblance()
    fitted = Fitted(taste, school.chances_of_liking(taste), resemblance, school.chances_of_company(resemblance))
    until = float(trails.ended[-1])
    learned = affinities.learn(trails, catalog=len(facts), now=until, confidence=taste.confidence)
    advance()
    acquaintance.keep(generation, learned=learned, trails=trails, fitted=fitted, facts=facts)
    progress(STEPS, STEPS)  # a young store tries less


class _School:
    """Questions of the latest visits, and what was known before them."""

    def __init__(
        self,
        before: Trails,
        asked: Sequence[Asked],
        *,
        facts: ProductFacts,
        since: float,
        advance: Callable[[], None],
    ) -> None:
        self._before, self._asked, self._facts, self._since = before, asked, facts, since
        self._advance = advance
        self._eligible = np.ones(len(facts), bool)
        self._prices = facts.price_at(since).astype(np.float32)
        going_on = [one for one in asked if one.next >= 0 and one.next not in one.lived.today.products]
        self._tried = going_on[:TRIED]
        self._gathered = people.gather(before, facts=facts, now=since)

    def taste(self) -> Taste:
        """The taste by whose liking alone the next new product stands highest."""
        if len(self._tried) < TELLING_APART:
            return Taste()
        recent = as_of(self._before, np.inf, newest=TRIAL_VISITS)
        held: dict[float, Affinities] = {}

        def found(taste: Taste) -> float:
            if taste.confidence not in held:
                held[taste.confidence] = self._liked(recent, taste.confidence, iterations=TRIAL_ITERATIONS)
            self._advance()
            return self._found(lambda one: liking.profile(held[taste.confidence], one.lived, taste=taste).likes)

        best = max((Taste(confidence=one) for one in CONFIDENCES), key=found)
        return max((replace(best, half_life=one) for one in HALF_LIVES), key=found)

    def resemblance(self) -> Resemblance:
        """The resemblance by which what lookalikes lately met alone puts the next new product highest."""
        if len(self._tried) < TELLING_APART:
            return Resemblance()
        known = self._gathered

        def found(settings: Resemblance) -> float:
            self._advance()
            return self._found(lambda one: self._told(one, known, settings))

        best = max((Resemblance(half_life=one) for one in HALF_LIVES), key=found)
        best = max((replace(best, leaning=one) for one in LEANINGS), key=found)
        crowds = [replace(best, sharpness=one, people=many) for one in SHARPNESSES for many in CROWDS]
        return max(crowds, key=found)

    def chances_of_liking(self, taste: Taste) -> Chances:
        """How likely what affinities propose is."""
        before = chances.untaught(liking.FEATURES, believed=liking.BELIEVED)
        learned = self._liked(self._before, taste.confidence, iterations=affinities.ITERATIONS)

        def table(one: Asked) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
            profile = liking.profile(learned, one.lived, taste=taste)
            products = liking.propose(profile, learned, facts=self._facts, eligible=self._eligible)
            return products, liking.features(products, profile, learned, facts=self._facts, prices=self._prices)

        return self._fitted(table, before)

    def chances_of_company(self, settings: Resemblance) -> Chances:
        """How likely what lookalikes propose is."""
        before = chances.untaught(lookalikes.FEATURES, believed=lookalikes.BELIEVED)
        known = self._gathered

        def table(one: Asked) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
            asked = self._company(one, known, settings)
            products = lookalikes.propose(asked, known, eligible=self._eligible)
            return products, lookalikes.features(products, asked, known, facts=self._facts)

        return self._fitted(table, before)

    def _fitted(
        self, table: Callable[[Asked], tuple[NDArray[np.int32], NDArray[np.float32]]], before: Chances
    ) -> Chances:
        rows, outcomes = [], []
        for one in self._asked:
            products, features = table(one)
            rows.append(features)
            outcomes.append(one.outcomes(products))
        self._advance()
        return chances.fit(np.concatenate(rows), np.concatenate(outcomes), before=before) if rows else before

    def _liked(self, trails: Trails, confidence: float, *, iterations: int) -> Affinities:
        return affinities.learn(
            trails, catalog=len(self._facts), now=self._since, confidence=confidence, iterations=iterations
        )

    def _company(self, one: Asked, known: People, settings: Resemblance) -> Company:
        return lookalikes.company(known, one.lived, me=one.person, facts=self._facts, now=one.at, settings=settings)

    def _told(self, one: Asked, known: People, settings: Resemblance) -> NDArray[np.float32]:
        heard = self._company(one, known, settings).heard
        values = np.zeros(len(self._facts), np.float32)
        values[heard.products] = heard.lately
        return values

    def _found(self, values_of: Callable[[Asked], NDArray[np.float32]]) -> float:
        """Mean of 1 / log₂(1 + rank) of the next product among those not met today, 0 beyond LIST (DCG@20)."""
        gained = 0.0
        for one in self._tried:
            values = values_of(one).copy()
            values[one.lived.today.products] = -np.inf
            rank = 1 + int((values > values[one.next]).sum())
            if rank <= LIST and values[one.next] > 0:
                gained += 1.0 / np.log2(1 + rank)
        return gained


def _ask(
    memory: LiveMemory, generation: Generation, since: float, *, facts: ProductFacts, rng: np.random.Generator
) -> list[Asked]:
    """Random instants of random visits since then; in a store where nothing is viewed, what is carted comes next."""
    trails = memory.trails
    if trails is None:
        return []
    chosen = rng.permutation(trails.visits[trails.ended >= since])[:VISITS].tolist()
    found = Visit.objects.filter(pk__in=chosen, store_id=generation.store_id).select_related("store").order_by("pk")
    asked = [
        one
        for visit, context, events in relive(list(found))
        for one in _instants(context, events, memory, trails, person_of(visit.visitor_key), facts, rng)
    ]
    views = any(len(one.viewed) for one in asked)
    return [_following(asked[row], views=views) for row in rng.permutation(len(asked))]


def _following(one: Asked, *, views: bool) -> Asked:
    """With what came next."""
    later = one.viewed if views else one.carted[~np.isin(one.carted, one.lived.today.products)]
    return replace(one, next=int(later[0]) if len(later) else -1)


def _instants(
    context: VisitContext,
    events: list[LivedEvent],
    memory: LiveMemory,
    trails: Trails,
    person: int,
    facts: ProductFacts,
    rng: np.random.Generator,
) -> Iterator[Asked]:
    """Questions at random telling events of a visit."""
    telling = [step for step, event in enumerate(events) if event.name in TELLING]
    for step in sorted(rng.permutation(telling)[:INSTANTS].tolist()):
        visit = LiveVisit(context=context, landscape=memory.landscape, events=events[: step + 1])
        today = today_of(visit, facts)
        at = events[step].at
        later = [happening for event in events[step + 1 :] for happening in payload.happenings(event)]
        viewed, carted, bought = (
            np.array([happening.product for happening in later if happening.kind == kind], np.int32)
            for kind in (payload.VIEW, payload.CART, payload.PURCHASE)
        )
        known = lived(person, [trails], today=today, before=events[0].at, now=at, catalog=len(facts))
        yield Asked(person, known, at, -1, viewed, carted, bought)
