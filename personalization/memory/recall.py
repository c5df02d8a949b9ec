"""Recall: the most analogous past situations, read from one generation's partition. The only reader of vectors."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pgvector import HalfVector
from psycopg import Cursor

from personalization.evidence import NOTHING_RECALLED, Recalled
from personalization.memory import payload, vectors
from personalization.memory.partitions import TABLE, name_of
from personalization.memory.ways_to_purchase import first_met, once_a_visit, steps_left
from personalization.transposition import Moves


@dataclass(frozen=True, slots=True)
class Analogues:
    """Past situations, nearest first.

    Attributes:
        ids, visits: int64 (k,).
        at: float64 (k,), seconds since 1970.
        distance: float32 (k,), L2 in scaled markers.
        payloads: k packed outcomes.
    """

    ids: NDArray[np.int64]
    visits: NDArray[np.int64]
    at: NDArray[np.float64]
    distance: NDArray[np.float32]
    payloads: list[bytes]

    def __len__(self) -> int:
        return len(self.ids)

    def before(self, instant: float, *, most: int) -> Analogues:
        """The nearest `most` of those lived before `instant`: how a rebuild asks as if it were then."""
        return self._at(np.flatnonzero(self.at < instant)[:most])

    def but(self, visit_id: int, *, most: int) -> Analogues:
        """The nearest `most` of those that are not of this visit."""
        return self._at(np.flatnonzero(self.visits != visit_id)[:most])

    def _at(self, rows: NDArray[np.int64]) -> Analogues:
        return Analogues(
            ids=self.ids[rows],
            visits=self.visits[rows],
            at=self.at[rows],
            distance=self.distance[rows],
            payloads=[self.payloads[row] for row in rows],
        )


NONE = Analogues(
    ids=np.empty(0, np.int64),
    visits=np.empty(0, np.int64),
    at=np.empty(0, np.float64),
    distance=np.empty(0, np.float32),
    payloads=[],
)


def nearest(generation_id: int, situation: NDArray[np.float32], *, k: int, ef: int, exact: bool = False) -> Analogues:
    """The k nearest situations of a generation.

    `situation` is float32 (232,), scaled; `ef` how many candidates the index keeps while it searches
    (hnsw.ef_search), at least k; `exact` compares with every row instead of asking the index.
    """
    with vectors.cursor() as cursor:
        _tune(cursor, ef=max(ef, k), exact=exact)
        cursor.execute(
            "SELECT id, visit_id, extract(epoch FROM at)::float8, (situation <-> %s)::float4, payload"  # noqa: S608
            f" FROM {name_of(generation_id)} ORDER BY situation <-> %s LIMIT %s",  # nosec B608: a number
            [vector := HalfVector(situation), vector, k],
        )
        rows = cursor.fetchall()
    if not rows:
        return NONE
    ids, visits, at, distance, payloads = zip(*rows, strict=True)
    return Analogues(
        ids=np.array(ids, np.int64),
        visits=np.array(visits, np.int64),
        at=np.array(at, np.float64),
        distance=np.array(distance, np.float32),
        payloads=[bytes(packed) for packed in payloads],
    )


@dataclass(frozen=True, slots=True)
class PastMoment:
    """One past situation, read again to explain an answer.

    Attributes:
        at: seconds since 1970.
        situation: float32 (232,), scaled.
    """

    visit_id: int
    at: float
    situation: NDArray[np.float32]
    payload: bytes


def moments(generation_id: int, ids: list[int]) -> dict[int, PastMoment]:
    """The situations of these ids that the generation still holds."""
    with vectors.cursor() as cursor:
        cursor.execute(
            f"SELECT id, visit_id, extract(epoch FROM at)::float8, situation, payload FROM {TABLE}"  # noqa: S608
            " WHERE generation_id = %s AND id = ANY(%s)",  # nosec B608: our own table
            [generation_id, ids],
        )
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return {
        situation_id: PastMoment(visit_id, at, situation.to_numpy().astype(np.float32), bytes(packed))
        for situation_id, visit_id, at, situation, packed in rows
    }


def similarity(analogues: Analogues, *, bandwidth: float) -> NDArray[np.float32]:
    """float32 (k,) in (0, 1]: a Gaussian kernel of the distance."""
    return np.asarray(np.exp(-0.5 * (analogues.distance / bandwidth) ** 2), dtype=np.float32)


def evidence(analogues: Analogues, similar: NDArray[np.float32], *, catalog: int) -> tuple[Recalled, Moves]:
    """What followed the analogues, summed by product and told as moves; products beyond `catalog` are left out."""
    records, rows = payload.unpack(analogues.payloads)
    outcome = (records["kind"] != payload.FOCUS) & (records["product"] < catalog)
    if not outcome.any():
        return (NOTHING_RECALLED if not len(analogues) else _no_outcome(similar)), _moves(
            records, rows, outcome, similar
        )
    products, kinds = records["product"][outcome], records["kind"][outcome]
    weights = similar[rows[outcome]]
    unique, inverse = np.unique(products, return_inverse=True)
    total = np.bincount(inverse, weights=weights)
    squares = np.bincount(inverse, weights=weights * weights)
    steps, reached = _ways(records, rows, outcome, inverse, once_a_visit(similar, analogues.visits))
    recalled = Recalled(
        products=unique.astype(np.int32),
        view=_sum(inverse, weights * (kinds == payload.VIEW)),
        cart=_sum(inverse, weights * (kinds == payload.CART)),
        purchase=_sum(inverse, weights * (kinds == payload.PURCHASE)),
        support=(total * total / np.maximum(squares, 1e-30)).astype(np.float32),
        steps=steps,
        reached=reached,
        mass=float(similar.sum()),
        cart_mass=_mass_with(records, rows, payload.CART, similar),
        purchase_mass=_mass_with(records, rows, payload.PURCHASE, similar),
    )
    return recalled, _moves(records, rows, outcome, similar)


def _moves(
    records: NDArray[np.void],
    rows: NDArray[np.int64],
    outcome: NDArray[np.bool_],
    similar: NDArray[np.float32],
) -> Moves:
    """Each outcome with the product that was in focus before it."""
    focus = np.full(len(similar), -1, np.int32)
    stands = np.flatnonzero(records["kind"] == payload.FOCUS)[::-1]
    focus[rows[stands]] = records["product"][stands]  # the first record, the newest product, is written last
    kinds, weights = records["kind"][outcome], similar[rows[outcome]]
    return Moves(
        origin=focus[rows[outcome]],
        success=records["product"][outcome].astype(np.int32),
        view=(weights * (kinds == payload.VIEW)).astype(np.float32),
        cart=(weights * (kinds == payload.CART)).astype(np.float32),
        purchase=(weights * (kinds == payload.PURCHASE)).astype(np.float32),
    )


def _ways(
    records: NDArray[np.void],
    rows: NDArray[np.int64],
    outcome: NDArray[np.bool_],
    inverse: NDArray[np.int64],
    weights: NDArray[np.float32],
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """`steps` and `reached` of `Recalled`; `inverse` tells the product of each outcome, `weights` are (analogues,)."""
    left, reached = steps_left(records, rows, ways=len(weights))
    left, way = left[outcome], rows[outcome]
    told = weights[way] * ((left > 0) & first_met(way, inverse, ways=len(weights)))
    return _sum(inverse, told * left), _sum(inverse, told * reached[way])


def _no_outcome(similar: NDArray[np.float32]) -> Recalled:
    """Analogues after which nothing happened: that too is evidence."""
    return replace(NOTHING_RECALLED, mass=float(similar.sum()))


def _mass_with(records: NDArray[np.void], rows: NDArray[np.int64], kind: int, similar: NDArray[np.float32]) -> float:
    followed = np.zeros(len(similar), bool)
    followed[rows[records["kind"] == kind]] = True
    return float(similar[followed].sum())


def _sum(inverse: NDArray[np.int64], weights: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.bincount(inverse, weights=weights).astype(np.float32)


def _tune(cursor: Cursor[tuple[object, ...]], *, ef: int, exact: bool) -> None:
    """Session settings of the search, sent only when they change.

    Within a transaction they are always sent and never taken for granted: a rollback takes them back unseen.
    """
    wanted = (ef, exact)
    settled = cursor.connection.autocommit
    if not settled or getattr(cursor.connection, "search", None) != wanted:
        scan = "off" if exact else "on"
        cursor.execute(f"SET hnsw.ef_search = {min(int(ef), 1000)}; SET enable_indexscan = {scan}")
        cursor.connection.search = wanted if settled else None  # type: ignore[attr-defined]
