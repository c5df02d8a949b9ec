"""Today: what the person's stores lived in the last day, and what is next to do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Count, Q, Sum
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from catalog.admin.scoping import rights
from catalog.models import ApiKey, Product, Right, Store
from catalog.money import format_money
from objectives.models import Zone
from personalization.admin.scope import visible_stores
from personalization.models import Decision, Generation, Visit
from personalization.wording import instant_in_words, share_in_words

DAY: Final = timedelta(hours=24)
STORES_SHOWN: Final = 6
LATEST: Final = 6  # visits shown per store


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure of the last day, beside the day before."""

    name: str
    value: str
    before: str
    link: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """Something still to be done before the store recommends by itself; without a link for who may not see where."""

    title: str
    text: str
    link: str
    done: bool


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """The start page."""
    now = timezone.now()
    stores = visible_stores(request)
    cards = [_card(store, now, rights(request)[store.pk]) for store in stores[:STORES_SHOWN]]
    return context | {"title": _("Today"), "stores": cards, "more_stores": max(len(stores) - STORES_SHOWN, 0)}


def _card(store: Store, now: datetime, held: frozenset[Right]) -> dict[str, Any]:
    latest = list(Visit.objects.of(store).order_by("-last_event_at")[:LATEST])
    steps = list(_steps(store, any_visit=bool(latest), held=held))
    return {
        "store": store,
        "tiles": _tiles(store, now),
        "steps": steps if not all(step.done for step in steps) else [],
        "latest": [
            {
                "link": reverse("admin:personalization_visit_change", args=[visit.pk]),
                "visitor": visit.visitor_key.partition(":")[2],
                "at": instant_in_words(visit.last_event_at, store.zone_info),
                "events": visit.event_count,
                "revenue": format_money(visit.revenue, store.currency) if visit.revenue else "",
            }
            for visit in latest
        ],
    }


def _tiles(store: Store, now: datetime) -> list[Tile]:
    today, before = _lived(store, now - DAY, now), _lived(store, now - 2 * DAY, now - DAY)
    visits = reverse("admin:personalization_visit_changelist") + f"?store={store.pk}"
    answers = reverse("admin:personalization_decision_changelist") + f"?store={store.pk}"
    return [
        Tile(_("Visits"), _count(today["visits"]), _count(before["visits"]), visits),
        Tile(
            _("Visits with a purchase"), _count(today["bought"]), _count(before["bought"]), f"{visits}&outcome=bought"
        ),
        Tile(
            _("Revenue"),
            format_money(today["revenue"] or 0, store.currency),
            format_money(before["revenue"] or 0, store.currency),
        ),
        Tile(_("Answers served"), _count(today["answers"]), _count(before["answers"]), answers),
        Tile(_("Resting on analogues"), _of(today), _of(before), f"{answers}&rests=analogues"),
    ]


def _lived(store: Store, start: datetime, stop: datetime) -> dict[str, Any]:
    """Sums over one day, read along the indexes of recent visits and decisions."""
    visits = Visit.objects.of(store).filter(last_event_at__gte=start, last_event_at__lt=stop)
    answers = Decision.objects.of(store).filter(decided_at__gte=start, decided_at__lt=stop)
    return visits.aggregate(
        visits=Count("pk"), bought=Count("pk", filter=Q(purchased_at__isnull=False)), revenue=Sum("revenue")
    ) | answers.aggregate(answers=Count("pk"), analogous=Count("pk", filter=Q(fallback="")))


def _of(lived: dict[str, Any]) -> str:
    return share_in_words(lived["analogous"] / lived["answers"]) if lived["answers"] else "—"


def _steps(store: Store, *, any_visit: bool, held: frozenset[Right]) -> Iterator[Step]:
    yield Step(
        _("Bring in the catalog"),
        _("Products with price, stock and pictures, by the API."),
        reverse("admin:catalog_product_changelist"),
        Product.objects.of(store).listed().exists(),
    )
    yield Step(
        _("Make a key"),
        _("A public key for the storefront, a secret one for your servers."),
        reverse("admin:catalog_apikey_changelist") if Right.KEYS in held else "",
        ApiKey.objects.filter(store=store).exists(),
    )
    yield Step(
        _("Mark out the zones"),
        _("The places of the storefront that ask for products."),
        reverse("admin:objectives_zone_changelist"),
        Zone.objects.of(store).exists(),
    )
    yield Step(
        _("Receive the first visits"),
        _("They show under “Visits” as soon as the storefront sends events."),
        reverse("admin:personalization_visit_changelist"),
        any_visit,
    )
    yield Step(
        _("Build the memory"),
        _("From visits that have ended; from then on it is rebuilt every night."),
        reverse("admin:personalization_generation_changelist"),
        Generation.objects.of(store).live().exists(),
    )


def _count(number: int) -> str:
    return number_format(number, force_grouping=True)
