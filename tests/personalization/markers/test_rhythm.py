"""Markers of rhythm, on visits whose times are known by heart."""

from __future__ import annotations

from math import exp, log1p
from statistics import correlation, fmean, median, pstdev

import pytest

from personalization.markers.live_visit import LiveVisit
from personalization.markers.lived import LivedEvent
from personalization.markers.rhythm import MARKERS

from .visits import event, item, visit

COMPUTE = {marker.name: marker.compute for marker in MARKERS}

# Home for 10 s, a category for 30, a product for 63, and a search just begun.
BROWSER = (
    event("page_view", at=0, page="home", path="/"),
    event("view_item_list", at=10, page="category", path="/c", scroll=0.5, engagement=8.0),
    event("select_item", at=40, page="category", path="/c", items=(item(0),)),
    event("view_item", at=40, page="product", path="/p/0", items=(item(0),)),
    event("add_to_cart", at=100, page="product", path="/p/0", items=(item(0),), scroll=1.0, engagement=42.0),
    event("search", at=103, page="search", path="/s?q=balles", search_term="balles"),
)
GAPS = (10.0, 30.0, 0.0, 60.0, 3.0)
LOGS = [log1p(gap) for gap in GAPS]
DWELLS = [log1p(10), log1p(30), log1p(63)]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("rhythm_events", log1p(6)),
        ("rhythm_elapsed", log1p(103)),
        ("rhythm_pace", log1p(6 / (103 / 60 + 0.5))),
        # One for each event, faded by the seconds since.
        ("rhythm_recent_events", log1p(sum(exp(-(103 - at) / 60) for at in (0, 10, 40, 40, 100, 103)))),
        ("rhythm_gap_spread", pstdev(LOGS)),
        ("rhythm_gap_memory", correlation(LOGS[:-1], LOGS[1:]) * 4 / 7),  # four pairs, and three imagined
        ("rhythm_idle", 0.0),  # no pause is longer than a minute
        ("rhythm_centre", fmean((0, 10, 40, 40, 100, 103)) / 103),
        ("rhythm_gap_typical", log1p(median(GAPS))),
        ("rhythm_gap_change", log1p(3) - log1p(60)),
        ("rhythm_burstiness", (pstdev(GAPS) - fmean(GAPS)) / (pstdev(GAPS) + fmean(GAPS))),
        ("rhythm_dwell_last", log1p(63)),
        ("rhythm_dwell_mean", fmean(DWELLS)),
        ("rhythm_dwell_peak", 63 / (103 + 30)),
        ("rhythm_dwell_now", 0.0),
        ("rhythm_dwell_product", log1p(63) - fmean(DWELLS)),
        ("rhythm_dwell_list", log1p(30)),
        ("rhythm_hurry", 1 / 5),  # none of three pages in less than ten seconds; one of two imagined
        ("rhythm_scroll_mean", (0.5 + 1.0 + 0.5) / 3),  # and an imagined half
        ("rhythm_engagement", log1p(50 / 4)),
        ("rhythm_attention", (50 + 2.5) / (103 + 5)),
        ("rhythm_product_freshness", 120 / (120 + 63)),
        ("rhythm_product_time", (63 + 15) / (103 + 30)),
    ],
)
def test_a_browser_adds_a_product_and_searches_on(name: str, value: float) -> None:
    assert COMPUTE[name](visit(*BROWSER)) == pytest.approx(value, abs=1e-12)


def ticking(*gaps: float) -> LiveVisit:
    """A visit of pages opened after these gaps."""
    times = [sum(gaps[:n]) for n in range(len(gaps) + 1)]
    return visit(*(event("page_view", at=at, page="content", path=f"/{n}") for n, at in enumerate(times)))


def test_shorter_gaps_are_acceleration() -> None:
    lived = ticking(30.0, 2.0)

    # The fast mean goes half, the slow one 15 % of the way from log 31 to log 3.
    assert COMPUTE["rhythm_acceleration"](lived) == pytest.approx(0.35 * (log1p(30) - log1p(2)))


def test_an_even_pace_is_no_acceleration() -> None:
    assert COMPUTE["rhythm_acceleration"](ticking(7.0, 7.0, 7.0)) == 0.0


def test_a_clock_has_no_bursts() -> None:
    assert COMPUTE["rhythm_burstiness"](ticking(7.0, 7.0, 7.0)) == pytest.approx(-1.0)


def test_a_clock_has_no_memory_of_gaps() -> None:
    assert COMPUTE["rhythm_gap_memory"](ticking(*[7.0] * 9)) == 0.0


def test_long_pauses_are_idle_time() -> None:
    assert COMPUTE["rhythm_idle"](ticking(20.0, 300.0, 50.0)) == 300 / (370 + 30)


def test_pages_left_at_once_are_hurry() -> None:
    assert COMPUTE["rhythm_hurry"](ticking(3.0, 4.0, 50.0)) == 3 / 5  # two of three, and one of two imagined


def test_one_long_pause_does_not_make_a_typical_gap() -> None:
    assert COMPUTE["rhythm_gap_typical"](ticking(5.0, 5.0, 1500.0, 5.0)) == log1p(5)


def test_an_act_on_the_page_does_not_end_reading_it() -> None:
    lived = visit(*BROWSER[:5])

    assert COMPUTE["rhythm_dwell_now"](lived) == log1p(60)


def test_a_page_and_its_product_are_one_page() -> None:
    product = {"page": "product", "path": "/p/0"}

    lived = visit(event("page_view", **product), event("view_item", at=2, items=(item(0),), **product))

    assert COMPUTE["rhythm_dwell_last"](lived) == 0.0


def test_products_without_an_address_are_pages_of_their_own() -> None:
    lived = visit(event("view_item", items=(item(0),)), event("view_item", at=20, items=(item(1),)))

    assert COMPUTE["rhythm_dwell_last"](lived) == log1p(20)


def test_a_product_list_on_a_product_page_is_not_a_page() -> None:
    lived = visit(
        event("view_item", page="product", items=(item(0),)),
        event("view_item_list", at=5, page="product", list_id="similar"),
        event("view_item", at=20, page="product", items=(item(1),)),
    )

    assert COMPUTE["rhythm_dwell_last"](lived) == log1p(20)


@pytest.mark.parametrize("marker", MARKERS, ids=lambda marker: marker.name)
def test_before_the_first_event_rhythm_is_neutral(marker) -> None:  # type: ignore[no-untyped-def]
    assert marker.compute(visit()) == marker.neutral


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("rhythm_events", log1p(1)),
        ("rhythm_pace", log1p(2)),  # one event in half a minute
        ("rhythm_recent_events", log1p(1)),
        ("rhythm_centre", 0.5),
        ("rhythm_hurry", 0.5),
    ],
)
def test_one_event_tells_little(name: str, value: float) -> None:
    assert COMPUTE[name](ticking()) == value


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("rhythm_events", log1p(500)),
        ("rhythm_elapsed", log1p(499 * 2)),
        ("rhythm_gap_typical", log1p(2)),
        ("rhythm_dwell_mean", log1p(2)),
        ("rhythm_centre", 0.5),
        ("rhythm_hurry", 500 / 501),  # all of 499, and one of two imagined
    ],
)
def test_five_hundred_quick_pages(name: str, value: float) -> None:
    assert COMPUTE[name](ticking(*[2.0] * 499)) == pytest.approx(value)


def test_a_clock_that_runs_back_does_not_break_the_rhythm() -> None:
    events: list[LivedEvent] = [event("page_view", at=50, path="/a"), event("page_view", at=20, path="/b")]

    lived = visit(*events)

    assert [marker.name for marker in MARKERS if not marker.low <= marker.compute(lived) <= marker.high] == []
