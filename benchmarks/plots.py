"""Plots as SVG documents of their own, for pages that show them as images."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec

from personalization.evaluation import pictures
from personalization.evaluation.pictures import Groups, Mark, Picture, Point, Series

__all__ = ["Groups", "Mark", "Point", "Series", "bars", "dots", "lines", "reliability"]

Told = ParamSpec("Told")


def _document(draw: Callable[Told, Picture]) -> Callable[Told, str]:
    def drawn(*args: Told.args, **told: Told.kwargs) -> str:
        return draw(*args, **told).document()

    return drawn


bars = _document(pictures.bars)
dots = _document(pictures.dots)
lines = _document(pictures.lines)
reliability = _document(pictures.reliability)
