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
    return _mean(_by_visit(log, policy.expected))


def ips(log: Log, policy: Policy, *, most: float = inf) -> Estimate:
    """Inverse propensity scoring (Horvitz and Thompson 1952; for places, Li et al. 2018).

    Unbiased where the logs could have shown all that the policy shows. With weights held at `most` (Ionides 2008) it
    varies less and, of rewards that are not negative, expects too little.
    """
    return _mean(_by_visit(log, weights(log, policy, most=most) * log.rewards))


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
    apart = _by_visit(log, weighed * (log.rewards - mean)) * (len(log) / total)
    more = mean * (_by_visit(log, np.ones(len(log))) - places)
    return Estimate(value=places * mean, influence=apart + more)


def doubly_robust(log: Log, policy: Policy, *, most: float = inf) -> Estimate:
    """The direct method, put right by the model's weighted errors where the logs show what the policy shows.

    Dudík, Langford and Li (ICML 2011), place by place. Unbiased when propensities or model are right, and varies with
    the model's errors rather than with the rewards. Weights held at `most` let the model's bias in, of those places.
    """
    errors = log.rewards - policy.expected_served
    return _mean(_by_visit(log, policy.expected + weights(log, policy, most=most) * errors))


def difference(one: Estimate, other: Estimate) -> Estimate:
    """What `one` has more than `other`, both of the same visits: what they share cancels out visit by visit."""
    return Estimate(value=one.value - other.value, influence=one.influence - other.influence)


def weights(log: Log, policy: Policy, *, most: float = inf) -> NDArray[np.float64]:
    """float64 (n,): how much more likely the policy puts there what was served than who served it; 1 in expectation."""
    _check_lengths(len(log), agreement=policy.agreement)
    return np.minimum(policy.agreement / log.propensities, most)


# --- whether the logs support an estimate ----------------------------------------------------------------------------

LEAST_VISITS: Final = 100
LEAST_AGREEING: Final = 30  # places at which the logs show what the policy shows
LEAST_EFFECTIVE: Final = 30.0
LEAST_REWARDED: Final = 20  # of them, those of which something came: of fewer, intervals of rare rewards are too narrow
COVERED: Final = 0.9  # share of the policy's places that the logs could have shown

FEW_VISITS: Final = "few_visits"
RARELY_LOGGED: Final = "rarely_logged"
PROPENSITIES_OFF: Final = "propensities_off"
SMALL_SAMPLE: Final = "small_sample"
FEW_REWARDS: Final = "few_rewards"


@dataclass(frozen=True, slots=True, kw_only=True)
class Support:
    """How far the logs speak of what a policy would do.

    Attributes:
        visits: how many were logged.
        places: how many of the policy's places are looked at.
        agreeing: of them, at how many the logs show what the policy shows.
        rewarded: of these, of how many anything came.
        covered: the mean weight, with its interval. It is 1 in expectation where the logs could have shown all that
            the policy shows, and else the share that they could have; above 1, propensities are not what they say, or
            the policy knows what came of what was served.
        effective: effective sample size (Kish 1965), (Σw)² / Σw²: how many equal weights would vary as these do.
        largest: the largest weight.
        held: share of the weights that are held at a limit.
    """

    visits: int
    places: int
    agreeing: int
    rewarded: int
    covered: Interval
    effective: float
    largest: float
    held: float

    @property
    def share(self) -> float:
        """Of the policy's places, those at which the logs show what it shows; 1 of none."""
        return self.agreeing / self.places if self.places else 1.0


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether an estimate may be told; `reason` is a code, empty when it may."""

    supported: bool
    reason: str = ""


def support(log: Log, policy: Policy, *, where: NDArray[np.bool_] | None = None, most: float = inf) -> Support:
    """How far the logs speak of a policy, at the places `where`, bool (n,), or at all of them.

    Of a difference of two policies, look where they differ: what is the same in both tells nothing of it.
    """
    if where is not None:
        log, policy = log.at(where), policy.at(where)
    raw, held = weights(log, policy), weights(log, policy, most=most)
    squares = float(held @ held)
    return Support(
        visits=log.count,
        places=len(log),
        agreeing=int(np.count_nonzero(raw)),
        rewarded=int(np.count_nonzero(raw * log.rewards)),
        covered=_ratio(_by_visit(log, raw), _by_visit(log, np.ones(len(log)))).interval,
        effective=float(held.sum()) ** 2 / squares if squares else 0.0,
        largest=float(held.max(initial=0.0)),
        held=float(np.mean(raw > most)) if len(raw) else 0.0,
    )


def judge(found: Support) -> Verdict:
    """Whether the logs support an estimate; of several reasons against it, the one that is to be remedied first."""
    if found.visits < LEAST_VISITS:
        return Verdict(False, FEW_VISITS)
    if not found.places:  # nothing is asked that was not served
        return Verdict(True)
    if found.agreeing < LEAST_AGREEING or found.covered.upper < COVERED:
        return Verdict(False, RARELY_LOGGED)
    if found.covered.lower > 1 / COVERED:
        return Verdict(False, PROPENSITIES_OFF)
    if found.effective < LEAST_EFFECTIVE:
        return Verdict(False, SMALL_SAMPLE)
    return Verdict(False, FEW_REWARDS) if found.rewarded < LEAST_REWARDED else Verdict(True)


# --- sums by visit ---------------------------------------------------------------------------------------------------


def _by_visit(log: Log, values: NDArray[np.float64]) -> NDArray[np.float64]:
    """float64 (count,)."""
    return np.bincount(log.visits, weights=values, minlength=log.count).astype(np.float64)


def _mean(sums: NDArray[np.float64]) -> Estimate:
    value = float(sums.mean()) if len(sums) else nan
    return Estimate(value=value, influence=sums - value)


def _ratio(above: NDArray[np.float64], below: NDArray[np.float64]) -> Estimate:
    """Σ above / Σ below, to first order."""
    total = float(below.sum())
    value = float(above.sum()) / total if total else nan
    return Estimate(value=value, influence=(above - value * below) * (len(below) / total) if total else below)


def _student(freedom: float) -> float:
    """Between ± this lie 95 % of Student's distribution (Abramowitz and Stegun 1964, 26.7.5)."""
    z = NORMAL
    return z + (z**3 + z) / (4 * freedom) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * freedom**2)


def _check_lengths(length: int, **columns: NDArray[np.float64]) -> None:
    for name, column in columns.items():
        if column.shape != (length,):
            raise ValueError(f"{name}: expected {length} rows, got {column.shape}")
