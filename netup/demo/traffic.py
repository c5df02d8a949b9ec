"""Sixty days of the demo shop: every visit of every shopper, in the order they begin."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np

from netup.demo.casting import build_assortment
from netup.demo.departments import KINDS
from netup.demo.needs import Errand, Life, begin_life, next_errand
from netup.demo.rhythm import calendar_until
from netup.demo.shoppers import SHOPPERS, draw_shoppers
from netup.demo.taste import shelves_of
from netup.demo.visits import live_visit
from netup.demo.walk import Shop

SEED = 20_240  # any number: it names the town, its shop and its sixty days


@dataclass(frozen=True, kw_only=True)
class Visit:
    """One planned visit: who comes, for the how-manieth time, and when."""

    life: Life
    ordinal: int
    moment: datetime


@dataclass(frozen=True, kw_only=True)
class Outing:
    """A visit as it was lived: what it was for, and its events in the public event format, oldest first."""

    visit: Visit
    errand: Errand
    events: list[dict[str, Any]]


@dataclass(frozen=True, kw_only=True)
class Town:
    """The shop and the visits it will receive, oldest first."""

    shop: Shop
    visits: tuple[Visit, ...]
    seed: int


def found_town(*, until: datetime, seed: int = SEED, shoppers: int = SHOPPERS) -> Town:
    """The same shop, people and plans for the same seed and `until` (a full hour)."""
    rng = np.random.default_rng(seed)
    assortment = build_assortment(kinds=KINDS, now=until, rng=rng)
    calendar = calendar_until(until)
    shop = Shop(assortment=assortment, shelves=shelves_of(assortment), calendar=calendar)
    people = draw_shoppers(count=shoppers, calendar=calendar, rng=rng)
    lives = [begin_life(shopper=shopper, calendar=calendar, rng=rng) for shopper in people]
    visits = [
        Visit(life=life, ordinal=ordinal, moment=moment)
        for life in lives
        for ordinal, moment in enumerate(life.shopper.visits)
    ]
    visits.sort(key=lambda visit: (visit.moment, visit.life.shopper.number))
    return Town(shop=shop, visits=tuple(visits), seed=seed)


def live(town: Town) -> Iterator[list[dict[str, Any]]]:
    """The events of one visit after the other, in the public event format."""
    return (outing.events for outing in outings(town))


def outings(town: Town) -> Iterator[Outing]:
    """One visit after the other, each lived only when it is asked for."""
    for visit in town.visits:
        number = visit.life.shopper.number
        rng = np.random.default_rng((town.seed, number, visit.ordinal))
        errand = next_errand(life=visit.life, moment=visit.moment, calendar=town.shop.calendar, rng=rng)
        events = live_visit(
            shop=town.shop,
            life=visit.life,
            errand=errand,
            visit_id=f"{town.seed}-{number:05d}-{visit.ordinal:02d}",
            moment=visit.moment,
            rng=rng,
        )
        yield Outing(visit=visit, errand=errand, events=events)
