"""Where visits are cut, and what was taken after it."""

from __future__ import annotations

from math import isnan
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from personalization.evaluation.cuts import HeldOutVisit, cut_at, draw
from personalization.markers.live_visit import VisitContext
from personalization.markers.lived import History, LivedEvent, LivedItem


def lived(*told: str, history: History | None = None) -> HeldOutVisit:
    """A visit from "name: item item" lines."""
    events = []
    for number, line in enumerate(told):
        name, _, items = line.partition(":")
        held = tuple(LivedItem(item_id, price=10.0, cost=4.0, quantity=2) for item_id in items.split())
        events.append(LivedEvent(f"{number:03}", name, 1000.0 + number, items=held))
    context = VisitContext(time_zone=ZoneInfo("UTC"), history=history or History())
    return HeldOutVisit("visit", "v:ada", context, tuple(events))


BOUGHT = lived(
    "view_item: racket",
    "add_to_cart: racket",
    "view_item: balls",
    "add_to_cart: balls",
    "view_cart: racket balls",
    "purchase: racket balls",
)


def test_what_is_in_the_cart_already_is_no_target() -> None:
    cut = cut_at(BOUGHT, 1)

    assert cut.taken == ("balls",)
    assert set(cut.bought) == {"balls"}
    assert cut.out == {"racket"}
    assert [event.name for event in cut.events] == ["view_item", "add_to_cart"]


def test_estimates_are_of_everything_that_happens_later() -> None:
    cut = cut_at(BOUGHT, 1)

    assert (cut.viewed, cut.carted, cut.purchased) == ({"balls"}, {"balls"}, {"racket", "balls"})


def test_what_the_cart_page_tells_was_taken_before() -> None:
    cut = cut_at(lived("view_item: net", "view_cart: racket", "purchase: racket"), 1)

    assert (cut.taken, cut.out, cut.judges_hits) == ((), {"racket"}, False)


def test_a_product_carted_and_left_is_taken_but_brings_nothing() -> None:
    cut = cut_at(lived("page_view:", "add_to_cart: racket"), 0)

    assert (cut.taken, cut.bought) == (("racket",), {})


def test_what_is_on_the_page_is_found_already() -> None:
    cut = cut_at(BOUGHT, 2)

    assert (cut.taken, cut.out, cut.carted) == ((), {"racket", "balls"}, {"balls"})


@pytest.mark.parametrize(("step", "following"), [(0, "net"), (1, "balls"), (4, "")])
def test_what_is_looked_at_next_is_neither_chosen_already_nor_on_the_page(step: int, following: str) -> None:
    looks = ("view_item: net", "view_item: net", "view_item: racket", "view_item: balls")

    assert cut_at(lived("add_to_cart: racket", *looks), step).following == following


def test_worth_is_what_later_orders_brought() -> None:
    worth = cut_at(BOUGHT, 0).bought["balls"]

    assert (worth.value, worth.margin) == (20.0, 12.0)


def test_margin_is_not_known_without_a_cost() -> None:
    event = LivedEvent("1", "purchase", 2000.0, items=(LivedItem("net", price=5.0),))
    visit = HeldOutVisit("visit", "", BOUGHT.context, (BOUGHT.events[0], event))

    worth = cut_at(visit, 0).bought["net"]

    assert worth.value == 5.0
    assert isnan(worth.margin)


def test_hits_are_judged_only_where_something_is_still_taken() -> None:
    cuts = draw([BOUGHT] * 40, a_visit=2, rng=np.random.default_rng(0))

    judged = [cut for cut in cuts if cut.judges_hits]
    assert {cut.step for cut in judged} == {0, 1}  # after the third event only what is on its page is taken
    assert all(cut.taken for cut in judged)
    assert len(judged) == 80
    assert {cut.step for cut in cuts if cut.judges_estimates} == {0, 1, 2, 3, 4, 5}
    assert sum(cut.judges_estimates for cut in cuts) == 80


def test_a_visit_that_takes_nothing_judges_estimates_only() -> None:
    (cut,) = draw([lived("view_item: racket")], a_visit=2, rng=np.random.default_rng(0))

    assert (cut.judges_hits, cut.judges_estimates) == (False, True)


def test_no_zone_asks_after_an_event_that_tells_nothing() -> None:
    assert draw([lived("view_promotion:", "add_shipping_info:")], a_visit=2, rng=np.random.default_rng(0)) == []


@pytest.mark.parametrize(("visits", "returning"), [(0, False), (3, True)])
def test_who_has_been_here_before_is_returning(visits: int, returning: bool) -> None:
    assert lived("view_item: racket", history=History(visits=visits)).is_returning is returning


def test_the_same_seed_cuts_the_same() -> None:
    def steps(seed: int) -> list[int]:
        return [cut.step for cut in draw([BOUGHT] * 20, a_visit=1, rng=np.random.default_rng(seed))]

    assert steps(4) == steps(4)
    assert steps(4) != steps(5)
