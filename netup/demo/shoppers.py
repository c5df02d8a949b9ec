"""The people of the demo shop: what they love, what they can spend, what happens in their lives."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from netup.demo.departments import KINDS
from netup.demo.passions import LIFE_EVENT_CHANCES, PASSION_SHARES, Wishes
from netup.demo.rhythm import Calendar

SHOPPERS = 5000
MEDIAN_VISITS_DRAWN = 1.55  # of the median shopper's plans; part of them would fall after the period

DEVICES: Wishes = {"mobile": 0.58, "desktop": 0.36, "tablet": 0.06}
LANGUAGES: Wishes = {
    "fr-FR": 0.9,
    "fr-BE": 0.03,
    "en-GB": 0.03,
    "en-US": 0.01,
    "de-DE": 0.015,
    "es-ES": 0.015,
}
CHANNELS: Wishes = {
    "direct": 0.26,
    "organic": 0.33,
    "paid": 0.15,
    "email": 0.11,
    "social": 0.1,
    "affiliate": 0.05,
}
BRANDS_BY_DEPARTMENT: Mapping[str, tuple[str, ...]] = {
    department: tuple(sorted({brand.name for kind in KINDS if kind.levels[0] == department for brand in kind.brands}))
    for department in dict.fromkeys(kind.levels[0] for kind in KINDS)  # a set's order changes from process to process
}
STYLES_BY_DEPARTMENT: Mapping[str, tuple[str, ...]] = {
    kind.department.name: tuple(kind.department.styles) for kind in KINDS
}


@dataclass(frozen=True, kw_only=True)
class LifeEvent:
    """Something that happens to a person and sends them shopping outside their habits."""

    name: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Shopper:
    """One person. `wallet` (0..1) is the price level sought, `thrift` and `hurry` (0..1) how they shop."""

    number: int
    consent: bool
    device: str
    language: str
    channel: str
    wallet: float
    thrift: float
    hurry: float
    passions: tuple[str, ...]
    styles: Mapping[str, str]
    brands: Mapping[str, tuple[str, ...]]
    life_events: tuple[LifeEvent, ...]
    visits: tuple[datetime, ...]

    @property
    def visitor_id(self) -> str:
        """The pseudonymous id their browser keeps when they consent."""
        return f"demo-{self.number:05d}"


def draw_shoppers(*, count: int, calendar: Calendar, rng: np.random.Generator) -> tuple[Shopper, ...]:
    """A whole town; one in twenty plays tennis, then looks for a birth gift, then for a coffee machine."""
    return tuple(_draw_shopper(number=number, calendar=calendar, rng=rng) for number in range(count))


def weighted(wishes: Wishes, rng: np.random.Generator) -> str:
    """One of the names, by weight."""
    share = rng.random() * sum(wishes.values())
    for name, weight in wishes.items():
        share -= weight
        if share < 0:
            return name
    return name


def _draw_shopper(*, number: int, calendar: Calendar, rng: np.random.Generator) -> Shopper:
    """One person with a life of their own."""
    storied = number % 20 == 7
    visits = _visits(calendar=calendar, at_least=4 if storied else 1, rng=rng)
    return Shopper(
        number=number,
        consent=storied or rng.random() > 0.14,
        device=weighted(DEVICES, rng),
        language=weighted(LANGUAGES, rng),
        channel=weighted(CHANNELS, rng),
        wallet=float(np.clip(rng.beta(2.2, 2.4), 0.03, 0.97)),
        thrift=float(rng.beta(1.6, 2.2)),
        hurry=float(rng.beta(1.8, 2.6)),
        passions=("tennis",) if storied else _passions(rng),
        styles={name: styles[int(rng.integers(len(styles)))] for name, styles in STYLES_BY_DEPARTMENT.items()},
        brands={name: _loved(brands, rng) for name, brands in BRANDS_BY_DEPARTMENT.items()},
        life_events=_story(visits) if storied else _life_events(calendar=calendar, rng=rng),
        visits=visits,
    )


def _visits(*, calendar: Calendar, at_least: int, rng: np.random.Generator) -> tuple[datetime, ...]:
    """When this person comes: most once or twice, some again and again."""
    wanted = max(at_least, min(1 + int(rng.lognormal(np.log(MEDIAN_VISITS_DRAWN), 1.15)), 40))
    visits = [calendar.first_visit(rng)]
    while len(visits) < wanted and visits[-1] < calendar.until:
        visits.append(calendar.next_visit(after=visits[-1], rng=rng))
    return tuple(visit for visit in visits if visit < calendar.until - timedelta(hours=1))


def _passions(rng: np.random.Generator) -> tuple[str, ...]:
    """One to three passions, the first the strongest."""
    count = 1 + int(rng.random() < 0.45) + int(rng.random() < 0.15)
    return tuple(dict.fromkeys(weighted(PASSION_SHARES, rng) for _ in range(count)))


def _loved(brands: tuple[str, ...], rng: np.random.Generator) -> tuple[str, ...]:
    """The few brands of a department this person trusts."""
    count = max(1, round(len(brands) * 0.3))
    return tuple(brands[i] for i in rng.choice(len(brands), size=count, replace=False))


def _life_events(*, calendar: Calendar, rng: np.random.Generator) -> tuple[LifeEvent, ...]:
    """What happens to this person during the period, or shortly before it."""
    return tuple(
        LifeEvent(name=name, at=calendar.first_visit(rng) - timedelta(days=6))
        for name, chance in LIFE_EVENT_CHANCES.items()
        if rng.random() < chance
    )


def _story(visits: tuple[datetime, ...]) -> tuple[LifeEvent, ...]:
    """Tennis at first, a birth to celebrate on the second visit, a coffee machine from the third on."""
    names = ("cadeau de naissance", "machine à café")
    return tuple(LifeEvent(name=name, at=at) for name, at in zip(names, visits[1:], strict=False))
