"""A decision: what was served to whom, by which engine and memory, with propensities and reasons."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.models import Store
from personalization.models.visit import Visit


class DecisionQuerySet(models.QuerySet["Decision"]):
    def of(self, store: Store) -> DecisionQuerySet:
        return self.filter(store=store)

    def unvisited(self) -> DecisionQuerySet:
        """Given before anything of the visit was stored."""
        return self.filter(visit=None)


class Decision(models.Model):
    """One answer, as it was given."""

    id = models.UUIDField(primary_key=True)  # the recommendation_id of the answer: UUID version 7, so ordered by time
    store = models.ForeignKey(Store, models.CASCADE, related_name="decisions", verbose_name=_("store"))
    visit = models.ForeignKey(Visit, models.CASCADE, null=True, related_name="decisions", verbose_name=_("visit"))
    # Whom it was given to, with consent only: the first answer of a visit is mostly given before anything of the visit
    # is stored, and whoever compares visitors must not lose those who leave after it.
    visitor_key = models.CharField(_("visitor"), max_length=130, blank=True)
    zone = models.CharField(_("zone"), max_length=50)
    decided_at = models.DateTimeField(_("decided"))
    engine = models.CharField(_("engine"), max_length=20)
    fallback = models.CharField(_("fallback"), max_length=30, blank=True)
    novelty = models.FloatField(_("novelty"))
    memory_generation = models.PositiveIntegerField(_("memory generation"), null=True)
    products = ArrayField(models.IntegerField(), help_text=_("Catalog positions, as served."))
    propensities = ArrayField(
        models.FloatField(),
        help_text=_("Probability with which each product was put at its position, given those above it."),
    )
    marginals = ArrayField(
        models.FloatField(), default=list, help_text=_("The same whatever stands above it; of the first positions.")
    )
    estimates = models.BinaryField(help_text=_("float32 (n, 4): view, cart, purchase, support, in the order served."))
    markers = models.BinaryField(help_text=_("float32 (232,): the raw markers of the situation."))
    reasons = models.JSONField(
        _("reasons"), default=list, help_text=_("One per product served: relation and evidence.")
    )
    analogues = models.JSONField(
        _("analogues"), default=list, help_text=_("[past situation id, visit id, similarity] …")
    )
    campaigns = ArrayField(
        models.BigIntegerField(), default=list, help_text=_("Ids of the campaigns that steered it, the first first.")
    )
    spared = ArrayField(models.BigIntegerField(), default=list, help_text=_("Ids of those that held this visitor out."))
    spared_rules = ArrayField(
        models.BigIntegerField(),
        default=list,
        help_text=_("Ids of merchandising rules of the campaigns that were held out by themselves."),
    )
    stages = models.JSONField(_("stages"), default=dict, help_text=_("Milliseconds by stage."))
    took_ms = models.FloatField(_("took"))

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["-decided_at"]
        indexes = [
            models.Index(fields=["store", "-decided_at"], name="decision_recent"),
            # Who met which campaigns when, to be read without the rows, which are wide; see `arm_outcomes`.
            models.Index(
                fields=["store", "decided_at"],
                include=["visitor_key", "campaigns", "spared", "spared_rules"],
                condition=~Q(visitor_key="") & (~Q(campaigns=[]) | ~Q(spared=[])),
                name="decision_meeting",
            ),
            models.Index(fields=["store", "visitor_key"], condition=Q(visit=None), name="decision_unvisited"),
        ]

    def __str__(self) -> str:
        return str(self.id)
