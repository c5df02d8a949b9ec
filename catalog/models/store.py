"""A store: one merchant's shop, the fence around everything else."""

from __future__ import annotations

from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _


def validate_time_zone(value: str) -> None:
    """Refuse what the IANA time zone database does not know."""
    if value not in available_timezones():
        raise ValidationError(
            _("“%(value)s” is not an IANA time zone, for example Europe/Paris."), params={"value": value}
        )


class StoreQuerySet(models.QuerySet["Store"]):
    def lasting(self) -> StoreQuerySet:
        """Those of merchants: no copies that an evaluation has made for itself."""
        return self.filter(is_evaluation=False)

    def for_evaluation(self) -> StoreQuerySet:
        """Copies that an evaluation has made for itself."""
        return self.filter(is_evaluation=True)


class Store(models.Model):  # type: ignore[django-manager-missing]  # tree-queries has no types
    """One merchant's shop: catalog, keys, memory, campaigns, reports."""

    slug = models.SlugField(_("identifier"), unique=True, help_text=_("Short name in addresses; never changes."))
    name = models.CharField(_("name"), max_length=120)
    currency = models.CharField(
        _("currency"),
        max_length=3,
        default="EUR",
        validators=[RegexValidator(r"^[A-Z]{3}$", _("Expected an ISO 4217 code such as EUR."))],
    )
    language = models.CharField(
        _("language"), max_length=2, choices=[("fr", _("French")), ("en", _("English"))], default="fr"
    )
    country = models.CharField(
        _("country"),
        max_length=2,
        default="FR",
        validators=[RegexValidator(r"^[A-Z]{2}$", _("Expected an ISO 3166-1 code such as FR."))],
        help_text=_("Decides which public holidays the moment markers know."),
    )
    time_zone = models.CharField(_("time zone"), max_length=64, default="Europe/Paris", validators=[validate_time_zone])
    free_shipping_from = models.DecimalField(
        _("free shipping from"),
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text=_("Cart value from which shipping is free; empty when the store has no such threshold."),
    )
    retention_days = models.PositiveIntegerField(
        _("retention in days"), default=395, help_text=_("Events older than this are forgotten.")
    )
    exploration = models.FloatField(
        _("exploration"),
        default=0.02,
        help_text=_("Share of positions given to a random suitable product, so that tomorrow's figures stay unbiased."),
    )
    approval_required = models.BooleanField(
        _("a second person approves campaigns"),
        default=False,
        help_text=_("What steers the store, and every change of it, then waits for somebody else's approval."),
    )
    is_synthetic = models.BooleanField(
        _("synthetic"), default=False, help_text=_("Its products and visits were simulated; shown wherever it appears.")
    )
    # Made by an evaluation, gone with it: nobody works for it, nothing scheduled touches it.
    is_evaluation = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    # Both grow under this row's lock, so that who sees version n has seen every change up to n.
    catalog_version = models.PositiveBigIntegerField(default=0, editable=False)
    next_position = models.PositiveIntegerField(default=0, editable=False)

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("store")
        verbose_name_plural = _("stores")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(exploration__gte=0) & models.Q(exploration__lte=0.5),
                name="store_exploration_in_range",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def zone_info(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)
