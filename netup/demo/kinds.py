"""What one kind of merchandise is: the mould from which the demo assortment casts its articles."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Brand:
    """An invented brand: where it stands in price (0 entry, 1 premium) and what it adds to the margin."""

    name: str
    level: float
    margin_bonus: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Department:
    """One floor of the shop: its styles (with the sentence that speaks of each) and its series names."""

    name: str
    styles: Mapping[str, str]
    series: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of merchandise, with everything its articles have in common.

    `price` is the usual range in EUR, `margin` the share of the price kept before brand and price effects,
    `sizes` pairs of a label and its price factor (a size is then a variant), `lasts` the days until a
    consumable is needed again, `accessories` the slugs of the kinds that complete it.
    """

    slug: str
    shape: str
    path: str
    noun: str
    department: Department
    brands: tuple[Brand, ...]
    price: tuple[float, float]
    models: int
    margin: float
    colours: tuple[str, ...]
    benefits: tuple[str, ...]
    materials: tuple[str, ...] = ()
    details: tuple[str, ...] = ()
    series: tuple[str, ...] = ()
    sizes: tuple[tuple[str, float], ...] = ()
    colour_variants: int = 1
    accessories: tuple[str, ...] = ()
    searches: tuple[str, ...] = ()
    lasts: int | None = None
    extra: Mapping[str, str] = field(default_factory=dict)

    @property
    def levels(self) -> tuple[str, ...]:
        """The category names from the department down."""
        return tuple(self.path.split(" > "))

    @property
    def universe(self) -> str:
        """The second category level: what a shopper is passionate about ("Tennis", "Naissance")."""
        return self.levels[1]
