"""The page of the comparison of approaches: its verdict in words, its pictures, who may ask for one."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.contrib.auth.models import User
from django.utils import timezone, translation

from catalog.models import Role, Store
from personalization.admin.comparison_figures import KINDS, sections
from personalization.admin.comparison_words import headline, progress, verdicts
from personalization.evaluation import comparing
from personalization.models import Comparison, ComparisonState, Visit
from tests.catalog.factories import person
from tests.personalization.admin.screens import address, signed_in, text_of, works_for
from tests.personalization.memory.past import live_many
from tests.personalization.storefront import shop

pytestmark = pytest.mark.django_db

NOTHING = [None, None, None]


def figures(**differences: list[float | None]) -> dict[str, Any]:
    """As an evaluation reports them; `differences` are the front engine's hit rate less the rival's."""
    rates = {"rules": 0.26, "predictive": 0.2, "lookalike": 0.14, "inductive": 0.34}
    engines = {name: engine(rate, ms=number + 1.5) for number, (name, rate) in enumerate(rates.items())}
    minus = {
        rival: {
            visitors: {
                which: differences.get(rival, [0.34 - rates[rival], 0.05, 0.3])
                for which in ("hr", "hr_bought", "value", "margin")
            }
            for visitors in ("all", "returning", "unknown")
        }
        for rival in ("rules", "predictive", "lookalike")
    }
    counts = {"visits": 1412, "cuts": 2800, "cuts_taken_later": 310, "cuts_bought_later": 120}
    counts |= {"cuts_returning": 200, "cuts_unknown": 110, "cuts_for_estimates": 2700}
    told = {"k": 20, "seed": 0, "visits_remembered": 12_000, "engines": engines, "inductive_minus": minus}
    return told | counts


def engine(rate: float, *, ms: float) -> dict[str, Any]:
    """One that finds so much, of the margin nothing known."""
    found = {which: [rate, rate - 0.04, rate + 0.04] for which in ("hr", "hr_bought", "value")}
    found |= {"margin": NOTHING, "ms": [ms, ms - 0.5, ms + 0.5]}
    curve = {"ece": 0.0123, "n": 500, "points": [[250, 0.0, 0.0, 0.0, 0.01], [250, 0.02, 0.03, 0.01, 0.05]]}
    return {
        **dict.fromkeys(("all", "returning", "unknown"), found),
        "ms_p50": ms - 0.2,
        "ms_p99": ms * 3,
        "calibration": dict.fromkeys(("view", "cart", "purchase"), curve),
    }


def made(store: Store, state: ComparisonState = ComparisonState.DONE, **fields: Any) -> Comparison:
    now = timezone.now()
    settings = {"k": 20, "cuts": 2, "sample": 500, "seed": 0, "remembered": 50_000}
    ended = {"finished_at": now, "since": now - timedelta(days=5), "figures": figures()}
    told = ended if state == ComparisonState.DONE else {}
    return Comparison.objects.create(
        store=store, state=state, settings=settings, **{"asked_at": now - timedelta(minutes=7), **told, **fields}
    )


def may_compare(store: Store) -> User:
    return person("olga", store=store, roles=[Role.ANALYST])


def listed() -> str:
    return address("comparison", "changelist")


# --- The verdict --------------------------------------------------------------------------------------------------


def test_the_headline_is_about_the_strongest_rival() -> None:
    with translation.override("en"):
        assert headline(figures()) == (
            "On 1,412 recent visits, recognising the situation finds what the visitor will put into the cart or buy "
            "1.3 times as often as the strongest of the others, the rules."
        )


def test_every_verdict_tells_both_rates_and_the_interval_of_their_difference() -> None:
    with translation.override("en"):
        told = [verdict.sentence for verdict in verdicts(figures())]

    assert told[0] == (
        "1.3 times as often as the rules: 34.0% of the time against 26.0% (+8.0 points, 95% interval +5.0 to +30.0)."
    )
    assert [sentence.partition(":")[0] for sentence in told[1:]] == [
        "1.7 times as often as predictive profiles",
        "2.4 times as often as visitors alike",
    ]


@pytest.mark.parametrize(
    ("difference", "kind", "said"),
    [
        ([0.08, 0.05, 0.11], "ahead", "1.3 times as often as the rules"),
        ([0.08, -0.01, 0.17], "unproven", "No proven difference from the rules"),
        ([0.0, 0.0, 0.0], "unproven", "No proven difference from the rules"),
        ([-0.08, -0.11, -0.05], "behind", "Less often than the rules"),
    ],
)
def test_a_verdict_says_no_more_than_its_interval(difference: list[float | None], kind: str, said: str) -> None:
    with translation.override("en"):
        (verdict,) = (one for one in verdicts(figures(rules=difference)) if one.rival == "rules")

    assert verdict.kind == kind
    assert verdict.sentence.startswith(said)


@pytest.mark.parametrize(
    ("difference", "said"),
    [
        ([0.08, -0.01, 0.17], "no difference is proven"),
        ([-0.08, -0.11, -0.05], "less often than the rules."),
    ],
)
def test_the_headline_says_the_contrary_as_plainly(difference: list[float | None], said: str) -> None:
    with translation.override("en"):
        assert said in headline(figures(rules=difference))


def test_a_rival_that_finds_nothing_is_no_divisor() -> None:
    told = figures()
    told["engines"]["lookalike"]["all"]["hr"] = [0.0, 0.0, 0.0]

    with translation.override("en"):
        assert verdicts(told)[-1].sentence == "34.0% of the time where visitors alike find nothing."


def test_where_nothing_was_taken_nothing_is_said() -> None:
    told = figures(rules=NOTHING, predictive=NOTHING, lookalike=NOTHING)
    for row in told["engines"].values():
        row["all"] = {**row["all"], "hr": NOTHING}

    with translation.override("en"):
        assert headline(told).startswith("Nothing can be said yet")
    assert verdicts(told) == []


# --- The pictures -------------------------------------------------------------------------------------------------


def test_every_picture_is_told_as_a_table_too() -> None:
    with translation.override("en"):
        told = {section.key: section for section in sections(figures())}

    assert list(told) == ["found", "against", "visitors", "reliability", "speed"]
    assert told["found"].rows[0] == (
        "Situation recognised", "34.0% (30.0% to 38.0%)", "34.0% (30.0% to 38.0%)", "34.0% (30.0% to 38.0%)",
    )  # fmt: skip
    assert told["against"].rows[0][:2] == ("against: Rules", "+8.0 (+5.0 to +30.0)")
    assert told["reliability"].rows[0] == ("Situation recognised", "1.23", "1.23", "1.23")
    assert told["speed"].rows[1] == ("Rules", "1.5 ms", "1.3 ms", "4.5 ms")


def test_a_measure_of_which_nothing_is_known_is_left_out() -> None:
    with translation.override("en"):
        heads = sections(figures())[0].heads  # of the margin nothing is known

    assert heads == ("Approach", "Put into the cart or bought", "Bought", "Share of the money spent")


def test_pictures_write_figures_as_the_language_does() -> None:
    with translation.override("fr"):
        found = sections(figures())[0]

    words = [element.text for element in ET.fromstring(found.picture).iter("{http://www.w3.org/2000/svg}text")]  # noqa: S314 - our own
    assert "34,0\N{NO-BREAK SPACE}%" in words
    assert "Situation reconnue" in words


def test_names_of_pictures_on_the_page_are_unlike() -> None:
    ids = [name for section in sections(figures()) for name in re.findall(r' id="([^"]+)"', section.picture)]

    assert len(ids) == 10
    assert len(set(ids)) == 10


def test_a_point_of_a_curve_rests_on_five_that_came_true_at_least() -> None:
    told = figures()
    bins = [[100, 0.01, 0.02, 0.0, 0.1], [100, 0.03, 0.03, 0.0, 0.1], [100, 0.1, 0.1, 0.0, 0.1], [50, 0.2, 0.02, 0, 0]]
    told["engines"]["inductive"]["calibration"] = {kind: {"ece": 0.0, "n": 350, "points": bins} for kind in KINDS}

    picture = next(section.picture for section in sections(told) if section.key == "reliability")

    # By kind: 2 + 3 of 200, then 10 + 1 of 150; and one dot in the legend.
    assert picture.count("<circle") == 3 * (2 + 1)


def test_without_estimates_there_is_no_reliability_to_draw() -> None:
    told = figures()
    for row in told["engines"].values():
        row["calibration"] = {kind: {"ece": 0.0, "n": 0, "points": []} for kind in row["calibration"]}

    assert "reliability" not in [section.key for section in sections(told)]


# --- Its progress -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "stage", "done", "percent", "places"),
    [
        ("waiting", "", 0, 0, ["now", "ahead", "ahead"]),
        ("running", "ingesting", 50, 15, ["now", "ahead", "ahead"]),
        ("running", "situations", 99, 57, ["done", "now", "ahead"]),
        ("running", "asking rules", 100, 78, ["done", "done", "now"]),
        ("running", "asking inductive", 100, 100, ["done", "done", "now"]),
    ],
)
def test_the_work_goes_on_part_by_part(state: str, stage: str, done: int, percent: int, places: list[str]) -> None:
    told = progress(Comparison(state=state, stage=stage, done=done, total=100))

    assert told["building"]
    assert abs(told["percent"] - percent) <= 3
    assert [one["place"] for one in told["stages"]] == places


def test_progress_is_told_to_the_bar_that_asks() -> None:
    running = made(shop(), ComparisonState.RUNNING, stage="ingesting", done=1200, total=4000)

    told = signed_in(works_for(running.store)).get(address("comparison", "progress", running.pk)).json()

    assert (told["building"], told["percent"], told["visits"]) == (True, 9, "1,200 of 4,000")


@pytest.mark.parametrize("state", [ComparisonState.DONE, ComparisonState.FAILED])
def test_what_has_ended_tells_the_bar_to_stop(state: ComparisonState) -> None:
    ended = made(shop(), state)

    assert not signed_in(works_for(ended.store)).get(address("comparison", "progress", ended.pk)).json()["building"]


# --- The page -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", ["On 1,412 recent visits, recognising", "What each approach finds", "1.23", "How it was measured",
                "12,000 newest visits", "Finished on", "Asked for by the calendar."]),
        ("fr", ["Sur 1\N{NO-BREAK SPACE}412 visites récentes", "Ce que trouve chaque approche", "1,23",
                "Comment cela a été mesuré", "34,0\N{NO-BREAK SPACE}%"]),
    ],
)  # fmt: skip
def test_the_newest_comparison_is_told_in_plain_words(language: str, told: list[str]) -> None:
    store = made(shop()).store

    page = text_of(signed_in(works_for(store), language), listed())

    assert [words for words in told if words not in page] == []


def test_earlier_ones_stand_below_and_have_pages_of_their_own() -> None:
    store = shop()
    earlier = made(store, asked_at=timezone.now() - timedelta(days=40))
    made(store)
    client = signed_in(works_for(store))

    page = text_of(client, listed())

    assert "Earlier comparisons" in page
    assert address("comparison", "change", earlier.pk) in page
    assert "What each approach finds" in text_of(client, address("comparison", "change", earlier.pk))


def test_one_that_failed_says_why_in_the_readers_language() -> None:
    store = made(shop(), ComparisonState.FAILED, error=comparing.KILLED).store

    page = text_of(signed_in(works_for(store), "fr"), listed())

    assert "a été interrompu deux fois" in page


def test_a_failed_one_does_not_hide_the_one_that_stands() -> None:
    store = shop()
    made(store, asked_at=timezone.now() - timedelta(days=1))
    made(store, ComparisonState.FAILED, error="ZeroDivisionError: by nothing")

    page = text_of(signed_in(works_for(store)), listed())

    assert "did not come to its end: ZeroDivisionError: by nothing" in page
    assert "What each approach finds" in page


def test_the_page_of_one_under_way_shows_how_far_it_is() -> None:
    running = made(shop(), ComparisonState.RUNNING, stage="ingesting", done=1, total=2)
    client = signed_in(works_for(running.store))

    for page in (listed(), address("comparison", "change", running.pk)):
        assert f'data-progress="{address("comparison", "progress", running.pk)}"' in text_of(client, page)


def test_a_young_store_is_told_how_many_visits_are_missing() -> None:
    store = shop()
    live_many(store, visits=3, ended=timezone.now())

    page = text_of(signed_in(may_compare(store)), listed())

    assert "It takes 300 visits that have ended with consent; there are 3." in page
    assert "Compare now" not in page


def test_a_store_with_visits_enough_is_offered_its_first_comparison(monkeypatch: pytest.MonkeyPatch) -> None:
    page = text_of(signed_in(may_compare(lively(monkeypatch))), listed())

    assert "Nothing compared yet" in page
    assert "Compare now" in page


def lively(monkeypatch: pytest.MonkeyPatch) -> Store:
    """A store that lived enough, where three visits are."""
    monkeypatch.setattr(comparing, "NEEDED", 3)
    store = shop()
    live_many(store, visits=3, ended=timezone.now())
    return store


# --- Asking -------------------------------------------------------------------------------------------------------


def test_a_comparison_is_asked_of_the_workers(
    tmp_path: Path, broker: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    store = lively(monkeypatch)
    queue, control = tmp_path / "queue", tmp_path / "control"
    for folder in (queue, control):
        folder.mkdir()
    options = {"data_folder_in": str(queue), "data_folder_out": str(queue), "control_folder": str(control)}
    broker(broker_url="filesystem://", broker_transport_options=options)
    olga = may_compare(store)

    answer = signed_in(olga).post(address("comparison", "compare", store.pk), follow=True)

    assert "The comparison begins as soon as a worker is free" in answer.content.decode()
    assert len(list(queue.iterdir())) == 1
    asked = Comparison.objects.get()
    assert (asked.store, asked.asked_by, asked.state) == (store, olga, ComparisonState.WAITING)


def test_with_the_workers_out_of_reach_it_is_recorded_all_the_same(
    broker: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    store = lively(monkeypatch)
    broker(broker_url="redis://127.0.0.1:1/0", broker_transport_options={"socket_connect_timeout": 0.2})

    answer = signed_in(may_compare(store)).post(address("comparison", "compare", store.pk), follow=True)

    assert "it begins once they can" in answer.content.decode()
    assert Comparison.objects.of(store).under_way().exists()


def test_too_few_visits_are_told_also_to_who_sends_the_form_by_hand() -> None:
    store = shop()

    answer = signed_in(may_compare(store)).post(address("comparison", "compare", store.pk), follow=True)

    assert "There are too few visits to compare anything yet." in answer.content.decode()
    assert not Comparison.objects.exists()


def test_looking_asks_for_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    store = lively(monkeypatch)

    assert signed_in(may_compare(store)).get(address("comparison", "compare", store.pk)).status_code == 405
    assert not Comparison.objects.exists()


def test_who_may_not_run_one_is_refused_and_offered_none(monkeypatch: pytest.MonkeyPatch) -> None:
    store = lively(monkeypatch)
    client = signed_in(person("dora", store=store, roles=[Role.APPROVER]))

    assert client.post(address("comparison", "compare", store.pk)).status_code == 403
    assert "Compare now" not in text_of(client, listed())
    assert not Comparison.objects.exists()


# --- Between stores -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", ["change", "progress", "compare"])
def test_another_stores_comparisons_cannot_be_reached(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    theirs = made(lively(monkeypatch))
    client = signed_in(may_compare(shop("brico")))
    link = address("comparison", page, theirs.store_id if page == "compare" else theirs.pk)

    # Django's own change page answers a stranger with a way back to the list.
    assert client.get(link).status_code in {302, 404, 405}
    assert client.post(link).status_code in {302, 404}
    assert Comparison.objects.count() == 1


def test_the_list_holds_nothing_of_another_store() -> None:
    theirs = made(shop("brico", name="Brico")).store
    client = signed_in(works_for(shop("atelier", name="Atelier")))

    page = text_of(client, f"{listed()}?store={theirs.pk}")

    assert "Brico" not in page
    assert "What each approach finds" not in page


def test_copies_of_evaluations_are_nobodys_not_even_an_administrators() -> None:
    copy = shop("evaluation-1", name="Evaluation")
    live_many(copy, visits=3, ended=timezone.now())
    Store.objects.filter(pk=copy.pk).update(is_evaluation=True)
    mine = shop("atelier", name="Atelier")
    live_many(mine, visits=2, ended=timezone.now())
    client = signed_in(person("root", superuser=True))

    pages = [text_of(client, address("visit", "changelist")), text_of(client, listed())]

    assert ["Evaluation" in page for page in pages] == [False, False]
    hidden = Visit.objects.filter(store=copy).first()
    assert hidden is not None
    assert client.get(address("visit", "change", hidden.pk)).status_code in {302, 404}
