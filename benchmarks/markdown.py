"""Figures as Markdown: tables whose columns of numbers stand right, intervals beside their values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

NONE = "–"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """The first column left, the others right."""
    lines = [head, ["---", *("---:" for _ in head[1:])], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def interval(rate: Sequence[float | None] | float | None, *, digits: int = 3, signed: bool = False) -> str:
    """`0.412 (0.398–0.426)`; a figure without interval alone."""
    if rate is None or (isinstance(rate, Sequence) and (not rate or rate[0] is None)):
        return NONE
    sign = "+" if signed else ""
    if not isinstance(rate, Sequence):
        return f"{rate:{sign}.{digits}f}"
    value, lower, upper = rate[:3]
    if lower is None or upper is None:
        return f"{value:{sign}.{digits}f}"
    between = " to " if signed else "–"
    return f"{value:{sign}.{digits}f} ({lower:{sign}.{digits}f}{between}{upper:{sign}.{digits}f})"


def share(rate: Sequence[float | None]) -> str:
    """`97 % (95–99 %)`."""
    value, lower, upper = rate
    if value is None or lower is None or upper is None:
        return NONE
    return f"{value:.0%} ({100 * lower:.0f}–{upper:.0%})".replace("%", " %")


def emphasised(name: str) -> str:
    """The name of an engine, ours in bold."""
    return f"**{name}**" if name == "inductive" else name


def told(protocol: dict[str, Any]) -> str:
    """A protocol as one line of words."""
    return " · ".join(f"{name.replace('_', ' ')}: {_words(value)}" for name, value in protocol.items() if value)


def _words(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {_words(inner)}" for name, inner in value.items())
    if isinstance(value, list):
        return ", ".join(_words(inner) for inner in value)
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) and value >= 10_000 else str(value)
