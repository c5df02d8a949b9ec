"""A rule: in which situation which products are shown, and what a pop-up then says."""

from __future__ import annotations

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from catalog.models import Store
from objectives.models import Zone


class SelectionStrategy(models.TextChoices):
    """What a rule can show; `merchandising.strategies` says how each is selected."""

    CHOSEN = "chosen", _("chosen products")
    BESTSELLERS = "bestsellers", _("best sellers of the store")
    CATEGORY_BESTSELLERS = "category_bestsellers", _("best sellers of the category on display")
    BRAND_BESTSELLERS = "brand_bestsellers", _("best sellers of the brand looked at")
    SEARCHED_BESTSELLERS = "searched_bestsellers", _("best sellers among what was searched")
    VIEWED_TOGETHER = "viewed_together", _("looked at together with the product on display")
    VIEWED_WITH_VISIT = "viewed_with_visit", _("looked at together with the products of the visit")
    BOUGHT_TOGETHER = "bought_together", _("bought together with the product on display")
    BOUGHT_WITH_CART = "bought_with_cart", _("bought together with what is in the cart")
    UP_TO_FREE_SHIPPING = "up_to_free_shipping", _("goes with the cart and reaches free shipping")
    RECENTLY_VIEWED = "recently_viewed", _("recently looked at by the visitor")
    BOUGHT_BEFORE = "bought_before", _("bought before by the visitor")
    IN_CART = "in_cart", _("what is in the cart")
    LEFT_IN_CART = "left_in_cart", _("left in an earlier cart")
    NEW_ARRIVALS = "new_arrivals", _("new arrivals")
    ON_SALE = "on_sale", _("deepest discounts of the category on display")
    CHEAPER = "cheaper", _("same category, cheaper")
    DEARER = "dearer", _("same category, more expensive")
    SIMILAR_PRICE = "similar_price", _("same category, similar price")


def always() -> dict[str, Any]:
    """The condition of a rule that holds in every situation."""
    return {"all": []}


class RuleQuerySet(models.QuerySet["Rule"]):
    def of(self, store: Store) -> RuleQuerySet:
        return self.filter(store=store)

    def governing(self) -> RuleQuerySet:
        """Those in force, in the order in which they place their products."""
        return self.filter(enabled=True).order_by("priority", "pk")


class Rule(models.Model):
    """What a merchandiser lays down for a situation; the `rules` engine goes by it."""

    store = models.ForeignKey(Store, models.CASCADE, related_name="rules", verbose_name=_("store"))
    name = models.CharField(_("name"), max_length=120)
    enabled = models.BooleanField(_("enabled"), default=True)
    priority = models.PositiveSmallIntegerField(
        _("order"), default=10, help_text=_("Rules with lower numbers place their products first.")
    )
    # See `objectives.conditions`.
    condition = models.JSONField(_("applies when"), default=always)
    strategy = models.CharField(
        _("shows"),
        max_length=24,
        choices=SelectionStrategy,
        blank=True,
        help_text=_("Empty for a rule that has a message alone."),
    )
    parameters = models.JSONField(_("parameters"), default=dict, blank=True)
    most = models.PositiveSmallIntegerField(
        _("at most"),
        default=8,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text=_("Products that it places; the next rules fill the rest."),
    )
    zones = models.ManyToManyField(
        Zone, blank=True, related_name="rules", verbose_name=_("zones"), help_text=_("Empty for all zones.")
    )
    message_title = models.CharField(_("title"), max_length=80, blank=True)
    message_text = models.CharField(pgettext_lazy("of a message", "text"), max_length=300, blank=True)
    message_per_visit = models.PositiveSmallIntegerField(
        _("times a visit"),
        null=True,
        blank=True,
        default=1,
        validators=[MinValueValidator(1)],
        help_text=_("How often one visit may show it; empty means any number of times."),
    )
    message_quiet_days = models.PositiveSmallIntegerField(
        _("days of rest"),
        default=0,
        validators=[MaxValueValidator(365)],
        help_text=_("For how many days a visitor who has seen it is then spared it; 0 for none."),
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    changed_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = RuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("rule")
        verbose_name_plural = _("rules")
        ordering = ["store", "priority", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(strategy="") | ~Q(message_text=""), name="rule_does_something"),
            models.CheckConstraint(condition=Q(most__gte=1), name="rule_places_something"),
        ]
        indexes = [models.Index(fields=["store", "priority"], name="rule_of_store")]

    def __str__(self) -> str:
        return self.name
