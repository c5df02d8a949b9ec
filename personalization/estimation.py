"""From evidence to estimates: what each candidate's evidence says, weighed by what a rebuild learned.

Per outcome two models are fitted by the rebuild, on visits that the evidence had not seen. A conditional logit
(McFadden 1974) weighs what tells the candidates of one question apart, which is what their order rests on; a logistic
regression on its score and on what tells visits apart then turns it into a probability. Both are linear, so that an
estimate is one product of a matrix and a vector.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

from personalization.features import FEATURES, OF_THE_VISIT

OUTCOMES: Final = ("next", "view", "cart", "purchase")
LEAST: Final = 30  # questions with an outcome below which it is not learned from
AGAINST: Final = 100  # candidates a question to which it did not happen, at most, that a choice is learned from
PRIOR: Final = 3.0  # precision of the standardised weights before any question was seen: few questions move them little
ROUNDS: Final = 40  # of Newton's method

_CHOSEN: Final = np.array([name not in OF_THE_VISIT for name in FEATURES])


@dataclass(frozen=True, slots=True)
class Estimator:
    """The fitted models.

    Attributes:
        weights: float64 (4, features), one row an outcome of OUTCOMES.
        intercepts: float64 (4,).
    """

    weights: NDArray[np.float64]
    intercepts: NDArray[np.float64]

    def probabilities(self, features: NDArray[np.float32]) -> NDArray[np.float32]:
        """float32 (candidates, 4) from features (candidates, features)."""
        logits = features @ self.weights.T.astype(np.float32) + self.intercepts.astype(np.float32)
        return np.asarray(expit(logits), dtype=np.float32)

    def to_json(self) -> dict[str, Any]:
        return {
            "features": list(FEATURES),
            "weights": self.weights.tolist(),
            "intercepts": self.intercepts.tolist(),
        }

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Estimator:
        """The stored models, their columns brought into today's order; a feature unknown then weighs nothing."""
        then = {name: column for column, name in enumerate(stored["features"])}
        weights = np.array(stored["weights"])
        columns = [weights[:, then[name]] if name in then else np.zeros(len(OUTCOMES)) for name in FEATURES]
        return cls(weights=np.stack(columns, axis=1), intercepts=np.array(stored["intercepts"]))


def fit(
    rows: NDArray[np.float32],
    outcomes: NDArray[np.bool_],
    *,
    questions: NDArray[np.int64],
    rng: np.random.Generator,
) -> Estimator:
    """Fit every model.

    Args:
        rows: float32 (n, features), candidates of visits that the evidence had not seen.
        outcomes: bool (n, 4), what then happened, columns as OUTCOMES.
        questions: int64 (n,), ascending, to which question each candidate belongs.
        rng: draws the candidates that choices are learned against.

    An outcome that befell the candidates of too few questions, or all there are, keeps the shape of the next more
    frequent one, shifted to its own frequency: a store whose events are views alone still ranks by what is most likely
    to be bought. Where even the first is none to learn from, the untaught models hold.
    """
    centre, spread = rows.mean(axis=0, dtype=np.float64), rows.std(axis=0, dtype=np.float64)
    # A feature that does not vary weighs nothing: an infinite spread leaves it so.
    spread = np.where(spread > 1e-4, spread, np.inf)
    weights, intercepts = UNTAUGHT.weights.copy(), UNTAUGHT.intercepts.copy()
    for row in range(len(OUTCOMES)):
        happened = outcomes[:, row]
        if len(np.unique(questions[happened])) >= LEAST and not happened.all():
            weights[row], intercepts[row] = _fit_one(rows, happened, questions, centre, spread, rng)
        elif row:
            rarer = np.log((happened.sum() + 0.5) / (outcomes[:, row - 1].sum() + 1.0))
            weights[row], intercepts[row] = weights[row - 1], intercepts[row - 1] + rarer
    return Estimator(weights=weights, intercepts=intercepts)


def _fit_one(
    rows: NDArray[np.float32],
    happened: NDArray[np.bool_],
    questions: NDArray[np.int64],
    centre: NDArray[np.float64],
    spread: NDArray[np.float64],
    rng: np.random.Generator,
) -> tuple[NDArray[np.float64], float]:
    """Weights (features,) and intercept of one outcome."""
    choice = np.zeros(len(FEATURES))
    against = rng.random(len(rows)).astype(np.float32)
    for _ in range(2):  # against any others first, then against those that the first found hard to tell
        sample = _sampled(happened, questions, against)
        scaled = ((rows[sample][:, _CHOSEN] - centre[_CHOSEN]) / spread[_CHOSEN]).astype(np.float64)
        choice[_CHOSEN] = conditional_logit(scaled, happened[sample], questions[sample]) / spread[_CHOSEN]
        against = -(rows @ choice.astype(np.float32))
    score = -against
    visit = ((rows[:, ~_CHOSEN] - centre[~_CHOSEN]) / spread[~_CHOSEN]).astype(np.float32)
    model = LogisticRegression(C=1.0, max_iter=300).fit(np.column_stack([score, visit]), happened)
    weights = choice * max(float(model.coef_[0, 0]), 1e-6)  # a larger score is never a smaller chance
    weights[~_CHOSEN] = model.coef_[0, 1:] / spread[~_CHOSEN]
    return weights, float(model.intercept_[0] - weights[~_CHOSEN] @ centre[~_CHOSEN])


def _sampled(
    happened: NDArray[np.bool_], questions: NDArray[np.int64], against: NDArray[np.float32]
) -> NDArray[np.int64]:
    """Rows, ascending, of questions in which it happened: all to which it did, and the AGAINST lowest others."""
    told = np.isin(questions, questions[happened])
    order = np.lexsort((against, happened, questions))
    starts = np.searchsorted(questions[order], questions[order])
    kept = np.zeros(len(questions), bool)
    kept[order] = np.arange(len(order)) - starts < AGAINST  # within a question those to which it did not come first
    return np.flatnonzero(told & (kept | happened))


def conditional_logit(
    rows: NDArray[np.float64], chosen: NDArray[np.bool_], questions: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Weights (features,) under which what was chosen stands out among its question's rows, by Newton's method.

    `questions` is ascending and each has something chosen; several things chosen are as many choices, and their
    question counts once. The weights have a normal prior, so that there is always one best answer.
    """
    starts = np.flatnonzero(np.diff(questions, prepend=questions[:1] - 1))
    ridge = PRIOR / len(starts)
    place = np.repeat(np.arange(len(starts)), np.diff(np.append(starts, len(questions))))
    wanted = chosen / np.add.reduceat(chosen.astype(np.float64), starts)[place]
    weights = np.zeros(rows.shape[1])

    def shares(weights: NDArray[np.float64]) -> tuple[NDArray[np.float64], float]:
        score = rows @ weights
        score -= np.maximum.reduceat(score, starts)[place]
        total = np.add.reduceat(np.exp(score), starts)[place]
        loss = -float(wanted @ (score - np.log(total))) / len(starts) + ridge / 2 * float(weights @ weights)
        return np.exp(score) / total, loss

    share, loss = shares(weights)
    for _ in range(ROUNDS):
        slope = rows.T @ (share - wanted) / len(starts) + ridge * weights
        mean = np.add.reduceat(rows * share[:, None], starts)
        curvature = (rows.T @ (rows * share[:, None]) - mean.T @ mean) / len(starts) + ridge * np.eye(rows.shape[1])
        step, before = np.linalg.solve(curvature, slope), loss
        for _ in range(12):  # halved until it descends
            share, loss = shares(weights - step)
            if loss <= before:
                break
            step /= 2
        if loss > before:
            break
        weights = weights - step
        if before - loss < 1e-8:
            break
    return weights


def expected_calibration_error(predicted: NDArray[np.float32], happened: NDArray[np.bool_], *, bins: int = 15) -> float:
    """Mean |predicted − observed| over equal-mass bins (Naeini, Cooper & Hauskrecht, AAAI 2015)."""
    order = np.argsort(predicted, kind="stable")
    gaps = [
        abs(float(predicted[part].mean()) - float(happened[part].mean())) * len(part)
        for part in np.array_split(order, bins)
        if len(part)
    ]
    return sum(gaps) / max(len(order), 1)


def _untaught() -> Estimator:
    """What a store too young to learn from starts with: evidence counts, follow-ups are rare."""
    believed = {"followed_view": 1.0, "recalled_view": 1.0, "transposed_view": 1.0, "walked": 1.0, "popularity": 0.5}
    evidence = np.array([believed.get(name, 0.0) for name in FEATURES])
    return Estimator(weights=np.tile(evidence, (len(OUTCOMES), 1)), intercepts=np.array([6.0, 6.5, 4.5, 3.5]))


UNTAUGHT: Final = _untaught()
