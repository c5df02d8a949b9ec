"""Which stores a person looks at: those they work for, and the one a page is about."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import DropdownFilter

from catalog.admin.scoping import StoreScopedAdmin, store_ids
from catalog.models import Store


def visible_stores(request: HttpRequest) -> list[Store]:
    """The person's stores, by name."""
    return list(Store.objects.filter(pk__in=store_ids(request)).order_by("name"))


def chosen_store(request: HttpRequest) -> Store | None:
    """The store that `?store=` names, else the person's first; None for somebody without any."""
    stores = visible_stores(request)
    asked = request.GET.get("store", "")
    return next((store for store in stores if str(store.pk) == asked), stores[0] if stores else None)


class StoreFilter(DropdownFilter):  # type: ignore[misc]
    """The person's stores, read from the stores themselves: no list of millions is searched for who is in it."""

    title = _("store")
    parameter_name = "store"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        stores = visible_stores(request)
        return [(str(store.pk), store.name) for store in stores] if len(stores) > 1 else []

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if not (self.value() or "").isdecimal():
            return queryset
        return queryset.filter(store_id=int(self.value()))


class ReadOnlyAdmin(StoreScopedAdmin):
    """What happened is looked at, not edited."""

    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
