"""Who is asked about when intent shifts: visits after the memory's end, by what the person's past says of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

import numpy as np

from benchmarks.town import StandingTown, as_it_stands, key_of
from netup.demo.departments import KIND_BY_SLUG
from netup.demo.needs import Errand, Life, Need, begin_life, gift_wish, next_errand, own_wish
from netup.demo.passions import GIFTS, LIFE_EVENT_CHANCES, LIFE_EVENTS, PASSION_SHARES, PASSIONS, Wishes
from netup.demo.shoppers import draw_shoppers, weighted
from netup.demo.traffic import Outing
from netup.demo.visits import live_visit

UNKNOWN, AGREEING, DEPARTING = "unknown", "agreeing", "departing"
GROUPS: Final[Mapping[str, str]] = {
    UNKNOWN: "no history",
    AGREEING: "history agrees with the errand",
    DEPARTING: "history against the errand",
}
AGREES: Final = 0.5  # share of a past in the department of today's errand from which on it agrees
DEPARTS: Final = 0.1  # and below which it speaks against it; a department with more belongs to the past
KNOWN: Final = 5.0  # weight of the products met from which on there is a past to speak of
NEWCOMERS: Final = 1_000_000  # from which on people are numbered whom the town never saw
ATTEMPTS: Final = 12  # visits lived for one errand until one goes on after its first event
LEISURE: Final[Wishes] = {"browse": 0.46, "compare": 0.26, "purchase": 0.14, "hurried": 0.14}

Events = list[dict[str, Any]]
Tells = Callable[[Events], bool]  # whether there is an instant of the visit to ask about


@dataclass(frozen=True, kw_only=True)
class Case:
    """One held-out visit.

    Attributes:
        key: whose it is.
        department: what the errand is about.
        past: by department, its share of what the person met before.
        twin: the same errand at the same hour, lived by somebody new; empty for those without history.
        lived_for_this: after the town's own days.
    """

    group: str
    key: str
    department: str
    past: Mapping[str, float]
    events: Events
    twin: Events
    lived_for_this: bool


def belongs_to(past: Mapping[str, float]) -> frozenset[str]:
    """The departments a past consists of."""
    return frozenset(department for department, share in past.items() if share >= DEPARTS)


def shares(past: Mapping[str, float]) -> Mapping[str, float]:
    """A past as shares of departments; empty when too little was met to speak of one."""
    total = sum(past.values())
    return {department: met / total for department, met in past.items()} if total >= KNOWN else {}


def group_of(*, past: Mapping[str, float], department: str) -> str:
    """Where a visit belongs whose person has this past (shares); "" for a past that is neither."""
    share = past.get(department, 0.0)
    if share >= AGREES:
        return AGREEING
    return DEPARTING if share < DEPARTS else ""


class Casting:
    """Fills the groups: the town's own visits first, and as many more as are wanted."""

    def __init__(self, town: StandingTown, *, tells: Tells) -> None:
        self._town = town
        self._tells = tells
        self._rng = np.random.default_rng((town.town.seed, 2))
        self._newcomers = self._draw_newcomers()
        self._pasts = {key: known for key, past in town.pasts.items() if (known := shares(past))}
        self._moments = [outing.visit.moment for outing in town.held_out]

    def cases(self, *, size: int) -> dict[str, list[Case]]:
        """By group, `size` visits of as many people, fewer when the town has not so many."""
        cast: dict[str, list[Case]] = {group: [] for group in GROUPS}
        for case in self._natural():
            if len(cast[case.group]) < size:
                cast[case.group].append(case)
        for group, found in cast.items():
            cast_already = {case.key for case in found}
            for case in self._further(group):
                if len(found) >= size:
                    break
                if case.key not in cast_already:
                    found.append(case)
        return cast

    def stranger(self, department: str) -> str:
        """The key of a person, drawn anew each time, whose past knows nothing of the department."""
        keys = list(self._pasts)
        for place in self._rng.permutation(len(keys)).tolist():
            key: str = keys[place]
            if not self._pasts[key].get(department):
                return key
        raise LookupError(f"department {department}: everybody has met it")

    def past_of(self, key: str) -> Mapping[str, float]:
        """Shares of departments of what a visitor met in the memory."""
        return self._pasts.get(key, {})

    def _natural(self) -> Iterator[Case]:
        """The first visit of each person since the memory ended, in a group where it belongs."""
        met: set[str] = set()
        for outing in self._town.held_out:
            key = key_of(outing.events)
            if key in met or not key.startswith("v:"):
                continue
            met.add(key)
            group, department = self._group(outing, key)
            if not group or not self._tells(outing.events):
                continue
            twin = self._twin(outing.errand, outing.visit.moment) if group != UNKNOWN else []
            if twin or group == UNKNOWN:
                yield self._case(group, key, department, outing.events, twin, lived_for_this=False)

    def _group(self, outing: Outing, key: str) -> tuple[str, str]:
        department = _department(outing.errand.need.kind)
        if not self._town.lives[outing.visit.life.shopper.number].visits:
            return UNKNOWN, department
        past = self.past_of(key)
        return group_of(past=past, department=department) if past else "", department

    def _further(self, group: str) -> Iterator[Case]:
        """Visits lived for this test: of the people who have a past, in seeded order, or of newcomers."""
        if group == UNKNOWN:
            yield from self._newcomers_at_large()
            return
        numbers = [number for number, life in self._town.lives.items() if f"v:{life.shopper.visitor_id}" in self._pasts]
        for number in self._rng.permutation(numbers).tolist():
            life, moment = self._town.lives[number], self._moment()
            key = f"v:{life.shopper.visitor_id}"
            errand = self._errand(group, life, self._pasts[key], moment)
            events = self._lived(life, errand, moment) if errand else []
            if events and errand and (twin := self._twin(errand, moment)):
                yield self._case(group, key, _department(errand.need.kind), events, twin, lived_for_this=True)

    def _newcomers_at_large(self) -> Iterator[Case]:
        calendar = self._town.town.shop.calendar
        while True:
            life, moment = next(self._newcomers), self._moment()
            errand = next_errand(life=as_it_stands(life), moment=moment, calendar=calendar, rng=self._rng)
            if events := self._lived(life, errand, moment):
                key, department = f"v:{life.shopper.visitor_id}", _department(errand.need.kind)
                yield self._case(UNKNOWN, key, department, events, [], lived_for_this=True)

    def _errand(self, group: str, life: Life, past: Mapping[str, float], moment: datetime) -> Errand | None:
        """An errand of that group for somebody with that past; None when life offers none."""
        if group == AGREEING:
            cause, wishes = "passion", {k: w for name in life.shopper.passions for k, w in PASSIONS[name].items()}
        elif self._rng.random() < 0.5:
            cause = weighted(LIFE_EVENT_CHANCES, self._rng)
            wishes = dict(LIFE_EVENTS[cause])
        else:
            cause, wishes = "passion", dict(PASSIONS[weighted(PASSION_SHARES, self._rng)])
        fitting = {k: w for k, w in wishes.items() if group_of(past=past, department=_department(k)) == group}
        if not fitting:
            return None
        slug = weighted(fitting, self._rng)
        mission = "gift" if cause in GIFTS else weighted(LEISURE, self._rng)
        return Errand(mission=mission, need=self._need(life, cause, slug, moment), continued=False)

    def _twin(self, errand: Errand, moment: datetime) -> Events:
        """The same errand, lived by a newcomer."""
        life = next(self._newcomers)
        need = self._need(life, errand.need.cause, errand.need.kind, moment)
        return self._lived(life, Errand(mission=errand.mission, need=need, continued=False), moment)

    def _need(self, life: Life, cause: str, slug: str, moment: datetime) -> Need:
        own = cause not in GIFTS
        wish = own_wish(shopper=life.shopper, slug=slug, rng=self._rng) if own else gift_wish(slug=slug, rng=self._rng)
        return Need(cause=cause, kind=slug, wish=wish, born=moment)

    def _lived(self, life: Life, errand: Errand, moment: datetime) -> Events:
        """The first of a few attempts that goes on after an instant that can be asked about; else nothing."""
        number = life.shopper.number
        for attempt in range(ATTEMPTS):
            events = live_visit(
                shop=self._town.town.shop,
                life=as_it_stands(life),
                errand=replace(errand, need=copy(errand.need)),
                visit_id=f"errand-{number:07d}-{attempt:02d}",
                moment=moment,
                rng=np.random.default_rng((self._town.town.seed, 3, number, attempt)),
            )
            if self._tells(events):
                return events
        return []

    def _case(
        self, group: str, key: str, department: str, events: Events, twin: Events, *, lived_for_this: bool
    ) -> Case:
        return Case(
            group=group,
            key=key,
            department=department,
            past=self.past_of(key),
            events=events,
            twin=twin,
            lived_for_this=lived_for_this,
        )

    def _moment(self) -> datetime:
        """When somebody came, since the memory ended."""
        return self._moments[int(self._rng.integers(len(self._moments)))]

    def _draw_newcomers(self) -> Iterator[Life]:
        """Endless people with consent whom nobody has met."""
        calendar = self._town.town.shop.calendar
        number = NEWCOMERS
        while True:
            for shopper in draw_shoppers(count=100, calendar=calendar, rng=self._rng):
                yield begin_life(
                    shopper=replace(shopper, number=number, consent=True), calendar=calendar, rng=self._rng
                )
                number += 1


def _department(slug: str) -> str:
    return KIND_BY_SLUG[slug].levels[0]
