"""Whether logs support an estimate of another policy: how much they show of it, and a verdict with its reason."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import Final

import numpy as np
from numpy.typing import NDArray

from personalization.evaluation.intervals import Interval
from personalization.evaluation.off_policy import Log, Policy, ratio, weights

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
        covered=ratio(log.by_visit(raw), log.by_visit(np.ones(len(log)))).interval,
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
