"""From evidence to estimates: what each candidate's evidence says, weighed by what a rebuild learned.

Per outcome two models are fitted by the rebuild, on visits that the evidence had not seen. A conditional logit
(McFadden 1974) weighs what tells the candidates of one question apart, which is what their order rests on; a logistic
regression on its score and on what tells visits apart then turns it into a probability. Both are linear, so that an
estimate is one product of a matrix and a vector. Rare outcomes borrow from frequent ones: a rare outcome's weights are
expected to be those of the outcome it is LIKE, and leave them as far as its own questions say so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from personalization.features import FEATURES, OF_THE_VISIT

OUTCOMES: Final = ("next", "view", "cart", "purchase")
LIKE: Final = (0, 0, 0, 2)  # the outcome whose weights are each one's prior mean; itself: no weight is expected
PRIORS: Final = (3.0, 3.0, 100.0, 1000.0)  # precision of the standardised weights before any question was seen
LEAST: Final = 30  # questions with an outcome below which it is not learned from
AGAINST: Final = 100  # candidates a question to which it did not happen, at most, that a choice is learned against
ROUNDS: Final = 40  # of Newton's method

_OF_THE_VISIT: Final = np.array([name in OF_THE_VISIT for name in FEATURES])
# Of what is chosen already, or on the page, no zone asks whether it will be: it is estimated, but teaches no choice.
_TAKEN: Final = np.array([name in ("in_cart", "on_page") for name in FEATURES])
_APART: Final = tuple(_OF_THE_VISIT | (_TAKEN if outcome in ("cart", "purchase") else False) for outcome in OUTCOMES)


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
    drawn: NDArray[np.bool_],
    rng: np.random.Generator,
) -> Estimator:
    """Fit every model.

    Args:
        rows: float32 (n, features), candidates of visits that the evidence had not seen.
        outcomes: bool (n, 4), what then happened, columns as OUTCOMES.
        questions: int64 (n,), ascending, to which question each candidate belongs.
        drawn: bool (n,), of questions drawn evenly; others were sought out for what followed, and tell candidates
            apart, but not how often anything happens.
        rng: draws the candidates that choices are learned against.

    An outcome that befell the candidates of too few questions, or all there are, keeps the shape of the next more
    frequent one, shifted to its own frequency: a store whose events are views alone still ranks by what is most likely
    to be bought. Where even the first is none to learn from, the untaught models hold.
    """
    centre, spread = rows.mean(axis=0, dtype=np.float64), rows.std(axis=0, dtype=np.float64)
    # A feature that does not vary weighs nothing: an infinite spread leaves it so.
    scales = _Scales(centre, np.where(spread > 1e-4, spread, np.inf))
    choices, weights, intercepts = np.zeros_like(UNTAUGHT.weights), UNTAUGHT.weights.copy(), UNTAUGHT.intercepts.copy()
    with threadpool_limits(1, user_api="blas"):  # many narrow products: threads would mostly wait for each other
        for row, apart in enumerate(_APART):
            happened = outcomes[:, row]
            told = np.flatnonzero(~rows[:, apart & _TAKEN].any(axis=1))  # what can still be chosen
            if len(np.unique(questions[told][happened[told]])) >= LEAST and not happened.all():
                prior = Prior(choices[LIKE[row]], PRIORS[row])  # of the first its own, which is still nothing
                choices[row] = _choice(rows[told], happened[told], questions[told], scales, apart, prior, rng)
                choice = choices[row] / scales.spread
                weights[row], intercepts[row] = _chances(rows[drawn], happened[drawn], scales, apart, choice)
            elif row:
                rarer = np.log((happened[drawn].sum() + 0.5) / (outcomes[drawn, row - 1].sum() + 1.0))
                weights[row], intercepts[row] = weights[row - 1], intercepts[row - 1] + rarer
                choices[row] = choices[row - 1]
    return Estimator(weights=weights, intercepts=intercepts)


@dataclass(frozen=True, slots=True)
class Prior:
    """What is believed of standardised weights before any question was seen: normal around `mean` (features,)."""

    mean: NDArray[np.float64]
    precision: float


@dataclass(frozen=True, slots=True)
class _Scales:
    """Mean and standard deviation, float64 (features,), of every feature; infinite for one that does not vary."""

    centre: NDArray[np.float64]
    spread: NDArray[np.float64]

    def of(self, rows: NDArray[np.float32], columns: NDArray[np.bool_]) -> NDArray[np.float64]:
        """float64 (rows, chosen columns), standardised."""
        return np.asarray((rows[:, columns] - self.centre[columns]) / self.spread[columns], dtype=np.float64)


def _choice(
    rows: NDArray[np.float32],
    happened: NDArray[np.bool_],
    questions: NDArray[np.int64],
    scales: _Scales,
    apart: NDArray[np.bool_],
    prior: Prior,
    rng: np.random.Generator,
) -> NDArray[np.float64]:
    """float64 (features,), standardised: what tells the candidates of a question apart; 0 for what stands apart."""
    among, choice = ~apart, np.zeros(len(FEATURES))
    believed = Prior(prior.mean[among], prior.precision)
    score = np.zeros(len(rows), np.float32)
    for hardest in (0, AGAINST // 2):  # against any others first, then also against those that are hard to tell
        sample, offset = _sampled(happened, questions, score, hardest=hardest, rng=rng)
        scaled = scales.of(rows[sample], among)
        choice[among] = conditional_logit(scaled, happened[sample], questions[sample], offset=offset, prior=believed)
        score = rows @ (choice / scales.spread).astype(np.float32)
    return choice


def _chances(
    rows: NDArray[np.float32],
    happened: NDArray[np.bool_],
    scales: _Scales,
    apart: NDArray[np.bool_],
    choice: NDArray[np.float64],
) -> tuple[NDArray[np.float64], float]:
    """Weights (features,) and intercept of the probabilities."""
    score = (rows @ choice.astype(np.float32)).astype(np.float64)
    width = max(float(score.std()), 1e-9)
    columns = np.column_stack([(score - score.mean()) / width, scales.of(rows, apart)])
    model = LogisticRegression(C=1.0, solver="newton-cholesky").fit(columns, happened)
    slope = max(float(model.coef_[0, 0]) / width, 1e-6)  # a larger score is never a smaller chance
    weights = choice * slope
    weights[apart] = model.coef_[0, 1:] / scales.spread[apart]
    return weights, float(model.intercept_[0] - slope * score.mean() - weights[apart] @ scales.centre[apart])


def _sampled(
    happened: NDArray[np.bool_],
    questions: NDArray[np.int64],
    score: NDArray[np.float32],
    *,
    hardest: int,
    rng: np.random.Generator,
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Rows, ascending, of questions in which it happened, and what each counts more than itself, as a logarithm.

    All to which it happened, the `hardest` others by score, and others drawn evenly, up to AGAINST together; each of
    these stands for all that it could have been drawn among. Without that, what happened would be held against the
    hardest alone, and where much happened, which was mostly not expected, evidence would seem to speak against itself.
    """
    told = np.flatnonzero(np.isin(questions, questions[happened]))
    others = told[~happened[told]]
    first = _places(questions[others], -score[others]) < hardest
    rest = others[~first]
    place, size = _places(questions[rest], rng.random(len(rest))), AGAINST - hardest
    drawn = rest[place < size]
    left = np.bincount(questions[rest], minlength=int(questions[-1]) + 1)[questions[drawn]]
    rows = np.concatenate([told[happened[told]], others[first], drawn])
    more = np.concatenate([np.zeros(len(rows) - len(drawn)), np.log(np.maximum(left / size, 1.0))])
    order = np.argsort(rows)
    return rows[order], more[order]


def _places(questions: NDArray[np.int64], values: NDArray[Any]) -> NDArray[np.int64]:
    """int64 (n,): each row's place in its question by value, the lowest first; `questions` ascend."""
    order = np.lexsort((values, questions))
    places = np.empty(len(order), np.int64)
    places[order] = np.arange(len(order)) - np.searchsorted(questions, questions)
    return places


def conditional_logit(
    rows: NDArray[np.float64],
    chosen: NDArray[np.bool_],
    questions: NDArray[np.int64],
    *,
    offset: NDArray[np.float64],
    prior: Prior,
) -> NDArray[np.float64]:
    """Weights (features,) under which what was chosen stands out among its question's rows, by Newton's method.

    `questions` is ascending and each has something chosen; several things chosen are as many choices, and their
    question counts once. `offset` is added to each row's score. With the prior there is always one best answer.
    """
    starts = np.flatnonzero(np.diff(questions, prepend=questions[:1] - 1))
    ridge = prior.precision / len(starts)
    place = np.repeat(np.arange(len(starts)), np.diff(np.append(starts, len(questions))))
    wanted = chosen / np.add.reduceat(chosen.astype(np.float64), starts)[place]
    weights = prior.mean.copy()

    def shares(weights: NDArray[np.float64]) -> tuple[NDArray[np.float64], float]:
        score = rows @ weights + offset
        score -= np.maximum.reduceat(score, starts)[place]
        total = np.add.reduceat(np.exp(score), starts)[place]
        loss = -float(wanted @ (score - np.log(total))) / len(starts)
        return np.exp(score) / total, loss + ridge / 2 * float((weights - prior.mean) @ (weights - prior.mean))

    share, loss = shares(weights)
    for _ in range(ROUNDS):
        slope = rows.T @ (share - wanted) / len(starts) + ridge * (weights - prior.mean)
        expected = np.add.reduceat(rows * share[:, None], starts)
        curvature = (rows.T @ (rows * share[:, None]) - expected.T @ expected) / len(starts)
        curvature += ridge * np.eye(rows.shape[1])
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
