"""Figures of next-item evaluation: pure arithmetic on ranks and times."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Outcome:
    """One query answered.

    Attributes:
        rank: of the target in the list, from 1; 0 when it is not in it.
        is_new: the target does not stand in the query's prefix.
        answered: something was listed at all.
        milliseconds: from the prefix to the list.
    """

    rank: int
    is_new: bool
    answered: bool
    milliseconds: float


def hit_rate(ranks: Sequence[int]) -> float:
    """HR@k: share of targets in the list; 0 for no queries."""
    return sum(rank > 0 for rank in ranks) / len(ranks) if ranks else 0.0


def mean_reciprocal_rank(ranks: Sequence[int]) -> float:
    """MRR@k: mean of 1/rank, a target outside the list counting 0; 0 for no queries."""
    return sum(1 / rank for rank in ranks if rank) / len(ranks) if ranks else 0.0


def summary(outcomes: Sequence[Outcome], *, listed: int, catalog: int) -> dict[str, float | int]:
    """The figures of `manage.py evaluate`; `coverage` is the share of the catalog's items that some list held."""
    ranks = [outcome.rank for outcome in outcomes]
    new = [outcome.rank for outcome in outcomes if outcome.is_new]
    times = [outcome.milliseconds for outcome in outcomes] or [0.0]
    return {
        "n": len(outcomes),
        "hr": round(hit_rate(ranks), 5),
        "mrr": round(mean_reciprocal_rank(ranks), 5),
        "n_new": len(new),
        "hr_new": round(hit_rate(new), 5),
        "mrr_new": round(mean_reciprocal_rank(new), 5),
        "coverage": round(listed / catalog, 5) if catalog else 0.0,
        "answered": round(sum(outcome.answered for outcome in outcomes) / max(len(outcomes), 1), 5),
        "ms_mean": round(float(np.mean(times)), 3),
        "ms_p50": round(float(np.percentile(times, 50)), 3),
        "ms_p99": round(float(np.percentile(times, 99)), 3),
    }
