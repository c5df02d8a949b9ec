"""What brings a person back: needs that ripen from visit to visit, and the errand of one visit."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np

from netup.demo.departments import KIND_BY_SLUG
from netup.demo.diary import Line
from netup.demo.passions import GIFTS, LIFE_EVENTS, PASSIONS
from netup.demo.rhythm import Calendar
from netup.demo.shoppers import STYLES_BY_DEPARTMENT, Shopper, weighted
from netup.demo.taste import Wish

NEED_LASTS = timedelta(days=16)


@dataclass(frozen=True, kw_only=True)
class Mission:
    """A way to shop.

    `patience` is the mean number of products looked at, `pace` multiplies the time on each, `search` is the
    share of lists reached by searching, `compare` the pull to stay within the kind, `drift` the one to wander
    off, `buy` the inclination to put into the cart (log odds).
    """

    patience: float
    pace: float
    search: float
    compare: float
    drift: float
    buy: float


MISSIONS: Mapping[str, Mission] = {
    "purchase": Mission(patience=8.5, pace=1.0, search=0.45, compare=0.5, drift=0.3, buy=0.55),
    "compare": Mission(patience=12.0, pace=1.25, search=0.35, compare=0.9, drift=0.25, buy=-1.3),
    "browse": Mission(patience=8.0, pace=0.9, search=0.15, compare=0.5, drift=1.1, buy=-2.1),
    "gift": Mission(patience=10.5, pace=1.0, search=0.5, compare=0.55, drift=0.9, buy=-0.2),
    "refill": Mission(patience=3.6, pace=0.6, search=0.5, compare=0.12, drift=0.3, buy=1.1),
    "bargain": Mission(patience=9.5, pace=0.8, search=0.08, compare=0.45, drift=1.2, buy=-0.9),
    "hurried": Mission(patience=4.0, pace=0.45, search=0.6, compare=0.3, drift=0.25, buy=-0.4),
}


@dataclass
class Need:
    """Something wanted, from first thought to purchase; `progress` counts the products looked at for it."""

    cause: str
    kind: str
    wish: Wish
    born: datetime
    progress: int = 0
    favourite: str | None = None
    settled: bool = False


@dataclass(frozen=True, kw_only=True)
class Errand:
    """What one visit is for."""

    mission: str
    need: Need
    continued: bool


@dataclass(frozen=True, kw_only=True)
class Order:
    """A past order, as far as it may come back: its dearest line."""

    transaction_id: str
    line: Line


@dataclass
class Life:
    """A shopper as time goes by: open needs, what they own since when, what may be returned."""

    shopper: Shopper
    needs: list[Need] = field(default_factory=list)
    owned: dict[str, datetime] = field(default_factory=dict)
    usual: dict[str, str] = field(default_factory=dict)
    lived: set[str] = field(default_factory=set)
    returnable: list[Order] = field(default_factory=list)
    visits: int = 0


def begin_life(*, shopper: Shopper, calendar: Calendar, rng: np.random.Generator) -> Life:
    """A shopper at the start of the period, who already owns some of what their passions use up."""
    life = Life(shopper=shopper)
    for passion in shopper.passions:
        for slug in PASSIONS[passion]:
            lasts = KIND_BY_SLUG[slug].lasts
            if lasts and rng.random() < 0.45:
                life.owned[slug] = calendar.since - timedelta(days=float(rng.uniform(-25, lasts)))
    return life


def next_errand(*, life: Life, moment: datetime, calendar: Calendar, rng: np.random.Generator) -> Errand:
    """Why this person comes now: an event of life, an open need, something used up, or for pleasure."""
    if cause := _due_event(life=life, moment=moment):
        need = _need_from_event(life=life, cause=cause, moment=moment, rng=rng)
        return _errand(life=life, mission="gift" if cause in GIFTS else _equip(life, rng), need=need)
    if (need_open := _open_need(life=life, moment=moment)) and rng.random() < 0.72:
        return Errand(mission=_ripened(life=life, need=need_open, rng=rng), need=need_open, continued=True)
    if (slug := _used_up(life=life, moment=moment)) and rng.random() < 0.75:
        return _errand(
            life=life,
            mission="refill",
            need=_need(life=life, cause="refill", slug=slug, moment=moment, rng=rng),
        )
    slug = weighted(PASSIONS[_passion(life.shopper, rng)], rng)
    need = _need(life=life, cause="passion", slug=slug, moment=moment, rng=rng)
    return _errand(life=life, mission=_leisure(life=life, in_sales=calendar.in_sales(moment), rng=rng), need=need)


def gift_wish(*, slug: str, rng: np.random.Generator) -> Wish:
    """A wish for somebody else: a decent price, their style rather than one's own, no brand of the heart."""
    styles = STYLES_BY_DEPARTMENT[KIND_BY_SLUG[slug].department.name]
    return Wish(
        level=float(np.clip(rng.normal(0.58, 0.12), 0.1, 0.95)),
        style=styles[int(rng.integers(len(styles)))],
        brands=(),
        thrift=0.15,
    )


def own_wish(*, shopper: Shopper, slug: str, rng: np.random.Generator) -> Wish:
    """A wish for oneself: one's purse, one's style, the brands one trusts."""
    department = KIND_BY_SLUG[slug].department.name
    return Wish(
        level=float(np.clip(rng.normal(shopper.wallet, 0.1), 0.02, 0.98)),
        style=shopper.styles[department],
        brands=shopper.brands[department],
        thrift=shopper.thrift,
    )


def _errand(*, life: Life, mission: str, need: Need) -> Errand:
    life.needs.append(need)
    return Errand(mission=mission, need=need, continued=False)


def _need(*, life: Life, cause: str, slug: str, moment: datetime, rng: np.random.Generator) -> Need:
    """A new need of one's own; a refill starts from the usual article."""
    favourite = life.usual.get(slug) if cause == "refill" else None
    wish = own_wish(shopper=life.shopper, slug=slug, rng=rng)
    return Need(cause=cause, kind=slug, wish=wish, born=moment, favourite=favourite)


def _need_from_event(*, life: Life, cause: str, moment: datetime, rng: np.random.Generator) -> Need:
    life.lived.add(cause)
    slug = weighted(LIFE_EVENTS[cause], rng)
    if cause in GIFTS:
        return Need(cause=cause, kind=slug, wish=gift_wish(slug=slug, rng=rng), born=moment)
    return _need(life=life, cause=cause, slug=slug, moment=moment, rng=rng)


def _due_event(*, life: Life, moment: datetime) -> str | None:
    """The first event of life that has happened and was not shopped for yet."""
    for event in life.shopper.life_events:
        if event.at <= moment and event.name not in life.lived:
            return event.name
    return None


def _open_need(*, life: Life, moment: datetime) -> Need | None:
    """The latest need still on the mind."""
    for need in reversed(life.needs):
        if not need.settled and moment - need.born < NEED_LASTS:
            return need
    return None


def _used_up(*, life: Life, moment: datetime) -> str | None:
    """A consumable whose time has come."""
    for slug, since in life.owned.items():
        lasts = KIND_BY_SLUG[slug].lasts
        if lasts and moment - since > timedelta(days=lasts):
            return slug
    return None


def _ripened(*, life: Life, need: Need, rng: np.random.Generator) -> str:
    """How an open need is carried on: compared until it is clear, then bought."""
    if need.cause in GIFTS:
        return "gift"
    if need.favourite and rng.random() < 0.25 + 0.1 * min(need.progress, 5):
        return "purchase"
    return "hurried" if rng.random() < life.shopper.hurry * 0.4 else "compare"


def _equip(life: Life, rng: np.random.Generator) -> str:
    """A person who must buy something either compares at length or wants it done."""
    return "purchase" if rng.random() < 0.25 + 0.3 * life.shopper.hurry else "compare"


def _leisure(*, life: Life, in_sales: bool, rng: np.random.Generator) -> str:
    """A visit nothing forces: bargains for the thrifty, above all during the sales, else looking around."""
    if rng.random() < life.shopper.thrift * (0.6 if in_sales else 0.2):
        return "bargain"
    hurried = life.shopper.hurry * 0.3
    shares = {"browse": 0.46, "compare": 0.26, "purchase": 0.1, "hurried": hurried}
    return weighted(shares, rng)


def _passion(shopper: Shopper, rng: np.random.Generator) -> str:
    """The strongest passion most of the time."""
    if len(shopper.passions) == 1 or rng.random() < 0.65:
        return shopper.passions[0]
    return shopper.passions[1 + int(rng.integers(len(shopper.passions) - 1))]
