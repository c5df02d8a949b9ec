"""The decision log: everything put is written, soon, behind nobody's back, and nothing is lost in silence."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import numpy as np
import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import REGISTRY

from catalog.models import Store
from objectives.campaigns import MOST_APPLYING, MOST_SPARED
from personalization import decisions
from personalization.decisions import DecisionLog, find, first_uuid7, uuid7
from personalization.models import Decision
from tests.catalog.factories import StoreFactory
from tests.personalization.storefront import lived, shop

PATIENCE = 15.0  # seconds after which what should have happened counts as never


def decision(store_id: int, **fields: Any) -> Decision:
    now = timezone.now()
    plain = {
        "id": uuid7(now=now),
        "zone": "home",
        "decided_at": now,
        "engine": "inductive",
        "novelty": 0.5,
        "products": [3, 1],
        "propensities": [1.0, 0.5],
        "marginals": [1.0, 0.25],
        "estimates": np.ones((2, 4), np.float32).tobytes(),
        "markers": np.zeros(232, np.float32).tobytes(),
        "reasons": [{"relations": []}],
        "analogues": [[1, 2, 0.5]],
        "stages": {"rank": 0.1},
        "took_ms": 1.5,
    }
    return Decision(store_id=store_id, **{**plain, **fields})


def counted(name: str) -> float:
    return REGISTRY.get_sample_value(name) or 0.0


# --- ids --------------------------------------------------------------------------------------------------------


@given(st.floats(1e9, 1e11))
def test_an_id_is_a_uuid_of_version_7_that_tells_its_instant(seconds: float) -> None:
    now = datetime.fromtimestamp(seconds, tz=UTC)

    made = uuid7(now=now)

    assert (made.version, made.variant) == (7, "specified in RFC 4122")
    assert made.int >> 80 == int(now.timestamp() * 1000)


@given(st.floats(1e9, 1e11))
def test_the_first_id_of_an_instant_is_below_those_made_from_then_on_and_above_those_before(seconds: float) -> None:
    at = datetime.fromtimestamp(seconds, tz=UTC)

    assert first_uuid7(at) <= uuid7(now=at)
    assert first_uuid7(at) > uuid7(now=at - timedelta(milliseconds=2))


def test_ids_are_ordered_by_time() -> None:
    now = timezone.now()

    assert uuid7(now=now) < uuid7(now=now + timedelta(milliseconds=1))


# --- writing ----------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_what_is_put_is_kept_as_it_was() -> None:
    store = shop()
    lived(store, ("view_item", "racket"))
    put = decision(store.pk, visit_id=store.visits.get().pk, memory_generation=7, fallback="no_analogue")
    log = DecisionLog(writes_behind=False)

    log.put(put)
    assert log.flush()

    kept = Decision.objects.get()
    names = [field.attname for field in Decision._meta.concrete_fields]
    binary = ("estimates", "markers")
    assert {name: getattr(kept, name) for name in names if name not in binary} == {
        name: getattr(put, name) for name in names if name not in binary
    }
    assert [bytes(getattr(kept, name)) for name in binary] == [getattr(put, name) for name in binary]


@pytest.mark.django_db
def test_the_longest_lists_of_campaigns_can_be_kept() -> None:
    """The ids of one answer stand in an index, whose rows are of 2,704 bytes at most."""
    ids = np.random.default_rng(0).integers(0, 2**62, MOST_APPLYING + MOST_SPARED).tolist()
    arms = {"campaigns": ids[:75], "spared": ids[75:MOST_APPLYING], "spared_rules": ids[MOST_APPLYING:]}
    log = DecisionLog(writes_behind=False)

    log.put(decision(shop().pk, visitor_key="v:" + "é" * 128, **arms))
    log.flush()

    assert Decision.objects.get().spared == arms["spared"]


@pytest.mark.django_db(transaction=True)
def test_the_thread_writes_without_being_asked() -> None:
    store, log = StoreFactory(), DecisionLog()

    for _ in range(450):
        log.put(decision(store.pk))

    try:
        deadline = time.monotonic() + PATIENCE
        while Decision.objects.count() < 450 and time.monotonic() < deadline:
            time.sleep(0.02)
        assert Decision.objects.count() == 450
    finally:
        log.stop()


@pytest.mark.django_db(transaction=True)
def test_a_stopped_log_has_written_everything_and_starts_again() -> None:
    store, log = StoreFactory(), DecisionLog()

    for expected in (1, 2):
        log.put(decision(store.pk))
        log.stop()
        assert Decision.objects.count() == expected


@pytest.mark.django_db(transaction=True)
def test_the_decisions_of_a_forgotten_visit_go_and_the_others_stay() -> None:
    store = shop()
    lived(store, ("view_item", "racket"), consent=False)
    visit = store.visits.get()
    log, refused = DecisionLog(writes_behind=False), counted("netup_decisions_refused_total")
    log.put(decision(store.pk, visit_id=visit.pk))
    log.put(decision(store.pk))

    visit.delete()
    assert log.flush()

    assert list(Decision.objects.values_list("visit_id", flat=True)) == [None]
    assert counted("netup_decisions_refused_total") == refused + 1


@pytest.mark.django_db
def test_a_visit_without_consent_takes_its_decisions_with_it() -> None:
    store = shop()
    lived(store, ("view_item", "racket"), consent=False)
    log = DecisionLog(writes_behind=False)
    log.put(decision(store.pk, visit_id=store.visits.get().pk))
    log.flush()

    store.visits.get().delete()

    assert not Decision.objects.exists()


def test_a_full_queue_counts_what_it_drops() -> None:
    log, dropped = DecisionLog(capacity=2, writes_behind=False), counted("netup_decisions_dropped_total")

    for _ in range(5):
        log.put(decision(1))

    assert counted("netup_decisions_dropped_total") == dropped + 3


@pytest.mark.django_db(transaction=True)
def test_while_the_database_is_away_decisions_wait() -> None:
    store, log = StoreFactory(), DecisionLog(writes_behind=False)
    log.put(decision(store.pk))
    name = connection.settings_dict["NAME"]

    connection.close()
    connection.settings_dict["NAME"] = "no_such_database"
    try:
        assert not log.flush()
    finally:
        connection.close()
        connection.settings_dict["NAME"] = name

    assert log.flush()
    assert Decision.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("ending", [None, signal.SIGTERM])
def test_a_process_that_ends_writes_its_last_batch(ending: signal.Signals | None) -> None:
    store = StoreFactory()
    script = f"""
import signal, sys, django
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
django.setup()
from django.db import connection
connection.settings_dict["NAME"] = {settings.DATABASES["default"]["NAME"]!r}
import threading
from tests.personalization.test_decisions import decision
from personalization.decisions import DecisionLog
from django.db import connections
connections.settings["default"]["NAME"] = connection.settings_dict["NAME"]
log = DecisionLog()
log.put(decision({store.pk}))
print("put", flush=True)
if {ending is not None}:
    signal.pause()
"""
    process = subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, env=os.environ, cwd=settings.BASE_DIR
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "put\n"
    if ending is not None:
        process.send_signal(ending)

    assert process.wait(PATIENCE) == 0
    assert Decision.objects.count() == 1


# --- reading ----------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_decision_is_found_before_it_was_written() -> None:
    store = StoreFactory()
    put = decision(store.pk)
    decisions.LOG.put(put)

    assert find(store_id=store.pk, decision_id=put.pk, now=timezone.now()) == put


@pytest.mark.django_db
def test_a_decision_of_another_store_is_not_found() -> None:
    store, other = StoreFactory(), StoreFactory()
    put = decision(store.pk)
    decisions.LOG.put(put)

    assert find(store_id=other.pk, decision_id=put.pk, now=timezone.now()) is None


@pytest.mark.django_db
def test_an_id_that_was_never_given_is_not_found() -> None:
    store: Store = StoreFactory()

    assert find(store_id=store.pk, decision_id=uuid4(), now=timezone.now()) is None
