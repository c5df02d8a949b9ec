"""Markers in plain units: what people say and write, where the vector holds logarithms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import exp, expm1, log, log1p
from typing import Final

import numpy as np
from numpy.typing import NDArray

from personalization.markers import MARKERS
from personalization.markers.definition import Marker

ROWS: Final[dict[str, int]] = {marker.name: row for row, marker in enumerate(MARKERS)}
_RATIO: Final = "log ratio"
_LOG: Final = "log "


def plain(marker: Marker, value: float) -> float:
    """A raw value in plain units: money, seconds, items, how many times as much."""
    if marker.unit == _RATIO:
        return exp(value)
    return expm1(value) if marker.unit.startswith(_LOG) else value


def raw(marker: Marker, value: float) -> float:
    """A plain value as the vector holds it."""
    if marker.unit == _RATIO:
        return log(value)
    return log1p(value) if marker.unit.startswith(_LOG) else value


def plain_unit(marker: Marker) -> str:
    """The unit of `plain`: `money` of a marker in `log money`, `ratio` of one in `log ratio`."""
    return marker.unit.removeprefix(_LOG)


class PlainMarkers(Mapping[str, float]):
    """A situation's markers by name, in plain units; only what is asked for is converted."""

    def __init__(self, markers: NDArray[np.float32]) -> None:
        """`markers`: float32 (232,), raw."""
        self._markers = markers

    def __getitem__(self, name: str) -> float:
        row = ROWS[name]
        return plain(MARKERS[row], float(self._markers[row]))

    def __iter__(self) -> Iterator[str]:
        return iter(ROWS)

    def __len__(self) -> int:
        return len(ROWS)
