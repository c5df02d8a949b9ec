"""Visits that look like real traffic, drawn from a seed: arriving, browsing, comparing, ordering."""

from __future__ import annotations

from random import Random
from typing import Any, Final
from zoneinfo import ZoneInfo

from personalization.markers.live_visit import VisitContext
from personalization.markers.lived import History, LivedEvent, LivedItem

from .lives import DAY, PRODUCTS, Life
from .visits import START

BRANDS: Final = ("Alba", "Borea", "Ciel", "Dune", "")
TERMS: Final = (
    "tennis",
    "chaussures tennis",
    "chaussures tennis femme",
    "cafetière",
    "couverture bébé",
    "raquette alba 300",
    "xyzzy",
)
ARRIVALS: Final[tuple[dict[str, str], ...]] = (
    {},
    {"referrer": "www.google.com"},
    {"referrer": "m.facebook.com", "source": "facebook", "medium": "paid_social", "campaign": "rentree"},
    {"source": "google", "medium": "cpc", "campaign": "marque", "path": "/?gclid=1"},
    {"source": "google", "medium": "cpc", "campaign": "soldes"},
    {"referrer": "l.instagram.com", "path": "/c/tennis?fbclid=2"},
    {"source": "google", "medium": "cpc", "campaign": "soldes"},
    {"source": "newsletter", "medium": "email", "campaign": "soldes"},
    {"source": "newsletter", "medium": "email", "campaign": "rentree"},
    {"referrer": "m.facebook.com", "path": "/p/3?fbclid=1"},
    {"source": "newsletter", "medium": "email", "campaign": "conseils"},
    {"referrer": "blog.example", "medium": "affiliate"},
    {"referrer": "blog.example", "path": "/c/1/tennis"},
    {"referrer": "idealo.fr", "path": "/p/3"},
    {"referrer": "www.bing.com", "medium": "organic"},
    {"source": "partner", "medium": "display", "campaign": "retargeting"},
    {"referrer": "forum.example"},
    {"referrer": "www.idealo.fr"},
)


def wanderings(seed: int, count: int) -> list[Life]:
    """As many visits, the same for the same seed."""
    rng = Random(seed)
    return [_Wanderer(rng).life() for _ in range(count)]


class _Wanderer:
    """One shopper: where the visit stands, and what it does next."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.at = START + rng.uniform(-180, 180) * DAY
        self.events: list[LivedEvent] = []
        self.cart: list[LivedItem] = []
        self.viewed: list[int] = []
        self.department = rng.randrange(5)
        self.device = rng.choice(["mobile", "mobile", "desktop", "tablet", ""])
        self.language = rng.choice(["fr-FR", "fr", "en-GB", ""])
        self.speed = rng.choice([4.0, 25.0, 90.0])

    def life(self) -> Life:
        context = VisitContext(
            time_zone=ZoneInfo("Europe/Paris"),
            country="FR",
            free_shipping_from=self.rng.choice([0.0, 60.0]),
            history=self._history(),
        )
        self._arrive()
        for _ in range(self.rng.randint(1, 30)):
            self._step()
        return Life(context, tuple(self.events))

    def _history(self) -> History:
        rng = self.rng
        if rng.random() < 0.5:
            return History()
        visits, last = rng.randint(1, 30), self.at - 10 ** rng.uniform(-2, 2) * DAY
        orders = rng.randint(0, visits)
        return History(
            visits=visits,
            events=visits * rng.randint(1, 20),
            orders=orders,
            revenue=orders * rng.uniform(10, 200),
            abandoned_carts=rng.randint(0, visits - orders),
            first_visit_at=last - 10 ** rng.uniform(-2, 2.6) * DAY if visits > 1 else last,
            last_visit_at=last,
            last_order_at=last - rng.uniform(0, 30) * DAY if orders else 0.0,
            products=tuple((self._product(), rng.uniform(0.1, 3)) for _ in range(rng.randint(1, 10))),
        )

    def _arrive(self) -> None:
        page = self.rng.choice(["home", "category", "product", "content", "search", "cart"])
        path = self.rng.choice(["/", "/c/tennis", "/c/tennis/raquettes/p12", "/conseils/choisir?page=2"])
        self._do("page_view", page=page, **{"path": path, **self.rng.choice(ARRIVALS)})

    def _step(self) -> None:
        steps = {
            self._browse: 3.0,
            self._view: 6.0,
            self._search: 1.5,
            self._promotion: 0.5,
            self._add: 1.5,
            self._remove: 0.5 if self.cart else 0.0,
            self._look_at_cart: 1.0 if self.cart else 0.2,
            self._checkout: 0.8 if self.cart else 0.0,
            self._page: 0.7,
            self._arrive: 0.3,
        }
        self.rng.choices(list(steps), weights=list(steps.values()))[0]()

    def _product(self) -> int:
        if self.rng.random() < 0.1:
            self.department = self.rng.randrange(5)
        if self.rng.random() < 0.03:
            return PRODUCTS + self.rng.randrange(10)  # launched since the landscape was learned
        return self.department * 40 + int(40 * self.rng.random() ** 2)

    def _item(self, product: int) -> LivedItem:
        facts = Random(product)  # a product's facts are its own
        price = round(5 + 200 * facts.random() ** 3, 2)
        return LivedItem(
            item_id=f"P{product}",
            product=product,
            price=price,
            list_price=round(price * facts.choice([1, 1, 1.25]), 2),
            cost=round(price * facts.uniform(0.3, 0.9), 2),
            stock=facts.choice([0, 1, 3, 20, 150]),
            categories=(product // 40, 10 + product // 10),
            brand=facts.choice(BRANDS),
            price_rank=facts.random(),
            age_days=facts.uniform(0, 900),
            rating=facts.uniform(1, 5),
            index=self.rng.randrange(48),
        )

    def _do(self, name: str, *, page: str, **fields: Any) -> None:
        self.at += self.rng.expovariate(1 / self.speed)
        attention = {"scroll": self.rng.random(), "engagement": self.rng.uniform(0, 60)}
        fields = (attention if self.rng.random() < 0.7 else {}) | fields
        self.events.append(
            LivedEvent(
                event_id=f"{len(self.events):04}",
                name=name,
                at=self.at,
                page=page,
                device=self.device,
                language=self.language,
                **fields,
            )
        )

    def _browse(self) -> None:
        shown = tuple(self._product() for _ in range(12))
        self._do("view_item_list", page="category", shown=shown, list_id="category", path=f"/c/{self.department}")
        if self.rng.random() < 0.6:
            self._do("select_item", page="category", items=(self._item(shown[0]),), list_id="category")

    def _view(self) -> None:
        again = self.viewed and self.rng.random() < 0.3
        product = self.rng.choice(self.viewed) if again else self._product()
        self.viewed.append(product)
        self._do("view_item", page="product", items=(self._item(product),), path=f"/p/{product}")

    def _search(self) -> None:
        term = self.rng.choice(TERMS)
        results = 0 if term == "xyzzy" else self.rng.randrange(1, 200)
        self._do("search", page="search", search_term=term, search_results=results, path=f"/s?q={term}")
        if results and self.rng.random() < 0.5:
            self._do("select_item", page="search", items=(self._item(self._product()),), list_id="search")

    def _promotion(self) -> None:
        shown = tuple(self._product() for _ in range(6))
        self._do("view_promotion", page="home", shown=shown)
        if self.rng.random() < 0.5:
            self._do("select_promotion", page="home", shown=shown[:1])

    def _add(self) -> None:
        item = self._item(self.viewed[-1] if self.viewed else self._product())
        self.cart.append(item)
        self._do("add_to_cart", page="product", items=(item,), value=item.price)
        if self.rng.random() < 0.2:
            self._do("add_to_wishlist", page="product", items=(item,))

    def _remove(self) -> None:
        item = self.cart.pop(self.rng.randrange(len(self.cart)))
        self._do("remove_from_cart", page="cart", items=(item,), value=item.price)

    def _look_at_cart(self) -> None:
        self._do("view_cart", page="cart", items=tuple(self.cart), coupon=self.rng.choice(["", "", "NOEL"]))

    def _checkout(self) -> None:
        held = tuple(self.cart)
        value = sum(item.price for item in held)
        for name in ("begin_checkout", "add_shipping_info", "add_payment_info"):
            self._do(name, page="checkout", items=held, value=value)
            if self.rng.random() < 0.25:
                return
        transaction = f"T{self.rng.randrange(10**9)}"
        self._do("purchase", page="confirmation", items=held, value=value, transaction_id=transaction, shipping=4.9)
        self.cart.clear()

    def _page(self) -> None:
        page = self.rng.choice(["account", "content", "home", "other"])
        from_outside = {"referrer": "idealo.fr"} if self.rng.random() < 0.1 else {}
        self._do("page_view", page=page, path="/contact", **from_outside)
