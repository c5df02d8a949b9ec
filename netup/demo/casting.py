"""Casts the kinds of merchandise into the demo shop's articles: about 2,000, the same for the same seed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar

import numpy as np

from netup.demo.assortment import Article, Assortment
from netup.demo.kinds import Brand, Kind
from netup.demo.prices import cost_cents, draw_offer, shelf_price

T = TypeVar("T")

SALE_LASTED = timedelta(days=6)
SALE_ENDED_BEFORE = timedelta(days=19)


def build_assortment(*, kinds: Iterable[Kind], now: datetime, rng: np.random.Generator) -> Assortment:
    """The whole shop as it stands at `now`: articles cast kind by kind, then tied to their accessories."""
    articles = [article for kind in kinds for article in _cast_kind(kind=kind, now=now, rng=rng)]
    return Assortment(articles=tuple(_with_accessories(articles=articles, rng=rng)))


@dataclass(frozen=True, kw_only=True)
class _Model:
    """What the variants of one model share."""

    kind: Kind
    number: int
    brand: Brand
    name: str
    style: str
    material: str
    detail: str
    description: str
    level: float
    appeal: float
    created: datetime


def _cast_kind(*, kind: Kind, now: datetime, rng: np.random.Generator) -> list[Article]:
    """All articles of one kind, model after model, series names used once per brand."""
    used: dict[str, int] = {}
    articles: list[Article] = []
    for number in range(1, kind.models + 1):
        model = _cast_model(kind=kind, number=number, used=used, now=now, rng=rng)
        articles += _cast_variants(model=model, now=now, rng=rng)
    return articles


def _cast_model(*, kind: Kind, number: int, used: dict[str, int], now: datetime, rng: np.random.Generator) -> _Model:
    """One model: who makes it, in which style, at which level of price, since when and how well liked."""
    brand = _pick(kind.brands, rng)
    series = _pick(kind.series or kind.department.series, rng)
    name = f"{brand.name} {series}"
    used[name] = used.get(name, 0) + 1
    if used[name] > 1:
        name = f"{name} {used[name]}"
    style = _pick(tuple(kind.department.styles), rng)
    material = _pick(kind.materials, rng) if kind.materials else ""
    return _Model(
        kind=kind,
        number=number,
        brand=brand,
        name=name,
        style=style,
        material=material,
        detail=_pick(kind.details, rng) if kind.details else "",
        description=_describe(kind=kind, brand=brand, style=style, material=material, rng=rng),
        level=float(np.clip(rng.normal(brand.level, 0.16), 0.0, 1.0)),
        appeal=float(rng.lognormal(0.0, 1.0)),
        created=now - timedelta(hours=_age_hours(rng)),
    )


def _age_hours(rng: np.random.Generator) -> float:
    """Hours since an article entered the shop: mostly long ago, some lately, a few just now."""
    share = rng.random()
    if share < 0.025:
        return float(rng.uniform(0.5, 30))
    if share < 0.11:
        return float(rng.uniform(30, 24 * 56))
    return float(rng.uniform(24 * 62, 24 * 900))


def _cast_variants(*, model: _Model, now: datetime, rng: np.random.Generator) -> list[Article]:
    """The articles of one model: one for each size or colour it is made in."""
    kind = model.kind
    sizes = kind.sizes or (("", 1.0),)
    colours = _colours(kind=kind, rng=rng)
    variants = [(size, factor, colour) for colour in colours for size, factor in sizes]
    shares = rng.dirichlet(np.full(len(variants), 3.0)) * len(variants)
    letters = "abcdefghij"
    group = f"{kind.slug}-{model.number:02d}"
    alone = len(variants) == 1
    return [
        _cast_article(
            model=model,
            article_id=group if alone else f"{group}-{letters[position]}",
            group=None if alone else group,
            variant=variant,
            appeal=model.appeal * float(shares[position]),
            now=now,
            rng=rng,
        )
        for position, variant in enumerate(variants)
    ]


def _colours(*, kind: Kind, rng: np.random.Generator) -> list[str]:
    """The colours one model is made in."""
    count = min(kind.colour_variants, len(kind.colours))
    return [kind.colours[i] for i in rng.choice(len(kind.colours), size=count, replace=False)]


def _cast_article(
    *,
    model: _Model,
    article_id: str,
    group: str | None,
    variant: tuple[str, float, str],
    appeal: float,
    now: datetime,
    rng: np.random.Generator,
) -> Article:
    """One variant of a model, with its own price, stock and reviews."""
    size, factor, colour = variant
    kind = model.kind
    brand_new = now - model.created < timedelta(days=2)
    low, high = kind.price
    price = shelf_price(low * (high / low) ** model.level * factor)
    quantity = _quantity(brand_new=brand_new, rng=rng)
    reviews = 0 if brand_new else int(rng.poisson(4 + 9 * appeal))
    return Article(
        id=article_id,
        group=group,
        kind=kind,
        brand=model.brand,
        title=_title(model=model, colour=colour, size=size),
        description=model.description,
        style=model.style,
        colour=colour,
        material=model.material,
        size=size,
        offer=draw_offer(
            price_cents=price,
            heavy=quantity > 150,
            now=now,
            event=(now - SALE_ENDED_BEFORE - SALE_LASTED, now - SALE_ENDED_BEFORE),
            rng=rng,
        ),
        cost_cents=cost_cents(price_cents=price, margin=kind.margin + model.brand.margin_bonus, rng=rng),
        quantity=quantity,
        rating=_rating(appeal=appeal, level=model.level, rng=rng) if reviews else None,
        reviews=reviews,
        created=model.created,
        level=model.level,
        appeal=appeal,
    )


def _quantity(*, brand_new: bool, rng: np.random.Generator) -> int:
    """Units in stock: a few at zero, most modest, some far too many."""
    share = rng.random()
    if share < 0.06 and not brand_new:
        return 0
    if share > 0.92:
        return int(rng.integers(160, 600))
    return 1 + int(rng.lognormal(3.0, 0.7))


def _rating(*, appeal: float, level: float, rng: np.random.Generator) -> float:
    """Mean stars out of five; liked and well-made articles do a little better."""
    stars = 4.05 + 0.12 * np.log(appeal + 0.1) + 0.25 * (level - 0.5) + rng.normal(0, 0.28)
    return round(float(np.clip(stars, 2.1, 5.0)), 1)


def _title(*, model: _Model, colour: str, size: str) -> str:
    """A shelf label: noun, brand and series, then what tells it from its neighbours."""
    named = colour if model.kind.lasts is None else ""
    parts = (f"{model.kind.noun} {model.name}", model.detail, named, size)
    return ", ".join(part for part in parts if part)


def _describe(*, kind: Kind, brand: Brand, style: str, material: str, rng: np.random.Generator) -> str:
    """Three or four sentences, from what it does to whom it suits."""
    picked = rng.permutation(len(kind.benefits))[:2]
    sentences = [kind.benefits[i] for i in picked]
    if material:
        sentences.append(f"Matière : {material}.")
    sentences.append(kind.department.styles[style])
    sentences.append(f"Une création {brand.name}, rayon {kind.universe}.")
    return " ".join(sentences)


def _with_accessories(*, articles: Sequence[Article], rng: np.random.Generator) -> Iterable[Article]:
    """The same articles, each knowing two articles at most of every kind that completes it."""
    shelves: dict[str, list[Article]] = {}
    for article in articles:
        shelves.setdefault(article.kind.slug, []).append(article)
    for article in articles:
        found = tuple(
            accessory.id
            for slug in article.kind.accessories
            for accessory in _closest(article=article, shelf=shelves.get(slug, []), rng=rng)
        )
        yield replace(article, accessories=found)


def _closest(*, article: Article, shelf: Sequence[Article], rng: np.random.Generator) -> list[Article]:
    """The two articles of a shelf that go best with this one: its brand, its style, its level of price."""
    noise = rng.random(len(shelf))
    distances = [
        abs(article.level - other.level)
        + (article.style != other.style) * 0.6
        + (article.brand.name != other.brand.name) * 0.3
        + noise[i] * 0.25
        for i, other in enumerate(shelf)
    ]
    return [shelf[i] for i in np.argsort(distances, kind="stable")[:2]]


def _pick(values: Sequence[T], rng: np.random.Generator) -> T:
    """One of the values, each as likely."""
    return values[int(rng.integers(len(values)))]
