"""Stores: their settings, and who works there."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from catalog.admin.memberships import MembershipInline
from catalog.admin.scoping import StoreScopedAdmin, is_superuser
from catalog.models import Right, Store


@admin.register(Store)
class StoreAdmin(StoreScopedAdmin):
    """A store is made by whoever runs the installation, and never deleted by a click: its memory hangs on it."""

    store_path = "pk"
    changes_with = Right.SETTINGS
    list_display = ("name", "products", "currency", "language", "time_zone", "origin")
    search_fields = ("name", "slug")
    ordering = ("name",)
    readonly_fields = ("created_at",)
    inlines = (MembershipInline,)
    fieldsets = (
        (None, {"fields": ("name", "slug", "is_synthetic", "created_at")}),
        (_("Market"), {"fields": ("currency", "language", "country", "time_zone", "free_shipping_from")}),
        (_("Steering"), {"fields": ("approval_required",)}),
        (_("Personalization"), {"fields": ("exploration", "retention_days")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        listed = Count("products", filter=Q(products__deleted_at=None))
        counted: QuerySet[Any] = super().get_queryset(request).annotate(product_count=listed)
        return counted

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Found by name; to a form that completes its store, those where the person may save it."""
        found, may_repeat = super().get_search_results(request, queryset, search_term)
        asking = self._completed_form(request)
        return asking.offered(found, request) if asking else found, may_repeat

    def get_readonly_fields(self, request: HttpRequest, obj: Store | None = None) -> tuple[str, ...]:
        """Prices and keys refer to currency and identifier: both stand once the store does."""
        fixed = ("slug", "currency", "is_synthetic") if obj else ()
        return (*self.readonly_fields, *fixed)

    def save_model(self, request: HttpRequest, obj: Store, form: Any, change: bool) -> None:
        """Write only what was edited: catalog version and next position grow meanwhile."""
        if change:
            obj.save(update_fields=form.changed_data)
        else:
            obj.save()

    def has_add_permission(self, request: HttpRequest) -> bool:
        return is_superuser(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def _completed_form(self, request: HttpRequest) -> StoreScopedAdmin | None:
        if request.resolver_match is None or request.resolver_match.url_name != "autocomplete":
            return None
        model = apps.get_model(request.GET["app_label"], request.GET["model_name"])
        asking = self.admin_site.get_model_admin(model)
        return asking if isinstance(asking, StoreScopedAdmin) else None

    @display(description=_("products"), ordering="product_count")
    def products(self, store: Any) -> str:
        return number_format(store.product_count, force_grouping=True)

    @display(description=_("origin"), label={"synthetic": "warning", "real": "success"})
    def origin(self, store: Store) -> tuple[str, Any]:
        return ("synthetic", _("synthetic")) if store.is_synthetic else ("real", _("real"))
