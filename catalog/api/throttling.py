"""How fast one key may ask: a token bucket in each web process."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass

from django.conf import settings
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from catalog.models import ApiKey


@dataclass(slots=True)
class _Bucket:
    tokens: float
    filled_at: float  # monotonic seconds


class KeyThrottle(BaseThrottle):
    """Settings API_REQUESTS_PER_SECOND and API_BURST, each per key and web process.

    It protects one process from one caller; what all processes allow together is their number times as much.
    """

    _buckets: dict[int, _Bucket] = {}
    _turn = threading.Lock()

    def __init__(self) -> None:
        self._seconds: float | None = None

    def allow_request(self, request: Request, view: APIView) -> bool:
        if not isinstance(request.auth, ApiKey):
            return True
        self._seconds = self._take(request.auth.pk, time.monotonic())
        return self._seconds is None

    def wait(self) -> float | None:
        return self._seconds

    @classmethod
    def _take(cls, key_id: int, instant: float) -> float | None:
        """None when a token was there, else the seconds until there is one."""
        rate, burst = float(settings.API_REQUESTS_PER_SECOND), float(settings.API_BURST)
        with cls._turn:
            bucket = cls._buckets.setdefault(key_id, _Bucket(burst, instant))
            bucket.tokens = min(burst, bucket.tokens + (instant - bucket.filled_at) * rate)
            bucket.filled_at = instant
            if bucket.tokens < 1:
                return (1 - bucket.tokens) / rate
            bucket.tokens -= 1
            return None
