"""Why this product: how it was reached, in one sentence a merchant understands, in the active language."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.facts import ProductFacts

CARTED: Final = 1 / 3  # of those who look at a product: from here on its reason speaks of the cart

TRAITS: Final = {  # see `engines.base.Relation`
    "same_category": gettext_lazy("same category"),
    "same_brand": gettext_lazy("same brand"),
    "cheaper": gettext_lazy("cheaper"),
    "dearer": gettext_lazy("more expensive"),
    "similar_price": gettext_lazy("similar price"),
    "complement": gettext_lazy("goes with “%(start)s”"),
    "newer": gettext_lazy("newer"),
}


def reason_text(relation: Mapping[str, Any], *, facts: ProductFacts, explored: bool, carted: bool) -> str:
    """One sentence for one relation, in the active language.

    Args:
        relation: as a decision keeps it, see `engines.base.Relation`.
        facts: the store's products, whose titles are named.
        explored: the position was given to exploration, which alone explains it.
        carted: visitors who looked at it then often put it into the cart.
    """
    if explored:
        return _("Shown to learn from: drawn evenly from all that suits.")
    named = {name: title_of(facts, relation[name]) for name in ("origin", "success", "start")}
    if relation["kind"] == "rule":
        return selected_text(next(iter(relation["traits"]), ""), start=named["start"])
    if relation["kind"] == "own":
        return own_text(bought="bought" in relation["traits"])
    sentence = _SENTENCES.get(relation["kind"], _popular)(named, carted)
    traits = ", ".join(str(TRAITS[trait]) % named for trait in _tellable(relation["traits"], named))
    return f"{sentence} ({traits})" if traits else sentence


SELECTED: Final = {  # by strategy, see `merchandising.strategies`; the second where the start is known
    "chosen": (gettext_lazy("Chosen by the shop"), ""),
    "bestsellers": (gettext_lazy("Best seller of the shop"), ""),
    "category_bestsellers": (gettext_lazy("Best seller of the category"), ""),
    "brand_bestsellers": (gettext_lazy("Best seller of the brand"), ""),
    "searched_bestsellers": (gettext_lazy("Best seller among what was searched"), ""),
    "viewed_together": (
        gettext_lazy("Looked at together with what is on display"),
        gettext_lazy("Looked at together with “%(start)s”"),
    ),
    "viewed_with_visit": (
        gettext_lazy("Looked at together with what was seen in this visit"),
        gettext_lazy("Looked at together with “%(start)s”"),
    ),
    "bought_together": (
        gettext_lazy("Bought together with what is on display"),
        gettext_lazy("Bought together with “%(start)s”"),
    ),
    "bought_with_cart": (
        gettext_lazy("Bought together with what is in the cart"),
        gettext_lazy("Bought together with “%(start)s”, which is in the cart"),
    ),
    "up_to_free_shipping": (gettext_lazy("Goes with the cart, and reaches free shipping"), ""),
    "recently_viewed": (gettext_lazy("Recently looked at"), ""),
    "bought_before": (gettext_lazy("Bought before"), ""),
    "in_cart": (gettext_lazy("Is in the cart"), ""),
    "left_in_cart": (gettext_lazy("Was left in an earlier cart"), ""),
    "new_arrivals": (gettext_lazy("New in the shop"), ""),
    "on_sale": (gettext_lazy("On sale"), ""),
    "cheaper": (gettext_lazy("Same category, cheaper"), gettext_lazy("Cheaper than “%(start)s”, same category")),
    "dearer": (
        gettext_lazy("Same category, more expensive"),
        gettext_lazy("More expensive than “%(start)s”, same category"),
    ),
    "similar_price": (
        gettext_lazy("Same category, similar price"),
        gettext_lazy("As expensive as “%(start)s”, same category"),
    ),
}


def selected_text(strategy: str, *, start: str) -> str:
    """Why a rule's strategy selects a product, in the active language; `start` is the title it starts from."""
    plain, from_start = SELECTED.get(strategy, (_("Selected by a rule of the shop"), ""))
    return str(from_start) % {"start": start} if from_start and start else str(plain)


def own_text(*, bought: bool) -> str:
    """What the visitor did with a product on an earlier visit, in the active language."""
    if bought:
        return _("This visitor bought it on an earlier visit")
    return _("This visitor met it on an earlier visit")


def _tellable(traits: Iterable[str], named: Mapping[str, str]) -> list[str]:
    return [trait for trait in traits if trait in TRAITS and (trait != "complement" or named["start"])]


def likely_carted(*, view: float, cart: float) -> bool:
    """Whether those who look at it often put it into the cart."""
    return view > 0 and cart >= CARTED * view


def _followed(named: Mapping[str, str], carted: bool) -> str:
    if not named["origin"]:
        return _followed_from_several(carted)
    if carted:
        return _("After “%(origin)s”, visitors often put this into their cart") % named
    return _("After “%(origin)s”, visitors often came to this") % named


def _followed_from_several(carted: bool) -> str:
    if carted:
        return _("Visitors who met the same products often put this into their cart")
    return _("Visitors who met the same products often came to this")


def _recalled(named: Mapping[str, str], carted: bool) -> str:
    if carted:
        return _("Visitors in the same situation then put this into their cart")
    return _("Visitors in the same situation then looked at this")


def _transposed(named: Mapping[str, str], carted: bool) -> str:
    if named["start"] and named["origin"] and named["success"]:
        return (
            _("Visitors in the same situation went from “%(origin)s” to “%(success)s”: the same step from “%(start)s”")
            % named
        )
    if named["success"]:
        return _("Visitors in the same situation chose “%(success)s”: this is its like here") % named
    return _recalled(named, carted)


def _substitute(named: Mapping[str, str], carted: bool) -> str:
    if not named["success"]:
        return _recalled(named, carted)
    return _("Stands in for “%(success)s”, which cannot be bought now") % named


def _seen(named: Mapping[str, str], carted: bool) -> str:
    return _("Already looked at in this visit")


def _beside(named: Mapping[str, str], carted: bool) -> str:
    if not named["origin"]:
        return _("Bought together with what was seen in this visit")
    return _("Bought together with “%(origin)s”") % named


def _shelf(named: Mapping[str, str], carted: bool) -> str:
    return _("Often chosen in this category")


def _kindred(named: Mapping[str, str], carted: bool) -> str:
    if not named["origin"]:
        return _("Looked at in the same kind of visits")
    return _("Looked at in the same kind of visits as “%(origin)s”") % named


def _listed(named: Mapping[str, str], carted: bool) -> str:
    return _("Stands in the list just looked at")


def _affinity(named: Mapping[str, str], carted: bool) -> str:
    if not named["origin"]:
        return _("This visitor has come back to it before")
    return _("Suits those who like “%(origin)s”, as this visitor does") % named


def _lookalike(named: Mapping[str, str], carted: bool) -> str:
    if carted:
        return _("Visitors with similar tastes put this into their cart")
    return _("Visitors with similar tastes looked at this")


def _popular(named: Mapping[str, str], carted: bool) -> str:
    return _("Popular in the store")


_SENTENCES: Final[dict[str, Callable[[Mapping[str, str], bool], str]]] = {
    "followed": _followed,
    "recalled": _recalled,
    "transposed": _transposed,
    "substitute": _substitute,
    "seen": _seen,
    "beside": _beside,
    "shelf": _shelf,
    "kindred": _kindred,
    "listed": _listed,
    "popular": _popular,
    "affinity": _affinity,
    "lookalike": _lookalike,
}


def title_of(facts: ProductFacts, product: int) -> str:
    """The product's title, empty for no product."""
    return facts.titles[product] if 0 <= product < len(facts) else ""
