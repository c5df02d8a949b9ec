"""A web process warmed up: arrays mapped and index pages read before a visitor waits for them."""

from __future__ import annotations

import threading

import structlog
from django.db import DatabaseError, connection
from django.utils import timezone

from catalog.live_facts import live_facts
from catalog.models import Store
from personalization import situation
from personalization.engines import ENGINES
from personalization.engines.base import Question
from personalization.markers.live_visit import LiveVisit, VisitContext
from personalization.memory.live import live_memory

log = structlog.get_logger(__name__)

ROUNDS = 3  # answers given per store: the first one maps, the others find what it left cold
PROPOSALS = 20


def warm_in_background() -> None:
    """Warm up without holding up the process's start."""
    threading.Thread(target=_warm_all, name="warming", daemon=True).start()


def warm(*, store: Store) -> None:
    """Answer an empty visit of the store with every engine, and forget the answers."""
    facts = live_facts(store_id=store.pk)
    landscape = live_memory(store_id=store.pk).landscape
    visit = LiveVisit(context=VisitContext(time_zone=store.zone_info), landscape=landscape)
    question = Question(
        store_id=store.pk,
        visit=visit,
        markers=situation.raw(visit),
        facts=facts,
        eligible=facts.buyable,
        limit=PROPOSALS,
        now=timezone.now(),
    )
    for engine in ENGINES.values():
        engine.estimate(question)


def _warm_all() -> None:
    """Every store with a live memory; a database away is no error: the first visitors will wait instead."""
    try:
        for store in Store.objects.lasting().filter(generations__state="live").distinct():
            for _ in range(ROUNDS):
                warm(store=store)
    except DatabaseError as error:
        log.warning("warming_skipped", reason=str(error))
    finally:
        connection.close()
