"""Marker values as people say them."""

from __future__ import annotations

from datetime import UTC, datetime
from math import log, log1p
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from personalization.markers import MARKERS
from personalization.markers.definition import Marker
from personalization.wording import duration_in_words, instant_in_words, value_in_words


def words(unit: str, value: float, language: str = "en") -> str:
    marker = Marker("cart_x", "cart", unit, -1e9, 1e9, 0.0, "", lambda visit: 0.0)
    with translation.override(language):
        return value_in_words(marker, value, "EUR")


@pytest.mark.parametrize(
    ("unit", "value", "expected"),
    [
        ("share", 0.425, "42%"),
        ("flag", 1.0, "yes"),
        ("flag", 0.0, "no"),
        ("money", 19.9, "€19.90"),
        ("log money", log1p(19.9), "€19.90"),
        ("count", 3.0, "3"),
        ("log count", log1p(12), "12"),
        ("log ratio", log(1.5), "× 1.50"),
        ("rank", 0.9, "90%"),
        ("seconds", 42.4, "42 s"),
        ("seconds", 130, "2 min"),
        ("log seconds", log1p(7_260), "2 h 1 min"),
        ("days", 1.0, "1 day"),
        ("log days", log1p(3), "3 days"),
        ("cosine", 0.123, "0.12"),
        ("contrast", -0.5, "−0.50"),
        ("share", -0.14, "−14%"),
    ],
)
def test_each_unit_has_its_words(unit: str, value: float, expected: str) -> None:
    assert words(unit, value) == expected


@pytest.mark.parametrize(
    ("seconds", "expected"), [(59.6, "1 min"), (172_740, "47 h 59 min"), (172_800, "2 days"), (10 * 86_400, "10 days")]
)
def test_long_spans_are_told_in_days(seconds: float, expected: str) -> None:
    with translation.override("en"):
        assert duration_in_words(seconds) == expected


def test_instants_are_told_on_the_clock_of_the_store() -> None:
    with translation.override("en"):
        told = instant_in_words(datetime(2026, 11, 23, 23, 30, tzinfo=UTC), ZoneInfo("Europe/Paris"))

    assert told == "24 Nov 2026 at 00:30"


def test_numbers_follow_the_language() -> None:
    assert words("money", 19.9, "fr") == "19,90\N{NO-BREAK SPACE}€"


@pytest.mark.parametrize("marker", MARKERS, ids=lambda marker: marker.name)
def test_every_marker_can_be_told_over_its_whole_range(marker: Marker) -> None:
    for value in (marker.low, marker.neutral, marker.high):
        assert value_in_words(marker, value, "EUR")
