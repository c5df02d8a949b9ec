"""Relations of the inductive engine: how each product was reached, in the ways that its evidence tells."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, overload

import numpy as np
from numpy.typing import NDArray

from personalization.engines.base import Relation
from personalization.evidence import Evidence, Shelves, by_category
from personalization.lookup import among, find
from personalization.memory.gathering import Gathered
from personalization.transposition import NOWHERE, Ground, Moves, traits

WAYS: Final = 3  # told of a product, the strongest
FAINT: Final = 1e-6  # strength of what was merely seen in the visit
OFTEN: Final = 1.001  # times the mean of its category from which on a product is chosen often


@dataclass(frozen=True, slots=True)
class Way:
    """One way in which products may be reached; arrays are all (products,).

    Attributes:
        kinds: str, see `engines.base.Relation`.
        strength: float, 0 where nothing came this way.
        origin, success, start: int32, −1 none.
        traits: by row.
    """

    kinds: NDArray[np.str_]
    strength: NDArray[np.floating]
    origin: NDArray[np.int32]
    success: NDArray[np.int32]
    start: NDArray[np.int32]
    traits: Callable[[int], tuple[str, ...]]

    def relation(self, row: int, share: float) -> Relation:
        """How one product was reached this way."""
        origin, success, start = int(self.origin[row]), int(self.success[row]), int(self.start[row])
        return Relation(str(self.kinds[row]), origin, success, start, self.traits(row), share)


@dataclass(frozen=True, slots=True, eq=False)
class Related(Sequence[tuple[Relation, ...]]):
    """By row the relations of a product, the strongest first, made when they are asked for: few products are served.

    Attributes:
        strengths: float64 (products, ways), never a row without any.
    """

    ways: tuple[Way, ...]
    strengths: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.strengths)

    @overload
    def __getitem__(self, row: int) -> tuple[Relation, ...]: ...
    @overload
    def __getitem__(self, row: slice) -> list[tuple[Relation, ...]]: ...
    def __getitem__(self, row: int | slice) -> tuple[Relation, ...] | list[tuple[Relation, ...]]:
        if isinstance(row, slice):
            return [self[place] for place in range(*row.indices(len(self)))]
        shares = (self.strengths[row] / self.strengths[row].sum()).tolist()
        strongest = sorted(range(len(shares)), key=lambda way: -shares[way])[:WAYS]
        return tuple(self.ways[way].relation(row, shares[way]) for way in strongest if shares[way] > 0)


def relate(products: NDArray[np.int32], gathered: Gathered, *, ground: Ground, shelves: Shelves) -> Related:
    """How each product was reached."""
    speaking = (
        _followed(products, gathered, ground),
        _recalled(products, gathered, ground),
        _transposed(products, gathered, ground),
        _beside(products, gathered),
        _own(products, gathered),
    )
    spoken = np.sum([way.strength for way in speaking], axis=0)
    ways = (*speaking, _otherwise(products, gathered, shelves, spoken=spoken))
    return Related(ways, np.stack([way.strength for way in ways], axis=1).astype(np.float64))


def _followed(products: NDArray[np.int32], gathered: Gathered, ground: Ground) -> Way:
    """Visits that met the same products led there, by trails or by walks; what was seen is called so."""
    followed, walked = gathered.evidence.followed, gathered.evidence.walked
    by_trails = find(products, followed.products)
    trails = by_trails.of(followed.view) / max(followed.mass, 1e-9)
    walks = find(products, walked.recent.products).of(walked.recent.share)
    from_newest = find(products, walked.last.products).of(walked.last.share) > 0
    seen = among(products, gathered.evidence.here.seen)
    met_at = by_trails.of(followed.origin, absent=NOWHERE)
    origin = np.where(trails > 0, met_at, np.where(from_newest, gathered.start, NOWHERE))
    origin = np.where(seen, NOWHERE, origin).astype(np.int32)
    return Way(
        kinds=np.where(seen, "seen", "followed"),
        strength=np.maximum(np.maximum(trails, walks), FAINT * seen),
        origin=origin,
        success=products,
        start=origin,
        traits=_kept(origin, products, ground),
    )


def _recalled(products: NDArray[np.int32], gathered: Gathered, ground: Ground) -> Way:
    """What came next in analogous situations."""
    recalled = gathered.evidence.recalled
    start = _all(products, gathered.start)
    return Way(
        kinds=_all(products, "recalled"),
        strength=find(products, recalled.products).of(recalled.view) / max(recalled.mass, 1e-9),
        origin=_origins(products, gathered.moves),
        success=products,
        start=start,
        traits=_kept(start, products, ground),
    )


def _origins(products: NDArray[np.int32], moves: Moves) -> NDArray[np.int32]:
    """int32 (products,): what was in focus before the strongest recalled move to each, −1 without one."""
    order = np.lexsort((-(moves.view + moves.cart + moves.purchase), moves.success))
    successes, first = np.unique(moves.success[order], return_index=True)
    return find(products, successes).of(moves.origin[order][first], absent=NOWHERE)


def _transposed(products: NDArray[np.int32], gathered: Gathered, ground: Ground) -> Way:
    """The same move from today's product; a substitute when the success itself cannot be shown."""
    transposed = gathered.evidence.transposed
    found = find(products, transposed.products)
    evidence = found.of(transposed.view) / max(gathered.evidence.recalled.mass, 1e-9)
    success = found.of(transposed.success, absent=NOWHERE)
    start = _all(products, gathered.start)
    return Way(
        kinds=np.where(ground.eligible[success], "transposed", "substitute"),
        strength=np.where(success == products, 0.0, evidence),
        origin=found.of(transposed.origin, absent=NOWHERE),
        success=success,
        start=start,
        traits=_kept(start, products, ground),
    )


def _beside(products: NDArray[np.int32], gathered: Gathered) -> Way:
    """What is bought together with what is in the cart, or was met."""
    beside = gathered.evidence.beside
    found = find(products, beside.products)
    origin = found.of(beside.origin, absent=NOWHERE)
    return Way(
        kinds=_all(products, "beside"),
        strength=found.of(beside.share),
        origin=origin,
        success=products,
        start=origin,
        traits=_untold,
    )


def _own(products: NDArray[np.int32], gathered: Gathered) -> Way:
    """What the visitor met, or bought, on an earlier visit."""
    own = gathered.evidence.own
    found = find(products, own.products)
    bought = found.of(own.bought) > 0
    return Way(
        kinds=_all(products, "own"),
        strength=found.of(own.met_share),
        origin=_all(products, NOWHERE),
        success=products,
        start=_all(products, NOWHERE),
        traits=lambda row: ("bought",) if bought[row] else (),
    )


def _otherwise(
    products: NDArray[np.int32], gathered: Gathered, shelves: Shelves, *, spoken: NDArray[np.floating]
) -> Way:
    """Where no visit speaks for the product: its kindred do, its category, or the list in front; else it is popular."""
    kin = gathered.evidence.kin
    origin = find(products, kin.near).of(kin.origin, absent=NOWHERE)
    near = origin != NOWHERE
    listed = among(products, gathered.evidence.here.listed)
    otherwise = np.where(near, "kindred", np.where(listed, "listed", "popular"))
    return Way(
        kinds=np.where(_often_chosen(products, gathered.evidence, shelves) & ~near, "shelf", otherwise),
        strength=np.where(spoken > 0, 0.0, 1.0),
        origin=origin,
        success=products,
        start=_all(products, NOWHERE),
        traits=_untold,
    )


def _often_chosen(products: NDArray[np.int32], evidence: Evidence, shelves: Shelves) -> NDArray[np.bool_]:
    """bool (products,): met more than most of a category that the visit is about, or that walks lead to."""
    category = shelves.category[products]
    leading = by_category(evidence.walked.recent.products, evidence.walked.recent.share, shelves) > 0
    if len(evidence.here.seen):
        leading[shelves.category[evidence.here.seen[0]]] = True
    sizes = np.diff(shelves.starts, append=shelves.starts[-1:])
    return (category >= 0) & leading[category] & (shelves.met_share[products] * sizes[category] > OFTEN)


def _kept(starts: NDArray[np.int32], products: NDArray[np.int32], ground: Ground) -> Callable[[int], tuple[str, ...]]:
    """Traits by row, found when they are asked for."""
    return lambda row: traits(int(starts[row]), int(products[row]), facts=ground.facts, prices=ground.prices)


def _untold(row: int) -> tuple[str, ...]:
    return ()


def _all(products: NDArray[np.int32], value: int | str) -> NDArray[Any]:
    return np.full(len(products), value, np.int32 if isinstance(value, int) else None)
