"""Conditions as sentences."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from objectives.condition_wording import words
from objectives.conditions import Comparison, Condition, comparisons, parse
from tests.objectives.test_conditions import KNOWN, built, comparison


class Plain:
    """Speaks of markers by their names."""

    def name_of(self, marker: str) -> str:
        return marker

    def value_of(self, marker: str, value: float) -> str:
        return f"{value:g}"


ONE, OTHER = comparison(value=5), comparison("lines", "is", 2)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"all": []}, "always"),
        (comparison(), "“value”: at least 50"),
        (comparison(operator="<="), "“value”: at most 50"),
        (comparison(operator="between", value=[1, 2]), "“value”: between 1 and 2"),
        (comparison(operator="is"), "“value”: 50"),
        (comparison(operator="is_not"), "“value”: not 50"),
        ({"all": [ONE, OTHER]}, "“value”: at least 5 and “lines”: 2"),
        ({"any": [ONE, OTHER]}, "“value”: at least 5 or “lines”: 2"),
        ({"not": {"any": [ONE, OTHER]}}, "not (“value”: at least 5 or “lines”: 2)"),
        ({"all": [ONE, {"any": [ONE, OTHER]}]}, "“value”: at least 5 and (“value”: at least 5 or “lines”: 2)"),
        ({"any": [{"all": [ONE, OTHER]}, ONE]}, "(“value”: at least 5 and “lines”: 2) or “value”: at least 5"),
        # A group of one is no group: what it holds keeps its brackets.
        ({"all": [OTHER, {"all": [{"any": [ONE, OTHER]}]}]}, "“lines”: 2 and (“value”: at least 5 or “lines”: 2)"),
    ],
)  # fmt: skip
def test_a_condition_is_told(data: Any, sentence: str) -> None:
    assert words(parse(data, KNOWN), Plain()) == sentence


@given(built())
def test_every_comparison_is_told(condition: Condition) -> None:
    sentence = words(condition, Plain())

    assert sentence.count("“") == len(list(comparisons(condition)))


@given(built())
def test_brackets_close(condition: Condition) -> None:
    sentence = words(condition, Plain())

    assert sentence.count("(") == sentence.count(")")


def test_a_comparison_names_its_marker() -> None:
    assert "“lines”" in words(Comparison("lines", ">=", 1, 1), Plain())
