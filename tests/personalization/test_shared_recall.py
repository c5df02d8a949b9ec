"""One recall per visit state, whoever asks at the same time."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from personalization.shared_recall import SharedRecall


def test_who_asks_again_shares_the_first_result() -> None:
    recalls: SharedRecall[int] = SharedRecall()

    assert recalls.get("state", lambda: 1) == (1, False)
    assert recalls.get("state", lambda: 2) == (1, True)
    assert recalls.get("another", lambda: 3) == (3, False)


def test_who_asks_meanwhile_waits_and_shares() -> None:
    recalls: SharedRecall[object] = SharedRecall()
    begun, go_on = threading.Event(), threading.Event()

    def slow() -> object:
        begun.set()
        assert go_on.wait(10)
        return object()

    with ThreadPoolExecutor(4) as pool:
        first = pool.submit(recalls.get, "state", slow)
        assert begun.wait(10)
        others = [pool.submit(recalls.get, "state", object) for _ in range(3)]
        go_on.set()
        results = [asked.result(10) for asked in (first, *others)]

    assert len({id(result) for result, _ in results}) == 1
    assert [shared for _, shared in results] == [False, True, True, True]


def test_a_result_is_forgotten_after_its_lifetime() -> None:
    recalls: SharedRecall[int] = SharedRecall(lifetime=0.0)
    recalls.get("state", lambda: 1)

    assert recalls.get("state", lambda: 2) == (2, False)


def test_a_failure_is_raised_and_not_kept() -> None:
    recalls: SharedRecall[float] = SharedRecall()

    with pytest.raises(ZeroDivisionError):
        recalls.get("state", lambda: 1 / 0)

    assert recalls.get("state", lambda: 2) == (2, False)


def test_no_more_is_held_than_the_capacity() -> None:
    recalls: SharedRecall[int] = SharedRecall(capacity=2)
    for state in range(3):
        recalls.get(state, lambda: 1)

    assert recalls.get(2, lambda: 9) == (1, True)
    assert recalls.get(0, lambda: 9) == (9, False)
