"""The category tree: shelves are renamed and moved here, and every process sees it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from catalog.admin.scoping import StoreScopedAdmin
from catalog.category_tree import SEPARATOR, category_path, save_category
from catalog.models import Category, Right
from catalog.upsert import touch_catalog


class CategoryForm(forms.ModelForm):  # type: ignore[type-arg]
    """Name and place."""

    class Meta:
        model = Category
        fields = ("store", "parent", "name")

    def clean_name(self) -> str:
        name = " ".join(str(self.cleaned_data["name"]).split())
        if SEPARATOR.strip() in name:
            raise forms.ValidationError(_("A name cannot contain “>”, which joins names to a path."))
        return name

    def clean(self) -> dict[str, Any]:
        """A parent of the same store, not below the category itself, and a path of its own."""
        cleaned: dict[str, Any] = super().clean() or {}
        store = cleaned.get("store") or (self.instance.store if self.instance.store_id else None)
        if store is None:
            return cleaned
        parent = cleaned.get("parent")
        if parent and parent.store_id != store.pk:
            raise forms.ValidationError({"parent": _("The parent belongs to another store.")})
        former = self.instance.path
        if parent and former and (parent.path + SEPARATOR).startswith(former + SEPARATOR):
            raise forms.ValidationError({"parent": _("A category cannot stand below itself.")})
        path = category_path(name=cleaned.get("name", ""), parent=parent)
        if Category.objects.filter(store=store, path=path).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError({"name": _("There is a category “%(path)s” already.") % {"path": path}})
        return cleaned


@admin.register(Category)
class CategoryAdmin(StoreScopedAdmin):
    """One shelf a line, under those above it."""

    changes_with = Right.CATALOG
    form = CategoryForm
    list_display = ("path", "store", "products")
    list_filter = (("store", admin.RelatedOnlyFieldListFilter),)
    list_select_related = ("store",)
    search_fields = ("path",)
    autocomplete_fields = ("store", "parent")
    ordering = ("store", "path")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        listed = Count("products", filter=Q(products__deleted_at=None))
        counted: QuerySet[Any] = super().get_queryset(request).annotate(product_count=listed)
        return counted

    def get_readonly_fields(self, request: HttpRequest, obj: Category | None = None) -> tuple[str, ...]:
        return ("store",) if obj else ()

    def save_model(self, request: HttpRequest, obj: Category, form: Any, change: bool) -> None:
        save_category(category=obj)
        touch_catalog(store_id=obj.store_id)

    def delete_model(self, request: HttpRequest, obj: Category) -> None:
        store_id = obj.store_id
        obj.delete()
        touch_catalog(store_id=store_id)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Category]) -> None:
        touched = set(queryset.values_list("store_id", flat=True))
        queryset.delete()
        for store_id in touched:
            touch_catalog(store_id=store_id)

    @display(description=_("products"), ordering="product_count")
    def products(self, category: Any) -> str:
        return number_format(category.product_count, force_grouping=True)
