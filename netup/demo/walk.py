"""A walk through the shop: where a shopper stands, what they hold, and the single steps they can take."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np

from netup.demo.assortment import Article, Assortment
from netup.demo.departments import KIND_BY_SLUG
from netup.demo.diary import HOME, Diary, Line, Page, product_page
from netup.demo.kinds import Kind
from netup.demo.needs import MISSIONS, Errand, Life, Mission, own_wish
from netup.demo.rhythm import Calendar
from netup.demo.taste import Shelf, Weights, Wish, draw

LIST_SIZE = 10
MISSPELT = {"raquette": "raqette", "machine": "machinne", "poussette": "pousette", "chaussures": "chausures"}


@dataclass(frozen=True, kw_only=True)
class Shop:
    """Everything a walk needs to know of the shop."""

    assortment: Assortment
    shelves: Mapping[str, Shelf]
    calendar: Calendar


@dataclass
class Walk:
    """One visit under way."""

    shop: Shop
    life: Life
    errand: Errand
    diary: Diary
    rng: np.random.Generator
    patience: float
    focus: str
    wish: Wish
    cart: dict[str, Line] = field(default_factory=dict)
    seen: list[Article] = field(default_factory=list)
    shown: list[Article] = field(default_factory=list)
    list_id: str = ""
    last: Article | None = None
    weights: dict[str, Weights] = field(default_factory=dict)

    @property
    def mission(self) -> Mission:
        """The way this visit shops."""
        return MISSIONS[self.errand.mission]

    @property
    def now(self) -> datetime:
        """The instant of the visit."""
        return self.diary.at

    @property
    def shelf(self) -> Shelf:
        """The shelf in focus."""
        return self.shop.shelves[self.focus]

    def chance(self, probability: float) -> bool:
        """True with that probability."""
        return bool(self.rng.random() < probability)

    def turn_to(self, slug: str, *, wish: Wish | None = None) -> None:
        """Look at another kind of merchandise, with a wish of its own."""
        if slug == self.focus and wish is None:
            return
        self.focus = slug
        self.wish = wish or own_wish(shopper=self.life.shopper, slug=slug, rng=self.rng)
        self.shown = []

    def suits(self) -> Weights:
        """How much each article of the shelf in focus suits the wish, float64 (n,)."""
        if self.focus not in self.weights:
            self.weights[self.focus] = self.shelf.weights(wish=self.wish, moment=self.now)
        return self.weights[self.focus]

    def fit(self, article: Article) -> float:
        """How well an article suits, from 0 to 1 for the best of its shelf."""
        weights = self.suits()
        best = float(weights.max())
        weight = float(weights[self.shelf.position[article.id]])
        return (weight / best) ** 0.3 if best > 0 else 0.0

    def price(self, article: Article) -> int:
        """What the article costs now, in cents."""
        return article.offer.price_at(self.now)

    def line(self, article: Article, *, quantity: int = 1, index: int | None = None) -> Line:
        """Some units of an article at today's price."""
        return Line(article=article, cents=self.price(article), quantity=quantity, index=index)


def see_list(walk: Walk) -> None:
    """Open the category page of the kind in focus."""
    kind = KIND_BY_SLUG[walk.focus]
    places = walk.shelf.shown(count=LIST_SIZE, moment=walk.now, rng=walk.rng)
    walk.shown = [walk.shelf.articles[i] for i in places]
    walk.list_id = f"rayon-{kind.slug}"
    walk.diary.write_shown(
        "view_item_list",
        page=_category_page(kind),
        articles=walk.shown,
        item_list_id=walk.list_id,
        item_list_name=kind.levels[-1],
    )
    _skim(walk)


def search(walk: Walk) -> None:
    """Search for the kind in focus; now and then the first words find nothing and are written anew."""
    kind = KIND_BY_SLUG[walk.focus]
    term = kind.searches[int(walk.rng.integers(len(kind.searches)))] if kind.searches else kind.noun.lower()
    if walk.chance(0.14):
        _search_in_vain(walk, term)
    elif walk.chance(0.2) and len(walk.wish.brands):
        term = f"{term} {walk.wish.brands[0].lower()}"
    found = [walk.shelf.articles[i] for i in walk.shelf.shown(count=60, moment=walk.now, rng=walk.rng)]
    walk.shown = found[:LIST_SIZE]
    walk.list_id = "recherche"
    page = Page(kind="search", path=f"/recherche?q={term.replace(' ', '+')}", title=f"Recherche : {term}")
    walk.diary.write("search", page=page, search_term=term, search_results=len(found))
    walk.diary.spend(seconds=0.9, scroll=0.1)
    walk.diary.write_shown(
        "view_item_list",
        page=page,
        articles=walk.shown,
        item_list_id=walk.list_id,
        item_list_name="Recherche",
    )
    _skim(walk)


def choose_shown(walk: Walk) -> Article | None:
    """The article of the list that tempts most, likely; none when all were seen or none suits."""
    seen = {article.id for article in walk.seen}
    fresh = [article for article in walk.shown if article.id not in seen]
    if not fresh:
        return None
    weights = walk.suits()
    places = [walk.shelf.position[article.id] for article in fresh]
    pull = weights[places] ** 0.7
    if walk.last and walk.last.id in walk.shelf.position:
        pull = pull * (0.15 + walk.shelf.likeness[walk.shelf.position[walk.last.id]][places])
    position = draw(pull, walk.rng)
    return fresh[position] if position is not None else None


def choose_like(walk: Walk, article: Article, *, cheaper: bool = False) -> Article | None:
    """An article of the same kind close to the one just seen; a cheaper one when asked for."""
    if article.id not in walk.shelf.position:
        return None
    likeness = walk.shelf.likeness[walk.shelf.position[article.id]]
    pull = likeness * np.sqrt(walk.suits())
    if cheaper:
        price = walk.price(article)
        pull = pull * np.array([walk.price(other) < 0.93 * price for other in walk.shelf.articles])
    for known in walk.seen:
        if known.id in walk.shelf.position:
            pull[walk.shelf.position[known.id]] *= 0.15
    position = draw(pull, walk.rng)
    return walk.shelf.articles[position] if position is not None else None


def choose_accessory(walk: Walk, article: Article) -> Article | None:
    """One of the articles that complete this one, the first named more often."""
    candidates = [
        walk.shop.assortment.by_id[item]
        for item in article.accessories
        if walk.shop.assortment.by_id[item].created <= walk.now and item not in walk.cart
    ]
    pull = np.array([0.82**place * other.appeal**0.4 for place, other in enumerate(candidates)])
    position = draw(pull, walk.rng)
    return candidates[position] if position is not None else None


def pick_from_list(walk: Walk, article: Article) -> None:
    """Click on an article of the list in front."""
    index = walk.shown.index(article)
    walk.diary.write(
        "select_item",
        page=_list_page(walk),
        lines=[walk.line(article, index=index)],
        item_list_id=walk.list_id,
    )
    walk.diary.spend(seconds=0.8, scroll=0.0)


def look_at(walk: Walk, article: Article) -> float:
    """View an article's page and stay as long as it interests; gives back how well it fits (0..1)."""
    slug = article.kind.slug
    if slug != walk.focus:
        walk.turn_to(slug)
    fit = walk.fit(article)
    walk.diary.write("view_item", page=product_page(article), lines=[walk.line(article)])
    pace = walk.mission.pace * (0.75 if walk.diary.identity["device"]["category"] == "mobile" else 1.0)
    seconds = float(walk.rng.lognormal(np.log(14 + 46 * fit), 0.75)) * pace
    scroll = float(np.clip(walk.rng.normal(0.3 + 0.45 * fit, 0.18), 0.05, 1.0))
    walk.diary.spend(seconds=seconds, scroll=scroll)
    walk.seen.append(article)
    walk.last = article
    walk.patience -= 1
    if slug == walk.errand.need.kind:
        _ripen(walk, article, fit)
    return fit


def see_home(walk: Walk, *, chosen: Sequence[Article]) -> None:
    """The home page with its promoted articles."""
    walk.diary.write("page_view", page=HOME)
    walk.diary.spend(seconds=0.6, scroll=0.05)
    walk.diary.write_shown("view_promotion", page=HOME, articles=chosen, promotion_id="une", promotion_name="À la une")
    walk.diary.spend(seconds=float(walk.rng.lognormal(1.9, 0.7)), scroll=float(walk.rng.uniform(0.1, 0.7)))


def _ripen(walk: Walk, article: Article, fit: float) -> None:
    """The need takes shape: one product more is known, and perhaps it is the favourite now."""
    need = walk.errand.need
    need.progress += 1
    favourite = walk.shop.assortment.by_id.get(need.favourite or "")
    if favourite is None or (favourite.id in walk.shelf.position and fit > walk.fit(favourite)):
        need.favourite = article.id


def _search_in_vain(walk: Walk, term: str) -> None:
    """A misspelt or too narrow search that finds nothing."""
    first, *rest = term.split(" ")
    wrong = " ".join((MISSPELT.get(first, first + "x"), *rest))
    page = Page(kind="search", path=f"/recherche?q={wrong.replace(' ', '+')}", title=f"Recherche : {wrong}")
    walk.diary.write("search", page=page, search_term=wrong, search_results=0)
    walk.diary.spend(seconds=float(walk.rng.uniform(3, 12)), scroll=0.05)


def _skim(walk: Walk) -> None:
    """Run the eye over a list."""
    seconds = float(walk.rng.lognormal(2.3, 0.6)) * walk.mission.pace
    walk.diary.spend(seconds=seconds, scroll=float(walk.rng.uniform(0.15, 0.95)))


def _category_page(kind: Kind) -> Page:
    return Page(kind="category", path=f"/rayons/{kind.slug}", title=kind.levels[-1])


def _list_page(walk: Walk) -> Page:
    if walk.list_id == "recherche":
        return Page(kind="search", path="/recherche", title="Recherche")
    return _category_page(KIND_BY_SLUG[walk.focus])
