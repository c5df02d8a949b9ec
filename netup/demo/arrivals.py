"""How a visit begins: the channel that brought it, the page it lands on, and whether it stays at all."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import numpy as np

from netup.demo.assortment import Article
from netup.demo.diary import ACCOUNT, Diary, Page
from netup.demo.needs import Errand, Life
from netup.demo.passions import Wishes
from netup.demo.shoppers import CHANNELS, DEVICES, Shopper, weighted
from netup.demo.walk import Shop, Walk, see_home

# Where each channel comes from: referrer, GA4 source and medium.
ORIGINS: Mapping[str, tuple[str, str, str]] = {
    "direct": ("", "", ""),
    "organic": ("https://www.google.com/", "google", "organic"),
    "paid": ("https://www.google.com/", "google", "cpc"),
    "email": ("", "newsletter", "email"),
    "social": ("https://www.instagram.com/", "instagram", "social"),
    "affiliate": ("https://www.comparateur-malin.example/", "comparateur-malin", "affiliate"),
}
LANDINGS: Mapping[str, Wishes] = {
    "direct": {"home": 0.6, "list": 0.25, "product": 0.15},
    "organic": {"home": 0.16, "list": 0.44, "product": 0.4},
    "paid": {"list": 0.42, "product": 0.5, "home": 0.08},
    "email": {"promotion": 0.65, "product": 0.2, "home": 0.15},
    "social": {"promotion": 0.3, "product": 0.45, "home": 0.25},
    "affiliate": {"product": 0.85, "list": 0.15},
}
# The theme of each week's newsletter and advertising, and the kind it puts forward.
THEMES: Sequence[tuple[str, str]] = (
    ("terre-battue", "raquette-tennis"),
    ("cocon", "plaid"),
    ("petit-noir", "cafe-grains"),
    ("premiers-pas", "coffret-naissance"),
    ("belle-saison", "robe"),
    ("grand-air", "chaussures-rando"),
    ("expresso", "machine-grains"),
    ("foulees", "chaussures-running"),
    ("tablees", "assiettes"),
)
HURRIED_CHANNELS = {"social": 0.16, "paid": 0.07, "affiliate": 0.05}


def theme_at(*, shop: Shop, moment: datetime) -> tuple[str, str]:
    """The campaign of the week: its name and the kind it promotes."""
    if shop.calendar.in_sales(moment):
        return ("semaine-des-elans", "")
    week = int((moment - shop.calendar.since).days // 7)
    return THEMES[week % len(THEMES)]


def open_diary(
    *, shop: Shop, life: Life, errand: Errand, visit_id: str, moment: datetime, rng: np.random.Generator
) -> Diary:
    """The blank pages of a visit: who comes, with what, from where."""
    channel = _channel(life=life, errand=errand, rng=rng)
    referrer, source, medium = ORIGINS[channel]
    campaign = {"source": source, "medium": medium} if source else {}
    if channel in {"paid", "email", "social"}:
        campaign["name"] = theme_at(shop=shop, moment=moment)[0]
    return Diary(
        visit_id=visit_id,
        at=moment,
        identity=_identity(shopper=life.shopper, visit_id=visit_id, rng=rng),
        referrer=referrer,
        campaign=campaign,
        channel=channel,
    )


def arrive(walk: Walk) -> Article | None:
    """Land on the first page; gives back the article to look at first when the way in leads to one."""
    _maybe_return_something(walk)
    favourite = walk.shop.assortment.by_id.get(walk.errand.need.favourite or "")
    if favourite and walk.chance(0.55):
        return favourite
    landing = weighted(LANDINGS[walk.diary.channel], walk.rng)
    if walk.errand.mission == "bargain":
        landing = "promotion"
    if landing == "home":
        see_home(walk, chosen=_best_sellers(walk))
    elif landing == "promotion":
        return _land_on_promotion(walk)
    elif landing == "product":
        return _landed_product(walk)
    return None


def cold_feet(walk: Walk) -> bool:
    """Whether the visitor leaves after the first page."""
    if walk.errand.mission == "refill":
        return walk.chance(0.06)
    base = 0.14 if walk.errand.continued else 0.33
    return walk.chance(base + HURRIED_CHANNELS.get(walk.diary.channel, 0.0))


def _channel(*, life: Life, errand: Errand, rng: np.random.Generator) -> str:
    """The channel of one's habits, or one of the usual; who carries on often comes directly."""
    if (errand.continued or errand.mission == "refill") and rng.random() < 0.35:
        return "direct"
    if errand.mission == "bargain" and rng.random() < 0.4:
        return "email"
    return life.shopper.channel if rng.random() < 0.55 else weighted(CHANNELS, rng)


def _identity(*, shopper: Shopper, visit_id: str, rng: np.random.Generator) -> dict[str, Any]:
    """Who the visitor is to the shop; without consent nothing ties this visit to another."""
    device = shopper.device if rng.random() < 0.85 else weighted(DEVICES, rng)
    identity: dict[str, Any] = {
        "session_id": f"s-{visit_id}",
        "consent": shopper.consent,
        "device": {"category": device},
        "language": shopper.language,
    }
    if shopper.consent:
        identity["visitor_id"] = shopper.visitor_id
    return identity


def _maybe_return_something(walk: Walk) -> None:
    """Now and then the visit starts by sending something back."""
    if not walk.life.returnable or not walk.chance(0.06):
        return
    order = walk.life.returnable.pop()
    walk.diary.write("refund", page=ACCOUNT, lines=[order.line], transaction_id=order.transaction_id)
    walk.diary.spend(seconds=float(walk.rng.uniform(20, 90)), scroll=0.5)


def _land_on_promotion(walk: Walk) -> Article | None:
    """The page of the week's campaign; half of those who came for nothing in particular follow it."""
    name, slug = theme_at(shop=walk.shop, moment=walk.now)
    if walk.errand.mission == "bargain" or not slug:
        slug = walk.focus
    chosen = _promoted(walk, slug)
    page = Page(kind="category", path=f"/selection/{name}", title=name.replace("-", " ").capitalize())
    walk.diary.write_shown("view_promotion", page=page, articles=chosen, promotion_id=name, promotion_name=page.title)
    walk.diary.spend(seconds=float(walk.rng.lognormal(2.1, 0.6)), scroll=float(walk.rng.uniform(0.1, 0.9)))
    follows = 0.6 if walk.errand.mission == "bargain" else 0.3
    if not chosen or not walk.chance(follows):
        return None
    walk.turn_to(slug)
    article = chosen[int(walk.rng.integers(min(len(chosen), 4)))]
    walk.diary.write("select_promotion", page=page, lines=[walk.line(article)], promotion_id=name)
    return article


def _promoted(walk: Walk, slug: str) -> list[Article]:
    """What a campaign shows of a kind: what is reduced first, then what is popular."""
    shelf = walk.shop.shelves[slug]
    places = shelf.shown(count=14, moment=walk.now, rng=walk.rng)
    articles = [shelf.articles[i] for i in places]
    articles.sort(key=lambda article: -article.offer.discount_at(walk.now))
    return articles[:8]


def _landed_product(walk: Walk) -> Article | None:
    """The article an advertisement or a search engine leads to: of the kind in mind, often popular."""
    shelf = walk.shelf
    places = shelf.shown(count=6, moment=walk.now, rng=walk.rng)
    suits = walk.suits()
    best = sorted(places, key=lambda i: -suits[i])
    return shelf.articles[best[int(walk.rng.integers(min(3, len(best))))]] if best else None


def _best_sellers(walk: Walk) -> list[Article]:
    """What the home page puts forward: the best of a few kinds."""
    slugs = list(walk.shop.shelves)
    chosen = [slugs[i] for i in walk.rng.choice(len(slugs), size=8, replace=False)]
    shown = [(slug, walk.shop.shelves[slug].shown(count=1, moment=walk.now, rng=walk.rng)) for slug in chosen]
    return [walk.shop.shelves[slug].articles[places[0]] for slug, places in shown if places]
