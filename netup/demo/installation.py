"""Installs the demo store: catalog, keys, people, zones, and sixty days of visits really ingested."""

import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from catalog.models import ApiKey, Membership, Role, Store
from catalog.models.api_key import KeyKind, hash_key
from catalog.upsert import upsert_products
from netup.demo.notes import Notes, read_notes
from netup.demo.shoppers import SHOPPERS
from netup.demo.traffic import SEED, Town, found_town, live
from objectives.models import Zone, ZoneKind
from personalization.ingest import ingest

SLUG = "demo"
NAME = "Le Comptoir des Élans (démo synthétique)"
SHOP_URL = "http://127.0.0.1:8000"  # where the storefront answers; the supervisor names another port
BATCH = 1000  # events handed to the ingestion at once
ADMINISTRATOR: Final = "admin"
STAFF: Final = {
    "camille": Role.MERCHANDISER,
    "alix": Role.APPROVER,
    "noor": Role.ANALYST,
    "sacha": Role.DEVELOPER,
    "dominique": Role.OPERATOR,
}

ZONES: Sequence[dict[str, Any]] = (
    {"slug": "home", "name": "Accueil : pour vous", "page_type": "home", "size": 8},
    {"slug": "product", "name": "Fiche produit : à voir aussi", "page_type": "product", "size": 6,
     "exclude_seen": True},
    {"slug": "category", "name": "Rayon : ordre des produits", "page_type": "category", "size": 24,
     "kind": ZoneKind.LISTING, "exclude_in_cart": False},
    {"slug": "search", "name": "Recherche : ordre des produits", "page_type": "search", "size": 24,
     "kind": ZoneKind.LISTING, "exclude_in_cart": False},
    {"slug": "cart", "name": "Panier : pour compléter", "page_type": "cart", "size": 4},
    {"slug": "added-to-cart", "name": "Ajout au panier : va bien avec", "page_type": "added_to_cart",
     "size": 3, "exclude_seen": True},
)  # fmt: skip

Progress = Callable[[str, int, int], None]  # what is being done, how much is done, of how much


@dataclass(frozen=True, kw_only=True)
class Login:
    """Somebody who may sign in to the admin."""

    username: str
    password: str
    role: str  # what they are, in words


@dataclass(frozen=True, kw_only=True)
class Installation:
    """What the demo store consists of; the keys and passwords are the working ones."""

    store: Store
    public_key: str
    secret_key: str
    logins: tuple[Login, ...]
    products: int
    visits: int
    until: datetime


def install(
    *,
    now: datetime,
    progress: Progress,
    seed: int = SEED,
    shoppers: int = SHOPPERS,
    notes_path: Path | None = None,
    shop_url: str = SHOP_URL,
) -> Installation:
    """Bring the demo store into being, or complete what is missing of it; safe to repeat and to interrupt.

    `shoppers` people live the sixty days that end at the full hour before the first `now`; `shop_url` is where the
    storefront answers, for the links of products.
    """
    notes = read_notes(notes_path or settings.VAR_DIR / "demo.json")
    store = _store()
    _begin(notes, store=store, now=now)
    town = found_town(until=notes.ends_at, seed=seed, shoppers=shoppers)
    _stock(store=store, town=town, shop_url=shop_url, now=now)
    _mark_out_zones(store)
    public_key = _key(notes, store=store, kind=KeyKind.PUBLIC, now=now)
    secret_key = _key(notes, store=store, kind=KeyKind.SECRET, now=now)
    logins = _people(notes, store=store)
    _relive(notes, store=store, town=town, now=now, progress=progress)
    return Installation(
        store=store,
        public_key=public_key,
        secret_key=secret_key,
        logins=logins,
        products=len(town.shop.assortment.articles),
        visits=len(town.visits),
        until=notes.ends_at,
    )


def _store() -> Store:
    store, _created = Store.objects.update_or_create(
        slug=SLUG,
        defaults={"name": NAME, "is_synthetic": True},
        create_defaults={
            "slug": SLUG,
            "name": NAME,
            "is_synthetic": True,
            "currency": "EUR",
            "language": "fr",
            "country": "FR",
            "time_zone": "Europe/Paris",
            "free_shipping_from": 50,
        },
    )
    return store


def _begin(notes: Notes, *, store: Store, now: datetime) -> None:
    """Fix the period at the first run; a store of another database starts all over."""
    created = store.created_at.isoformat()
    if notes.store_created == created and notes.until:
        return
    notes.store_created = created
    notes.until = now.replace(minute=0, second=0, microsecond=0).isoformat()
    notes.visits_sent, notes.complete = 0, False
    notes.keep()


def _stock(*, store: Store, town: Town, shop_url: str, now: datetime) -> None:
    """Every article into the catalog, the way a feed would bring it.

    Raises:
        RuntimeError: the catalog refused an article, which the generator must never cause.
    """
    rows = [article.merchant(shop_url=shop_url) for article in town.shop.assortment.articles]
    stored = upsert_products(store=store, rows=rows, now=now)
    if stored.rejected:
        raise RuntimeError(f"the catalog refused {len(stored.rejected)} articles: {stored.rejected[0]}")


def _mark_out_zones(store: Store) -> None:
    """The zones of the storefront; one that a merchandiser changed stays as it is."""
    for zone in ZONES:
        Zone.objects.get_or_create(store=store, slug=zone["slug"], defaults=zone)


def _key(notes: Notes, *, store: Store, kind: KeyKind, now: datetime) -> str:
    """The working text of the demo's key of that kind: the one noted, or a new one."""
    noted = str(getattr(notes, f"{kind.value}_key"))
    if noted and ApiKey.objects.usable(now=now).filter(store=store, hashed_key=hash_key(noted)).exists():
        return noted
    _issued, text = ApiKey.objects.all().issue(store=store, kind=kind, name="Vitrine de démonstration")
    setattr(notes, f"{kind.value}_key", text)
    notes.keep()
    return text


def _people(notes: Notes, *, store: Store) -> tuple[Login, ...]:
    """An administrator, and one person for each role at the demo store; whose roles were changed keeps them."""
    _person(notes, username=ADMINISTRATOR, is_superuser=True)
    logins = [Login(username=ADMINISTRATOR, password=notes.passwords[ADMINISTRATOR], role=_("administrator"))]
    for username, role in STAFF.items():
        user = _person(notes, username=username, is_superuser=False)
        membership, _made = Membership.objects.get_or_create(user=user, store=store, defaults={"roles": [role]})
        logins.append(Login(username=username, password=notes.passwords[username], role=membership.roles_in_words))
    return tuple(logins)


def _person(notes: Notes, *, username: str, is_superuser: bool) -> User:
    """The user with the noted password; one who has another password gets the noted one again."""
    password = notes.passwords.setdefault(username, secrets.token_urlsafe(12))
    notes.keep()
    user, created = User.objects.get_or_create(
        username=username, defaults={"is_staff": True, "is_superuser": is_superuser}
    )
    if created or not user.check_password(password):
        user.set_password(password)
        user.save()
    return user


def _relive(notes: Notes, *, store: Store, town: Town, now: datetime, progress: Progress) -> None:
    """Send every visit not sent yet through the ingestion, noting how far it got."""
    if notes.complete:
        return
    total = len(town.visits)
    for sent, events in _batches(live(town), skip=notes.visits_sent):
        _send(events, store=store, now=now)
        notes.visits_sent = sent
        notes.keep()
        progress(_("visits"), sent, total)
    notes.complete = True
    notes.keep()


def _batches(visits: Iterable[list[dict[str, Any]]], *, skip: int) -> Iterator[tuple[int, list[dict[str, Any]]]]:
    """Whole visits in batches of about BATCH events, each with how many visits are sent with it."""
    batch: list[dict[str, Any]] = []
    count = 0
    for count, events in enumerate(visits, start=1):
        if count <= skip:
            continue
        batch += events
        if len(batch) >= BATCH:
            yield count, batch
            batch = []
    if batch:
        yield count, batch


def _send(events: list[dict[str, Any]], *, store: Store, now: datetime) -> None:
    """One batch through the real path.

    Raises:
        RuntimeError: the ingestion refused an event, which the generator must never cause.
    """
    verdicts = ingest(store=store, events=events, now=now)
    if verdicts.rejected:
        refused = next(verdict for verdict in verdicts.verdicts if verdict.errors)
        raise RuntimeError(f"the ingestion refused {verdicts.rejected} events: {refused}")
