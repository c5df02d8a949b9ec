"""The admin's sidebar, grouped by what people come to do, and what its header says about the stores."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import HttpRequest
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from catalog.admin.scoping import is_superuser, may_somewhere, store_ids
from catalog.models import Right, Store

Permission = Callable[[HttpRequest], bool]


def sidebar(request: HttpRequest) -> list[dict[str, Any]]:
    """Tasks, and under each the screens it needs."""
    return [
        {"items": [_item(_("Today"), "today", "admin:index")]},
        _group(
            _("What visitors live"),
            _item(_("Visits"), "footprint", "admin:personalization_visit_changelist"),
            _item(_("Decisions"), "assistant", "admin:personalization_decision_changelist"),
        ),
        _group(
            _("Steering"),
            _item(_("Campaigns"), "explore", "admin:objectives_campaign_changelist"),
            _item(_("Rules"), "rule", "admin:personalization_rule_changelist"),
        ),
        _group(
            _("Analysis"),
            _item(_("Comparison of approaches"), "compare_arrows", "admin:personalization_comparison_changelist"),
        ),
        _group(
            _("Memory"),
            _item(_("Generations"), "history_edu", "admin:personalization_generation_changelist"),
            _item(_("Marker register"), "tune", "admin:personalization_generation_markers"),
        ),
        _group(
            _("Catalog"),
            _item(_("Products"), "inventory_2", "admin:catalog_product_changelist"),
            _item(_("Categories"), "account_tree", "admin:catalog_category_changelist"),
        ),
        _group(
            _("Store settings"),
            _item(_("Stores"), "storefront", "admin:catalog_store_changelist"),
            _item(_("Zones"), "dashboard_customize", "admin:objectives_zone_changelist"),
            _item(_("Keys for the API"), "key", "admin:catalog_apikey_changelist", permission=_may(Right.KEYS)),
        ),
        _group(
            _("Installation"),
            _item(_("People"), "group", "admin:auth_user_changelist", permission=is_superuser),
            _item(_("Memberships"), "badge", "admin:catalog_membership_changelist", permission=is_superuser),
            _item(_("API documentation"), "api", "api-docs"),
        ),
    ]


def environment(request: HttpRequest) -> list[Any] | None:
    """“Synthetic data”, when one of the person's stores is simulated: nobody may take its figures for real ones."""
    if not store_ids(request) or not Store.objects.filter(pk__in=store_ids(request), is_synthetic=True).exists():
        return None
    return [_("Synthetic data"), "warning"]


def _group(title: Any, *items: dict[str, Any]) -> dict[str, Any]:
    return {"title": title, "items": list(items)}


def _item(title: Any, icon: str, address: str, permission: Permission | None = None) -> dict[str, Any]:
    """A screen, shown to those who may see it: whoever works for a store, unless said otherwise."""
    allowed = permission or _may(Right.SEE)
    item = {"title": title, "icon": icon, "link": reverse_lazy(address), "permission": allowed}
    if address == "admin:personalization_generation_changelist":
        # The marker register lives below the generations' address, but is a screen of its own.
        item["active"] = _is_generations
    return item


def _may(right: Right) -> Permission:
    return partial(may_somewhere, right=right)


def _is_generations(request: HttpRequest) -> bool:
    return "/personalization/generation/" in request.path and "/markers/" not in request.path
