"""Reference models are asked by the protocol that engines are asked by."""

from __future__ import annotations

import pytest

from benchmarks.references.asking import ask, learnable
from benchmarks.references.sequential import SequentialRules
from personalization.evaluation.sessions import Query, TrainingRow


def rows(*told: tuple[str, str, float]) -> list[TrainingRow]:
    return [TrainingRow(number, session, item, at) for number, (session, item, at) in enumerate(told)]


PAST = rows(("late", "lamp", 50.0), ("early", "sofa", 10.0), ("early", "lamp", 20.0), ("late", "rug", 60.0))


def test_sessions_are_learned_in_the_order_of_their_end():
    learned = learnable(PAST)
    assert learned.item_ids == ("sofa", "lamp", "rug")
    assert learned.sessions.items.tolist() == [0, 1, 1, 2]
    assert learned.sessions.starts.tolist() == [0, 2, 4]
    assert learned.sessions.ended.tolist() == [20.0, 60.0]


@pytest.mark.parametrize(
    ("prefix", "target", "rank", "is_new", "answered"),
    [
        (("sofa",), "lamp", 1, True, True),
        (("sofa",), "rug", 0, True, True),
        (("rug", "sofa"), "rug", 0, False, True),
        (("sofa",), "never seen", 0, True, True),
        (("rug",), "sofa", 0, True, False),
        (("never seen",), "lamp", 0, True, False),
        (("sofa", "never seen"), "lamp", 1, True, True),
    ],
)
def test_what_becomes_of_a_query(prefix, target, rank, is_new, answered):
    outcomes, _ = _asked(Query("1-1", prefix, target))
    assert [(outcome.rank, outcome.is_new, outcome.answered) for outcome in outcomes] == [(rank, is_new, answered)]


def test_all_that_was_listed_is_told():
    _, listed = _asked(Query("1-1", ("sofa",), "lamp"), Query("2-1", ("lamp",), "rug"))
    assert listed == {"lamp", "rug"}


RECEIPTS = rows(
    ("1", "lamp", 1.0),
    ("1", "sofa", 2.0),
    ("2", "lamp", 3.0),
    ("2", "sofa", 4.0),
    ("3", "lamp", 5.0),
    ("3", "rug", 6.0),
)
VIEWS = rows(*((row.session_id, row.item_id, row.at) for row in RECEIPTS), ("4", "rug", 7.0), ("4", "rug", 8.0))


@pytest.mark.parametrize(("past", "listed"), [(VIEWS, {"sofa"}), (RECEIPTS, {"rug"})])
def test_what_stands_in_a_session_is_left_out_where_no_session_repeats_anything(past, listed):
    _, found = _asked_after(past, Query("1-2", ("sofa", "lamp"), "rug"), k=1)
    assert found == listed


def _asked(*queries: Query):
    return _asked_after(PAST, *queries)


def _asked_after(past, *queries: Query, k: int = 20):
    learned, model = learnable(past), SequentialRules()
    model.fit(learned.sessions, len(learned.item_ids))
    return ask(model, learned=learned, queries=queries, k=k, progress=lambda: None)
