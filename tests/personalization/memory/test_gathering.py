"""What is gathered for one question: a memory small enough to know by heart, and no database."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import exp
from typing import Any

import numpy as np
import pytest

from personalization.evidence import NOTHING_BESIDE, NOWHERE_WALKED, Evidence
from personalization.kindred import NO_KIN, Kindred
from personalization.markers.live_visit import LiveVisit
from personalization.memory import gathering, recall, terrain
from personalization.memory.live import NO_MEMORY, LiveMemory
from personalization.merchandising import counts
from personalization.merchandising.counts import Companions, Merchandise
from personalization.trails import Trails, person_of
from personalization.transitions import Transitions
from tests.personalization.assortments import assortment
from tests.personalization.markers.visits import START, context, event, item, visit
from tests.personalization.one_question import floats, ints
from tests.personalization.past_lives import DAY, PURCHASE, VIEW, trails_of
from tests.personalization.past_lives import NOW as TRAILS_END

FACTS = assortment(category=[0, 0, 1, 1, -1, 0], ids="P")
CAMILLE = person_of("v:camille")


@dataclass(frozen=True, slots=True)
class Asking:
    visit: LiveVisit
    visitor_key: str = "v:camille"


def looking(*products: int, **of_context: Any) -> LiveVisit:
    """A visit that looked at these products, the first at START."""
    looks = [event("view_item", at=60 * n, page="product", items=(item(p),)) for n, p in enumerate(products)]
    return visit(*looks, context=context(**of_context))


def evidence(
    memory: LiveMemory, seen: LiveVisit, *, visitor_key: str = "v:camille", facts: Any = FACTS, now: float = START + 600
) -> Evidence:
    land = terrain.stretched(memory, facts=facts)
    ground = land.ground(eligible=np.ones(len(facts), bool), now=now)
    return gathering.gather(
        memory=memory, question=Asking(seen, visitor_key), analogues=recall.NONE, ground=ground, now=now
    ).evidence


def lately(trails: Trails) -> Trails:
    """The same trails, a day of which ended at START instead."""
    return replace(trails, ended=trails.ended - TRAILS_END + START)


# --- The visit itself ---------------------------------------------------------------------------------------------


def test_what_was_met_comes_newest_first_with_its_looks() -> None:
    here = evidence(NO_MEMORY, looking(3, 1, 3, 2)).here

    assert here.seen.tolist() == [2, 3, 1]
    assert here.times.tolist() == [1, 2, 1]
    assert here.steps == 4


def test_looks_stay_or_return_or_go_on() -> None:
    here = evidence(NO_MEMORY, looking(3, 3, 3, 1, 3, 1, 2)).here

    assert (here.stays, here.returns) == (2, 2)


def test_what_lies_in_the_cart_or_the_list_in_front_and_is_of_the_catalog() -> None:
    lived = visit(
        event("view_item_list", page="category", path="/c", shown=(5, 99, 2, -1)),
        event("add_to_cart", at=9, items=(item(1), item(99))),
    )

    here = evidence(NO_MEMORY, lived).here

    assert here.listed.tolist() == [5, 2]
    assert here.in_cart.tolist() == [1]


def test_the_page_and_its_category_are_on_display() -> None:
    here = evidence(NO_MEMORY, looking(2, 3)).here

    assert here.page == 3
    assert here.displayed.tolist() == [1]
    assert here.at == START + 600


def test_on_a_list_its_categories_are_on_display_and_no_product() -> None:
    listed = event("view_item_list", at=9, page="category", path="/c", shown=(5, 99, 2, 4))

    here = evidence(NO_MEMORY, visit(event("view_item", page="product", items=(item(0),)), listed)).here

    assert here.page == -1
    assert here.displayed.tolist() == [0, 1]


# --- The visitor's own past ---------------------------------------------------------------------------------------

PAST = lately(trails_of((CAMILLE, 2, {1: VIEW, 2: PURCHASE}), (person_of("v:denis"), 1, {3: VIEW}), catalog=6))


def test_the_visitors_own_past_is_theirs_alone_and_counts_their_visits() -> None:
    memory = replace(NO_MEMORY, trails=PAST, appended=lately(trails_of((CAMILLE, 1, {4: VIEW}), catalog=6)))

    found = evidence(memory, looking(5))

    assert found.own.products.tolist() == [1, 2, 4]
    assert found.own.bought.tolist() == [0, 1, 0]
    assert found.here.visits == 2


@pytest.mark.parametrize(
    ("visitor_key", "consent"), [("v:camille", False), ("s:a session", True), ("", True), ("v:nobody ever", True)]
)
def test_who_is_not_known_has_no_past(visitor_key: str, consent: bool) -> None:
    found = evidence(replace(NO_MEMORY, trails=PAST), looking(5, consent=consent), visitor_key=visitor_key)

    assert not len(found.own.products)
    assert found.here.visits == 0


def test_what_ended_after_the_visit_began_is_not_past() -> None:
    """A rebuild may have met the visit under way."""
    under_way = lately(trails_of((CAMILLE, -60 / DAY, {5: VIEW}), catalog=6))

    assert not len(evidence(replace(NO_MEMORY, trails=under_way), looking(5)).own.products)


# --- Walks and baskets --------------------------------------------------------------------------------------------


# Walks from 0 end half the time at 1, from 2 at 3 a quarter of the time; directly next came nothing but 3, after 2.
TRANSITIONS = Transitions(
    walk_offsets=np.array([0, 1, 1, 2, 2, 2, 2], np.int64),
    walk_products=ints(1, 3),
    walk_weights=floats(0.5, 0.25),
    step_offsets=np.array([0, 0, 0, 1, 1, 1, 1], np.int64),
    step_products=ints(3),
    step_weights=floats(1.0),
)


def test_walks_begin_at_what_was_met_and_at_the_newest_alone() -> None:
    walked = evidence(replace(NO_MEMORY, transitions=TRANSITIONS, walk_recency=4.0), looking(0, 2)).walked

    newest = 1 / (1 + exp(-1 / 4))
    assert walked.recent.products.tolist() == [1, 3]
    assert walked.recent.share == pytest.approx([0.5 * (1 - newest), 0.25 * newest])
    assert (walked.last.products.tolist(), walked.last.share.tolist()) == ([3], [0.25])
    assert (walked.step.products.tolist(), walked.step.share.tolist()) == ([3], [1.0])


def test_where_no_transitions_are_learned_nothing_is_walked() -> None:
    assert evidence(NO_MEMORY, looking(0)).walked is NOWHERE_WALKED


def test_the_kindred_of_what_was_looked_at_are_gathered() -> None:
    kindred = Kindred.at(np.eye(6, dtype=np.float32), ints(3, -1, 4, -1, -1, -1).reshape(6, 1))

    kin = evidence(replace(NO_MEMORY, kindred=kindred), looking(0, 2)).kin

    assert kin.near.tolist() == [3, 4]
    assert kin.looked.tolist() == np.eye(6)[[2, 0]].tolist()


def test_where_no_kindred_is_learned_there_is_no_kin() -> None:
    assert evidence(NO_MEMORY, looking(0)).kin is NO_KIN


# 0 goes with 2 and 3, 1 with 3 and 4.
TOGETHER = Companions(
    offsets=np.array([0, 2, 4], np.int64),
    products=ints(2, 3, 3, 4),
    weights=floats(0.3, 0.2, 0.4, 0.1),
    counts=floats(1, 1, 1, 1),
)
COUNTED = Merchandise(selling=floats(1.0, 0.5), viewed_with=counts.NONE, bought_with=TOGETHER)


def test_what_goes_with_several_products_is_summed_and_tells_the_one_it_goes_with_most() -> None:
    found = gathering.beside(COUNTED, [0, 1])

    assert found.products.tolist() == [2, 3, 4]
    assert found.share == pytest.approx([0.3, 0.6, 0.1])
    assert found.origin.tolist() == [0, 1, 1]


def test_what_was_never_counted_goes_with_nothing() -> None:
    assert gathering.beside(COUNTED, [5]) is NOTHING_BESIDE
    assert gathering.beside(COUNTED, []) is NOTHING_BESIDE


def test_baskets_speak_of_the_cart_and_while_it_is_empty_of_what_was_met() -> None:
    memory = replace(NO_MEMORY, merchandise=COUNTED)
    carting = visit(event("view_item", page="product", items=(item(1),)), event("add_to_cart", at=9, items=(item(0),)))

    assert evidence(memory, carting).beside.origin.tolist() == [0, 0]
    assert evidence(memory, looking(1)).beside.origin.tolist() == [1, 1]
