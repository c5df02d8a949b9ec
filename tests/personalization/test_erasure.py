"""What may not be kept: without consent nothing outlasts the visit, an erased visitor leaves nothing at all."""

from __future__ import annotations

from datetime import datetime, timedelta
from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from catalog.models import Store
from personalization.erasure import Erased, erase_visitor, forget_outdated, forget_visits_without_consent
from personalization.memory import appending, arrays, partitions
from personalization.models import Decision, Event, Generation, Visit
from tests.catalog.factories import atelier, brico

from .ingest.sending import START, receive, sent
from .memory.past import NOW, live_many, live_through, rebuilt, shop, viewing

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


def test_answers_before_consent_was_refused_are_forgotten_with_the_visit() -> None:
    receive(atelier(), sent(at=0, consent=False, session_id="s1"), sent(at=0, session_id="s2"))
    unvisited(atelier(), "s:s1")
    kept = [unvisited(atelier(), "s:s2"), unvisited(brico(), "s:s1"), unvisited(atelier(), "")]

    forget_visits_without_consent(now=after(35.1))

    assert set(Decision.objects.all()) == set(kept)


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


# --- a visitor who asks to be forgotten --------------------------------------------------------------------------


@pytest.fixture
def store() -> Store:
    """With a live and a retired memory of six visitors."""
    store = shop()
    live_many(store, visits=6)
    rebuilt(store)
    rebuilt(store, now=NOW + timedelta(hours=1))
    return store


def decided(visit: Visit) -> Decision:
    return Decision.objects.create(
        id=uuid4(), store=visit.store, visit=visit, zone="home", decided_at=NOW, engine="inductive", novelty=0.0,
        products=[], propensities=[], estimates=b"", markers=b"", took_ms=1.0,
    )  # fmt: skip


def unvisited(store: Store, visitor_key: str) -> Decision:
    return Decision.objects.create(
        id=uuid4(), store=store, visitor_key=visitor_key, zone="home", decided_at=NOW, engine="inductive", novelty=0.0,
        products=[], propensities=[], estimates=b"", markers=b"", took_ms=1.0,
    )  # fmt: skip


def visits_held(store: Store) -> dict[int, set[int]]:
    """The visits of which each generation holds situations or trails."""
    held = {}
    for generation in Generation.objects.of(store).kept():
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT DISTINCT visit_id FROM {partitions.name_of(generation.pk)}")  # noqa: S608
            situations = {visit_id for (visit_id,) in cursor.fetchall()}
        held[generation.number] = situations | set(arrays.read(generation.pk, "trails_visits").tolist())
    return held


def test_nothing_of_an_erased_visitor_stays(store: Store) -> None:
    visit = Visit.objects.get(visitor_key="v:visitor 3")
    decided(visit)

    erased = erase_visitor(store=store, visitor_id="visitor 3")

    assert erased == Erased(visits=1, events=3, decisions=1, generations=(1, 2))
    assert not Visit.objects.filter(visitor_key="v:visitor 3").exists()
    assert not Event.objects.filter(visit=visit.pk).exists()
    assert not Decision.objects.exists()
    assert all(visit.pk not in held for held in visits_held(store).values())


def test_answers_that_came_before_anything_was_stored_go_with_their_visitor(store: Store) -> None:
    other = shop("brico")
    kept = [unvisited(store, "v:visitor 4"), unvisited(other, "v:visitor 3")]
    unvisited(store, "v:visitor 3")
    unvisited(store, "v:gone before")

    assert erase_visitor(store=store, visitor_id="visitor 3").decisions == 1
    assert erase_visitor(store=store, visitor_id="gone before") == Erased(decisions=1)

    assert set(Decision.objects.all()) == set(kept)


def test_the_others_stay_as_they_are(store: Store) -> None:
    gone = Visit.objects.get(visitor_key="v:visitor 3").pk
    before = visits_held(store)

    erase_visitor(store=store, visitor_id="visitor 3")

    assert visits_held(store) == {number: held - {gone} for number, held in before.items()}
    assert Visit.objects.count() == 5


def test_a_namesake_at_another_store_stays(store: Store) -> None:
    other = shop("brico")
    live_many(other, visits=6)

    erase_visitor(store=store, visitor_id="visitor 3")

    assert Visit.objects.of(other).count() == 6


def test_who_was_never_here_leaves_nothing_to_erase(store: Store) -> None:
    assert erase_visitor(store=store, visitor_id="nobody") == Erased()
    assert erase_visitor(store=store, visitor_id="visitor") == Erased()  # no one by the beginning of the name


def test_a_visitor_who_comes_back_is_new(store: Store) -> None:
    erase_visitor(store=store, visitor_id="visitor 3")

    visit = live_through(store, "visitor 3", *viewing("racket"), ended=NOW)

    assert visit.history == {}


def test_the_command_says_what_went(store: Store) -> None:
    out = StringIO()

    call_command("erase_visitor", "atelier", "visitor 3", stdout=out)

    assert out.getvalue() == "1 visits, 3 events, 0 decisions erased; generations touched: 1, 2\n"
    with pytest.raises(CommandError, match="expected one of: atelier"):
        call_command("erase_visitor", "atelie", "visitor 3")


# --- consent that was withdrawn, time that ran out ---------------------------------------------------------------


def test_consent_withdrawn_after_a_purchase_takes_the_visit_out_of_the_memory(store: Store) -> None:
    since = NOW + timedelta(hours=2)
    bought = live_through(store, "alex", *viewing("racket"), ("purchase", "racket"), ended=since)
    appending.append(store_id=store.pk, now=since)
    assert bought.pk in visits_held(store)[2]
    Visit.objects.filter(pk=bought.pk).update(consent=False)

    assert forget_visits_without_consent(now=since + timedelta(hours=1)) == 1

    assert bought.pk not in visits_held(store)[2]


def test_what_outlived_its_retention_is_forgotten_with_what_memory_held_of_it(store: Store) -> None:
    store.retention_days = 30
    store.save()
    old = live_through(store, "old", *viewing("racket"), ended=NOW - timedelta(days=20))
    rebuilt(store, now=NOW + timedelta(hours=2))
    decided(old)

    assert forget_outdated(now=NOW + timedelta(days=10, seconds=-1)) == 0
    assert forget_outdated(now=NOW + timedelta(days=10, seconds=1)) == 1

    assert Visit.objects.count() == 6
    assert not Decision.objects.exists()
    assert all(old.pk not in held for held in visits_held(store).values())


def test_each_store_keeps_its_own_retention(store: Store) -> None:
    other = shop("brico")
    live_many(other, visits=6)
    other.retention_days = 1
    other.save()

    assert forget_outdated(now=NOW + timedelta(days=3)) == 6

    assert not Visit.objects.of(other).exists()
    assert Visit.objects.of(store).count() == 6


def test_answers_to_nobody_in_particular_are_forgotten_too(store: Store) -> None:
    Decision.objects.create(
        id=uuid4(), store=store, zone="home", decided_at=NOW, engine="inductive", novelty=0.0,
        products=[], propensities=[], estimates=b"", markers=b"", took_ms=1.0,
    )  # fmt: skip

    forget_outdated(now=NOW + timedelta(days=store.retention_days, seconds=-1))
    assert Decision.objects.exists()
    forget_outdated(now=NOW + timedelta(days=store.retention_days, seconds=1))
    assert not Decision.objects.exists()
