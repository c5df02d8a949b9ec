"""A message is shown as often as its rule allows."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from redis.exceptions import ConnectionError as RedisAway

from personalization.merchandising.rule import Message
from personalization.pop_ups import Audience, claimed


@pytest.fixture(autouse=True)
def _nothing_shown_yet() -> None:
    cache.clear()


def message(**limits: Any) -> Message:
    return Message(**{"rule_id": 1, "rule": "a rule", "title": "", "text": "Hello", **limits})


def audience(visitor: str = "v:camille", session: str = "s1") -> Audience:
    return Audience(visitor_key=visitor, session_id=session)


def shown(found: Message, *asked: Audience) -> list[bool]:
    return [claimed(found, one) is found for one in asked]


def test_no_message_is_none() -> None:
    assert claimed(None, audience()) is None


@pytest.mark.parametrize(("per_visit", "expected"), [(1, [True, False, False]), (2, [True, True, False])])
def test_a_visit_shows_it_so_often(per_visit: int, expected: list[bool]) -> None:
    assert shown(message(per_visit=per_visit), *[audience()] * 3) == expected


def test_without_a_limit_it_is_always_shown() -> None:
    assert shown(message(per_visit=None), *[audience()] * 5) == [True] * 5


def test_the_next_visit_counts_anew() -> None:
    assert shown(message(), audience(session="s1"), audience(session="s2")) == [True, True]


def test_visitors_and_rules_are_counted_apart() -> None:
    assert shown(message(), audience("v:camille"), audience("v:louise")) == [True, True]
    assert shown(message(rule_id=2), audience("v:camille")) == [True]


def test_who_has_seen_it_is_spared_it_in_later_visits() -> None:
    found = message(per_visit=2, quiet_days=7)

    # In the visit that saw it first it may come again.
    assert shown(found, audience(), audience(), audience(session="s2")) == [True, True, False]


def test_without_consent_no_later_visit_is_recognised() -> None:
    found = message(quiet_days=7)

    assert shown(found, audience("s:s1", "s1"), audience("s:s2", "s2")) == [True, True]


def test_nobody_is_named_in_the_cache() -> None:
    assert "camille" not in audience().digest(message(), "rest")


def test_with_the_cache_away_nothing_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: Any, **__: Any) -> None:
        raise RedisAway

    monkeypatch.setattr(cache, "add", away)

    assert shown(message(), audience()) == [False]
