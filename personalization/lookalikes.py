"""Lookalikes: the people whose histories resemble somebody's, and what most of them looked at and bought.

User-based neighbourhoods over implicit feedback (Aiolli, RecSys 2013; TIFU-kNN: Hu et al., SIGIR 2020): the cosine of
interests in products, rarer ones telling more, and of interests in categories and brands, by which thin histories
resemble each other too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from catalog.facts import ProductFacts
from personalization.lookup import find
from personalization.people import People, leanings
from personalization.persons import (
    DAY,
    OWN_FEATURES,
    Dealings,
    Lived,
    dealings,
    interest,
    own_features,
    runs,
    share_of,
)
from personalization.trails import CART, PURCHASE

EPSILON: Final = 1e-3  # the share of lookalikes below which nothing can be told from nothing
UNMET: Final = float(np.log(0.1))  # popularity of a product nobody met
MOST_PRODUCTS: Final = 80  # of the person's own, the weightiest, by which lookalikes are found
MOST_LEANINGS: Final = 6
LATELY: Final = 30.0  # days after which what a lookalike met counts half in what they met of late
LASTING_INTEREST: Final = 90.0  # days after which a past visit counts half in what a person lastingly does
ROW: Final = 400  # products of a lookalike that count
OWN, HEARD, POPULAR = 250, 250, 60  # candidates of each sort

FEATURES: Final = (
    *OWN_FEATURES, "alike_met", "alike_carted", "alike_bought", "alike_met_root", "alike_bought_root", "alike_unmet",
    "alike_unmet_root", "alike_lately", "speakers", "popularity", "popularity_unmet", "nearness", "category", "brand",
)  # fmt: skip
BELIEVED: Final = {"alike_met": 1.0, "alike_bought": 0.5, "popularity": 0.2, "own_bought": 0.5, "today_recency": 0.5}


@dataclass(frozen=True, slots=True)
class Resemblance:
    """How people are compared.

    Attributes:
        half_life: days after which a meeting tells half as much of the person who asks.
        leaning: share of the resemblance that categories and brands decide, [0, 1].
        sharpness: power of the resemblance in what lookalikes say together.
        people: how many lookalikes are heard.
    """

    half_life: float = 7.0
    leaning: float = 0.1
    sharpness: float = 1.0
    people: int = 300


@dataclass(frozen=True, slots=True)
class Heard:
    """What lookalikes did, summed by product; arrays by product, ascending.

    Attributes:
        products: int32 (n,), ascending.
        met, carted, bought, lately: float32 (n,), summed resemblance of those who met it, carted it, bought it, met it
            of late.
        support: float32 (n,), effective number of people (Kish) who met it.
        mass: summed resemblance of all who are heard.
        nearest: resemblance of the most alike, [0, 1].
        people: how many are heard.
    """

    products: NDArray[np.int32]
    met: NDArray[np.float32]
    carted: NDArray[np.float32]
    bought: NDArray[np.float32]
    lately: NDArray[np.float32]
    support: NDArray[np.float32]
    mass: float
    nearest: float
    people: int


@dataclass(frozen=True, slots=True)
class Company:
    """A person among their lookalikes.

    Attributes:
        lived, did: all that they did, by meeting and by product.
        products: int32 (n,), their own products, ascending; told: float32 (n,), what each tells of interest.
        heard: what their lookalikes did.
    """

    lived: Lived
    did: Dealings
    products: NDArray[np.int32]
    told: NDArray[np.float32]
    heard: Heard


def company(
    people: People, person: Lived, *, me: int, facts: ProductFacts, now: float, settings: Resemblance
) -> Company:
    """The person among those who resemble them; `me` is whose row is left out, see `trails.person_of`."""
    products, told = interest(person, half_life=settings.half_life)
    rows, alike = nearest(people, products, told, me=me, facts=facts, settings=settings)
    heard = _hear(people, rows, alike, now=now, sharpness=settings.sharpness)
    return Company(person, dealings(person, half_life=LASTING_INTEREST), products, told, heard)


def nearest(
    people: People,
    products: NDArray[np.int32],
    told: NDArray[np.float32],
    *,
    me: int,
    facts: ProductFacts,
    settings: Resemblance,
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Rows of the people most alike, int32 (n,), and their resemblance, float32 (n,) in (0, 1], highest first.

    `products` and `told` are the person's interests, as from `persons.interest`.
    """
    known = products < len(people.rarity)
    products = products[known]
    weights = np.sqrt(told[known]) * people.rarity[products]
    weights = weights / max(float(np.linalg.norm(weights)), 1e-9)
    keys, shares = leanings(products, weights, facts)
    by_product = (people.index_offsets, people.index_people, people.index_weights)
    by_leaning = (people.leaning_offsets, people.leaning_people, people.leaning_weights)
    pieces = [
        _parts(*by_product, products, weights * (1.0 - settings.leaning), MOST_PRODUCTS),
        _parts(*by_leaning, keys, shares * settings.leaning, MOST_LEANINGS),
    ]
    found = np.concatenate([rows for rows, _ in pieces])
    alike = np.bincount(found, np.concatenate([parts for _, parts in pieces]), minlength=len(people))
    mine = int(np.searchsorted(people.persons, me))
    if mine < len(people) and people.persons[mine] == me:
        alike[mine] = 0.0
    rows = np.flatnonzero(alike > 0)
    if len(rows) > settings.people:
        rows = rows[np.argpartition(-alike[rows], settings.people)[: settings.people]]
    rows = rows[np.argsort(-alike[rows], kind="stable")]
    return rows.astype(np.int32), np.minimum(alike[rows], 1.0).astype(np.float32)


def propose(asked: Company, people: People, *, eligible: NDArray[np.bool_]) -> NDArray[np.int32]:
    """int32 (n,), ascending: their own products, what most lookalikes met, popular ones."""
    count = min(len(people.popularity), len(eligible))
    popularity = np.where(eligible[:count], people.popularity[:count], -np.inf)
    popular = np.argpartition(-popularity, POPULAR)[:POPULAR] if count > POPULAR else np.arange(count)
    own = asked.did.products[np.argsort(asked.did.met_days, kind="stable")]
    heard = asked.heard.products[np.argsort(-(asked.heard.met + asked.heard.bought), kind="stable")]
    heard = heard[heard < count]
    pieces = (own[eligible[own]][:OWN], heard[eligible[heard]][:HEARD], popular[eligible[popular]])
    return np.unique(np.concatenate(pieces)).astype(np.int32)


def features(
    candidates: NDArray[np.int32], asked: Company, people: People, *, facts: ProductFacts
) -> NDArray[np.float32]:
    """float32 (candidates, FEATURES): what the person's own past and their lookalikes say of each candidate."""
    heard = asked.heard
    said, own = find(candidates, heard.products), find(candidates, asked.did.products).there
    known = candidates < len(people.popularity)

    def share(of: NDArray[np.float32]) -> NDArray[np.float32]:
        return np.asarray(said.of(of) / max(heard.mass, 1e-9), dtype=np.float32)

    met, carted, bought, lately = share(heard.met), share(heard.carted), share(heard.bought), share(heard.lately)
    popularity = np.full(len(candidates), UNMET, np.float32)
    popularity[known] = people.popularity[candidates[known]]
    everywhere = np.ones(len(candidates))
    return np.column_stack(
        [
            own_features(candidates, asked.lived, asked.did),
            np.log(EPSILON + met),
            np.log(EPSILON + carted),
            np.log(EPSILON + bought),
            np.sqrt(met),
            np.sqrt(bought),
            np.where(own, 0.0, np.log(EPSILON + met)),
            np.where(own, 0.0, np.sqrt(met)),
            np.log(EPSILON + lately),
            everywhere * np.log1p(heard.people),
            popularity,
            np.where(own, 0.0, popularity),
            everywhere * heard.nearest,
            share_of(candidates, facts.category, products=asked.products, told=asked.told),
            share_of(candidates, facts.brand, products=asked.products, told=asked.told),
        ]
    ).astype(np.float32)


def _hear(
    people: People, rows: NDArray[np.int32], alike: NDArray[np.float32], *, now: float, sharpness: float
) -> Heard:
    """What these people did with products."""
    starts = people.offsets[rows]
    lengths = np.minimum(people.offsets[rows + 1] - starts, ROW)
    places = runs(starts, lengths)
    strength = alike**sharpness
    speaks = np.repeat(strength, lengths)
    products, inverse = np.unique(people.products[places], return_inverse=True)
    kinds = people.kinds[places]
    fresh = np.exp2(-np.maximum(now - people.met[places], 0.0) / DAY / LATELY)

    def summed(of: NDArray[Any]) -> NDArray[np.float32]:
        return np.bincount(inverse, of, minlength=len(products)).astype(np.float32)

    met = summed(speaks)
    return Heard(
        products=products.astype(np.int32),
        met=met,
        carted=summed(speaks * (kinds >= CART)),
        bought=summed(speaks * (kinds == PURCHASE)),
        lately=summed(speaks * fresh),
        support=np.asarray(met**2 / np.maximum(summed(speaks**2), 1e-12), dtype=np.float32),
        mass=float(strength.sum()),
        nearest=float(alike[0]) if len(alike) else 0.0,
        people=len(rows),
    )


def _parts(
    offsets: NDArray[np.int64],
    people: NDArray[np.int32],
    weights: NDArray[np.float32],
    keys: NDArray[Any],
    shares: NDArray[Any],
    most: int,
) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """The people of the weightiest keys, and their part of the cosine; a person once a key."""
    inside = (keys < len(offsets) - 1) & (shares > 0)
    keys, shares = keys[inside], shares[inside]
    heaviest = np.argsort(-shares, kind="stable")[:most]
    keys, shares = keys[heaviest], shares[heaviest]
    starts = offsets[keys]
    lengths = offsets[keys + 1] - starts
    places = runs(starts, lengths)
    return people[places], np.asarray(weights[places] * np.repeat(shares, lengths), dtype=np.float64)
