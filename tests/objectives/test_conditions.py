"""Conditions: what JSON tells one, what it holds of, and exactly why anything else is refused."""

from __future__ import annotations

from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from objectives.conditions import (
    ALWAYS,
    DEEPEST,
    All,
    AnyOf,
    Comparison,
    Condition,
    InvalidConditionError,
    Not,
    Range,
    comparisons,
    holds,
    parse,
    told,
)

KNOWN: Final = {"value": Range(0.0, 1000.0), "lines": Range(0.0, 50.0), "lean": Range(-1.0, 1.0)}


def comparison(marker: str = "value", operator: str = ">=", value: object = 50) -> dict[str, Any]:
    return {"marker": marker, "operator": operator, "value": value}


# --- What holds ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("operator", "value", "found", "expected"),
    [
        (">=", 50, 50, True),
        (">=", 50, 49.9, False),
        ("<=", 50, 50, True),
        ("<=", 50, 50.1, False),
        ("between", [10, 20], 10, True),
        ("between", [10, 20], 20, True),
        ("between", [10, 20], 20.1, False),
        ("between", [10, 20], 9.9, False),
        ("is", 3, 3, True),
        ("is", 3, 4, False),
        ("is_not", 3, 4, True),
        ("is_not", 3, 3, False),
    ],
)
def test_a_marker_is_compared(operator: str, value: Any, found: float, expected: bool) -> None:
    condition = parse(comparison(operator=operator, value=value), KNOWN)

    assert holds(condition, {"value": found}) is expected


@pytest.mark.parametrize(("operator", "expected"), [(">=", True), ("<=", True), ("is", True), ("is_not", False)])
@pytest.mark.parametrize("found", [2.9999998, 3.0000002])  # 3 as a float32 logarithm gives it back
def test_what_rounding_moved_is_the_same(operator: str, expected: bool, found: float) -> None:
    assert holds(parse(comparison(operator=operator, value=3), KNOWN), {"value": found}) is expected


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"all": []}, True),
        ({"all": [comparison(value=5), comparison(value=7)]}, True),
        ({"all": [comparison(value=5), comparison(value=9)]}, False),
        ({"any": [comparison(value=9), comparison(value=7)]}, True),
        ({"any": [comparison(value=9), comparison(value=10)]}, False),
        ({"not": comparison(value=9)}, True),
        ({"not": {"any": [comparison(value=9), comparison(value=7)]}}, False),
        ({"any": [comparison(value=9), {"all": [comparison(value=5), comparison("lines", "is", 2)]}]}, True),
    ],
)
def test_conditions_go_together(data: Any, expected: bool) -> None:
    assert holds(parse(data, KNOWN), {"value": 8.0, "lines": 2.0}) is expected


def test_a_marker_without_a_value_is_an_error() -> None:
    with pytest.raises(KeyError, match="lines"):
        holds(parse(comparison("lines"), KNOWN), {"value": 8.0})


# --- Laws ---------------------------------------------------------------------------------------------------------


def built() -> st.SearchStrategy[Condition]:
    """Conditions that JSON can tell."""

    def compared(marker: str) -> st.SearchStrategy[Condition]:
        span = KNOWN[marker]
        ends = st.tuples(st.floats(span.low, span.high), st.floats(span.low, span.high)).map(sorted)
        one = st.sampled_from([">=", "<=", "is", "is_not"])
        single = st.builds(
            lambda operator, value: Comparison(marker, operator, value, value), one, st.floats(span.low, span.high)
        )
        return st.one_of(single, ends.map(lambda found: Comparison(marker, "between", found[0], found[1])))

    leaves = st.sampled_from(sorted(KNOWN)).flatmap(compared)

    def grown(parts: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
        some = st.lists(parts, min_size=1, max_size=3).map(tuple)
        return st.one_of(some.map(All), some.map(AnyOf), parts.map(Not))

    shallow = st.one_of(leaves, grown(leaves))
    return st.one_of(st.just(ALWAYS), leaves, shallow, grown(shallow))


VALUES = st.fixed_dictionaries({name: st.floats(span.low, span.high) for name, span in KNOWN.items()})


@given(built())
def test_what_is_told_is_parsed_back(condition: Condition) -> None:
    assert parse(told(condition), KNOWN) == condition


@given(built(), VALUES)
def test_a_condition_and_its_opposite_never_agree(condition: Condition, values: dict[str, float]) -> None:
    assert holds(condition, values) != holds(Not(condition), values)


@given(built(), built(), VALUES)
def test_de_morgan(one: Condition, other: Condition, values: dict[str, float]) -> None:
    neither = All((Not(one), Not(other)))

    assert holds(Not(AnyOf((one, other))), values) == holds(neither, values)


@given(st.floats(0, 1000), st.floats(0, 1000), st.floats(0, 1000))
def test_between_is_from_and_up_to(found: float, end: float, other_end: float) -> None:
    low, high = sorted((end, other_end))
    both = All((Comparison("value", ">=", low, low), Comparison("value", "<=", high, high)))

    assert holds(Comparison("value", "between", low, high), {"value": found}) == holds(both, {"value": found})


def test_comparisons_are_found_from_left_to_right() -> None:
    data = {"all": [comparison("lean", value=0), {"not": {"any": [comparison("lines", value=1), comparison()]}}]}

    assert [found.marker for found in comparisons(parse(data, KNOWN))] == ["lean", "lines", "value"]


# --- What is refused ----------------------------------------------------------------------------------------------

A_CONDITION = "an object with one of all, any, not, or with marker, operator and value"
TWO_NUMBERS = "a list of two numbers, the lower first"


@pytest.mark.parametrize(
    ("data", "pointer", "expected"),
    [
        (None, "", A_CONDITION),
        ([], "", A_CONDITION),
        ("cart", "", A_CONDITION),
        ({}, "", A_CONDITION),
        ({"all": [], "any": []}, "", A_CONDITION),
        ({"marker": "value"}, "", A_CONDITION),
        ({**comparison(), "extra": 1}, "", A_CONDITION),
        ({"all": {}}, "/all", "a list of conditions"),
        ({"any": "x"}, "/any", "a list of conditions"),
        ({"any": []}, "/any", "at least one condition"),
        ({"all": [comparison(), 7]}, "/all/1", A_CONDITION),
        ({"not": {"any": [comparison("size")]}}, "/not/any/0/marker", "the name of a known marker"),
        (comparison(["value"]), "/marker", "the name of a known marker"),  # type: ignore[arg-type]
        (comparison(operator=">"), "/operator", "one of >=, <=, between, is, is_not"),
        (comparison(operator=None), "/operator", "one of >=, <=, between, is, is_not"),  # type: ignore[arg-type]
        (comparison(value="50"), "/value", "a number from 0 to 1000"),
        (comparison(value=True), "/value", "a number from 0 to 1000"),
        (comparison(value=None), "/value", "a number from 0 to 1000"),
        (comparison(value=-1), "/value", "a number from 0 to 1000"),
        (comparison(value=1001), "/value", "a number from 0 to 1000"),
        (comparison(value=float("nan")), "/value", "a number from 0 to 1000"),
        (comparison(value=float("inf")), "/value", "a number from 0 to 1000"),
        (comparison(value=10**400), "/value", "a number from 0 to 1000"),
        (comparison("lean", "is", 2), "/value", "a number from -1 to 1"),
        (comparison(operator="between", value=5), "/value", TWO_NUMBERS),
        (comparison(operator="between", value=[5]), "/value", TWO_NUMBERS),
        (comparison(operator="between", value=[9, 5]), "/value", TWO_NUMBERS),
        (comparison(operator="between", value=[5, "9"]), "/value/1", "a number from 0 to 1000"),
        ({"any": [comparison(operator="between", value=[-1, 9])]}, "/any/0/value/0", "a number from 0 to 1000"),
    ],
)  # fmt: skip
def test_what_is_no_condition_is_refused_where_it_is(data: Any, pointer: str, expected: str) -> None:
    with pytest.raises(InvalidConditionError) as refused:
        parse(data, KNOWN)

    assert (refused.value.pointer, refused.value.expected) == (pointer, expected)


def test_the_refusal_names_place_expectation_and_value() -> None:
    with pytest.raises(InvalidConditionError) as refused:
        parse({"all": [comparison(value="50")]}, KNOWN)

    assert str(refused.value) == "condition/all/0/value: expected a number from 0 to 1000, got '50'"
    assert refused.value.value == "50"


def nested(levels: int) -> dict[str, Any]:
    data = comparison()
    for _ in range(levels - 1):
        data = {"not": data}
    return data


def test_a_condition_is_so_deep_at_most() -> None:
    assert holds(parse(nested(DEEPEST), KNOWN), {"value": 60.0}) is (DEEPEST % 2 == 1)
    with pytest.raises(InvalidConditionError) as refused:
        parse(nested(DEEPEST + 1), KNOWN)

    assert (refused.value.pointer, refused.value.expected) == ("/not" * DEEPEST, "at most 6 levels of conditions")


def test_a_condition_has_so_many_comparisons_at_most() -> None:
    parse({"all": [comparison()] * 60}, KNOWN)
    with pytest.raises(InvalidConditionError) as refused:
        parse({"all": [comparison()] * 61}, KNOWN)

    assert (refused.value.value, refused.value.expected) == ("61 comparisons", "at most 60 comparisons")
