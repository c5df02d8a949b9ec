"""Campaigns out as a file and in as drafts, looked through first, of one store alone."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from catalog.models import Role, Store
from objectives import lifecycle
from objectives.campaign_documents import tell_campaign
from objectives.lifecycle import Actor
from objectives.models import Action, Campaign, CampaignState
from tests.catalog.factories import person
from tests.objectives.documents import document
from tests.personalization.admin.screens import signed_in, text_of, works_for
from tests.personalization.storefront import shop

pytestmark = pytest.mark.django_db


def page(name: str, *ids: object) -> str:
    return reverse(f"admin:objectives_campaign_{name}", args=ids)


@pytest.fixture
def store() -> Store:
    return shop()


@pytest.fixture
def alice(store: Store) -> Client:
    return signed_in(works_for(store))


def made(store: Store, **members: object) -> Campaign:
    return lifecycle.create(store=store, document=document(store, **members), by=Actor(), now=timezone.now())


def exported(client: Client, store: Store) -> bytes:
    answer: Any = client.get(page("export", store.pk))
    assert answer["Content-Disposition"].startswith(f'attachment; filename="campaigns-{store.slug}-')
    return bytes(answer.content)


def sent(client: Client, store: Store, content: bytes, **fields: str) -> Any:
    file = SimpleUploadedFile("campaigns.json", content, content_type="application/json")
    return client.post(page("import", store.pk), {"file": file, **fields})


def test_a_file_comes_back_as_drafts_after_it_was_looked_through(alice: Client, store: Store) -> None:
    campaign = lifecycle.take(
        campaign=made(store, priority=3, zones=["home"]), action=Action.STARTED, by=Actor(), now=timezone.now()
    )
    content = exported(alice, store)

    looked = sent(alice, store, content)
    assert "becomes a draft" in looked.content.decode()
    assert Campaign.objects.count() == 1
    alice.post(page("import", store.pk), {"text": content.decode(), "same_name": "add", "confirm": "1"})

    imported = Campaign.objects.exclude(pk=campaign.pk).get()
    assert imported.state == CampaignState.DRAFT
    assert tell_campaign(imported) == tell_campaign(campaign)
    assert imported.revisions.get().actor == "alice"


def test_names_the_store_has_are_left_out_when_asked(alice: Client, store: Store) -> None:
    made(store, name="Here already")

    told = sent(alice, store, exported(alice, store), same_name="skip").content.decode()

    assert "is left out: the store has this name" in told


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"no json", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"{}", "/campaigns"),
        (
            json.dumps({"format": "netup.campaigns", "version": 1, "campaigns": [{"name": ""}]}).encode(),
            "/campaigns/0/name",
        ),
        (json.dumps({"format": "netup.campaigns", "version": 2, "campaigns": []}).encode(), "/version"),
    ],
)
def test_what_cannot_be_imported_is_told_by_its_place(alice: Client, store: Store, content: bytes, told: str) -> None:
    answer = sent(alice, store, content)

    assert answer.status_code == 200
    assert told in answer.content.decode()


def test_one_campaign_that_does_not_fit_keeps_all_out(alice: Client, store: Store) -> None:
    file = {"format": "netup.campaigns", "version": 1, "campaigns": [{"name": "fits"}, {"name": "no", "floor": 7}]}

    alice.post(page("import", store.pk), {"text": json.dumps(file), "confirm": "1"})

    assert not Campaign.objects.exists()


def test_nobody_carries_files_out_of_or_into_another_store(alice: Client, store: Store) -> None:
    theirs = shop("brico", name="Brico")
    made(theirs, name="Secret plan")

    assert alice.get(page("export", theirs.pk)).status_code == 404
    assert sent(alice, theirs, b"{}").status_code == 404
    assert f"/export/{theirs.pk}/" not in text_of(alice, page("changelist"))


def test_who_does_not_steer_takes_files_out_but_none_in(store: Store) -> None:
    analyst = signed_in(person("noor", store=store, roles=[Role.ANALYST]))

    assert exported(analyst, store)
    assert sent(analyst, store, b"{}").status_code == 403
