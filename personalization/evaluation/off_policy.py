"""Off-policy estimation: what another policy would have brought, from logs of what was served and how likely that was.

A policy puts a product at each place of a list. The reward of a product is taken to depend on its own place alone and
not on what stands beside it: the item-position model of Li et al. (KDD 2018, “Offline Evaluation of Ranking Policies
with Click Models”). A list's value is then the sum of its places', and of each place only this has to be known: how
likely the policy that served put there what it did, whatever it put elsewhere. That is the *marginal* propensity. Where
a reward is known of whole lists only, the pseudoinverse estimator rests on the same additivity (Swaminathan et al.,
NeurIPS 2017).

Rows need not be places: with the probability of being shown at all as propensity, the same estimators suppose that a
product's reward does not depend on its place either.

Visits are independent of each other, their rows are not: standard errors are of sums by visit.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import inf, isfinite, nan, sqrt
from typing import Final

import numpy as np
from numpy.typing import NDArray

from personalization.evaluation.intervals import NOTHING, Interval

NORMAL: Final = 1.959964  # 95 % of a normal distribution lie within so many standard deviations


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """What was served, one row a place of a list.

    Attributes:
        visits: int64 (n,), whose each row is, 0 … count − 1.
        count: how many visits there were, those without a row included.
        propensities: float64 (n,), in (0, 1], marginal: see above.
        rewards: float64 (n,), what came of what was served there.

    Raises:
        ValueError: the columns are not of one length, or out of range.
    """

    visits: NDArray[np.int64]
    count: int
    propensities: NDArray[np.float64]
    rewards: NDArray[np.float64]

    def __post_init__(self) -> None:
        _check_lengths(len(self.visits), propensities=self.propensities, rewards=self.rewards)
        if len(self.visits) and not 0 <= self.visits.min() <= self.visits.max() < self.count:
            raise ValueError(f"visits: expected numbers from 0 to {self.count - 1}")
        if not ((self.propensities > 0) & (self.propensities <= 1)).all():
            raise ValueError("propensities: expected above 0 and at most 1: what cannot be served is in no log")

    def __len__(self) -> int:
        return len(self.visits)

    def rewarded(self, rewards: NDArray[np.float64]) -> Log:
        """The same places with another reward."""
        return replace(self, rewards=rewards)

    def by_visit(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """float64 (count,): of values float64 (n,), each visit's sum."""
        return np.bincount(self.visits, weights=values, minlength=self.count).astype(np.float64)

    def at(self, where: NDArray[np.bool_]) -> Log:
        """Some of the places, bool (n,); of as many visits."""
        columns = {name: getattr(self, name)[where] for name in ("visits", "propensities", "rewards")}
        return replace(self, **columns)


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What a policy would put at the same places; it may not have been learned from these very rewards.

    Attributes:
        agreement: float64 (n,), in [0, 1]: how likely it puts there what was served.
        expected: float64 (n,), the reward that a model expects of what it puts there, in the mean over its draws.
        expected_served: float64 (n,), the reward that the same model expects of what was served.

    Raises:
        ValueError: the columns are not of one length, or out of range.
    """

    agreement: NDArray[np.float64]
    expected: NDArray[np.float64]
    expected_served: NDArray[np.float64]

    def __post_init__(self) -> None:
        _check_lengths(len(self.agreement), expected=self.expected, expected_served=self.expected_served)
        if not ((self.agreement >= 0) & (self.agreement <= 1)).all():
            raise ValueError("agreement: expected from 0 to 1")

    def at(self, where: NDArray[np.bool_]) -> Policy:
        """Some of the places, bool (n,)."""
        return Policy(
            agreement=self.agreement[where],
            expected=self.expected[where],
            expected_served=self.expected_served[where],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A policy's value a visit, or a difference of two.

    Attributes:
        value: NaN where the logs say nothing.
        influence: float64 (count,), how far each visit moves the value, to first order; their mean is 0.
    """

    value: float
    influence: NDArray[np.float64]

    @property
    def standard_error(self) -> float:
        """Over visits (Liang and Zeger 1986), with the correction for few of them; NaN for one visit."""
        count = len(self.influence)
        return sqrt(float(self.influence @ self.influence) / count / (count - 1)) if count > 1 else nan

    @property
    def interval(self) -> Interval:
        """95 %, by Student's distribution with as many degrees of freedom as the standard error is worth.

        Of values with kurtosis κ these are 2 · visits / (κ − 1) (Satterthwaite 1946): a few large weights leave few.
        """
        error = self.standard_error
        if not isfinite(self.value) or not isfinite(error):
            return NOTHING
        squares = self.influence**2
        spread = float(np.mean(squares * squares) - np.mean(squares) ** 2)
        freedom = 2 * len(squares) * float(np.mean(squares)) ** 2 / spread if spread > 0 else inf
        reach = _student(max(freedom, 1.0)) * error
        return Interval(self.value, self.value - reach, self.value + reach)


def direct(log: Log, policy: Policy) -> Estimate:
    """The direct method: what the model expects, whatever the logs say. As wrong as the model is."""
    return _mean(log.by_visit(policy.expected))


def ips(log: Log, policy: Policy, *, most: float = inf) -> Estimate:
    """Inverse propensity scoring (Horvitz and Thompson 1952; for places, Li et al. 2018).

    Unbiased where the logs could have shown all that the policy shows. With weights held at `most` (Ionides 2008) it
    varies less and, of rewards that are not negative, expects too little.
    """
    return _mean(log.by_visit(weights(log, policy, most=most) * log.rewards))


def snips(log: Log, policy: Policy, *, most: float = inf) -> Estimate:
    """Self-normalised inverse propensity scoring (Owen, “Monte Carlo theory, methods and examples”, ch. 9).

    The weighted mean reward of a place, times places a visit: of bias that vanishes with the visits, never outside what
    rewards range over, and blind to a constant added to them. Its standard error is that of the ratio, to first order.
    """
    weighed = weights(log, policy, most=most)
    total, places = float(weighed.sum()), len(log) / log.count if log.count else 0.0
    if not total:
        return Estimate(value=nan, influence=np.zeros(log.count))
    mean = float(weighed @ log.rewards) / total
    apart = log.by_visit(weighed * (log.rewards - mean)) * (len(log) / total)
    more = mean * (log.by_visit(np.ones(len(log))) - places)
    return Estimate(value=places * mean, influence=apart + more)


def doubly_robust(log: Log, policy: Policy, *, most: float = inf) -> Estimate:
    """The direct method, put right by the model's weighted errors where the logs show what the policy shows.

    Dudík, Langford and Li (ICML 2011), place by place. Unbiased when propensities or model are right, and varies with
    the model's errors rather than with the rewards. Weights held at `most` let the model's bias in, of those places.
    """
    errors = log.rewards - policy.expected_served
    return _mean(log.by_visit(policy.expected + weights(log, policy, most=most) * errors))


def difference(one: Estimate, other: Estimate) -> Estimate:
    """What `one` has more than `other`, both of the same visits: what they share cancels out visit by visit."""
    return Estimate(value=one.value - other.value, influence=one.influence - other.influence)


def ratio(above: NDArray[np.float64], below: NDArray[np.float64]) -> Estimate:
    """Σ above / Σ below, float64 (count,) by visit; varies as the delta method says; NaN where that is nothing."""
    total = float(below.sum())
    value = float(above.sum()) / total if total else nan
    return Estimate(value=value, influence=(above - value * below) * (len(below) / total) if total else below)


def weights(log: Log, policy: Policy, *, most: float = inf) -> NDArray[np.float64]:
    """float64 (n,): how much more likely the policy puts there what was served than who served it; 1 in expectation."""
    _check_lengths(len(log), agreement=policy.agreement)
    return np.minimum(policy.agreement / log.propensities, most)


def _mean(sums: NDArray[np.float64]) -> Estimate:
    value = float(sums.mean()) if len(sums) else nan
    return Estimate(value=value, influence=sums - value)


def _student(freedom: float) -> float:
    """Between ± this lie 95 % of Student's distribution (Abramowitz and Stegun 1964, 26.7.5)."""
    z = NORMAL
    return z + (z**3 + z) / (4 * freedom) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * freedom**2)


def _check_lengths(length: int, **columns: NDArray[np.float64]) -> None:
    for name, column in columns.items():
        if column.shape != (length,):
            raise ValueError(f"{name}: expected {length} rows, got {column.shape}")
