"""What may not outlast a visit: everything lived without consent."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import transaction

from personalization.models import Visit

AT_ONCE: Final = 500  # visits forgotten in one transaction


def forget_visits_without_consent(*, now: datetime) -> int:
    """Delete every ended visit without consent, with its events and decisions; how many there were.

    A visit that is just receiving a late event is left for the next time.
    """
    forgotten = 0
    while ended := _forget_some(now=now):
        forgotten += ended
    return forgotten


def _forget_some(*, now: datetime) -> int:
    with transaction.atomic():
        forgettable = Visit.objects.forgettable(now=now).select_for_update(skip_locked=True).order_by("pk")
        ids = list(forgettable.values_list("pk", flat=True)[:AT_ONCE])
        Visit.objects.filter(pk__in=ids).delete()
    return len(ids)
