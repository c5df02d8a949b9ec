"""What stands out of a situation: farthest from usual first, a few of each family, nothing that says nothing."""

from __future__ import annotations

import numpy as np
import pytest
from django.utils import translation
from numpy.typing import NDArray

from personalization.markers import MARKERS
from personalization.portrait import LEAST, MOST, MOST_OF_A_FAMILY, FamilyPortrait, families, meaning_of, portrait
from personalization.situation import WIDTH, Scaling

ROW = {marker.name: row for row, marker in enumerate(MARKERS)}
NEUTRAL = np.array([marker.neutral for marker in MARKERS], np.float32)


def told(spread: float = 0.1, **values: float) -> list[FamilyPortrait]:
    """The portrait of a situation with these markers, in a store where every marker is usually neutral."""
    markers: NDArray[np.float32] = NEUTRAL.copy()
    for name, value in values.items():
        markers[ROW[name]] = value
    scaling = Scaling(NEUTRAL, np.full(WIDTH, spread, np.float32), np.ones(WIDTH, np.float32))
    with translation.override("en"):
        return portrait(markers=markers, scaling=scaling, currency="EUR")


def test_an_ordinary_situation_has_nothing_to_tell() -> None:
    assert told() == []


def test_the_family_of_what_is_farthest_from_usual_comes_first() -> None:
    found = told(path_home_share=0.2, cart_discounted_share=0.5)  # 2 and 5 spreads above

    assert [family.family for family in found] == ["cart", "path"]


@pytest.mark.parametrize(
    ("share", "words"),
    [(0.09, "above usual"), (0.2, "well above usual"), (0.4, "far above usual")],  # 0.9, 2 and 4 spreads
)
def test_how_far_above_is_said_in_words(share: float, words: str) -> None:
    assert told(path_home_share=share)[0].markers[0].how == words


def test_what_is_below_usual_is_said_to_be() -> None:
    (family,) = told(choice_first_category_share=0.6)  # neutral 1: 4 spreads below

    assert (family.markers[0].how, family.markers[0].value, family.markers[0].usual) == (
        "far below usual",
        "60%",
        "100%",
    )


def test_a_flag_is_told_as_yes_without_a_usual_value() -> None:
    (family,) = told(arrival_email=1.0)

    (flag,) = family.markers
    assert (flag.meaning, flag.value, flag.usual, flag.how) == (
        "When an e-mail or newsletter led here.",
        "yes",
        "",
        "rare here",
    )


def test_what_is_nearly_as_usual_is_left_out() -> None:
    assert told(path_home_share=0.1 * LEAST * 0.9) == []


def test_what_would_be_told_alike_is_left_out() -> None:
    assert told(spread=0.0001, path_home_share=0.001) == []  # 10 spreads, but 0% against 0%


def test_coordinates_and_halves_of_cycles_are_never_told() -> None:
    assert told(intent_recent_01=1.0, moment_hour_sin=1.0) == []


def test_no_family_crowds_out_the_others() -> None:
    everything = {marker.name: marker.high for marker in MARKERS if marker.unit == "share" and marker.neutral == 0}

    found = told(**everything)

    assert max(len(family.markers) for family in found) == MOST_OF_A_FAMILY
    assert sum(len(family.markers) for family in found) == MOST


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_meaning_is_a_sentence(language: str) -> None:
    with translation.override(language):
        meanings = [meaning_of(marker) for marker in MARKERS]

    assert [text for text in meanings if not (text[0].isupper() and text.endswith("."))] == []


def test_families_come_in_the_order_of_the_vector() -> None:
    with translation.override("fr"):
        assert families()[:3] == [("moment", "Moment"), ("arrival", "Arrivée"), ("rhythm", "Rythme")]
