"""The rules engine: what a merchandiser has laid down for the situation, and best sellers where nothing is."""

from __future__ import annotations

import threading
from collections.abc import Callable
from time import perf_counter
from typing import Final

import numpy as np
from numpy.typing import NDArray

from catalog.facts import UNKNOWN
from personalization.engines.base import Estimates, Question, Relation
from personalization.engines.rule_book import rules_of
from personalization.markers.plain import PlainMarkers
from personalization.memory.counting import earlier_visits
from personalization.memory.live import LiveMemory, live_memory
from personalization.merchandising.rates import Rates, falling
from personalization.merchandising.rule import RuleInForce
from personalization.merchandising.sight import Sight, Standing, standing
from personalization.merchandising.strategies import Selection
from personalization.shortening import neutral

FILLING: Final = "bestsellers"  # what comes after all that rules have placed


class RulesEngine:
    """Takes each applying rule's products in the order of the rules, and fills up with best sellers."""

    name = "rules"

    def __init__(
        self,
        memory_of: Callable[..., LiveMemory] = live_memory,
        rules_for: Callable[..., tuple[RuleInForce, ...]] = rules_of,
    ) -> None:
        self._memory_of, self._rules_for = memory_of, rules_for
        self._standings: dict[int, tuple[tuple[int | None, int], Standing]] = {}
        self._sorting = threading.Lock()

    def estimate(self, question: Question) -> Estimates:
        """See `engines.base.Engine`; `details` tells the names of the rules that applied, and the message of one."""
        started = perf_counter()
        memory = self._memory_of(store_id=question.store_id)
        sight = self._sight(memory, question)
        read = perf_counter()
        markers = PlainMarkers(question.markers)
        applying = [
            rule
            for rule in self._rules_for(store_id=question.store_id)
            if rule.applies(markers=markers, zone=question.zone)
        ]
        placed = _place(applying, sight, question)
        unknown = memory.generation_id is None
        view, cart, purchase = _expected(applying, placed.rates(memory.rates))
        return Estimates(
            products=placed.products,
            view=view,
            cart=cart,
            purchase=purchase,
            shortening=neutral(len(placed.products)),
            score=np.linspace(1.0, 0.0, len(placed.products), endpoint=False, dtype=np.float32),
            support=placed.support * np.float32(not unknown),
            relations=placed.relations(),
            novelty=1.0 if unknown else 0.0,
            fallback="no_memory" if unknown else "",
            memory_generation=memory.number,
            stages={"memory": (read - started) * 1000, "rules": (perf_counter() - read) * 1000},
            details={
                "rules": [rule.name for rule in applying],
                "message": next((rule.message for rule in applying if rule.message), None),
            },
        )

    def _sight(self, memory: LiveMemory, question: Question) -> Sight:
        visit, now = question.visit, question.now.timestamp()
        began = visit.first.at if visit.first is not None else now
        return Sight(
            visit=visit,
            facts=question.facts,
            merchandise=memory.merchandise,
            standing=self._standing(memory, question),
            earlier=earlier_visits(memory, visitor_key=question.visitor_key, before=began),
            now=now,
        )

    def _standing(self, memory: LiveMemory, question: Question) -> Standing:
        """How the products sell, put into order anew when the memory or the catalog has changed."""
        key = (memory.generation_id, question.facts.version)
        held = self._standings.get(question.store_id)
        if held is None or held[0] != key:
            with self._sorting:
                held = self._standings.get(question.store_id)
                if held is None or held[0] != key:  # who waited finds what was sorted meanwhile
                    held = (key, standing(memory.merchandise, facts=question.facts))
                    self._standings[question.store_id] = held
        return held[1]


def _expected(applying: list[RuleInForce], rates: NDArray[np.float64]) -> NDArray[np.float32]:
    """float32 (3, n): what is expected of each product; where an order binds, it never rises along it.

    Ranking goes by what is expected, so that an order that binds would not outlast it otherwise.
    """
    if any(rule.binding and rule.selection is not None for rule in applying):
        rates = np.stack([falling(row) for row in rates])
    return rates.astype(np.float32)


class _Placed:
    """Products in the order placed, and where each came from."""

    def __init__(self, allowed: NDArray[np.bool_], room: int) -> None:
        self._free = allowed.copy()
        self._room = room
        self._pieces: list[tuple[str, bool, int, NDArray[np.int32], NDArray[np.float32], NDArray[np.int64]]] = []

    def take(self, selection: Selection, sight: Sight, *, allowed: NDArray[np.bool_], by_rule: bool) -> None:
        """The selection's products that may be shown and are not yet placed, at most its share and the room left."""
        if not self._room:
            return
        picks = selection.picks(sight)
        showable = np.flatnonzero(allowed[picks.products])
        places = np.flatnonzero(self._free[picks.products[showable]])[: min(selection.most, self._room)]
        rows = showable[places]
        products = picks.products[rows]
        self._free[products] = False
        self._room -= len(products)
        self._pieces.append((selection.strategy, by_rule, picks.start, products, picks.support[rows], places))

    def keep_room_for(self, wanted: NDArray[np.int32]) -> None:
        """Whatever else is taken, these alone may still be."""
        waiting = np.zeros(len(self._free), bool)
        waiting[wanted] = self._free[wanted]
        self._free, self._room = waiting, int(np.count_nonzero(waiting))

    @property
    def products(self) -> NDArray[np.int32]:
        return np.concatenate([np.empty(0, np.int32), *(piece[3] for piece in self._pieces)]).astype(np.int32)

    @property
    def support(self) -> NDArray[np.float32]:
        return np.concatenate([np.empty(0, np.float32), *(piece[4] for piece in self._pieces)]).astype(np.float32)

    def rates(self, rates: Rates) -> NDArray[np.float64]:
        """float64 (3, n): how often each is viewed, carted, bought, as its strategy's products at its place are."""
        return np.concatenate([np.empty((3, 0)), *(rates.at(piece[0], piece[5]) for piece in self._pieces)], axis=1)

    def relations(self) -> list[tuple[Relation, ...]]:
        """What each product owes its place to: a rule's strategy, or nothing but its popularity."""
        return [
            (_relation(product, strategy if by_rule else "", start),)
            for strategy, by_rule, start, products, _, _ in self._pieces
            for product in products.tolist()
        ]


def _relation(product: int, strategy: str, start: int) -> Relation:
    if not strategy:
        return Relation("popular", success=product)
    start = UNKNOWN if start == product else start
    return Relation("rule", origin=start, success=product, start=start, traits=(strategy,))


def _place(applying: list[RuleInForce], sight: Sight, question: Question) -> _Placed:
    """A listing loses none of its candidates; elsewhere the limit holds."""
    if question.candidates is None:
        allowed, room = question.eligible, question.limit
    else:
        allowed = np.zeros(len(question.facts), bool)
        allowed[question.candidates] = True
        room = len(question.candidates)
    placed = _Placed(allowed, room)
    for rule in applying:
        if rule.selection is not None:
            placed.take(rule.selection, sight, allowed=allowed, by_rule=True)
    placed.take(Selection(strategy=FILLING, most=room), sight, allowed=allowed, by_rule=False)
    if question.candidates is None:
        placed.keep_room_for(question.wanted)
        placed.take(Selection(strategy=FILLING, most=len(allowed)), sight, allowed=allowed, by_rule=False)
    return placed
