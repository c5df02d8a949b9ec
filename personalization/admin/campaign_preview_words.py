"""The preview of a campaign in words: figures with their intervals, conflicts, and why each product moved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import numpy as np
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from catalog.facts import UNKNOWN, ProductFacts
from catalog.models import Store
from catalog.money import format_money
from objectives.campaigns import PIN
from objectives.conflicts import Conflict, ConflictKind
from objectives.models import Campaign
from objectives.models.campaign import Measure
from objectives.reranking import Ranking
from personalization.campaign_preview import Foreseen, Trial, pulls_of
from personalization.foresight import Change, Sight
from personalization.hindsight import Hindsight
from personalization.timeline import ProductWords, product_in_words
from personalization.wording import quoted, share_in_words, signed

SHOWN: Final = 12  # products of a list that are shown; a listing may order hundreds
MOST_VISITS: Final = 40  # to choose from
MONEY: Final = frozenset({"revenue", "margin"})
FIGURE_NAMES: Final[Mapping[str, Promise]] = {
    "conversion": gettext_lazy("Purchases"),
    "revenue": gettext_lazy("Revenue"),
    "margin": gettext_lazy("Margin"),
    "promoted": gettext_lazy("Units of the stock to clear"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A product of one of the two lists.

    Attributes:
        move: places gained, negative for lost; None for a product that was not shown before, or is no longer.
    """

    place: int
    words: ProductWords
    price: str
    margin: str
    stock: str
    chance: str
    move: int | None
    reason: str
    promoted: bool

    @property
    def fallen(self) -> int:
        """Places lost."""
        return -(self.move or 0)


def preview_in_words(trial: Trial, found: Foreseen) -> dict[str, Any]:
    """What the preview shows."""
    sight = found.sights[found.chosen] if found.chosen is not None else None
    kept = [sight.after.kept for sight in found.sights]
    return {
        "visits": len(found.sights),
        "reach": _reach(found),
        "tiles": [_tile(name, found.figures[name], trial.store.currency) for name in FIGURE_NAMES if sight],
        "kept": share_in_words(float(np.mean(kept or [1.0])), decimals=1),
        "least_kept": share_in_words(min(kept, default=1.0), decimals=1),
        "floor": share_in_words(trial.tried.floor, decimals=1),
        "before": list(_before(sight, trial)) if sight else [],
        "after": list(_after(sight, trial)) if sight else [],
        "situation": _situation(sight, trial.facts) if sight else "",
        "visit_link": reverse("admin:personalization_visit_change", args=[sight.moment.visit_id]) if sight else "",
        "choices": [(sight.moment.visit_id, _situation(sight, trial.facts)) for sight in found.sights[:MOST_VISITS]],
    }


def hindsight_in_words(found: Hindsight, *, currency: str) -> dict[str, Any]:
    """What the logs say, figure by figure; or why they do not support an estimate."""
    tiles = [_tile(name, found.figures[name], currency) for name in FIGURE_NAMES] if found.supported else []
    return {
        "supported": found.supported,
        "reason": found.reason,
        "tiles": tiles,
        "visits": found.after.visits,
        "held": share_in_words(found.after.share, decimals=1),
        "effective": number_format(round(found.after.effective)),
    }


def conflicts_in_words(found: list[Conflict], *, store: Store, facts: ProductFacts) -> Iterator[dict[str, str]]:
    """Each conflict as a sentence, with a link to the other campaign."""
    names = dict(Campaign.objects.of(store).values_list("pk", "name"))
    for conflict in found:
        products = conflict.products.tolist()
        told = ", ".join(quoted(product_in_words(facts, product).title) for product in products[:2])
        more = len(products) - 2
        if more > 0:
            told += " " + ngettext("and %(count)d more", "and %(count)d more", more) % {"count": more}
        named = {"other": names.get(conflict.other, ""), "products": told, "place": conflict.place}
        yield {
            "text": _CONFLICTS[conflict.kind] % named,
            "link": reverse("admin:objectives_campaign_change", args=[conflict.other]),
        }


_CONFLICTS: Final = {
    ConflictKind.SAME_PLACE: gettext_lazy("“%(other)s” pins another product at place %(place)d: %(products)s."),
    ConflictKind.SAME_PRODUCT: gettext_lazy("“%(other)s” wants these products elsewhere, or gone: %(products)s."),
    ConflictKind.BOTH_ALONE: gettext_lazy("“%(other)s” wants other products alone in the list: %(products)s."),
    ConflictKind.WITHDRAWN: gettext_lazy("One promotes what the other withdraws, with “%(other)s”: %(products)s."),
}


def figure_in_words(name: str, value: float, currency: str, *, beside: float = 1.0) -> str:
    """A figure per 1,000 visits, told as finely as what it stands beside needs."""
    if name in MONEY:
        return format_money(round(value, 2) if abs(value) < 100 else float(round(value)), currency)
    decimals = 1 if abs(beside) >= 1 else 2 if abs(beside) >= 0.1 else 3
    return signed(round(value, decimals), decimals)


def _reach(found: Foreseen) -> str:
    if not found.sights:
        return _("The store has no visit yet on which to try it.")
    told = {"applies": found.applies, "moved": found.moved, "visits": len(found.sights)}
    return _("Applies in %(applies)d of the last %(visits)d visits, and changes what %(moved)d of them see.") % told


def _tile(name: str, change: Change, currency: str) -> dict[str, Any]:
    interval = change.change
    share = change.after / change.before - 1 if change.before > 0 else None
    sign = "up" if interval.lower > 0 else "down" if interval.upper < 0 else "same"
    told = partial(figure_in_words, name, currency=currency, beside=max(change.before, change.after))
    bounds = [_gain(bound, told(bound)) for bound in (interval.lower, interval.upper)]
    return {
        "name": FIGURE_NAMES[name],
        "before": told(change.before),
        "after": told(change.after),
        "share": ("+" if share and share > 0 else "") + share_in_words(share, decimals=1) if share is not None else "",
        "interval": _("%(lower)s to %(upper)s") % {"lower": bounds[0], "upper": bounds[1]},
        "sign": sign,
    }


def _gain(value: float, told: str) -> str:
    return f"+{told}" if value > 0 and not told.startswith("−") else told


def _situation(sight: Sight, facts: ProductFacts) -> str:
    """A visit by what it is doing, so that one tells it from another."""
    visit, last = sight.moment.visit, sight.moment.visit.last
    events = ngettext("%(count)d event", "%(count)d events", visit.count) % {"count": visit.count}
    cart = len(visit.cart.lines)
    told = [events]
    if last is not None:
        product = last.items[0].product if len(last.items) == 1 else UNKNOWN
        if 0 <= product < len(facts):
            told.append(_("on “%(title)s”") % {"title": facts.titles[product]})
    if cart:
        told.append(ngettext("%(count)d product in the cart", "%(count)d products in the cart", cart) % {"count": cart})
    return ", ".join(told)


def _before(sight: Sight, trial: Trial) -> Iterator[Row]:
    after = {product: place for place, product in enumerate(sight.after.products.tolist())}
    for place, product in enumerate(sight.before.products.tolist()[:SHOWN]):
        then = after.get(product)
        reason = "" if then is not None else _left_reason(product, sight, trial)
        move = None if then is None else place - then
        yield _row(place, product, sight.before, sight, trial, move=move, reason=reason)


def _after(sight: Sight, trial: Trial) -> Iterator[Row]:
    before = {product: place for place, product in enumerate(sight.before.products.tolist())}
    for place, product in enumerate(sight.after.products.tolist()[:SHOWN]):
        was = before.get(product)
        move = None if was is None else was - place
        reason = _came_reason(place, product, move, sight, trial)
        yield _row(place, product, sight.after, sight, trial, move=move, reason=reason)


def _row(
    place: int, product: int, ranking: Ranking, sight: Sight, trial: Trial, *, move: int | None, reason: str
) -> Row:
    facts, currency = trial.facts, trial.store.currency
    at = np.array([product], np.int32)
    price, cost = float(facts.price_at(trial.at.timestamp(), at)[0]), float(facts.cost[product])
    stock = int(facts.quantity[product])
    return Row(
        place=place + 1,
        words=product_in_words(facts, product),
        price=_money(price, currency),
        margin=_money(price - cost, currency),
        stock=_("stock unknown") if stock == UNKNOWN else _("%(units)s in stock") % {"units": number_format(stock)},
        chance=share_in_words(float(sight.estimates.purchase[ranking.rows[place]]), decimals=1),
        move=move,
        reason=reason,
        promoted=bool(trial.promoted[product]),
    )


def _money(amount: float, currency: str) -> str:
    return format_money(round(amount, 2), currency) if np.isfinite(amount) else "—"


def _came_reason(place: int, product: int, move: int | None, sight: Sight, trial: Trial) -> str:
    """Why a product stands where it does after."""
    item_id = trial.facts.item_ids[product]
    pinned = (order for order in trial.tried.orders if order.kind == PIN and order.products.item_ids == (item_id,))
    if any(order.place == place + 1 for order in pinned):
        return _("Pinned at this place.")
    if move is not None and move <= 0:
        return "" if not move else _("Others went ahead.")
    pulls = pulls_of(sight, place, trial.tried.id)
    strongest = max(pulls, key=lambda name: pulls[name], default="")
    if not strongest or pulls[strongest] <= 0:
        return _("Moved up into a place that became free.")
    if strongest == "boost":
        return _("Boosted, and suits the visitor.")
    measure = Measure(strongest).label
    if trial.tried.scope != "all" and trial.promoted[product]:
        return _("Promoted, and suits the visitor (%(measure)s).") % {"measure": measure}
    return _("More %(measure)s for nearly the same chance of being bought.") % {"measure": measure}


def _left_reason(product: int, sight: Sight, trial: Trial) -> str:
    """Why a product that was shown is no longer."""
    at = trial.at.timestamp()
    for order in trial.tried.orders:
        if order.kind != PIN and order.products.mask(trial.facts, now=at)[product]:
            if order.kind == "exclude":
                return _("Excluded.")
            if order.kind == "bury":
                return _("Buried.")
    if trial.tried.scope == "only" and not trial.promoted[product]:
        return _("Is not among the promoted products.")
    return _("Made room.")
