"""Cuts: held-out visits stopped at an instant, and which products were taken after it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import nan
from typing import Final

import numpy as np

from personalization.markers.live_visit import VisitContext
from personalization.markers.lived import LivedEvent
from personalization.memory.payload import CART, KINDS, PURCHASE
from personalization.memory.remembering import TELLING

# What tells that a product has been chosen: the pages of cart and checkout tell the whole cart, also older lines.
_TAKING: Final = frozenset(
    {"add_to_cart", "view_cart", "begin_checkout", "add_shipping_info", "add_payment_info", "purchase"}
)


@dataclass(frozen=True, slots=True)
class HeldOutVisit:
    """A visit that nothing was learned from.

    Attributes:
        visitor_key: `v:…`, or "" for nobody's.
        context: what was known of the visitor when it began.
        events: in the order lived, at least one.
    """

    visit_id: str
    visitor_key: str
    context: VisitContext
    events: tuple[LivedEvent, ...]

    @property
    def is_returning(self) -> bool:
        return self.context.history.visits > 0


@dataclass(frozen=True, slots=True)
class Worth:
    """What later purchases of a product brought in the visit; money, `margin` NaN where its cost is unknown."""

    value: float
    margin: float


@dataclass(frozen=True, slots=True)
class Cut:
    """A visit as it stood after an event, by item ids.

    Attributes:
        step: the event it is cut after, counted from 0.
        out: what no zone that sells shows: chosen before (in the cart, or bought), or on the page the visitor is at.
        taken: first put into the cart or bought afterwards, and not out: the targets, in the order taken.
        bought: those of them that were bought.
        following: the first product looked at afterwards that is not out, "" when none is.
        viewed, carted, purchased: everything of which that happened afterwards, for what estimates say.
        judges_hits, judges_estimates: what the cut was drawn for, see `draw`.
    """

    visit: HeldOutVisit
    step: int
    out: frozenset[str]
    taken: tuple[str, ...]
    bought: dict[str, Worth]
    following: str
    viewed: frozenset[str]
    carted: frozenset[str]
    purchased: frozenset[str]
    judges_hits: bool = False
    judges_estimates: bool = False

    @property
    def events(self) -> tuple[LivedEvent, ...]:
        return self.visit.events[: self.step + 1]


def draw(visits: Sequence[HeldOutVisit], *, a_visit: int, rng: np.random.Generator) -> list[Cut]:
    """Up to `a_visit` cuts of each visit for hits, and as many for estimates.

    Estimates are judged at telling events drawn from all of a visit's, as a zone asks at any of them; hits at telling
    events after which something is still taken. An instant drawn for both is one cut.
    """
    return [cut for visit in visits for cut in _drawn_of(visit, a_visit, rng)]


def cut_at(
    visit: HeldOutVisit,
    step: int,
    first_taken: dict[str, int] | None = None,
    *,
    judges_hits: bool = True,
    judges_estimates: bool = True,
) -> Cut:
    """The visit as it stood after the event at `step`, and what came later."""
    first_taken = _first_taken(visit.events) if first_taken is None else first_taken
    later = visit.events[step + 1 :]
    worths = _worths(later)
    done: dict[int, dict[str, None]] = {kind: {} for kind in set(KINDS.values())}
    for event in later:
        if event.name in KINDS:
            done[KINDS[event.name]].update(dict.fromkeys(item.item_id for item in event.items))
    chosen = {**done[CART], **done[PURCHASE]}
    here = _on_page(visit.events[step])
    out = here | {item_id for item_id, first in first_taken.items() if first <= step}
    viewed = [item_id for kind, items in done.items() if kind not in (CART, PURCHASE) for item_id in items]
    taken = tuple(item_id for item_id in chosen if first_taken[item_id] > step and item_id not in here)
    return Cut(
        visit=visit,
        step=step,
        out=out,
        taken=taken,
        bought={item_id: worths[item_id] for item_id in taken if item_id in worths},
        following=next((item_id for item_id in viewed if item_id not in out), ""),
        viewed=frozenset(viewed),
        carted=frozenset(done[CART]),
        purchased=frozenset(done[PURCHASE]),
        judges_hits=judges_hits and bool(taken),
        judges_estimates=judges_estimates,
    )


def _drawn_of(visit: HeldOutVisit, most: int, rng: np.random.Generator) -> Iterator[Cut]:
    telling = [step for step, event in enumerate(visit.events) if event.name in TELLING]
    first_taken = _first_taken(visit.events)
    fruitful = [step for step in telling if _is_followed(step, visit.events[step], first_taken)]
    estimated, hit = _drawn(telling, most, rng), _drawn(fruitful, most, rng)
    for step in sorted(estimated | hit):
        yield cut_at(visit, step, first_taken, judges_hits=step in hit, judges_estimates=step in estimated)


def _drawn(steps: Sequence[int], most: int, rng: np.random.Generator) -> set[int]:
    return set(rng.permutation(steps)[:most].tolist())


def _first_taken(events: Sequence[LivedEvent]) -> dict[str, int]:
    """By item id, the event that first told that it was chosen."""
    first: dict[str, int] = {}
    for step, event in enumerate(events):
        if event.name in _TAKING:
            for item in event.items:
                first.setdefault(item.item_id, step)
    return first


def _on_page(event: LivedEvent) -> frozenset[str]:
    """The product whose page the visitor is at: it is found already."""
    return frozenset(item.item_id for item in event.items) if event.name == "view_item" else frozenset()


def _is_followed(step: int, event: LivedEvent, first_taken: Mapping[str, int]) -> bool:
    """Whether anything besides what is on the page is first taken after it."""
    here = _on_page(event)
    return any(first > step and item_id not in here for item_id, first in first_taken.items())


def _worths(events: Sequence[LivedEvent]) -> dict[str, Worth]:
    worths: dict[str, Worth] = {}
    for event in events:
        for item in event.items if event.name == "purchase" else ():
            before = worths.get(item.item_id, Worth(0.0, 0.0))
            margin = (item.price - item.cost) * item.quantity if item.cost > 0 else nan
            worths[item.item_id] = Worth(before.value + item.price * item.quantity, before.margin + margin)
    return worths
