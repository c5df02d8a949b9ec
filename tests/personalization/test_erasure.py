"""What may not be kept: without consent nothing outlasts the visit, an erased visitor leaves nothing at all."""

from __future__ import annotations

from datetime import datetime, timedelta
from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from catalog.models import Store
from objectives.models import Campaign, CampaignState
from personalization.erasure import Erased, erase_visitor, forget_outdated, forget_visits_without_consent
from personalization.memory import appending, arrays, partitions
from personalization.models import Decision, Event, Generation, ProductExposure, Visit, VisitorExposure
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


# --- what campaigns counted --------------------------------------------------------------------------------------


def campaign(store: Store, **fields: object) -> Campaign:
    return Campaign.objects.create(store=store, name="Push", **{"state": CampaignState.APPROVED, **fields})


def counted(made: Campaign, *visitors: str, began: datetime = NOW) -> None:
    for key in visitors:
        VisitorExposure.objects.create(store=made.store, campaign=made, visitor_key=key, answers=1, began_at=began)


def left() -> set[tuple[str, str]]:
    """The stores and visitors of whom campaigns have counted anything."""
    return set(VisitorExposure.objects.values_list("store__slug", "visitor_key"))


def test_what_campaigns_counted_of_an_erased_visitor_goes_in_that_store_alone(store: Store) -> None:
    here, there = campaign(store), campaign(shop("brico"))
    for made in (here, there):
        counted(made, "v:visitor 3", "v:visitor 4", "v:never here")

    erase_visitor(store=store, visitor_id="visitor 3")
    erase_visitor(store=store, visitor_id="never here")

    others = {"v:visitor 3", "v:visitor 4", "v:never here"}
    assert left() == {(store.slug, "v:visitor 4"), *((there.store.slug, key) for key in others)}


def test_what_campaigns_counted_of_a_visit_without_consent_goes_with_it() -> None:
    store = atelier()
    receive(store, sent(at=0, consent=False))
    counted(campaign(store), Visit.objects.get().visitor_key, began=START)

    forget_visits_without_consent(now=after(29))
    assert len(left()) == 1
    forget_visits_without_consent(now=after(31))
    assert left() == set()


def test_what_campaigns_counted_without_consent_and_without_a_visit_outlasts_no_visit() -> None:
    made = campaign(atelier())
    counted(made, "s:unheard", "v:unheard", began=START)
    counted(made, "s:late", began=after(10))

    forget_visits_without_consent(now=after(31))

    assert left() == {("atelier", "v:unheard"), ("atelier", "s:late")}


def test_what_campaigns_counted_of_a_session_lasts_as_long_as_its_visit() -> None:
    store = atelier()
    receive(store, sent(at=0, consent=False), sent(at=25, consent=False), sent(at=50, consent=False))
    counted(campaign(store), Visit.objects.get().visitor_key, began=START)

    forget_visits_without_consent(now=after(60))

    assert len(left()) == 1


def test_consent_withdrawn_takes_along_what_campaigns_counted_unless_other_visits_stay(store: Store) -> None:
    counted(campaign(store), "v:visitor 3", "v:camille")
    live_through(store, "camille", *viewing("racket"), ended=NOW)
    live_through(store, "camille", *viewing("racket"), ended=NOW - timedelta(days=2))
    withdrawn = [Visit.objects.get(visitor_key="v:visitor 3"), Visit.objects.filter(visitor_key="v:camille").first()]
    Visit.objects.filter(pk__in=[visit.pk for visit in withdrawn if visit]).update(consent=False)

    assert forget_visits_without_consent(now=NOW + timedelta(hours=1)) == 2

    assert left() == {(store.slug, "v:camille")}


@pytest.mark.parametrize(
    ("fields", "remembered"),
    [
        ({}, True),
        ({"ends_at": NOW + timedelta(seconds=1)}, True),
        ({"ends_at": NOW}, False),
        ({"state": CampaignState.PAUSED}, True),
        ({"state": CampaignState.ENDED}, False),
    ],
)
def test_what_a_campaign_counted_of_visitors_is_forgotten_once_it_has_ended(
    fields: dict[str, object], remembered: bool
) -> None:
    made = campaign(atelier(), **fields)
    counted(made, "v:camille")
    ProductExposure.objects.create(store=made.store, campaign=made, position=3, shown=9)

    forget_outdated(now=NOW)

    assert bool(left()) is remembered
    assert ProductExposure.objects.get().shown == 9


def test_what_campaigns_counted_of_visitors_without_visits_ends_with_the_retention(store: Store) -> None:
    store.retention_days = 30
    store.save()
    counted(campaign(store), "v:regular", "v:unheard")
    live_through(store, "regular", *viewing("racket"), ended=NOW + timedelta(days=5))

    forget_outdated(now=NOW + timedelta(days=30, seconds=-1))
    assert len(left()) == 2
    forget_outdated(now=NOW + timedelta(days=30, seconds=1))
    assert left() == {(store.slug, "v:regular")}
