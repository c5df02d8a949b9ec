"""Turns products, as merchants describe them under Google Merchant's names, into validated changes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from catalog.attributes import (
    Json,
    Parser,
    Phrase,
    Reading,
    RefusedValueError,
    availability,
    category_path,
    count,
    flag,
    instant,
    money,
    page_address,
    period,
    picture_address,
    properties,
    stars,
    text,
)

MerchantRow: TypeAlias = Mapping[str, object]
LONGEST_QUOTE = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What is wrong with one value: where it is, a stable code, what was given and what was expected."""

    pointer: str  # JSON pointer inside the row, for example “/price”
    code: str
    value: str
    expected: Phrase

    @property
    def detail(self) -> str:
        """One sentence in the reader's language."""
        if self.code == "required":
            return gettext("Required: %(expected)s.") % {"expected": self.expected}
        if self.code == "ignored":
            return gettext("Ignored: %(expected)s.") % {"expected": self.expected}
        return gettext("Expected %(expected)s, got %(value)s.") % {
            "expected": self.expected,
            "value": self.value,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductChange:
    """One validated row: the columns it sets, by name of the column, ready for JSON."""

    item_id: str
    fields: dict[str, Json]
    warnings: list[Fault] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """How one attribute is read, and the columns it fills.

    `kept`: Google Merchant's feeds do not carry it, so a full row without it leaves what the store knows.
    """

    parse: Parser
    columns: tuple[str, ...]
    empty: Json = ""
    kept: bool = False


PERIOD_COLUMNS: Final = ("sale_price_starts", "sale_price_ends")
PATH_COLUMN: Final = "category_path"  # stands for category_id until the tree has grown its branches

ATTRIBUTES: Final[dict[str, Attribute]] = {
    "title": Attribute(parse=text(300, shortest=1), columns=("title",)),
    "description": Attribute(parse=text(5000), columns=("description",)),
    "link": Attribute(parse=page_address, columns=("link",)),
    "image_link": Attribute(parse=picture_address, columns=("image_link",)),
    "product_type": Attribute(parse=category_path, columns=(PATH_COLUMN,), empty=None),
    "google_product_category": Attribute(parse=text(300), columns=("google_product_category",)),
    "brand": Attribute(parse=text(100), columns=("brand",)),
    "item_group_id": Attribute(parse=text(100), columns=("item_group_id",)),
    "price": Attribute(parse=money, columns=("price",), empty=None),
    "sale_price": Attribute(parse=money, columns=("sale_price",), empty=None),
    "sale_price_effective_date": Attribute(
        parse=lambda value, reading: list(period(value, reading)), columns=PERIOD_COLUMNS, empty=[None, None]
    ),
    "cost_of_goods_sold": Attribute(parse=money, columns=("cost_of_goods_sold",), empty=None),
    "availability": Attribute(parse=availability, columns=("availability",), empty="in_stock"),
    "availability_date": Attribute(parse=instant, columns=("availability_date",), empty=None),
    **{f"custom_label_{digit}": Attribute(parse=text(100), columns=(f"custom_label_{digit}",)) for digit in range(5)},
    "quantity": Attribute(parse=count, columns=("quantity",), empty=None, kept=True),
    "rating": Attribute(parse=stars, columns=("rating",), empty=None, kept=True),
    "rating_count": Attribute(parse=count, columns=("rating_count",), empty=0, kept=True),
    "attributes": Attribute(parse=properties, columns=("attributes",), empty={}, kept=True),
    "published": Attribute(parse=flag, columns=("published",), empty=True, kept=True),
    "launched_at": Attribute(parse=instant, columns=("launched_at",), empty=None, kept=True),
}


def _columns_of(attribute: Attribute, value: Json) -> dict[str, Json]:
    """The attribute's columns with their values; a list fills several."""
    if len(attribute.columns) == 1:
        return {attribute.columns[0]: value}
    return dict(zip(attribute.columns, value if isinstance(value, list) else [], strict=True))


def _empty_columns(*, kept: bool) -> dict[str, Json]:
    columns: dict[str, Json] = {}
    for attribute in ATTRIBUTES.values():
        if kept or not attribute.kept:
            columns |= _columns_of(attribute, attribute.empty)
    return columns


EMPTY_PRODUCT: Final = _empty_columns(kept=True)
_REPLACED: Final = _empty_columns(kept=False)
_read_item_id = text(100, shortest=1)


def read_product(row: object, *, reading: Reading, partial: bool = False) -> ProductChange | list[Fault]:
    """The change a row asks for, or everything that is wrong with it.

    A full row replaces the product: what it leaves out is emptied, except what Google Merchant does not carry
    (`Attribute.kept`). A partial row changes only what it names. None and "" empty an attribute.
    """
    if not isinstance(row, dict):
        return [Fault(pointer="", code="type", value=quote(row), expected=_("an object"))]
    faults: list[Fault] = []
    warnings: list[Fault] = []
    item_id = _item_id(row, reading, faults)
    fields: dict[str, Json] = {} if partial else dict(_REPLACED)
    for name, value in row.items():
        if (attribute := ATTRIBUTES.get(name)) is not None:
            _read_into(fields, name, attribute, value, reading=reading, faults=faults)
        elif name != "id":
            warnings.append(_ignored(name, value))
    if not partial and not fields["title"]:
        _require_title(faults)
    if faults:
        return faults
    warnings += _odd_prices(fields)
    return ProductChange(item_id=item_id, fields=fields, warnings=warnings)


def _item_id(row: MerchantRow, reading: Reading, faults: list[Fault]) -> str:
    if "id" not in row:
        faults.append(Fault(pointer="/id", code="required", value="", expected=_("the product's id")))
        return ""
    try:
        return str(_read_item_id(row["id"], reading))
    except RefusedValueError as refusal:
        faults.append(_fault("id", row["id"], refusal))
        return ""


def _read_into(
    fields: dict[str, Json],
    name: str,
    attribute: Attribute,
    value: object,
    *,
    reading: Reading,
    faults: list[Fault],
) -> None:
    if value is None or value == "":
        if name == "title":
            _require_title(faults)
        elif name == "launched_at":
            return  # every product was launched some day: nothing to empty
        fields.update(_columns_of(attribute, attribute.empty))
        return
    try:
        parsed = attribute.parse(value, reading)
    except RefusedValueError as refusal:
        faults.append(_fault(name, value, refusal))
        fields.update(_columns_of(attribute, attribute.empty))
    else:
        fields.update(_columns_of(attribute, parsed))


def _require_title(faults: list[Fault]) -> None:
    if not any(fault.pointer == "/title" for fault in faults):
        faults.append(Fault(pointer="/title", code="required", value="", expected=_("the product's title")))


def _ignored(name: object, value: object) -> Fault:
    escaped = str(name)[:LONGEST_QUOTE].replace("~", "~0").replace("/", "~1")
    expected = _("this attribute is not used here; more about a product goes into “attributes”")
    return Fault(pointer=f"/{escaped}", code="ignored", value=quote(value), expected=expected)


def _odd_prices(fields: dict[str, Json]) -> list[Fault]:
    """A sale that is no bargain is stored as given, and reported."""
    price, sale = fields.get("price"), fields.get("sale_price")
    if isinstance(price, str) and isinstance(sale, str) and float(sale) >= float(price):
        expected = _("a sale price below the price, %(price)s") % {"price": price}
        return [Fault(pointer="/sale_price", code="sale_not_below_price", value=quote(sale), expected=expected)]
    return []


def _fault(name: str, value: object, refusal: RefusedValueError) -> Fault:
    return Fault(pointer=f"/{name}", code=refusal.code, value=quote(value), expected=refusal.expected)


def quote(value: object) -> str:
    """A value as it was given, short enough for a message, safe in any encoding."""
    if isinstance(value, str):
        shown = value[:LONGEST_QUOTE]
        if not shown.isprintable():
            shown = shown.encode("unicode_escape").decode()
        return f"“{shown}…”" if len(value) > LONGEST_QUOTE else f"“{shown}”"
    if isinstance(value, dict | list):
        return gettext("an object") if isinstance(value, dict) else gettext("a list")
    return json.dumps(value, default=repr)[:LONGEST_QUOTE]
