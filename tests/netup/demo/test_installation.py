"""Installing the demo store: whole, repeatable, resumable, and called synthetic."""

from __future__ import annotations

import json
import stat
from datetime import timedelta

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.models import User
from django.test import RequestFactory

from catalog.models import ApiKey, Category, Membership, Product, Role, Store
from catalog.models.api_key import hash_key
from catalog.models.membership import RIGHTS
from netup.demo import installation
from netup.demo.installation import STAFF, install
from objectives.models import Zone
from personalization.models import Event, Visit
from tests.netup.demo.conftest import UNTIL

pytestmark = pytest.mark.django_db
NOW = UNTIL + timedelta(minutes=25)
SHOPPERS = 60


class SomebodyInterruptedError(Exception):
    """Somebody pressed Ctrl-C."""


def silent(_what: str, _done: int, _total: int) -> None:
    """A progress nobody watches."""


@pytest.fixture
def notes_path(tmp_path):
    return tmp_path / "demo.json"


def installed(notes_path, *, now=NOW, progress=silent):
    return install(now=now, progress=progress, shoppers=SHOPPERS, notes_path=notes_path)


def test_the_store_is_called_synthetic(notes_path):
    store = installed(notes_path).store
    assert store.is_synthetic
    assert "synthétique" in store.name


def test_the_whole_assortment_is_in_the_catalog(notes_path):
    result = installed(notes_path)
    racket = Product.objects.get(item_id="raquette-tennis-01")
    assert Product.objects.of(result.store).count() == result.products
    assert racket.category.path == "Sport > Tennis > Raquettes"
    assert racket.attributes["accessories"]
    assert Category.objects.of(result.store).filter(path="Puériculture > Naissance > Coffrets").exists()


def test_the_period_ends_at_the_last_full_hour(notes_path):
    assert installed(notes_path).until == UNTIL


def test_repeating_changes_nothing(notes_path):
    first = installed(notes_path)
    events, passwords = Event.objects.count(), notes_path.read_text()
    second = installed(notes_path, now=NOW + timedelta(days=2))
    assert Event.objects.count() == events
    assert notes_path.read_text() == passwords
    assert second.logins == first.logins
    assert (Store.objects.count(), ApiKey.objects.count(), User.objects.count()) == (1, 2, 6)


def test_an_interrupted_installation_continues_and_counts_every_event_once(notes_path, monkeypatch):
    monkeypatch.setattr(installation, "BATCH", 200)
    calls = []

    def interrupt(_what: str, _done: int, _total: int) -> None:
        calls.append(1)
        if len(calls) == 3:
            raise SomebodyInterruptedError

    with pytest.raises(SomebodyInterruptedError):
        installed(notes_path, progress=interrupt)
    half = Event.objects.count()
    result = installed(notes_path, now=NOW + timedelta(hours=5))
    whole = Event.objects.count()
    assert 0 < half < whole
    assert Visit.objects.of(result.store).count() == result.visits
    assert whole == Event.objects.values("event_id").distinct().count()


def test_notes_lost_after_a_batch_bring_only_duplicates(notes_path):
    result = installed(notes_path)
    events = Event.objects.count()
    notes = json.loads(notes_path.read_text())
    notes_path.write_text(json.dumps(notes | {"visits_sent": 0, "complete": False}))
    installed(notes_path)
    assert Event.objects.count() == events
    assert Visit.objects.of(result.store).count() == result.visits


def test_notes_of_another_database_are_void(notes_path):
    notes_path.write_text(json.dumps({"store_created": "2020-01-01", "until": "2020-01-01T00:00:00+00:00",
                                      "visits_sent": 99_999, "complete": True}))  # fmt: skip
    assert installed(notes_path).until == UNTIL
    assert Event.objects.exists()


def test_unreadable_notes_are_written_anew(notes_path):
    notes_path.write_text("{")
    assert installed(notes_path).public_key.startswith("pk_")


def test_only_their_owner_may_read_the_notes(notes_path):
    installed(notes_path)
    assert stat.S_IMODE(notes_path.stat().st_mode) == 0o600


def test_the_printed_keys_work(notes_path):
    result = installed(notes_path)
    hashes = set(ApiKey.objects.usable(now=NOW).values_list("hashed_key", flat=True))
    assert hashes == {hash_key(result.public_key), hash_key(result.secret_key)}


def test_a_revoked_key_is_replaced(notes_path):
    first = installed(notes_path)
    ApiKey.objects.filter(hashed_key=hash_key(first.public_key)).update(revoked_at=NOW)
    assert installed(notes_path).public_key != first.public_key


def test_the_printed_passwords_open_the_admin(notes_path):
    request = RequestFactory().post("/admin/login/")
    for login in installed(notes_path).logins:
        user = authenticate(request, username=login.username, password=login.password)
        assert user is not None
        assert user.is_staff


def test_there_is_one_person_for_each_role_and_no_more_than_that_in_their_hands(notes_path):
    store = installed(notes_path).store
    rights = {user.username: Membership.objects.rights_of(user) for user in User.objects.exclude(is_superuser=True)}
    assert set(STAFF.values()) == set(Role)
    assert rights == {username: {store.pk: RIGHTS[role]} for username, role in STAFF.items()}


def test_roles_are_told_beside_each_login_as_they_were_left(notes_path):
    installed(notes_path)
    Membership.objects.filter(user__username="noor").update(roles=[Role.ANALYST, Role.APPROVER])
    told = {login.username: login.role for login in installed(notes_path).logins}
    assert told["camille"] == Role.MERCHANDISER.label
    assert told["noor"] == f"{Role.APPROVER.label}, {Role.ANALYST.label}"


def test_the_storefront_zones_exist(notes_path):
    installed(notes_path)
    assert set(Zone.objects.values_list("slug", flat=True)) == {"home", "product", "category", "search", "cart",
                                                                "added-to-cart"}  # fmt: skip


def test_a_changed_zone_stays_changed(notes_path):
    installed(notes_path)
    Zone.objects.filter(slug="home").update(size=12)
    installed(notes_path)
    assert Zone.objects.get(slug="home").size == 12
