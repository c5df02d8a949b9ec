"""The inductive engine asked as it was in the midst of a visit that memory has since taken in."""

from __future__ import annotations

from datetime import timedelta

import pytest

from catalog.models import Store
from personalization.engines.base import Estimates
from personalization.engines.inductive import InductiveEngine
from personalization.memory.appending import append
from personalization.memory.live import forget_held
from personalization.models import Visit
from tests.personalization.engines.asking import items, question
from tests.personalization.memory.past import NOW, live_many, live_through, rebuilt, shop, viewing

pytestmark = pytest.mark.django_db

ODD = (*viewing("racket", "blanket"), ("add_to_cart", "blanket"), ("purchase", "blanket"))


@pytest.fixture
def store() -> Store:
    store = shop()
    live_many(store, visits=40)
    return store


def asked(store: Store, *, but: int | None = None) -> Estimates:
    """What somebody at the racket is answered."""
    return InductiveEngine().estimate(question(store, "somebody", "racket", but=but))


def chance(store: Store, estimates: Estimates, product: str) -> float:
    return float(estimates.purchase[items(store, estimates).index(product)])


@pytest.fixture(params=["rebuilt", "appended"])
def odd(request: pytest.FixtureRequest, store: Store) -> Visit:
    """The one visit that went from the racket to the blanket, known to memory."""
    if request.param == "appended":
        rebuilt(store)
    visit = live_through(store, "odd", *ODD, ended=NOW - timedelta(hours=1), received=NOW + timedelta(seconds=1))
    if request.param == "rebuilt":
        rebuilt(store, now=NOW + timedelta(minutes=1))
    else:
        append(store_id=store.pk, now=NOW + timedelta(minutes=1))
        forget_held()
    return visit


def test_neither_trail_nor_situation_of_a_visit_that_is_kept_out_speaks(store: Store, odd: Visit) -> None:
    known, without = asked(store), asked(store, but=odd.pk)

    assert known.support[items(store, known).index("blanket")] > 0
    assert without.support[items(store, without).index("blanket")] == 0


def test_a_visit_that_is_kept_out_is_no_analogue(store: Store, odd: Visit) -> None:
    known, without = asked(store), asked(store, but=odd.pk)

    assert odd.pk in {analogue.visit_id for analogue in known.analogues}
    assert odd.pk not in {analogue.visit_id for analogue in without.analogues}
    assert len(without.analogues) == len(known.analogues)


def test_what_a_visit_bought_is_less_likely_once_it_is_kept_out(store: Store, odd: Visit) -> None:
    assert chance(store, asked(store, but=odd.pk), "blanket") < chance(store, asked(store), "blanket")


def test_of_a_visit_that_memory_does_not_know_nothing_is_kept_out(store: Store) -> None:
    rebuilt(store)

    assert asked(store, but=10**9).purchase.tolist() == asked(store).purchase.tolist()
