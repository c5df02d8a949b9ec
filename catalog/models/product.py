"""A product, under the attribute names of Google Merchant."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from catalog.models.category import Category
from catalog.models.store import Store

MONEY: dict[str, Any] = {"max_digits": 12, "decimal_places": 2, "validators": [MinValueValidator(0)]}


class Availability(models.TextChoices):
    """Google Merchant's values, without their underscores' display."""

    IN_STOCK = "in_stock", _("in stock")
    OUT_OF_STOCK = "out_of_stock", _("out of stock")
    PREORDER = "preorder", _("preorder")
    BACKORDER = "backorder", _("backorder")


class ProductQuerySet(models.QuerySet["Product"]):
    def of(self, store: Store) -> ProductQuerySet:
        return self.filter(store=store)

    def listed(self) -> ProductQuerySet:
        """Not deleted from the feed."""
        return self.filter(deleted_at=None)

    def changed_since(self, *, store_id: int, version: int) -> ProductQuerySet:
        """What a process that knows the catalog up to `version` has yet to read, deletions included."""
        return self.filter(store_id=store_id, version__gt=version)


class Product(models.Model):
    """One thing for sale."""

    store = models.ForeignKey(Store, models.CASCADE, related_name="products", verbose_name=_("store"))
    item_id = models.CharField(_("item id"), max_length=100, help_text=_("The id of Google Merchant and of GA4 items."))
    position = models.PositiveIntegerField(
        _("position"),
        editable=False,
        help_text=_("Dense index within the store, never reused: the row of every array."),
    )
    version = models.PositiveBigIntegerField(
        _("version"), editable=False, help_text=_("Catalog version of the last change.")
    )
    title = models.CharField(_("title"), max_length=300)
    description = models.TextField(_("description"), blank=True, max_length=5000)
    link = models.URLField(_("link"), max_length=2000, blank=True)
    image_link = models.CharField(_("image link"), max_length=2000, blank=True)
    category = models.ForeignKey(
        Category, models.RESTRICT, related_name="products", null=True, blank=True, verbose_name=_("category")
    )
    google_product_category = models.CharField(_("Google product category"), max_length=300, blank=True)
    brand = models.CharField(_("brand"), max_length=100, blank=True)
    item_group_id = models.CharField(_("item group"), max_length=100, blank=True, help_text=_("Shared by variants."))
    price = models.DecimalField(_("price"), null=True, blank=True, **MONEY)
    sale_price = models.DecimalField(_("sale price"), null=True, blank=True, **MONEY)
    sale_price_starts = models.DateTimeField(_("sale starts"), null=True, blank=True)
    sale_price_ends = models.DateTimeField(_("sale ends"), null=True, blank=True)
    cost_of_goods_sold = models.DecimalField(_("cost"), null=True, blank=True, **MONEY)
    quantity = models.PositiveIntegerField(
        _("quantity"), null=True, blank=True, help_text=_("Units in stock; empty when unknown.")
    )
    availability = models.CharField(
        _("availability"), max_length=12, choices=Availability, default=Availability.IN_STOCK
    )
    availability_date = models.DateTimeField(_("available from"), null=True, blank=True)
    rating = models.FloatField(
        _("rating"), null=True, blank=True, validators=[MinValueValidator(0), MaxValueValidator(5)]
    )
    rating_count = models.PositiveIntegerField(_("ratings"), default=0)
    attributes = models.JSONField(
        _("attributes"), default=dict, blank=True, help_text=_("Colour, size, material … by name.")
    )
    custom_label_0 = models.CharField(max_length=100, blank=True)
    custom_label_1 = models.CharField(max_length=100, blank=True)
    custom_label_2 = models.CharField(max_length=100, blank=True)
    custom_label_3 = models.CharField(max_length=100, blank=True)
    custom_label_4 = models.CharField(max_length=100, blank=True)
    published = models.BooleanField(_("published"), default=True)
    launched_at = models.DateTimeField(_("launched"), default=timezone.now, help_text=_("When it first went on sale."))
    updated_at = models.DateTimeField(_("updated"), auto_now=True)
    deleted_at = models.DateTimeField(_("deleted"), null=True, blank=True, editable=False)

    objects = ProductQuerySet.as_manager()

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        ordering = ["store", "position"]
        constraints = [
            models.UniqueConstraint(fields=["store", "item_id"], name="product_item_once"),
            models.UniqueConstraint(fields=["store", "position"], name="product_position_once"),
            models.CheckConstraint(
                condition=models.Q(sale_price_starts=None)
                | models.Q(sale_price_ends=None)
                | models.Q(sale_price_starts__lt=models.F("sale_price_ends")),
                name="product_sale_period_in_order",
            ),
        ]
        indexes = [models.Index(fields=["store", "version"], name="product_version")]

    def __str__(self) -> str:
        return self.title or self.item_id

    def is_on_sale(self, now: datetime) -> bool:
        """Whether the sale price is the one to pay."""
        if self.sale_price is None:
            return False
        started = self.sale_price_starts is None or self.sale_price_starts <= now
        return started and (self.sale_price_ends is None or now < self.sale_price_ends)

    def margin_at(self, now: datetime) -> tuple[Decimal, Decimal] | None:
        """What is left of the price to pay after the cost, and that price; None when either is unknown."""
        price = self.sale_price if self.is_on_sale(now) else self.price
        if price is None or self.cost_of_goods_sold is None:
            return None
        return price - self.cost_of_goods_sold, price
