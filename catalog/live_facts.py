"""Every process's own copy of each store's product facts, fresh within a second of a committed change."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import Final

import structlog
from django.db import DatabaseError, InterfaceError

from catalog.facts import ProductFacts
from catalog.facts_loading import load_facts, reload_facts
from catalog.models import Store

CHECK_SECONDS: Final = 0.3  # how long a copy is served before the store's version is asked again
BACK_OFF_SECONDS: Final = 2.0  # the same while the database is away, so that answers do not wait for it

logger = structlog.get_logger(__name__)


@dataclass(slots=True)
class _Copy:
    """One store's facts in this process; `facts` is replaced whole, never changed."""

    facts: ProductFacts | None = None
    check_at: float = 0.0  # monotonic seconds
    stale: bool = False  # the database could not be asked
    refreshing: threading.Lock = field(default_factory=threading.Lock)


_copies: dict[int, _Copy] = {}


def live_facts(*, store_id: int) -> ProductFacts:
    """The store's facts now.

    One thread at a time asks for changes; the others go on with the copy there is. With the database away
    the last copy is served and `facts_are_stale` says so; only a process that never had one raises.

    Raises:
        Store.DoesNotExist: there is no such store.
    """
    copy = _copies.setdefault(store_id, _Copy())
    facts = copy.facts
    if facts is not None and time.monotonic() < copy.check_at:
        return facts
    acquired = copy.refreshing.acquire(blocking=facts is None)
    if facts is not None and not acquired:
        return facts
    try:
        return _refresh(store_id, copy)
    finally:
        copy.refreshing.release()


def last_facts(*, store_id: int) -> ProductFacts | None:
    """The last copy of this process, without a look at the database."""
    copy = _copies.get(store_id)
    return copy.facts if copy else None


def facts_are_stale(*, store_id: int) -> bool:
    """Whether the copy is served because the database could not be asked whether it still holds."""
    copy = _copies.get(store_id)
    return copy is not None and copy.stale


def forget_facts(*, store_id: int) -> None:
    """Drop this process's copy; the next reader loads it anew."""
    _copies.pop(store_id, None)


def _refresh(store_id: int, copy: _Copy) -> ProductFacts:
    if copy.facts is None:
        copy.facts = load_facts(store_id=store_id)
        copy.check_at = time.monotonic() + CHECK_SECONDS
        return copy.facts
    asked_at = time.monotonic()
    try:
        copy.facts = _current(copy.facts)
    except (DatabaseError, InterfaceError) as error:
        copy.stale = True
        copy.check_at = time.monotonic() + BACK_OFF_SECONDS
        logger.warning("facts_stale", store_id=store_id, error=type(error).__name__)
    else:
        copy.stale = False
        copy.check_at = asked_at + CHECK_SECONDS
    return copy.facts


def _current(facts: ProductFacts) -> ProductFacts:
    """The same facts while the version stands, else with what changed since."""
    versions = Store.objects.filter(pk=facts.store_id).values_list("catalog_version", flat=True)
    version = versions.first()
    if version is None:
        raise Store.DoesNotExist(f"store {facts.store_id}")
    if version == facts.version:
        return facts
    if version < facts.version:  # the copy has seen a change that was taken back
        return load_facts(store_id=facts.store_id)
    return reload_facts(facts, version=version)
