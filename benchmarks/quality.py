"""Figures of next-item quality with their intervals, and what engines have more than others: pure arithmetic."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any, Final

import numpy as np

from benchmarks.kept_answers import Answered
from personalization.evaluation.figures import Outcome, summary
from personalization.evaluation.intervals import Quotient, difference, intervals

MEASURES: Final = ("hr", "mrr", "hr_new", "mrr_new")
SEED: Final = 0


def quotients(outcomes: Sequence[Outcome]) -> dict[str, Quotient]:
    """Each of MEASURES as sums: of hits or 1 / rank, over queries or over those whose target is new."""
    ranks = np.array([outcome.rank for outcome in outcomes], np.float64)
    new = np.array([outcome.is_new for outcome in outcomes], np.float64)
    hit, reciprocal = (ranks > 0).astype(np.float64), np.divide(1.0, ranks, out=np.zeros_like(ranks), where=ranks > 0)
    every = np.ones_like(ranks)
    return {
        "hr": (hit, every),
        "mrr": (reciprocal, every),
        "hr_new": (hit * new, new),
        "mrr_new": (reciprocal * new, new),
    }


def figures(answers: Mapping[str, Answered], *, engines: Sequence[str], sessions: Sequence[Hashable]) -> dict[str, Any]:
    """Of each name its figures and intervals; of each engine what it has more than every other, asked the same.

    `sessions` tells whose query each is: intervals are of whole sessions.
    """
    measured = {name: quotients(answered.outcomes) for name, answered in answers.items()}
    asked = {(name, "", measure): measured[name][measure] for name in answers for measure in MEASURES}
    for engine in engines:
        for other in answers:
            if other != engine:
                for measure in MEASURES:
                    asked[engine, other, measure] = difference(measured[engine][measure], measured[other][measure])
    found = {
        key: interval.to_json()
        for key, interval in intervals(
            {"\n".join(key): quotient for key, quotient in asked.items()}, clusters=sessions, seed=SEED
        ).items()
    }
    return {
        "models": {name: _of(answers[name], name, found) for name in answers},
        "more": {
            engine: {
                other: {measure: found[f"{engine}\n{other}\n{measure}"] for measure in MEASURES}
                for other in answers
                if other != engine
            }
            for engine in engines
        },
    }


def _of(answered: Answered, name: str, found: Mapping[str, list[float | None]]) -> dict[str, Any]:
    return {
        **summary(answered.outcomes, listed=answered.listed, catalog=answered.catalog),
        "fit_seconds": round(answered.fit_seconds, 1),
        "intervals": {measure: found[f"{name}\n\n{measure}"] for measure in MEASURES},
    }
