"""Without consent nothing outlasts the visit."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from personalization.erasure import forget_visits_without_consent
from personalization.models import Decision, Event, Visit
from tests.catalog.factories import atelier, brico

from .ingest.sending import START, receive, sent

pytestmark = pytest.mark.django_db


def after(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def test_a_visit_without_consent_is_forgotten_with_all_of_it_once_it_ended() -> None:
    receive(atelier(), sent(at=0, consent=False), sent("purchase", at=5, consent=False))
    visit = Visit.objects.get()
    Decision.objects.create(
        id=uuid4(), store=visit.store, visit=visit, zone="home", decided_at=START, engine="inductive", novelty=0.0,
        products=[], propensities=[], estimates=b"", markers=b"", took_ms=1.0,
    )  # fmt: skip

    assert forget_visits_without_consent(now=after(35.1)) == 1

    assert [model.objects.count() for model in (Visit, Event, Decision)] == [0, 0, 0]


def test_a_visit_without_consent_lives_until_it_ended() -> None:
    receive(atelier(), sent(at=0, consent=False), sent(at=5, consent=False))
    assert forget_visits_without_consent(now=after(35)) == 0
    assert Event.objects.count() == 2


def test_visits_with_consent_stay() -> None:
    receive(atelier(), sent(at=0))
    assert forget_visits_without_consent(now=after(100)) == 0
    assert Visit.objects.count() == 1


def test_every_store_is_served_however_many_visits_there_are() -> None:
    for store in (atelier(), brico()):
        receive(store, *[sent(consent=False, session_id=f"s{number}") for number in range(600)])
    assert forget_visits_without_consent(now=after(100)) == 1200
    assert not Visit.objects.exists()


def test_a_visit_without_consent_cannot_be_learned_from() -> None:
    receive(atelier(), sent(consent=False), sent(session_id="s2"))
    assert [visit.visitor_key for visit in Visit.objects.memorable()] == ["v:camille"]
