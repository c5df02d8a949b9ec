"""One visit from arrival to departure: the mission drives which step follows which."""

from datetime import datetime, timedelta
from typing import Any

import numpy as np

from netup.demo.arrivals import arrive, cold_feet, open_diary
from netup.demo.assortment import Article
from netup.demo.checkout import FREE_SHIPPING_CENTS, cart_cents, put_into_cart, try_checkout
from netup.demo.departments import KIND_BY_SLUG
from netup.demo.diary import product_page
from netup.demo.needs import MISSIONS, Errand, Life, gift_wish
from netup.demo.passions import GIFTS, LIFE_EVENTS, PASSIONS, Wishes
from netup.demo.shoppers import weighted
from netup.demo.walk import (
    Shop,
    Walk,
    choose_accessory,
    choose_like,
    choose_shown,
    look_at,
    pick_from_list,
    search,
    see_list,
)

CURIOSITY = 0.5  # share of the wanderings that follow nothing but the eye
LONGEST_VISIT = 80  # events
INCLINATION = -6.0  # log odds of putting a product of average fit into the cart, before the mission speaks


def live_visit(
    *, shop: Shop, life: Life, errand: Errand, visit_id: str, moment: datetime, rng: np.random.Generator
) -> list[dict[str, Any]]:
    """Live one visit of a shopper and hand back its events, oldest first."""
    life.visits += 1
    walk = Walk(
        shop=shop,
        life=life,
        errand=errand,
        diary=open_diary(shop=shop, life=life, errand=errand, visit_id=visit_id, moment=moment, rng=rng),
        rng=rng,
        patience=float(rng.gamma(1.5, MISSIONS[errand.mission].patience / 1.5)),
        focus=errand.need.kind,
        wish=errand.need.wish,
    )
    article = arrive(walk)
    if cold_feet(walk):
        _glance(walk, article)
        return walk.diary.events
    article = article or _find(walk)
    closing = shop.calendar.until - timedelta(minutes=15)
    while article is not None and len(walk.diary.events) < LONGEST_VISIT and walk.now < closing:
        article = _consider(walk, article)
    if walk.cart and walk.chance(0.86):  # the others only wanted to keep it in mind
        try_checkout(walk)
    return walk.diary.events


def _glance(walk: Walk, article: Article | None) -> None:
    """The single page of somebody who leaves at once; a visit always leaves at least one trace."""
    if article is not None:
        look_at(walk, article)
    elif not walk.diary.events:
        see_list(walk)


def _consider(walk: Walk, article: Article) -> Article | None:
    """Look at an article, perhaps take it, and decide what to look at next; None ends the stroll."""
    fit = look_at(walk, article)
    if article.quantity == 0:
        return choose_like(walk, article) if walk.chance(0.7) else None
    if article.id not in walk.cart and walk.chance(_desire(walk, article, fit)):
        put_into_cart(walk, article)
        return _after_adding(walk, article)
    if walk.chance(0.03 * (1 + fit)):
        walk.diary.write("add_to_wishlist", page=product_page(article), lines=[walk.line(article)])
    return _next(walk, article, fit) if walk.patience > 0 else None


def _desire(walk: Walk, article: Article, fit: float) -> float:
    """The probability that this article goes into the cart now."""
    need = walk.errand.need
    odds = INCLINATION + walk.mission.buy + 3.0 * fit + 0.1 * min(need.progress, 8)
    odds += 0.9 * (article.id == need.favourite and need.progress >= 3)
    odds += 2.0 * walk.wish.thrift * article.offer.discount_at(walk.now)
    odds += 0.3 * walk.shop.calendar.in_sales(walk.now) + 0.35 * ((article.rating or 4.1) - 4.1)
    odds -= 0.28 * np.log(walk.price(article) / 4000)
    odds -= 0.25 * (walk.diary.identity["device"]["category"] == "mobile")
    if any(article.id in line.article.accessories for line in walk.cart.values()):
        odds += 2.6
    if walk.cart and _short_of_free_shipping(walk):
        odds += 1.5
    if article.kind.slug != need.kind and not walk.cart:
        odds -= 0.9
    return float(1 / (1 + np.exp(-odds)))


def _after_adding(walk: Walk, article: Article) -> Article | None:
    """With something in the cart: what completes it, what saves the delivery, more, or the end."""
    if walk.chance(0.46) and (accessory := choose_accessory(walk, article)):
        return accessory
    if _short_of_free_shipping(walk) and walk.chance(0.6):
        return _top_up(walk, article)
    if walk.patience > 0 and walk.chance(0.3):
        return _next(walk, article, 0.5)
    return None


def _short_of_free_shipping(walk: Walk) -> bool:
    """Whether a small article would save the delivery."""
    return 0.55 * FREE_SHIPPING_CENTS <= cart_cents(walk) < FREE_SHIPPING_CENTS


def _top_up(walk: Walk, article: Article) -> Article | None:
    """A small article that lifts the cart over the threshold: an accessory, else a neighbour."""
    missing = FREE_SHIPPING_CENTS - cart_cents(walk)
    by_id = walk.shop.assortment.by_id
    fitting = [
        by_id[item]
        for item in article.accessories
        if 0.7 * missing <= walk.price(by_id[item]) <= 2.2 * missing and by_id[item].created <= walk.now
    ]
    if fitting:
        return fitting[int(walk.rng.integers(len(fitting)))]
    return choose_like(walk, article, cheaper=True)


def _next(walk: Walk, article: Article, fit: float) -> Article | None:
    """The next article to look at: one alike, a cheaper one, one of the list, an accessory, or elsewhere."""
    mission = walk.mission
    dear = article.level > walk.wish.level + 0.05
    moves: Wishes = {
        "like": 0.5 + 0.8 * mission.compare,
        "cheaper": walk.wish.thrift * (0.9 if dear else 0.15),
        "list": 0.55,
        "complement": 0.08 + 0.3 * fit * (walk.errand.mission in {"purchase", "refill"}),
        "again": 0.3 * mission.compare * (len(walk.seen) >= 3),
        "elsewhere": mission.drift,
        "leave": 0.13,
    }
    move = weighted(moves, walk.rng)
    if move in {"like", "cheaper"}:
        return choose_like(walk, article, cheaper=move == "cheaper") or _find(walk)
    if move == "complement":
        return choose_accessory(walk, article)
    if move == "again":
        return walk.shop.assortment.by_id.get(walk.errand.need.favourite or article.id)
    if move == "elsewhere":
        _wander(walk)
    return None if move == "leave" else _find(walk)


def _find(walk: Walk) -> Article | None:
    """Open a list, by searching or from the menu, or go on in the one in front, and pick from it."""
    if not walk.shown or walk.chance(0.25):
        (search if walk.chance(walk.mission.search) else see_list)(walk)
    article = choose_shown(walk)
    if article is None and walk.chance(0.4):
        see_list(walk)
        article = choose_shown(walk)
    if article is not None:
        pick_from_list(walk, article)
    return article


def _wander(walk: Walk) -> None:
    """Turn to another kind: of the same occasion, of one's passions, or what life has in store."""
    if walk.chance(CURIOSITY):
        walk.turn_to(_eye_catcher(walk))
        return
    cause = walk.errand.need.cause
    if cause in LIFE_EVENTS:
        slug = weighted(LIFE_EVENTS[cause], walk.rng)
        walk.turn_to(slug, wish=gift_wish(slug=slug, rng=walk.rng) if cause in GIFTS else None)
        return
    pending = [event.name for event in walk.life.shopper.life_events if event.name not in walk.life.lived]
    if pending and walk.chance(0.25):
        walk.turn_to(weighted(LIFE_EVENTS[pending[0]], walk.rng))
        return
    passions = walk.life.shopper.passions
    walk.turn_to(weighted(PASSIONS[passions[int(walk.rng.integers(len(passions)))]], walk.rng))


def _eye_catcher(walk: Walk) -> str:
    """Any kind of the shop, half of the time one of the same department."""
    slugs = list(walk.shop.shelves)
    if walk.chance(0.5):
        department = KIND_BY_SLUG[walk.focus].department
        slugs = [slug for slug in slugs if KIND_BY_SLUG[slug].department is department]
    return slugs[int(walk.rng.integers(len(slugs)))]
