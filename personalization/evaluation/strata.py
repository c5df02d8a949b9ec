"""Everybody who was steered against everybody who was spared, whatever campaigns each of them met; pure.

Every campaign spares its own share of the visitors, drawn by their keys. Who meets more campaigns is spared by all of
them more rarely, and is the more active visitor too: to compare everybody with everybody would credit the campaigns
with that. So visitors are compared within strata, of those who met the same campaigns, and the strata are averaged by
their visitors (post-stratification; Miratrix, Sekhon and Yu 2013).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, isfinite, sqrt
from typing import Final

from personalization.evaluation.arms import LEAST_VISITORS, MOST_SKEWED, Sums
from personalization.evaluation.intervals import Interval

Z: Final = 1.959964  # 95 % of a normal distribution lie within
NOBODY: Final = Sums()
WORTH_TELLING: Final = 0.1  # of the spared visitors' figure: the difference that further visitors are counted for


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """The visitors of one arm in one stratum: whether each bought, 0 or 1, and what they spent."""

    conversion: Sums = NOBODY
    revenue: Sums = NOBODY

    @property
    def visitors(self) -> int:
        return self.conversion.visitors


@dataclass(frozen=True, slots=True, kw_only=True)
class Stratum:
    """Visitors who met the same campaigns: steered by one of them at least, or spared by all."""

    steered: Side = Side()
    spared: Side = Side()

    @property
    def visitors(self) -> int:
        return self.steered.visitors + self.spared.visitors

    @property
    def is_comparable(self) -> bool:
        """Whether there are visitors of both arms, and two at least, or nothing is known of how they vary."""
        return min(self.steered.visitors, self.spared.visitors) >= 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A figure of both arms.

    Attributes:
        steered, spared: per visitor, the strata averaged by all their visitors.
        difference: steered − spared, with its 95 % interval.
        enough: whether both arms have lived enough for the interval to be what it says, see `Sums.is_enough`.
        more: visitors still to come, as many of each arm as now, before a difference of WORTH_TELLING would show; None
            where that cannot be said, as one arm has done nothing yet.
    """

    steered: float
    spared: float
    difference: Interval
    enough: bool
    more: int | None

    @property
    def proven(self) -> bool:
        """Whether the arms differ, with 95 % confidence."""
        return self.enough and self.difference.excludes_zero


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Both arms compared.

    Attributes:
        steered, spared: visitors of the strata that were compared.
        left_out: visitors of those that were not, as one arm is missing there.
    """

    steered: int
    spared: int
    left_out: int
    conversion: Difference
    revenue: Difference


def compare(strata: Sequence[Stratum]) -> Comparison | None:
    """Steered against spared visitors; None where no stratum has both."""
    compared = [stratum for stratum in strata if stratum.is_comparable]
    if not compared:
        return None
    steered, spared = [stratum.steered for stratum in compared], [stratum.spared for stratum in compared]
    return Comparison(
        steered=sum(side.visitors for side in steered),
        spared=sum(side.visitors for side in spared),
        left_out=sum(stratum.visitors for stratum in strata if not stratum.is_comparable),
        conversion=_difference([side.conversion for side in steered], [side.conversion for side in spared]),
        revenue=_difference([side.revenue for side in steered], [side.revenue for side in spared]),
    )


def _difference(steered: Sequence[Sums], spared: Sequence[Sums]) -> Difference:
    """Of sums by stratum."""
    sizes = [one.visitors + other.visitors for one, other in zip(steered, spared, strict=True)]
    weights = [size / sum(sizes) for size in sizes]
    mean, base = _mean(steered, weights), _mean(spared, weights)
    reach = Z * sqrt(_error(steered, weights) + _error(spared, weights))
    arms = [_together(steered), _together(spared)]
    times = max(_times(arm) for arm in arms)
    if base > 0:
        times = max(times, (reach / (WORTH_TELLING * base)) ** 2)
    return Difference(
        steered=mean,
        spared=base,
        difference=Interval(mean - base, mean - base - reach, mean - base + reach),
        enough=all(arm.is_enough for arm in arms),
        more=max(0, ceil(sum(sizes) * (times - 1))) if isfinite(times) else None,
    )


def _mean(strata: Sequence[Sums], weights: Sequence[float]) -> float:
    return sum(weight * sums.mean for sums, weight in zip(strata, weights, strict=True))


def _error(strata: Sequence[Sums], weights: Sequence[float]) -> float:
    """Variance of that mean; visitors are taken to vary alike in all strata, as small ones cannot tell how they do."""
    spread = sum(sums.variance * (sums.visitors - 1) for sums in strata) / sum(sums.visitors - 1 for sums in strata)
    return spread * sum(weight**2 / sums.visitors for sums, weight in zip(strata, weights, strict=True))


def _together(strata: Sequence[Sums]) -> Sums:
    return Sums(
        visitors=sum(sums.visitors for sums in strata),
        total=sum(sums.total for sums in strata),
        squares=sum(sums.squares for sums in strata),
        cubes=sum(sums.cubes for sums in strata),
    )


def _times(arm: Sums) -> float:
    """How many times its visitors an arm needs before its interval is what it says."""
    return float(max(LEAST_VISITORS, (arm.skewness / MOST_SKEWED) ** 2) / arm.visitors)
