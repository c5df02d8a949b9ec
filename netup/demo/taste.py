"""How people choose: the articles of a kind as arrays, and how much each suits somebody at a moment."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from netup.demo.assortment import Article, Assortment

Weights = NDArray[np.float64]

LEVEL_WIDTH = 0.26  # how far from the price level sought an article may stand
CLOSENESS = 4.0  # how strongly the article just seen pulls towards its likes


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What somebody wants of a kind: price level (0..1), style, brands, how much a discount tempts."""

    level: float
    style: str
    brands: tuple[str, ...]
    thrift: float


@dataclass(frozen=True, kw_only=True)
class Shelf:
    """The articles of one kind; arrays are float64 (n,), `likeness` float64 (n, n)."""

    articles: tuple[Article, ...]
    position: Mapping[str, int]
    level: Weights
    appeal: Weights
    created: Weights
    likeness: Weights

    def weights(self, *, wish: Wish, moment: datetime) -> Weights:
        """How much each article suits the wish; 0 for what is not launched yet."""
        matches = np.array([_match(article=a, wish=wish, moment=moment) for a in self.articles])
        distance = (self.level - wish.level) / LEVEL_WIDTH
        launched = self.created <= moment.timestamp()
        weights: Weights = self.appeal**0.9 * np.exp(matches - 0.5 * distance**2) * launched
        return weights

    def shown(self, *, count: int, moment: datetime, rng: np.random.Generator) -> list[int]:
        """Positions of the articles a list page shows: the popular ones first, with the day's chance."""
        scores = np.log(self.appeal) + 0.7 * rng.gumbel(size=len(self.articles))
        scores[self.created > moment.timestamp()] = -np.inf
        order = np.argsort(-scores, kind="stable")[:count]
        return [int(i) for i in order if scores[i] > -np.inf]


def _match(*, article: Article, wish: Wish, moment: datetime) -> float:
    """What speaks for an article beside its price level, on a log scale."""
    return (
        1.1 * (article.style == wish.style)
        + 0.9 * (article.brand.name in wish.brands)
        + 3.0 * wish.thrift * article.offer.discount_at(moment)
        + (0.25 * (article.rating - 4.1) if article.rating else 0.0)
    )


def shelves_of(assortment: Assortment) -> Mapping[str, Shelf]:
    """Every shelf of the shop by the slug of its kind."""
    return {slug: _shelf(articles) for slug, articles in assortment.by_kind.items()}


def _shelf(articles: tuple[Article, ...]) -> Shelf:
    """One shelf, with how alike any two of its articles are."""
    return Shelf(
        articles=articles,
        position={article.id: i for i, article in enumerate(articles)},
        level=np.array([article.level for article in articles]),
        appeal=np.array([article.appeal for article in articles]),
        created=np.array([article.created.timestamp() for article in articles]),
        likeness=np.array([[_likeness(a, b) for b in articles] for a in articles]),
    )


def _likeness(article: Article, other: Article) -> float:
    """How naturally the eye goes from one article to another: 0 for itself."""
    if article.id == other.id:
        return 0.0
    same_model = article.group is not None and article.group == other.group
    distance = (
        0.9 * abs(article.level - other.level)
        + 0.22 * (article.style != other.style)
        + 0.16 * (article.brand.name != other.brand.name)
        + 0.1 * (article.colour != other.colour)
        + (0.0 if same_model else 0.08)
    )
    return float(np.exp(-CLOSENESS * distance))


def draw(weights: Weights, rng: np.random.Generator) -> int | None:
    """A position drawn by weight; None when nothing has any."""
    total = np.cumsum(weights)
    if not len(total) or total[-1] <= 0:
        return None
    return int(np.searchsorted(total, rng.random() * total[-1], side="right"))
