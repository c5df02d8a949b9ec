"""A zone: a place of the storefront that asks."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models import Store


class ZoneKind(models.TextChoices):
    RECOMMENDATION = "recommendation", _("recommendation: returns products")
    LISTING = "listing", _("listing: orders the products it is handed")


class PageType(models.TextChoices):
    """Where the zone stands."""

    HOME = "home", _("home")
    PRODUCT = "product", _("product")
    CATEGORY = "category", _("category")
    SEARCH = "search", _("search")
    CART = "cart", _("cart")
    ADDED_TO_CART = "added_to_cart", _("added-to-cart pop-in")
    EMAIL = "email", _("e-mail")


class ZoneQuerySet(models.QuerySet["Zone"]):
    def of(self, store: Store) -> ZoneQuerySet:
        return self.filter(store=store)


class Zone(models.Model):
    """A place of the storefront that asks, with the filters that every answer there obeys."""

    store = models.ForeignKey(Store, models.CASCADE, related_name="zones", verbose_name=_("store"))
    slug = models.SlugField(_("identifier"), max_length=50, help_text=_("The name the storefront asks by."))
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=14, choices=ZoneKind, default=ZoneKind.RECOMMENDATION)
    page_type = models.CharField(_("page"), max_length=13, choices=PageType)
    size = models.PositiveSmallIntegerField(
        _("size"),
        default=8,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text=_("Products it shows."),
    )
    exclude_seen = models.BooleanField(_("leave out what was seen in the visit"), default=False)
    exclude_in_cart = models.BooleanField(_("leave out what is in the cart"), default=True)
    exclude_bought = models.BooleanField(_("leave out what was bought"), default=False)
    same_department = models.BooleanField(_("stay in the page's department"), default=False)
    max_per_brand = models.PositiveSmallIntegerField(
        _("at most per brand"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("Products of one brand that it shows; empty means any number."),
    )
    max_per_category = models.PositiveSmallIntegerField(
        _("at most per category"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("Products of one category that it shows; empty means any number."),
    )
    rotate_after = models.PositiveSmallIntegerField(
        _("rotate after"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_(
            "Times that a visit is shown a product without looking at it, after which others take its turn; "
            "empty means never."
        ),
    )
    enabled = models.BooleanField(_("enabled"), default=True)

    objects = ZoneQuerySet.as_manager()

    class Meta:
        verbose_name = _("zone")
        verbose_name_plural = _("zones")
        ordering = ["store", "slug"]
        constraints = [models.UniqueConstraint(fields=["store", "slug"], name="zone_once")]

    def __str__(self) -> str:
        return self.name
