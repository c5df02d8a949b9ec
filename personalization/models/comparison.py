"""A comparison: the engines judged on a store's own recent visits, asked for, carried out in the background, kept."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.models import Store


class ComparisonState(models.TextChoices):
    WAITING = "waiting", _("waiting")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")


class ComparisonQuerySet(models.QuerySet["Comparison"]):
    def of(self, store: Store) -> ComparisonQuerySet:
        return self.filter(store=store)

    def under_way(self) -> ComparisonQuerySet:
        """Asked for, and neither done nor failed."""
        return self.filter(state__in=(ComparisonState.WAITING, ComparisonState.RUNNING))

    def done(self) -> ComparisonQuerySet:
        return self.filter(state=ComparisonState.DONE)

    def claimable(self, *, now: datetime) -> ComparisonQuerySet:
        """Waiting, or running without anybody whose lease still holds; the one asked for first comes first."""
        let_go = Q(state=ComparisonState.RUNNING) & (Q(leased_until=None) | Q(leased_until__lt=now))
        return self.filter(Q(state=ComparisonState.WAITING) | let_go).order_by("asked_at", "pk")


class Comparison(models.Model):
    """One comparison of the engines on one store; at most one is under way."""

    store = models.ForeignKey(Store, models.CASCADE, related_name="comparisons", verbose_name=_("store"))
    state = models.CharField(_("state"), max_length=7, choices=ComparisonState, default=ComparisonState.WAITING)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("asked for by"),
        help_text=_("Empty when the calendar asked."),
    )
    asked_at = models.DateTimeField(_("asked for"))
    finished_at = models.DateTimeField(_("finished"), null=True)
    since = models.DateTimeField(
        _("since"),
        null=True,
        help_text=_("Visits from here on are judged; those that had ended before are remembered."),
    )
    settings = models.JSONField(
        _("settings"), default=dict, help_text=_("What is asked of whom: k, cuts, sample, seed.")
    )
    figures = models.JSONField(_("figures"), default=dict, help_text=_("What evaluate_outcomes reports."))
    stage = models.CharField(_("stage"), max_length=40, blank=True)
    done = models.PositiveIntegerField(default=0, editable=False)
    total = models.PositiveIntegerField(default=0, editable=False)
    error = models.TextField(_("error"), blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0, editable=False)
    leased_until = models.DateTimeField(null=True, editable=False)

    objects = ComparisonQuerySet.as_manager()

    class Meta:
        verbose_name = _("comparison of approaches")
        verbose_name_plural = _("comparisons of approaches")
        ordering = ["store", "-asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["store"], condition=Q(state__in=("waiting", "running")), name="comparison_one_under_way"
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(finished_at__isnull=False, since__isnull=False),
                name="comparison_done_is_complete",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.store} · {self.asked_at:%Y-%m-%d}"
