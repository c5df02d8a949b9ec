"""The inductive estimates with something taken away: a kind of evidence, a family of markers, the learned scaling.

The memory is the live one of a town whose last days it has not seen. Of these, the first half teaches an estimator
anew for every variant, the whole included, and the second half judges it: nothing is kept that was learned for what
has been taken away. Distances are exact, over the raw markers of all remembered situations, so that no index decides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import partial
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from benchmarks import questions
from benchmarks.questions import LIST, Storefront
from benchmarks.remembered import Remembered, nearest
from benchmarks.town import StandingTown, key_of
from catalog.facts import ProductFacts
from personalization import estimation
from personalization.estimation import Estimator
from personalization.evidence import MECHANISMS
from personalization.markers.live_visit import LiveVisit
from personalization.memory import gathering, payload, terrain
from personalization.memory.gathering import Gathered
from personalization.memory.live import LiveMemory
from personalization.memory.recall import Analogues
from personalization.memory.remembering import TELLING
from personalization.situation import FAMILY_SLICES, Scaling

A_VISIT: Final = 2  # questions asked of a visit
NAMES: Final = {
    "followed": "trails (exact items)",
    "recalled": "vector recall",
    "transposed": "transposition",
    "walked": "learned transitions",
    "beside": "what goes together",
    "kin": "kindred products",
    "own": "the person's own past",
}
LISTED: Final = "the list in front"


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of a held-out visit and what then happened.

    Attributes:
        markers: float32 (232,), raw.
        following: next product viewed, −1 when none was; `is_new` when the visit had not met it.
        viewed, taken, bought: products viewed, put into the cart or bought, and bought afterwards.
    """

    visit_id: str
    visit: LiveVisit
    visitor_key: str
    markers: NDArray[np.float32]
    at: float
    eligible: NDArray[np.bool_]
    following: int
    is_new: bool
    viewed: frozenset[int]
    taken: frozenset[int]
    bought: frozenset[int]


Without = Callable[[Gathered], Gathered]  # the evidence with some of it taken away


@dataclass(frozen=True, slots=True, eq=False)
class Variant:
    """What is taken away: from the scaling, or from the evidence gathered."""

    name: str
    kind: str  # whole, mechanism, alone or family
    scaling: Scaling
    without: Without


@dataclass(frozen=True, slots=True)
class Judged:
    """What a variant made of each judging question; all (questions,).

    Attributes:
        place: of the next product viewed in the list, 0 outside it.
        taken: how many of the products carted or bought later the list held.
    """

    place: NDArray[np.int64]
    taken: NDArray[np.int64]


def variants(memory: LiveMemory) -> Iterator[Variant]:
    """The whole first; then without each mechanism, with each alone, and without each family of markers.

    Raises:
        ValueError: the memory has no scaling.
    """
    if memory.scaling is None:
        raise ValueError("memory.scaling: expected a learned scaling, got None")
    scaling = memory.scaling
    yield Variant("nothing", "whole", scaling, _all)
    for name in MECHANISMS:
        yield Variant(NAMES.get(name, name), "mechanism", scaling, partial(_without, names=(name,)))
    yield Variant(LISTED, "mechanism", scaling, _without_list)
    both = partial(_without, names=("recalled", "transposed"))
    yield Variant("vector recall and transposition", "mechanism", scaling, both)
    yield Variant("learned scaling", "mechanism", _even(scaling), _all)
    for name in MECHANISMS:
        others = tuple(other for other in MECHANISMS if other != name)
        yield Variant(f"{NAMES.get(name, name)} alone", "alone", scaling, partial(_without, names=others))
    for family, rows in FAMILY_SLICES.items():
        if scaling.weight[rows].any():  # a family that weighs nothing already is without
            yield Variant(family, "family", _blind(scaling, rows), _all)


def asked(town: StandingTown, storefront: Storefront, *, rng: np.random.Generator) -> list[Asked]:
    """Questions of the visits that the town's memory has not seen, oldest first."""
    return [one for outing in town.held_out for one in _of_visit(outing.events, storefront, rng)]


class Table:
    """Questions with their analogues under one scaling, ready to have evidence taken away."""

    def __init__(
        self, memory: LiveMemory, past: Remembered, facts: ProductFacts, scaling: Scaling, asked: Sequence[Asked]
    ) -> None:
        self._asked = asked
        self._past = past
        self._land = terrain.stretched(memory, facts=facts)
        self._near = list(nearest(past, scaling, np.stack([one.markers for one in asked]), k=memory.k))
        middle = [float(distance[len(distance) // 2]) for _, distance in self._near]
        self._memory = replace(memory, bandwidth=max(float(np.median(middle)), 1e-3))

    def taught(self, rows: range, without: Without) -> Estimator:
        """An estimator that has learned from some questions."""
        features, outcomes, numbers = self.stacked(rows, without)
        drawn = np.ones(len(features), bool)  # questions are drawn evenly from all visits
        return estimation.fit(features, outcomes, questions=numbers, drawn=drawn, rng=np.random.default_rng(0))

    def stacked(
        self, rows: range, without: Without
    ) -> tuple[NDArray[np.float32], NDArray[np.bool_], NDArray[np.int64]]:
        """Features, outcomes and the question's number of all candidates of some questions."""
        told = [self._told(row, without) for row in rows]
        outcomes = [_outcomes(products, self._asked[row]) for row, (products, _) in zip(rows, told, strict=True)]
        numbers = np.repeat(np.arange(len(told)), [len(products) for products, _ in told])
        return np.concatenate([table for _, table in told]), np.concatenate(outcomes), numbers

    def judged(self, rows: range, without: Without, estimator: Estimator) -> Judged:
        """Where the next product, and those taken later, stand in each question's list."""
        places, taken = [], []
        for row in rows:
            products, table = self._told(row, without)
            order = np.argsort(-estimator.probabilities(table)[:, 0], kind="stable")[:LIST]
            listed, one = products[order], self._asked[row]
            at = np.flatnonzero(listed == one.following)
            places.append(int(at[0]) + 1 if len(at) else 0)
            taken.append(int(np.isin(listed, list(one.taken)).sum()))
        return Judged(np.array(places, np.int64), np.array(taken, np.int64))

    def _told(self, row: int, without: Without) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        one = self._asked[row]
        ground = self._land.ground(eligible=one.eligible, now=one.at)
        gathered = without(
            gathering.gather(
                memory=self._memory, question=one, analogues=self._analogues(row), ground=ground, now=one.at
            )
        )
        products = gathering.candidates(gathered, self._land, ground)
        return products, gathering.features_of(products, gathered, self._land, ground)

    def _analogues(self, row: int) -> Analogues:
        near, distance = self._near[row]
        return Analogues(
            ids=near,
            visits=self._past.visits[near],
            at=self._past.at[near],
            distance=distance,
            payloads=[self._past.payloads[place] for place in near.tolist()],
        )


def _of_visit(events: Sequence[dict[str, Any]], storefront: Storefront, rng: np.random.Generator) -> Iterator[Asked]:
    """Questions at random telling events of one visit."""
    key, told = key_of(list(events)), storefront.lived(events)
    context = storefront.context(visitor_key=key, events=told)
    telling = [step + 1 for step, event in enumerate(told) if event.name in TELLING]
    for steps in sorted(rng.permutation(telling)[:A_VISIT].tolist()):
        question = storefront.question(context=context, visitor_key=key, events=told[:steps])
        later = questions.later(told, steps=steps)
        happened = [happening for event in told[steps:] for happening in payload.happenings(event)]
        yield Asked(
            visit_id=str(events[0]["session_id"]),
            visit=question.visit,
            visitor_key=key,
            markers=question.markers,
            at=told[steps - 1].at,
            eligible=question.eligible,
            following=later.following,
            is_new=later.following in later.viewed,
            viewed=frozenset(h.product for h in happened if h.kind == payload.VIEW),
            taken=frozenset(h.product for h in happened if h.kind != payload.VIEW),
            bought=frozenset(h.product for h in happened if h.kind == payload.PURCHASE),
        )


def _outcomes(products: NDArray[np.int32], one: Asked) -> NDArray[np.bool_]:
    """bool (candidates, 4), columns as `estimation.OUTCOMES`."""
    groups = (one.viewed, one.taken, one.bought)
    return np.stack([products == one.following, *(np.isin(products, list(group)) for group in groups)], axis=1)


def _all(gathered: Gathered) -> Gathered:
    return gathered


def _without(gathered: Gathered, *, names: tuple[str, ...]) -> Gathered:
    emptied: dict[str, Any] = {name: _emptied(getattr(gathered.evidence, name)) for name in names}
    if "own" in names:  # that they came before is part of it
        emptied["here"] = replace(gathered.evidence.here, visits=0)
    return replace(gathered, evidence=replace(gathered.evidence, **emptied))


def _without_list(gathered: Gathered) -> Gathered:
    here = gathered.evidence.here
    return replace(gathered, evidence=replace(gathered.evidence, here=replace(here, listed=here.listed[:0])))


def _emptied(kind: Any) -> Any:
    """The evidence as if it had found nothing. Its mass stays: other kinds are told as shares of it."""
    if isinstance(kind, np.ndarray):
        return kind[:0]
    if is_dataclass(kind) and not isinstance(kind, type):
        told = (field.name for field in fields(kind) if field.name != "mass")
        return replace(kind, **{name: _emptied(getattr(kind, name)) for name in told})
    return type(kind)() if isinstance(kind, int | float) else kind


def _even(scaling: Scaling) -> Scaling:
    """Every family weighing the same, its markers sharing the weight."""
    weight = np.zeros_like(scaling.weight)
    for rows in FAMILY_SLICES.values():
        weight[rows] = 1 / np.sqrt(rows.stop - rows.start)
    return replace(scaling, weight=weight)


def _blind(scaling: Scaling, rows: slice) -> Scaling:
    """The same without one family."""
    weight = scaling.weight.copy()
    weight[rows] = 0.0
    return replace(scaling, weight=weight)
