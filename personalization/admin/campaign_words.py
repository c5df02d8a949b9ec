"""Campaigns in words: what they want, which products they speak of, and what changed from one state to the next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.models import Product, Store
from catalog.money import format_money
from objectives.campaign_documents import differences
from objectives.campaign_reading import Document
from objectives.models import RuleKind, Scope, Standing, Zone
from objectives.models.campaign import Measure
from personalization.admin.campaign_form import label_of
from personalization.admin.condition_words import in_words
from personalization.wording import instant_in_words, quoted, share_in_words

STANDING_BADGES: Final[Mapping[str, str]] = {
    Standing.LIVE: "success",
    Standing.SCHEDULED: "info",
    Standing.SUBMITTED: "warning",
    Standing.PAUSED: "warning",
    Standing.DRAFT: "primary",
    Standing.OVER: "default",
    Standing.ENDED: "default",
}
NAMED: Final = 3  # products told by title before the rest is counted


@dataclass(frozen=True, slots=True)
class Changed:
    """One member of a campaign that changed, in words."""

    label: str
    before: str
    after: str


def changed_in_words(before: Document, after: Document, *, store: Store) -> Iterator[Changed]:
    """Every difference of two documents."""
    for found in differences(before, after):
        words = [member_in_words(found.member, value, store=store) for value in (found.before, found.after)]
        yield Changed(label_of(found.member).capitalize(), *words)


def wanted_in_words(document: Document, *, store: Store) -> str:
    """What a campaign is after, in a line."""
    told = [_objectives(document["objectives"])] if document["objectives"] else []
    if document["scope"] != Scope.ALL:
        products = selection_in_words(document["promoted"], store=store)
        told.append(_("only %(products)s") % {"products": products} if document["scope"] == Scope.ONLY else products)
    if document["rules"]:
        count = len(document["rules"])
        told.append(ngettext("%(count)d rule by hand", "%(count)d rules by hand", count) % {"count": count})
    return " · ".join(told) or _("nothing yet")


def member_in_words(member: str, value: Any, *, store: Store) -> str:
    """The value of one member of a document."""
    match member:
        case "starts_at" | "ends_at":
            return instant_in_words(datetime.fromisoformat(value), store.zone_info) if value else _("open")
        case "zones":
            names = dict(Zone.objects.of(store).values_list("slug", "name"))
            return ", ".join(names.get(slug, slug) for slug in value) or _("all zones")
        case "condition":
            return in_words(value, store=store)
        case "promoted":
            return selection_in_words(value, store=store)
        case "scope":
            return str(Scope(value).label)
        case "objectives":
            return _objectives(value) or _("none")
        case "rules":
            return "; ".join(rule_in_words(rule, store=store) for rule in value) or _("none")
        case "floor" | "holdout" | "guardrail":
            return _("none") if value is None else share_in_words(value)
    return _("none") if value in (None, "") else str(value)


def rule_in_words(rule: Mapping[str, Any], *, store: Store) -> str:
    """One merchandising rule."""
    products = selection_in_words(rule["products"], store=store)
    match rule["kind"]:
        case RuleKind.PIN:
            return _("pin %(products)s at place %(place)d") % {"products": products, "place": rule["place"]}
        case RuleKind.BOOST:
            return _("boost %(products)s %(strength)s") % {
                "products": products,
                "strength": strength_in_words(rule["strength"]),
            }
        case RuleKind.BURY:
            return _("bury %(products)s") % {"products": products}
    return _("exclude %(products)s") % {"products": products}


def strength_in_words(weight: float) -> str:
    """How strongly a weight pulls."""
    if weight >= 10:
        return _("as far as the floor allows")
    return _("clearly") if weight >= 3 else _("gently")


def selection_in_words(selection: Mapping[str, Any], *, store: Store) -> str:
    """Which products a selection holds."""
    if not selection:
        return _("all products")
    told = [_span(name, *selection[name], currency=store.currency) for name in _SPANS if name in selection]
    if brands := selection.get("brands"):
        told.insert(0, _("of %(brands)s") % {"brands": ", ".join(brands)})
    if categories := selection.get("categories"):
        told.insert(0, _("under %(categories)s") % {"categories": ", ".join(categories)})
    found = _("products %(criteria)s") % {"criteria": ", ".join(told)} if told else ""
    named = _titles(selection.get("item_ids", []), store)
    return _("%(named)s, and %(found)s") % {"named": named, "found": found} if named and found else named or found


def _objectives(objectives: list[Mapping[str, Any]]) -> str:
    return ", ".join(
        _("%(measure)s, %(strength)s")
        % {"measure": Measure(one["measure"]).label, "strength": strength_in_words(one["weight"])}
        for one in objectives
    )


def _titles(item_ids: list[str], store: Store) -> str:
    if not item_ids:
        return ""
    titles = dict(Product.objects.of(store).filter(item_id__in=item_ids[:NAMED]).values_list("item_id", "title"))
    told = ", ".join(quoted(titles.get(item_id) or item_id) for item_id in item_ids[:NAMED])
    if rest := len(item_ids) - NAMED if len(item_ids) > NAMED else 0:
        more = ngettext("and %(count)d more product", "and %(count)d more products", rest)
        return f"{told} {more % {'count': rest}}"
    return told


def _span(name: str, low: float | None, high: float | None, *, currency: str) -> str:
    label, ends = _SPANS[name](), [None if end is None else _end(name, end, currency) for end in (low, high)]
    named = {"what": label, "low": ends[0], "high": ends[1]}
    if low is None and high is None:
        return _("whose %(what)s is known") % named
    if high is None:
        return _("with %(what)s of at least %(low)s") % named
    if low is None:
        return _("with %(what)s of at most %(high)s") % named
    return _("with %(what)s from %(low)s to %(high)s") % named


def _end(name: str, value: float, currency: str) -> str:
    if name == "price":
        return format_money(value, currency)
    return share_in_words(value) if name == "margin_share" else number_format(value, force_grouping=True)


_SPANS: Final = {
    "price": lambda: _("a price"),
    "stock": lambda: _("a stock"),
    "days_on_sale": lambda: _("an age in days"),
    "margin_share": lambda: _("a margin"),
}
