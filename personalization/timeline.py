"""A visit told event by event: what the visitor did, to which products, with the pauses in between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from catalog.facts import UNKNOWN, ProductFacts
from catalog.money import format_money
from personalization.markers.lived import LivedEvent, LivedItem
from personalization.markers.page import kind_of
from personalization.wording import duration_in_words

PAUSE: Final = 120.0  # seconds without an event from which on the timeline shows a pause
STAYED: Final = 5.0  # seconds from which on it is told how long an event held the visitor
SHOWN: Final = 6  # products pictured for one event

_PAGES: Final = {
    "home": gettext_lazy("Opened the home page"),
    "category": gettext_lazy("Opened a category"),
    "search": gettext_lazy("Opened the search results"),
    "product": gettext_lazy("Opened a product page"),
    "cart": gettext_lazy("Opened the cart"),
    "checkout": gettext_lazy("Opened the checkout"),
    "confirmation": gettext_lazy("Saw the order confirmed"),
    "account": gettext_lazy("Opened the account"),
    "content": gettext_lazy("Read an advice page"),
    "other": gettext_lazy("Opened a page"),
}
_DEEDS: Final = {
    "select_item": gettext_lazy("Picked a product from a list"),
    "view_item": gettext_lazy("Looked at a product"),
    "add_to_cart": gettext_lazy("Put into the cart"),
    "remove_from_cart": gettext_lazy("Took out of the cart"),
    "add_to_wishlist": gettext_lazy("Kept on the wish list"),
    "view_cart": gettext_lazy("Looked at the cart"),
    "begin_checkout": gettext_lazy("Went to the checkout"),
    "add_shipping_info": gettext_lazy("Gave the delivery address"),
    "add_payment_info": gettext_lazy("Gave the means of payment"),
    "purchase": gettext_lazy("Placed an order"),
    "refund": gettext_lazy("Was refunded"),
    "view_promotion": gettext_lazy("Was shown a promotion"),
    "select_promotion": gettext_lazy("Followed a promotion"),
}
# Symbols of the admin's icon font, and how weighty a deed is in the colours of the timeline.
_ICONS: Final = {
    "page_view": "web",
    "view_item_list": "grid_view",
    "search": "search",
    "select_item": "touch_app",
    "view_item": "visibility",
    "add_to_cart": "add_shopping_cart",
    "remove_from_cart": "remove_shopping_cart",
    "add_to_wishlist": "favorite",
    "view_cart": "shopping_cart",
    "begin_checkout": "shopping_cart_checkout",
    "add_shipping_info": "local_shipping",
    "add_payment_info": "credit_card",
    "purchase": "paid",
    "refund": "undo",
    "view_promotion": "campaign",
    "select_promotion": "campaign",
}
_WEIGHTS: Final = {
    "add_to_cart": "cart",
    "view_cart": "cart",
    "begin_checkout": "cart",
    "add_shipping_info": "cart",
    "add_payment_info": "cart",
    "purchase": "purchase",
    "remove_from_cart": "retreat",
    "refund": "retreat",
}


_COMPACT: Final = frozenset(
    {
        "view_item_list",
        "search",
        "view_promotion",
        "view_cart",
        "begin_checkout",
        "add_shipping_info",
        "add_payment_info",
    }
)


@dataclass(frozen=True, slots=True)
class ProductWords:
    """A product as an event met it.

    Attributes:
        product: catalog position, −1 when the catalog does not know it.
        price: what was then asked for one, in words; empty when unknown.
    """

    product: int
    title: str
    image: str
    price: str = ""
    quantity: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One event in words.

    Attributes:
        step: its number in the visit, from 1.
        weight: "cart", "purchase", "retreat" or "": how the timeline colours it.
        pause: time without any event before it, in words; empty when short.
        stayed: how long it held the visitor, in words; empty when unknown.
        more: products beyond those pictured.
        compact: the products were already told, or are too many: pictures alone.
    """

    step: int
    at: datetime
    name: str
    icon: str
    weight: str
    text: str
    detail: str
    products: tuple[ProductWords, ...]
    more: int
    compact: bool
    pause: str
    stayed: str


def timeline(*, events: Sequence[LivedEvent], facts: ProductFacts, currency: str) -> list[Moment]:
    """The events in order, told in the active language."""
    moments = []
    for number, event in enumerate(events):
        before = events[number - 1].at if number else event.at
        after = events[number + 1].at if number + 1 < len(events) else None
        products = [] if _told_next(event, events[number + 1 :]) else _products(event, facts, currency)
        moments.append(
            Moment(
                step=number + 1,
                at=datetime.fromtimestamp(event.at, UTC),
                name=event.name,
                icon=_ICONS.get(event.name, "radio_button_unchecked"),
                weight=_WEIGHTS.get(event.name, ""),
                text=_text(event, facts),
                detail=_detail(event, currency),
                products=tuple(products[:SHOWN]),
                more=max(len(products) - SHOWN, 0),
                compact=event.name in _COMPACT,
                pause=duration_in_words(event.at - before) if event.at - before >= PAUSE else "",
                stayed=_stayed(event, after),
            )
        )
    return moments


def product_in_words(facts: ProductFacts, product: int, *, price: str = "") -> ProductWords:
    """A product of the catalog with its title and picture of today."""
    if not 0 <= product < len(facts):
        return ProductWords(UNKNOWN, _("a product no longer in the catalog"), "", price)
    return ProductWords(product, facts.titles[product] or facts.item_ids[product], _image(facts, product), price)


def _told_next(event: LivedEvent, following: Sequence[LivedEvent]) -> bool:
    """Whether a product was only picked to be looked at: the next event shows it."""
    if event.name != "select_item" or not following or following[0].name != "view_item":
        return False
    return [item.item_id for item in event.items] == [item.item_id for item in following[0].items]


def _products(event: LivedEvent, facts: ProductFacts, currency: str) -> list[ProductWords]:
    if event.items:
        return [_item(item, facts, currency) for item in event.items]
    return [product_in_words(facts, product) for product in event.shown]


def _item(item: LivedItem, facts: ProductFacts, currency: str) -> ProductWords:
    price = format_money(item.price, currency) if item.price else ""
    known = 0 <= item.product < len(facts)
    title = (facts.titles[item.product] if known else "") or item.item_id
    return ProductWords(
        item.product if known else UNKNOWN, title, _image(facts, item.product) if known else "", price, item.quantity
    )


def _image(facts: ProductFacts, product: int) -> str:
    return facts.image_links[product] if product < len(facts.image_links) else ""


def _text(event: LivedEvent, facts: ProductFacts) -> str:
    if event.name == "search":
        return _("Searched for “%(term)s”") % {"term": event.search_term} if event.search_term else _("Searched")
    if event.name == "view_item_list":
        return _shelf(event, facts)
    return str(_DEEDS.get(event.name) or _PAGES.get(kind_of(event), _PAGES["other"]))


def _shelf(event: LivedEvent, facts: ProductFacts) -> str:
    """The category that most of the list belongs to, when there is one."""
    shelves = [int(facts.category[product]) for product in event.shown if 0 <= product < len(facts)]
    if kind_of(event) == "category" and shelves:
        commonest = max(set(shelves), key=shelves.count)
        if commonest != UNKNOWN and 2 * shelves.count(commonest) > len(shelves):
            return _("Browsed “%(shelf)s”") % {"shelf": facts.category_paths[commonest].rpartition(" > ")[2]}
    if kind_of(event) == "search":
        return _("Saw the search results")
    return _("Saw a list of products")


def _detail(event: LivedEvent, currency: str) -> str:
    if event.name == "search" and event.search_results >= 0:
        return ngettext("%(count)d result", "%(count)d results", event.search_results) % {"count": event.search_results}
    if event.name in {"purchase", "refund"}:
        parts = [_("for %(amount)s") % {"amount": format_money(event.value, currency)}] if event.value else []
        parts += [_("order %(number)s") % {"number": event.transaction_id}] if event.transaction_id else []
        return ", ".join(parts)
    if event.name == "view_cart" and event.value:
        return _("worth %(amount)s") % {"amount": format_money(event.value, currency)}
    if event.shown:
        return ngettext("%(count)d product", "%(count)d products", len(event.shown)) % {"count": len(event.shown)}
    return ""


def _stayed(event: LivedEvent, after: float | None) -> str:
    """Time in the foreground as the browser told it, else the time until the next event."""
    if event.engagement >= STAYED:
        return duration_in_words(event.engagement)
    if event.engagement > 0 or after is None or not STAYED <= after - event.at < PAUSE:
        return ""
    return duration_in_words(after - event.at)
