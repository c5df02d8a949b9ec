"""One lived visit to the situations a memory keeps of it: pure, the same for a rebuild and for what is appended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from personalization.markers.intent import looks_of
from personalization.markers.live_visit import Landscape, LiveVisit, VisitContext
from personalization.markers.lived import LivedEvent
from personalization.memory import payload
from personalization.situation import WIDTH, raw

# A situation is taken after the events at which a zone may ask; the others only lead from one of them to the next.
TELLING: Final = frozenset(
    {
        "page_view",
        "view_item_list",
        "search",
        "view_item",
        "add_to_cart",
        "view_cart",
        "begin_checkout",
        "purchase",
    }
)
MOST_SITUATIONS = 24  # a visit longer than that is sampled evenly: nobody's habits may crowd a memory


@dataclass(frozen=True, slots=True)
class Remembered:
    """What memory keeps of one visit.

    Attributes:
        steps: int64 (s,), the event after which each situation was taken, counted from 0.
        at: float64 (s,), seconds since 1970.
        markers: float32 (s, 232), raw.
        payloads: s packed outcomes.
    """

    steps: NDArray[np.int64]
    at: NDArray[np.float64]
    markers: NDArray[np.float32]
    payloads: list[bytes]


def remember(events: Sequence[LivedEvent], *, context: VisitContext, landscape: Landscape) -> Remembered:
    """The situations of a visit with what followed each of them."""
    lived = [payload.happenings(event) for event in events]
    wanted = set(_sampled([step for step, event in enumerate(events) if event.name in TELLING]))
    visit = LiveVisit(context=context, landscape=landscape)
    markers: list[NDArray[np.float32]] = []
    payloads: list[bytes] = []
    focus: list[int] = []
    for step, event in enumerate(events):
        visit.fold(event)
        for happening in lived[step]:
            focus = [happening.product, *(product for product in focus if product != happening.product)]
        if step in wanted:
            followed = [happening for later in lived[step + 1 :] for happening in later]
            markers.append(raw(visit))
            payloads.append(payload.pack(focus=focus, followed=followed, at=event.at))
    steps = sorted(wanted)
    return Remembered(
        steps=np.array(steps, np.int64),
        at=np.array([events[step].at for step in steps], np.float64),
        markers=np.array(markers, np.float32).reshape(len(steps), WIDTH),
        payloads=payloads,
    )


def trail(events: Sequence[LivedEvent]) -> tuple[list[int], list[int]]:
    """The visit's distinct products in the order first met, and the strongest thing that happened to each."""
    strongest: dict[int, int] = {}
    for event in events:
        for happening in payload.happenings(event):
            strongest[happening.product] = max(strongest.get(happening.product, 0), happening.kind)
    return list(strongest), list(strongest.values())


def looks(events: Sequence[LivedEvent]) -> list[int]:
    """What the visit looked at in order, repeats included; of receipts, which tell of no look, what they hold."""
    found: list[int] = []
    for event in events:
        found += looks_of(event, last=found[-1] if found else -1)
    return found or trail(events)[0]


def _sampled(steps: list[int]) -> list[int]:
    if len(steps) <= MOST_SITUATIONS:
        return steps
    return [steps[round(at)] for at in np.linspace(0, len(steps) - 1, MOST_SITUATIONS)]
