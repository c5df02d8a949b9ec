"""Exposures: what campaigns with such budgets have shown of each product, and how many answers each visitor had."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from catalog.models import Store
from objectives.models import Campaign, CampaignState
from personalization.models.visit import Visit

NAMELESS = "s:"  # what a visitor's key begins with where it can be tied to no other visit


class ProductExposure(models.Model):
    """How often a campaign has shown a product; only of campaigns that may do so so often and no more."""

    pk = models.CompositePrimaryKey("campaign", "position")
    # Every key of the table begins with the campaign, which has one store.
    store = models.ForeignKey(Store, models.CASCADE, db_index=False, related_name="+", verbose_name=_("store"))
    campaign = models.ForeignKey(
        Campaign, models.CASCADE, db_index=False, related_name="product_exposures", verbose_name=_("campaign")
    )
    position = models.PositiveIntegerField(help_text=_("Catalog position."))
    shown = models.PositiveBigIntegerField(_("shown"), help_text=_("Answers with the product that it steered."))

    class Meta:
        verbose_name = _("exposures of a product")
        verbose_name_plural = _("exposures of products")

    def __str__(self) -> str:
        return f"{self.campaign_id}: {self.position}"


class VisitorExposureQuerySet(models.QuerySet["VisitorExposure"]):
    def of(self, store: Store) -> VisitorExposureQuerySet:
        return self.filter(store=store)

    def unvisited(self) -> VisitorExposureQuerySet:
        """Of visitors of whom no visit is left."""
        visits = Visit.objects.filter(store_id=OuterRef("store_id"), visitor_key=OuterRef("visitor_key"))
        return self.filter(~Exists(visits))

    def nameless(self, *, begun_before: datetime) -> VisitorExposureQuerySet:
        """Of visitors who can be tied to no other visit, first answered before an instant."""
        return self.filter(visitor_key__startswith=NAMELESS, began_at__lt=begun_before)

    def of_campaigns_over(self, *, now: datetime) -> VisitorExposureQuerySet:
        """Of campaigns that have ended, or whose period is over."""
        return self.filter(Q(campaign__state=CampaignState.ENDED) | Q(campaign__ends_at__lte=now))


class VisitorExposure(models.Model):
    """How many answers of a campaign a visitor has had, or would have had were they not held out of it."""

    # The visitor first: each answer asks for one visitor, and erasing one begins there, too.
    pk = models.CompositePrimaryKey("visitor_key", "campaign")
    store = models.ForeignKey(Store, models.CASCADE, db_index=False, related_name="+", verbose_name=_("store"))
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="visitor_exposures", verbose_name=_("campaign"))
    visitor_key = models.CharField(_("visitor"), max_length=130)
    answers = models.PositiveBigIntegerField(_("answers"))
    # Not the last: an index over what every answer changes would have to be written with every answer.
    began_at = models.DateTimeField(_("first answer"))

    objects = VisitorExposureQuerySet.as_manager()

    class Meta:
        verbose_name = _("exposures of a visitor")
        verbose_name_plural = _("exposures of visitors")
        indexes = [
            models.Index(
                fields=["began_at"], name="exposure_forgettable", condition=Q(visitor_key__startswith=NAMELESS)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id}: {self.visitor_key[2:]}"
