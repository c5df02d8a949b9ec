"""What every engine answers to: a visit and the products that may be shown in, estimates with their reasons out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from catalog.facts import ProductFacts
from personalization.markers.live_visit import LiveVisit


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What an engine is asked.

    Attributes:
        visit: the visit so far, folded.
        markers: float32 (232,), its raw markers.
        facts: the store's products now.
        eligible: bool (products,), by catalog position: what may be shown at all.
        candidates: int32 (m,) catalog positions to estimate, all of them (a listing zone), or None: the engine
            proposes its own, at most `limit`, best first.
        limit: how many proposals are wanted.
        wanted: int32 (w,), eligible positions that are estimated whether or not the engine would propose them, beside
            the limit; of no account where `candidates` are given.
        now: the instant of the request.
        visitor_key: whose visit it is, `v:…` or `s:…` (see `models.visit.visitor_key`), "" for nobody's.
        zone: identifier of the zone that asks, "" when none does.
        but: id of a visit of whose course evidence says nothing: the one that asks, where memory has long taken it in.
            Engines that know persons leave out a visitor's own from its beginning on, whatever this says.
    """

    store_id: int
    visit: LiveVisit
    markers: NDArray[np.float32]
    facts: ProductFacts
    eligible: NDArray[np.bool_]
    limit: int
    now: datetime
    candidates: NDArray[np.int32] | None = None
    wanted: NDArray[np.int32] = field(default_factory=lambda: np.empty(0, np.int32))
    visitor_key: str = ""
    zone: str = ""
    but: int | None = None


@dataclass(frozen=True, slots=True)
class Analogue:
    """A past situation that speaks here."""

    situation_id: int
    visit_id: int
    similarity: float  # (0, 1], 1 for the same situation


@dataclass(frozen=True, slots=True)
class Relation:
    """How a candidate was reached: what happened there, and the same move made from here.

    Attributes:
        kind: "followed" (visits that met the same products led there), "recalled" (what came next in analogous
            situations), "transposed" (the same move from today's product), "substitute" (stands in for a success
            that cannot be shown), "seen" (met earlier in the visit), "beside" (bought together with the product of
            the visit at `origin`), "own" (met by the visitor on an earlier visit; its one trait is "bought", when they
            bought it), "shelf" (often chosen of a category that the visit is about), "kindred" (met in the same
            company as the product at `origin`), "listed" (of the list in front of the visitor), "popular" (no evidence
            but popularity), "rule" (a merchant's rule selected it; its one trait is the selection strategy),
            "affinity" (suits the person, as the product of their own at `origin` tells; without one it is itself
            their own), "lookalike" (people like this person met it).
        origin, success: catalog positions of the past move A → B, −1 where there is none.
        start: catalog position of today's product the move was made from, −1 where there is none.
        traits: what the move keeps or changes, from: same_category, same_brand, cheaper, dearer, similar_price,
            complement, newer.
        share: share of this candidate's evidence that came this way, [0, 1].
    """

    kind: str
    origin: int = -1
    success: int = -1
    start: int = -1
    traits: tuple[str, ...] = ()
    share: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimates:
    """Per candidate what is expected, best first by `score`.

    Attributes:
        products: int32 (n,) catalog positions, no repeats.
        view, cart, purchase: float32 (n,), calibrated probabilities that the product is viewed, carted, bought later
            in the visit.
        shortening: float32 (n,) in [0, 1], how far the product shortened the way to purchase in analogous situations,
            see `personalization.shortening`; ½ where nothing tells, and of engines that recall no situations.
        score: float32 (n,), the engine's own order (relevance), higher first.
        support: float32 (n,), effective number of situations that speak for the estimate.
        relations: n tuples, the strongest relation first.
        analogues: most similar first.
        novelty: [0, 1], 1 when nothing analogous was ever lived.
        fallback: "" or why the answer does not rest on analogues: "no_analogue", "no_memory",
            "memory_away" (the database did not answer), "no_profile" (nothing is known of the person).
        memory_generation: number of the generation that spoke, None without one.
        stages: milliseconds by stage inside the engine.
        details: what an engine tells besides: of `rules` the names of those that applied, and a `message`.
    """

    products: NDArray[np.int32]
    view: NDArray[np.float32]
    cart: NDArray[np.float32]
    purchase: NDArray[np.float32]
    shortening: NDArray[np.float32]
    score: NDArray[np.float32]
    support: NDArray[np.float32]
    relations: Sequence[tuple[Relation, ...]]
    analogues: list[Analogue] = field(default_factory=list)
    novelty: float = 0.0
    fallback: str = ""
    memory_generation: int | None = None
    stages: dict[str, float] = field(default_factory=dict)
    details: dict[str, Any] = field(default_factory=dict)


def within_limit(question: Question, products: NDArray[np.int32], best: NDArray[np.int64]) -> NDArray[np.int64]:
    """The first rows of `best`, rows of `products`, as many as the question wants; and those that it wants by name."""
    if question.candidates is not None:
        return best
    if not len(question.wanted):
        return best[: question.limit]
    late = best[question.limit :]
    return np.concatenate([best[: question.limit], late[np.isin(products[late], question.wanted)]])


class Engine(Protocol):
    """A way to estimate."""

    name: str

    def estimate(self, question: Question) -> Estimates:
        """Estimates for the question's candidates, or for the engine's own proposals. Never raises for want of data."""
