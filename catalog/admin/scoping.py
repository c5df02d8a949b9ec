"""Shows each person of the staff only the stores they work for, in lists, forms, filters and searches alike."""

from __future__ import annotations

from operator import attrgetter
from typing import Any

from django.db.models import Model, QuerySet
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from catalog.models import Store


def store_ids(request: HttpRequest) -> frozenset[int]:
    """The stores this person works for, asked once a request."""
    known: frozenset[int] | None = getattr(request, "visible_store_ids", None)
    if known is None:
        found = Store.objects.visible_to(request.user) if request.user.is_staff else Store.objects.none()
        known = frozenset(found.values_list("pk", flat=True))
        request.visible_store_ids = known  # type: ignore[attr-defined]
    return known


def works_for_a_store(request: HttpRequest) -> bool:
    """Whether the person has anything to do here (for the sidebar)."""
    return bool(store_ids(request)) or is_superuser(request)


def is_superuser(request: HttpRequest) -> bool:
    """Whether the person runs the installation (for the sidebar)."""
    return bool(request.user.is_active and request.user.is_superuser)


def within_stores(queryset: QuerySet[Any], request: HttpRequest) -> QuerySet[Any]:
    """The rows of the person's stores; rows of models that belong to no store stay as they are."""
    if request.user.is_superuser:
        return queryset
    if queryset.model is Store:
        return queryset.filter(pk__in=store_ids(request))
    if hasattr(queryset.model, "store_id"):
        return queryset.filter(store_id__in=store_ids(request))
    return queryset


class StoreScopedAdmin(ModelAdmin):  # type: ignore[misc]
    """An admin of rows that belong to a store, by `store_path`: the attributes from a row to its store's id.

    Working for a store is the permission: whoever does may see and change what is the store's.
    """

    store_path = "store_id"
    show_full_result_count = False
    list_filter_submit = True
    list_fullwidth = True
    compressed_fields = True
    warn_unsaved_form = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)
        return rows.filter(**{self.store_path.replace(".", "__") + "__in": store_ids(request)})

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Choices of the person's own stores only; also what is sent past the form is judged by them."""
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if field is not None and getattr(field, "queryset", None) is not None:
            field.queryset = within_stores(field.queryset, request)
        return field

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        initial: dict[str, Any] = super().get_changeform_initial_data(request)
        if len(store_ids(request)) == 1:
            initial.setdefault("store", str(*store_ids(request)))
        return initial

    def has_module_permission(self, request: HttpRequest) -> bool:
        return works_for_a_store(request)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self._is_theirs(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self._is_theirs(request, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return works_for_a_store(request)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self._is_theirs(request, obj)

    def _is_theirs(self, request: HttpRequest, obj: Model | None) -> bool:
        if obj is None or request.user.is_superuser:
            return works_for_a_store(request)
        return attrgetter(self.store_path)(obj) in store_ids(request)
