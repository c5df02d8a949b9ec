"""A visit: one visitor's session, its events at most 30 minutes apart."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalog.models import Store

# Two events of one visitor further apart than this belong to two visits (GA4's session timeout). Midnight ends nothing.
VISIT_GAP = timedelta(minutes=30)


def visitor_key(*, visitor_id: str, session_id: str, consent: bool) -> str:
    """Whose visit it is: the visitor's with consent, else the bare session's, which can be tied to no other."""
    return f"v:{visitor_id}" if consent and visitor_id else f"s:{session_id}"


class VisitQuerySet(models.QuerySet["Visit"]):
    def of(self, store: Store) -> VisitQuerySet:
        return self.filter(store=store)

    def ended(self, *, now: datetime) -> VisitQuerySet:
        """Silent for longer than a visit's gap."""
        return self.filter(last_event_at__lt=now - VISIT_GAP)

    def forgettable(self, *, now: datetime) -> VisitQuerySet:
        """Ended, and lived without consent: nothing of them may outlast the visit."""
        return self.ended(now=now).filter(consent=False)

    def memorable(self) -> VisitQuerySet:
        """What a memory may be built from."""
        return self.filter(consent=True, excluded=False)

    def rebuildable(self, *, until: datetime) -> VisitQuerySet:
        """What a generation up to `until` is built from: visits that had ended by then, and are still as they were."""
        return self.memorable().ended(now=until).filter(changed_at__lte=until)

    def to_append(self, *, generation_id: int, until: datetime, now: datetime) -> VisitQuerySet:
        """Ended visits and visits with a new purchase that a generation built up to `until` does not hold yet."""
        ended = Q(last_event_at__lt=now - VISIT_GAP)
        bought = Q(purchased_at__isnull=False) & (Q(remembered_at=None) | Q(purchased_at__gt=F("remembered_at")))
        unbuilt = Q(changed_at__gt=until) | Q(last_event_at__gte=until - VISIT_GAP)
        behind = ~Q(remembered_in=generation_id) | Q(remembered_at=None) | Q(remembered_at__lt=F("changed_at"))
        behind |= Q(remembered_in=None)
        return self.memorable().filter(ended | bought).filter(unbuilt).filter(behind)


class Visit(models.Model):
    """One visitor's session.

    `visitor_key` is `v:<visitor_id>` with consent and `s:<session_id>` without: a visit without consent can be
    tied to no other visit.
    """

    store = models.ForeignKey(Store, models.CASCADE, related_name="visits", verbose_name=_("store"))
    visitor_key = models.CharField(_("visitor"), max_length=130)
    session_id = models.CharField(_("session id"), max_length=128, blank=True)
    consent = models.BooleanField(_("consent"), default=True)
    excluded = models.BooleanField(_("excluded"), default=False, help_text=_("Robots and staff: never learned from."))
    started_at = models.DateTimeField(_("started"))
    last_event_at = models.DateTimeField(_("last event"))
    event_count = models.PositiveIntegerField(_("events"), default=0)
    purchased_at = models.DateTimeField(
        _("purchase received"), null=True, help_text=_("When its last purchase was received.")
    )
    revenue = models.DecimalField(_("revenue"), max_digits=14, decimal_places=2, default=0)
    device = models.CharField(_("device"), max_length=10, blank=True)
    channel = models.CharField(_("channel"), max_length=16, blank=True)
    # What was known of the visitor's past when the visit began; markers read this and never the tables, so that
    # a rebuild sees what was seen live.
    history = models.JSONField(_("history"), default=dict)
    changed_at = models.DateTimeField(_("changed"), help_text=_("When its last event was received."))
    remembered_at = models.DateTimeField(null=True, editable=False)
    remembered_in = models.BigIntegerField(
        null=True, editable=False, help_text=_("Generation it was last appended to.")
    )

    objects = VisitQuerySet.as_manager()

    class Meta:
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        ordering = ["-last_event_at"]
        constraints = [
            models.CheckConstraint(condition=Q(started_at__lte=F("last_event_at")), name="visit_starts_before_it_ends"),
        ]
        indexes = [
            models.Index(fields=["store", "visitor_key", "last_event_at"], name="visit_of_visitor"),
            models.Index(fields=["store", "changed_at"], name="visit_changed"),
            models.Index(fields=["store", "-last_event_at"], name="visit_recent"),
            models.Index(fields=["last_event_at"], name="visit_forgettable", condition=Q(consent=False)),
            models.Index(
                fields=["store", "purchased_at"], name="visit_bought", condition=Q(purchased_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.visitor_key[2:]
