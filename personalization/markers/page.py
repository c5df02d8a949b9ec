"""Which page an event happened on, and whether it opened it."""

from __future__ import annotations

from typing import Final

from personalization.markers.lived import LivedEvent

# The kind of page an event tells by its name alone, when its page is not told.
_PAGE_OF: Final = {
    "view_item_list": "category",
    "search": "search",
    "view_item": "product",
    "view_cart": "cart",
    "begin_checkout": "checkout",
    "add_shipping_info": "checkout",
    "add_payment_info": "checkout",
    "purchase": "confirmation",
}
LISTS: Final = frozenset({"category", "search"})

# Events that come with a page; all others are acts on the page already open.
_OPENING: Final = frozenset({"page_view", *_PAGE_OF})


def kind_of(event: LivedEvent) -> str:
    """One of PAGES."""
    return event.page if event.page != "other" else _PAGE_OF.get(event.name, "other")


def address_of(event: LivedEvent, kind: str) -> str:
    """What tells one page from another: its path, else its kind and what it is about."""
    if event.path:
        return event.path
    if kind == "product" and event.items:
        return f"product {event.items[0].item_id}"
    return f"{kind} {event.search_term or event.list_id}"


def opens(event: LivedEvent, kind: str) -> bool:
    """Whether a page comes with the event; a list shown on a page of another kind is a strip, not a page."""
    if event.name == "view_item_list":
        return kind in LISTS
    return event.name in _OPENING


def depth_of(event: LivedEvent) -> int:
    """How deep in the shop the page lies: folders of its address, or categories above its product and itself."""
    folders = [folder for folder in event.path.partition("?")[0].split("/") if folder]
    above = len(event.items[0].categories) + 1 if event.items else 0
    return max(len(folders), above)
