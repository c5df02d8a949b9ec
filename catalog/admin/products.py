"""Products as the merchandiser reads them: picture, price, stock, margin."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesDropdownFilter, DropdownFilter
from unfold.decorators import display
from unfold.widgets import UnfoldAdminTextInputWidget, UnfoldAdminURLInputWidget

from catalog.admin.scoping import StoreScopedAdmin, within_stores
from catalog.models import Product, Right
from catalog.models.product import Availability
from catalog.money import format_money
from catalog.upsert import delete_products, save_product

# Figures typed as the reader's language writes them.
TYPED: Final = ("price", "sale_price", "cost_of_goods_sold", "rating")


class ProductForm(forms.ModelForm):  # type: ignore[type-arg]
    """What a merchant's feed may say, by hand; an address without a scheme is an https one."""

    link = forms.URLField(
        assume_scheme="https",
        required=False,
        max_length=2000,
        label=_("link"),
        widget=UnfoldAdminURLInputWidget,
    )

    class Meta:
        model = Product
        exclude = ("position", "version", "deleted_at")
        localized_fields = TYPED
        # A browser shows nothing in a number input whose value has a decimal comma: text inputs show all.
        widgets = {name: UnfoldAdminTextInputWidget(attrs={"inputmode": "decimal"}) for name in TYPED}

    def clean(self) -> dict[str, Any]:
        """A category of the same store, and a sale that starts before it ends."""
        cleaned: dict[str, Any] = super().clean() or {}
        store = cleaned.get("store") or (self.instance.store if self.instance.store_id else None)
        category = cleaned.get("category")
        if category and store and category.store_id != store.pk:
            self.add_error("category", _("The category belongs to another store."))
        starts, ends = cleaned.get("sale_price_starts"), cleaned.get("sale_price_ends")
        if starts and ends and starts >= ends:
            self.add_error("sale_price_ends", _("The sale must end after it starts."))
        return cleaned


class CategoryFilter(AutocompleteSelectFilter):  # type: ignore[misc]
    """Categories of the person's stores; also the name of the chosen one is read from them alone."""

    def choices(self, changelist: Any) -> Iterator[dict[str, Any]]:
        for choice in super().choices(changelist):
            field = choice["form"].fields[self.lookup_kwarg]
            field.queryset = within_stores(field.queryset.all(), self.request)
            yield choice


class BrandFilter(DropdownFilter):  # type: ignore[misc]
    """Brands of the products that the person may see."""

    title = _("brand")
    parameter_name = "brand"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        brands = model_admin.get_queryset(request).exclude(brand="").order_by("brand")
        return [(brand, brand) for brand in brands.values_list("brand", flat=True).distinct()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Product]) -> QuerySet[Product]:
        return queryset.filter(brand=self.value()) if self.value() else queryset


@admin.register(Product)
class ProductAdmin(StoreScopedAdmin):
    """Edits and deletions take the way of every other change, so that all processes see them within a second."""

    changes_with = Right.CATALOG
    form = ProductForm
    list_display = ("picture", "name", "category", "price_now", "stock", "margin", "state", "published")
    list_display_links = ("name",)
    list_select_related = ("store", "category")
    list_filter = (
        ("store", admin.RelatedOnlyFieldListFilter),
        ("category", CategoryFilter),
        BrandFilter,
        ("availability", ChoicesDropdownFilter),
        "published",
    )
    search_fields = ("title", "item_id", "brand")
    autocomplete_fields = ("store", "category")
    readonly_fields = ("picture", "position", "version", "updated_at")
    list_per_page = 50
    fieldsets = (
        (None, {"fields": ("picture", "store", "item_id", "title", "published")}),
        (
            _("Price"),
            {"fields": ("price", "sale_price", "sale_price_starts", "sale_price_ends", "cost_of_goods_sold")},
        ),
        (_("Stock"), {"fields": ("availability", "quantity", "availability_date")}),
        (
            _("Presentation"),
            {"fields": ("category", "brand", "item_group_id", "description", "link", "image_link")},
        ),
        (
            _("More"),
            {
                "classes": ("collapse",),
                "fields": (
                    "attributes",
                    "rating",
                    "rating_count",
                    "launched_at",
                    "google_product_category",
                    "custom_label_0",
                    "custom_label_1",
                    "custom_label_2",
                    "custom_label_3",
                    "custom_label_4",
                ),
            },
        ),
        (_("Trace"), {"classes": ("collapse",), "fields": ("position", "version", "updated_at")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).filter(deleted_at=None)

    def get_readonly_fields(self, request: HttpRequest, obj: Product | None = None) -> tuple[str, ...]:
        return (*self.readonly_fields, "store", "item_id") if obj else self.readonly_fields

    def save_model(self, request: HttpRequest, obj: Product, form: Any, change: bool) -> None:
        save_product(product=obj)

    def delete_model(self, request: HttpRequest, obj: Product) -> None:
        self._delete([obj])

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Product]) -> None:
        self._delete(queryset.select_related("store"))

    def _delete(self, products: Iterable[Product]) -> None:
        by_store: dict[Any, list[str]] = {}
        for product in products:
            by_store.setdefault(product.store, []).append(product.item_id)
        for store, item_ids in by_store.items():
            delete_products(store=store, item_ids=item_ids, now=timezone.now())

    @display(description=_("picture"))
    def picture(self, product: Product) -> str:
        if not product.image_link:
            return "—"
        return format_html(
            '<img src="{}" alt="" width="48" height="48" loading="lazy" class="rounded-default object-cover">',
            product.image_link,
        )

    @display(description=_("product"), ordering="title")
    def name(self, product: Product) -> str:
        return format_html("{}<br><small>{}</small>", product.title, product.item_id)

    @display(description=_("price"), ordering="price")
    def price_now(self, product: Product) -> str:
        currency = product.store.currency
        if product.is_on_sale(timezone.now()):
            former, current = format_money(product.price, currency), format_money(product.sale_price, currency)
            return format_html("<del>{}</del><br><strong>{}</strong>", former, current)
        return format_money(product.price, currency)

    @display(description=_("stock"), ordering="quantity")
    def stock(self, product: Product) -> str:
        return "—" if product.quantity is None else number_format(product.quantity, force_grouping=True)

    @display(description=_("margin"))
    def margin(self, product: Product) -> str:
        margin = product.margin_at(timezone.now())
        if margin is None:
            return "—"
        amount, price = margin
        share = number_format(100 * amount / price if price else Decimal(0), decimal_pos=0)
        return format_html("{}<br><small>{} %</small>", format_money(amount, product.store.currency), share)

    @display(
        description=_("availability"),
        ordering="availability",
        label={
            Availability.IN_STOCK: "success",
            Availability.OUT_OF_STOCK: "danger",
            Availability.PREORDER: "info",
            Availability.BACKORDER: "warning",
        },
    )
    def state(self, product: Product) -> tuple[str, Any]:
        return product.availability, product.get_availability_display()
