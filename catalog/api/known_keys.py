"""API keys by their text: asked from the database at most once a second, served on while it is away."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import DatabaseError, InterfaceError
from django.db.models import Q

from catalog.models import ApiKey
from catalog.models.api_key import hash_key

SECONDS: Final = 1.0  # a revocation is heeded within
MOST_KEYS: Final = 10_000  # bounds the memory that guesses can take
USE_NOTED_EVERY: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class _Answer:
    key: ApiKey | None
    asked_at: float  # monotonic seconds


_answers: dict[str, _Answer] = {}
_writing = threading.Lock()


def usable_key(*, text: str, now: datetime) -> ApiKey | None:
    """The key with its store, None when there is none or it was revoked or has expired."""
    hashed = hash_key(text)
    answer = _answers.get(hashed)
    if answer is None or time.monotonic() - answer.asked_at >= SECONDS:
        answer = _ask(hashed, answer, now=now)
    key = answer.key
    if key is None or key.revoked_at is not None or (key.expires_at and key.expires_at <= now):
        return None
    return key


def forget_keys() -> None:
    """Ask the database again about every key."""
    _answers.clear()


def _ask(hashed: str, former: _Answer | None, *, now: datetime) -> _Answer:
    try:
        key = ApiKey.objects.select_related("store").filter(hashed_key=hashed).first()
        if key is not None:
            _note_use(key, now)
    except (DatabaseError, InterfaceError):
        if former is None:
            raise
        key = former.key
    answer = _Answer(key, time.monotonic())
    with _writing:
        if len(_answers) >= MOST_KEYS:
            _answers.clear()
        _answers[hashed] = answer
    return answer


def _note_use(key: ApiKey, now: datetime) -> None:
    """Write down that the key is used; once a minute is enough for people, and cheap."""
    if key.last_used_at is None or now - key.last_used_at >= USE_NOTED_EVERY:
        long_ago = Q(last_used_at=None) | Q(last_used_at__lte=now - USE_NOTED_EVERY)
        ApiKey.objects.filter(long_ago, pk=key.pk).update(last_used_at=now)
