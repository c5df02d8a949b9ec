"""A stage of a rebuild: what sells and what goes together, and how often what each strategy selects is wanted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from catalog.facts import ProductFacts
from personalization.markers.live_visit import LiveVisit
from personalization.memory import payload
from personalization.memory.live import RATES, LiveMemory, assemble, keep_merchandise
from personalization.memory.reading import relive
from personalization.memory.remembering import TELLING
from personalization.merchandising import counts
from personalization.merchandising.counts import Merchandise
from personalization.merchandising.rates import PLACES, Rates, Tally
from personalization.merchandising.sight import EARLIER, EarlierVisit, Sight, standing
from personalization.merchandising.strategies import NO_PARAMETERS, STRATEGIES
from personalization.models import Generation, Visit
from personalization.trails import Trails, person_of

JUDGED_FROM: Final = 0.94  # share of visits, by time, after which strategies are judged on what was counted before
JUDGED: Final = 800  # visits at most


def learn(generation: Generation, *, facts: ProductFacts, progress: Callable[[int, int], None]) -> None:
    """Count, judge and keep; `progress(done, total)` counts visits judged."""
    memory = assemble(generation)
    if memory.trails is None:
        return
    rng = np.random.default_rng(generation.number)
    rates = _judged(memory, generation.store_id, facts=facts, rng=rng, progress=progress)
    generation.settings[RATES] = rates.to_json()
    generation.save(update_fields=["settings"])
    keep_merchandise(generation.pk, _counted(memory.trails, catalog=len(facts)))


def earlier_visits(memory: LiveMemory, *, visitor_key: str, before: float) -> tuple[EarlierVisit, ...]:
    """A person's visits that ended before an instant, the newest first; none of a bare session."""
    person = person_of(visitor_key)
    found: list[tuple[float, EarlierVisit]] = []
    for trails in (memory.trails, memory.appended):
        if trails is not None:
            found += _lived(trails, person, before)
    found.sort(key=lambda ended_visit: -ended_visit[0])
    return tuple(visit for _, visit in found[:EARLIER])


def _lived(trails: Trails, person: int, before: float) -> Iterator[tuple[float, EarlierVisit]]:
    for row in trails.lived_by(person).tolist():
        if np.isfinite(trails.ended[row]) and trails.ended[row] < before:
            span = slice(int(trails.offsets[row]), int(trails.offsets[row + 1]))
            yield float(trails.ended[row]), (trails.products[span], trails.kinds[span])


def _counted(trails: Trails, *, catalog: int, visits: int | None = None) -> Merchandise:
    """What the first `visits` trails (all of them) tell."""
    rows = len(trails) if visits is None else visits
    stop = int(trails.offsets[rows])
    return counts.count(
        offsets=np.asarray(trails.offsets[: rows + 1]),
        products=np.asarray(trails.products[:stop]),
        kinds=np.asarray(trails.kinds[:stop]),
        ended=np.asarray(trails.ended[:rows]),
        catalog=catalog,
    )


def _judged(
    memory: LiveMemory,
    store_id: int,
    *,
    facts: ProductFacts,
    rng: np.random.Generator,
    progress: Callable[[int, int], None],
) -> Rates:
    """Every strategy asked at an instant of recent visits, with what was counted before them, beside what followed."""
    trails = memory.trails
    if trails is None or not len(trails):
        return Rates()
    since = int(JUDGED_FROM * len(trails))
    past = _counted(trails, catalog=len(facts), visits=since)
    selling = standing(past, facts=facts)
    chosen = rng.permutation(trails.visits[since:])[:JUDGED].tolist()
    visits = list(Visit.objects.filter(pk__in=chosen, store_id=store_id).select_related("store").order_by("pk"))
    tallies: dict[str, Tally] = defaultdict(Tally)
    for done, (visit, context, events) in enumerate(relive(visits), start=1):
        telling = [step for step, event in enumerate(events[:-1]) if event.name in TELLING]
        if telling:
            step = int(rng.choice(telling))
            sight = Sight(
                visit=LiveVisit(context=context, landscape=memory.landscape, events=events[: step + 1]),
                facts=facts,
                merchandise=past,
                standing=selling,
                earlier=earlier_visits(memory, visitor_key=visit.visitor_key, before=events[0].at),
                now=events[step].at,
            )
            later = [happening for event in events[step + 1 :] for happening in payload.happenings(event)]
            _tally(tallies, sight, later)
        progress(done, len(visits))
    return Rates({name: tally.rates() for name, tally in tallies.items()})


def _tally(tallies: dict[str, Tally], sight: Sight, later: list[payload.Happening]) -> None:
    """One answer of every strategy that has one here."""
    outcomes = tuple(
        np.array([happening.product for happening in later if happening.kind == kind], np.int32)
        for kind in (payload.VIEW, payload.CART, payload.PURCHASE)
    )
    buyable: NDArray[np.bool_] = sight.facts.buyable
    for name, select in STRATEGIES.items():
        picked = select(sight, NO_PARAMETERS).products
        shown = picked[: 20 * PLACES]
        shown = shown[buyable[shown]]
        if len(shown):
            tallies[name].add(shown, outcomes)
