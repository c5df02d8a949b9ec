"""The intent-shift test: who is asked about, what is counted, and that an engine of the past is found out."""

from __future__ import annotations

from math import isnan
from types import SimpleNamespace

import numpy as np
import pytest

from benchmarks import errands, questions
from benchmarks.bench_intent_shift import MEASURES, Tally, asked_of, figures
from benchmarks.errands import AGREEING, DEPARTING, GROUPS, UNKNOWN, Casting
from benchmarks.keeping import kept
from benchmarks.town import key_of
from personalization.engines.base import Estimates, Relation
from personalization.markers.lived import LivedEvent, LivedItem
from personalization.models import Event, Visit

SIZE = 6


# --- Pasts and groups ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("past", "group"),
    [
        ({"Sport": 0.9, "Maison": 0.1}, DEPARTING),
        ({"Sport": 0.95, "Café": 0.05}, DEPARTING),  # five in a hundred is no habit
        ({"Sport": 0.5, "Café": 0.5}, AGREEING),
        ({"Café": 1.0}, AGREEING),
        ({"Sport": 0.7, "Café": 0.3}, ""),  # neither
    ],
)
def test_a_past_agrees_with_an_errand_or_speaks_against_it(past, group):
    assert errands.group_of(past=past, department="Café") == group


@pytest.mark.parametrize(
    ("met", "shares"),
    [({"Sport": 3.0, "Café": 1.0}, {}), ({"Sport": 6.0, "Café": 2.0}, {"Sport": 0.75, "Café": 0.25})],
)
def test_a_few_products_are_no_past(met, shares):
    assert errands.shares(met) == shares


def test_a_past_consists_of_its_habits():
    assert errands.belongs_to({"Sport": 0.93, "Café": 0.07}) == {"Sport"}


# --- What came later ----------------------------------------------------------------------------------------------


def event(at: int, name: str, *products: int) -> LivedEvent:
    items = tuple(LivedItem(item_id=str(product), product=product) for product in products)
    return LivedEvent(event_id=str(at), name=name, at=float(at), items=items)


VISIT = [
    event(0, "page_view"),
    event(1, "view_item", 1),
    event(2, "select_item", 2),
    event(3, "view_item", 2),
    event(4, "view_item", 1),
    event(5, "add_to_cart", 1),
    event(6, "purchase", 1, 3),
]


@pytest.mark.parametrize(
    ("steps", "later"),
    [
        (1, questions.Later(1, (1, 2), (1, 3))),
        (2, questions.Later(2, (2,), (1, 3))),
        (4, questions.Later(1, (), (1, 3))),
        (7, questions.Later(-1, (), ())),
    ],
)
def test_later_is_what_was_first_viewed_and_what_was_taken(steps, later):
    assert questions.later(VISIT, steps=steps) == later


def test_instants_come_after_telling_events_while_something_is_still_to_come():
    assert [instant.steps for instant in questions.instants(VISIT, after=(1, 2, 3, 6, 9))] == [1, 2, 4]


# --- Figures ------------------------------------------------------------------------------------------------------


def test_what_is_kept_is_one_rate_as_a_share_of_another():
    found, asked, before = np.array([1.0, 2.0]), np.array([4.0, 4.0]), np.array([2.0, 3.0])

    assert kept(found, asked, before, asked).value == pytest.approx((3 / 8) / (5 / 8))


def test_what_does_not_change_is_kept_for_sure():
    found, asked = np.array([1.0, 2.0, 0.0, 3.0]), np.full(4, 4.0)

    same = kept(found, asked, found, asked)

    assert (same.value, same.lower, same.upper) == (1.0, 1.0, 1.0)


def test_nothing_is_kept_of_nothing():
    assert isnan(kept(np.zeros(3), np.ones(3), np.zeros(3), np.ones(3)).value)


def test_an_interval_draws_visits_with_their_twins():
    rng = np.random.default_rng(1)
    before = rng.integers(1, 9, 200).astype(float)
    share = kept(before / 2, np.full(200, 9.0), before, np.full(200, 9.0))

    assert (share.lower, share.upper) == pytest.approx((0.5, 0.5))


def tally(found: float, *, visits: int = 4) -> Tally:
    return Tally(np.full((visits, len(MEASURES)), found), np.full((visits, len(MEASURES)), 4.0))


def test_figures_tell_rates_by_history_and_what_is_kept():
    told = figures({DEPARTING: {"past": {"own": tally(1), "none": tally(2), "twin": tally(4), "strangers": tally(0)}}})
    engine = told[DEPARTING]["engines"]["past"]

    assert engine["rates"]["own"]["viewed"][0] == 0.25
    assert {name: kept["taken"][0] for name, kept in engine["kept"].items()} == {
        "own_of_twin": 0.25,
        "own_of_none": 0.5,
        "strangers_of_none": 0.0,
    }


# --- A town -------------------------------------------------------------------------------------------------------


@pytest.fixture
def casting(standing, storefront) -> Casting:
    return Casting(standing, tells=lambda events: bool(questions.instants(storefront.lived(events))))


@pytest.fixture
def cast(casting) -> dict:
    return casting.cases(size=SIZE)


def test_no_held_out_visit_is_stored(db, standing):
    keys = {key_of(outing.events) for outing in standing.held_out}
    since = Visit.objects.of(standing.store).filter(started_at__gte=standing.memory_ends)

    assert keys
    assert not since.exists()


def test_no_event_of_a_withheld_product_is_stored(db, standing, storefront):
    lived = b" ".join(
        bytes(packed) for packed in Event.objects.filter(store=standing.store).values_list("lived", flat=True)
    )

    assert standing.withheld
    assert not [item for item in standing.withheld if f'"{item}"'.encode() in lived]


def test_every_group_is_filled_with_as_many_people(cast):
    assert {group: len({case.key for case in cases}) for group, cases in cast.items()} == dict.fromkeys(GROUPS, SIZE)


def test_people_belong_to_their_group(cast):
    assert all(case.past.get(case.department, 0) >= errands.AGREES for case in cast[AGREEING])
    assert all(case.past and case.past.get(case.department, 0) < errands.DEPARTS for case in cast[DEPARTING])
    assert not any(case.past for case in cast[UNKNOWN])


def test_only_known_people_have_a_history(storefront, cast):
    visits = {
        group: {
            storefront.context(visitor_key=case.key, events=storefront.lived(case.events)).history.visits > 0
            for case in cases
        }
        for group, cases in cast.items()
    }

    assert visits == {UNKNOWN: {False}, AGREEING: {True}, DEPARTING: {True}}


def test_a_twin_is_somebody_new_on_the_same_day(standing, cast):
    for case in cast[AGREEING] + cast[DEPARTING]:
        assert key_of(case.twin) not in standing.pasts
        assert case.twin[0]["timestamp"][:13] == case.events[0]["timestamp"][:13]


def test_a_stranger_knows_nothing_of_the_errand(casting):
    for department in ("Sport", "Café", "Mode"):
        assert not casting.past_of(casting.stranger(department)).get(department)


def test_the_same_town_casts_the_same_visits(standing, storefront):
    one, other = (Casting(standing, tells=lambda events: len(events) > 3).cases(size=2) for _ in range(2))

    assert one == other


class PastEngine:
    """Lists what the person met before, and nothing else."""

    name = "past"

    def estimate(self, question):
        products = np.array([product for product, _ in question.visit.context.history.products], np.int32)
        return listing(products[question.eligible[products]][: question.limit])


class DeafEngine:
    """Lists the same products, whoever comes."""

    name = "deaf"

    def estimate(self, question):
        return listing(np.flatnonzero(question.eligible)[: 4 * question.limit : 4].astype(np.int32))


def listing(products) -> Estimates:
    ones = np.ones(len(products), np.float32)
    return Estimates(
        products=products, view=ones, cart=ones, purchase=ones, shortening=ones / 2, score=ones, support=ones,
        relations=[(Relation("popular"),)] * len(products),
    )  # fmt: skip


@pytest.fixture
def told(casting, storefront, cast) -> SimpleNamespace:
    engines = {"past": PastEngine(), "deaf": DeafEngine()}
    found = figures(asked_of(engines, cast, casting=casting, storefront=storefront))[DEPARTING]["engines"]
    return SimpleNamespace(past=found["past"], deaf=found["deaf"])


def test_an_engine_of_the_past_follows_it_against_the_errand(told):
    own = told.past["rates"]["own"]

    assert own["past_8"][0] > 0.5
    assert own["present_8"][0] < 0.1
    assert told.past["rates"]["none"]["past_8"][0] == 0


def test_an_engine_deaf_to_history_keeps_all_of_its_rate(told):
    for history in ("none", "strangers"):
        assert told.deaf["rates"]["own"]["viewed"] == told.deaf["rates"][history]["viewed"]
        assert told.deaf["rates"]["own"]["present_20"] == told.deaf["rates"][history]["present_20"]
