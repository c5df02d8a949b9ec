"""A situation in words: the markers that stand out from what is usual in the store, family by family."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from numpy.typing import NDArray

from personalization.markers import MARKERS
from personalization.markers.definition import FAMILIES, Marker
from personalization.situation import Scaling
from personalization.wording import value_in_words

MOST, MOST_OF_A_FAMILY = 14, 4
LEAST: Final = 0.75  # spreads from the centre below which a marker is as usual

FAMILY_NAMES: Final = {
    "moment": gettext_lazy("Moment"),
    "arrival": gettext_lazy("Arrival"),
    "rhythm": gettext_lazy("Rhythm"),
    "path": gettext_lazy("Path"),
    "search": pgettext_lazy("family of markers", "Search"),
    "price": gettext_lazy("Price"),
    "cart": gettext_lazy("Cart"),
    "choice": gettext_lazy("Choice"),
    "offer": gettext_lazy("Offer"),
    "history": gettext_lazy("History"),
    "intent": gettext_lazy("Intent"),
}

# Halves of a cycle and coordinates of the product space say nothing one by one.
_TELLING: Final = np.array([marker.unit not in {"cycle", "coordinate"} for marker in MARKERS])

_ABOVE: Final = (
    (3.0, gettext_lazy("far above usual")),
    (1.5, gettext_lazy("well above usual")),
    (LEAST, gettext_lazy("above usual")),
)
_BELOW: Final = (
    (3.0, gettext_lazy("far below usual")),
    (1.5, gettext_lazy("well below usual")),
    (LEAST, gettext_lazy("below usual")),
)
_UNUSUAL: Final = ((1.5, gettext_lazy("rare here")), (LEAST, gettext_lazy("less common here")))


@dataclass(frozen=True, slots=True)
class StandingOut:
    """One marker that is not as usual.

    Attributes:
        meaning, value, usual, how: for people, in the active language.
        deviation: spreads from the store's centre, negative below it.
    """

    marker: Marker
    meaning: str
    value: str
    usual: str
    how: str
    deviation: float


@dataclass(frozen=True, slots=True)
class FamilyPortrait:
    """The markers of one family that stand out, the farthest from usual first."""

    family: str
    name: str
    markers: tuple[StandingOut, ...]


def portrait(*, markers: NDArray[np.float32], scaling: Scaling, currency: str) -> list[FamilyPortrait]:
    """What is special about a situation, the most telling family first.

    `markers` are raw, float32 (232,); `scaling`, the live generation's, says what is usual.
    """
    deviation = np.where(_TELLING, (markers - scaling.centre) / scaling.spread, 0.0)
    by_family: dict[str, list[StandingOut]] = {}
    told = 0
    for row in np.argsort(-np.abs(deviation), kind="stable").tolist():
        if told == MOST or abs(deviation[row]) < LEAST:
            break
        one = _standing_out(row, markers, scaling, float(deviation[row]), currency)
        found = by_family.setdefault(one.marker.family, [])
        if len(found) < MOST_OF_A_FAMILY and one.value != one.usual:  # told alike, the difference says nothing
            found.append(one)
            told += 1
    return [
        FamilyPortrait(family, str(FAMILY_NAMES[family]), tuple(found)) for family, found in by_family.items() if found
    ]


def meaning_of(marker: Marker) -> str:
    """The marker's sentence in the active language; a flag's without the “1” it is recorded as."""
    meaning = _(marker.meaning)
    if marker.unit != "flag":
        return meaning
    told = meaning.removeprefix("1 ").split(", 0 ")[0]
    return told[:1].upper() + told[1:] + ("" if told.endswith(".") else ".")


def families() -> list[tuple[str, str]]:
    """Every family with its name, in the order of the vector."""
    return [(family, str(FAMILY_NAMES[family])) for family in FAMILIES]


def _standing_out(
    row: int, markers: NDArray[np.float32], scaling: Scaling, deviation: float, currency: str
) -> StandingOut:
    marker = MARKERS[row]
    centre = min(max(float(scaling.centre[row]), marker.low), marker.high)
    return StandingOut(
        marker=marker,
        meaning=meaning_of(marker),
        value=value_in_words(marker, float(markers[row]), currency),
        usual="" if marker.unit == "flag" else value_in_words(marker, centre, currency),
        how=_how(marker, deviation),
        deviation=deviation,
    )


def _how(marker: Marker, deviation: float) -> str:
    steps = _UNUSUAL if marker.unit == "flag" else _ABOVE if deviation > 0 else _BELOW
    return str(next(words for least, words in steps if abs(deviation) >= least))
