"""The rules a store goes by until it has its own: what a merchandiser would set up on the first day."""

from __future__ import annotations

from typing import Any, Final

from objectives.conditions import parse
from personalization.markers.definition import _
from personalization.merchandising.rule import KNOWN_MARKERS, RuleInForce
from personalization.merchandising.strategies import Selection


def _is(marker: str, operator: str, value: Any) -> dict[str, Any]:
    return {"marker": marker, "operator": operator, "value": value}


# In the cart or the checkout, or something was put into the cart within the last half minute.
_AT_THE_CART: Final = [
    _is("cart_lines", ">=", 1),
    {"any": [_is("path_now_checkout", "is", 1), _is("cart_freshness", ">=", 0.8)]},
]
_LOOKED: Final = _is("path_products", ">=", 1)
_NOT_LOOKED_YET: Final = _is("path_products", "is", 0)
_BACK_IN_THE_SHOP: Final = [_is("arrival_returning", "is", 1), _NOT_LOOKED_YET]


def _rule(name: str, strategy: str, most: int, *conditions: Any) -> RuleInForce:
    condition = parse({"all": list(conditions)}, KNOWN_MARKERS)
    selection = Selection(strategy=strategy, most=most)
    return RuleInForce(name=name, condition=condition, selection=selection, binding=False)


DEFAULT_RULES: Final[tuple[RuleInForce, ...]] = (
    # At the cart the question is what joins it.
    _rule(
        _("Cart near free shipping: what closes the gap"),
        "up_to_free_shipping",
        2,
        *_AT_THE_CART,
        _is("cart_shipping_gap", "between", [0.01, 0.4]),
    ),
    _rule(_("At the cart: bought together with it"), "bought_with_cart", 12, *_AT_THE_CART),
    # Who has ordered more than once may well buy again what they always do.
    _rule(
        _("At the cart of a regular: bought before"),
        "bought_before",
        4,
        *_AT_THE_CART,
        _is("history_orders", ">=", 2),
    ),
    # Many come back to what they looked at: the way there is worth a few places before anything new.
    _rule(_("Something was looked at: reminder"), "recently_viewed", 4, _LOOKED),
    # A search or a category names what is wanted now.
    _rule(
        _("Search page: best sellers of what was searched"), "searched_bestsellers", 8, _is("path_now_search", "is", 1)
    ),
    _rule(_("Category page: its best sellers"), "category_bestsellers", 8, _is("path_now_category", "is", 1)),
    _rule(_("Category page: its deepest discounts"), "on_sale", 2, _is("path_now_category", "is", 1)),
    # A third look at one product is a hesitation: the same for less may end it.
    _rule(
        _("Third look at a product: cheaper alternatives"),
        "cheaper",
        2,
        _is("path_now_product", "is", 1),
        _is("path_product_views", ">=", 3),
    ),
    _rule(_("Something was looked at: looked at together with it"), "viewed_with_visit", 16, _LOOKED),
    _rule(_("Product page: best sellers of its category"), "category_bestsellers", 8, _is("path_now_product", "is", 1)),
    # Who comes back and has not looked at anything yet goes on where they stopped.
    _rule(_("Back in the shop: left in an earlier cart"), "left_in_cart", 4, *_BACK_IN_THE_SHOP),
    _rule(_("Back in the shop: looked at last time"), "recently_viewed", 4, *_BACK_IN_THE_SHOP),
    _rule(_("Nothing looked at yet: best sellers"), "bestsellers", 12, _NOT_LOOKED_YET),
    _rule(_("Nothing looked at yet: new arrivals"), "new_arrivals", 4, _NOT_LOOKED_YET),
)
