"""The system check fails when register, order, names, ranges or widths disagree."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.core.checks import CheckMessage, run_checks

from personalization.checks import check_markers, register_problems, width_problems
from personalization.markers import MARKERS
from personalization.markers.definition import FAMILIES, Marker

FIRST, SECOND, *REST = MARKERS


def problems(*markers: Marker) -> list[str]:
    return [message.msg for message in register_problems(markers, families=FAMILIES)]


def test_the_register_as_it_is_has_no_problem() -> None:
    assert check_markers() == []


def test_django_runs_the_check() -> None:
    def personalizations(messages: list[CheckMessage]) -> list[CheckMessage]:
        return [message for message in messages if (message.id or "").startswith("personalization.E00")]

    assert personalizations(run_checks()) == []


def test_a_missing_marker_is_counted() -> None:
    assert problems(*MARKERS[1:]) == [
        "The register holds 231 markers instead of 232.",
        "Family moment has 15 markers instead of 16.",
    ]


def test_a_marker_of_an_unknown_family_is_named() -> None:
    stray = replace(FIRST, family="weather", name="weather_rain")

    assert problems(stray, SECOND, *REST) == [
        "Family moment has 15 markers instead of 16.",
        "Family weather has 1 markers instead of 0.",
        f"The families stand in the order weather, {', '.join(FAMILIES)} instead of {', '.join(FAMILIES)}.",
    ]


def test_families_in_another_order_are_told() -> None:
    moments, others = MARKERS[:16], MARKERS[16:]
    order = [*list(FAMILIES)[1:], "moment"]

    assert problems(*others, *moments) == [
        f"The families stand in the order {', '.join(order)} instead of {', '.join(FAMILIES)}."
    ]


def test_a_name_given_twice_is_told() -> None:
    assert problems(FIRST, replace(SECOND, name=FIRST.name), *REST) == [f"2 markers are called {FIRST.name}."]


@pytest.mark.parametrize("name", ["hour", "momenthour", "moment_", "moment_Hour", "moment_hour sine", "cart_hour"])
def test_a_name_that_does_not_start_with_its_family_is_told(name: str) -> None:
    assert problems(replace(FIRST, name=name), SECOND, *REST) == [
        f"Marker {name} is not named moment_… in lower case with underscores."
    ]


@pytest.mark.parametrize(
    ("low", "high", "neutral"), [(0, 1, 2), (0, 1, -1), (1, 1, 1), (1, 0, 0.5), (0, 1, float("nan"))]
)
def test_a_range_without_its_neutral_value_is_told(low: float, high: float, neutral: float) -> None:
    assert problems(replace(FIRST, low=low, high=high, neutral=neutral), SECOND, *REST) == [
        f"Marker {FIRST.name} ranges from {low} to {high}, neutral {neutral}."
    ]


def test_a_vector_of_another_width_is_told() -> None:
    messages = [message.msg for message in width_problems(232, {"the model": 231, "the table": None, "this": 232})]

    assert messages == [
        "Situations have 232 markers, but the model has 231 dimensions.",
        "Situations have 232 markers, but the table has no dimensions.",
    ]
