"""How good a memory is: its questions answered, and held against what then happened."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from personalization.estimation import OUTCOMES, Estimator, expected_calibration_error
from personalization.memory import payload
from personalization.memory.questions import Asked
from personalization.memory.recall import Analogues

LIST: Final = 20  # products of the list that is judged
BANDS: Final = 5


@dataclass(frozen=True, slots=True)
class Table:
    """A question, its candidates, and what became of them.

    Attributes:
        products: int32 (n,).
        rows: float32 (n, features).
        outcomes: bool (n, 4), columns as `estimation.OUTCOMES`.
        analogues: the past situations that spoke, nearest first; similarity: float32 (analogues,).
    """

    asked: Asked
    products: NDArray[np.int32]
    rows: NDArray[np.float32]
    outcomes: NDArray[np.bool_]
    analogues: Analogues
    similarity: NDArray[np.float32]


def figures(tables: Iterable[Table], estimator: Estimator) -> dict[str, Any]:
    """Hit rate and reciprocal rank of the next product, calibration of every outcome, success by likeness."""
    ranks, predicted, happened, banded, until = [], [], [], [], 0.0
    count = 0
    for table in tables:
        count, until = count + 1, max(until, table.asked.at)
        chances = estimator.probabilities(table.rows)
        predicted.append(chances)
        happened.append(table.outcomes)
        banded.append(_by_nearness(table))
        if table.asked.following >= 0:
            listed = table.products[np.argsort(-chances[:, 0], kind="stable")[:LIST]]
            at = np.flatnonzero(listed == table.asked.following)
            ranks.append(int(at[0]) + 1 if len(at) else 0)
    if not count:
        return {"questions": 0}
    hits = [rank for rank in ranks if rank]
    return {
        "questions": count,
        "judged_until": round(until),
        "hr_20": round(len(hits) / max(len(ranks), 1), 4),
        "mrr_20": round(sum(1 / rank for rank in hits) / max(len(ranks), 1), 4),
        "similarity_bands": _bands(np.sum(banded, axis=0)),
        **_calibration_errors(np.concatenate(predicted), np.concatenate(happened)),
    }


def _calibration_errors(chances: NDArray[np.float32], outcomes: NDArray[np.bool_]) -> dict[str, float]:
    return {
        f"calibration_error_{name}": round(expected_calibration_error(chances[:, column], outcomes[:, column]), 5)
        for column, name in enumerate(OUTCOMES)
        if column
    }


def _by_nearness(table: Table) -> NDArray[np.float64]:
    """float64 (BANDS, 3): of the analogues by fifths, the farthest first: how many, their similarity, successes.

    An analogue succeeds when the product that came next there is met, carted or bought later here. Bands are drawn
    within the question: how much of anything happens later differs far more from visit to visit.
    """
    later = table.asked.viewed | table.asked.taken | table.asked.bought
    bands = np.zeros((BANDS, 3))
    if not later or len(table.analogues) < BANDS:
        return bands
    followed = _first_followed(table.analogues)
    told = np.flatnonzero(followed >= 0)
    band = (len(followed) - 1 - told) * BANDS // len(followed)
    succeeded = np.isin(followed[told], list(later))
    np.add.at(bands, band, np.stack([np.ones(len(told)), table.similarity[told], succeeded], axis=1))
    return bands


def _first_followed(analogues: Analogues) -> NDArray[np.int64]:
    """int64 (analogues,): the product that came next in each, −1 where the visit ended."""
    records, rows = payload.unpack(analogues.payloads)
    followed = np.full(len(analogues), -1, np.int64)
    outcomes = np.flatnonzero(records["kind"] != payload.FOCUS)[::-1]
    followed[rows[outcomes]] = records["product"][outcomes]  # the first is written last
    return followed


def _bands(summed: NDArray[np.float64]) -> list[list[float]]:
    """[analogues, mean similarity, share that succeeded] of each band that holds any, the farthest first."""
    return [
        [int(number), round(similarity / number, 4), round(succeeded / number, 5)]
        for number, similarity, succeeded in summed.tolist()
        if number
    ]
