"""The demo shop's articles, and how each becomes a product under its Google Merchant attribute names."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from netup.demo.kinds import Brand, Kind
from netup.demo.prices import Offer, euros


@dataclass(frozen=True, kw_only=True)
class Article:
    """One article on the shelf. Prices are in cents; `level` is its place in its kind's price range (0..1).

    `appeal` is how much the crowd likes it: a hidden cause of behaviour, never exported to the catalog.
    """

    id: str
    group: str | None
    kind: Kind
    brand: Brand
    title: str
    description: str
    style: str
    colour: str
    material: str
    size: str
    offer: Offer
    cost_cents: int
    quantity: int
    rating: float | None
    reviews: int
    created: datetime
    level: float
    appeal: float
    accessories: tuple[str, ...] = ()

    @property
    def lifecycle(self) -> str:
        """The merchandiser's label of its age and stock."""
        if self.reviews == 0:
            return "nouveauté"
        return "fin de série" if self.quantity > 150 else "permanent"

    def merchant(self, *, shop_url: str) -> dict[str, object]:
        """The article as a product, Google Merchant attribute names; empty attributes are left out."""
        product: dict[str, object] = {
            "id": self.id,
            "title": self.title,
            "description": self.description,
            "link": f"{shop_url}/produits/{self.id}",
            "image_link": f"/demo/pictures/{self.id}.svg",
            "price": euros(self.offer.price_cents),
            **self.offer.sale_attributes(),
            "availability": "in_stock" if self.quantity else "out_of_stock",
            "brand": self.brand.name,
            "product_type": self.kind.path,
            "item_group_id": self.group,
            "cost_of_goods_sold": euros(self.cost_cents),
            "quantity": self.quantity,
            "custom_label_0": self.style,
            "custom_label_1": self.lifecycle,
            "custom_label_2": price_range(self.level),
            "custom_label_3": "consommable" if self.kind.lasts else None,
            "custom_label_4": "démonstration",
            "rating": self.rating,
            "rating_count": self.reviews,
            "launched_at": self.created.isoformat(),
            "attributes": self._attributes(),
        }
        return _filled(product)

    def _attributes(self) -> dict[str, object]:
        """What Google Merchant has no column for in the catalog, by name."""
        return _filled(
            {
                "color": self.colour,
                "material": self.material,
                "size": self.size or self.kind.extra.get("size"),
                "gender": self.kind.extra.get("gender"),
                "style": self.style,
                "accessories": list(self.accessories),
            }
        )


@dataclass(frozen=True)
class Assortment:
    """Every article of the shop, in a fixed order."""

    articles: tuple[Article, ...]

    @cached_property
    def by_id(self) -> Mapping[str, Article]:
        """Articles by their id."""
        return {article.id: article for article in self.articles}

    @cached_property
    def by_kind(self) -> Mapping[str, tuple[Article, ...]]:
        """Articles by the slug of their kind."""
        shelves: dict[str, list[Article]] = {}
        for article in self.articles:
            shelves.setdefault(article.kind.slug, []).append(article)
        return {slug: tuple(shelf) for slug, shelf in shelves.items()}


def price_range(level: float) -> str:
    """The merchandiser's name for a place (0..1) in the price range of its kind."""
    if level < 0.33:
        return "entrée de gamme"
    return "cœur de gamme" if level < 0.7 else "haut de gamme"


def _filled(attributes: Mapping[str, object]) -> dict[str, object]:
    """The attributes that have a value."""
    return {name: value for name, value in attributes.items() if value not in (None, "", [])}
