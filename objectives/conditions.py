"""Conditions: when something applies, judged on named marker values handed in; pure, and told as JSON.

A condition is a tree:

    {"all": [condition, …]}     every one holds; of none, always
    {"any": [condition, …]}     at least one holds
    {"not": condition}          it does not hold
    {"marker": "cart_value", "operator": ">=", "value": 50}

Operators are `>=`, `<=`, `is`, `is_not` with a number, and `between` with [low, high], both included. Values are in
plain units (money, seconds, items; a share from 0 to 1; 1 for yes), as are those that `holds` is handed.
"""

from __future__ import annotations

import math
import reprlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from objectives.worded import Worded, gettext_noop, worded

OPERATORS: Final = (">=", "<=", "between", "is", "is_not")
DEEPEST: Final = 6  # conditions within conditions
MOST: Final = 60  # comparisons of one condition

# Markers travel as float32, many as logarithms: values nearer to each other than this are the same.
RELATIVE: Final = 1e-5
ABSOLUTE: Final = 1e-6


@dataclass(frozen=True, slots=True)
class Range:
    """What a marker's value can be, in plain units."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class All:
    """Every part holds."""

    parts: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one part holds."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: Condition


@dataclass(frozen=True, slots=True)
class Comparison:
    """A marker against a value; `high` is the upper end of `between`, and equals `value` otherwise."""

    marker: str
    operator: str
    value: float
    high: float


Condition: TypeAlias = All | AnyOf | Not | Comparison

ALWAYS: Final = All()


class InvalidConditionError(ValueError):
    """The JSON is no condition.

    Attributes:
        pointer: where, as a JSON pointer (RFC 6901); "" for the whole.
        value: what stands there.
        expected: what should.
    """

    def __init__(self, *, pointer: str, value: object, expected: Worded) -> None:
        self.pointer, self.value, self.expected = pointer, value, expected
        super().__init__(f"condition{pointer or ' as a whole'}: expected {expected}, got {reprlib.repr(value)}")


def parse(data: object, known_markers: Mapping[str, Range]) -> Condition:
    """The condition that JSON tells.

    Args:
        data: the JSON, already read.
        known_markers: name → what its value can be.

    Raises:
        InvalidConditionError: it tells none; the error says where and what was expected.
    """
    condition = _condition(data, known_markers, pointer="", depth=1)
    if (count := sum(1 for _ in comparisons(condition))) > MOST:
        raise InvalidConditionError(
            pointer="",
            value=f"{count} comparisons",
            expected=worded(gettext_noop("at most %(most)d comparisons"), most=MOST),
        )
    return condition


def holds(condition: Condition, values: Mapping[str, float]) -> bool:
    """Whether the condition holds of these values, in plain units.

    Raises:
        KeyError: a marker that the condition names has no value.
    """
    match condition:
        case All(parts):
            return all(holds(part, values) for part in parts)
        case AnyOf(parts):
            return any(holds(part, values) for part in parts)
        case Not(part):
            return not holds(part, values)
        case Comparison(marker, operator, value, high):
            return _compare(operator, values[marker], value, high)


def comparisons(condition: Condition) -> Iterator[Comparison]:
    """Every comparison in the tree, from left to right."""
    match condition:
        case All(parts) | AnyOf(parts):
            for part in parts:
                yield from comparisons(part)
        case Not(part):
            yield from comparisons(part)
        case Comparison():
            yield condition


def told(condition: Condition) -> dict[str, Any]:
    """The JSON of a condition; `parse` gives the condition back."""
    match condition:
        case All(parts):
            return {"all": [told(part) for part in parts]}
        case AnyOf(parts):
            return {"any": [told(part) for part in parts]}
        case Not(part):
            return {"not": told(part)}
        case Comparison(marker, operator, value, high):
            return {"marker": marker, "operator": operator, "value": [value, high] if operator == "between" else value}


def _compare(operator: str, found: float, value: float, high: float) -> bool:
    match operator:
        case ">=":
            return found >= value or _same(found, value)
        case "<=":
            return found <= value or _same(found, value)
        case "between":
            return value <= found <= high or _same(found, value) or _same(found, high)
        case "is":
            return _same(found, value)
        case _:
            return not _same(found, value)


def _same(found: float, value: float) -> bool:
    return math.isclose(found, value, rel_tol=RELATIVE, abs_tol=ABSOLUTE)


# --- Reading ------------------------------------------------------------------------------------------------------

_ONE_KEY: Final = worded(gettext_noop("an object with one of all, any, not, or with marker, operator and value"))
_TWO_NUMBERS: Final = worded(gettext_noop("a list of two numbers, the lower first"))


def _condition(data: object, known: Mapping[str, Range], *, pointer: str, depth: int) -> Condition:
    if depth > DEEPEST:
        expected = worded(gettext_noop("at most %(deepest)d levels of conditions"), deepest=DEEPEST)
        raise InvalidConditionError(pointer=pointer, value=data, expected=expected)
    if not isinstance(data, dict):
        raise InvalidConditionError(pointer=pointer, value=data, expected=_ONE_KEY)
    keys = set(data)
    if keys == {"marker", "operator", "value"}:
        return _comparison(data, known, pointer=pointer)
    if keys == {"not"}:
        return Not(_condition(data["not"], known, pointer=f"{pointer}/not", depth=depth + 1))
    if keys == {"all"}:
        return All(_parts(data, "all", known, pointer=pointer, depth=depth))
    if keys == {"any"}:
        parts = _parts(data, "any", known, pointer=pointer, depth=depth)
        if not parts:
            expected = worded(gettext_noop("at least one condition"))
            raise InvalidConditionError(pointer=f"{pointer}/any", value=[], expected=expected)
        return AnyOf(parts)
    raise InvalidConditionError(pointer=pointer, value=data, expected=_ONE_KEY)


def _parts(
    data: dict[Any, Any], key: str, known: Mapping[str, Range], *, pointer: str, depth: int
) -> tuple[Condition, ...]:
    parts = data[key]
    if not isinstance(parts, list):
        expected = worded(gettext_noop("a list of conditions"))
        raise InvalidConditionError(pointer=f"{pointer}/{key}", value=parts, expected=expected)
    return tuple(
        _condition(part, known, pointer=f"{pointer}/{key}/{place}", depth=depth + 1) for place, part in enumerate(parts)
    )


def _comparison(data: dict[Any, Any], known: Mapping[str, Range], *, pointer: str) -> Comparison:
    marker, operator = data["marker"], data["operator"]
    if not isinstance(marker, str) or marker not in known:
        expected = worded(gettext_noop("the name of a known marker"))
        raise InvalidConditionError(pointer=f"{pointer}/marker", value=marker, expected=expected)
    if not isinstance(operator, str) or operator not in OPERATORS:
        expected = worded(gettext_noop("one of %(known)s"), known=", ".join(OPERATORS))
        raise InvalidConditionError(pointer=f"{pointer}/operator", value=operator, expected=expected)
    span, at = known[marker], f"{pointer}/value"
    if operator != "between":
        value = _number(data["value"], span, pointer=at)
        return Comparison(marker, operator, value, value)
    ends = data["value"]
    if not isinstance(ends, list) or len(ends) != 2:
        raise InvalidConditionError(pointer=at, value=ends, expected=_TWO_NUMBERS)
    low, high = (_number(end, span, pointer=f"{at}/{place}") for place, end in enumerate(ends))
    if low > high:
        raise InvalidConditionError(pointer=at, value=ends, expected=_TWO_NUMBERS)
    return Comparison(marker, operator, low, high)


def _number(value: object, span: Range, *, pointer: str) -> float:
    expected = worded(gettext_noop("a number from %(low)g to %(high)g"), low=span.low, high=span.high)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InvalidConditionError(pointer=pointer, value=value, expected=expected)
    if not span.low - ABSOLUTE <= value <= span.high + ABSOLUTE:  # also refuses NaN
        raise InvalidConditionError(pointer=pointer, value=value, expected=expected)
    return float(value)
