"""What was answered to a request that carried an Idempotency-Key."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models

from catalog.models.store import Store

KEPT_FOR = timedelta(hours=24)


class IdempotentAnswerQuerySet(models.QuerySet["IdempotentAnswer"]):
    def forgotten(self, *, now: datetime) -> IdempotentAnswerQuerySet:
        """Older than anyone may still repeat their request."""
        return self.filter(created_at__lt=now - KEPT_FOR)


class IdempotentAnswer(models.Model):
    """Written in the transaction of the work it answers: either both are there, or neither."""

    store = models.ForeignKey(Store, models.CASCADE, related_name="+")
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)  # SHA-256 of method, address and content
    status = models.PositiveSmallIntegerField(default=0)
    body = models.BinaryField(default=b"")
    created_at = models.DateTimeField()

    objects = IdempotentAnswerQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["store", "key"], name="idempotent_answer_once")]
        indexes = [models.Index(fields=["store", "created_at"], name="idempotent_answer_age")]

    def __str__(self) -> str:
        return self.key
