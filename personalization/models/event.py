"""An event: one thing a visitor did, under its GA4 name, with the products' facts as they were at that instant."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models import Store
from personalization.models.visit import Visit


class EventQuerySet(models.QuerySet["Event"]):
    def of(self, store: Store) -> EventQuerySet:
        return self.filter(store=store)

    def lived(self) -> EventQuerySet:
        """In the order in which they were lived; events of one instant in the order of their identifiers."""
        return self.order_by("timestamp", "event_id")


class Event(models.Model):
    """One accepted event. Written once, counted once, never changed."""

    store = models.ForeignKey(Store, models.CASCADE, related_name="events", verbose_name=_("store"))
    visit = models.ForeignKey(Visit, models.CASCADE, related_name="events", verbose_name=_("visit"))
    event_id = models.CharField(_("event id"), max_length=100)
    name = models.CharField(_("name"), max_length=20)
    timestamp = models.DateTimeField(_("timestamp"))
    received_at = models.DateTimeField(_("received"))
    transaction_id = models.CharField(_("transaction id"), max_length=100, null=True)
    recommendation_id = models.UUIDField(_("recommendation id"), null=True)
    # The event as `personalization.markers.lived.LivedEvent` reads it (orjson): the facts of its products included.
    lived = models.BinaryField()

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["timestamp", "event_id"]
        constraints = [
            models.UniqueConstraint(fields=["store", "event_id"], name="event_once"),
            models.UniqueConstraint(
                fields=["store", "transaction_id"],
                condition=models.Q(name="purchase") & models.Q(transaction_id__isnull=False),
                name="purchase_once",
            ),
        ]
        indexes = [
            models.Index(fields=["visit", "timestamp", "event_id"], name="event_of_visit"),
            models.Index(
                fields=["store", "recommendation_id"],
                name="event_of_decision",
                condition=models.Q(recommendation_id__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.timestamp:%H:%M:%S}"
