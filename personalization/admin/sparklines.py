"""Small pictures of a fortnight: one bar a day from zero, the day under way lighter, as parts of a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

WIDTH: Final = 140
HEIGHT: Final = 32
GAP: Final = 2.0
LEAST: Final = 1.0  # height of a day without any, so that it is seen to be there


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One day; coordinates are of a picture of WIDTH × HEIGHT, as text in SVG's notation whatever the language."""

    x: str
    y: str
    width: str
    height: str
    told: str
    so_far: bool


@dataclass(frozen=True, slots=True)
class Sparkline:
    """A picture with its name and description for those who cannot see it; `key` is like no other's on the page."""

    key: str
    title: str
    description: str
    bars: list[Bar]


def sparkline(
    key: str, *, title: str, description: str, values: Sequence[float | None], told: Sequence[str]
) -> Sparkline:
    """A bar for each value that is known, the last one of a day under way; `told` says each in words."""
    most = max((value for value in values if value is not None), default=0.0) or 1.0
    step = WIDTH / max(len(values), 1)
    bars = []
    for place, (value, words) in enumerate(zip(values, told, strict=True)):
        if value is None:
            continue
        height = max(HEIGHT * max(value, 0.0) / most, LEAST)
        bars.append(
            Bar(
                x=f"{place * step:.1f}",
                y=f"{HEIGHT - height:.1f}",
                width=f"{step - GAP:.1f}",
                height=f"{height:.1f}",
                told=words,
                so_far=place == len(values) - 1,
            )
        )
    return Sparkline(key, title, description, bars)
