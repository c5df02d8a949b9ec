"""Markers in plain units."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from personalization.markers import MARKERS
from personalization.markers.definition import Marker
from personalization.markers.plain import ROWS, PlainMarkers, plain, plain_unit, raw


def marker(name: str) -> Marker:
    return MARKERS[ROWS[name]]


@pytest.mark.parametrize(
    ("name", "value", "expected", "unit"),
    [
        ("cart_value", np.log1p(50), 50, "money"),
        ("path_product_views", np.log1p(3), 3, "count"),
        ("rhythm_gap_change", np.log(2), 2, "ratio"),  # twice as long
        ("cart_shipping_gap", 0.25, 0.25, "share"),
        ("price_trend", 0.0, 1, "ratio"),  # neither dearer nor cheaper
    ],
)
def test_logarithms_are_undone(name: str, value: float, expected: float, unit: str) -> None:
    assert plain(marker(name), value) == pytest.approx(expected)
    assert plain_unit(marker(name)) == unit


@given(st.sampled_from(MARKERS), st.floats(0, 1))
def test_plain_and_raw_undo_each_other(found: Marker, share: float) -> None:
    value = found.low + share * (found.high - found.low)

    assert raw(found, plain(found, value)) == pytest.approx(value, abs=1e-9)


def test_markers_are_read_by_name() -> None:
    markers = np.zeros(len(MARKERS), np.float32)
    markers[ROWS["cart_lines"]] = np.log1p(2)

    values = PlainMarkers(markers)

    assert values["cart_lines"] == pytest.approx(2, rel=1e-6)
    assert (len(values), set(values)) == (232, set(ROWS))


def test_an_unknown_marker_has_no_value() -> None:
    with pytest.raises(KeyError):
        PlainMarkers(np.zeros(len(MARKERS), np.float32))["cart_weight"]
