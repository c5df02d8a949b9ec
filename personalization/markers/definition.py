"""What a marker is: one named, typed, documented real-time feature of a visit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from personalization.markers.live_visit import LiveVisit

# Raised when the meaning, the order or the range of any marker changes: situations of two versions never mix.
MARKER_VERSION: Final = 1

# The families and how many markers each holds, in the order of the vector.
FAMILIES: Final = {
    "moment": 16,
    "arrival": 24,
    "rhythm": 24,
    "path": 28,
    "search": 12,
    "price": 20,
    "cart": 20,
    "choice": 16,
    "offer": 12,
    "history": 12,
    "intent": 48,
}


class Scale(NamedTuple):
    """What several markers' values have in common: the fields of `Marker` of these names."""

    unit: str
    low: float
    high: float
    neutral: float


@dataclass(frozen=True, slots=True)
class Marker:
    """One feature of a visit.

    Attributes:
        name: unique, snake_case, starts with its family ("cart_value").
        family: key of FAMILIES.
        unit: "share", "count", "log count", "seconds", "log seconds", "money", "log money", "days", "flag", …
        low, high: every value lies within [low, high]; `compute` clips where its arithmetic could leave it.
        neutral: the value when the input is missing or consent is off.
        meaning: one English sentence for people (marked for translation with `gettext_noop`-style `_`).
        needs_consent: neutral without consent.
        compute: the pure function; reads a folded visit, returns a finite float.
    """

    name: str
    family: str
    unit: str
    low: float
    high: float
    neutral: float
    meaning: str
    compute: Callable[[LiveVisit], float]
    needs_consent: bool = False


def _(text: str) -> str:
    """Mark a meaning for translation: `makemessages` finds it, whoever shows it translates it."""
    return text
