"""The register: the 232 markers of a visit, in fixed order."""

from __future__ import annotations

from typing import Final

from personalization.markers import (
    arrival,
    cart,
    choice,
    intent,
    moment,
    offer,
    past,
    path,
    price,
    rhythm,
    search,
)
from personalization.markers.definition import Marker

MARKERS: Final[tuple[Marker, ...]] = (
    *moment.MARKERS,
    *arrival.MARKERS,
    *rhythm.MARKERS,
    *path.MARKERS,
    *search.MARKERS,
    *price.MARKERS,
    *cart.MARKERS,
    *choice.MARKERS,
    *offer.MARKERS,
    *past.MARKERS,
    *intent.MARKERS,
)
