"""Campaigns as a file: what is exported can be imported, and what cannot be is named."""

from __future__ import annotations

from typing import Any, Final

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.models import Store
from catalog.structures import InvalidDocumentError
from objectives import campaign_files, lifecycle
from objectives.campaign_files import FileTooLargeError, SameName, import_campaigns, read_file, tell_file
from objectives.campaign_reading import Document
from objectives.lifecycle import PLATFORM, StepRefusedError, create
from objectives.models import Action, Campaign, CampaignState, Scope
from objectives.models.campaign import Measure
from tests.objectives.documents import KNOWN, WHOLE, document
from tests.personalization.storefront import shop


@pytest.fixture
def store(db: None) -> Store:
    return shop()


def made(store: Store, *documents: Document) -> list[Campaign]:
    now = timezone.now()
    return [create(store=store, document=told, by=PLATFORM, now=now) for told in documents]


def file(store: Store) -> dict[str, Any]:
    return tell_file(Campaign.objects.of(store).order_by("pk"))


def imported(store: Store, data: object, on_same_name: SameName = SameName.ADD, dry_run: bool = False) -> list[str]:
    """Per campaign of the file its name, with a star when it was left out."""
    documents = read_file(data, store=store, known_markers=KNOWN)
    found = import_campaigns(
        store=store,
        documents=documents,
        on_same_name=on_same_name,
        by=PLATFORM,
        now=timezone.now(),
        dry_run=dry_run,
    )
    return [one.name + ("" if one.is_new else "*") for one in found]


def faults(store: Store, data: object) -> list[tuple[str, str]]:
    with pytest.raises(InvalidDocumentError) as refused:
        read_file(data, store=store, known_markers=KNOWN)
    return [(fault.pointer, fault.code) for fault in refused.value.faults]


def of(*documents: object, **members: object) -> dict[str, Any]:
    return {"format": "netup.campaigns", "version": 1, "campaigns": list(documents), **members}


TOLD: Final = st.fixed_dictionaries(
    {"name": st.text("abé “", min_size=1, max_size=9).filter(str.strip)},
    optional={
        "priority": st.integers(0, 99),
        "zones": st.lists(st.sampled_from(["home", "shelf"])),
        "scope": st.sampled_from([Scope.FAVOURED, Scope.ONLY]).map(str),
        "promoted": st.just({"brands": ["Wilson"], "price": [None, 9.5]}),
        "floor": st.floats(0, 1),
        "objectives": st.lists(
            st.fixed_dictionaries({"measure": st.sampled_from(Measure.values), "weight": st.floats(0, 100)}),
            unique_by=lambda objective: objective["measure"],
        ),
    },
).filter(lambda told: "scope" not in told or "promoted" in told)


def test_what_is_exported_and_imported_is_exported_alike(store: Store) -> None:
    other = shop("other")

    @given(st.lists(TOLD, max_size=4))
    @settings(max_examples=25, deadline=None, database=None)
    def each(campaigns: list[Any]) -> None:
        Campaign.objects.all().delete()
        made(store, *(document(store, **told) for told in campaigns))

        imported(other, file(store))

        assert file(other) == file(store)

    each()


def test_a_campaign_with_all_its_members_comes_through(store: Store) -> None:
    made(store, WHOLE)
    other = shop("other")

    imported(other, file(store))

    assert file(other) == of(WHOLE)


def test_what_is_imported_is_a_draft_whatever_it_was(store: Store) -> None:
    made(store, document(store))
    Campaign.objects.update(state=CampaignState.APPROVED)
    data = file(store)

    imported(store, data)

    campaign = Campaign.objects.latest("pk")
    assert campaign.state == CampaignState.DRAFT
    assert [step.action for step in campaign.revisions.all()] == [Action.IMPORTED]


def test_a_name_that_is_there_is_imported_again_unless_skipped(store: Store) -> None:
    made(store, document(store, name="Margin"))
    data = of({"name": "Margin"}, {"name": "Stock"}, {"name": "Stock"})

    assert imported(store, data, SameName.SKIP) == ["Margin*", "Stock", "Stock"]
    assert imported(store, data, SameName.SKIP) == ["Margin*", "Stock*", "Stock*"]
    assert imported(store, data) == ["Margin", "Stock", "Stock"]
    assert Campaign.objects.of(store).count() == 6


def test_a_dry_run_leaves_nothing_behind(store: Store) -> None:
    assert imported(store, of({"name": "Margin"}), dry_run=True) == ["Margin"]
    assert not Campaign.objects.exists()


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ([], [("", "type")]),
        (of(format="other"), [("/format", "choice")]),
        (of(version=2), [("/version", "range")]),
        (of(campaigns={}), [("/campaigns", "type")]),
        (of(owner="me"), [("/owner", "unknown")]),
        (of("Margin"), [("/campaigns/0", "type")]),
        (
            of({"name": "Fine"}, {"name": "", "floor": 2}, {"name": "Attic", "zones": ["home", "attic"]}),
            [("/campaigns/1/name", "length"), ("/campaigns/1/floor", "range"), ("/campaigns/2/zones/1", "choice")],
        ),
    ],
)
def test_everything_that_is_wrong_is_named_in_the_file(store: Store, data: Any, expected: Any) -> None:
    assert faults(store, data) == expected


def test_a_store_that_would_have_too_many_gets_none(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lifecycle, "MOST_CAMPAIGNS", 1)

    with pytest.raises(StepRefusedError):
        imported(store, of({"name": "One"}, {"name": "Two"}))
    assert not Campaign.objects.exists()


@pytest.mark.parametrize(("bound", "most"), [("MOST_IN_FILE", 1), ("LARGEST_FILE", 500)])
def test_a_file_is_bounded(store: Store, monkeypatch: pytest.MonkeyPatch, bound: str, most: int) -> None:
    made(store, document(store))
    monkeypatch.setattr(campaign_files, bound, most)
    assert len(file(store)["campaigns"]) == 1

    made(store, document(store))

    with pytest.raises(FileTooLargeError):
        file(store)


def test_a_file_of_too_many_is_not_read(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(campaign_files, "MOST_IN_FILE", 1)

    assert faults(store, of({"name": "One"}, {"name": "Two"})) == [("/campaigns", "length")]
