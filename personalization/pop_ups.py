"""How often a rule's message is shown: counted a visit and a visitor, in the cache that all processes share."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from typing import Final

import structlog
from django.core.cache import cache
from redis.exceptions import RedisError

from personalization.merchandising.rule import Message

VISIT_SECONDS: Final = 12 * 3600  # a visit that shows a message again after so long may count anew
DAY: Final = 86_400

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """Whom a message would be shown to.

    Attributes:
        visitor_key: `v:…` with consent, `s:…` without; nothing of the latter outlasts the visit.
        session_id: the storefront's own, which tells one visit of a visitor from the next; "" unknown.
    """

    visitor_key: str
    session_id: str

    @property
    def may_be_spared(self) -> bool:
        """Whether a later visit can be recognised as theirs."""
        return self.visitor_key.startswith("v:")

    def digest(self, message: Message, of: str) -> str:
        """A cache key that names nobody."""
        told = f"{message.rule_id} {self.visitor_key} {of}"
        return f"pop-up:{blake2b(told.encode(), digest_size=16).hexdigest()}"


def claimed(message: Message | None, audience: Audience) -> Message | None:
    """The message, if it may be shown now, and then it counts as shown; else None.

    With the cache away it is not: once too seldom is better than on every page.
    """
    if message is None:
        return None
    try:
        shown = not _is_spared(message, audience) and _has_room(message, audience)
    except (RedisError, OSError) as error:
        log.warning("pop_up_not_counted", rule=message.rule_id, error=type(error).__name__)
        return None
    return message if shown else None


def _is_spared(message: Message, audience: Audience) -> bool:
    """Seen in an earlier visit, its days of rest not over; the first visit of a rest is told by its session."""
    if not message.quiet_days or not audience.may_be_spared:
        return False
    key = audience.digest(message, "rest")
    if cache.add(key, audience.session_id, message.quiet_days * DAY):
        return False
    return bool(cache.get(key) != audience.session_id)


def _has_room(message: Message, audience: Audience) -> bool:
    if message.per_visit is None:
        return True
    key = audience.digest(message, f"visit {audience.session_id}")
    cache.add(key, 0, VISIT_SECONDS)
    return int(cache.incr(key)) <= message.per_visit
