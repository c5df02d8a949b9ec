"""The memory's screens: figures in words, and steering for those who may."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from catalog.models import Store
from personalization.markers.definition import MARKER_VERSION
from personalization.memory import arrays
from personalization.models import Generation, GenerationState
from tests.personalization.admin.screens import address, signed_in, steers, text_of, visited, works_for
from tests.personalization.storefront import shop

pytestmark = pytest.mark.django_db

VALIDATION = {
    "hr_20": 0.5217,
    "mrr_20": 0.2338,
    "index_recall": 0.9512,
    "questions": 640,
    "agreement": 0.39,
    "agreement_unweighted": 0.13,
    "calibration_error_view": 0.0038,
    "calibration_error_cart": 0.0004,
    "calibration_error_purchase": 0.0001,
}


def generation(store: Store, number: int, state: GenerationState, **fields: object) -> Generation:
    """A generation as a rebuild leaves it, without the bulk of its data."""
    made = Generation.objects.create(
        store=store,
        number=number,
        state=state,
        marker_version=MARKER_VERSION,
        until=timezone.now(),
        built_at=timezone.now() + timedelta(seconds=75),
        live_at=timezone.now() - timedelta(days=10 - number),
        validation=VALIDATION,
        settings={"family_weights": {"cart": 2.0, "intent": 1.0, "moment": 0.0}},
        **fields,
    )
    arrays.save(made.pk, "scaling", [0.0])
    return made


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", ["52.2%", "Next product among 20", "over 640 moments", "0.38 points", "Cart", "1 min", "live"]),
        ("fr", ["52,2\N{NO-BREAK SPACE}%", "Produit suivant parmi 20", "0,38 points", "Panier", "en service"]),
    ],
)
def test_a_generation_tells_its_figures_in_plain_words(language: str, told: list[str]) -> None:
    live = generation(shop(), 1, GenerationState.LIVE)

    page = text_of(signed_in(works_for(live.store), language), address("generation", "change", live.pk))

    assert [words for words in told if words not in page] == []


def test_the_heaviest_family_fills_the_chart() -> None:
    live = generation(shop(), 1, GenerationState.LIVE)

    page = text_of(signed_in(works_for(live.store)), address("generation", "change", live.pk))

    assert [f'style="width: {percent}%"' in page for percent in (100, 50, 0)] == [True] * 3


def test_a_generation_not_judged_yet_says_so() -> None:
    building = generation(shop(), 1, GenerationState.BUILDING, stage="situations")
    Generation.objects.filter(pk=building.pk).update(validation={}, settings={})

    page = text_of(signed_in(works_for(building.store)), address("generation", "change", building.pk))

    assert "It has not been judged yet." in page
    assert "The weights are learned during the rebuild." in page
    assert 'role="progressbar"' in page


def test_progress_is_told_to_the_bar_that_asks() -> None:
    building = generation(shop(), 1, GenerationState.BUILDING, stage="index")

    told = signed_in(works_for(building.store)).get(address("generation", "progress", building.pk)).json()

    assert told["building"] is True
    assert told["percent"] == 70
    assert [stage["place"] for stage in told["stages"]] == ["done"] * 7 + ["now", "ahead"]


def test_a_finished_rebuild_tells_the_bar_to_stop() -> None:
    live = generation(shop(), 1, GenerationState.LIVE)

    told = signed_in(works_for(live.store)).get(address("generation", "progress", live.pk)).json()

    assert (told["building"], told["percent"], told["stage"]) == (False, 100, "live")


def test_switching_asks_first_and_changes_nothing_by_looking() -> None:
    store = shop()
    live, ready = generation(store, 1, GenerationState.LIVE), generation(store, 2, GenerationState.READY)

    page = text_of(signed_in(steers(store)), address("generation", "switch", ready.pk))

    assert "Switch to generation 2?" in page
    assert Generation.objects.live().get(store=store) == live


def test_switching_makes_the_generation_live() -> None:
    store = shop()
    _live, ready = generation(store, 1, GenerationState.LIVE), generation(store, 2, GenerationState.READY)

    answer = signed_in(steers(store)).post(address("generation", "switch", ready.pk), follow=True)

    assert "Generation 2 is live." in answer.content.decode()
    assert Generation.objects.live().get(store=store) == ready


def test_rolling_back_returns_to_the_generation_before() -> None:
    store = shop()
    before, _live = generation(store, 1, GenerationState.RETIRED), generation(store, 2, GenerationState.LIVE)

    signed_in(steers(store)).post(address("generation", "roll_back", store.pk))

    assert Generation.objects.live().get(store=store) == before


@pytest.mark.parametrize(
    ("language", "told"), [("en", "No earlier generation is left"), ("fr", "Il ne reste aucune génération antérieure")]
)
def test_what_cannot_be_done_is_said_in_words(language: str, told: str) -> None:
    store = shop()
    generation(store, 1, GenerationState.LIVE)

    answer = signed_in(steers(store), language).post(address("generation", "roll_back", store.pk), follow=True)

    assert told in answer.content.decode()


def test_a_generation_whose_situations_are_gone_is_not_switched_to() -> None:
    store = shop()
    retired, live = generation(store, 1, GenerationState.RETIRED), generation(store, 2, GenerationState.LIVE)
    arrays.forget(retired.pk)

    answer = signed_in(steers(store)).post(address("generation", "switch", retired.pk), follow=True)

    assert "were dropped; rebuild the memory instead" in answer.content.decode()
    assert Generation.objects.live().get(store=store) == live


@pytest.mark.parametrize("page", ["switch", "roll_back", "rebuild"])
def test_who_may_not_steer_is_refused_and_offered_nothing(page: str) -> None:
    store = shop()
    live, ready = generation(store, 1, GenerationState.LIVE), generation(store, 2, GenerationState.READY)
    client = signed_in(works_for(store))
    link = address("generation", page, ready.pk if page == "switch" else store.pk)

    assert client.post(link).status_code == 403
    assert link not in text_of(client, address("generation", "changelist"))
    assert link not in text_of(client, address("generation", "change", ready.pk))
    assert Generation.objects.live().get(store=store) == live


@pytest.mark.parametrize("page", ["switch", "roll_back", "rebuild", "change", "progress"])
def test_another_stores_memory_cannot_be_reached(page: str) -> None:
    theirs = shop("brico")
    live, ready = generation(theirs, 1, GenerationState.LIVE), generation(theirs, 2, GenerationState.READY)
    client = signed_in(steers(shop("atelier")))
    link = address("generation", page, theirs.pk if page in {"roll_back", "rebuild"} else ready.pk)

    answers = [client.get(link), client.post(link)]

    assert {answer.status_code for answer in answers} == {404}
    assert Generation.objects.live().get(store=theirs) == live


def test_lists_hold_nothing_of_another_store() -> None:
    generation(shop("brico", name="Brico"), 7, GenerationState.LIVE)

    page = text_of(signed_in(works_for(shop("atelier", name="Atelier"))), address("generation", "changelist"))

    assert "Brico" not in page
    assert "Generation 7" not in page


def test_a_store_without_ended_visits_has_nothing_to_rebuild_from() -> None:
    store = shop()

    answer = signed_in(steers(store)).post(address("generation", "rebuild", store.pk), follow=True)

    assert "There is nothing to remember yet" in answer.content.decode()


def test_a_rebuild_is_asked_of_the_workers(tmp_path: Path, broker: Callable[..., None]) -> None:
    store = visited().store
    queue, control = tmp_path / "queue", tmp_path / "control"
    for folder in (queue, control):
        folder.mkdir()
    options = {"data_folder_in": str(queue), "data_folder_out": str(queue), "control_folder": str(control)}
    broker(broker_url="filesystem://", broker_transport_options=options)

    answer = signed_in(steers(store)).post(address("generation", "rebuild", store.pk), follow=True)

    assert "It begins as soon as a worker is free" in answer.content.decode()
    assert len(list(queue.iterdir())) == 1


def test_workers_out_of_reach_are_told_as_such(broker: Callable[..., None]) -> None:
    store = visited().store
    broker(broker_url="redis://127.0.0.1:1/0", broker_transport_options={"socket_connect_timeout": 0.2})

    answer = signed_in(steers(store)).post(address("generation", "rebuild", store.pk), follow=True)

    assert "The workers cannot be reached" in answer.content.decode()


def test_an_empty_memory_says_what_to_do_next() -> None:
    page = text_of(signed_in(steers(shop()), "fr"), address("generation", "changelist"))

    assert "Aucune visite avec consentement n’est encore terminée" in page
