"""Liking: one person's profile, what they would like of the store's products, and what speaks for it.

What `affinities` learned of everybody, asked of somebody: their own dealings, today's in, place them anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from catalog.facts import ProductFacts
from personalization.affinities import ONE_THREAD, UNMET, Affinities, Taste, folded_in
from personalization.lookup import Found, find
from personalization.persons import (
    NEVER,
    OWN_FEATURES,
    Dealings,
    Lived,
    dealings,
    interest,
    own_features,
    runs,
    share_of,
)

LIKED, AKIN, OWN, POPULAR = 200, 150, 250, 60  # candidates of each sort
GROUPS: Final = 3  # of the person's categories, and of their brands, whose best sellers are candidates
BEST: Final = 30  # best sellers of each
RANKED: Final = 1000  # products whose rank by liking is told apart
EPSILON: Final = 1e-3  # kinship below which nothing can be told from nothing
LASTING_INTEREST: Final = 90.0  # days after which a past visit counts half in what a person lastingly does
USUAL_INTERVAL: Final = 30.0  # days between two purchases of a product nothing is known of
SPEAKING: Final = 60  # of the person's own products that are asked how much they speak for a candidate


FEATURES: Final = (
    *OWN_FEATURES, "affinity", "affinity_rank", "affinity_unmet", "rank_unmet", "due", "again_met", "again_bought",
    "akin", "akin_root", "akin_unmet", "akin_unmet_root", "category", "brand", "category_lately", "brand_lately",
    "price_fit", "price_fit_unmet", "popularity", "conversion", "popularity_unmet",
)  # fmt: skip
BELIEVED: Final = {"affinity_rank": 0.5, "akin": 0.5, "popularity": 0.2, "own_bought": 0.5, "today_recency": 0.5}


@dataclass(frozen=True, slots=True)
class Profile:
    """A person as affinities see them.

    Attributes:
        lived, did: all that they did, by meeting and by product.
        products: int32 (n,), their own products, ascending; told, lasting: float32 (n,), what each tells of interest
            these days, and lastingly.
        likes: float32 (products,), how well each product of the store suits them.
        akin: float32 (products,), how akin each is to their own, [0, 1].
        speaking: int32 (s,), those of their own products that tell most; voices: float32 (s, factors), what each
            adds to a liking, once multiplied by the factors of the product liked.
    """

    lived: Lived
    did: Dealings
    products: NDArray[np.int32]
    told: NDArray[np.float32]
    lasting: NDArray[np.float32]
    likes: NDArray[np.float32]
    akin: NDArray[np.float32]
    speaking: NDArray[np.int32]
    voices: NDArray[np.float32]


def profile(affinities: Affinities, person: Lived, *, taste: Taste) -> Profile:
    """The person's profile, all their dealings and today's in."""
    products, told = interest(person, half_life=taste.half_life)
    inside = products < len(affinities.factors)
    known, weighing = products[inside], told[inside]
    likes = np.zeros(len(affinities.factors), np.float32)
    voices = np.empty((0, affinities.factors.shape[1]), np.float32)
    loudest = np.argsort(-weighing, kind="stable")[:SPEAKING]
    speaking = known[loudest]
    if len(known):
        with ONE_THREAD.limit(limits=1, user_api="blas"):
            place, voices = folded_in(affinities, known, weighing, loudest, confidence=taste.confidence)
            likes = affinities.factors @ place
    return Profile(
        lived=person,
        did=dealings(person, half_life=LASTING_INTEREST),
        products=products,
        told=told,
        lasting=interest(person, half_life=LASTING_INTEREST)[1],
        likes=np.asarray(likes, np.float32),
        akin=_akin(affinities, speaking, weighing[loudest]),
        speaking=speaking,
        voices=voices,
    )


def _akin(affinities: Affinities, products: NDArray[np.int32], told: NDArray[np.float32]) -> NDArray[np.float32]:
    """float32 (products of the store,): mean kinship to these, as weighty as they tell."""
    starts = affinities.kin_offsets[products]
    lengths = affinities.kin_offsets[products + 1] - starts
    places = runs(starts, lengths)
    shares = np.repeat(told / max(float(told.sum()), 1e-9), lengths)
    summed = np.bincount(affinities.kin[places], affinities.kinship[places] * shares, minlength=len(affinities.factors))
    return summed.astype(np.float32)


def speakers(
    candidates: NDArray[np.int32], asked: Profile, affinities: Affinities
) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
    """How many of the person's own products effectively speak for each candidate (Kish), and the loudest, −1 none."""
    known = candidates < len(affinities.factors)
    if not len(asked.speaking):
        return np.zeros(len(candidates), np.float32), np.full(len(candidates), -1, np.int32)
    with ONE_THREAD.limit(limits=1, user_api="blas"):
        heard = np.maximum(affinities.factors[np.where(known, candidates, 0)] @ asked.voices.T, 0.0)
    heard[~known] = 0.0
    total = heard.sum(axis=1)
    effective = np.where(total > 0, total**2 / np.maximum(np.square(heard).sum(axis=1), 1e-12), 0.0)
    loudest = np.where(total > 0, asked.speaking[heard.argmax(axis=1)], -1)
    return effective.astype(np.float32), loudest.astype(np.int32)


def propose(
    asked: Profile, affinities: Affinities, *, facts: ProductFacts, eligible: NDArray[np.bool_]
) -> NDArray[np.int32]:
    """int32 (n,), ascending: their own, those they would like, best sellers of what they like, popular ones."""
    count = min(len(affinities.factors), len(facts))
    mask = eligible[:count]
    popularity = np.where(mask, affinities.popularity[:count], -np.inf)
    own = asked.did.products[np.argsort(asked.did.met_days, kind="stable")]
    pieces: list[NDArray[np.integer]] = [own[eligible[own]][:OWN], _best(popularity, POPULAR)]
    if len(asked.speaking):
        pieces.append(_best(np.where(mask, asked.likes[:count], -np.inf), LIKED))
        pieces.append(_best(np.where(mask & (asked.akin[:count] > 0), asked.akin[:count], -np.inf), AKIN))
    for groups in (facts.category, facts.brand):
        pieces += [_best_of(group, groups[:count], popularity) for group in _favoured(asked, groups)]
    return np.unique(np.concatenate(pieces)).astype(np.int32)


def features(
    candidates: NDArray[np.int32],
    asked: Profile,
    affinities: Affinities,
    *,
    facts: ProductFacts,
    prices: NDArray[np.float32],
) -> NDArray[np.float32]:
    """float32 (candidates, FEATURES): what the person's lasting affinities say of each candidate.

    `prices` float32 (products,) are today's, NaN where there is none.
    """
    own = find(candidates, asked.did.products)
    known = candidates < len(affinities.factors)
    inside = np.where(known, candidates, 0)

    def learned(values: NDArray[np.float32], otherwise: float) -> NDArray[np.float32]:
        if not len(values):
            return np.full(len(candidates), otherwise, np.float32)
        return np.where(known, values[inside], np.float32(otherwise))

    since, due = _due(own, asked.did, learned(affinities.interval, USUAL_INTERVAL))
    affinity, popularity = learned(asked.likes, 0.0), learned(affinities.popularity, UNMET)
    rank = _rank(affinity, asked.likes)
    fit, akin = _price_fit(candidates, asked.did, prices), learned(asked.akin, 0.0)
    bent = np.column_stack([np.log(EPSILON + akin), np.sqrt(akin)])
    return np.column_stack(
        [
            own_features(candidates, asked.lived, asked.did),
            affinity,
            rank,
            np.where(own.there, 0.0, affinity),
            np.where(own.there, 0.0, rank),
            due,
            np.where(own.there, learned(affinities.met_again, 0.0), 0.0),
            np.where(since < NEVER, learned(affinities.bought_again, 0.0), 0.0),
            bent,
            np.where(own.there[:, None], 0.0, bent),
            *(
                share_of(candidates, groups, products=asked.products, told=told)
                for told in (asked.lasting, asked.told)
                for groups in (facts.category, facts.brand)
            ),
            fit,
            np.where(own.there, 0.0, fit),
            popularity,
            learned(affinities.conversion, -4.0),
            np.where(own.there, 0.0, popularity),
        ]
    ).astype(np.float32)


def _best(values: NDArray[np.float32], most: int) -> NDArray[np.int64]:
    """Places of the highest finite values."""
    found = np.argpartition(-values, most)[:most] if len(values) > most else np.arange(len(values))
    return np.asarray(found[np.isfinite(values[found])], dtype=np.int64)


def _favoured(asked: Profile, groups: NDArray[np.int32]) -> list[int]:
    """The person's categories, or brands, of most interest."""
    group = groups[asked.products]
    told = np.bincount(group[group >= 0], asked.told[group >= 0], minlength=1)
    return [int(one) for one in np.argsort(-told, kind="stable")[:GROUPS] if told[one] > 0]


def _best_of(group: int, groups: NDArray[np.int32], popularity: NDArray[np.float32]) -> NDArray[np.int64]:
    members = np.flatnonzero(groups == group)
    return members[_best(popularity[members], BEST)]


def _due(own: Found, did: Dealings, interval: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Days since each candidate was bought, NEVER without, and how nearly it is due again: 1 right at its time.

    Its time is the person's own mean interval, drawn to the product's `interval` float32 (candidates,).
    """
    since = own.of(did.bought_days, absent=NEVER)
    bought = since < NEVER
    span = np.where(bought, own.of(did.first_bought_days) - since, 0.0)
    wait = np.maximum((span + interval) / np.maximum(own.of(did.bought), 1.0), 0.5)
    nearly = np.exp(-np.abs(np.log(np.maximum(since, 0.5) / wait)))
    return since.astype(np.float32), np.where(bought, nearly, 0.0).astype(np.float32)


def _rank(affinity: NDArray[np.float32], likes: NDArray[np.float32]) -> NDArray[np.float32]:
    """float32 (candidates,): −log(1 + how many products are liked better), held at RANKED; 0 without any liking."""
    if not likes.any():
        return np.zeros(len(affinity), np.float32)
    most = min(RANKED, len(likes))
    best = np.sort(-np.partition(-likes, most - 1)[:most])[::-1]
    return -np.log1p(np.searchsorted(-best, -affinity)).astype(np.float32)


def _price_fit(candidates: NDArray[np.int32], did: Dealings, prices: NDArray[np.float32]) -> NDArray[np.float32]:
    """float32 (candidates,): distance of the log price from the person's usual one, in their spreads; 0 unknown."""
    own = prices[did.products]
    own = np.log(own[own > 0])
    if not len(own):
        return np.zeros(len(candidates), np.float32)
    spread = np.sqrt((own.var() * len(own) + 0.5) / (len(own) + 1))
    asked = prices[candidates]
    distance = np.abs(np.log(np.where(asked > 0, asked, 1.0)) - own.mean()) / spread
    return np.where(asked > 0, np.minimum(distance, 4.0), 0.0).astype(np.float32)
