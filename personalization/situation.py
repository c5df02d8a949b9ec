"""From markers to the situation: 232 raw values, then the scaled vector in which near means analogous."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from personalization.markers import MARKERS
from personalization.markers.definition import FAMILIES
from personalization.markers.live_visit import LiveVisit

WIDTH = len(MARKERS)

# The rows of the vector that belong to each family.
FAMILY_SLICES: dict[str, slice] = {}
_start = 0
for _family, _size in FAMILIES.items():
    FAMILY_SLICES[_family] = slice(_start, _start + _size)
    _start += _size

_NEUTRAL = np.array([marker.neutral for marker in MARKERS], dtype=np.float32)
_NEEDS_CONSENT = np.array([marker.needs_consent for marker in MARKERS])
_COMPUTE = tuple(marker.compute for marker in MARKERS)

# Scaled values are held within ± this many spreads, so that one extreme marker cannot decide what is analogous.
CLIP = 4.0


@dataclass(frozen=True, slots=True)
class Scaling:
    """What decides which situations are near: learned per store by a rebuild, stored with the generation.

    Attributes:
        centre: float32 (232,), in the markers' units.
        spread: float32 (232,), in the markers' units, > 0.
        weight: float32 (232,), ≥ 0: the family's fitted weight, spread over its markers.
    """

    centre: NDArray[np.float32]
    spread: NDArray[np.float32]
    weight: NDArray[np.float32]


def raw(visit: LiveVisit) -> NDArray[np.float32]:
    """The 232 markers of the visit as it stands, float32 (232,), in their own units."""
    values = np.array([compute(visit) for compute in _COMPUTE], dtype=np.float32)  # a list beats fromiter
    if not visit.context.consent:
        values[_NEEDS_CONSENT] = _NEUTRAL[_NEEDS_CONSENT]
    return values


def vector(markers: NDArray[np.float32], scaling: Scaling) -> NDArray[np.float32]:
    """Raw markers (…, 232) to situations (…, 232) whose L2 distance means “how analogous”."""
    scaled: NDArray[np.float32] = np.clip((markers - scaling.centre) / scaling.spread, -CLIP, CLIP)
    return scaled * scaling.weight
