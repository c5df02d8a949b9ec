"""What the demo storefront puts on its pages: products as cards, the menu, and the selections it shows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Case, F, IntegerField, QuerySet, Value, When
from django.utils.formats import number_format
from django.utils.text import slugify

from catalog.models import Category, Product, Store

LISTED = 48  # products on one list page
NEW_FOR = timedelta(days=21)


@dataclass(frozen=True, kw_only=True)
class Card:
    """A product as a page shows it; amounts are in EUR, `discount` in percent."""

    product: Product
    price: Decimal
    before: Decimal | None
    discount: int
    is_new: bool

    @property
    def price_text(self) -> str:
        """What is asked now, in the reader's notation."""
        return euros(self.price)

    @property
    def before_text(self) -> str:
        """What was asked before the sale; empty without one."""
        return euros(self.before) if self.before is not None else ""

    @property
    def stars(self) -> str:
        """The rating in the reader's notation; empty when nobody has rated it."""
        return number_format(self.product.rating, 1) if self.product.rating else ""

    def as_item(self, *, quantity: int = 1) -> dict[str, object]:
        """The product as an item of a GA4 event."""
        item: dict[str, object] = {
            "item_id": self.product.item_id,
            "item_name": self.product.title,
            "item_brand": self.product.brand,
            "price": float(self.price),
            "quantity": quantity,
        }
        if self.product.category is not None:
            names = self.product.category.path.split(" > ")
            item |= {f"item_category{i + 1 if i else ''}": name for i, name in enumerate(names)}
        return item


@dataclass(frozen=True, kw_only=True)
class Aisle:
    """A category as the menu shows it, with those right below."""

    name: str
    path: str
    slug: str
    below: tuple["Aisle", ...] = ()


def euros(amount: Decimal) -> str:
    """An amount in the reader's notation: 24,90 €."""
    return f"{number_format(amount, 2)}\N{NO-BREAK SPACE}€"


def on_sale(store: Store) -> QuerySet[Product]:
    """What the storefront may show, what is in stock and well known first."""
    sold_out = Case(When(quantity=0, then=Value(1)), default=Value(0), output_field=IntegerField())
    products = Product.objects.of(store).listed().filter(published=True, price__gt=0)
    return products.select_related("category").order_by(sold_out, F("rating_count").desc(), "position")


def cards(products: Iterable[Product], *, now: datetime) -> list[Card]:
    """The products as cards, in the same order."""
    return [_card(product, now=now) for product in products]


def one_of_each_model(products: Iterable[Product]) -> list[Product]:
    """The first variant of every model, in the same order."""
    models: dict[str, Product] = {}
    for product in products:
        models.setdefault(product.item_group_id or product.item_id, product)
    return list(models.values())


def one_of_each_category(products: Iterable[Product]) -> list[Product]:
    """The first product of every category, in the same order."""
    categories: dict[int | None, Product] = {}
    for product in products:
        categories.setdefault(product.category_id, product)
    return list(categories.values())


def reduced(store: Store, *, now: datetime) -> QuerySet[Product]:
    """What costs less than usual at this moment."""
    return on_sale(store).filter(sale_price__lt=F("price"), sale_price_starts__lte=now, sale_price_ends__gt=now)


def newest(store: Store) -> QuerySet[Product]:
    """What came in last, first."""
    return on_sale(store).order_by("-launched_at")


def found(store: Store, *, term: str) -> list[Product]:
    """The products in which every word of the search begins a word, accents and plurals aside."""
    words = [word.rstrip("sx") for word in slugify(term).split("-") if word]
    if not words:
        return []
    return [product for product in on_sale(store) if _speaks_of(product, words)]


def menu(store: Store) -> tuple[Aisle, ...]:
    """The category tree, three levels deep."""
    tree: dict[str, dict[str, list[str]]] = {}
    for path in Category.objects.of(store).order_by("path").values_list("path", flat=True):
        first, *rest = path.split(" > ")
        below = tree.setdefault(first, {})
        if rest:
            leaves = below.setdefault(rest[0], [])
            leaves += rest[1:2]
    return tuple(
        _aisle(
            first,
            below=tuple(
                _aisle(first, second, below=tuple(_aisle(first, second, third) for third in leaves))
                for second, leaves in below.items()
            ),
        )
        for first, below in tree.items()
    )


def aisle_at(aisles: Sequence[Aisle], slug: str) -> Aisle | None:
    """The category whose page has that address, wherever it stands in the menu."""
    for aisle in aisles:
        if aisle.slug == slug:
            return aisle
        if slug.startswith(f"{aisle.slug}/"):
            return aisle_at(aisle.below, slug)
    return None


def in_aisle(store: Store, aisle: Aisle) -> QuerySet[Product]:
    """The products of a category and of all below it."""
    within = Category.objects.of(store).filter(path__startswith=aisle.path)
    exact = [row.pk for row in within if row.path == aisle.path or row.path.startswith(f"{aisle.path} > ")]
    return on_sale(store).filter(category_id__in=exact)


def slug_of(path: str) -> str:
    """The address of a category's page below /rayons/: "sport/tennis/raquettes"."""
    return "/".join(slugify(name) for name in path.split(" > "))


def _aisle(*names: str, below: tuple[Aisle, ...] = ()) -> Aisle:
    path = " > ".join(names)
    return Aisle(name=names[-1], path=path, slug=slug_of(path), below=below)


def _card(product: Product, *, now: datetime) -> Card:
    price = product.price or Decimal(0)
    starts, ends = product.sale_price_starts, product.sale_price_ends
    sale = product.sale_price
    running = sale is not None and sale < price and (not starts or starts <= now) and (not ends or now < ends)
    asked = sale if running and sale is not None else price
    return Card(
        product=product,
        price=asked,
        before=price if running else None,
        discount=round(100 * (1 - asked / price)) if price else 0,
        is_new=now - product.launched_at < NEW_FOR,
    )


def _speaks_of(product: Product, words: Sequence[str]) -> bool:
    path = product.category.path if product.category else ""
    text = "-" + slugify(f"{product.title} {product.brand} {path}")
    return all(f"-{word}" in text for word in words)
