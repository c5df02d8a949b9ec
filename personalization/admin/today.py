"""Today, the admin's first page: what steers now, how the store does, what its memory is worth, what needs somebody."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.core.cache import cache
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.admin.scoping import may
from catalog.live_facts import live_facts
from catalog.models import ApiKey, Product, Right, Store
from catalog.money import format_money
from objectives.models import Zone
from personalization.admin.scope import chosen_store, visible_stores
from personalization.admin.today_alerts import alerts_in_words
from personalization.admin.today_memory import memory_section
from personalization.admin.today_steering import campaign_list, steering
from personalization.admin.today_store import store_section
from personalization.alerts import judge
from personalization.days import Figures, figures
from personalization.models import Visit
from personalization.watching import day_figures, memory_health, open_campaigns
from personalization.wording import instant_in_words

FRESH: Final = 60  # seconds for which the sums of a store are shown again
LATEST: Final = 6  # visits shown


@dataclass(frozen=True, slots=True)
class Step:
    """Something still to be done before the store recommends by itself; without a link for who may not see where."""

    title: str
    text: str
    link: str
    done: bool


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """The start page, of one store."""
    store = chosen_store(request)
    page: dict[str, Any] = {"title": _("Today"), "store": store}
    if store is None:
        return context | page
    page |= {"stores": visible_stores(request), "may_steer": may(request, Right.STEER, store.pk)}
    sees_keys = may(request, Right.KEYS, store.pk)
    return context | page | _sections(store, sees_keys=sees_keys, now=timezone.now())


def _sections(store: Store, *, sees_keys: bool, now: datetime) -> dict[str, Any]:
    day = _figures(store, now=now)
    campaigns = open_campaigns(store=store, now=now)
    memory = memory_health(store=store, now=now)
    facts = live_facts(store_id=store.pk)
    judged = day_figures(store=store, day=day, memory=memory, campaigns=campaigns, facts=facts, now=now)
    latest = list(_latest(store))
    steps = list(_steps(store, any_visit=bool(latest), remembers=memory.live is not None, sees_keys=sees_keys))
    return {
        "clock": instant_in_words(now, store.zone_info),
        "steering": steering(campaigns, store=store, now=now),
        "campaigns_link": campaign_list(store),
        "alerts": alerts_in_words(judge(judged), store=store, campaigns=campaigns, memory=memory),
        "day": store_section(day, store=store),
        "memory": memory_section(memory, day, store=store, now=now),
        "steps": [] if all(step.done for step in steps) else steps,
        "latest": latest,
        "visits_link": reverse("admin:personalization_visit_changelist") + f"?store={store.pk}",
    }


def _figures(store: Store, *, now: datetime) -> Figures:
    """The sums over days of visits and decisions, made once a minute."""
    key = f"today:{store.pk}"
    found = cache.get(key)
    if not isinstance(found, Figures):
        found = figures(store=store, now=now)
        cache.set(key, found, FRESH)
    return found


def _latest(store: Store) -> Iterator[dict[str, Any]]:
    for visit in Visit.objects.of(store).order_by("-last_event_at")[:LATEST]:
        yield {
            "link": reverse("admin:personalization_visit_change", args=[visit.pk]),
            "visitor": visit.visitor_key.partition(":")[2],
            "at": instant_in_words(visit.last_event_at, store.zone_info),
            "events": visit.event_count,
            "revenue": format_money(visit.revenue, store.currency) if visit.revenue else "",
        }


def _steps(store: Store, *, any_visit: bool, remembers: bool, sees_keys: bool) -> Iterator[Step]:
    yield Step(
        _("Bring in the catalog"),
        _("Products with price, stock and pictures, by the API."),
        reverse("admin:catalog_product_changelist"),
        Product.objects.of(store).listed().exists(),
    )
    yield Step(
        _("Make a key"),
        _("A public key for the storefront, a secret one for your servers."),
        reverse("admin:catalog_apikey_changelist") if sees_keys else "",
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
        remembers,
    )
