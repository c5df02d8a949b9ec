"""Why this answer: the past situations that spoke, what was done in them, and how they compare with today's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from numpy.typing import NDArray

from catalog.facts import ProductFacts
from personalization import situation
from personalization.markers import MARKERS
from personalization.markers.definition import Marker
from personalization.memory import payload, recall
from personalization.memory.live import scaling_of
from personalization.memory.recall import PastMoment
from personalization.models import Decision, Generation
from personalization.portrait import meaning_of
from personalization.reasons import title_of
from personalization.situation import FAMILY_SLICES, Scaling
from personalization.wording import value_in_words

TOLD: Final = 5  # markers told per analogue as alike, and as many as different
ALIKE: Final = 0.5  # scaled markers nearer than this share of their size are alike

DID: Final = {
    payload.VIEW: gettext_lazy("looked at %(products)s"),
    payload.CART: gettext_lazy("put %(products)s into the cart"),
    payload.PURCHASE: gettext_lazy("bought %(products)s"),
}
DID_CODES: Final = {payload.VIEW: "view", payload.CART: "cart", payload.PURCHASE: "purchase"}

# Coordinates of the product space mean nothing one by one; the focus is compared as a whole.
_SPEAKABLE: Final = np.array([marker.family != "intent" for marker in MARKERS])


@dataclass(frozen=True, slots=True)
class MarkerWords:
    """One marker of today's situation against the same of a past one."""

    marker: Marker
    meaning: str
    here: str
    there: str


@dataclass(frozen=True, slots=True)
class Deed:
    """What was done to a product after a past situation, `after` seconds later."""

    product: int
    did: str
    after: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalogueWords:
    """A past situation that spoke.

    Attributes:
        at: None when the situation is no longer remembered: its visitor was erased or its generation dropped.
        deeds: in the order lived, as the memory keeps them.
        distances: family → share of the squared distance between the situations, sums to 1.
    """

    situation_id: int
    visit_id: int
    similarity: float
    at: datetime | None
    text: str
    deeds: tuple[Deed, ...] = ()
    alike: tuple[MarkerWords, ...] = ()
    different: tuple[MarkerWords, ...] = ()
    distances: Mapping[str, float]


def analogues_in_words(decision: Decision, *, facts: ProductFacts) -> list[AnalogueWords]:
    """The past situations of a decision, most similar first, compared with today's."""
    generation = _generation(decision)
    scaling = scaling_of(generation.pk) if generation else None
    ids = [int(row[0]) for row in decision.analogues]
    past = recall.moments(generation.pk, ids) if generation and ids else {}
    markers = np.frombuffer(decision.markers, dtype=np.float32)
    here = situation.vector(markers, scaling) if scaling is not None and len(markers) else None
    return [
        _analogue(row, past.get(int(row[0])), here, scaling, facts, decision.store.currency)
        for row in decision.analogues
    ]


def _generation(decision: Decision) -> Generation | None:
    number: Any = decision.memory_generation
    return Generation.objects.filter(store_id=decision.store_id, number=number).first() if number else None


def _analogue(
    row: list[Any],
    past: PastMoment | None,
    here: NDArray[np.float32] | None,
    scaling: Scaling | None,
    facts: ProductFacts,
    currency: str,
) -> AnalogueWords:
    situation_id, visit_id, similarity = int(row[0]), int(row[1]), float(row[2])
    if past is None or here is None or scaling is None:
        return AnalogueWords(
            situation_id=situation_id,
            visit_id=visit_id,
            similarity=similarity,
            at=None,
            text=_("This past situation is no longer remembered."),
            distances={},
        )
    deeds = _deeds(past)
    alike, different = _compared(here, past.situation, scaling, currency)
    return AnalogueWords(
        situation_id=situation_id,
        visit_id=visit_id,
        similarity=similarity,
        at=datetime.fromtimestamp(past.at, tz=UTC),
        text=_story(deeds, facts),
        deeds=deeds,
        alike=alike,
        different=different,
        distances=_distances(here, past.situation),
    )


def _deeds(past: PastMoment) -> tuple[Deed, ...]:
    records, _rows = payload.unpack([past.payload])
    return tuple(
        Deed(int(record["product"]), DID_CODES[int(record["kind"])], float(record["delay"]))
        for record in records
        if int(record["kind"]) in DID_CODES
    )


def _story(deeds: tuple[Deed, ...], facts: ProductFacts) -> str:
    """“then looked at A, B and 3 more; put B into the cart; bought B”."""
    parts = []
    for kind, template in DID.items():
        titles = [title_of(facts, deed.product) for deed in deeds if deed.did == DID_CODES[kind]]
        if named := [title for title in titles if title]:
            parts.append(str(template) % {"products": _enumerated(named)})
    if not parts:
        return _("The visitor then left.")
    return _("The visitor then %(deeds)s.") % {"deeds": "; ".join(parts)}


def _enumerated(titles: list[str]) -> str:
    shown = ", ".join(_("“%(title)s”") % {"title": title} for title in titles[:3])
    more = len(titles) - 3
    if more <= 0:
        return shown
    return ngettext("%(shown)s and %(more)d more", "%(shown)s and %(more)d more", more) % {
        "shown": shown,
        "more": more,
    }


def _compared(
    here: NDArray[np.float32], there: NDArray[np.float32], scaling: Scaling, currency: str
) -> tuple[tuple[MarkerWords, ...], tuple[MarkerWords, ...]]:
    """The markers that most make the two situations alike, and those that most set them apart."""
    gap = np.abs(here - there)
    size = np.minimum(np.abs(here), np.abs(there))
    weighs = _SPEAKABLE & (scaling.weight > 0)
    alike = weighs & (np.sign(here) == np.sign(there)) & (gap < ALIKE * size)
    raw_here, raw_there = _unscaled(here, scaling), _unscaled(there, scaling)

    def told(mask: NDArray[np.bool_], strength: NDArray[np.float32]) -> tuple[MarkerWords, ...]:
        strongest = [row for row in np.argsort(-strength, kind="stable")[: 4 * TOLD].tolist() if mask[row]]
        words = (_words(row, raw_here[row], raw_there[row], currency) for row in strongest)
        return tuple(words)[:TOLD]

    return (
        told(alike, np.where(alike, size, -1.0)),
        told(weighs & ~alike & (gap > 0), np.where(weighs & ~alike, gap, -1.0)),
    )


def _distances(here: NDArray[np.float32], there: NDArray[np.float32]) -> dict[str, float]:
    squares = (here - there) ** 2
    total = max(float(squares.sum()), 1e-12)
    return {family: round(float(squares[part].sum()) / total, 4) for family, part in FAMILY_SLICES.items()}


def _unscaled(scaled: NDArray[np.float32], scaling: Scaling) -> NDArray[np.float32]:
    """Back to the markers' units; a marker without weight was forgotten and reads as its centre."""
    weight = np.where(scaling.weight > 0, scaling.weight, 1.0)
    return (scaled / weight * scaling.spread + scaling.centre).astype(np.float32)


def _words(row: int, here: float, there: float, currency: str) -> MarkerWords:
    marker = MARKERS[row]
    here, there = (min(max(float(value), marker.low), marker.high) for value in (here, there))
    return MarkerWords(
        marker, meaning_of(marker), value_in_words(marker, here, currency), value_in_words(marker, there, currency)
    )
