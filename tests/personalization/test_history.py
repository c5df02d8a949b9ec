"""What earlier visits say when a visit begins, and that it stays as it was said."""

from __future__ import annotations

from typing import Any

import pytest

from catalog.models import Store
from personalization import history
from personalization.markers.lived import History
from personalization.models import Visit
from tests.catalog.factories import atelier, brico, merchant_row, sell

from .ingest.sending import START, receive, sent, visits

pytestmark = pytest.mark.django_db


def on(item: str) -> list[dict[str, Any]]:
    return [{"item_id": item, "price": 10.0}]


@pytest.fixture
def store() -> Store:
    store = atelier()
    sell(store, *(merchant_row(name) for name in ("racket", "balls", "bag")))
    return store


def known(visit: Visit) -> History:
    return History.from_json(visit.history)


def test_a_first_visit_has_no_history(store: Store) -> None:
    receive(store, sent(at=0))
    assert known(visits(store)[0]) == History()


def test_history_sums_up_the_visits_before(store: Store) -> None:
    receive(store, sent(at=-300, items=on("racket")), sent("purchase", at=-290, items=on("racket"), value=80))
    receive(store, sent(at=-200, items=on("balls")), sent("add_to_cart", at=-199, items=on("bag")))
    receive(store, sent(at=0))

    assert known(visits(store)[2]) == History(
        visits=2,
        events=4,
        orders=1,
        revenue=80.0,
        abandoned_carts=1,
        first_visit_at=START.timestamp() - 300 * 60,
        last_visit_at=START.timestamp() - 199 * 60,
        last_order_at=START.timestamp() - 290 * 60,
        # Newest first: carted weighs 3, viewed 1, viewed and bought 1 + 3.
        products=((2, 3.0), (1, 1.0), (0, 4.0)),
    )


def test_visits_of_one_batch_know_each_other(store: Store) -> None:
    receive(store, sent(at=-100), sent(at=0), sent(at=-50))
    assert [known(visit).visits for visit in visits(store)] == [0, 1, 2]


def test_history_does_not_change_with_what_is_learned_later(store: Store) -> None:
    receive(store, sent(at=0))
    receive(store, sent(at=-100))
    receive(store, sent(at=1))
    assert [known(visit).visits for visit in visits(store)] == [0, 0]


def test_a_bare_session_has_no_history(store: Store) -> None:
    receive(store, sent(at=-100, visitor_id=...), sent(at=0, visitor_id=...))
    assert [known(visit) for visit in visits(store)] == [History(), History()]


def test_other_visitors_and_other_stores_are_no_history(store: Store) -> None:
    receive(brico(), sent(at=-100))
    receive(store, sent(at=-100, visitor_id="dominique"), sent(at=0))
    assert known(visits(store)[1]) == History()


def test_history_reaches_back_a_bounded_number_of_visits(store: Store) -> None:
    receive(store, *[sent(at=-100.0 * number) for number in range(history.VISITS + 5)])
    assert known(visits(store)[-1]).visits == history.VISITS


def test_each_visitor_of_a_batch_has_their_own_history(store: Store) -> None:
    visitors = [f"v{number}" for number in range(30)]
    receive(store, *[sent(at=-100, visitor_id=visitor) for visitor in visitors])
    receive(store, *[sent(at=0, visitor_id=visitor) for visitor in visitors])
    assert [known(visit).visits for visit in visits(store)] == [0] * 30 + [1] * 30


def test_who_begins_alone_has_the_history_they_have_among_others(store: Store) -> None:
    receive(store, *[sent(at=-100, visitor_id=visitor) for visitor in ("one", "other")])
    one, other = (history.Beginning(f"v:{visitor}", START) for visitor in ("one", "other"))

    alone = history.histories(store_id=store.pk, beginnings=[one])

    assert alone[one].visits == 1
    assert alone[one] == history.histories(store_id=store.pk, beginnings=[one, other])[one]
