"""What every part of the page is told with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from benchmarks.plots import Mark

PLOTS: Final = "images/benchmarks"
FRONT: Final = "inductive"
Rate = Sequence[float | None]


@dataclass
class Told:
    """A section: Markdown, and the plots it shows by file name."""

    text: str = ""
    plots: dict[str, str] = field(default_factory=dict)

    def say(self, *paragraphs: str) -> None:
        """Go on with these paragraphs."""
        self.text += "".join(f"{paragraph}\n\n" for paragraph in paragraphs if paragraph)

    def show(self, name: str, alternative: str, svg: str) -> None:
        """Go on with a plot."""
        self.plots[f"{name}.svg"] = svg
        self.say(f"![{alternative}]({PLOTS}/{name}.svg)")


def mark(label: str, rate: Rate) -> Mark:
    value, lower, upper = rate
    return Mark(label, float("nan") if value is None else value, lower, upper)


def described(groups: Mapping[str, Sequence[Mark]]) -> str:
    """A plot's rows in words."""
    return " ".join(
        f"{name or 'Rows'}: " + ", ".join(f"{mark.label} {mark.value:.3f}" for mark in marks) + "."
        for name, marks in groups.items()
    )


def capital(words: str) -> str:
    return words[:1].upper() + words[1:]
