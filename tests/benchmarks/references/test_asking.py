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


def _asked(*queries: Query):
    learned, model = learnable(PAST), SequentialRules()
    model.fit(learned.sessions, len(learned.item_ids))
    return ask(model, item_ids=learned.item_ids, queries=queries, k=20, progress=lambda: None)
