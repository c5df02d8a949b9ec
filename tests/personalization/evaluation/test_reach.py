"""How many recent visits a condition would have reached."""

from __future__ import annotations

import pytest

from objectives.conditions import parse
from personalization.evaluation.reach import VISITS, Reach, reach_of, recent_situations
from personalization.memory.live import LiveMemory
from personalization.merchandising.rule import KNOWN_MARKERS
from tests.personalization.storefront import lived, shop

pytestmark = pytest.mark.django_db
CARTED = {"marker": "cart_lines", "operator": ">=", "value": 1}


def test_a_visit_counts_when_it_held_at_any_of_its_moments() -> None:
    store = shop()
    lived(store, ("view_item", "racket"), ("add_to_cart", "racket"), ("remove_from_cart", "racket"), visitor_id="a")
    lived(store, ("view_item", "racket"), ("view_item", "balls"), session="s2", visitor_id="b")
    lived(shop("brico"), ("add_to_cart", "racket"), session="s3", visitor_id="c")

    recent = recent_situations(store=store, memory=LiveMemory())

    # The removal is no moment at which a zone asks: of four moments one held.
    assert reach_of(parse(CARTED, KNOWN_MARKERS), recent) == Reach(1, 2, 1, 4)
    assert reach_of(parse({"all": []}, KNOWN_MARKERS), recent) == Reach(2, 2, 4, 4)
    assert VISITS == 200


def test_without_visits_nothing_is_reached() -> None:
    recent = recent_situations(store=shop(), memory=LiveMemory())

    assert reach_of(parse(CARTED, KNOWN_MARKERS), recent) == Reach(0, 0, 0, 0)
