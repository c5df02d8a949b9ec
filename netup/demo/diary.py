"""What a visit leaves behind: its steps written down as events of the public interface."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from netup.demo.assortment import Article

SHOP = "https://www.comptoir-des-elans.example"
LONGEST_PAUSE = 24 * 60.0  # seconds: a longer one would end the visit


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page of the shop; `kind` is one of the page types of the events interface."""

    kind: str
    path: str
    title: str


HOME = Page(kind="home", path="/", title="Le Comptoir des Élans")
CART = Page(kind="cart", path="/panier", title="Panier")
CHECKOUT = Page(kind="checkout", path="/commande", title="Commande")
CONFIRMATION = Page(kind="confirmation", path="/merci", title="Merci")
ACCOUNT = Page(kind="account", path="/compte", title="Mon compte")


def product_page(article: Article) -> Page:
    """The page of one article."""
    return Page(kind="product", path=f"/produits/{article.id}", title=article.title)


@dataclass(frozen=True, kw_only=True)
class Line:
    """Some units of an article, where it stood in a list and what was asked for it (cents)."""

    article: Article
    cents: int
    quantity: int = 1
    index: int | None = None

    def as_item(self) -> dict[str, Any]:
        """The line as a GA4 item."""
        levels = self.article.kind.levels
        item: dict[str, Any] = {
            "item_id": self.article.id,
            "item_name": self.article.title,
            "item_brand": self.article.brand.name,
            "item_category": levels[0],
            "item_category2": levels[1],
            "item_category3": levels[2],
            "price": self.cents / 100,
            "quantity": self.quantity,
        }
        if self.index is not None:
            item["index"] = self.index
        return item


@dataclass
class Diary:
    """The events of one visit, in the order lived; `identity` is repeated in every event.

    Time passes by `spend`; the next event carries what was spent since the last one: the foreground time as
    `engagement_ms` and the share of the page seen as `scroll_depth`.
    """

    visit_id: str
    at: datetime
    identity: Mapping[str, Any]
    referrer: str
    campaign: Mapping[str, str]
    channel: str
    events: list[dict[str, Any]] = field(default_factory=list)
    _engagement: float = 0.0
    _scroll: float = 0.0

    def spend(self, *, seconds: float, scroll: float) -> None:
        """Stay on the current page for some seconds, having seen a share (0..1) of it."""
        seconds = min(max(seconds, 0.8), LONGEST_PAUSE)
        self.at += timedelta(seconds=seconds)
        self._engagement += min(seconds, 300.0) * 0.9
        self._scroll = max(self._scroll, scroll)

    def write(self, name: str, *, page: Page, lines: Iterable[Line] = (), **details: Any) -> None:
        """Write one event down, stamped with who, when and where."""
        event: dict[str, Any] = {
            "event_id": f"{self.visit_id}-{len(self.events):03d}",
            "name": name,
            "timestamp": self.at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            **self.identity,
            "page": self._page(page),
            **details,
        }
        if self.events:
            event["engagement_ms"] = round(self._engagement * 1000)
            event["scroll_depth"] = round(self._scroll, 2)
        items = [line.as_item() for line in lines]
        if items:
            event["items"] = items
            event["currency"] = "EUR"
            event.setdefault("value", round(sum(item["price"] * item["quantity"] for item in items), 2))
        if not self.events and self.campaign:
            event["campaign"] = dict(self.campaign)
        self.events.append(event)
        self._engagement = self._scroll = 0.0

    def write_shown(self, name: str, *, page: Page, articles: Iterable[Article], **details: Any) -> None:
        """Write down a list or a promotion that showed these articles, by id and place only."""
        items = [{"item_id": article.id, "index": place} for place, article in enumerate(articles)]
        self.write(name, page=page, items=items, **details)

    def _page(self, page: Page) -> dict[str, str]:
        """The page as the interface names it; only the first page of a visit has an outside referrer."""
        described = {"type": page.kind, "location": f"{SHOP}{page.path}", "title": page.title}
        if not self.events and self.referrer:
            described["referrer"] = self.referrer
        return described
