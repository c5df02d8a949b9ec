"""Today, campaigns: what steers now, what starts next, what waits for somebody, and the orders to begin from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.models import Store
from objectives.campaign_documents import tell_campaign
from objectives.models import Campaign, Standing
from personalization.admin.campaign_list import preset_cards
from personalization.admin.campaign_words import STANDING_BADGES, wanted_in_words
from personalization.watching import is_guarded
from personalization.wording import duration_in_words, instant_in_words

SOON: Final = timedelta(hours=48)  # before an end that is pointed out
MOST_LIVE: Final = 12
MOST: Final = 5  # campaigns shown of each other kind
ORDERS: Final = ("margin", "stock", "smooth")  # to begin from, where nothing steers


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A campaign as the page shows it.

    Attributes:
        period: since when and until when, or when it will.
        percent: how much of its period is over; None for one without end.
        left: how long it still lasts; empty where it has no end.
        soon: whether that end is near.
        waits: whether a change of it waits for a second person.
        note: why its guardrail paused it.
    """

    link: str
    name: str
    badge: str
    standing: str
    wants: str = ""
    zones: str = ""
    period: str = ""
    percent: int | None = None
    left: str = ""
    soon: bool = False
    waits: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Campaigns of one kind, under their heading; `more` are not shown."""

    key: str
    title: str
    lines: list[Line]
    more: int = 0
    link: str = ""


def steering(campaigns: Sequence[Campaign], *, store: Store, now: datetime) -> dict[str, Any]:
    """The section, from the campaigns that are not over."""
    stood = [(row, row.standing(now)) for row in campaigns]
    live = [row for row, standing in stood if standing == Standing.LIVE]
    coming = sorted((row for row, standing in stood if standing == Standing.SCHEDULED), key=_starts)
    waiting = [row for row, standing in stood if standing == Standing.SUBMITTED or row.proposed is not None]
    paused = [row for row, standing in stood if standing == Standing.PAUSED]
    drafts = [row for row, standing in stood if standing == Standing.DRAFT]
    ending = sum(row.ends_at is not None and row.ends_at - now <= SOON for row in live)
    others = {
        "coming": (_("Starts next"), coming),
        "waiting": (_("Waits for approval"), waiting),
        "paused": (_("Paused"), sorted(paused, key=lambda row: not is_guarded(row))),
        "drafts": (_("Drafts"), drafts),
    }
    return {
        "live": _group("live", "", live, store, now, most=MOST_LIVE),
        "others": [_group(key, title, rows, store, now) for key, (title, rows) in others.items() if rows],
        "counts": _counts(len(live), ending, len(coming), len(waiting)),
        "presets": [] if live or coming else [card for card in preset_cards() if card["name"] in ORDERS],
    }


def _group(key: str, title: str, rows: Sequence[Campaign], store: Store, now: datetime, *, most: int = MOST) -> Group:
    lines = [_line(row, store=store, now=now, as_proposed=key == "waiting") for row in rows[:most]]
    return Group(key, title, lines, max(len(rows) - most, 0), campaign_list(store))


def campaign_list(store: Store) -> str:
    """The list of the store's campaigns."""
    return f"{reverse('admin:objectives_campaign_changelist')}?store__id__exact={store.pk}"


def campaign_page(campaign: int) -> str:
    """The page of one."""
    return reverse("admin:objectives_campaign_change", args=[campaign])


def _line(row: Campaign, *, store: Store, now: datetime, as_proposed: bool) -> Line:
    """As the campaign is, or as a change that waits would have it."""
    document = (row.proposed if as_proposed else None) or tell_campaign(row)
    standing, live = row.standing(now), row.is_live(now)
    badge, words = _standing_in_words(row, standing)
    return Line(
        link=campaign_page(row.pk),
        name=row.name,
        badge=badge,
        standing=words,
        wants="" if standing == Standing.DRAFT else wanted_in_words(document, store=store),
        zones=", ".join(zone.name for zone in row.zones.all()) or _("all zones"),
        period=_period(row, standing, store, now),
        percent=_percent(row, now) if live else None,
        left=_left(row, now) if live else "",
        soon=live and row.ends_at is not None and row.ends_at - now <= SOON,
        waits=row.proposed is not None,
        note=row.told if is_guarded(row) else "",  # type: ignore[attr-defined]  # of `open_campaigns`
    )


def _standing_in_words(row: Campaign, standing: Standing) -> tuple[str, str]:
    """Its badge, and the words in it."""
    if row.proposed is not None:
        return "warning", _("a change waits for approval")
    if is_guarded(row):
        return "danger", _("paused by its guardrail")
    return STANDING_BADGES[standing], str(standing.label)


def _began(row: Campaign) -> datetime:
    """When what is in force began: with its period, or later when somebody put it into force."""
    since: datetime = row.since  # type: ignore[attr-defined]  # of `open_campaigns`
    return max(since, row.starts_at) if row.starts_at else since


def _starts(row: Campaign) -> datetime:
    return row.starts_at or _began(row)


def _period(row: Campaign, standing: Standing, store: Store, now: datetime) -> str:
    ends = instant_in_words(row.ends_at, store.zone_info) if row.ends_at else ""
    if standing == Standing.LIVE:
        since = {"since": instant_in_words(_began(row), store.zone_info), "until": ends}
        return (_("since %(since)s, until %(until)s") if ends else _("since %(since)s, until somebody ends it")) % since
    if standing == Standing.SCHEDULED:
        told = {"starts": instant_in_words(_starts(row), store.zone_info), "in": _span(_starts(row) - now)}
        return _("from %(starts)s, in %(in)s") % told
    if standing == Standing.DRAFT:
        return _("last changed on %(at)s") % {"at": instant_in_words(row.changed_at, store.zone_info)}
    return _("until %(until)s") % {"until": ends} if ends else ""


def _percent(row: Campaign, now: datetime) -> int | None:
    if row.ends_at is None:
        return None
    began = _began(row)
    return round(100 * min(max((now - began) / (row.ends_at - began), 0.0), 1.0)) if row.ends_at > began else 100


def _left(row: Campaign, now: datetime) -> str:
    return _("ends in %(left)s") % {"left": _span(row.ends_at - now)} if row.ends_at else ""


def _span(span: timedelta) -> str:
    return duration_in_words(span.total_seconds())


def _counts(live: int, ending: int, coming: int, waiting: int) -> list[str]:
    """What stands above the list, in a few words each."""
    told = [
        (live, ngettext("%(count)d steers now", "%(count)d steer now", live)),
        (ending, ngettext("%(count)d ends within 48 h", "%(count)d end within 48 h", ending)),
        (coming, ngettext("%(count)d to come", "%(count)d to come", coming)),
        (waiting, ngettext("%(count)d waits for approval", "%(count)d wait for approval", waiting)),
    ]
    return [words % {"count": count} for count, words in told if count]
