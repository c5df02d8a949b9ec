"""Products met in visits that no memory knows, with what was estimated before, and how far off a purchase then was."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from benchmarks.questions import Storefront
from benchmarks.town import StandingTown, key_of
from personalization.engines.base import Engine, Estimates
from personalization.evaluation.intervals import LEVEL, NOTHING, Interval
from personalization.markers.lived import LivedEvent
from personalization.memory.payload import happenings
from personalization.memory.remembering import TELLING

A_VISIT: Final = 2  # instants of a visit at which it is asked
WIDE: Final = 300  # products estimated, as for an answer
DRAWS: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """A product that a visit met after it was asked about, and before it bought anything.

    Attributes:
        shortening, chance: what was estimated of it, the latter P(purchase).
        ripe: the purchases expected of the visit, P(purchase) summed over all that was estimated.
        is_new: the visit had not met it when it was asked.
        events: from the meeting to the purchase, or to the visit's end, both counted.
        reached: whether anything was bought.
    """

    visit_id: str
    shortening: float
    chance: float
    ripe: float
    is_new: bool
    events: int
    reached: bool


def of_town(town: StandingTown, storefront: Storefront, engine: Engine, *, rng: np.random.Generator) -> list[Meeting]:
    """What the visits met that the town's memory has not seen, each asked at instants drawn evenly."""
    found: list[Meeting] = []
    for outing in tqdm(town.held_out, desc="asking"):
        key, told = key_of(outing.events), storefront.lived(outing.events)
        context = storefront.context(visitor_key=key, events=told)
        telling = [step + 1 for step, event in enumerate(told) if event.name in TELLING]
        for steps in sorted(rng.permutation(telling)[:A_VISIT].tolist()):
            if not any(happenings(event) for event in told[steps:]):
                continue
            question = storefront.question(context=context, visitor_key=key, events=told[:steps], limit=WIDE)
            found += met_after(told, steps, engine.estimate(question), visit_id=outing.events[0]["session_id"])
    return found


def met_after(told: Sequence[LivedEvent], steps: int, estimates: Estimates, *, visit_id: str) -> Iterator[Meeting]:
    """The estimated products that a visit met after its first `steps` events, up to its next purchase."""
    row_of = {product: row for row, product in enumerate(estimates.products.tolist())}
    before = {happening.product for event in told[:steps] for happening in happenings(event)}
    ends, reached = next(
        ((at, True) for at in range(steps, len(told)) if told[at].name == "purchase"), (len(told) - 1, False)
    )
    met: set[int] = set()
    for at in range(steps, ends + 1):
        for product in dict.fromkeys(happening.product for happening in happenings(told[at])):
            if product in met or product not in row_of:
                continue
            met.add(product)
            yield Meeting(
                visit_id=visit_id,
                shortening=float(estimates.shortening[row_of[product]]),
                chance=float(estimates.purchase[row_of[product]]),
                ripe=float(estimates.purchase.sum()),
                is_new=product not in before,
                events=ends - at + 1,
                reached=reached,
            )


def rate_ratio(
    meetings: Sequence[Meeting],
    *,
    upper: NDArray[np.bool_],
    lower: NDArray[np.bool_],
    strata: NDArray[np.int64],
    seed: int,
) -> Interval:
    """Purchases an event after the upper meetings ÷ after the lower ones, like compared with like.

    Mantel and Haenszel's estimate for rates: within each stratum of `strata`, numbered from 0, upper and lower ones
    are compared, and strata weigh as much as they tell (Rothman, Greenland & Lash, Modern Epidemiology, 2008, ch. 15).
    """
    if not len(meetings):
        return NOTHING
    _, visit = np.unique([one.visit_id for one in meetings], return_inverse=True)
    events = np.array([one.events for one in meetings], np.float64)
    reached = np.array([one.reached for one in meetings], np.float64)
    sums = np.zeros((int(visit.max()) + 1, int(strata.max()) + 1, 4))
    for column, (of, which) in enumerate(((reached, upper), (events, upper), (reached, lower), (events, lower))):
        np.add.at(sums[:, :, column], (visit, strata), of * which)
    flat = sums.reshape(len(sums), -1)
    rng = np.random.default_rng(seed)
    drawn = [_ratio((_times(len(sums), rng) @ flat).reshape(sums.shape[1:])) for _ in range(DRAWS)]
    sound = [ratio for ratio in drawn if np.isfinite(ratio)]
    value = _ratio(sums.sum(axis=0))
    if not np.isfinite(value) or not sound:
        return NOTHING
    return Interval(value, *(float(bound) for bound in np.percentile(sound, LEVEL)))


def _times(visits: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """float64 (visits,): how often each is drawn."""
    return rng.multinomial(visits, np.full(visits, 1 / visits)).astype(np.float64)


def _ratio(sums: NDArray[np.float64]) -> float:
    """From (strata, 4): purchases and events of the upper ones, and of the lower ones."""
    bought, events, bought_low, events_low = sums.T
    total = np.maximum(events + events_low, 1e-9)
    below = float((bought_low * events / total).sum())
    return float((bought * events_low / total).sum()) / below if below else float("nan")
