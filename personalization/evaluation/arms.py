"""Two arms compared, visitors who were steered and visitors who were spared, by the sums of what they did; pure.

The visitor is what is drawn, so the visitor is what is counted: a figure is its mean over an arm's visitors, most of
whom did nothing. Difference and p-value are Welch's (1947), of unequal variances and sizes; the relative uplift has
Fieller's (1954) interval, which holds zero exactly where that of the difference does.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, isnan, nan, sqrt
from typing import Final

from scipy.special import chdtrc, stdtr, stdtrit

from personalization.evaluation.intervals import NOTHING, Interval

TAIL: Final = 0.025  # outside a 95 % interval, on each side
# A mean of n skewed values has tails that are off by (2z² + 1) φ(z) / 6 × skewness / √n to the first order (Hall 1992,
# section 2.6): at this quotient by half of TAIL. Where one in p buys, that takes some 46 buyers in each arm.
MOST_SKEWED: Final = 0.148
LEAST_VISITORS: Final = 30  # of each arm, however little skewed
LEAST_CHANCE: Final = 0.001  # below it, arms of these sizes are no draw of these shares


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """Of one figure over the visitors of an arm: how many they are, and the sums of its first three powers."""

    visitors: int = 0
    total: float = 0.0
    squares: float = 0.0
    cubes: float = 0.0

    def __sub__(self, other: Sums) -> Sums:
        return Sums(
            visitors=self.visitors - other.visitors,
            total=self.total - other.total,
            squares=self.squares - other.squares,
            cubes=self.cubes - other.cubes,
        )

    @property
    def mean(self) -> float:
        """Per visitor; NaN without any."""
        return self.total / self.visitors if self.visitors else nan

    @property
    def variance(self) -> float:
        """Of a visitor's figure, unbiased; NaN of fewer than two."""
        if self.visitors < 2:
            return nan
        return max(0.0, self.squares - self.total * self.mean) / (self.visitors - 1)

    @property
    def skewness(self) -> float:
        """Of a visitor's figure; infinite where all have the same, as nothing is then known of it."""
        spread = self.squares / self.visitors - self.mean**2 if self.visitors else 0.0
        if spread <= self.squares * 1e-12:
            return inf
        third = (self.cubes - 3 * self.mean * self.squares) / self.visitors + 2 * self.mean**3
        return float(third / spread**1.5)

    @property
    def is_enough(self) -> bool:
        """Whether its mean is near enough to normal for an interval to be what it says, see MOST_SKEWED."""
        return self.visitors >= LEAST_VISITORS and abs(self.skewness) <= MOST_SKEWED * sqrt(self.visitors)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contrast:
    """One figure of two arms.

    Attributes:
        steered, spared: per visitor; NaN of an arm without visitors.
        difference: steered − spared, with its 95 % interval; the bounds are NaN where nothing varies.
        uplift: difference ÷ spared, with its 95 % interval; NaN where the spared figure is not proven to be above zero.
        p_value: chance of a difference at least as large if there were none; NaN where nothing varies.
        enough: whether both arms have lived enough for the interval to be what it says.
    """

    steered: float
    spared: float
    difference: Interval
    uplift: Interval
    p_value: float
    enough: bool

    @property
    def proven(self) -> bool:
        """Whether the arms differ, with 95 % confidence."""
        return self.enough and self.difference.excludes_zero


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleRatio:
    """Whether the arms are as large as the shares that were drawn say; else something loses visitors of one of them.

    Attributes:
        steered, spared: visitors.
        share: of the visitors who were to be spared.
        p_value: of the chi-square test; NaN without visitors.
    """

    steered: int
    spared: int
    share: float
    p_value: float

    @property
    def sound(self) -> bool:
        return not self.p_value < LEAST_CHANCE


def contrast(*, steered: Sums, spared: Sums) -> Contrast:
    """Compare a figure of two arms."""
    value = steered.mean - spared.mean
    errors = steered.variance / max(steered.visitors, 1), spared.variance / max(spared.visitors, 1)
    error = sqrt(sum(errors)) if sum(errors) > 0 else nan
    freedom = _freedom(steered, spared, errors)
    reach = -float(stdtrit(freedom, TAIL))
    return Contrast(
        steered=steered.mean,
        spared=spared.mean,
        difference=NOTHING if isnan(value) else Interval(value, value - reach * error, value + reach * error),
        uplift=_fieller(steered.mean, spared.mean, errors, reach),
        p_value=2 * float(stdtr(freedom, -abs(value) / error)),
        enough=steered.is_enough and spared.is_enough,
    )


def sample_ratio(*, steered: int, spared: int, share: float) -> SampleRatio:
    """Test the sizes of two arms against the share that was to be spared, in (0, 1)."""
    visitors = steered + spared
    squares = (spared - share * visitors) ** 2 / (visitors * share * (1 - share)) if visitors else nan
    return SampleRatio(steered=steered, spared=spared, share=share, p_value=float(chdtrc(1, squares)))


def _freedom(steered: Sums, spared: Sums, errors: tuple[float, float]) -> float:
    """Degrees of freedom by Welch and Satterthwaite; NaN where nothing varies."""
    if not sum(errors) > 0:
        return nan
    below = errors[0] ** 2 / (steered.visitors - 1) + errors[1] ** 2 / (spared.visitors - 1)
    return float(sum(errors) ** 2 / below)


def _fieller(steered: float, spared: float, errors: tuple[float, float], reach: float) -> Interval:
    """(steered − spared) ÷ spared: all quotients that a test at `reach` standard errors would not reject."""
    doubt = reach**2 * errors[1] / spared**2 if spared > 0 else nan
    if not doubt < 1:
        return NOTHING
    ratio = steered / spared
    middle = ratio / (1 - doubt)
    inside = errors[0] * (1 - doubt) + ratio**2 * errors[1]
    half = reach * sqrt(inside) / (spared * (1 - doubt))
    return Interval(ratio - 1, middle - half - 1, middle + half - 1)
