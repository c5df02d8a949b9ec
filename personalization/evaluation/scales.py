"""From values to places on a plot: linear and logarithmic axes over round numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10
from typing import Final, Protocol

DECADES: Final = 4  # a logarithmic axis tells no more than these
_STEPS: Final = (1.0, 2.0, 2.5, 5.0, 10.0)


class Scale(Protocol):
    """An axis: where a value stands, and which values to name beside it."""

    @property
    def ticks(self) -> tuple[float, ...]: ...

    def __call__(self, value: float) -> float: ...


@dataclass(frozen=True)
class Axis:
    """A linear axis from `start` to `end` on the page, over the values of its ticks."""

    ticks: tuple[float, ...]
    start: float
    end: float

    @classmethod
    def around(cls, values: Sequence[float], *, start: float, end: float, wanted: int = 6) -> Axis:
        """About as many round ticks as wanted, the outer ones around all values."""
        low, high = min(values), max(values)
        rough = ((high - low) or 1.0) / wanted
        power = 10.0 ** floor(log10(rough))
        step = power * next(factor for factor in _STEPS if factor * power >= rough * (1 - 1e-9))
        first = floor(low / step + 1e-9)
        last = max(ceil(high / step - 1e-9), first + 1)
        return cls(tuple(round(count * step, 10) for count in range(first, last + 1)), start, end)

    def __call__(self, value: float) -> float:
        share = (value - self.ticks[0]) / (self.ticks[-1] - self.ticks[0])
        return self.start + min(max(share, 0.0), 1.0) * (self.end - self.start)


@dataclass(frozen=True)
class LogAxis:
    """A logarithmic axis over whole powers of ten, `low` to `high`; what is smaller stands at its lower end."""

    low: int
    high: int
    start: float = 0.0
    end: float = 1.0

    @classmethod
    def around(cls, values: Sequence[float]) -> LogAxis:
        """Wide enough for all positive values, down to DECADES below the largest."""
        positive = [value for value in values if value > 0] or [0.1, 1.0]
        high = ceil(log10(max(positive)) - 1e-9)
        return cls(max(min(floor(log10(min(positive)) + 1e-9), high - 1), high - DECADES), high)

    def between(self, start: float, end: float) -> LogAxis:
        """The same values elsewhere on the page."""
        return LogAxis(self.low, self.high, start, end)

    @property
    def ticks(self) -> tuple[float, ...]:
        return tuple(10.0**power for power in range(self.low, self.high + 1))

    def __call__(self, value: float) -> float:
        power = min(max(log10(value), self.low), self.high) if value > 0 else self.low
        return self.start + (power - self.low) / (self.high - self.low) * (self.end - self.start)
