"""Cold products: what is kept from a memory, what is asked, what is counted, and the line that reads the catalog."""

from __future__ import annotations

from itertools import islice

import numpy as np
import pytest

from benchmarks import bench_cold as cold
from benchmarks.bench_cold import LAUNCHED, WARM, WITHHELD, Answer
from benchmarks.content import ContentEngine, description_of
from benchmarks.town import key_of, without
from personalization.engines.base import Estimates, Relation
from personalization.memory.live import live_memory

# --- As if a product had never been -------------------------------------------------------------------------------


def line(item_id: str, price: float = 10.0, quantity: int = 1) -> dict:
    return {"item_id": item_id, "price": price, "quantity": quantity}


@pytest.mark.parametrize(
    ("event", "left"),
    [
        ({"name": "page_view"}, [{"name": "page_view"}]),
        ({"items": [line("tea")]}, [{"items": [line("tea")]}]),
        ({"items": [line("cup")], "value": 10.0}, []),
        (
            {"items": [line("cup"), line("tea", 4.0, 2)], "value": 18.0},
            [{"items": [line("tea", 4.0, 2)], "value": 8.0}],
        ),
        ({"items": [{"item_id": "cup"}, {"item_id": "tea"}]}, [{"items": [{"item_id": "tea"}]}]),  # a list
    ],
)
def test_what_is_withheld_leaves_no_trace(event, left):
    assert without([event], frozenset({"cup"})) == left


# --- What is counted ----------------------------------------------------------------------------------------------


def answer(place: int, *, relation: str = "", cold: int = 0, right: int = 0) -> Answer:
    return Answer(place, relation, cold, right, 20 - cold, 1)


WANTED = [("a", WARM, False), ("a", WITHHELD, True), ("b", LAUNCHED, False), ("c", WARM, True)]
ANSWERS = {
    "inductive": [answer(1), answer(2, relation="transposed", cold=4, right=1), answer(0), answer(4)],
    "content": [answer(0), answer(0), answer(0), answer(1)],
}


@pytest.fixture
def figures() -> dict:
    return cold.figures(WANTED, ANSWERS)


def test_questions_are_told_apart_by_what_is_wanted(figures):
    assert figures["questions"] == {"cold": 2, "withheld": 1, "launched": 1, "cold_taken": 1, "warm": 2, "all": 4}


def test_hits_are_counted_over_each_kind_of_question(figures):
    hits = {kind: rate[0] for kind, rate in figures["engines"]["inductive"]["hr"].items()}

    assert hits == {"cold": 0.5, "withheld": 1.0, "launched": 0.0, "cold_taken": 1.0, "warm": 1.0, "all": 0.75}


def test_reciprocal_places_are_means_over_questions(figures):
    assert figures["engines"]["inductive"]["mrr"]["all"][0] == pytest.approx((1 + 1 / 2 + 0 + 1 / 4) / 4)


def test_relations_are_told_of_cold_hits_alone(figures):
    assert figures["engines"]["inductive"]["relations"] == {"transposed": 1}


def test_cold_places_are_right_when_the_visit_meets_them_later(figures):
    places = figures["engines"]["inductive"]["places"]

    assert places["cold"][0] == 4 / 80
    assert places["cold_right"][0] == 1 / 4


def test_engines_are_told_from_the_line_that_reads_the_catalog(figures):
    assert figures["engines"]["inductive"]["above_content"]["all"][0] == 0.5
    assert figures["engines"]["content"]["above_content"]["all"] == [0.0, 0.0, 0.0]


# --- A town -------------------------------------------------------------------------------------------------------


@pytest.fixture
def wanted(standing, storefront) -> list:
    return list(cold._drawn(standing.held_out, storefront, most=60, seed=1))


def test_what_is_wanted_was_not_met_before_and_may_be_shown(wanted):
    assert wanted
    for one in wanted:
        assert one.target not in one.question.visit.intent.last_products
        assert one.question.eligible[one.target]
        assert not one.question.eligible[one.question.visit.intent.last_products].any()


def test_visits_are_asked_as_their_visitors(standing, wanted):
    keys = {outing.events[0]["session_id"]: key_of(outing.events) for outing in standing.held_out}

    assert all(one.question.visitor_key == keys[one.visit] for one in wanted)


def test_the_memory_knows_no_cold_product(db, standing, storefront):
    kinds = cold.kinds_of(storefront.facts, withheld=standing.withheld, launched=standing.launched)
    met = live_memory(store_id=standing.store.pk).landscape.met

    assert (kinds == LAUNCHED).sum() == len(standing.launched)
    assert not met[kinds[: len(met)] != WARM].any()


class Oracle:
    """Lists what is wanted third, among products that nobody wants."""

    name = "oracle"

    def __init__(self, target: int) -> None:
        self.target = target

    def estimate(self, question):
        others = [product for product in np.flatnonzero(question.eligible)[:20].tolist() if product != self.target]
        products = np.array([*others[:2], self.target, *others[2:19]], np.int32)
        ones = np.ones(len(products), np.float32)
        relations = [(Relation("transposed" if product == self.target else "popular"),) for product in products]
        return Estimates(
            products=products, view=ones, cart=ones, purchase=ones, shortening=ones / 2, score=ones, support=ones,
            relations=relations,
        )  # fmt: skip


def test_an_answer_tells_where_the_target_stands_and_how_it_was_reached(wanted, storefront):
    one = next(one for one in wanted if one.target > 20)
    kinds = np.zeros(len(storefront.facts), np.int8)
    kinds[one.target] = WITHHELD

    found = cold.answered(Oracle(one.target), one, kinds)

    assert (found.place, found.relation, found.cold, found.cold_right) == (3, "transposed", 1, 1)


# --- The line that reads the catalog ------------------------------------------------------------------------------


def test_a_product_is_described_by_title_brand_and_every_step_of_its_category(storefront):
    facts = storefront.facts
    product = next(p for p, title in enumerate(facts.titles) if title.startswith("Raquette de tennis"))
    words = description_of(product, facts).split()

    assert {"raquette", "tennis"} <= set(words)
    assert len([word for word in words if word.startswith("category:")]) == 3
    assert len([word for word in words if word.startswith("brand:")]) == 1


def test_what_is_most_alike_comes_from_the_same_department_and_first_of_all_from_the_same_shelf(wanted, storefront):
    departments, engine, category = storefront.departments(), ContentEngine(), storefront.facts.category
    for one in islice(wanted, 10):
        last = one.question.visit.intent.last_products[0]
        best = engine.estimate(one.question).products[:3].tolist()

        assert {departments[product] for product in best} == {departments[last]}
        assert category[best[0]] == category[last]


def test_without_a_product_met_all_are_as_near(storefront, standing):
    events = storefront.lived(standing.held_out[0].events[:1])
    context = storefront.context(visitor_key="v:nobody", events=events)
    question = storefront.question(context=context, visitor_key="v:nobody", events=events)
    assert not question.visit.intent.last_products

    assert not ContentEngine().estimate(question).score.any()
