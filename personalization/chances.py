"""Chances: a logistic model per outcome over an engine's own features, fitted on questions of past visits.

Fitted on visits that the features had not seen, it says how likely each outcome is, not only which is likelier.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

OUTCOMES: Final = ("next", "view", "cart", "purchase")  # columns of what is predicted
LEAST: Final = 10  # times that an outcome must have happened to be learned from
RARE: Final = (-6.0, -5.5, -7.0, -8.0)  # log odds of each outcome where nothing was learned


@dataclass(frozen=True, slots=True)
class Chances:
    """The fitted models of one engine.

    Attributes:
        features: names of the columns they weigh.
        weights: float64 (4, features), a row an outcome.
        intercepts: float64 (4,).
    """

    features: tuple[str, ...]
    weights: NDArray[np.float64]
    intercepts: NDArray[np.float64]

    def of(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        """float32 (candidates, 4): the probability of each outcome, from features (candidates, features)."""
        return np.asarray(expit(rows @ self.weights.T + self.intercepts), dtype=np.float32)

    def to_json(self) -> dict[str, Any]:
        return {
            "features": list(self.features),
            "weights": self.weights.tolist(),
            "intercepts": self.intercepts.tolist(),
        }

    @classmethod
    def from_json(cls, stored: dict[str, Any], *, features: Sequence[str]) -> Chances:
        """The stored models over today's features; one unknown then weighs nothing."""
        then = {name: column for column, name in enumerate(stored["features"])}
        weights = np.array(stored["weights"])
        columns = [weights[:, then[name]] if name in then else np.zeros(len(OUTCOMES)) for name in features]
        return cls(tuple(features), np.stack(columns, axis=1), np.array(stored["intercepts"]))


def untaught(features: Sequence[str], *, believed: dict[str, float]) -> Chances:
    """What a store too young to learn from starts with: `believed` weighs some features, the same for any outcome."""
    row = np.array([believed.get(name, 0.0) for name in features])
    return Chances(tuple(features), np.tile(row, (len(OUTCOMES), 1)), np.array(RARE))


def fit(rows: NDArray[np.float32], outcomes: NDArray[np.bool_], *, before: Chances) -> Chances:
    """The models that best tell outcomes from features.

    Args:
        rows: float32 (n, features), candidates of questions.
        outcomes: bool (n, 4), what then happened, columns as OUTCOMES.
        before: what holds where even the first outcome is too rare to learn from.

    An outcome too rare to learn from keeps the shape of the one before it, shifted to its own frequency.
    """
    centre = rows.mean(axis=0, dtype=np.float64)
    spread = np.sqrt(np.square(rows - centre).mean(axis=0))
    spread = np.where(spread > 1e-4, spread, np.inf)  # what does not vary weighs nothing
    scaled = ((rows - centre) / spread).astype(np.float32)
    weights, intercepts = before.weights.copy(), before.intercepts.copy()
    for column in range(len(OUTCOMES)):
        happened = outcomes[:, column]
        if LEAST <= happened.sum() < len(happened):
            model = LogisticRegression(C=1.0, max_iter=300).fit(scaled, happened)
            weights[column] = model.coef_[0] / spread
            intercepts[column] = model.intercept_[0] - float(model.coef_[0] @ (centre / spread))
        elif column:
            rarer = np.log((happened.sum() + 0.5) / (outcomes[:, column - 1].sum() + 1.0))
            weights[column], intercepts[column] = weights[column - 1], intercepts[column - 1] + rarer
    return Chances(before.features, weights, intercepts)
