"""Zones: the places of the storefront that ask, and what every answer there obeys."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import display

from catalog.admin.scoping import StoreScopedAdmin
from catalog.models import Right
from objectives.models import Zone, ZoneKind
from objectives.models.zone import PageType
from objectives.zones import reasons_to_stay


@admin.register(Zone)
class ZoneAdmin(StoreScopedAdmin):
    """A saved zone governs the next answer."""

    changes_with = Right.STEER
    list_display = ("name", "slug", "page_name", "kind_name", "size", "enabled", "store")
    list_filter = (
        ("store", admin.RelatedOnlyFieldListFilter),
        ("page_type", ChoicesDropdownFilter),
        ("kind", ChoicesDropdownFilter),
        "enabled",
    )
    list_select_related = ("store",)
    show_full_result_count = True
    search_fields = ("name", "slug")
    autocomplete_fields = ("store",)
    fieldsets = (
        (None, {"fields": ("store", "name", "slug", "page_type", "kind", "size", "enabled")}),
        (
            _("What every answer leaves out"),
            {"fields": ("exclude_seen", "exclude_in_cart", "exclude_bought", "same_department")},
        ),
        (_("Variety"), {"fields": ("max_per_brand", "max_per_category", "rotate_after")}),
    )
    empty_title = _("No zone yet")
    empty_text = _(
        "A zone is a place of your storefront that asks for products: the home page, a product page, the cart."
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Zone | None = None) -> tuple[str, ...]:
        """The storefront asks by the identifier: it stands once the zone does."""
        return ("store", "slug") if obj else ()

    def get_prepopulated_fields(self, request: HttpRequest, obj: Zone | None = None) -> dict[str, tuple[str, ...]]:
        return {} if obj else {"slug": ("name",)}

    def get_deleted_objects(self, objs: Iterable[Zone], request: HttpRequest) -> tuple[Any, Any, Any, list[str]]:
        """What is for a zone alone would hold in every zone without it, so that the zone stays while anything is."""
        deleted, counts, forbidden, protected = super().get_deleted_objects(objs, request)
        return (
            deleted,
            counts,
            forbidden,
            protected + [str(reason) for zone in objs for reason in reasons_to_stay(zone)],
        )

    @display(description=_("page"), ordering="page_type")
    def page_name(self, zone: Zone) -> str:
        return str(PageType(zone.page_type).label)

    @display(
        description=_("kind"),
        ordering="kind",
        label={ZoneKind.RECOMMENDATION: "success", ZoneKind.LISTING: "info"},
    )
    def kind_name(self, zone: Zone) -> tuple[str, object]:
        short = {ZoneKind.RECOMMENDATION: _("recommendation"), ZoneKind.LISTING: _("listing")}
        return zone.kind, short[ZoneKind(zone.kind)]
